//! The container of FIT: headers, definitions, data messages, checksums. Of what messages mean it knows only which ones carry the
//! time of the recording.
//!
//! A FIT file says how long its messages are before it gives them, so damage is noticed when a message has no definition, a
//! definition is impossible, or the bytes end. Then the decoder looks for the next place from which several messages in a row make
//! sense and goes on there; what lies between is lost, what was read before and after is kept.

use std::rc::Rc;

use super::message::{Definition, FIRST_ABSOLUTE_TIME, Field, Message, TIMESTAMP, base_size, crc16};

/// Messages in a row that must make sense before decoding goes on after damage.
const RESYNC_MESSAGES: usize = 4;
/// As many may be looked at until one of them tells the time: records alternate with messages that do not.
const RESYNC_LOOKAHEAD: usize = 16;
/// Bytes that may be lost at one damaged place, so that a file of noise costs no more than its length.
const RESYNC_REACH: usize = 1 << 20;

/// What was wrong with a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Damage {
    /// The file ends before it should.
    pub truncated: bool,
    /// Checksums that do not match.
    pub wrong_checksums: u64,
    /// Places where something was skipped.
    pub skipped: u64,
}

/// Gives every data message of the file, and of further files chained behind it, to `take`.
///
/// # Errors
/// Only what `take` returns.
pub(super) fn decode<E>(bytes: &[u8], take: &mut impl FnMut(&Message<'_>) -> Result<(), E>) -> Result<Damage, E> {
    let mut damage = Damage::default();
    let mut rest = bytes;
    while let Some((header_size, claimed)) = header(rest) {
        let claimed_end = header_size.saturating_add(claimed);
        let checksum = rest
            .get(claimed_end..claimed_end.saturating_add(2))
            .map(|crc| u16::from_le_bytes([crc[0], crc[1]]));
        // A device that lost power leaves 0 or nonsense as the size; then the messages go on to the end of the file.
        let sized = claimed > 0 && checksum.is_some();
        damage.truncated |= !sized;
        // Some programs leave the checksum at zero, which stands for "none" in the header.
        let wrong = sized && checksum != Some(0) && checksum != Some(crc16(&rest[..claimed_end]));
        damage.wrong_checksums += u64::from(wrong);
        // If the checksum is wrong and what stands behind it is no further file, the size is wrong as well.
        let behind = rest.get(claimed_end.saturating_add(2)..).unwrap_or_default();
        let believed = sized && !(wrong && !behind.is_empty() && header(behind).is_none());
        let end = if believed { claimed_end } else { rest.len() };
        Decoder::default().run(&rest[header_size..end], take, &mut damage)?;
        rest = if believed { behind } else { &[] };
    }
    damage.skipped += u64::from(!rest.is_empty() && rest.iter().any(|&byte| byte != 0));
    Ok(damage)
}

/// The sizes of header and data, if there is a header.
fn header(bytes: &[u8]) -> Option<(usize, usize)> {
    let size = usize::from(*bytes.first()?);
    let data = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?);
    let signed = bytes.get(8..12) == Some(b".FIT") && size >= 12 && size <= bytes.len();
    signed.then_some((size, usize::try_from(data).unwrap_or(usize::MAX)))
}

#[derive(Clone, Default)]
struct Definitions([Option<Rc<Definition>>; 16]);

#[derive(Clone, Default)]
struct Decoder {
    definitions: Definitions,
    /// The last time of any message, which compressed ones count on from.
    clock: Option<u32>,
    /// The last time of the recording that agrees with the one before.
    last_time: Option<u32>,
    /// The last one that does not.
    stray_time: Option<u32>,
}

/// What stands at a place.
enum Item {
    /// A definition of so many bytes, now known.
    Definition(usize),
    /// A data message of so many bytes, its header included.
    Data {
        definition: Rc<Definition>,
        length: usize,
        time: Option<u32>,
    },
    /// The bytes end within it.
    End,
    /// Nothing that can be.
    Damaged,
}

