//! The server's stamp of a field's value: the higher one wins, whatever the values are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// `(ms, n, epoch)`, in this order. Only the server issues one. On the wire `1767225600000-1767225600000123-1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Stamp {
    /// The server's time of the edit, in milliseconds since 1970.
    pub ms: i64,
    /// The server's counter for the account; one an operation.
    pub n: i64,
    /// The server's epoch: two restores of one backup never issue the same stamp.
    pub epoch: i64,
}

impl fmt::Display for Stamp {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}-{}-{}", self.ms, self.n, self.epoch)
    }
}

impl From<Stamp> for String {
    fn from(stamp: Stamp) -> Self {
        stamp.to_string()
    }
}

/// The text is no stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoStamp(String);

impl fmt::Display for NoStamp {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:?} is no stamp", self.0)
    }
}

impl std::error::Error for NoStamp {}

impl FromStr for Stamp {
    type Err = NoStamp;

    fn from_str(text: &str) -> Result<Self, NoStamp> {
        let wrong = || NoStamp(text.to_owned());
        let mut parts = text.split('-');
        let mut next = || {
            let part = parts.next().ok_or_else(wrong)?;
            let is_plain = part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<i64>().ok().filter(|_| is_plain).ok_or_else(wrong)
        };
        let stamp = Self {
            ms: next()?,
            n: next()?,
            epoch: next()?,
        };
        if parts.next().is_some() {
            Err(wrong())
        } else {
            Ok(stamp)
        }
    }
}

impl TryFrom<String> for Stamp {
    type Error = NoStamp;

    fn try_from(text: String) -> Result<Self, NoStamp> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_counts_before_the_counter_and_the_counter_before_the_epoch() {
        let stamp = |ms, n, epoch| Stamp { ms, n, epoch };
        assert!(stamp(2, 1, 1) > stamp(1, 9, 9));
        assert!(stamp(1, 2, 1) > stamp(1, 1, 9));
        assert!(stamp(1, 1, 2) > stamp(1, 1, 1));
    }

    #[test]
    fn the_text_leads_back_and_other_texts_are_refused() {
        let stamp = Stamp {
            ms: 1_767_225_600_000,
            n: 1_767_225_600_000_123,
            epoch: 1,
        };
        assert_eq!(stamp.to_string().parse(), Ok(stamp));
        for wrong in [
            "",
            "1-2",
            "1-2-3-4",
            "-1-2-3",
            "a-2-3",
            "+1-2-3",
            "1-2-99999999999999999999",
        ] {
            assert!(wrong.parse::<Stamp>().is_err(), "{wrong}");
        }
    }
}
