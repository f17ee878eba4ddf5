//! The secret with which an account speaks to its server.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::{Result, SteadfastError};

/// A bearer token. Never shown; wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// Checks that it can stand in a header.
    ///
    /// # Errors
    /// `InvalidArgument` naming `token`: empty, or with characters that no token has (RFC 6750, section 2.1).
    pub fn new(token: String) -> Result<Self> {
        let token = Zeroizing::new(token);
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if token.is_empty() || token.len() > 16 << 10 || !token.bytes().all(fits) {
            return Err(SteadfastError::invalid("token", "it is no bearer token"));
        }
        Ok(Self(token))
    }

    /// The secret itself, for the header and nothing else.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Token(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_shows_itself_nowhere_and_fits_into_a_header() {
        let token = Token::new("abc.DEF-123_~+/==".to_owned()).expect("a token");
        assert_eq!(format!("{token:?}"), "Token(hidden)");
        for wrong in ["", "two words", "line\r\nbreak", "umlaut-ä"] {
            let refused = Token::new(wrong.to_owned()).expect_err("refused").to_string();
            assert!(refused.contains("bearer") && (wrong.is_empty() || !refused.contains(wrong)));
        }
    }
}
