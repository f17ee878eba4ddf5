//! Reading and writing the small parts of a chunk: bytes and variable-length integers (LEB128, signed ones zigzagged first).

use crate::error::{Result, SteadfastError, TransactionCode};

/// What a reader says of bytes that no packer wrote.
pub(super) fn damaged(detail: impl Into<String>) -> SteadfastError {
    SteadfastError::transaction(TransactionCode::DataDamaged, detail)
}

/// Maps integers near zero, of either sign, to small unsigned ones: 0, −1, 1, −2, … to 0, 1, 2, 3, …
pub(super) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// The inverse of [`zigzag`].
pub(super) fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// Appends an unsigned integer, seven bits a byte, the lowest first.
pub(super) fn write_unsigned(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Appends a signed integer.
pub(super) fn write_signed(out: &mut Vec<u8>, value: i64) {
    write_unsigned(out, zigzag(value));
}

/// What is left of a chunk's bytes.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
}

impl Reader<'_> {
    pub(super) fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.rest.split_first().ok_or_else(|| damaged("the chunk ends early"))?;
        self.rest = rest;
        Ok(*first)
    }

    pub(super) fn unsigned(&mut self) -> Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(damaged("a number has more than 64 bits"))
    }

    pub(super) fn signed(&mut self) -> Result<i64> {
        self.unsigned().map(unzigzag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn integers_come_back(values: Vec<i64>) {
            let mut bytes = Vec::new();
            for value in &values {
                write_signed(&mut bytes, *value);
                write_unsigned(&mut bytes, value.cast_unsigned());
            }
            let mut reader = Reader { rest: &bytes };
            for value in values {
                prop_assert_eq!(reader.signed().expect("written above"), value);
                prop_assert_eq!(reader.unsigned().expect("written above"), value.cast_unsigned());
            }
            prop_assert!(reader.rest.is_empty());
        }
    }

    #[test]
    fn a_number_that_is_cut_or_too_long_is_damage() {
        assert!(Reader { rest: &[0x80] }.unsigned().is_err());
        assert!(Reader { rest: &[0xff; 11] }.unsigned().is_err());
        let seventy_bits = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
        assert!(Reader { rest: &seventy_bits }.unsigned().is_err());
    }
}
