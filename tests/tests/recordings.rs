//! Real recordings, imported: our totals beside the device's own.
use std::path::PathBuf;
use steadfast_core::client::{Config, SteadfastClient};

fn tracks() -> Option<PathBuf> {
    let folder = std::env::var_os("STEADFAST_TRACKS").map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/tracks")), PathBuf::from);
    folder.is_dir().then_some(folder)
}

#[test]
fn table() {
    let Some(folder) = tracks() else { return };
    let data = tempfile::tempdir().unwrap();
    let client = pollster::block_on(SteadfastClient::open(Config::new(data.path().display().to_string()), None)).unwrap();
    let index = std::fs::read_to_string(folder.join("index.csv")).unwrap();
    for line in index.lines().skip(1) {
        let f: Vec<&str> = line.split(',').collect();
        let n = |i: usize| f[i].parse::<f64>().ok();
        let path = folder.join(f[0]).display().to_string();
        match pollster::block_on(client.activities().import_file(path, None)) {
            Err(e) => println!("{:44} ERR {e}", f[0]),
            Ok(r) => {
                let sum = |g: fn(&steadfast_core::activities::model::Activity) -> f64| r.activities.iter().map(|a| g(&a.activity)).sum::<f64>();
                let (d, g, t, e, m) = (sum(|a| a.distance_m), sum(|a| a.elevation_gain_m), sum(|a| a.timer_s), sum(|a| a.elapsed_s), sum(|a| a.moving_s));
                let pct = |a: f64, b: Option<f64>| b.map_or("-".into(), |b| format!("{:+.2}%", (a / b - 1.0) * 100.0));
                let dif = |a: f64, b: Option<f64>| b.map_or("-".into(), |b| format!("{:+.1}", a - b));
                println!("{:36} n{} {:9.1} {:>8} gain {:6.0} {:>8} timer {:8.1} {:>8} el {:8.1} {:>8} mov {:7.0} segs {} kind {:?}", &f[0][..f[0].len().min(36)], r.activities.len(), d, pct(d, n(15)), g, pct(g, n(16)), t, dif(t, n(17)), e, dif(e, n(18)), m, r.activities[0].activity.segment_count, r.activities[0].activity.kind);
                let a = &r.activities[0].activity;
                println!("      rejected {:?} repairs {:?} skipped {:?} reported {:?}", a.rejected, a.repairs, r.skipped.len(), a.reported.distance_m);
            }
        }
    }
}
