//! The grammar of a journal line, written and read (docs/formats/recovery.md).
//!
//! A line is a JSON object whose last member is the CRC-32 of the bytes before `,"crc"`:
//! `{"seq":7,"fix":[1769843700123,86400123,481234567,115678901,52012,45,80,312,2754,"satellite"],"crc":"9f3a01bc"}`.
//! Numbers are integers in quanta, unknown is `null`.
//!
//! Reading has to keep up with a fold that costs half a microsecond a record, so fixes and readings as this module
//! writes them are parsed by hand in one pass, without looking for the end of the line first; everything else goes
//! through `serde_json`.

use serde::Deserialize;

use crate::domain::record::Record;
use crate::domain::sample::{Fix, LocationSource, Reading};
use crate::domain::tally::RejectReason;
use crate::domain::time::Moment;

use super::base64;
use super::cipher::{FileCipher, Part};
use super::model::MAX_BOOT_ID_BYTES;

const CRC_KEY: &[u8] = b",\"crc\":\"";
/// `,"crc":"9f3a01bc"}`
const CRC_BYTES: usize = CRC_KEY.len() + 8 + 2;
const SEQ_KEY: &[u8] = b"{\"seq\":";
const SEALED_KEY: &[u8] = b",\"sealed\":\"";

/// Appends the line of a record, with its line feed. `text` is room for the sealed form, reused between lines.
pub(super) fn write_record(
    line: &mut Vec<u8>,
    seq: u64,
    record: &Record,
    cipher: Option<&FileCipher>,
    text: &mut Vec<u8>,
) {
    let start = line.len();
    line.extend_from_slice(SEQ_KEY);
    line.extend_from_slice(itoa::Buffer::new().format(seq).as_bytes());
    match cipher {
        None => {
            line.push(b',');
            write_member(line, record);
        }
        Some(cipher) => {
            text.clear();
            write_member(text, record);
            cipher.seal(Part::Record(seq), text);
            line.extend_from_slice(SEALED_KEY);
            base64::encode(text, line);
            line.push(b'"');
        }
    }
    finish(line, start);
}

/// Appends the checksum of what stands from `start` on, the closing brace and the line feed.
pub(super) fn finish(line: &mut Vec<u8>, start: usize) {
    let crc = crc32fast::hash(&line[start..]);
    line.extend_from_slice(CRC_KEY);
    line.extend_from_slice(&hex(crc));
    line.extend_from_slice(b"\"}\n");
}

fn hex(crc: u32) -> [u8; 8] {
    std::array::from_fn(|place| b"0123456789abcdef"[(crc >> (28 - 4 * place)) as usize & 15])
}

/// Appends the member that says what happened: `"fix":[…]`.
fn write_member(line: &mut Vec<u8>, record: &Record) {
    match record {
        Record::Fix(fix) => {
            open(line, "fix", fix.time_ms, fix.elapsed_ms);
            integer(line, Some(fix.latitude_e7));
            integer(line, Some(fix.longitude_e7));
            integer(line, fix.altitude_cm);
            integer(line, fix.horizontal_accuracy_dm);
            integer(line, fix.vertical_accuracy_dm);
            integer(line, fix.speed_cmps);
            integer(line, fix.course_ddeg);
            line.extend_from_slice(match fix.source {
                LocationSource::Satellite => b",\"satellite\"]",
                LocationSource::Fused => b",\"fused\"]",
                LocationSource::Network => b",\"network\"]",
            });
        }
        Record::Reading(reading) => {
            open(line, "reading", reading.time_ms, reading.elapsed_ms);
            integer(line, reading.heart_rate_bpm);
            integer(line, reading.cadence_rpm);
            integer(line, reading.power_w);
            integer(line, reading.distance_cm);
            integer(line, reading.altitude_cm);
            integer(line, reading.speed_cmps);
            line.push(b']');
        }
        Record::Rejected(reason) => {
            line.extend_from_slice(b"\"rejected\":\"");
            line.extend_from_slice(reason.name().as_bytes());
            line.push(b'"');
        }
        Record::Pause(moment) => write_moment(line, "pause", moment),
        Record::Resume(moment) => write_moment(line, "resume", moment),
        Record::Lap(moment) => write_moment(line, "lap", moment),
        Record::Stop(moment) => write_moment(line, "stop", moment),
        Record::Interrupted { moment, boot_id } => {
            open(line, "interrupted", moment.wall_ms, moment.elapsed_ms);
            line.push(b',');
            match boot_id.as_deref().filter(|id| id.len() <= MAX_BOOT_ID_BYTES) {
                Some(id) => line.extend_from_slice(serde_json::Value::from(id).to_string().as_bytes()),
                None => line.extend_from_slice(b"null"),
            }
            line.push(b']');
        }
    }
}

fn write_moment(line: &mut Vec<u8>, name: &str, moment: &Moment) {
    open(line, name, moment.wall_ms, moment.elapsed_ms);
    line.push(b']');
}

