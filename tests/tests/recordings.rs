//! Real recordings, imported: our totals beside those that the device itself stated.
//!
//! The recordings are other people's and not part of the project: without the folder the test says that it was skipped. With
//! `STEADFAST_WRITE_TABLE=1` it writes `docs/recordings.md`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use steadfast_core::activities::model::Activity;
use steadfast_core::client::{Config, SteadfastClient};

/// Of the device's distance, where that comes from positions.
const DISTANCE_TOLERANCE: f64 = 0.01;
/// Seconds, where the file states its timer.
const TIME_TOLERANCE_S: f64 = 1.0;

/// What explains a difference that is larger: facts of the file, not of our code.
const EXPLAINED: [(&str, &str); 2] = [
    (
        "loup-blanc.fit",
        "between its own positions the device states 1 % less at 3.5 m/s and 4 % less at 1 m/s, on climbs and descents alike: \
         its distance is filtered, and no sensor of distance is named in the file",
    ),
    (
        "20210709_pool_swim.fit",
        "a pool: the counter's last 25 m are stamped 1.1 s after the timer was stopped",
    ),
];

/// A line of `index.csv`.
struct Known {
    name: String,
    distance_m: Option<f64>,
    ascent_m: Option<f64>,
    timer_s: Option<f64>,
    elapsed_s: Option<f64>,
}

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("STEADFAST_TRACKS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/tracks"),
        PathBuf::from,
    );
    folder.is_dir().then_some(folder)
}

fn index(folder: &Path) -> Vec<Known> {
    let text = std::fs::read_to_string(folder.join("index.csv")).expect("index.csv is readable");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let column = |name: &str| header.iter().position(|cell| *cell == name).expect("a known column");
    let [name, distance, ascent, timer, elapsed] =
        ["name", "dev_dist", "dev_asc", "dev_timer", "dev_elapsed"].map(column);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |at: usize| cells[at].parse().ok();
            Known {
                name: cells[name].to_owned(),
                distance_m: number(distance),
                ascent_m: number(ascent),
                timer_s: number(timer),
                elapsed_s: number(elapsed),
            }
        })
        .collect()
}

fn sum(activities: &[Activity], of: fn(&Activity) -> f64) -> f64 {
    activities.iter().map(of).sum()
}

/// `ours` beside `device` as table cells.
fn cells(ours: f64, device: Option<f64>, difference: impl Fn(f64) -> String) -> String {
    device.map_or(format!("{ours:.0} | | "), |device| {
        format!("{ours:.0} | {device:.0} | {}", difference(device))
    })
}

fn notes(activities: &[Activity]) -> String {
    let mut counts = std::collections::BTreeMap::<&str, u64>::new();
    for activity in activities {
        let rejected = activity.rejected.iter().map(|(reason, count)| (reason.name(), *count));
        let repairs = activity.repairs.iter().map(|(repair, count)| (repair.name(), *count));
        for (name, count) in rejected.chain(repairs) {
            *counts.entry(name).or_default() += count;
        }
    }
    counts
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[test]
fn our_totals_agree_with_the_devices() {
    let Some(folder) = folder() else {
        println!("skipped: the recordings are not on this machine (STEADFAST_TRACKS)");
        return;
    };
    let data = tempfile::tempdir().expect("a temporary folder");
    let open = SteadfastClient::open(Config::new(data.path().display().to_string()), None);
    let activities = pollster::block_on(open).expect("a fresh folder opens").activities();
    let (mut table, mut misses) = (String::new(), Vec::new());
    let known = index(&folder);
    for known in &known {
        let path = folder.join(&known.name).display().to_string();
        let report = match pollster::block_on(activities.import_file(path.clone(), None)) {
            Ok(report) => report,
            Err(error) => {
                misses.push(format!("{}: {error}", known.name));
                continue;
            }
        };
        let again = pollster::block_on(activities.import_file(path, None)).expect("a second import");
        assert!(
            again.activities.iter().all(|activity| !activity.is_new),
            "{}: imported twice",
            known.name
        );
        let all: Vec<Activity> = report
            .activities
            .iter()
            .map(|imported| imported.activity.clone())
            .collect();
        let (distance, gain) = (sum(&all, |one| one.distance_m), sum(&all, |one| one.elevation_gain_m));
        let (timer, elapsed) = (sum(&all, |one| one.timer_s), sum(&all, |one| one.elapsed_s));
        let percent = |ours: f64| move |device: f64| format!("{:+.2} %", (ours / device - 1.0) * 100.0);
        let seconds = |ours: f64| move |device: f64| format!("{:+.1}", ours - device);
        writeln!(
            table,
            "| {} | {} | {} | {} | {} | {} | {:.0} | {} |",
            known.name,
            all.len(),
            cells(distance, known.distance_m, percent(distance)),
            cells(gain, known.ascent_m, percent(gain)),
            cells(timer, known.timer_s, seconds(timer)),
            cells(elapsed, known.elapsed_s, seconds(elapsed)),
            sum(&all, |one| one.moving_s),
            notes(&all),
        )
        .expect("writing to a String never fails");
        if EXPLAINED.iter().any(|(name, _)| *name == known.name) {
            continue;
        }
        if known
            .distance_m
            .is_some_and(|device| (distance / device - 1.0).abs() > DISTANCE_TOLERANCE)
        {
            misses.push(format!("{}: {distance} m beside {:?}", known.name, known.distance_m));
        }
        for (ours, device) in [(timer, known.timer_s), (elapsed, known.elapsed_s)] {
            if device.is_some_and(|device| (ours - device).abs() > TIME_TOLERANCE_S) {
                misses.push(format!("{}: {ours} s beside {device:?}", known.name));
            }
        }
    }
    assert_eq!(misses, Vec::<String>::new());
    if std::env::var_os("STEADFAST_WRITE_TABLE").is_some() {
        std::fs::write(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/recordings.md"),
            page(&table, known.len()),
        )
        .expect("docs is writable");
    }
}

fn page(table: &str, files: usize) -> String {
    let explained: Vec<String> = EXPLAINED
        .iter()
        .map(|(name, why)| format!("- **{name}**: {why}."))
        .collect();
    let explained = explained.join(
        "
",
    );
    format!(
        "# Real recordings\n\nOurs beside the device's own totals, for {files} public recordings of watches, bike computers and phones. \
         Written by `./dev recordings`; a test holds the distance to 1 % and the timer and elapsed time to 1 s wherever the file has a \
         figure and the difference is not explained below. No rule is tuned to a file.\n\n\
         Distances in metres, times in seconds; a multisport file is the sum of its activities.\n\n\
         | file | activities | distance | device | | gain | device | | timer | device | | elapsed | device | | moving | rejected and repaired |\n\
         | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --- |\n{table}\n\
         ## Differences, explained by what the file holds\n\n{explained}\n\n\
         Ascent has no tolerance: devices differ among themselves by more than we do from them. Where ours is far off \
         (mini-enduro), the climb lies in gaps of the timer: across a stop a rise of over 30 m is taken for a lift, and with those \
         rises ours would be 326 m.\n"
    )
}
