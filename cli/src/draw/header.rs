//! The title block.

use super::canvas::{Canvas, HAIR, INK, Style};
use super::format;
use super::model::{Rate, Sheet, Units};

const KIND: Style = Style::new(11.5).bold().soft().spaced(1.4);
const DATE: Style = Style::new(14.0).soft();
const VALUE: Style = Style::new(27.0).bold();
const VALUE_UNIT: Style = Style::new(14.0).soft();
const NAME: Style = Style::new(12.0).soft();
const MINOR: Style = Style::new(13.0).bold();

/// A named number: name, value, unit.
type Figure = (&'static str, String, &'static str);

fn known(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

/// The figures that a reader looks for first.
fn major(sheet: &Sheet) -> Vec<Figure> {
    let totals = &sheet.totals;
    let units = sheet.units;
    let swum_m = if units == Units::Metric { 1.0 } else { 0.9144 };
    let distance = known(totals.distance_m)
        .filter(|metres| *metres > 0.0)
        .map(|metres| match units {
            _ if sheet.rate == Rate::SwimPace => (
                "Distance",
                format::grouped(metres / swum_m, 0),
                if units == Units::Metric { "m" } else { "yd" },
            ),
            Units::Metric if metres < 1000.0 => ("Distance", format::height(metres, units), units.short()),
            _ => ("Distance", format::distance(metres, units), units.long()),
        });
    let rate = known(totals.average_speed_mps).filter(|speed| *speed > 0.0);
    let name = if sheet.rate.is_pace() {
        "Average pace"
    } else {
        "Average speed"
    };
    let rate = rate.map(|speed| (name, format::rate(speed, sheet.rate, units), sheet.rate.unit(units)));
    let timer = Some(("Timer", format::duration(totals.timer_s), ""));
    let gain =
        known(totals.elevation_gain_m).map(|metres| ("Elevation gain", format::height(metres, units), units.short()));
    [distance, timer, rate, gain].into_iter().flatten().collect()
}

/// The rest.
fn minor(sheet: &Sheet) -> Vec<Figure> {
    let totals = &sheet.totals;
    let heart_rate = |name, value| known(value).map(|bpm| (name, format::grouped(bpm, 0), "bpm"));
    let loss = known(totals.elevation_loss_m);
    [
        (totals.moving_s > 0.0).then(|| ("Moving", format::duration(totals.moving_s), "")),
        Some(("Elapsed", format::duration(totals.elapsed_s), "")),
        loss.map(|metres| {
            (
                "Elevation loss",
                format::height(metres, sheet.units),
                sheet.units.short(),
            )
        }),
        heart_rate("Heart rate", totals.average_heart_rate_bpm),
        heart_rate("Max heart rate", totals.max_heart_rate_bpm),
        Some(("Samples", format::grouped(totals.sample_count as f64, 0), "")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Draws the block from the top of the page; returns where the rest may begin.
pub fn draw(canvas: &mut Canvas, left: f64, right: f64, top: f64, sheet: &Sheet) -> f64 {
    let width = right - left;
    let kind = sheet.kind.trim();
    let title = sheet.title.trim();
    let (title, above) = if title.is_empty() { (kind, "") } else { (title, kind) };
    let top = if above.is_empty() { top - 16.0 } else { top };
    canvas.text(left, top + 10.0, KIND, &KIND.fit(&above.to_uppercase(), width));
    // A long title is set smaller before it is cut.
    let sizes = [34.0, 30.0, 26.0, 22.0].map(|size| Style::new(size).bold());
    let style = sizes
        .into_iter()
        .find(|style| style.width(title) <= width)
        .unwrap_or(sizes[3]);
    canvas.text(left - 1.0, top + 48.0, style, &style.fit(title, width));
    canvas.text(left, top + 72.0, DATE, &DATE.fit(sheet.started_at.trim(), width));
    canvas.line((left, top + 90.0), (right, top + 90.0), INK, 1.2);

    let (mut figures, mut rest) = (major(sheet), minor(sheet));
    // Indoors there may be no distance and no climb; the row is filled from the one below.
    while figures.len() < 3 && !rest.is_empty() {
        figures.push(rest.remove(0));
    }
    let column = width / figures.len().max(4) as f64;
    for (place, (name, value, unit)) in figures.iter().enumerate() {
        let x = left + column * place as f64;
        canvas.text(x, top + 112.0, NAME, name);
        canvas.text(x - 1.0, top + 141.0, VALUE, value);
        canvas.text(x + VALUE.width(value) + 5.0, top + 141.0, VALUE_UNIT, unit);
    }
    let figures = rest;
    let widths: Vec<f64> = figures.iter().map(minor_width).collect();
    let gap = ((width - widths.iter().sum::<f64>()) / (figures.len().max(2) - 1) as f64).clamp(8.0, 34.0);
    let mut x = left;
    for ((name, value, unit), width) in figures.iter().zip(&widths) {
        canvas.text(x, top + 170.0, NAME, name);
        let after = x + NAME.width(name) + 5.0;
        canvas.text(after, top + 170.0, MINOR, value);
        canvas.text(after + MINOR.width(value) + 4.0, top + 170.0, NAME, unit);
        x += width + gap;
    }
    canvas.line((left, top + 186.0), (right, top + 186.0), HAIR, 1.0);
    top + 208.0
}

fn minor_width((name, value, unit): &Figure) -> f64 {
    let unit = if unit.is_empty() { 0.0 } else { 4.0 + NAME.width(unit) };
    NAME.width(name) + 5.0 + MINOR.width(value) + unit
}
