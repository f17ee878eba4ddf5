//! The table on the screen and the figures in the file.

use std::path::Path;

use serde::Serialize;

/// What a figure promises.
#[derive(Clone, Copy)]
pub enum Budget {
    /// Stated for information.
    None,
    /// The peer takes at least so many times as much.
    PeerTimes(f64),
    /// It takes at most so many times as much as the peer.
    AtMostTimes(f64),
    /// The value is at most this.
    AtMost(f64),
}

/// One measurement.
pub struct Measured<'a> {
    /// What was measured.
    pub name: &'a str,
    /// Of ours.
    pub value: f64,
    /// Of both values.
    pub unit: &'a str,
    /// What stands beside it and what that took.
    pub peer: Option<(&'a str, f64)>,
    /// The promise.
    pub budget: Budget,
    /// Durability, size, and what else must be known to read the number.
    pub beside: &'a str,
}

/// A line of `figures.json`.
#[derive(Serialize)]
struct Figure {
    name: String,
    value: f64,
    unit: String,
    peer: Option<String>,
    peer_value: Option<f64>,
    /// The peer's value by ours where more is better for us, ours by the peer's under a budget of `≤ … ×`.
    ratio: Option<f64>,
    budget: Option<String>,
    holds: Option<bool>,
    beside: String,
}

/// All figures so far.
pub struct Report {
    figures: Vec<Figure>,
}

impl Report {
    /// Prints the head of the table.
    pub fn new() -> Self {
        println!(
            "{:<44} {:>12} {:>12} {:<8} {:>8} {:>9} {:<5} beside",
            "name", "ours", "peer", "unit", "ratio", "budget", "holds"
        );
        Self { figures: Vec::new() }
    }

    /// Takes and prints a figure.
    pub fn add(&mut self, measured: &Measured) {
        let Measured {
            name,
            value,
            unit,
            peer,
            budget,
            beside,
        } = measured;
        let peer_value = peer.map(|(_, value)| value);
        let (ratio, text, holds) = match *budget {
            Budget::None => (peer_value.map(|peer| peer / value), None, None),
            Budget::PeerTimes(times) => {
                let ratio = peer_value.map(|peer| peer / value);
                (ratio, Some(format!("≥ {times} ×")), ratio.map(|ratio| ratio >= times))
            }
            Budget::AtMostTimes(times) => {
                let ratio = peer_value.map(|peer| value / peer);
                (ratio, Some(format!("≤ {times} ×")), ratio.map(|ratio| ratio <= times))
            }
            Budget::AtMost(limit) => (None, Some(format!("≤ {limit}")), Some(*value <= limit)),
        };
        let shown = |number: Option<f64>| number.map_or_else(String::new, significant);
        let verdict = match holds {
            None => "",
            Some(true) => "yes",
            Some(false) => "NO",
        };
        let against = peer.map_or_else(String::new, |(peer, _)| format!("; peer: {peer}"));
        println!(
            "{name:<44} {:>12} {:>12} {unit:<8} {:>8} {:>9} {verdict:<5} {beside}{against}",
            significant(*value),
            shown(peer_value),
            shown(ratio),
            text.clone().unwrap_or_default(),
        );
        self.figures.push(Figure {
            name: (*name).to_owned(),
            value: *value,
            unit: (*unit).to_owned(),
            peer: peer.map(|(peer, _)| peer.to_owned()),
            peer_value,
            ratio,
            budget: text,
            holds,
            beside: (*beside).to_owned(),
        });
    }

    /// True if no budget fails.
    pub fn all_hold(&self) -> bool {
        self.figures.iter().all(|figure| figure.holds != Some(false))
    }

    /// Says which budgets fail.
    pub fn print_failures(&self) {
        let held = self.figures.iter().filter(|figure| figure.holds == Some(true)).count();
        let failed: Vec<&str> = self
            .figures
            .iter()
            .filter(|figure| figure.holds == Some(false))
            .map(|figure| figure.name.as_str())
            .collect();
        println!(
            "\n{held} budgets hold, {} do not{}",
            failed.len(),
            if failed.is_empty() { "" } else { ":" }
        );
        for name in failed {
            println!("  {name}");
        }
    }

    /// Writes the figures as JSON.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut text = serde_json::to_string_pretty(&self.figures)?;
        text.push('\n');
        std::fs::write(path, text)
    }
}

/// Four digits that matter.
fn significant(number: f64) -> String {
    match number.abs() {
        0.0 => "0".to_owned(),
        size if size >= 1000.0 => format!("{number:.0}"),
        size if size >= 100.0 => format!("{number:.1}"),
        size if size >= 10.0 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}
