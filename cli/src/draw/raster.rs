//! The page as a PNG, with its own font.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, ID};
use resvg::usvg::{self, FontResolver, Options, Tree};

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
            Self::Size(width) => write!(
                formatter,
                "a picture {width} pixels wide cannot be drawn; choose 1 to {MAX_SIDE} on the longer side"
            ),
            Self::Svg(error) => write!(formatter, "the drawing cannot be read: {error}"),
            Self::Png(error) => write!(formatter, "the picture cannot be written: {error}"),
        }
    }
}

impl std::error::Error for RasterError {}

/// Noto Sans alone: Latin, Greek, Cyrillic.
fn embedded_fonts() -> Database {
    let mut fonts = Database::new();
    fonts.load_font_data(ttf_noto_sans::REGULAR.to_vec());
    fonts.load_font_data(ttf_noto_sans::BOLD.to_vec());
    fonts.set_sans_serif_family("Noto Sans");
    fonts.set_serif_family("Noto Sans");
    fonts
}

/// Reads the drawing with these fonts; names a letter that none of them has, if there is one.
fn set(svg: &str, fonts: &Arc<Database>) -> Result<(Tree, Option<char>), RasterError> {
    let missing = Arc::new(Mutex::new(None));
    let found = Arc::clone(&missing);
    let search = FontResolver::default_fallback_selector();
    let select_fallback = move |letter: char, used: &[ID], fonts: &mut Arc<Database>| {
        let fallback = search(letter, used, fonts);
        if fallback.is_none() {
            *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(letter);
        }
        fallback
    };
    let options = Options {
        font_family: "Noto Sans".to_owned(),
        fontdb: Arc::clone(fonts),
        font_resolver: FontResolver {
            select_fallback: Box::new(select_fallback),
            ..FontResolver::default()
        },
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(RasterError::Svg)?;
    let missing = *missing.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((tree, missing))
}

/// Reads the drawing with the embedded font, with the machine's fonts beside it if a title needs them, and without the letters
/// that not even those have: a name without its emoji reads better than one with an empty box.
fn tree(svg: &str) -> Result<Tree, RasterError> {
    let mut fonts = Arc::new(embedded_fonts());
    let (mut tree, mut missing) = set(svg, &fonts)?;
    if missing.is_some() {
        Arc::make_mut(&mut fonts).load_system_fonts();
        (tree, missing) = set(svg, &fonts)?;
    }
    let mut drawing = svg.to_owned();
    // Every round takes one letter away; a title has no more different ones than this.
    for _ in 0..100 {
        let Some(letter) = missing else { break };
        drawing = drawing.replace(letter, "");
        (tree, missing) = set(&drawing, &fonts)?;
    }
    Ok(tree)
}

/// The drawing as a PNG of this width; the height follows. Looks the same on every machine: the font is in the binary.
///
/// # Errors
/// `RasterError` if the size is out of bounds or the SVG cannot be read.
pub fn png(svg: &str, width: u32) -> Result<Vec<u8>, RasterError> {
    let tree = tree(svg)?;
    let scale = width as f32 / tree.size().width();
    let height = (tree.size().height() * scale).round();
    if width == 0 || width > MAX_SIDE || !(1.0..=MAX_SIDE as f32).contains(&height) {
        return Err(RasterError::Size(width));
    }
    let mut picture = Pixmap::new(width, height as u32).ok_or(RasterError::Size(width))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture
        .encode_png()
        .map_err(|error| RasterError::Png(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::canvas::Style;

    const WORDS: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"40\" font-family=\"Noto Sans, Helvetica, sans-serif\"><text x=\"10\" y=\"30\" font-size=\"20\" fill=\"#000\">4:59 /km</text></svg>";

    fn pixels(width: u32) -> Pixmap {
        Pixmap::decode_png(&png(WORDS, width).expect("a small drawing")).expect("a whole picture")
    }

    #[test]
    fn words_are_drawn_on_a_machine_without_fonts() {
        // All letters are found in the two embedded faces, so the machine's own are never asked for.
        let (_, missing) = set(WORDS, &Arc::new(embedded_fonts())).expect("well-formed");
        assert_eq!((embedded_fonts().len(), missing), (2, None));
        let inked = pixels(200).pixels().iter().filter(|pixel| pixel.alpha() > 128).count();
        assert!((150..2000).contains(&inked), "{inked} pixels");
        let none = Options {
            fontdb: Arc::new(Database::new()),
            ..Options::default()
        };
        let blank = Tree::from_str(WORDS, &none).expect("well-formed");
        assert!(!blank.root().has_children(), "without a font the words would be gone");
    }

    #[test]
    fn a_letter_that_no_font_has_leaves_no_box() {
        // U+E000 is private: no font that is not made for it draws it. U+10FFFD likewise.
        let strange = WORDS.replace("4:59", "4\u{e000}:\u{10fffd}59");
        assert!(
            set(&strange, &Arc::new(embedded_fonts()))
                .expect("well-formed")
                .1
                .is_some()
        );
        let width = |drawing: &str| tree(drawing).expect("well-formed").root().bounding_box().width();
        assert!((width(&strange) - width(WORDS)).abs() < 0.5);
    }

    #[test]
    fn the_picture_has_the_width_that_was_asked_for() {
        assert_eq!((pixels(100).width(), pixels(100).height()), (100, 20));
        for width in [0, MAX_SIDE + 1] {
            assert!(matches!(png(WORDS, width), Err(RasterError::Size(refused)) if refused == width));
        }
        assert!(matches!(png("<svg", 100), Err(RasterError::Svg(_))));
    }

    #[test]
    fn texts_are_as_wide_as_the_layout_believes() {
        let text = "Elevation gain 1,234 m at 4:59 /km";
        for (style, weight) in [(Style::new(20.0), 400), (Style::new(20.0).bold(), 700)] {
            let drawing = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"40\"><text y=\"30\" font-size=\"20\" font-family=\"Noto Sans\" font-weight=\"{weight}\">{text}</text></svg>"
            );
            let options = Options {
                fontdb: Arc::new(embedded_fonts()),
                ..Options::default()
            };
            let tree = Tree::from_str(&drawing, &options).expect("well-formed");
            let drawn = tree.root().bounding_box().width();
            assert!(
                (f64::from(drawn) - style.width(text)).abs() < 8.0,
                "{drawn} against {}",
                style.width(text)
            );
        }
    }
}
