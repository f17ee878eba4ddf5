//! A certificate authority of one's own, and a server's certificate for `localhost` by it.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;

/// What [`make`] makes.
pub struct Made {
    /// What the server speaks TLS with.
    pub server: Arc<ServerConfig>,
    /// What a client has to trust.
    pub root_pem: String,
}

/// Makes both; no two calls make the same.
///
/// # Panics
/// If there is no randomness.
#[must_use]
pub fn make() -> Made {
    let key = || KeyPair::generate().expect("a key");
    let mut root = CertificateParams::default();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(root, key()).expect("an authority");
    let leaf_key = key();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()])
        .expect("a name")
        .signed_by(&leaf_key, &root)
        .expect("a certificate");
    let secret = PrivateKeyDer::try_from(leaf_key.serialize_der()).expect("a key");
    let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], secret)
        .expect("a certificate and its key");
    Made {
        server: Arc::new(server),
        root_pem: root.pem(),
    }
}
