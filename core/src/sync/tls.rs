//! Whom the device trusts to be the server.

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Result, SteadfastError};

/// Whose word counts.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The system's.
    System,
    /// These certificates' alone: a server of one's own.
    Only(Arc<RootCertStore>),
}

impl Trust {
    /// The certificates of a PEM text, or the system's.
    ///
    /// # Errors
    /// `InvalidArgument` naming `root_certificate_pem` for a text without a certificate.
    pub fn new(root_certificate_pem: Option<&str>) -> Result<Self> {
        let Some(pem) = root_certificate_pem else {
            return Ok(Self::System);
        };
        let refused = |what: String| SteadfastError::invalid("root_certificate_pem", what);
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|error| refused(format!("it is no PEM: {error}")))?;
            store
                .add(certificate)
                .map_err(|error| refused(format!("it is no certificate: {error}")))?;
        }
        if store.is_empty() {
            return Err(refused("there is no certificate in it".to_owned()));
        }
        Ok(Self::Only(Arc::new(store)))
    }

    /// What TLS is set up with. Blocks: the system's certificates may be files.
    ///
    /// # Errors
    /// What the system says.
    pub fn client_config(&self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(ring::default_provider());
        match self {
            Self::Only(store) => Ok(builder(&provider)?
                .with_root_certificates(Arc::clone(store))
                .with_no_client_auth()),
            Self::System => system(&provider),
        }
    }
}

type Builder = rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>;

fn builder(provider: &Arc<CryptoProvider>) -> Result<Builder, rustls::Error> {
    ClientConfig::builder_with_provider(Arc::clone(provider)).with_safe_default_protocol_versions()
}

/// The system decides: the keychain on Apple's systems, the certificate files elsewhere.
#[cfg(not(target_os = "android"))]
fn system(provider: &Arc<CryptoProvider>) -> Result<ClientConfig, rustls::Error> {
    use rustls_platform_verifier::BuilderVerifierExt;
    Ok(builder(provider)?.with_platform_verifier()?.with_no_client_auth())
}

/// Android's verifier speaks Java; its certificates are files that every app may read, where Go's `crypto/x509` looks as well: since
/// Android 14 in a module that is updated without the system.
#[cfg(target_os = "android")]
fn system(provider: &Arc<CryptoProvider>) -> Result<ClientConfig, rustls::Error> {
    let mut store = RootCertStore::empty();
    for folder in ["/apex/com.android.conscrypt/cacerts", "/system/etc/security/cacerts"] {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            // One that cannot be read or is out of date leaves the others.
            let certificates = CertificateDer::pem_file_iter(entry.path());
            store.add_parsable_certificates(certificates.into_iter().flatten().flatten());
        }
        if !store.is_empty() {
            break;
        }
    }
    Ok(builder(provider)?.with_root_certificates(store).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_certificate_is_refused_and_none_means_the_system() {
        assert!(matches!(Trust::new(None), Ok(Trust::System)));
        let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let cut_off = "-----BEGIN CERTIFICATE-----\nAAAA\n";
        for wrong in ["", "hello", no_certificate, cut_off] {
            let error = Trust::new(Some(wrong)).expect_err("refused");
            assert_eq!(error.code_name(), "invalid_argument", "{wrong}");
        }
    }
}
