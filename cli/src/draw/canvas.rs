//! The page as SVG text: shapes, words, and the one place where numbers and strings are made safe for XML.

use std::fmt::Write;

/// The family that the PNG is set in; a browser without it falls back to its own sans.
pub const FONT_FAMILY: &str = "Noto Sans, Segoe UI, Helvetica, Arial, sans-serif";

/// Text and the strongest lines.
pub const INK: &str = "#1d232b";
/// Labels and units.
pub const SOFT: &str = "#5d6672";
/// Axis lines.
pub const AXIS: &str = "#b9bfc7";
/// Grid lines.
pub const HAIR: &str = "#e6e8eb";
/// The paper.
pub const PAPER: &str = "#ffffff";

/// Where a text hangs on its point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// The text starts there.
    #[default]
    Start,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    End,
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    size: f64,
    fill: &'static str,
    bold: bool,
    anchor: Anchor,
    spacing: f64,
    turned: bool,
}

impl Style {
    /// Regular ink at this size.
    #[must_use]
    pub const fn new(size: f64) -> Self {
        Self {
            size,
            fill: INK,
            bold: false,
            anchor: Anchor::Start,
            spacing: 0.0,
            turned: false,
        }
    }

    /// In the colour of labels.
    #[must_use]
    pub const fn soft(self) -> Self {
        Self { fill: SOFT, ..self }
    }

    /// In bold.
    #[must_use]
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// Centred.
    #[must_use]
    pub const fn middle(self) -> Self {
        Self {
            anchor: Anchor::Middle,
            ..self
        }
    }

    /// Ending at the point.
    #[must_use]
    pub const fn end(self) -> Self {
        Self {
            anchor: Anchor::End,
            ..self
        }
    }

    /// With extra space between the letters.
    #[must_use]
    pub const fn spaced(self, spacing: f64) -> Self {
        Self { spacing, ..self }
    }

    /// Reading upwards.
    #[must_use]
    pub const fn turned(self) -> Self {
        Self { turned: true, ..self }
    }

    /// How wide the text is on the page.
    #[must_use]
    pub fn width(&self, text: &str) -> f64 {
        text.chars()
            .map(|letter| advance(letter, self.bold) * self.size / 1000.0 + self.spacing)
            .sum()
    }

    /// The text, or as much of its beginning as fits into `width` with an ellipsis.
    #[must_use]
    pub fn fit(&self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut room = width - self.width("…");
        let kept = text.chars().take_while(|letter| {
            room -= advance(*letter, self.bold) * self.size / 1000.0 + self.spacing;
            room >= 0.0
        });
        format!("{}…", kept.collect::<String>().trim_end())
    }
}

/// A rectangle on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// A rectangle from its upper left corner.
    #[must_use]
    pub const fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { x, y, w, h }
    }

    /// Right edge.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// Lower edge.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// True if the two share a point.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// The page while it is drawn.
#[derive(Debug, Default)]
pub struct Canvas {
    body: String,
    definitions: String,
}

impl Canvas {
    /// A raw element. Its numbers come through `number`, its strings are constants of this module tree.
    pub fn raw(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }

    /// A definition: a gradient.
    pub fn define(&mut self, element: &str) {
        self.definitions.push_str(element);
    }

    /// A filled rectangle; nothing for one without area.
    pub fn rect(&mut self, rect: Rect, fill: &str, radius: f64) {
        if rect.w > 0.0 && rect.h > 0.0 {
            let (x, y, w, h) = (number(rect.x), number(rect.y), number(rect.w), number(rect.h));
            let round = if radius > 0.0 {
                format!(" rx=\"{}\"", number(radius))
            } else {
                String::new()
            };
            self.raw(&format!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{round} fill=\"{fill}\"/>"
            ));
        }
    }

    /// The outline of a rectangle.
    pub fn frame(&mut self, rect: Rect, stroke: &str, width: f64, radius: f64) {
        let (x, y, w, h) = (
            number(rect.x),
            number(rect.y),
            number(rect.w.max(0.0)),
            number(rect.h.max(0.0)),
        );
        let (width, radius) = (number(width), number(radius));
        self.raw(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{radius}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\"/>"
        ));
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str, width: f64) {
        self.dashed(from, to, stroke, width, "");
    }

    /// A straight line with a dash pattern.
    pub fn dashed(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str, width: f64, dash: &str) {
        let dash = if dash.is_empty() {
            String::new()
        } else {
            format!(" stroke-dasharray=\"{dash}\"")
        };
        let (x1, y1, x2, y2) = (number(from.0), number(from.1), number(to.0), number(to.1));
        let width = number(width);
        self.raw(&format!(
            "<path d=\"M{x1} {y1}L{x2} {y2}\" stroke=\"{stroke}\" stroke-width=\"{width}\"{dash}/>"
        ));
    }

    /// A disc with an outline.
    pub fn disc(&mut self, centre: (f64, f64), radius: f64, fill: &str, stroke: &str, width: f64) {
        let (x, y, r, width) = (number(centre.0), number(centre.1), number(radius), number(width));
        self.raw(&format!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{width}\"/>"
        ));
    }

    /// A text on its baseline.
    pub fn text(&mut self, x: f64, y: f64, style: Style, text: &str) {
        self.set(x, y, style, text, "");
    }

    /// A text with a rim of paper, for crowded ground.
    pub fn haloed(&mut self, x: f64, y: f64, style: Style, text: &str) {
        self.set(
            x,
            y,
            style,
            text,
            " stroke=\"#ffffff\" stroke-width=\"3.5\" stroke-linejoin=\"round\" paint-order=\"stroke\"",
        );
    }

    fn set(&mut self, x: f64, y: f64, style: Style, text: &str, more: &str) {
        if text.is_empty() {
            return;
        }
        let (x, y, size) = (number(x), number(y), number(style.size));
        let anchor = match style.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if style.bold { " font-weight=\"700\"" } else { "" };
        let spacing = if style.spacing > 0.0 {
            format!(" letter-spacing=\"{}\"", number(style.spacing))
        } else {
            String::new()
        };
        let turn = if style.turned {
            format!(" transform=\"rotate(-90 {x} {y})\"")
        } else {
            String::new()
        };
        let fill = style.fill;
        let text = escape(text);
        self.raw(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\"{weight}{anchor}{spacing}{turn}{more}>{text}</text>"
        ));
    }

    /// The whole document. `title` is what a screen reader says.
    #[must_use]
    pub fn finish(self, width: f64, height: f64, title: &str) -> String {
        let (w, h, title) = (number(width), number(height), escape(title));
        let (definitions, body) = (self.definitions, self.body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" font-family=\"{FONT_FAMILY}\" fill=\"none\">\n<title>{title}</title>\n<defs>\n{definitions}</defs>\n<rect width=\"{w}\" height=\"{h}\" fill=\"{PAPER}\"/>\n{body}</svg>\n"
        )
    }
}

