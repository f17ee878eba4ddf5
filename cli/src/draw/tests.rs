//! What holds for every sheet, whatever is on it.

use proptest::prelude::*;
use resvg::usvg::{Options, Tree};

use super::model::{Rate, Sheet, SheetPoint, SheetSplit, Totals, Units};
use super::{png, svg};

/// An hour on a circle, a fix a second; every kilometre a split.
fn run(seconds: u32, speed_mps: f64) -> Sheet {
    let point = |second: u32| {
        let (time_s, turn) = (f64::from(second), f64::from(second) / 600.0);
        SheetPoint {
            time_s,
            timer_s: time_s,
            distance_m: Some(time_s * speed_mps),
            latitude_deg: Some(48.0 + 0.01 * turn.sin()),
            longitude_deg: Some(11.0 + 0.015 * turn.cos()),
            altitude_m: Some(500.0 + 20.0 * (turn * 3.0).sin()),
            speed_mps: Some(speed_mps + 0.3 * (turn * 5.0).sin()),
            heart_rate_bpm: Some(150.0),
            starts_segment: second == 0 || second == 1000,
        }
    };
    let distance_m = f64::from(seconds) * speed_mps;
    let full = (distance_m / 1000.0).floor() as u32;
    let split = |index: u32| SheetSplit {
        index,
        distance_m: if index > full { distance_m % 1000.0 } else { 1000.0 },
        duration_s: 1000.0 / speed_mps,
        pace_s_per_km: Some(1000.0 / speed_mps),
        elevation_gain_m: f64::from(index % 9),
        is_full: index <= full,
    };
    Sheet {
        title: "Morning".to_owned(),
        kind: "Running".to_owned(),
        started_at: "Saturday 2 May 2026, 07:31".to_owned(),
        totals: Totals {
            distance_m: Some(distance_m),
            timer_s: f64::from(seconds),
            moving_s: f64::from(seconds),
            elapsed_s: f64::from(seconds),
            average_speed_mps: Some(speed_mps),
            elevation_gain_m: Some(84.0),
            elevation_loss_m: Some(86.0),
            average_heart_rate_bpm: Some(150.0),
            max_heart_rate_bpm: Some(171.0),
            sample_count: u64::from(seconds),
        },
        points: (0..=seconds).map(point).collect(),
        splits: (1..=full + 1).map(split).collect(),
        ..Sheet::default()
    }
}

