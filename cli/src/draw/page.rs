//! Where everything stands on the page.

use super::canvas::{Canvas, Rect, Style};
use super::model::Sheet;
use super::profile::{self, Panel};
use super::route::Route;
use super::track::Track;
use super::{header, histogram, map, splits};

/// The page is 1,000 units wide: A4 at 0.21 mm a unit, so that the smallest text (10 units) is 6 pt.
pub const WIDTH: f64 = 1000.0;
const MARGIN: f64 = 48.0;
const INNER: f64 = WIDTH - 2.0 * MARGIN;
/// Between two blocks.
const GAP: f64 = 34.0;
/// Up to this many rows the splits stand below the profiles at full width, not in a column of their own.
const FEW_ROWS: usize = 6;
/// A route this much wider than high gets the width of the page.
const WIDE_ROUTE: f64 = 2.2;

struct Page<'a> {
    canvas: Canvas,
    sheet: &'a Sheet,
    track: &'a Track,
    route: Option<&'a Route>,
    panels: Vec<Panel>,
    rows: Vec<splits::Row>,
}

/// Draws the sheet as an SVG document. Never fails: what cannot be drawn is left out.
#[must_use]
pub fn svg(sheet: &Sheet) -> String {
    let track = Track::new(&sheet.points);
    let route = Route::new(&track);
    let mut page = Page {
        canvas: Canvas::default(),
        sheet,
        track: &track,
        route: route.as_ref(),
        panels: profile::panels(sheet, &track),
        rows: splits::rows(sheet),
    };
    let top = header::draw(&mut page.canvas, MARGIN, WIDTH - MARGIN, 46.0, sheet);
    let bottom = page.body(top);
    let height = (bottom + 58.0).max(360.0);
    page.footer(height);
    let title = if sheet.title.trim().is_empty() {
        &sheet.kind
    } else {
        &sheet.title
    };
    page.canvas.finish(WIDTH, height, title)
}

impl Page<'_> {
    /// One of three arrangements; returns where it ends.
    fn body(&mut self, top: f64) -> f64 {
        let many_rows = self.rows.len() > FEW_ROWS;
        match self.route {
            Some(route) if many_rows && route.aspect() < WIDE_ROUTE => self.beside(top, route),
            route if many_rows => self.column(top, route),
            route => self.stacked(top, route),
        }
    }

    /// Map and splits side by side, profiles below.
    fn beside(&mut self, top: f64, route: &Route) -> f64 {
        let height =
            splits::height(self.rows.len(), 15.0).clamp(480.0, splits::height(splits::MAX_ROWS, splits::MIN_PITCH));
        let width = ((height - map::STRIP - 40.0) * route.aspect() + map::GUTTER + 40.0).clamp(430.0, 590.0);
        map::draw(
            &mut self.canvas,
            Rect::new(MARGIN, top, width, height),
            self.sheet,
            self.track,
            route,
        );
        let left = MARGIN + width + GAP;
        self.splits_and_histogram(Rect::new(left, top, WIDTH - MARGIN - left, height));
        self.profiles(top + height + GAP - 8.0, INNER, 148.0)
    }

    /// Profiles and splits side by side, the map (if any) above them at full width.
    fn column(&mut self, top: f64, route: Option<&Route>) -> f64 {
        let mut top = top;
        if let Some(route) = route {
            let height = ((INNER - 80.0) / route.aspect() + 60.0).clamp(190.0, 400.0) + map::STRIP;
            map::draw(
                &mut self.canvas,
                Rect::new(MARGIN, top, INNER, height),
                self.sheet,
                self.track,
                route,
            );
            top += height + GAP - 8.0;
        }
        let needed =
            splits::height(self.rows.len(), 17.0).min(splits::height(splits::MAX_ROWS, splits::MIN_PITCH + 1.5));
        let profiles = self.panels.len() as f64 * 190.0 + profile::FOOT;
        let height = needed.max(if self.panels.is_empty() { 0.0 } else { profiles });
        let left = if self.panels.is_empty() { MARGIN } else { MARGIN + 574.0 };
        self.splits_and_histogram(Rect::new(left, top, WIDTH - MARGIN - left, height));
        if !self.panels.is_empty() {
            let each = ((height - profile::FOOT) / self.panels.len() as f64).min(350.0);
            self.profiles(top - 4.0, left - GAP - MARGIN, each);
        }
        top + height
    }

    /// Everything at full width, one below the other.
    fn stacked(&mut self, top: f64, route: Option<&Route>) -> f64 {
        let mut top = top;
        if let Some(route) = route {
            let height = ((INNER - 80.0) / route.aspect() + 60.0).clamp(240.0, 470.0) + map::STRIP;
            map::draw(
                &mut self.canvas,
                Rect::new(MARGIN, top, INNER, height),
                self.sheet,
                self.track,
                route,
            );
            top += height + GAP - 8.0;
        }
        top = self.profiles(top, INNER, if self.panels.len() == 1 { 300.0 } else { 172.0 });
        if !self.rows.is_empty() {
            top += GAP - 8.0;
            let height = splits::height(self.rows.len(), splits::MAX_PITCH);
            let area = Rect::new(MARGIN, top, INNER, height);
            top = splits::draw(&mut self.canvas, area, self.sheet, &self.rows, self.track.scale);
        }
        top
    }

    fn profiles(&mut self, top: f64, width: f64, each: f64) -> f64 {
        if self.panels.is_empty() {
            return top;
        }
        let area = Rect::new(MARGIN, top, width, each * self.panels.len() as f64 + profile::FOOT);
        profile::draw(&mut self.canvas, area, self.sheet, self.track, &self.panels);
        area.bottom()
    }

    /// The table, and the distribution of speeds where the table leaves room for it.
    fn splits_and_histogram(&mut self, area: Rect) {
        let room = area.h - splits::height(self.rows.len(), 17.0) - GAP;
        let histogram_height = if room >= histogram::MIN_HEIGHT {
            room.min(histogram::MAX_HEIGHT)
        } else {
            0.0
        };
        let table = Rect {
            h: area.h
                - if histogram_height > 0.0 {
                    histogram_height + GAP
                } else {
                    0.0
                },
            ..area
        };
        splits::draw(&mut self.canvas, table, self.sheet, &self.rows, self.track.scale);
        if histogram_height > 0.0 {
            let below = Rect {
                y: area.bottom() - histogram_height,
                h: histogram_height,
                ..area
            };
            histogram::draw(&mut self.canvas, below, self.sheet, self.track);
        }
    }

    fn footer(&mut self, height: f64) {
        const NOTE: Style = Style::new(10.0).soft();
        let mut notes = Vec::new();
        if self.track.scale.is_some() {
            notes.push(format!(
                "{} smoothed over {:.0} s",
                self.sheet.rate.name(),
                self.track.window_s
            ));
        }
        if self.route.is_some() {
            notes.push("WGS 84, equirectangular".to_owned());
        }
        self.canvas.text(MARGIN, height - 24.0, NOTE, "Steadfast");
        self.canvas
            .text(WIDTH - MARGIN, height - 24.0, NOTE.end(), &notes.join(" · "));
    }
}
