//! Elevation, pace or speed, and heart rate along the way, one above the other on one x axis.

use super::canvas::{AXIS, Canvas, HAIR, INK, Rect, SOFT, Style, path};
use super::format;
use super::model::{Sheet, Units};
use super::smooth::{quantile, thin};
use super::ticks::{clock_step, decimals, multiples, nice_step};
use super::track::Track;

/// Left of the plot, for the labels of the y axis.
pub const GUTTER: f64 = 46.0;
/// Above each plot, for its name.
pub const HEADLINE: f64 = 24.0;
/// Under the last plot, for the x axis.
pub const FOOT: f64 = 26.0;

const NAME: Style = Style::new(13.0).bold();
const UNIT: Style = Style::new(12.0).soft();
const TICK: Style = Style::new(11.0).soft();

/// A stretch of values along x may hold this many points in all.
const MAX_POINTS: usize = 2000;

/// One curve with its own y axis.
pub struct Panel {
    name: &'static str,
    unit: String,
    note: String,
    pieces: Vec<Vec<(f64, f64)>>,
    low: f64,
    high: f64,
    ticks: Vec<(f64, String)>,
    /// Less is higher up: pace.
    inverted: bool,
    fill: Option<&'static str>,
    stroke: &'static str,
    mean: Option<f64>,
}

/// The panels that the track has values for.
#[must_use]
pub fn panels(sheet: &Sheet, track: &Track) -> Vec<Panel> {
    [elevation(sheet, track), rate(sheet, track), heart_rate(sheet, track)]
        .into_iter()
        .flatten()
        .collect()
}

fn values(pieces: &[Vec<(f64, f64)>]) -> impl Iterator<Item = f64> + '_ {
    pieces.iter().flatten().map(|point| point.1)
}

/// A curve needs two points; a single reading is not a profile.
fn drawable(pieces: Vec<Vec<(f64, f64)>>) -> Option<Vec<Vec<(f64, f64)>>> {
    pieces.iter().any(|piece| piece.len() > 1).then_some(pieces)
}

/// Pieces closer than `gap` as one: the ground goes on where the timer stopped, and a hairline of paper at each pause means nothing.
fn joined(pieces: Vec<Vec<(f64, f64)>>, gap: f64) -> Vec<Vec<(f64, f64)>> {
    let mut whole: Vec<Vec<(f64, f64)>> = Vec::new();
    for piece in pieces {
        let reach = whole.last().and_then(|last| last.last()).map(|end| end.0 + gap);
        match (whole.last_mut(), piece.first()) {
            (Some(last), Some(first)) if reach.is_some_and(|reach| first.0 <= reach) => last.extend(piece),
            _ => whole.push(piece),
        }
    }
    whole
}

fn plain_ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    let step = nice_step(high - low, 5);
    multiples(low, high, step)
        .into_iter()
        .map(|tick| (tick, format::grouped(tick, decimals(step))))
        .collect()
}

fn elevation(sheet: &Sheet, track: &Track) -> Option<Panel> {
    let unit = sheet.units.short_m();
    let pieces = drawable(joined(
        track.pieces(|row| row.altitude_m.map(|metres| metres / unit)),
        track.length() * 0.005,
    ))?;
    let (lowest, highest) = (quantile(values(&pieces), 0.0)?, quantile(values(&pieces), 1.0)?);
    // At least 40 m from foot to head, so that a flat lap of the park does not look like the Alps.
    let spare = (40.0 / unit - (highest - lowest)).max((highest - lowest) * 0.12);
    let (low, high) = (lowest - spare * 0.4, highest + spare * 0.6);
    let range = [lowest, highest].map(|height| format::grouped(height, 0));
    let range = if range[0] == range[1] {
        range[0].clone()
    } else {
        range.join(" to ")
    };
    Some(Panel {
        name: "Elevation",
        unit: sheet.units.short().to_owned(),
        note: format!("{range} {}", sheet.units.short()),
        ticks: plain_ticks(low, high),
        pieces,
        low,
        high,
        inverted: false,
        fill: Some("#dfe4dc"),
        stroke: "#5f6f5c",
        mean: None,
    })
}

