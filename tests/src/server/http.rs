//! As much of HTTP/1.1 as the tests need.

use std::fmt::Write as _;
use std::io::{self, BufRead, Read, Write};
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use serde::{Deserialize, Serialize};
use steadfast_protocol::push::{ErrorBody, ErrorReply};

/// A request.
#[derive(Debug)]
pub struct Request {
    /// Method and path: `POST /v1/push`.
    pub target: String,
    /// The bearer token, if there is one.
    pub token: Option<String>,
    /// True if a reply may be packed.
    pub accepts_gzip: bool,
    /// True if the body came packed.
    pub is_packed: bool,
    /// The body, unpacked.
    pub body: Vec<u8>,
}

/// Reads the next request; `None` at the connection's end.
///
/// # Errors
/// If the connection breaks or it is not HTTP.
pub fn read(stream: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let target = format!(
        "{} {}",
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default()
    );
    let (mut length, mut token, mut accepts_gzip, mut is_packed) = (0, None, false, false);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().map_err(io::Error::other)?,
            "authorization" => token = value.strip_prefix("Bearer ").map(str::to_owned),
            "accept-encoding" => accepts_gzip = value.contains("gzip"),
            "content-encoding" => is_packed = value == "gzip",
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    if is_packed {
        let mut plain = Vec::new();
        GzDecoder::new(&body[..]).read_to_end(&mut plain)?;
        body = plain;
    }
    Ok(Some(Request {
        target,
        token,
        accepts_gzip,
        is_packed,
        body,
    }))
}

/// When a client may come again, as the header `Retry-After` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// In so many seconds.
    Seconds(i64),
    /// At the date that is so many seconds after the response's own.
    Date(i64),
}

/// A response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    status: u16,
    content_type: &'static str,
    retry_after: Option<RetryAfter>,
    body: Vec<u8>,
}

impl Response {
    /// A JSON value.
    ///
    /// # Panics
    /// If it cannot be written.
    #[must_use]
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        Self {
            status,
            content_type: "application/json",
            retry_after: None,
            body: serde_json::to_vec(value).expect("JSON"),
        }
    }

    /// Our server's own error.
    #[must_use]
    pub fn error(status: u16, code: &str, now: i64, epoch: i64) -> Self {
        let error = ErrorBody {
            code: code.to_owned(),
            message: "scripted".to_owned(),
        };
        Self::json(status, &ErrorReply { error, now, epoch })
    }

    /// A web page.
    #[must_use]
    pub fn page(status: u16) -> Self {
        Self {
            status,
            content_type: "text/html",
            retry_after: None,
            body: b"<html><body>Welcome. Please accept the terms of use.</body></html>".to_vec(),
        }
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The same with a header `Retry-After`.
    #[must_use]
    pub fn retry_after(self, retry_after: Option<RetryAfter>) -> Self {
        Self { retry_after, ..self }
    }

    /// The same with the first half of its body.
    #[must_use]
    pub fn halved(mut self) -> Self {
        self.body.truncate(self.body.len() / 2);
        self
    }

    fn head(&self, length: usize, is_packed: bool) -> String {
        let now_s = steadfast_core::domain::time::to_ms(std::time::SystemTime::now()) / 1_000;
        let mut head = format!(
            "HTTP/1.1 {} Scripted\r\nDate: {}\r\nContent-Type: {}\r\nContent-Length: {length}\r\n",
            self.status,
            http_date(now_s),
            self.content_type
        );
        if is_packed {
            head.push_str("Content-Encoding: gzip\r\n");
        }
        match self.retry_after {
            None => Ok(()),
            Some(RetryAfter::Seconds(seconds)) => write!(head, "Retry-After: {seconds}\r\n"),
            Some(RetryAfter::Date(seconds)) => write!(head, "Retry-After: {}\r\n", http_date(now_s + seconds)),
        }
        .expect("a string takes everything");
        head.push_str("\r\n");
        head
    }

    /// Writes it, packed if that is worth it.
    ///
    /// # Errors
    /// If the connection breaks.
    pub fn write(&self, stream: &mut impl Write, accepts_gzip: bool) -> io::Result<()> {
        let mut body = self.body.clone();
        let is_packed = accepts_gzip && body.len() > 1_000;
        if is_packed {
            body.clear();
            GzEncoder::new(&self.body[..], Compression::fast()).read_to_end(&mut body)?;
        }
        stream.write_all(self.head(body.len(), is_packed).as_bytes())?;
        stream.write_all(&body)?;
        stream.flush()
    }

    /// Writes half of it.
    ///
    /// # Errors
    /// If the connection breaks.
    pub fn write_half(&self, stream: &mut impl Write) -> io::Result<()> {
        stream.write_all(self.head(self.body.len(), false).as_bytes())?;
        stream.write_all(&self.body[..self.body.len() / 2])?;
        stream.flush()
    }

    /// Writes it byte by byte.
    ///
    /// # Errors
    /// If the connection breaks, which is what the client is expected to do.
    pub fn trickle(&self, stream: &mut impl Write, pause: Duration) -> io::Result<()> {
        stream.write_all(self.head(self.body.len(), false).as_bytes())?;
        for byte in &self.body {
            stream.write_all(&[*byte])?;
            stream.flush()?;
            thread::sleep(pause);
        }
        Ok(())
    }
}

/// A moment, in seconds since 1970, as HTTP writes it.
fn http_date(at_s: i64) -> String {
    let (days, second) = (at_s.div_euclid(86_400), at_s.rem_euclid(86_400));
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][usize::try_from(days.rem_euclid(7)).unwrap_or(0)];
    // Howard Hinnant's civil_from_days.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let names = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let name = names[usize::try_from(month - 1).unwrap_or(0)];
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{weekday}, {day:02} {name} {year} {hour:02}:{minute:02}:{second:02} GMT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_request_is_read_and_the_next_one_after_it() {
        let mut packed = Vec::new();
        GzEncoder::new(&b"{}"[..], Compression::fast())
            .read_to_end(&mut packed)
            .expect("packed");
        let mut bytes = format!(
            "POST /v1/push HTTP/1.1\r\nauthorization: Bearer abc\r\ncontent-encoding: gzip\r\nContent-Length: {}\r\n\r\n",
            packed.len()
        )
        .into_bytes();
        bytes.extend(packed);
        bytes.extend(b"GET /x HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n");
        let mut stream = &bytes[..];
        let first = read(&mut stream).expect("read").expect("a request");
        assert_eq!(
            (first.target.as_str(), first.token.as_deref(), &first.body[..]),
            ("POST /v1/push", Some("abc"), &b"{}"[..])
        );
        assert!(read(&mut stream).expect("read").expect("a request").accepts_gzip);
        assert!(read(&mut stream).expect("read").is_none());
    }

    #[test]
    fn a_date_is_written_as_in_rfc_9110() {
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