fn open(line: &mut Vec<u8>, name: &str, time_ms: i64, elapsed_ms: Option<i64>) {
    line.push(b'"');
    line.extend_from_slice(name.as_bytes());
    line.extend_from_slice(b"\":[");
    line.extend_from_slice(itoa::Buffer::new().format(time_ms).as_bytes());
    integer(line, elapsed_ms);
}

fn integer<I: itoa::Integer>(line: &mut Vec<u8>, value: Option<I>) {
    line.push(b',');
    match value {
        Some(value) => line.extend_from_slice(itoa::Buffer::new().format(value).as_bytes()),
        None => line.extend_from_slice(b"null"),
    }
}

/// Parses the line that `bytes` starts with, if it is a fix or a reading exactly as [`write_record`] writes it and its
/// checksum holds: sequence number, record and the length of the line with its line feed. `None` says nothing but "not
/// this way".
pub(super) fn parse_canonical(bytes: &[u8]) -> Option<(u64, Record, usize)> {
    let mut cursor = Cursor { bytes, at: 0 };
    cursor.expect(SEQ_KEY)?;
    let seq = u64::try_from(cursor.integer()?).ok()?;
    cursor.expect(b",")?;
    let record = cursor.member()?;
    let crc = crc32fast::hash(&bytes[..cursor.at]);
    cursor.expect(CRC_KEY)?;
    cursor.expect(&hex(crc))?;
    cursor.expect(b"\"}\n")?;
    Some((seq, record, cursor.at))
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    #[inline]
    fn expect(&mut self, text: &[u8]) -> Option<()> {
        self.bytes
            .get(self.at..)?
            .starts_with(text)
            .then(|| self.at += text.len())
    }

    /// An integer as JSON writes it, of at most 18 digits, so that it cannot overflow; times in milliseconds have 13.
    #[inline]
    fn integer(&mut self) -> Option<i64> {
        let rest = self.bytes.get(self.at..)?;
        let negative = rest.first() == Some(&b'-');
        let digits = &rest[usize::from(negative)..];
        let mut value = 0_i64;
        let mut count = 0;
        while let Some(digit) = digits
            .get(count)
            .map(|byte| byte.wrapping_sub(b'0'))
            .filter(|&digit| digit < 10)
        {
            if count == 18 {
                return None;
            }
            value = value * 10 + i64::from(digit);
            count += 1;
        }
        // No digit; a leading zero; minus zero, which is a float to JSON.
        if count == 0 || digits[0] == b'0' && (count > 1 || negative) {
            return None;
        }
        self.at += usize::from(negative) + count;
        Some(if negative { -value } else { value })
    }

    #[inline]
    fn next_i32(&mut self) -> Option<i32> {
        self.expect(b",")?;
        i32::try_from(self.integer()?).ok()
    }

    /// A comma, then an integer or `null`; the outer `None` is for anything else.
    #[inline]
    #[allow(clippy::option_option, reason = "not canonical, null, and a number are three things")]
    fn next_optional<I: TryFrom<i64>>(&mut self) -> Option<Option<I>> {
        self.expect(b",")?;
        if self.bytes.get(self.at) == Some(&b'n') {
            self.expect(b"null")?;
            return Some(None);
        }
        I::try_from(self.integer()?).ok().map(Some)
    }

    fn member(&mut self) -> Option<Record> {
        if self.expect(b"\"fix\":[").is_some() {
            let fix = Fix {
                time_ms: self.integer()?,
                elapsed_ms: self.next_optional()?,
                latitude_e7: self.next_i32()?,
                longitude_e7: self.next_i32()?,
                altitude_cm: self.next_optional()?,
                horizontal_accuracy_dm: self.next_optional()?,
                vertical_accuracy_dm: self.next_optional()?,
                speed_cmps: self.next_optional()?,
                course_ddeg: self.next_optional()?,
                source: self.source()?,
            };
            return Some(Record::Fix(fix));
        }
        self.expect(b"\"reading\":[")?;
        let reading = Reading {
            time_ms: self.integer()?,
            elapsed_ms: self.next_optional()?,
            heart_rate_bpm: self.next_optional()?,
            cadence_rpm: self.next_optional()?,
            power_w: self.next_optional()?,
            distance_cm: self.next_optional()?,
            altitude_cm: self.next_optional()?,
            speed_cmps: self.next_optional()?,
        };
        self.expect(b"]")?;
        Some(Record::Reading(reading))
    }

    #[inline]
    fn source(&mut self) -> Option<LocationSource> {
        if self.expect(b",\"satellite\"]").is_some() {
            return Some(LocationSource::Satellite);
        }
        if self.expect(b",\"fused\"]").is_some() {
            return Some(LocationSource::Fused);
        }
        self.expect(b",\"network\"]").map(|()| LocationSource::Network)
    }
}

/// What a line with a right checksum says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line {
    /// The header, which every file repeats.
    Header,
    /// A record.
    Record(u64, Record),
}

