//! Base64 (RFC 4648, section 4) without padding, into and out of reused buffers.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of each character; 64 for a byte outside the alphabet.
const VALUES: [u8; 256] = {
    let mut values = [64; 256];
    let mut value = 0;
    while value < 64 {
        values[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    values
};

/// Appends the text of `bytes`.
pub(super) fn encode(bytes: &[u8], text: &mut Vec<u8>) {
    for group in bytes.chunks(3) {
        let mut padded = [0; 3];
        padded[..group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes([0, padded[0], padded[1], padded[2]]);
        for place in 0..=group.len() {
            text.push(ALPHABET[(bits >> (18 - 6 * place)) as usize & 63]);
        }
    }
}

/// Appends the bytes of `text`; false if it is not Base64 as [`encode`] writes it. What was appended until then stays.
pub(super) fn decode(text: &[u8], bytes: &mut Vec<u8>) -> bool {
    for group in text.chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            let value = group.get(place).map_or(0, |&character| VALUES[usize::from(character)]);
            if value == 64 {
                return false;
            }
            bits = bits << 6 | u32::from(value);
        }
        let whole = group.len() * 6 / 8;
        let decoded = bits.to_be_bytes();
        if group.len() == 1 || decoded[1 + whole..].iter().any(|&rest| rest != 0) {
            return false;
        }
        bytes.extend_from_slice(&decoded[1..=whole]);
    }
    true
}

/// The text of `bytes`.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len() * 4 / 3 + 2);
    encode(bytes, &mut text);
    text.into_iter().map(char::from).collect()
}

/// The bytes of `text`, if it is Base64 for exactly that many.
pub(super) fn array<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = Vec::with_capacity(N);
    if decode(text.as_bytes(), &mut bytes) {
        bytes.try_into().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_rfc_4648_without_padding() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
        ] {
            assert_eq!(text(bytes.as_bytes()), expected);
        }
        assert_eq!(text(&[0xff, 0xef, 0xbe]), "/+++");
    }

    #[test]
    fn what_encode_would_not_write_is_refused() {
        for text in ["Z", "Zg==", "Zh", "Zm9", "Zm 9", "Zm9vY", "Zm9\u{e4}", "-_"] {
            assert!(!decode(text.as_bytes(), &mut Vec::new()), "{text}");
        }
        assert_eq!(array::<3>("Zg"), None);
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(bytes: Vec<u8>) {
            let mut back = Vec::new();
            prop_assert!(decode(text(&bytes).as_bytes(), &mut back));
            prop_assert_eq!(back, bytes);
        }

        #[test]
        fn arbitrary_text_is_refused_or_canonical(characters: Vec<u8>) {
            let mut bytes = Vec::new();
            if decode(&characters, &mut bytes) {
                prop_assert_eq!(text(&bytes).into_bytes(), characters);
            }
        }
    }
}