/// Messages of one recording lie closer together than this, in seconds.
const DAY_S: u32 = 86_400;

impl Decoder {
    fn run<E>(
        &mut self,
        bytes: &[u8],
        take: &mut impl FnMut(&Message<'_>) -> Result<(), E>,
        damage: &mut Damage,
    ) -> Result<(), E> {
        let mut at = 0;
        // A message is delivered when what follows it makes sense: bytes that are missing inside of it only show behind it.
        let mut held: Option<(Rc<Definition>, &[u8], Option<u32>)> = None;
        let mut deliver = |held: &mut Option<(Rc<Definition>, &[u8], Option<u32>)>| match held.take() {
            Some((definition, data, timestamp)) => take(&Message {
                definition: &definition,
                data,
                timestamp,
            }),
            None => Ok(()),
        };
        while at < bytes.len() {
            match self.item(&bytes[at..]) {
                Item::Definition(length) => at += length,
                Item::Data {
                    definition,
                    length,
                    time,
                } if !self.is_derailed(definition.recorded(time), &bytes[at + length..]) => {
                    deliver(&mut held)?;
                    self.clock = time.or(self.clock);
                    self.note(definition.recorded(time));
                    held = Some((definition, &bytes[at + 1..at + length], time));
                    at += length;
                }
                broken => {
                    let found = self.resynchronise(&bytes[at + 1..]);
                    if !matches!(broken, Item::End) {
                        held = None;
                        damage.skipped += 1;
                    }
                    let Some(skipped) = found else {
                        damage.truncated = true;
                        break;
                    };
                    damage.skipped += u64::from(matches!(broken, Item::End));
                    at += 1 + skipped;
                }
            }
        }
        deliver(&mut held)
    }

    /// True if the time is far off and what follows is damaged, or has yet another time: then the message was read from the wrong
    /// place. After a single damaged time the old one goes on, after a clock was set the new one.
    fn is_derailed(&self, time: Option<u32>, after: &[u8]) -> bool {
        let Some((time, last)) = time.zip(self.last_time) else {
            return false;
        };
        if time.abs_diff(last) <= DAY_S {
            return false;
        }
        let mut probe = self.clone();
        let mut at = 0;
        for _ in 0..RESYNC_MESSAGES {
            match probe.item(&after[at..]) {
                Item::Definition(length) => at += length,
                Item::Data {
                    definition,
                    length,
                    time: next,
                } => {
                    if let Some(next) = definition.recorded(next) {
                        return next.abs_diff(last) > DAY_S && next.abs_diff(time) > DAY_S;
                    }
                    at += length;
                }
                Item::End => return false,
                Item::Damaged => return true,
            }
        }
        false
    }

    /// Remembers a time, but not a single one that lies far off: it is damaged.
    fn note(&mut self, time: Option<u32>) {
        let Some(time) = time else { return };
        let close = |other: Option<u32>| other.is_some_and(|other| other.abs_diff(time) <= DAY_S);
        if self.last_time.is_none() || close(self.last_time) || close(self.stray_time) {
            self.last_time = Some(time);
            self.stray_time = None;
        } else {
            self.stray_time = Some(time);
        }
    }

    /// Reads what stands at the beginning of `bytes`; a definition is remembered.
    fn item(&mut self, bytes: &[u8]) -> Item {
        let Some(&first) = bytes.first() else { return Item::End };
        if first & 0xc0 == 0x40 {
            return self.define(first, bytes);
        }
        let compressed = first & 0x80 != 0;
        let local = usize::from(if compressed { (first >> 5) & 3 } else { first & 15 });
        let Some(definition) = self.definitions.0[local]
            .clone()
            .filter(|_| compressed || first & 0x30 == 0)
        else {
            return Item::Damaged;
        };
        let length = 1 + definition.size;
        let Some(data) = bytes.get(1..length) else {
            return Item::End;
        };
        // A compressed header replaces the time; a layout that has one cannot stand behind it.
        let timed = definition.fields.iter().any(|field| field.number == TIMESTAMP);
        if compressed && timed {
            return Item::Damaged;
        }
        let mut time = Message {
            definition: &definition,
            data,
            timestamp: None,
        }
        .unsigned(TIMESTAMP);
        if compressed {
            // Five bits of the time; they wrap every 32 s.
            let offset = u32::from(first & 0x1f);
            time = self
                .last_time
                .map(|last| last.wrapping_add(offset.wrapping_sub(last) & 0x1f));
        }
        Item::Data {
            definition,
            length,
            time,
        }
    }

    fn define(&mut self, first: u8, bytes: &[u8]) -> Item {
        let Some(&[_, _, architecture, low, high, count]) = bytes.first_chunk::<6>() else {
            return Item::End;
        };
        let big_endian = architecture == 1;
        let message = if big_endian {
            u16::from_be_bytes([low, high])
        } else {
            u16::from_le_bytes([low, high])
        };
        if architecture > 1 || message == u16::MAX {
            return Item::Damaged;
        }
        let mut length = 6 + 3 * usize::from(count);
        let Some(triples) = bytes.get(6..length) else {
            return Item::End;
        };
        let mut fields = Vec::with_capacity(usize::from(count));
        let mut offset = 0;
        for triple in triples.chunks_exact(3) {
            let size = usize::from(triple[1]);
            if base_size(triple[2]).is_none() {
                return Item::Damaged;
            }
            fields.push(Field {
                number: triple[0],
                base: triple[2],
                size,
                offset,
            });
            offset += size;
        }
        // Developer fields are only measured: what they mean is the developer's own.
        if first & 0x20 != 0 {
            let Some(&developer) = bytes.get(length) else {
                return Item::End;
            };
            let Some(triples) = bytes.get(length + 1..length + 1 + 3 * usize::from(developer)) else {
                return Item::End;
            };
            offset += triples
                .chunks_exact(3)
                .map(|triple| usize::from(triple[1]))
                .sum::<usize>();
            length += 1 + triples.len();
        }
        let definition = Definition {
            message,
            big_endian,
            fields,
            size: offset,
        };
        self.definitions.0[usize::from(first & 15)] = Some(Rc::new(definition));
        Item::Definition(length)
    }

    /// The offset of the next place from which [`RESYNC_MESSAGES`] messages in a row make sense (or all up to the very end), among
    /// them one whose time lies within a day of the last one.
    fn resynchronise(&self, bytes: &[u8]) -> Option<usize> {
        (0..bytes.len().min(RESYNC_REACH)).find(|&start| self.makes_sense(&bytes[start..]))
    }

    fn makes_sense(&self, bytes: &[u8]) -> bool {
        // Most places fall here without a copy of the definitions.
        let first = bytes[0];
        if first & 0xc0 != 0x40 && self.definitions.0[usize::from(first & 15)].is_none() && first & 0x80 == 0 {
            return false;
        }
        let mut probe = self.clone();
        let mut at = 0;
        let mut timed = false;
        for count in 0..RESYNC_LOOKAHEAD {
            if timed && count >= RESYNC_MESSAGES {
                return true;
            }
            match probe.item(&bytes[at..]) {
                Item::Definition(length) => at += length,
                Item::Data {
                    definition,
                    length,
                    time,
                } => {
                    // A message without fields fits everywhere and proves nothing.
                    if length == 1 {
                        return false;
                    }
                    match (definition.recorded(time), probe.last_time) {
                        (Some(time), Some(last)) if time.abs_diff(last) > DAY_S => return false,
                        (Some(_), Some(_)) => timed = true,
                        // Damage before the first record: two times that agree stand in for the last one.
                        (Some(time), None) if time < FIRST_ABSOLUTE_TIME => return false,
                        (time, None) => probe.last_time = time,
                        (None, Some(_)) => {}
                    }
                    at += length;
                }
                Item::End => return timed && at == bytes.len(),
                Item::Damaged => return false,
            }
        }
        false
    }
}