/// A number with at most two decimals and none it does not need. Not a number is 0: a shape in the wrong place beats a page that
/// no viewer opens.
#[must_use]
pub fn number(value: f64) -> String {
    let clamped = if value.is_finite() { value.clamp(-1e6, 1e6) } else { 0.0 };
    let text = format!("{clamped:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Path data through these points; empty for fewer than two. One decimal: a tenth of a unit is 0.02 mm on paper.
#[must_use]
pub fn path(points: &[(f64, f64)]) -> String {
    if points.len() < 2 {
        return String::new();
    }
    let mut data = String::with_capacity(points.len() * 12);
    for (place, (x, y)) in points.iter().enumerate() {
        let command = if place == 0 { 'M' } else { 'L' };
        let (x, y) = (number((x * 10.0).round() / 10.0), number((y * 10.0).round() / 10.0));
        // Writing into a String cannot fail.
        let _ = write!(data, "{command}{x} {y}");
    }
    data
}

/// Text made safe inside an element or attribute. What XML 1.0 cannot hold at all becomes U+FFFD.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

/// Advance widths of U+0020 to U+007E in Noto Sans Regular, in thousandths of the size.
const REGULAR: [u16; 95] = [
    260, 269, 408, 646, 572, 831, 732, 225, 300, 300, 551, 572, 268, 322, 268, 372, 572, 572, 572, 572, 572, 572, 572,
    572, 572, 572, 268, 268, 572, 572, 572, 434, 899, 639, 650, 632, 730, 556, 519, 728, 741, 339, 273, 619, 524, 907,
    760, 781, 605, 781, 622, 549, 556, 731, 600, 930, 586, 566, 572, 329, 372, 329, 572, 444, 580, 561, 615, 480, 615,
    564, 344, 615, 618, 258, 258, 534, 258, 935, 618, 605, 615, 615, 413, 479, 361, 618, 508, 786, 529, 510, 470, 380,
    551, 380, 572,
];
/// The same in Noto Sans Bold.
const BOLD: [u16; 95] = [
    260, 286, 472, 646, 572, 901, 750, 266, 339, 339, 545, 572, 285, 322, 285, 413, 572, 572, 572, 572, 572, 572, 572,
    572, 572, 572, 285, 285, 572, 572, 572, 477, 897, 690, 672, 637, 740, 560, 549, 724, 765, 389, 331, 664, 565, 943,
    813, 796, 628, 796, 660, 551, 579, 756, 650, 967, 667, 624, 579, 331, 413, 331, 572, 411, 607, 604, 633, 514, 633,
    591, 387, 633, 657, 305, 305, 620, 305, 982, 657, 619, 633, 633, 454, 497, 434, 657, 569, 856, 578, 569, 488, 394,
    551, 394, 572,
];

/// The advance of a letter in thousandths of the size; 0.6 em for what is not ASCII, a whole em from Hangul and Kana on.
fn advance(letter: char, bold: bool) -> f64 {
    let table = if bold { &BOLD } else { &REGULAR };
    match letter {
        ' '..='~' => f64::from(table[letter as usize - 32]),
        '–' | '°' => 500.0,
        '·' => 270.0,
        '…' | '\u{1100}'.. => 1000.0,
        _ => 600.0,
    }
}
