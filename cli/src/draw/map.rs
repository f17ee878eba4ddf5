//! The map: the route coloured by speed, on a bare graticule. No tiles, no network.

use super::canvas::{AXIS, Canvas, HAIR, INK, PAPER, Rect, SOFT, Style, number, path};
use super::colour::{STEPS, ramp};
use super::format;
use super::model::{Sheet, Units};
use super::route::{Route, Vertex};
use super::ticks::{decimals, multiples, nice_step};
use super::track::Track;

/// The strip under the frame: degrees, scale bar, north, legend.
pub const STRIP: f64 = 58.0;
/// The room left of the frame for degrees of latitude.
pub const GUTTER: f64 = 18.0;
/// Between the frame and the route.
const PADDING: f64 = 30.0;

const DEGREES: Style = Style::new(10.0).soft();
const SMALL: Style = Style::new(11.0).soft();
/// The length of the legend's ramp.
const WIDTH: f64 = 110.0;

const MARK: Style = Style::new(10.0).bold().middle();

/// Where metres lie on the page.
struct View {
    frame: Rect,
    scale: f64,
}

impl View {
    fn new(frame: Rect, route: &Route) -> Self {
        // At least 50 m across: a smaller map would magnify the receiver's noise.
        let across = |half: f64| (half * 2.0).max(50.0);
        let scale =
            ((frame.w - 2.0 * PADDING) / across(route.half.0)).min((frame.h - 2.0 * PADDING) / across(route.half.1));
        Self {
            frame,
            scale: scale.max(1e-9),
        }
    }

    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (
            self.frame.x + self.frame.w / 2.0 + x * self.scale,
            self.frame.y + self.frame.h / 2.0 - y * self.scale,
        )
    }

    fn holds(&self, rect: &Rect) -> bool {
        rect.x > self.frame.x
            && rect.right() < self.frame.right()
            && rect.y > self.frame.y
            && rect.bottom() < self.frame.bottom()
    }

    fn vertex(&self, vertex: &Vertex) -> (f64, f64) {
        self.at(vertex.x, vertex.y)
    }
}

/// Draws the map into `area`, all of its furniture included.
pub fn draw(canvas: &mut Canvas, area: Rect, sheet: &Sheet, track: &Track, route: &Route) {
    let frame = Rect::new(area.x + GUTTER, area.y, area.w - GUTTER, area.h - STRIP);
    let view = View::new(frame, route);
    graticule(canvas, &view, route);
    canvas.frame(frame, AXIS, 0.8, 0.0);
    // A vertex for every unit of the page is all that the eye can use.
    let segments = route.thinned(1.0 / view.scale);
    lines(canvas, &view, &segments, track);
    let taken = ends(canvas, &view, route);
    marks(canvas, &view, sheet, track, route, taken);
    let foot = frame.bottom() + 44.0;
    let used = scale_bar(canvas, (frame.x, foot), view.scale, sheet.units);
    north(canvas, used + 26.0, foot);
    legend(canvas, frame.right(), foot, sheet, track);
}

/// Meridians and parallels, with their degrees at the edge.
fn graticule(canvas: &mut Canvas, view: &View, route: &Route) {
    let frame = view.frame;
    let half_height_deg = frame.h / 2.0 / view.scale / route.north_m;
    let half_width_deg = frame.w / 2.0 / view.scale / route.east_m;
    let label = |degrees: f64, step: f64, positive: char, negative: char| {
        let text = format!("{:.*}°", decimals(step), degrees.abs());
        match degrees.abs() {
            degrees if degrees < step / 2.0 => "0°".to_owned(),
            degrees if (degrees - 180.0).abs() < step / 2.0 => "180°".to_owned(),
            _ => format!("{text} {}", if degrees < 0.0 { negative } else { positive }),
        }
    };
    let step = nice_step(half_height_deg * 2.0, (frame.h / 80.0) as usize);
    for degrees in multiples(
        route.latitude_deg - half_height_deg,
        route.latitude_deg + half_height_deg,
        step,
    ) {
        let (_, y) = view.at(0.0, (degrees - route.latitude_deg) * route.north_m);
        canvas.line((frame.x, y), (frame.right(), y), HAIR, 0.8);
        let text = label(degrees, step, 'N', 'S');
        let reach = DEGREES.width(&text) / 2.0;
        if y - reach > frame.y && y + reach < frame.bottom() && degrees.abs() <= 90.0 {
            canvas.text(frame.x - 6.0, y, DEGREES.middle().turned(), &text);
        }
    }
    let step = nice_step(half_width_deg * 2.0, (frame.w / 105.0) as usize);
    for degrees in multiples(
        route.longitude_deg - half_width_deg,
        route.longitude_deg + half_width_deg,
        step,
    ) {
        let (x, _) = view.at((degrees - route.longitude_deg) * route.east_m, 0.0);
        canvas.line((x, frame.y), (x, frame.bottom()), HAIR, 0.8);
        let text = label(degrees - (degrees / 360.0).round() * 360.0, step, 'E', 'W');
        let reach = DEGREES.width(&text) / 2.0;
        if x - reach > frame.x && x + reach < frame.right() {
            canvas.text(x, frame.bottom() + 14.0, DEGREES.middle(), &text);
        }
    }
}

