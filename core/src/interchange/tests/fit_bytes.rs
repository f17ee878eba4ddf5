//! Small FIT files, byte by byte.

use super::super::fit_crc;

/// 2021-05-07, in FIT seconds.
pub(super) const START: u32 = 989_329_417;
#[cfg(feature = "fit")]
pub(super) const START_MS: i64 = (631_065_600 + START as i64) * 1000;

/// Collects messages; `finish` puts header and checksum around them.
pub(super) struct Fit {
    bytes: Vec<u8>,
    big_endian: bool,
}

/// Field number, base type, bytes of a little-endian value.
pub(super) type Field = (u8, u8, Vec<u8>);

pub(super) fn u8_field(number: u8, value: u8) -> Field {
    (number, 2, vec![value])
}

pub(super) fn enum_field(number: u8, value: u8) -> Field {
    (number, 0, vec![value])
}

pub(super) fn u16_field(number: u8, value: u16) -> Field {
    (number, 0x84, value.to_le_bytes().to_vec())
}

pub(super) fn u32_field(number: u8, value: u32) -> Field {
    (number, 0x86, value.to_le_bytes().to_vec())
}

pub(super) fn i32_field(number: u8, value: i32) -> Field {
    (number, 0x85, value.to_le_bytes().to_vec())
}

pub(super) fn time(seconds: u32) -> Field {
    u32_field(253, START + seconds)
}

impl Fit {
    pub(super) fn new(big_endian: bool) -> Self {
        Self {
            bytes: Vec::new(),
            big_endian,
        }
    }

    /// A definition and one message of it.
    pub(super) fn message(&mut self, local: u8, number: u16, fields: &[Field]) -> &mut Self {
        self.define(local, number, fields);
        self.data(local, fields)
    }

    pub(super) fn define(&mut self, local: u8, number: u16, fields: &[Field]) -> &mut Self {
        let count = u8::try_from(fields.len()).expect("few fields");
        self.bytes.extend([0x40 | local, 0, u8::from(self.big_endian)]);
        self.bytes.extend(if self.big_endian {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        });
        self.bytes.push(count);
        for (field, base, value) in fields {
            self.bytes
                .extend([*field, u8::try_from(value.len()).expect("short"), *base]);
        }
        self
    }

    pub(super) fn data(&mut self, header: u8, fields: &[Field]) -> &mut Self {
        self.bytes.push(header);
        for (_, base, value) in fields {
            let mut value = value.clone();
            if self.big_endian && *base != 7 {
                value.reverse();
            }
            self.bytes.extend(value);
        }
        self
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub(super) fn finish(&self) -> Vec<u8> {
        let mut file = vec![14, 0x20, 0x08, 0x08];
        file.extend(u32::try_from(self.bytes.len()).expect("small").to_le_bytes());
        file.extend(*b".FIT");
        file.extend(fit_crc(&file).to_le_bytes());
        file.extend_from_slice(&self.bytes);
        file.extend(fit_crc(&file).to_le_bytes());
        file
    }
}

/// A record in Ljubljana that goes north by about 1.1 m a second.
pub(super) fn record(second: u32) -> Vec<Field> {
    let north = 549_755_814 + i32::try_from(second).expect("small") * 119;
    vec![
        time(second),
        i32_field(0, north),
        i32_field(1, 173_000_000),
        u16_field(2, u16::try_from((300 + 500 + second / 10) * 5).expect("small")),
        u8_field(3, 120),
        u8_field(4, 85),
        u32_field(5, second * 110),
        u16_field(6, 1100),
    ]
}

/// A run of `seconds`, paused from 20 to 50.
pub(super) fn run(seconds: u32, big_endian: bool) -> Vec<u8> {
    let mut fit = Fit::new(big_endian);
    fit.message(
        0,
        0,
        &[
            enum_field(0, 4),
            u16_field(1, 1),
            u16_field(2, 3113),
            u32_field(4, START),
        ],
    );
    fit.message(1, 21, &[time(0), enum_field(0, 0), enum_field(1, 0)]);
    fit.define(2, 20, &record(0));
    for second in 0..=20 {
        fit.data(2, &record(second));
    }
    fit.data(1, &[time(20), enum_field(0, 0), enum_field(1, 4)]);
    fit.data(1, &[time(50), enum_field(0, 0), enum_field(1, 0)]);
    for second in 50..=seconds {
        fit.data(2, &record(second));
    }
    fit.data(1, &[time(seconds), enum_field(0, 0), enum_field(1, 4)]);
    fit.message(
        3,
        18,
        &[
            time(seconds + 8),
            u32_field(2, START),
            u32_field(7, seconds * 1000 + 400),
            u32_field(8, (seconds - 30) * 1000 + 200),
            u32_field(9, seconds * 110),
            u16_field(22, 3),
            enum_field(5, 1),
            enum_field(6, 0),
        ],
    );
    fit.message(4, 34, &[time(seconds + 8), u32_field(5, START + seconds + 8 + 7200)]);
    fit.finish()
}
