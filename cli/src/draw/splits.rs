//! The splits as a table with bars.

use super::canvas::{Canvas, HAIR, PAPER, Rect, SOFT, Style};
use super::colour::SpeedScale;
use super::format;
use super::model::{Sheet, SheetSplit};
use super::smooth::quantile;

/// Above the first row.
pub const HEAD: f64 = 46.0;
/// The smallest distance between two rows that can still be read.
pub const MIN_PITCH: f64 = 13.0;
/// A larger one would pull the table apart.
pub const MAX_PITCH: f64 = 24.0;
/// More rows are grouped: the table is as high as the sheet allows with `MIN_PITCH`.
pub const MAX_ROWS: usize = 44;

const NAME: Style = Style::new(13.0).bold();
const COLUMN: Style = Style::new(11.0).soft();
/// From here on there is room for the time of each split.
const WIDE: f64 = 460.0;

/// A row of the table: one split, or a group of neighbours.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    label: String,
    duration_s: f64,
    speed_mps: Option<f64>,
    /// Speed of the fastest full split inside a group.
    fastest_mps: Option<f64>,
    gain_m: f64,
    is_full: bool,
}

fn speed(split: &SheetSplit) -> Option<f64> {
    let of_pace = split.pace_s_per_km.map(|pace| 1000.0 / pace);
    let speed = of_pace.or(Some(split.distance_m / split.duration_s));
    speed.filter(|speed| speed.is_finite() && *speed > 0.0)
}

fn positive(value: f64) -> f64 {
    if value.is_finite() { value.max(0.0) } else { 0.0 }
}

/// How many splits share a row: 1, 2, 5, 10 … until the table has room.
fn group_size(count: usize) -> usize {
    let sizes = (0..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_usize.saturating_pow(power)));
    sizes
        .into_iter()
        .find(|size| count.div_ceil(*size) <= MAX_ROWS)
        .unwrap_or(1)
}

/// The rows of the table, at most `MAX_ROWS`.
#[must_use]
pub fn rows(sheet: &Sheet) -> Vec<Row> {
    let size = group_size(sheet.splits.len());
    let row = |group: &[SheetSplit]| {
        let (first, last) = (group.first()?, group.last()?);
        let distance_m: f64 = group.iter().map(|split| positive(split.distance_m)).sum();
        let duration_s: f64 = group.iter().map(|split| positive(split.duration_s)).sum();
        let speeds = group.iter().filter(|split| split.is_full).filter_map(speed);
        let is_full = group.len() == size && group.iter().all(|split| split.is_full);
        Some(Row {
            label: match (is_full, size) {
                (false, _) => format!("+{}", format::distance(distance_m, sheet.units)),
                (true, 1) => first.index.to_string(),
                (true, _) => format!("{}–{}", first.index, last.index),
            },
            duration_s,
            speed_mps: if size == 1 {
                speed(first)
            } else {
                Some(distance_m / duration_s).filter(|speed| speed.is_finite())
            },
            fastest_mps: quantile(speeds, 1.0).filter(|_| size > 1),
            gain_m: group.iter().map(|split| positive(split.elevation_gain_m)).sum(),
            is_full,
        })
    };
    sheet.splits.chunks(size).filter_map(row).collect()
}

/// The height that the rows need at this distance from each other.
#[must_use]
pub fn height(rows: usize, pitch: f64) -> f64 {
    HEAD + rows as f64 * pitch + 4.0
}

/// The distance of the rows in a table of this height.
#[must_use]
pub fn pitch(rows: usize, height: f64) -> f64 {
    ((height - HEAD - 4.0) / rows.max(1) as f64).clamp(MIN_PITCH, MAX_PITCH)
}

/// Where the columns stand and what their lengths mean.
struct Table<'a> {
    sheet: &'a Sheet,
    scale: Option<SpeedScale>,
    area: Rect,
    text: Style,
    pitch: f64,
    label_end: f64,
    /// Right edge of the time column, if there is one.
    time_end: Option<f64>,
    rate_end: f64,
    bar: (f64, f64),
    /// The bars of elevation gain, if anything was climbed.
    gain: Option<(f64, f64)>,
    /// m/s of a bar of full length.
    full_scale: f64,
    most_gain: f64,
}

