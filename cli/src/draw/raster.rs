//! The page as a PNG, with its own font.

use std::fmt;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, Options, Tree, fontdb::Database};

/// The largest side of a picture in pixels: 16,384 square are 1 GB already.
const MAX_SIDE: u32 = 16_384;

/// Why there is no picture.
#[derive(Debug)]
pub enum RasterError {
    /// The width is zero, or the picture would be larger than 16,384 pixels on a side.
    Size(u32),
    /// The SVG cannot be read.
    Svg(usvg::Error),
    /// The PNG cannot be written.
    Png(String),
}

impl fmt::Display for RasterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size(width) => write!(formatter, "a picture {width} pixels wide cannot be drawn; choose 1 to {MAX_SIDE} on the longer side"),
            Self::Svg(error) => write!(formatter, "the drawing cannot be read: {error}"),
            Self::Png(error) => write!(formatter, "the picture cannot be written: {error}"),
        }
    }
}

impl std::error::Error for RasterError {}

/// True if the embedded font (Latin, Greek, Cyrillic) may lack a letter of the text.
fn needs_more_fonts(svg: &str) -> bool {
    svg.chars().any(|letter| letter > '\u{52f}' && !('\u{1e00}'..='\u{206f}').contains(&letter) && letter != '−')
}

/// Noto Sans, and the machine's own fonts where a title needs letters that it lacks.
fn fonts(svg: &str) -> Database {
    let mut fonts = Database::new();
    fonts.load_font_data(ttf_noto_sans::REGULAR.to_vec());
    fonts.load_font_data(ttf_noto_sans::BOLD.to_vec());
    if needs_more_fonts(svg) {
        fonts.load_system_fonts();
    }
    fonts.set_sans_serif_family("Noto Sans");
    fonts
}

/// The drawing as a PNG of this width; the height follows. Looks the same on every machine: the font is in the binary.
///
/// # Errors
/// `RasterError` if the size is out of bounds or the SVG cannot be read.
pub fn png(svg: &str, width: u32) -> Result<Vec<u8>, RasterError> {
    let mut options = Options { font_family: "Noto Sans".to_owned(), ..Options::default() };
    options.fontdb = std::sync::Arc::new(fonts(svg));
    let tree = Tree::from_str(svg, &options).map_err(RasterError::Svg)?;
    let scale = width as f32 / tree.size().width();
    let height = (tree.size().height() * scale).round();
    if width == 0 || width > MAX_SIDE || !(1.0..=MAX_SIDE as f32).contains(&height) {
        return Err(RasterError::Size(width));
    }
    let mut picture = Pixmap::new(width, height as u32).ok_or(RasterError::Size(width))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map_err(|error| RasterError::Png(error.to_string()))
}
