//! One message of a FIT file: its layout, its fields, the numbers in them.

use super::profile::message;

/// The FIT epoch, 1989-12-31T00:00:00Z, in seconds since 1970.
pub(super) const EPOCH_S: i64 = 631_065_600;
/// Smaller timestamps count seconds since the device was switched on.
pub(super) const FIRST_ABSOLUTE_TIME: u32 = 0x1000_0000;
/// The field that holds a message's time, in every message.
pub(super) const TIMESTAMP: u8 = 253;

/// The layout of a kind of message, until a later definition replaces it.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub message: u16,
    pub big_endian: bool,
    pub fields: Vec<Field>,
    /// Bytes of a message, developer fields included.
    pub size: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub number: u8,
    pub base: u8,
    pub size: usize,
    pub offset: usize,
}

impl Definition {
    /// The time, if it is one of the recording's own: records and events. Settings carry the time at which they were last changed.
    pub(super) fn recorded(&self, time: Option<u32>) -> Option<u32> {
        time.filter(|_| matches!(self.message, message::RECORD | message::EVENT))
    }
}

/// One data message.
pub(super) struct Message<'a> {
    pub definition: &'a Definition,
    pub data: &'a [u8],
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
pub(super) fn base_size(base: u8) -> Option<usize> {
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
        8 => {
            (bits != all_ones).then(|| f64::from(f32::from_bits(u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]))))
        }
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
        0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401, 0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01,
        0x8801, 0x4400,
    ];
    bytes.iter().fold(0, |crc, &byte| {
        let crc = (crc >> 4) ^ TABLE[usize::from(crc & 15)] ^ TABLE[usize::from(byte & 15)];
        (crc >> 4) ^ TABLE[usize::from(crc & 15)] ^ TABLE[usize::from(byte >> 4)]
    })
}
