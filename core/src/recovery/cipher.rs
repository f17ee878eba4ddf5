//! Optional encryption of the recovery files: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03).
//!
//! Every file draws a random prefix of 16 bytes; the nonce of a part is that prefix and an 8-byte number: 0 for the header, the
//! sequence number for a record, and two reserved ones at the top. So no nonce is used twice, and a line cannot be moved to another
//! place or file unnoticed. The workout id is authenticated with every part.

use std::fmt;

use chacha20poly1305::{AeadInOut, Key, KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::domain::id::Id;
use crate::error::{Result, SteadfastError};

/// The first 16 bytes of every nonce of a file; random, never used for two files.
pub type NoncePrefix = [u8; 16];

/// Where prefixes come from: a cryptographically secure generator. Not called when there is no key.
pub type NonceSource = Box<dyn FnMut() -> NoncePrefix + Send>;

/// The part of a file that is sealed, as the last 8 bytes of its nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Header,
    Record(u64),
    Snapshot,
    KeyCheck,
}

impl Part {
    fn number(self) -> u64 {
        match self {
            Self::Header => 0,
            // Records count from 1.
            Self::Record(seq) => seq,
            Self::Snapshot => u64::MAX,
            Self::KeyCheck => u64::MAX - 1,
        }
    }
}

/// The app's key for its recovery files: 32 bytes from the Keychain or Keystore. Its bytes are never printed, and are overwritten
/// when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryKey(Zeroizing<[u8; 32]>);

impl RecoveryKey {
    /// The key of 32 bytes.
    ///
    /// # Errors
    /// `Validation` if there are not exactly 32.
    pub fn new(bytes: &[u8]) -> Result<Self> {
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return Err(SteadfastError::invalid(
                "recovery_key",
                format!("{} bytes instead of 32", bytes.len()),
            ));
        }
        key.copy_from_slice(bytes);
        Ok(Self(key))
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RecoveryKey(hidden)")
    }
}

/// Seals and opens the parts of one file.
pub(super) struct FileCipher {
    cipher: XChaCha20Poly1305,
    prefix: NoncePrefix,
    workout_id: Id,
}

impl FileCipher {
    pub(super) fn new(key: &RecoveryKey, prefix: NoncePrefix, workout_id: Id) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(&Key::from(*key.0)),
            prefix,
            workout_id,
        }
    }

    pub(super) fn prefix(&self) -> &NoncePrefix {
        &self.prefix
    }

    fn nonce(&self, part: Part) -> XNonce {
        let mut nonce = [0; 24];
        nonce[..16].copy_from_slice(&self.prefix);
        nonce[16..].copy_from_slice(&part.number().to_be_bytes());
        XNonce::from(nonce)
    }

    /// Tells a wrong key from a damaged file: the tag of an empty text.
    pub(super) fn key_check(&self) -> [u8; 16] {
        let mut check = Vec::with_capacity(16);
        self.seal(Part::KeyCheck, &mut check);
        check
            .try_into()
            .expect("invariant: an empty text seals to its tag of 16 bytes")
    }

    /// Encrypts `text` in place and appends the tag.
    pub(super) fn seal(&self, part: Part, text: &mut Vec<u8>) {
        self.cipher
            .encrypt_in_place(&self.nonce(part), self.workout_id.as_bytes(), text)
            .expect("invariant: a line is shorter than the cipher's limit of 256 GB");
    }

    /// Undoes [`Self::seal`]; false if the text was sealed by another key, for another place or is damaged.
    #[must_use]
    pub(super) fn open(&self, part: Part, sealed: &mut Vec<u8>) -> bool {
        self.cipher
            .decrypt_in_place(&self.nonce(part), self.workout_id.as_bytes(), sealed)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cipher(key: u8, prefix: u8, workout: u128) -> FileCipher {
        let key = RecoveryKey::new(&[key; 32]).expect("32 bytes");
        FileCipher::new(&key, [prefix; 16], Id::from_u128(workout))
    }

    #[test]
    fn only_the_same_key_file_workout_and_place_opens() {
        let mut sealed = b"a position".to_vec();
        cipher(1, 1, 1).seal(Part::Record(7), &mut sealed);
        assert_eq!(sealed.len(), 10 + 16);

        let opens = |cipher: &FileCipher, part| cipher.open(part, &mut sealed.clone());
        assert!(opens(&cipher(1, 1, 1), Part::Record(7)));
        assert!(!opens(&cipher(2, 1, 1), Part::Record(7)));
        assert!(!opens(&cipher(1, 2, 1), Part::Record(7)));
        assert!(!opens(&cipher(1, 1, 2), Part::Record(7)));
        assert!(!opens(&cipher(1, 1, 1), Part::Record(8)));
        assert!(!opens(&cipher(1, 1, 1), Part::Header));

        assert!(cipher(1, 1, 1).open(Part::Record(7), &mut sealed));
        assert_eq!(sealed, b"a position");
    }

    /// draft-irtf-cfrg-xchacha-03, A.3.1: the same primitive, through the same calls.
    #[test]
    fn it_is_xchacha20_poly1305() {
        let key: Vec<u8> = (0x80..0xa0).collect();
        let cipher = XChaCha20Poly1305::new(&Key::try_from(&key[..]).expect("32 bytes"));
        let nonce: Vec<u8> = (0x40..0x58).collect();
        let aad = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let mut text =
            b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen \
            would be it."
                .to_vec();
        cipher
            .encrypt_in_place(&XNonce::try_from(&nonce[..]).expect("24 bytes"), &aad, &mut text)
            .expect("short");
        assert_eq!(text[..4], [0xbd, 0x6d, 0x17, 0x9d]);
        assert_eq!(text[text.len() - 16..][..4], [0xc0, 0x87, 0x59, 0x24]);
    }

    #[test]
    fn the_key_check_differs_by_key_and_by_file() {
        assert_eq!(cipher(1, 1, 1).key_check(), cipher(1, 1, 1).key_check());
        assert_ne!(cipher(1, 1, 1).key_check(), cipher(2, 1, 1).key_check());
        assert_ne!(cipher(1, 1, 1).key_check(), cipher(1, 2, 1).key_check());
    }

    #[test]
    fn a_key_has_32_bytes_and_does_not_show_them() {
        assert_eq!(
            RecoveryKey::new(&[1; 31]).expect_err("too short").code_name(),
            "invalid_argument"
        );
        assert_eq!(
            RecoveryKey::new(&[]).expect_err("empty").code_name(),
            "invalid_argument"
        );
        insta::assert_snapshot!(format!("{:?}", RecoveryKey::new(&[0x41; 32])), @"Ok(RecoveryKey(hidden))");
    }
}
