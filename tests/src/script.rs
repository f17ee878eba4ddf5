//! What an app does, as data: a step a word, `begin samples:20/5 pause resume save`.

use std::fmt;
use std::str::FromStr;

/// One thing that the app does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Resume the newest interrupted workout and save the older ones; without any, start a new one.
    Begin,
    /// Start a workout.
    Start,
    /// Ask what is to be recovered and do nothing about it.
    Offer,
    /// Save whatever is to be recovered.
    SaveRecovered,
    /// Throw away whatever is to be recovered.
    DiscardRecovered,
    /// Bring every emergency backup back.
    RestoreBackups,
    /// So many good fixes, a second apart, so many a call.
    Samples(u32, u32),
    /// So many bad ones, one a call.
    Bad(u32),
    /// So many sensor readings in one call.
    Readings(u32),
    /// Pause.
    Pause,
    /// Go on.
    Resume,
    /// Press the lap button.
    Lap,
    /// Stop.
    Stop,
    /// Save.
    Save,
    /// Discard.
    Discard,
    /// Close the database and open it again, as in the background.
    Suspend,
    /// Lift the fault (remove the file that gates it).
    Lift,
    /// Say so: a place in the script that the parent can wait for.
    Mark,
    /// Wait so many real milliseconds, for the alarm that syncs.
    Wait(u32),
}

impl fmt::Display for Step {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begin => write!(to, "begin"),
            Self::Start => write!(to, "start"),
            Self::Offer => write!(to, "offer"),
            Self::SaveRecovered => write!(to, "save-recovered"),
            Self::DiscardRecovered => write!(to, "discard-recovered"),
            Self::RestoreBackups => write!(to, "restore-backups"),
            Self::Samples(count, batch) => write!(to, "samples:{count}/{batch}"),
            Self::Bad(count) => write!(to, "bad:{count}"),
            Self::Readings(count) => write!(to, "readings:{count}"),
            Self::Pause => write!(to, "pause"),
            Self::Resume => write!(to, "resume"),
            Self::Lap => write!(to, "lap"),
            Self::Stop => write!(to, "stop"),
            Self::Save => write!(to, "save"),
            Self::Discard => write!(to, "discard"),
            Self::Suspend => write!(to, "suspend"),
            Self::Lift => write!(to, "lift"),
            Self::Mark => write!(to, "mark"),
            Self::Wait(ms) => write!(to, "wait:{ms}"),
        }
    }
}

impl FromStr for Step {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let (name, rest) = word.split_once(':').unwrap_or((word, ""));
        let number = |text: &str| text.parse::<u32>().map_err(|error| format!("{word}: {error}"));
        Ok(match name {
            "begin" => Self::Begin,
            "start" => Self::Start,
            "offer" => Self::Offer,
            "save-recovered" => Self::SaveRecovered,
            "discard-recovered" => Self::DiscardRecovered,
            "restore-backups" => Self::RestoreBackups,
            "samples" => {
                let (count, batch) = rest.split_once('/').unwrap_or((rest, "1"));
                Self::Samples(number(count)?, number(batch)?.max(1))
            }
            "bad" => Self::Bad(number(rest)?),
            "readings" => Self::Readings(number(rest)?),
            "pause" => Self::Pause,
            "resume" => Self::Resume,
            "lap" => Self::Lap,
            "stop" => Self::Stop,
            "save" => Self::Save,
            "discard" => Self::Discard,
            "suspend" => Self::Suspend,
            "lift" => Self::Lift,
            "mark" => Self::Mark,
            "wait" => Self::Wait(number(rest)?),
            _ => return Err(format!("{word} is no step")),
        })
    }
}

/// The steps of a text.
///
/// # Panics
/// If a word is no step.
#[must_use]
pub fn script(text: &str) -> Vec<Step> {
    text.split_whitespace()
        .map(|word| word.parse().unwrap_or_else(|error: String| panic!("{error}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_reads_back_as_it_was_written() {
        let text = "begin start offer save-recovered discard-recovered restore-backups samples:20/5 bad:3 readings:2 pause resume lap stop \
                    save discard suspend lift mark wait:7";
        let written: Vec<String> = script(text).iter().map(ToString::to_string).collect();
        assert_eq!(written.join(" "), text);
        assert!("run".parse::<Step>().is_err());
    }
}