fn rate(sheet: &Sheet, track: &Track) -> Option<Panel> {
    let (rate, units) = (sheet.rate, sheet.units);
    let scale = track.scale?;
    // Standing still is the slowest pace that the axis has, not a hole and not infinity.
    let slowest = scale.low * 0.25;
    let value = |speed: f64| rate.of_speed(if rate.is_pace() { speed.max(slowest) } else { speed }, units);
    let pieces = drawable(track.pieces(|row| row.speed_mps.and_then(value)))?;
    let moving = || {
        track
            .rows
            .iter()
            .filter_map(|row| row.speed_mps)
            .filter(|speed| *speed > scale.low * 0.4)
            .filter_map(value)
    };
    let (first, usual, last) = (
        quantile(moving(), 0.01)?,
        quantile(moving(), 0.5)?,
        quantile(moving(), 0.99)?,
    );
    let (low, high, ticks) = if rate.is_pace() {
        // A sprint of a few seconds belongs on the axis, a receiver's leap does not. The slow tail is long (a traffic light, a
        // climb on foot); beyond 1.9 times the median it is cut at the edge.
        let first = first.min((usual / 1.6).max(quantile(moving(), 0.0)?));
        let last = last.min(usual * 1.9);
        let spare = (30.0 - (last - first)).max((last - first) * 0.16);
        let (low, high) = ((first - spare / 2.0).max(first * 0.7), last + spare / 2.0);
        let step = clock_step(high - low, 5);
        (
            low,
            high,
            multiples(low, high, step)
                .into_iter()
                .map(|tick| (tick, format::duration(tick)))
                .collect(),
        )
    } else {
        let high = last * 1.08 + 1.0;
        // From zero, unless an even ride would only hang under the ceiling.
        let low = if first > high * 0.5 { first * 0.8 } else { 0.0 };
        (low, high, plain_ticks(low, high))
    };
    let mean = sheet
        .totals
        .average_speed_mps
        .and_then(|speed| rate.of_speed(speed, units));
    let unit = rate.unit(units);
    Some(Panel {
        name: rate.name(),
        unit: if rate.is_pace() {
            format!("min{unit}")
        } else {
            unit.to_owned()
        },
        note: mean.map_or_else(String::new, |mean| {
            format!("average {} {unit}", format::rate_value(mean, rate))
        }),
        pieces,
        low,
        high,
        ticks,
        inverted: rate.is_pace(),
        fill: None,
        stroke: "#24507f",
        mean,
    })
}

fn heart_rate(sheet: &Sheet, track: &Track) -> Option<Panel> {
    let pieces = drawable(track.pieces(|row| row.heart_rate_bpm))?;
    let (lowest, highest) = (quantile(values(&pieces), 0.005)?, quantile(values(&pieces), 1.0)?);
    let spare = (20.0 - (highest - lowest)).max((highest - lowest) * 0.12);
    let (low, high) = (lowest - spare / 2.0, highest + spare / 2.0);
    let mean = sheet.totals.average_heart_rate_bpm.filter(|mean| mean.is_finite());
    let most = sheet.totals.max_heart_rate_bpm.filter(|most| most.is_finite());
    let parts = [("average", mean), ("max", most)];
    let parts = parts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} {} bpm", format::grouped(value?, 0))));
    Some(Panel {
        name: "Heart rate",
        unit: "bpm".to_owned(),
        note: parts.collect::<Vec<_>>().join(" · "),
        ticks: plain_ticks(low, high),
        pieces,
        low,
        high,
        inverted: false,
        fill: None,
        stroke: "#a8323e",
        mean,
    })
}

/// The name of the x axis and its ticks, as share of its length and label.
fn x_axis(track: &Track, units: Units, width: f64) -> (String, Vec<(f64, String)>) {
    let (length, room) = (track.length(), (width / 70.0) as usize);
    if !track.by_distance {
        let step = clock_step(length, room);
        let in_minutes = length >= 3600.0 && step >= 60.0;
        let label = |seconds: f64| {
            if in_minutes {
                format::hours_minutes(seconds)
            } else {
                format::duration(seconds)
            }
        };
        let name = (if in_minutes { "h" } else { "min" }).to_owned();
        return (
            name,
            multiples(0.0, length, step)
                .into_iter()
                .map(|tick| (tick / length, label(tick)))
                .collect(),
        );
    }
    let (unit_m, unit) = match units {
        Units::Metric if length < 2000.0 => (1.0, "m"),
        _ => (units.long_m(), units.long()),
    };
    let step = nice_step(length / unit_m, room);
    let ticks = multiples(0.0, length / unit_m, step);
    let ticks = ticks
        .into_iter()
        .map(|tick| (tick * unit_m / length, format::grouped(tick, decimals(step))));
    (unit.to_owned(), ticks.collect())
}

