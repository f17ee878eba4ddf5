//! What the writers share: text, numbers and times as they stand in files.

use std::fmt::{self, Write};

/// Escapes text for XML. Control characters, which XML 1.0 cannot hold in any form, are left out.
pub(super) struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&apos;")?,
                // A reader turns a bare carriage return into a line feed.
                '\r' => f.write_str("&#13;")?,
                '\t' | '\n' => f.write_char(c)?,
                '\u{fffe}' | '\u{ffff}' => {}
                c if c.is_control() && c < ' ' => {}
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A quantum with its decimals: `Decimal(-5, 7)` is `-0.0000005`. No floating point, so reading it again gives the same quantum.
pub(super) struct Decimal(pub i32, pub u32);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u32.pow(self.1);
        let magnitude = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let width = self.1 as usize;
        write!(f, "{sign}{}.{:0width$}", magnitude / scale, magnitude % scale)
    }
}

/// The name of the writing program, in every format.
pub(super) const CREATOR: &str = "Steadfast";