/// The route, a rim of paper below it so that crossings stay legible, and dotted grey over the gaps.
fn lines(canvas: &mut Canvas, view: &View, segments: &[Vec<Vertex>], track: &Track) {
    let on_page = |segment: &[Vertex]| segment.iter().map(|vertex| view.vertex(vertex)).collect::<Vec<_>>();
    let rim: String = segments.iter().map(|segment| path(&on_page(segment))).collect();
    let gaps: String = segments
        .windows(2)
        .filter_map(|pair| Some(path(&[view.vertex(pair[0].last()?), view.vertex(pair[1].first()?)])))
        .collect();
    let round = "stroke-linecap=\"round\" stroke-linejoin=\"round\"";
    if !gaps.is_empty() {
        canvas.raw(&format!(
            "<path d=\"{gaps}\" stroke=\"#9aa1aa\" stroke-width=\"1.4\" stroke-dasharray=\"0.1 4\" {round}/>"
        ));
    }
    canvas.raw(&format!(
        "<path d=\"{rim}\" stroke=\"{PAPER}\" stroke-width=\"5.6\" {round}/>"
    ));
    canvas.raw(&format!("<g stroke-width=\"3\" {round}>"));
    for segment in segments {
        let shade = |pair: &[Vertex]| {
            let speed = pair[0]
                .speed_mps
                .zip(pair[1].speed_mps)
                .map(|(from, to)| from.midpoint(to));
            speed
                .zip(track.scale)
                .map(|(speed, scale)| (scale.place(speed) * (STEPS - 1) as f64).round() as usize)
        };
        let mut start = 0;
        while start + 1 < segment.len() {
            let tone = shade(&segment[start..start + 2]);
            let end = (start + 1..segment.len() - 1)
                .find(|row| shade(&segment[*row..row + 2]) != tone)
                .unwrap_or(segment.len() - 1);
            let colour = tone.map_or_else(|| SOFT.to_owned(), |tone| ramp(tone as f64 / (STEPS - 1) as f64));
            canvas.raw(&format!(
                "<path d=\"{}\" stroke=\"{colour}\"/>",
                path(&on_page(&segment[start..=end]))
            ));
            start = end;
        }
    }
    canvas.raw("</g>");
}

/// Start and finish; returns the ground that they cover.
fn ends(canvas: &mut Canvas, view: &View, route: &Route) -> Vec<Rect> {
    let first = route.segments.first().and_then(|segment| segment.first());
    let last = route.segments.last().and_then(|segment| segment.last());
    let (Some(first), Some(last)) = (first, last) else {
        return Vec::new();
    };
    let (start, finish) = (view.vertex(first), view.vertex(last));
    let around = |(x, y): (f64, f64)| Rect::new(x - 8.0, y - 8.0, 16.0, 16.0);
    let mut taken = vec![around(start), around(finish)];
    let together = (start.0 - finish.0).hypot(start.1 - finish.1) < 14.0;
    canvas.rect(Rect::new(finish.0 - 5.5, finish.1 - 5.5, 11.0, 11.0), PAPER, 1.0);
    canvas.rect(Rect::new(finish.0 - 4.5, finish.1 - 4.5, 9.0, 9.0), INK, 0.5);
    canvas.disc(start, 5.0, PAPER, INK, 2.2);
    let mut name = |canvas: &mut Canvas, at: (f64, f64), text: &str| {
        let style = Style::new(11.0).bold();
        let width = style.width(text);
        // On the side where the label does not leave the frame or cover one that stands.
        let boxes = [
            (10.0, 4.0),
            (-10.0 - width, 4.0),
            (-width / 2.0, -11.0),
            (-width / 2.0, 19.0),
        ]
        .map(|(dx, dy)| (at.0 + dx, at.1 + dy))
        .map(|(x, y)| (x, y, Rect::new(x - 2.0, y - 11.0, width + 4.0, 14.0)));
        let crowd = |rect: &Rect| {
            let under = |vertex: &&Vertex| {
                let (x, y) = view.vertex(vertex);
                rect.overlaps(&Rect::new(x, y, 0.1, 0.1))
            };
            route.segments.iter().flatten().filter(under).count()
        };
        let free = boxes
            .iter()
            .filter(|place| view.holds(&place.2) && !taken.iter().any(|other| other.overlaps(&place.2)));
        if let Some((x, y, rect)) = free.min_by_key(|place| crowd(&place.2)).or(boxes.first()) {
            canvas.haloed(*x, *y, style, text);
            taken.push(*rect);
        }
    };
    if together {
        name(canvas, start, "Start, finish");
    } else {
        name(canvas, start, "Start");
        name(canvas, finish, "Finish");
    }
    taken
}