/// Draws the panels into `area`, each as high as the others.
pub fn draw(canvas: &mut Canvas, area: Rect, sheet: &Sheet, track: &Track, panels: &[Panel]) {
    let each = (area.h - FOOT) / panels.len().max(1) as f64;
    let plot = |place: usize| {
        Rect::new(
            area.x + GUTTER,
            area.y + each * place as f64 + HEADLINE,
            area.w - GUTTER,
            each - HEADLINE - 10.0,
        )
    };
    let (unit, ticks) = x_axis(track, sheet.units, area.w - GUTTER);
    for (place, panel) in panels.iter().enumerate() {
        let rect = plot(place);
        for (share, _) in &ticks {
            let x = rect.x + share * rect.w;
            canvas.line((x, rect.y), (x, rect.bottom()), HAIR, 0.8);
        }
        draw_panel(canvas, rect, area.x, track, panel);
    }
    let bottom = plot(panels.len().saturating_sub(1)).bottom();
    let (left, right) = (area.x + GUTTER, area.right());
    let unit_width = TICK.width(&unit);
    let mut free = right;
    // From the right: the last tick carries the unit where the two would collide.
    for (place, (share, label)) in ticks.iter().enumerate().rev() {
        let x = left + share * (right - left);
        canvas.line((x, bottom), (x, bottom + 4.0), AXIS, 1.0);
        let reach = TICK.width(label) / 2.0;
        if place + 1 == ticks.len() {
            let end = (x + reach + 4.0 + unit_width).min(right);
            canvas.text(end, bottom + 17.0, TICK.end(), &unit);
            canvas.text(end - unit_width - 4.0, bottom + 17.0, TICK.end(), label);
            free = end - unit_width - 4.0 - 2.0 * reach;
        } else if x + reach < free {
            canvas.text(x, bottom + 17.0, TICK.middle(), label);
        }
    }
}

fn draw_panel(canvas: &mut Canvas, rect: Rect, left: f64, track: &Track, panel: &Panel) {
    let span = (panel.high - panel.low).max(1e-9);
    let y_of = |value: f64| {
        let share = ((value - panel.low) / span).clamp(0.0, 1.0);
        if panel.inverted {
            rect.y + share * rect.h
        } else {
            rect.bottom() - share * rect.h
        }
    };
    let at = |point: &(f64, f64)| (rect.x + point.0 / track.length() * rect.w, y_of(point.1));
    canvas.text(left, rect.y - 9.0, NAME, panel.name);
    canvas.text(left + NAME.width(panel.name) + 7.0, rect.y - 9.0, UNIT, &panel.unit);
    canvas.text(rect.right(), rect.y - 9.0, UNIT.end(), &panel.note);
    for (tick, label) in &panel.ticks {
        let y = y_of(*tick);
        canvas.line((rect.x, y), (rect.right(), y), HAIR, 0.8);
        canvas.text(rect.x - 7.0, y + 4.0, TICK.end(), label);
    }
    let total: usize = panel.pieces.iter().map(Vec::len).sum();
    for piece in &panel.pieces {
        // Four points a bucket at most.
        let buckets = (MAX_POINTS / 4 * piece.len() / total.max(1)).max(1);
        let points: Vec<(f64, f64)> = thin(piece, buckets).iter().map(at).collect();
        let line = path(&points);
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            continue;
        };
        if line.is_empty() {
            continue;
        }
        if let Some(fill) = panel.fill {
            let floor = path(&[(last.0, rect.bottom()), (first.0, rect.bottom())]).replacen('M', "L", 1);
            canvas.raw(&format!("<path d=\"{line}{floor}Z\" fill=\"{fill}\"/>"));
        }
        let stroke = panel.stroke;
        canvas.raw(&format!(
            "<path d=\"{line}\" stroke=\"{stroke}\" stroke-width=\"1.4\" stroke-linejoin=\"round\"/>"
        ));
    }
    if let Some(mean) = panel.mean.filter(|mean| (panel.low..=panel.high).contains(mean)) {
        canvas.dashed((rect.x, y_of(mean)), (rect.right(), y_of(mean)), SOFT, 0.9, "5 3");
    }
    canvas.line(
        (rect.x, rect.bottom()),
        (rect.right(), rect.bottom()),
        if panel.fill.is_some() { INK } else { AXIS },
        0.8,
    );
}
