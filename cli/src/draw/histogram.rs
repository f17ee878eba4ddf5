//! How long each pace or speed was held.

use super::canvas::{AXIS, Canvas, HAIR, Rect, Style};
use super::format;
use super::model::Sheet;
use super::ticks::{clock_step, decimals, multiples, nice_step};
use super::track::Track;

const NAME: Style = Style::new(13.0).bold();
const TICK: Style = Style::new(11.0).soft();
/// Below this a histogram is a smudge.
pub const MIN_HEIGHT: f64 = 150.0;
/// Above this it says no more.
pub const MAX_HEIGHT: f64 = 230.0;

/// A step of the timer longer than this is a pause or a gap, not a pace that was held.
const LONGEST_STEP_S: f64 = 120.0;

/// Seconds in each bin from `low` in steps of `step`.
fn bins(sheet: &Sheet, track: &Track, low: f64, step: f64, count: usize) -> Vec<f64> {
    let mut seconds = vec![0.0; count];
    for pair in track.rows.windows(2) {
        let (duration, held) = (pair[1].timer_s - pair[0].timer_s, pair[1].speed_mps);
        let Some(value) = held.and_then(|speed| sheet.rate.of_speed(speed, sheet.units)) else {
            continue;
        };
        let bin = ((value - low) / step).floor();
        if !pair[1].starts_segment && duration <= LONGEST_STEP_S && (0.0..count as f64).contains(&bin) {
            seconds[bin as usize] += duration;
        }
    }
    seconds
}

/// Draws the histogram into `area`; nothing without speeds.
pub fn draw(canvas: &mut Canvas, area: Rect, sheet: &Sheet, track: &Track) {
    let Some(scale) = track.scale else { return };
    let convert = |speed: f64| sheet.rate.of_speed(speed, sheet.units);
    let Some((first, second)) = convert(scale.low).zip(convert(scale.high)) else {
        return;
    };
    let (low, high) = (first.min(second), first.max(second));
    let spare = (high - low) * 0.15;
    let step = if sheet.rate.is_pace() {
        clock_step(high - low, 12)
    } else {
        nice_step(high - low, 12)
    };
    let low = ((low - spare) / step).floor().max(0.0) * step;
    let count = (((high + spare - low) / step).ceil() as usize).clamp(1, 40);
    let seconds = bins(sheet, track, low, step, count);
    let (most, total) = (seconds.iter().copied().fold(0.0, f64::max), seconds.iter().sum::<f64>());
    if total <= 0.0 {
        return;
    }
    let name = format!("Time at {}", sheet.rate.name().to_lowercase());
    canvas.text(area.x, area.y + 12.0, NAME, &name);
    let unit = sheet.rate.unit(sheet.units);
    let unit = if sheet.rate.is_pace() {
        format!("min{unit}")
    } else {
        unit.to_owned()
    };
    canvas.text(area.x + NAME.width(&name) + 7.0, area.y + 12.0, TICK, &unit);
    let plot = Rect::new(area.x + 34.0, area.y + 28.0, area.w - 34.0, area.h - 28.0 - 22.0);
    let share_step = nice_step(most / total * 100.0, 3);
    let top = (most / total * 100.0).max(1e-9);
    for share in multiples(0.0, top, share_step) {
        let y = plot.bottom() - share / top * plot.h;
        canvas.line((plot.x, y), (plot.right(), y), HAIR, 0.8);
        canvas.text(
            plot.x - 7.0,
            y + 4.0,
            TICK.end(),
            &format!("{} %", format::grouped(share, decimals(share_step))),
        );
    }
    let each = plot.w / count as f64;
    // Faster is to the right, as on the map's legend.
    let left_of = |bin: usize| {
        if sheet.rate.is_pace() {
            plot.right() - each * (bin + 1) as f64
        } else {
            plot.x + each * bin as f64
        }
    };
    for (bin, held) in seconds.iter().enumerate() {
        let middle = low + step * (bin as f64 + 0.5);
        let speed = convert(1.0).map_or(0.0, |one| {
            if sheet.rate.is_pace() {
                one / middle
            } else {
                middle / one
            }
        });
        let height = held / most * plot.h;
        let rect = Rect::new(
            left_of(bin) + 0.75,
            plot.bottom() - height,
            (each - 1.5).max(0.5),
            height,
        );
        canvas.rect(rect, &scale.colour(speed), 0.0);
    }
    canvas.line((plot.x, plot.bottom()), (plot.right(), plot.bottom()), AXIS, 0.8);
    let room = (plot.w / 52.0).max(2.0) as usize;
    let span = step * count as f64;
    let stride = if sheet.rate.is_pace() {
        clock_step(span, room)
    } else {
        nice_step(span, room)
    };
    for value in multiples(low, low + span, stride) {
        let edge = (value - low) / step;
        let x = if sheet.rate.is_pace() {
            plot.right() - each * edge
        } else {
            plot.x + each * edge
        };
        let label = if sheet.rate.is_pace() {
            format::duration(value)
        } else {
            format::grouped(value, decimals(stride))
        };
        let reach = TICK.width(&label) / 2.0;
        canvas.text(
            x.clamp(area.x + reach, area.right() - reach),
            plot.bottom() + 16.0,
            TICK.middle(),
            &label,
        );
    }
}
