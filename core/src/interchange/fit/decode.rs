//! The container of FIT: headers, definitions, data messages, checksums. It knows nothing of what messages mean.
//!
//! A FIT file says how long its messages are before it gives them, so damage is noticed when a message has no definition, a
//! definition is impossible, or the bytes end. Then the decoder looks for the next place from which several messages in a row make
//! sense and goes on there; what lies between is lost, what was read before and after is kept.

use std::rc::Rc;

/// The FIT epoch, 1989-12-31T00:00:00Z, in seconds since 1970.
pub(super) const EPOCH_S: i64 = 631_065_600;
/// Smaller timestamps count seconds since the device was switched on.
pub(super) const FIRST_ABSOLUTE_TIME: u32 = 0x1000_0000;
/// The field that holds a message's time, in every message.
pub(super) const TIMESTAMP: u8 = 253;
/// Messages in a row that must make sense before decoding goes on after damage.
const RESYNC_MESSAGES: usize = 4;
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

/// The layout of a kind of message, until a later definition replaces it.
#[derive(Clone, Debug)]
struct Definition {
    message: u16,
    big_endian: bool,
    fields: Vec<Field>,
    size: usize,
}

#[derive(Clone, Copy, Debug)]
struct Field {
    number: u8,
    base: u8,
    size: usize,
    offset: usize,
}

/// One data message.
pub(super) struct Message<'a> {
    definition: &'a Definition,
    data: &'a [u8],
    /// Seconds since the FIT epoch: its own field, else those of a compressed header.
    pub timestamp: Option<u32>,
}

impl Message<'_> {
    /// The number of the message.
    pub(super) fn number(&self) -> u16 {
        self.definition.message
    }

    fn bytes(&self, number: u8) -> Option<(&Field, &[u8])> {
        let field = self.definition.fields.iter().find(|field| field.number == number)?;
        Some((field, self.data.get(field.offset..field.offset + field.size)?))
    }

    /// A number, unscaled; the first of an array. `None` if absent or marked invalid, or if the field's size does not fit its type.
    pub(super) fn number_in(&self, field: u8) -> Option<f64> {
        let (field, bytes) = self.bytes(field)?;
        value(field.base, bytes, self.definition.big_endian)
    }

    /// An unsigned number of up to 32 bits.
    pub(super) fn unsigned(&self, field: u8) -> Option<u32> {
        let number = self.number_in(field)?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
        (number >= 0.0 && number <= f64::from(u32::MAX)).then_some(number as u32)
    }

    /// The raw bytes of a field.
    pub(super) fn raw(&self, field: u8) -> Option<&[u8]> {
        self.bytes(field).map(|(_, bytes)| bytes)
    }

    /// A text up to its terminating zero, trimmed; `None` if empty.
    pub(super) fn text(&self, field: u8) -> Option<String> {
        let (_, bytes) = self.bytes(field).filter(|(field, _)| field.base & 0x1f == 7)?;
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        let text = String::from_utf8_lossy(&bytes[..end]).trim().to_owned();
        (!text.is_empty()).then_some(text)
    }
}

/// Bytes of a base type.
fn base_size(base: u8) -> Option<usize> {
    Some(match base & 0x1f {
        0 | 1 | 2 | 7 | 10 | 13 => 1,
        3 | 4 | 11 => 2,
        5 | 6 | 8 | 12 => 4,
        9 | 14 | 15 | 16 => 8,
        _ => return None,
    })
}

#[allow(clippy::cast_precision_loss, reason = "no field that is read has 64 bits")]
fn value(base: u8, bytes: &[u8], big_endian: bool) -> Option<f64> {
    let size = base_size(base)?;
    let mut raw = [0_u8; 8];
    raw[..size].copy_from_slice(bytes.get(..size)?);
    if big_endian {
        raw[..size].reverse();
    }
    let bits = u64::from_le_bytes(raw);
    let all_ones = if size == 8 { u64::MAX } else { (1 << (size * 8)) - 1 };
    match base & 0x1f {
        // Signed: the largest positive value is invalid.
        1 | 3 | 5 | 14 => {
            let shift = 64 - size * 8;
            let signed = (bits << shift).cast_signed() >> shift;
            (bits != all_ones >> 1).then_some(signed as f64)
        }
        8 => (bits != all_ones).then(|| f64::from(f32::from_bits(u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]])))),
        9 => (bits != all_ones).then(|| f64::from_bits(bits)),
        // Those with a z: zero is invalid.
        10 | 11 | 12 | 16 => (bits != 0).then_some(bits as f64),
        7 => None,
        _ => (bits != all_ones).then_some(bits as f64),
    }
}

