//! The rows of a sheet, cleaned: what follows may trust every number.

use super::colour::SpeedScale;
use super::model::SheetPoint;
use super::smooth::{moving_mean, speed_from_distance, spread_lengths, window_s};

/// A row that can be drawn: times and distance never fall, every known value is finite and plausible.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Seconds since the start.
    pub time_s: f64,
    /// Seconds of the timer.
    pub timer_s: f64,
    /// Metres so far; the last known one where this row has none.
    pub distance_m: f64,
    /// Latitude and longitude in degrees.
    pub position: Option<(f64, f64)>,
    /// Metres above sea level.
    pub altitude_m: Option<f64>,
    /// Smoothed, m/s.
    pub speed_mps: Option<f64>,
    /// Smoothed, beats per minute.
    pub heart_rate_bpm: Option<f64>,
    /// True for the first row of a segment.
    pub starts_segment: bool,
}

/// A value that is missing for longer than this leaves a hole in its curve. Sparse loggers write every minute or two.
const LONGEST_SILENCE_S: f64 = 180.0;

/// The track of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// In order of time.
    pub rows: Vec<Row>,
    /// True if the x axis of the profiles is distance; else it is the timer.
    pub by_distance: bool,
    /// The window that speeds are smoothed over, in seconds.
    pub window_s: f64,
    /// What the colours mean; `None` without a speed.
    pub scale: Option<SpeedScale>,
}

fn within(value: Option<f64>, low: f64, high: f64) -> Option<f64> {
    value.filter(|value| (low..=high).contains(value))
}

impl Track {
    /// Cleans the points: a row without a time is left out, a value that cannot be is unknown, time and distance never fall.
    #[must_use]
    pub fn new(points: &[SheetPoint]) -> Self {
        let (mut time, mut timer, mut distance) = (0.0_f64, 0.0_f64, 0.0_f64);
        let mut starts_segment = true;
        let mut rows = Vec::with_capacity(points.len());
        let mut distances = Vec::with_capacity(points.len());
        let mut speeds = Vec::with_capacity(points.len());
        for point in points {
            starts_segment |= point.starts_segment;
            if !(0.0..1e9).contains(&point.time_s) {
                continue;
            }
            let known_distance = within(point.distance_m, 0.0, 1e9);
            time = time.max(point.time_s);
            timer = timer.max(within(Some(point.timer_s), 0.0, 1e9).unwrap_or(0.0));
            distance = distance.max(known_distance.unwrap_or(0.0));
            let latitude = within(point.latitude_deg, -90.0, 90.0);
            let longitude = within(point.longitude_deg, -360.0, 360.0);
            distances.push(known_distance.map(|_| distance));
            speeds.push(within(point.speed_mps, 0.0, 400.0));
            rows.push(Row {
                time_s: time,
                timer_s: timer,
                distance_m: distance,
                position: latitude.zip(longitude),
                altitude_m: within(point.altitude_m, -12_000.0, 20_000.0),
                speed_mps: None,
                heart_rate_bpm: within(point.heart_rate_bpm, 20.0, 260.0),
                starts_segment,
            });
            starts_segment = false;
        }
        let clock: Vec<f64> = rows.iter().map(|row| row.time_s).collect();
        let starts: Vec<bool> = rows.iter().map(|row| row.starts_segment).collect();
        let window_s = window_s(timer);
        // A pool counts whole lengths: on an axis of distance it would be a flight of stairs.
        let advances = rows
            .windows(2)
            .filter(|pair| pair[1].distance_m > pair[0].distance_m)
            .count();
        let by_distance = distance >= 1.0 && advances * 10 >= rows.len().saturating_sub(1);
        if !by_distance {
            spread_lengths(&clock, &starts, &mut distances);
        }
        // A receiver's own (Doppler) speed is steadier than the difference of two positions.
        let measured = speeds.iter().flatten().count() * 2 > rows.len();
        let smooth = if measured {
            moving_mean(&clock, &starts, &speeds, window_s)
        } else {
            speed_from_distance(&clock, &starts, &distances, window_s)
        };
        // The heart needs some ten seconds to answer: less than a third of the window is the strap's noise.
        let beats: Vec<Option<f64>> = rows.iter().map(|row| row.heart_rate_bpm).collect();
        let beats = moving_mean(&clock, &starts, &beats, window_s / 3.0);
        for ((row, speed), beats) in rows.iter_mut().zip(smooth).zip(beats) {
            row.speed_mps = speed;
            row.heart_rate_bpm = beats;
        }
        let known: Vec<f64> = rows.iter().filter_map(|row| row.speed_mps).collect();
        Self {
            by_distance,
            window_s,
            scale: SpeedScale::over(&known),
            rows,
        }
    }

    /// Where a row lies on the x axis: metres or seconds.
    #[must_use]
    pub fn x(&self, row: &Row) -> f64 {
        if self.by_distance { row.distance_m } else { row.timer_s }
    }

    /// The length of the x axis, at least 1.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.rows.last().map_or(1.0, |row| self.x(row)).max(1.0)
    }

    /// A value of each row along x, in pieces that a line may be drawn through.
    #[must_use]
    pub fn pieces(&self, value: impl Fn(&Row) -> Option<f64>) -> Vec<Vec<(f64, f64)>> {
        let mut pieces: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut drawn_until = f64::NEG_INFINITY;
        let mut starts = true;
        for row in &self.rows {
            starts |= row.starts_segment;
            let Some(y) = value(row) else { continue };
            if starts || row.time_s - drawn_until > LONGEST_SILENCE_S {
                pieces.push(Vec::new());
            }
            (starts, drawn_until) = (false, row.time_s);
            if let Some(piece) = pieces.last_mut() {
                piece.push((self.x(row), y));
            }
        }
        // A receiver that loses its fix all the time is shown as the one line that the eye would make of it.
        if pieces.len() > 200 {
            vec![pieces.concat()]
        } else {
            pieces
        }
    }
}