/// Reads one line without its line feed, whatever its layout: `None` if the checksum is wrong, it is not JSON, it says
/// nothing this build knows, or it is sealed and `cipher` does not open it.
pub(super) fn read(line: &[u8], cipher: Option<&FileCipher>) -> Option<Line> {
    let body = body(line)?;
    if body.starts_with(super::envelope::HEADER_KEY) {
        return Some(Line::Header);
    }
    let text = [body, b"}"].concat();
    let parsed: Parsed = serde_json::from_slice(&text).ok()?;
    let Some(sealed) = parsed.sealed else {
        return parsed.record().map(|(seq, record)| Line::Record(seq, record));
    };
    let mut member = Vec::with_capacity(sealed.len());
    if !base64::decode(sealed.as_bytes(), &mut member) || !cipher?.open(Part::Record(parsed.seq), &mut member) {
        return None;
    }
    let mut cursor = Cursor { bytes: &member, at: 0 };
    if let Some(record) = cursor.member().filter(|_| cursor.at == member.len()) {
        return Some(Line::Record(parsed.seq, record));
    }
    let text = [b"{\"seq\":0,", &member[..], b"}"].concat();
    let opened: Parsed = serde_json::from_slice(&text).ok()?;
    opened.record().map(|(_, record)| Line::Record(parsed.seq, record))
}

/// What the checksum covers, if it holds: the line up to `,"crc"`.
pub(super) fn body(line: &[u8]) -> Option<&[u8]> {
    let (body, suffix) = line.split_at_checked(line.len().checked_sub(CRC_BYTES)?)?;
    let crc = suffix.strip_prefix(CRC_KEY)?.strip_suffix(b"\"}")?;
    (crc == hex(crc32fast::hash(body))).then_some(body)
}

/// The whole lines inside a damaged one, such as two that a damaged line feed joined. Their beginnings and ends cannot
/// occur within a JSON string, where a quotation mark stands behind a backslash.
pub(super) fn salvage(damaged: &[u8]) -> impl Iterator<Item = &[u8]> {
    let starts = |bytes: &[u8]| bytes.starts_with(SEQ_KEY) || bytes.starts_with(super::envelope::HEADER_KEY);
    (0..damaged.len())
        .filter(move |&at| starts(&damaged[at..]))
        .filter_map(|at| {
            let line = &damaged[at..];
            let end = line.windows(CRC_KEY.len()).position(|window| window == CRC_KEY)? + CRC_BYTES;
            line.get(..end).filter(|line| body(line).is_some())
        })
}

type FixColumns = (
    i64,
    Option<i64>,
    i32,
    i32,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    LocationSource,
);
type ReadingColumns = (
    i64,
    Option<i64>,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    Option<i32>,
    Option<i32>,
);
type MomentColumns = (i64, Option<i64>);

/// A line as `serde_json` types it.
#[derive(Deserialize)]
struct Parsed {
    seq: u64,
    fix: Option<FixColumns>,
    reading: Option<ReadingColumns>,
    rejected: Option<RejectReason>,
    pause: Option<MomentColumns>,
    resume: Option<MomentColumns>,
    lap: Option<MomentColumns>,
    interrupted: Option<(i64, Option<i64>, Option<String>)>,
    stop: Option<MomentColumns>,
    sealed: Option<String>,
}

impl Parsed {
    /// The first thing that the line says happened.
    fn record(self) -> Option<(u64, Record)> {
        let moment = |(wall_ms, elapsed_ms): MomentColumns| Moment { wall_ms, elapsed_ms };
        let record = if let Some(c) = self.fix {
            Record::Fix(Fix {
                time_ms: c.0,
                elapsed_ms: c.1,
                latitude_e7: c.2,
                longitude_e7: c.3,
                altitude_cm: c.4,
                horizontal_accuracy_dm: c.5,
                vertical_accuracy_dm: c.6,
                speed_cmps: c.7,
                course_ddeg: c.8,
                source: c.9,
            })
        } else if let Some(c) = self.reading {
            Record::Reading(Reading {
                time_ms: c.0,
                elapsed_ms: c.1,
                heart_rate_bpm: c.2,
                cadence_rpm: c.3,
                power_w: c.4,
                distance_cm: c.5,
                altitude_cm: c.6,
                speed_cmps: c.7,
            })
        } else if let Some(reason) = self.rejected {
            Record::Rejected(reason)
        } else if let Some(columns) = self.pause {
            Record::Pause(moment(columns))
        } else if let Some(columns) = self.resume {
            Record::Resume(moment(columns))
        } else if let Some(columns) = self.lap {
            Record::Lap(moment(columns))
        } else if let Some((wall_ms, elapsed_ms, boot_id)) = self.interrupted {
            Record::Interrupted {
                moment: Moment { wall_ms, elapsed_ms },
                boot_id,
            }
        } else {
            Record::Stop(moment(self.stop?))
        };
        Some((self.seq, record))
    }
}

#[cfg(test)]
mod tests;