/// The checksum of FIT files (CRC-16, polynomial 0xA001), as the protocol describes it.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    const TABLE: [u16; 16] = [
        0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401, 0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801,
        0x4400,
    ];
    bytes.iter().fold(0, |crc, &byte| {
        let crc = (crc >> 4) ^ TABLE[usize::from(crc & 15)] ^ TABLE[usize::from(byte & 15)];
        (crc >> 4) ^ TABLE[usize::from(crc & 15)] ^ TABLE[usize::from(byte >> 4)]
    })
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
        let checksum = rest.get(claimed_end..claimed_end.saturating_add(2)).map(|crc| u16::from_le_bytes([crc[0], crc[1]]));
        // A device that lost power leaves 0 or nonsense as the size; then the messages go on to the end of the file.
        let whole = claimed > 0 && checksum.is_some();
        let end = if whole { claimed_end } else { rest.len() };
        damage.truncated |= !whole;
        // Some programs leave the checksum at zero, which stands for "none" in the header.
        if whole && checksum != Some(0) && checksum != Some(crc16(&rest[..claimed_end])) {
            damage.wrong_checksums += 1;
        }
        Decoder::default().run(&rest[header_size..end], take, &mut damage)?;
        rest = rest.get(end + 2..).unwrap_or_default();
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
    /// The last time that agrees with the one before.
    last_time: Option<u32>,
    /// The last one that does not.
    stray_time: Option<u32>,
}

/// What stands at a place.
enum Item {
    /// A definition of so many bytes, now known.
    Definition(usize),
    /// A data message of so many bytes, its header included.
    Data { definition: Rc<Definition>, length: usize, time: Option<u32> },
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
            Some((definition, data, timestamp)) => take(&Message { definition: &definition, data, timestamp }),
            None => Ok(()),
        };
        while at < bytes.len() {
            match self.item(&bytes[at..]) {
                Item::Definition(length) => at += length,
                Item::Data { definition, length, time } => {
                    deliver(&mut held)?;
                    held = Some((definition, &bytes[at + 1..at + length], time));
                    self.note(time);
                    at += length;
                }
                broken @ (Item::End | Item::Damaged) => {
                    let found = self.resynchronise(&bytes[at + 1..]);
                    if matches!(broken, Item::Damaged) {
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
        let Some(definition) = self.definitions.0[local].clone().filter(|_| compressed || first & 0x30 == 0) else {
            return Item::Damaged;
        };
        let length = 1 + definition.size;
        let Some(data) = bytes.get(1..length) else { return Item::End };
        let mut time = Message { definition: &definition, data, timestamp: None }.unsigned(TIMESTAMP);
        if compressed {
            // Five bits of the time; they wrap every 32 s.
            let offset = u32::from(first & 0x1f);
            time = self.last_time.map(|last| last.wrapping_add(offset.wrapping_sub(last) & 0x1f));
        }
        Item::Data { definition, length, time }
    }

    fn define(&mut self, first: u8, bytes: &[u8]) -> Item {
        let Some(&[_, _, architecture, low, high, count]) = bytes.first_chunk::<6>() else { return Item::End };
        let big_endian = architecture == 1;
        let message = if big_endian { u16::from_be_bytes([low, high]) } else { u16::from_le_bytes([low, high]) };
        if architecture > 1 || message == u16::MAX {
            return Item::Damaged;
        }
        let mut length = 6 + 3 * usize::from(count);
        let Some(triples) = bytes.get(6..length) else { return Item::End };
        let mut fields = Vec::with_capacity(usize::from(count));
        let mut offset = 0;
        for triple in triples.chunks_exact(3) {
            let size = usize::from(triple[1]);
            if base_size(triple[2]).is_none() {
                return Item::Damaged;
            }
            fields.push(Field { number: triple[0], base: triple[2], size, offset });
            offset += size;
        }
        // Developer fields are only measured: what they mean is the developer's own.
        if first & 0x20 != 0 {
            let Some(&developer) = bytes.get(length) else { return Item::End };
            let Some(triples) = bytes.get(length + 1..length + 1 + 3 * usize::from(developer)) else { return Item::End };
            offset += triples.chunks_exact(3).map(|triple| usize::from(triple[1])).sum::<usize>();
            length += 1 + triples.len();
        }
        let definition = Definition { message, big_endian, fields, size: offset };
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
        for _ in 0..RESYNC_MESSAGES {
            match probe.item(&bytes[at..]) {
                Item::Definition(length) => at += length,
                Item::Data { length, time, .. } => {
                    // A message without fields fits everywhere and proves nothing.
                    if length == 1 {
                        return false;
                    }
                    if let (Some(time), Some(last)) = (time, self.last_time) {
                        if time.abs_diff(last) > DAY_S {
                            return false;
                        }
                        timed = true;
                    }
                    at += length;
                }
                Item::End => return timed && at == bytes.len(),
                Item::Damaged => return false,
            }
        }
        timed
    }
}