impl<'a> Table<'a> {
    fn new(area: Rect, sheet: &'a Sheet, rows: &[Row], scale: Option<SpeedScale>) -> Self {
        let pitch = pitch(rows.len(), area.h);
        let text = Style::new((pitch * 0.82).clamp(10.6, 12.5));
        let is_wide = area.w >= WIDE;
        let widest =
            |label: &dyn Fn(&Row) -> String| rows.iter().map(|row| text.width(&label(row))).fold(22.0, f64::max);
        let label_end = area.x + widest(&|row| row.label.clone());
        let time_end = is_wide.then_some(label_end + 70.0);
        let rate_end = time_end.map_or(label_end + 48.0, |end| end + 62.0);
        let gain_start = area.right() - if is_wide { 150.0 } else { 78.0 };
        let gain_end = area.right() - widest(&|row| format::height(row.gain_m, sheet.units)) - 6.0;
        let gain = rows
            .iter()
            .any(|row| row.gain_m >= 0.5)
            .then_some((gain_start, gain_end));
        let usual = quantile(rows.iter().filter_map(|row| row.speed_mps), 0.5).unwrap_or(1.0);
        let fastest = rows
            .iter()
            .filter_map(|row| row.fastest_mps.or(row.speed_mps))
            .fold(0.0, f64::max);
        Self {
            sheet,
            scale,
            area,
            text,
            pitch,
            label_end,
            time_end,
            rate_end,
            bar: (rate_end + 10.0, gain.map_or(area.right(), |(start, _)| start - 12.0)),
            gain,
            // A split through a tunnel may claim anything; the others keep their length.
            full_scale: fastest.min(usual * 2.2).max(1e-6),
            most_gain: rows.iter().map(|row| row.gain_m).fold(5.0, f64::max),
        }
    }

    /// Where the bar of a speed ends.
    fn bar_end(&self, speed: f64) -> f64 {
        self.bar.0 + (speed / self.full_scale).clamp(0.0, 1.0) * (self.bar.1 - self.bar.0)
    }

    fn head(&self, canvas: &mut Canvas, grouped: bool) {
        let (area, units) = (self.area, self.sheet.units);
        canvas.text(area.x, area.y + 12.0, NAME, "Splits");
        if grouped {
            let note = format!("bar: mean, line: fastest {}", units.long());
            canvas.text(area.right(), area.y + 12.0, COLUMN.end(), &note);
        }
        let y = area.y + 34.0;
        canvas.text(self.label_end, y, COLUMN.end(), units.long());
        if let Some(end) = self.time_end {
            canvas.text(end, y, COLUMN.end(), "time");
        }
        let unit = self.sheet.rate.unit(units);
        let unit = if self.sheet.rate.is_pace() {
            format!("min{unit}")
        } else {
            unit.to_owned()
        };
        if COLUMN.width(&unit) < self.rate_end - self.time_end.unwrap_or(self.label_end) - 4.0 {
            canvas.text(self.rate_end, y, COLUMN.end(), &unit);
        } else {
            canvas.text(self.bar.0, y, COLUMN, &unit);
        }
        if self.gain.is_some() {
            canvas.text(area.right(), y, COLUMN.end(), &format!("gain, {}", units.short()));
        }
        let line = area.y + HEAD - 4.0;
        canvas.line((area.x, line), (area.right(), line), HAIR, 1.0);
    }

