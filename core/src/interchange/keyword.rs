//! The sort of exercise from the words that XML files use for it.

use crate::domain::kind::ActivityKind;

/// Words and the kinds they mean, most telling first: "trail running" is a trail run, "indoor cycling" is indoors, "roller skiing"
/// is on snow's technique. A word counts where it begins a word of the text.
const WORDS: &[(&[&str], ActivityKind)] = &[
    (&["treadmill"], ActivityKind::TreadmillRunning),
    (&["virtualrun"], ActivityKind::TreadmillRunning),
    (&["indoor", "run"], ActivityKind::TreadmillRunning),
    (&["virtual", "run"], ActivityKind::TreadmillRunning),
    (&["indoor", "row"], ActivityKind::IndoorRowing),
    (&["row", "machine"], ActivityKind::IndoorRowing),
    (&["ergometer"], ActivityKind::IndoorRowing),
    (&["pool"], ActivityKind::PoolSwimming),
    (&["lap", "swim"], ActivityKind::PoolSwimming),
    (&["lapswim"], ActivityKind::PoolSwimming),
    (&["swim"], ActivityKind::OpenWaterSwimming),
    (&["virtual"], ActivityKind::IndoorCycling),
    (&["indoor", "cycl"], ActivityKind::IndoorCycling),
    (&["indoor", "bik"], ActivityKind::IndoorCycling),
    (&["indoor", "ride"], ActivityKind::IndoorCycling),
    (&["spinning"], ActivityKind::IndoorCycling),
    (&["zwift"], ActivityKind::IndoorCycling),
    (&["mountain", "bik"], ActivityKind::MountainBiking),
    (&["mountain", "cycl"], ActivityKind::MountainBiking),
    (&["mountainbik"], ActivityKind::MountainBiking),
    (&["emountainbik"], ActivityKind::MountainBiking),
    (&["mtb"], ActivityKind::MountainBiking),
    (&["trail"], ActivityKind::TrailRunning),
    (&["hik"], ActivityKind::Hiking),
    (&["trek"], ActivityKind::Hiking),
    (&["mountaineer"], ActivityKind::Hiking),
    (&["snowshoe"], ActivityKind::Hiking),
    (&["cross", "country", "ski"], ActivityKind::CrossCountrySkiing),
    (&["backcountry"], ActivityKind::CrossCountrySkiing),
    (&["nordic", "ski"], ActivityKind::CrossCountrySkiing),
    (&["nordicski"], ActivityKind::CrossCountrySkiing),
    (&["xc", "ski"], ActivityKind::CrossCountrySkiing),
    (&["roller", "ski"], ActivityKind::CrossCountrySkiing),
    (&["rollerski"], ActivityKind::CrossCountrySkiing),
    (&["ski", "tour"], ActivityKind::CrossCountrySkiing),
    (&["skate", "ski"], ActivityKind::CrossCountrySkiing),
    (&["ski"], ActivityKind::AlpineSkiing),
    (&["snowboard"], ActivityKind::AlpineSkiing),
    (&["alpineski"], ActivityKind::AlpineSkiing),
    (&["skat"], ActivityKind::Skating),
    (&["inline"], ActivityKind::Skating),
    (&["iceskat"], ActivityKind::Skating),
    (&["walk"], ActivityKind::Walking),
    (&["run"], ActivityKind::Running),
    (&["jog"], ActivityKind::Running),
    (&["bik"], ActivityKind::Cycling),
    (&["cycl"], ActivityKind::Cycling),
    (&["ebik"], ActivityKind::Cycling),
    (&["ride"], ActivityKind::Cycling),
    (&["gravel"], ActivityKind::Cycling),
    (&["row"], ActivityKind::Rowing),
    (&["kayak"], ActivityKind::Rowing),
    (&["canoe"], ActivityKind::Rowing),
    (&["paddl"], ActivityKind::Rowing),
    (&["sail"], ActivityKind::Sailing),
    (&["windsurf"], ActivityKind::Sailing),
    (&["kitesurf"], ActivityKind::Sailing),
    (&["strength"], ActivityKind::IndoorOther),
    (&["weight"], ActivityKind::IndoorOther),
    (&["yoga"], ActivityKind::IndoorOther),
    (&["pilates"], ActivityKind::IndoorOther),
    (&["elliptical"], ActivityKind::IndoorOther),
];

