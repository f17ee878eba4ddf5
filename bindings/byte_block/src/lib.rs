//! Bytes that cross to Swift and Kotlin in one piece.
//!
//! `UniFFI` 0.32 writes a `Vec<u8>` byte by byte: 10 million calls for the columns of a 100,000-row track, more than reading it takes. This is the
//! same type on the other side (`ByteArray`, `Data`), written by one copy. A crate of its own, because a converter is an `unsafe` trait
//! and the core forbids `unsafe`; there is nothing unsafe in it but the word.

use uniffi::deps::anyhow::{Result, bail};
use uniffi::{FfiConverter, MetadataBuffer, TypeId};

/// Bytes, as `Vec<u8>` is on the other side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByteBlock(pub Vec<u8>);

const LENGTH_BYTES: usize = 4;

// SAFETY: the layout is that of `Vec<u8>`, whose type it says it has: the length as a big-endian `i32`, then the bytes. The tests compare.
unsafe impl<UT> FfiConverter<UT> for ByteBlock {
    uniffi::ffi_converter_rust_buffer_lift_and_lower!(UT);

    fn write(block: Self, buffer: &mut Vec<u8>) {
        let length = i32::try_from(block.0.len()).expect("invariant: what crosses the border is below 2 GB");
        buffer.reserve(LENGTH_BYTES + block.0.len());
        buffer.extend_from_slice(&length.to_be_bytes());
        buffer.extend_from_slice(&block.0);
    }

    fn try_read(buffer: &mut &[u8]) -> Result<Self> {
        let Some((length, rest)) = buffer.split_first_chunk::<LENGTH_BYTES>() else {
            bail!("no length");
        };
        let length = usize::try_from(i32::from_be_bytes(*length))?;
        let Some((bytes, rest)) = rest.split_at_checked(length) else {
            bail!("{length} bytes were to come, {} are there", rest.len());
        };
        *buffer = rest;
        Ok(Self(bytes.to_vec()))
    }

    const TYPE_ID_META: MetadataBuffer = <Vec<u8> as TypeId<UT>>::TYPE_ID_META;
}

uniffi::derive_ffi_traits!(blanket ByteBlock);

#[cfg(test)]
mod tests {
    use uniffi::{Lift, Lower};

    use super::*;

    struct Tag;

    #[test]
    fn it_is_written_and_read_as_a_vector_of_bytes_is() {
        for bytes in [vec![], vec![7], (0..=255).collect::<Vec<u8>>()] {
            let (mut block, mut vector) = (Vec::new(), Vec::new());
            <ByteBlock as Lower<Tag>>::write(ByteBlock(bytes.clone()), &mut block);
            <Vec<u8> as Lower<Tag>>::write(bytes.clone(), &mut vector);
            assert_eq!(block, vector);
            vector.push(9);
            let mut rest = vector.as_slice();
            assert_eq!(<ByteBlock as Lift<Tag>>::try_read(&mut rest).unwrap(), ByteBlock(bytes));
            assert_eq!(rest, [9]);
        }
    }

    #[test]
    fn a_length_that_lies_is_an_error() {
        for mut bytes in [&[0, 0][..], &[0, 0, 0, 3, 1, 2], &[255, 255, 255, 255, 1]] {
            assert!(<ByteBlock as Lift<Tag>>::try_read(&mut bytes).is_err());
        }
    }
}