    fn row(&self, canvas: &mut Canvas, middle: f64, row: &Row) {
        let (text, units) = (self.text, self.sheet.units);
        let baseline = middle + 4.2;
        let thickness = (self.pitch * 0.62).min(13.0);
        let top = middle - thickness / 2.0;
        canvas.text(self.label_end, baseline, text.end().soft(), &row.label);
        if let Some(end) = self.time_end {
            canvas.text(end, baseline, text.end(), &format::duration(row.duration_s));
        }
        let rate = |speed| format::rate(speed, self.sheet.rate, units);
        canvas.text(
            self.rate_end,
            baseline,
            text.end(),
            &row.speed_mps.map_or_else(|| format::UNKNOWN.to_owned(), rate),
        );
        if let Some(speed) = row.speed_mps {
            let colour = self.scale.map_or_else(|| SOFT.to_owned(), |scale| scale.colour(speed));
            let width = self.bar_end(speed) - self.bar.0;
            if row.is_full {
                canvas.rect(Rect::new(self.bar.0, top, width, thickness), &colour, 1.0);
            } else {
                // Hollow: a part is not to be compared with a whole.
                let inner = Rect::new(self.bar.0 + 0.6, top + 0.6, (width - 1.2).max(0.5), thickness - 1.2);
                canvas.frame(inner, &colour, 1.2, 1.0);
            }
        }
        if let Some((mean, fastest)) = row.speed_mps.zip(row.fastest_mps) {
            let (from, to) = (self.bar_end(mean), self.bar_end(fastest));
            if to > from + 1.0 {
                canvas.line((from, middle), (to, middle), SOFT, 1.0);
                canvas.line(
                    (to, middle - thickness * 0.3),
                    (to, middle + thickness * 0.3),
                    SOFT,
                    1.0,
                );
            }
        }
        if let Some((start, end)) = self.gain {
            let width = row.gain_m / self.most_gain * (end - start);
            canvas.rect(Rect::new(start, top, width, thickness), "#b9c4b4", 1.0);
            canvas.text(
                self.area.right(),
                baseline,
                text.end().soft(),
                &format::height(row.gain_m, units),
            );
        }
    }

    /// The average of the whole activity, through all bars.
    fn mean(&self, canvas: &mut Canvas, bottom: f64) {
        let mean = self
            .sheet
            .totals
            .average_speed_mps
            .filter(|speed| *speed > 0.0 && *speed < self.full_scale);
        if let Some(mean) = mean {
            let (x, top) = (self.bar_end(mean), self.area.y + HEAD - 2.0);
            canvas.line((x, top), (x, bottom), PAPER, 2.2);
            canvas.dashed((x, top), (x, bottom), SOFT, 0.9, "5 3");
        }
    }
}

/// Draws the table into `area`; returns where it ends.
pub fn draw(canvas: &mut Canvas, area: Rect, sheet: &Sheet, rows: &[Row], scale: Option<SpeedScale>) -> f64 {
    let table = Table::new(area, sheet, rows, scale);
    table.head(canvas, rows.iter().any(|row| row.fastest_mps.is_some()));
    for (place, row) in rows.iter().enumerate() {
        table.row(canvas, area.y + HEAD + table.pitch * (place as f64 + 0.5), row);
    }
    let bottom = area.y + HEAD + table.pitch * rows.len() as f64;
    if rows.len() > 1 {
        table.mean(canvas, bottom);
    }
    bottom + 4.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(full: u32, rest_m: f64) -> Sheet {
        let split = |index, distance_m, is_full| SheetSplit {
            index,
            distance_m,
            duration_s: distance_m * 0.3,
            pace_s_per_km: Some(300.0),
            elevation_gain_m: 2.0,
            is_full,
        };
        let mut splits: Vec<_> = (1..=full).map(|index| split(index, 1000.0, true)).collect();
        splits.push(split(full + 1, rest_m, false));
        Sheet {
            splits,
            ..Sheet::default()
        }
    }

    fn labels(sheet: &Sheet) -> Vec<String> {
        rows(sheet).into_iter().map(|row| row.label).collect()
    }

    #[test]
    fn a_marathon_keeps_every_kilometre() {
        let labels = labels(&sheet(42, 195.0));
        assert_eq!(labels.len(), 43);
        assert_eq!(labels[41..], ["42", "+0.20"]);
    }

    #[test]
    fn a_long_ride_is_grouped_and_loses_nothing() {
        let sheet = sheet(203, 400.0);
        let rows = rows(&sheet);
        assert_eq!(rows.len(), 41);
        assert_eq!(
            (rows[0].label.as_str(), rows[40].label.as_str(), rows[40].is_full),
            ("1–5", "+3.40", false)
        );
        assert!((rows.iter().map(|row| row.gain_m).sum::<f64>() - 408.0).abs() < 1e-9);
        assert!(
            rows.iter()
                .all(|row| row.speed_mps.is_some_and(|speed| (speed - 1000.0 / 300.0).abs() < 1e-6))
        );
    }

    #[test]
    fn any_number_of_splits_fits() {
        for count in [0, 1, 44, 45, 88, 89, 5000, 123_456] {
            assert!(rows(&sheet(count, 1.0)).len() <= MAX_ROWS);
        }
    }
}