/// The drawing, if it is one: well-formed, without a number that is none, with at most two decimals.
fn checked(sheet: &Sheet) -> String {
    let drawing = svg(sheet);
    Tree::from_str(&drawing, &Options::default()).expect("a drawing that every viewer opens");
    let markup = drawing
        .split('<')
        .map(|part| part.split('>').next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        !markup.contains("NaN") && !markup.contains("inf\""),
        "a number that is none"
    );
    let decimals = markup
        .split('.')
        .skip(1)
        .map(|rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    assert!(
        decimals.max().unwrap_or(0) <= 2,
        "more decimals than a printer has dots"
    );
    drawing
}

/// Every text of the drawing.
fn texts(drawing: &str) -> Vec<&str> {
    drawing
        .split("<text")
        .skip(1)
        .filter_map(|rest| rest.split_once('>')?.1.split_once("</text>"))
        .map(|text| text.0)
        .collect()
}

#[test]
fn a_run_shows_all_that_it_has() {
    let drawing = checked(&run(3600, 3.0));
    let texts = texts(&drawing);
    for expected in [
        "RUNNING",
        "Morning",
        "Saturday 2 May 2026, 07:31",
        "10.80",
        "1:00:00",
        "5:33",
        "84",
        "86",
        "171",
        "Splits",
        "+0.80",
        "Elevation",
        "Pace",
        "Heart rate",
        "Time at pace",
        "min/km",
        "N",
        "Start",
        "Finish",
        "500 m",
        "average 5:33 /km",
    ] {
        assert!(texts.contains(&expected), "{expected} is missing in {texts:?}");
    }
}

#[test]
fn a_ride_in_miles_speaks_of_miles_only() {
    let sheet = Sheet {
        rate: Rate::Speed,
        units: Units::Imperial,
        kind: "Cycling".to_owned(),
        ..run(3600, 8.0)
    };
    let drawing = checked(&sheet);
    let texts = texts(&drawing);
    assert!(
        texts.contains(&"mph") && texts.contains(&"17.9") && texts.contains(&"gain, ft"),
        "{texts:?}"
    );
    assert!(
        texts.iter().all(|text| !text.contains("km") && *text != "m"),
        "{texts:?}"
    );
}

#[test]
fn five_forty_two_and_two_hundred_splits_have_a_row_that_can_be_read() {
    for (kilometres, last) in [(5, "5"), (42, "42"), (200, "196–200")] {
        let drawing = checked(&run(kilometres * 250 + 1, 4.0));
        assert!(texts(&drawing).contains(&last), "{last}");
    }
}

#[test]
fn without_positions_there_is_no_map() {
    let mut sheet = run(1800, 1.0);
    for point in &mut sheet.points {
        (point.latitude_deg, point.longitude_deg, point.altitude_m) = (None, None, None);
    }
    sheet.rate = Rate::SwimPace;
    let drawing = checked(&sheet);
    let texts = texts(&drawing);
    assert!(
        texts.contains(&"1:40") && texts.contains(&"/100 m") && texts.contains(&"Heart rate"),
        "{texts:?}"
    );
    assert!(
        !texts.contains(&"N") && !texts.contains(&"Start") && !texts.contains(&"Elevation"),
        "{texts:?}"
    );
}

#[test]
fn without_distance_the_axis_is_the_timer() {
    let mut sheet = run(1800, 1.0);
    sheet.points.iter_mut().for_each(|point| point.distance_m = None);
    sheet.totals.distance_m = None;
    sheet.splits.clear();
    let drawing = checked(&sheet);
    assert!(texts(&drawing).contains(&"5:00") && !drawing.contains("Splits"));
}

#[test]
fn lengths_of_a_pool_run_along_the_timer() {
    let mut sheet = run(1800, 1.0);
    sheet.rate = Rate::SwimPace;
    for point in &mut sheet.points {
        (point.latitude_deg, point.longitude_deg) = (None, None);
        point.distance_m = point.distance_m.map(|metres| (metres / 25.0).floor() * 25.0);
    }
    let drawing = checked(&sheet);
    let texts = texts(&drawing);
    assert!(texts.contains(&"25:00") && texts.contains(&"1800"), "{texts:?}");
}

#[test]
fn a_title_cannot_break_the_drawing() {
    let mut sheet = run(60, 3.0);
    sheet.title = "</text><script>\"&'\u{0}\u{ffff}".to_owned();
    let drawing = checked(&sheet);
    assert!(!drawing.contains("<script") && drawing.contains("&lt;script&gt;&quot;&amp;&apos;"));
}

#[test]
fn a_hundred_thousand_points_stay_below_500_kb() {
    let drawing = checked(&run(100_000, 3.0));
    assert!(drawing.len() < 500_000, "{} bytes", drawing.len());
}

#[test]
fn nothing_at_all_is_still_a_page() {
    checked(&Sheet::default());
    let point = SheetPoint {
        latitude_deg: Some(1.0),
        longitude_deg: Some(2.0),
        ..SheetPoint::default()
    };
    checked(&Sheet {
        points: vec![point.clone()],
        ..Sheet::default()
    });
    checked(&Sheet {
        points: vec![point; 50],
        ..Sheet::default()
    });
    let mut still = run(100, 3.0);
    let first = still.points[0].clone();
    still.points.fill(first);
    checked(&still);
}

#[test]
fn a_sheet_becomes_a_picture() {
    let picture = png(&svg(&run(600, 3.0)), 400).expect("a picture");
    assert!(picture.starts_with(b"\x89PNG") && picture.len() > 5_000);
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -200.0_f64..200.0, 1 => proptest::num::f64::ANY, 1 => Just(0.0)]
}

prop_compose! {
    fn any_point()(
        time_s in any_number(), timer_s in any_number(), values in proptest::array::uniform6(proptest::option::of(any_number())),
        starts_segment in any::<bool>(),
    ) -> SheetPoint {
        let [distance_m, latitude_deg, longitude_deg, altitude_m, speed_mps, heart_rate_bpm] = values;
        SheetPoint { time_s, timer_s, distance_m, latitude_deg, longitude_deg, altitude_m, speed_mps, heart_rate_bpm, starts_segment }
    }
}

prop_compose! {
    fn any_split()(
        index in any::<u32>(), numbers in proptest::array::uniform3(any_number()), pace_s_per_km in proptest::option::of(any_number()),
        is_full in any::<bool>(),
    ) -> SheetSplit {
        let [distance_m, duration_s, elevation_gain_m] = numbers;
        SheetSplit { index, distance_m, duration_s, pace_s_per_km, elevation_gain_m, is_full }
    }
}

prop_compose! {
    fn any_sheet()(
        title in "\\PC{0,80}", points in proptest::collection::vec(any_point(), 0..60), splits in proptest::collection::vec(any_split(), 0..60),
        numbers in proptest::array::uniform3(any_number()), known in proptest::array::uniform6(proptest::option::of(any_number())),
        rate in prop_oneof![Just(Rate::Pace), Just(Rate::SwimPace), Just(Rate::Speed)], metric in any::<bool>(),
    ) -> Sheet {
        let [timer_s, moving_s, elapsed_s] = numbers;
        let [distance_m, average_speed_mps, elevation_gain_m, elevation_loss_m, average_heart_rate_bpm, max_heart_rate_bpm] = known;
        let totals = Totals {
            distance_m, timer_s, moving_s, elapsed_s, average_speed_mps, elevation_gain_m, elevation_loss_m, average_heart_rate_bpm,
            max_heart_rate_bpm, sample_count: 7,
        };
        let units = if metric { Units::Metric } else { Units::Imperial };
        Sheet { title, kind: "Other".to_owned(), started_at: String::new(), rate, units, totals, points, splits }
    }
}

proptest! {
    #[test]
    fn whatever_the_numbers_the_page_can_be_opened(sheet in any_sheet()) {
        let drawing = checked(&sheet);
        prop_assert!(drawing.len() < 500_000);
    }
}
