//! Does a chunk say of itself what is in it?

use crate::error::Result;

use super::bytes::damaged;
use super::codec::decode;
use super::model::{BoundingBox, Chunk};

/// Compares a chunk's checksum, row count, times and box with its content.
///
/// # Errors
/// `Transaction` with code `data_damaged` that names what differs; `Storage` with code `storage_newer_version` for a newer chunk.
pub fn verify(chunk: &Chunk) -> Result<()> {
    let content = summarize(chunk.bytes.clone(), chunk.checksum)?;
    let differing = [
        ("row count", chunk.row_count != content.row_count),
        ("first time", chunk.first_time_ms != content.first_time_ms),
        ("last time", chunk.last_time_ms != content.last_time_ms),
        ("bounding box", chunk.bounding_box != content.bounding_box),
    ];
    match differing.iter().find(|(_, differs)| *differs) {
        Some((what, _)) => Err(damaged(format!("a chunk's {what} is not that of its content"))),
        None => Ok(()),
    }
}

/// Makes a chunk of packed bytes that are sound: what stands beside them in SQL is computed from them again.
///
/// # Errors
/// As [`verify`], if the bytes are not sound.
pub fn summarize(bytes: Vec<u8>, checksum: u32) -> Result<Chunk> {
    let rows = decode(&bytes, checksum)?;
    let (Some(first), Some(last)) = (rows.time_ms.first(), rows.time_ms.last()) else {
        return Err(damaged("a chunk without rows"));
    };
    Ok(Chunk {
        first_time_ms: *first,
        last_time_ms: *last,
        row_count: u32::try_from(rows.len()).map_err(|_| damaged("a chunk of too many rows"))?,
        bounding_box: BoundingBox::around(&rows.positions_e7()),
        checksum,
        bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::Row;
    use crate::track::codec::ChunkBuilder;

    fn chunk() -> Chunk {
        let mut builder = ChunkBuilder::default();
        for time_ms in 0..50 {
            let position = i32::try_from(time_ms).expect("small") * 1000;
            let row = Row {
                time_ms,
                latitude_e7: Some(position),
                longitude_e7: Some(-position),
                ..Row::default()
            };
            builder.push(&row).expect("times increase");
        }
        builder.seal().expect("packs").expect("rows")
    }

    #[test]
    fn a_sealed_chunk_verifies_and_can_be_described_from_its_bytes_alone() {
        let chunk = chunk();
        verify(&chunk).expect("sealed here");
        assert_eq!(
            summarize(chunk.bytes.clone(), chunk.checksum).expect("sealed here"),
            chunk
        );
    }

    #[test]
    fn whatever_differs_is_named() {
        let sound = chunk();
        let wrong = [
            (
                "checksum",
                Chunk {
                    checksum: sound.checksum ^ 1,
                    ..sound.clone()
                },
            ),
            (
                "row count",
                Chunk {
                    row_count: 49,
                    ..sound.clone()
                },
            ),
            (
                "first time",
                Chunk {
                    first_time_ms: 1,
                    ..sound.clone()
                },
            ),
            (
                "last time",
                Chunk {
                    last_time_ms: 50,
                    ..sound.clone()
                },
            ),
            (
                "bounding box",
                Chunk {
                    bounding_box: None,
                    ..sound.clone()
                },
            ),
        ];
        for (what, chunk) in wrong {
            let error = verify(&chunk).expect_err(what);
            assert_eq!(error.code_name(), "data_damaged");
            assert!(error.detail().contains(what), "{}", error.detail());
        }
    }
}
