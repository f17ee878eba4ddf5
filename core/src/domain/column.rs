//! Columns of numbers that cross to Swift and Kotlin as one block of bytes.
//!
//! A list of 100,000 records costs 50 to 400 ms across the language border; a block of bytes costs a few. The generated code
//! lifts the bytes to `[Double]` and `DoubleArray`, `[Int64]` and `LongArray` (see `uniffi.toml`).

use steadfast_byte_block::ByteBlock;

/// Numbers as little-endian IEEE 754 binary64. An unknown value is NaN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoubleColumn(Vec<u8>);

/// Numbers as little-endian two's complement 64-bit integers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LongColumn(Vec<u8>);

uniffi::custom_type!(DoubleColumn, ByteBlock, { lower: |column| ByteBlock(column.0), try_lift: |block| Ok(DoubleColumn(block.0)) });
uniffi::custom_type!(LongColumn, ByteBlock, { lower: |column| ByteBlock(column.0), try_lift: |block| Ok(LongColumn(block.0)) });

macro_rules! column {
    ($column:ident, $number:ty) => {
        impl $column {
            /// Takes numbers that stand in their bytes already, eight a number.
            #[must_use]
            pub(crate) fn from_le_bytes(bytes: Vec<u8>) -> Self {
                debug_assert_eq!(bytes.len() % 8, 0);
                Self(bytes)
            }

            /// The number of values.
            #[must_use]
            pub fn len(&self) -> usize {
                self.0.len() / 8
            }

            /// True if there is no value.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// The values in order.
            pub fn iter(&self) -> impl Iterator<Item = $number> + '_ {
                self.0
                    .chunks_exact(8)
                    .map(|bytes| <$number>::from_le_bytes(bytes.try_into().expect("chunks_exact(8) gives 8 bytes")))
            }
        }

        impl FromIterator<$number> for $column {
            fn from_iter<I: IntoIterator<Item = $number>>(numbers: I) -> Self {
                let numbers = numbers.into_iter();
                let mut bytes = Vec::with_capacity(numbers.size_hint().0 * 8);
                for number in numbers {
                    bytes.extend_from_slice(&number.to_le_bytes());
                }
                Self(bytes)
            }
        }
    };
}

column!(DoubleColumn, f64);
column!(LongColumn, i64);