/// Kilometres or miles along the route, as many as have room.
fn marks(canvas: &mut Canvas, view: &View, sheet: &Sheet, track: &Track, route: &Route, mut taken: Vec<Rect>) {
    if !track.by_distance {
        return;
    }
    let unit = sheet.units.long_m();
    let total = track.length() / unit;
    let step = nice_step(total, 22).max(1.0);
    let mut next = step;
    for segment in &route.segments {
        for pair in segment.windows(2) {
            let (from, to) = (pair[0].distance_m / unit, pair[1].distance_m / unit);
            while next >= from && next <= to && to > from && next < total - step * 0.1 {
                let share = (next - from) / (to - from);
                let (x, y) = (
                    pair[0].x + (pair[1].x - pair[0].x) * share,
                    pair[0].y + (pair[1].y - pair[0].y) * share,
                );
                let at = view.at(x, y);
                let text = format::grouped(next, 0);
                let half = (MARK.width(&text) / 2.0 + 4.0).max(8.0);
                let (ahead, behind) = (view.vertex(&pair[1]), view.vertex(&pair[0]));
                let (dx, dy) = (ahead.0 - behind.0, ahead.1 - behind.1);
                let along = dx.hypot(dy).max(1e-9);
                // On the line; on later laps beside it.
                let places = [0.0, half + 9.0, -half - 9.0].map(|aside| {
                    let (x, y) = (at.0 - dy / along * aside, at.1 + dx / along * aside);
                    Rect::new(x - half, y - 8.0, half * 2.0, 16.0)
                });
                let free = |rect: &Rect| view.holds(rect) && !taken.iter().any(|other| other.overlaps(rect));
                if let Some(rect) = places.into_iter().find(free) {
                    canvas.rect(rect, PAPER, 8.0);
                    canvas.frame(rect, INK, 0.9, 8.0);
                    canvas.text(rect.x + half, rect.y + 11.6, MARK, &text);
                    taken.push(Rect::new(rect.x - 1.5, rect.y - 1.5, rect.w + 3.0, rect.h + 3.0));
                }
                next += step;
            }
            // A gap may have covered some.
            if next <= to {
                next = (to / step).floor() * step + step;
            }
        }
    }
}

/// A length that people count in, at most 120 units of the page; returns where it ends.
fn scale_bar(canvas: &mut Canvas, (x, y): (f64, f64), scale: f64, units: Units) -> f64 {
    let longest_m = 120.0 / scale;
    let unit = if longest_m >= units.long_m() {
        (units.long_m(), units.long())
    } else {
        (units.short_m(), units.short())
    };
    let longest = longest_m / unit.0;
    let power = 10_f64.powf(longest.log10().floor());
    let length = [5.0, 2.0, 1.0]
        .into_iter()
        .map(|digit| digit * power)
        .find(|length| *length <= longest)
        .unwrap_or(longest);
    let width = length * unit.0 * scale;
    canvas.rect(Rect::new(x, y - 3.0, width / 2.0, 4.0), INK, 0.0);
    canvas.frame(Rect::new(x, y - 3.0, width, 4.0), INK, 0.8, 0.0);
    let text = format!("{} {}", format::grouped(length, decimals(length)), unit.1);
    canvas.text(x + width + 7.0, y + 3.0, SMALL, &text);
    x + width + 7.0 + SMALL.width(&text)
}

/// Which way is up.
fn north(canvas: &mut Canvas, x: f64, y: f64) {
    let (top, foot) = (y - 11.0, y + 5.0);
    canvas.raw(&format!(
        "<path d=\"{}Z\" fill=\"{INK}\"/>",
        path(&[(x, top), (x + 5.0, foot), (x, foot - 4.0), (x - 5.0, foot)])
    ));
    canvas.text(x + 9.0, y + 3.0, SMALL.bold(), "N");
}

/// What the colours mean.
fn legend(canvas: &mut Canvas, right: f64, y: f64, sheet: &Sheet, track: &Track) {
    let Some(scale) = track.scale else { return };
    let tell = |speed: f64| format::rate(speed, sheet.rate, sheet.units);
    let unit = sheet.rate.unit(sheet.units);
    let fast = format!("{} {unit}", tell(scale.high));
    let slow = tell(scale.low);
    let x = right - SMALL.width(&fast) - 7.0 - WIDTH;
    let stop = |place: f64| format!("<stop offset=\"{}\" stop-color=\"{}\"/>", number(place), ramp(place));
    let stops: Vec<String> = (0..=8).map(|step| stop(f64::from(step) / 8.0)).collect();
    let stops = stops.concat();
    canvas.define(&format!("<linearGradient id=\"speed\">{stops}</linearGradient>\n"));
    canvas.rect(Rect::new(x, y - 4.0, WIDTH, 6.0), "url(#speed)", 3.0);
    canvas.text(x - 7.0, y + 3.0, SMALL.end(), &slow);
    canvas.text(right, y + 3.0, SMALL.end(), &fast);
}