/// The kind that the text names; `Other` if it names none. Numbers are those that one large service writes into the `type` of its
/// GPX exports.
pub(super) fn kind(text: &str) -> ActivityKind {
    match text.trim() {
        "1" => return ActivityKind::Cycling,
        "2" => return ActivityKind::AlpineSkiing,
        "3" | "7" => return ActivityKind::CrossCountrySkiing,
        "4" => return ActivityKind::Hiking,
        "9" => return ActivityKind::Running,
        "10" => return ActivityKind::Walking,
        "16" => return ActivityKind::OpenWaterSwimming,
        "17" => return ActivityKind::IndoorCycling,
        _ => {}
    }
    // "TrailRun" and "trail_running" have the same words.
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut lower_before = false;
    for c in text.chars().take(200) {
        if c.is_uppercase() && lower_before {
            spaced.push(' ');
        }
        lower_before = c.is_lowercase();
        spaced.extend(c.to_lowercase());
    }
    let words: Vec<&str> = spaced.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    WORDS
        .iter()
        .find(|(starts, _)| starts.iter().all(|start| words.iter().any(|word| word.starts_with(start))))
        .map_or(ActivityKind::Other, |&(_, kind)| kind)
}

/// The same exercise in a place without positions.
pub(super) fn indoors(kind: ActivityKind) -> ActivityKind {
    match kind {
        ActivityKind::Running | ActivityKind::TrailRunning => ActivityKind::TreadmillRunning,
        ActivityKind::Cycling | ActivityKind::MountainBiking => ActivityKind::IndoorCycling,
        ActivityKind::OpenWaterSwimming => ActivityKind::PoolSwimming,
        ActivityKind::Rowing => ActivityKind::IndoorRowing,
        indoor if indoor.is_indoor() => indoor,
        _ => ActivityKind::IndoorOther,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_real_files_name_their_kinds() {
        for (text, expected) in [
            ("running", ActivityKind::Running),
            ("Running", ActivityKind::Running),
            ("trail_running", ActivityKind::TrailRunning),
            ("TrailRun", ActivityKind::TrailRunning),
            ("treadmill_running", ActivityKind::TreadmillRunning),
            ("Biking", ActivityKind::Cycling),
            ("road_biking", ActivityKind::Cycling),
            ("Ride", ActivityKind::Cycling),
            ("gravel_cycling", ActivityKind::Cycling),
            ("mountain_biking", ActivityKind::MountainBiking),
            ("VirtualRide", ActivityKind::IndoorCycling),
            ("lap_swimming", ActivityKind::PoolSwimming),
            ("open_water_swimming", ActivityKind::OpenWaterSwimming),
            ("resort_skiing_snowboarding", ActivityKind::AlpineSkiing),
            ("cross_country_skiing_ws", ActivityKind::CrossCountrySkiing),
            ("backcountry_skiing", ActivityKind::CrossCountrySkiing),
            ("inline_skating", ActivityKind::Skating),
            ("hiking", ActivityKind::Hiking),
            ("Walk", ActivityKind::Walking),
            ("strength_training", ActivityKind::IndoorOther),
            ("rowing", ActivityKind::Rowing),
            ("Indoor Rowing", ActivityKind::IndoorRowing),
            ("9", ActivityKind::Running),
            ("driving", ActivityKind::Other),
            ("...", ActivityKind::Other),
            ("", ActivityKind::Other),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    #[test]
    fn our_own_names_come_back_as_themselves() {
        for own in ActivityKind::ALL {
            let expected = if own == ActivityKind::IndoorOther { ActivityKind::Other } else { own };
            assert_eq!(kind(own.name()), expected, "{}", own.name());
        }
    }

    #[test]
    fn every_kind_has_an_indoor_counterpart() {
        assert!(ActivityKind::ALL.into_iter().all(|kind| indoors(kind).is_indoor()));
    }
}
