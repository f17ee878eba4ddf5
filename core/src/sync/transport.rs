//! HTTP: one request, one answer or none. Decides nothing.

use std::error::Error;
use std::io::{ErrorKind, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderName,
    HeaderValue, RETRY_AFTER, USER_AGENT,
};
use hyper::http::request;
use hyper::http::uri::{Authority, Scheme};
use hyper::{Request, Uri};
use rustls::pki_types::ServerName;
use tokio::time::{Instant, timeout_at};

use crate::error::{Result, SteadfastError};

use super::classify::{HttpAnswer, NoAnswer};
use super::connection::{Connections, Tls};
use super::model::SyncConfig;
use super::tls::Trust;
use super::token::Token;

/// A reply has to bring so much in a sixth of the request's time, or it is not worth the battery: 100 bytes a second by default.
const LEAST_BYTES: usize = 1_000;
/// Smaller requests are not worth packing.
const PACK_BYTES: usize = 1_024;
/// A larger reply is none of our server's.
const REPLY_BYTES: u64 = 32 << 20;

/// The server, as this device reaches it.
pub struct Transport {
    server: Server,
    trust: Trust,
    total: Duration,
    /// Made for the first request, gone while nothing is sent: open connections would wake the device to be kept open.
    connections: Mutex<Option<Arc<Connections>>>,
}

/// An address that was checked.
struct Server {
    /// Scheme, host and port.
    origin: Uri,
    authority: Authority,
    name: ServerName<'static>,
    /// Ends with a slash.
    path: String,
}

impl Transport {
    /// Checks the configuration; connects to nothing.
    ///
    /// # Errors
    /// `InvalidArgument` naming the field.
    pub fn new(config: &SyncConfig) -> Result<Self> {
        let limits = [
            ("first_backoff_ms", config.first_backoff_ms, 1..=3_600_000),
            ("request_timeout_ms", config.request_timeout_ms, 100..=600_000),
            ("max_batch", config.max_batch, 1..=1_000),
        ];
        for (field, value, range) in limits {
            if !range.contains(&value) {
                let detail = format!("{value} is not between {} and {}", range.start(), range.end());
                return Err(SteadfastError::invalid(field, detail));
            }
        }
        Ok(Self {
            server: Server::new(config)?,
            trust: Trust::new(config.root_certificate_pem.as_deref())?,
            total: Duration::from_millis(config.request_timeout_ms.into()),
            connections: Mutex::new(None),
        })
    }

    /// Sends operations: a `PushRequest` as JSON.
    ///
    /// # Errors
    /// Why nothing came back.
    pub async fn push(&self, token: &Token, body: Vec<u8>) -> Result<HttpAnswer, NoAnswer> {
        let post = Request::post(self.server.target("v1/push"))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if body.len() > PACK_BYTES {
            let packed = packed(&body).map_err(|_| NoAnswer::Malformed)?;
            let post = post.header(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            self.send(post, packed, token).await
        } else {
            self.send(post, body, token).await
        }
    }

    /// Asks for the empty page of changes, which names the server's time and epoch.
    ///
    /// # Errors
    /// Why nothing came back.
    pub async fn time(&self, token: &Token) -> Result<HttpAnswer, NoAnswer> {
        let get = Request::get(self.server.target("v1/changes?cursor=0&limit=0"));
        self.send(get, Vec::new(), token).await
    }

    /// Closes what is open.
    pub fn rest(&self) {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    async fn send(&self, request: request::Builder, body: Vec<u8>, token: &Token) -> Result<HttpAnswer, NoAnswer> {
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {}", token.reveal())).map_err(|_| NoAnswer::Malformed)?;
        // Keeps it out of whatever prints headers.
        bearer.set_sensitive(true);
        let request = request
            .header(HOST, self.server.authority.as_str())
            .header(
                USER_AGENT,
                HeaderValue::from_static(concat!("steadfast/", env!("CARGO_PKG_VERSION"))),
            )
            .header(ACCEPT, HeaderValue::from_static("*/*"))
            .header(ACCEPT_ENCODING, HeaderValue::from_static("gzip"))
            .header(AUTHORIZATION, bearer)
            .body(Full::from(body))
            .map_err(|_| NoAnswer::Malformed)?;
        let answer = tokio::time::timeout(self.total, self.exchange(request)).await;
        answer.unwrap_or(Err(NoAnswer::Timeout))
    }

    /// A redirect is an answer as any other: it would take the token to whoever answered.
    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<HttpAnswer, NoAnswer> {
        let connections = self.connections()?;
        let mut reply = connections.send(request).await.map_err(|error| no_answer(&*error))?;
        let body = read(reply.response.body_mut(), self.total / 6).await?;
        let headers = reply.response.headers();
        let answer = HttpAnswer {
            status: reply.response.status().as_u16(),
            retry_after: text(headers, &RETRY_AFTER),
            date: text(headers, &DATE),
            body: unpacked(body, text(headers, &CONTENT_ENCODING).as_deref())?,
        };
        connections.keep(reply);
        Ok(answer)
    }

    fn connections(&self) -> Result<Arc<Connections>, NoAnswer> {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connections) = &*connections {
            return Ok(Arc::clone(connections));
        }
        let made = Arc::new(Connections::new(self.server.origin.clone(), self.tls()?));
        *connections = Some(Arc::clone(&made));
        Ok(made)
    }

    fn tls(&self) -> Result<Option<Tls>, NoAnswer> {
        if !self.server.is_encrypted() {
            return Ok(None);
        }
        let config = self.trust.client_config().map_err(|error| {
            tracing::warn!(%error, "TLS cannot be set up");
            NoAnswer::Certificate
        })?;
        Ok(Some(Tls {
            config: Arc::new(config),
            name: self.server.name.clone(),
        }))
    }
}

impl Server {
    fn new(config: &SyncConfig) -> Result<Self> {
        let refused = |what: &str| Err(SteadfastError::invalid("base_url", what));
        let text = config.base_url.trim();
        if !text.is_ascii() {
            return refused("a host is written in ASCII, as in xn--bcher-kva.example");
        }
        let Ok(uri) = text.parse::<Uri>() else {
            return refused("it is no address");
        };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return refused("it is no address");
        };
        // What parses an address drops a fragment without a word.
        if uri.query().is_some() || text.contains('#') || authority.as_str().contains('@') {
            return refused("it has more than a host and a path");
        }
        // Brackets are an IPv6 address's in an address alone.
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let Ok(name) = ServerName::try_from(host.to_ascii_lowercase()) else {
            return refused("its host is none");
        };
        if authority.as_str().len() > authority.host().len() && authority.port().is_none() {
            return refused("its port is none");
        }
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" => Scheme::HTTPS,
            "http" if config.allow_cleartext || is_this_machine(&name) => Scheme::HTTP,
            "http" => return refused("it is not https, and everyone on the way could read along"),
            _ => return refused("it is not https"),
        };
        let mut path = uri.path().to_owned();
        if !path.ends_with('/') {
            path.push('/');
        }
        let authority = authority.clone();
        let origin = Uri::builder()
            .scheme(scheme)
            .authority(authority.clone())
            .path_and_query("/");
        let Ok(origin) = origin.build() else {
            return refused("it is no address");
        };
        Ok(Self {
            origin,
            authority,
            name,
            path,
        })
    }

    fn is_encrypted(&self) -> bool {
        self.origin.scheme() == Some(&Scheme::HTTPS)
    }

    /// What a request to a path below the address names.
    fn target(&self, path: &str) -> String {
        format!("{}{path}", self.path)
    }
}

fn is_this_machine(name: &ServerName<'_>) -> bool {
    match name {
        ServerName::DnsName(name) => name.as_ref() == "localhost",
        ServerName::IpAddress(ip) => std::net::IpAddr::from(*ip).is_loopback(),
        _ => false,
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn packed(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}

fn unpacked(body: Vec<u8>, packing: Option<&str>) -> Result<Vec<u8>, NoAnswer> {
    match packing {
        None | Some("identity") => Ok(body),
        Some("gzip") => {
            let mut plain = Vec::new();
            let read = GzDecoder::new(&body[..]).take(REPLY_BYTES + 1).read_to_end(&mut plain);
            if read.is_err() || plain.len() as u64 > REPLY_BYTES {
                return Err(NoAnswer::Malformed);
            }
            Ok(plain)
        }
        Some(_) => Err(NoAnswer::Malformed),
    }
}

/// Reads the body. One that trickles is given up after a window in which too little came, long before the request's time is over.
async fn read(reply: &mut Incoming, window: Duration) -> Result<Vec<u8>, NoAnswer> {
    let mut body = Vec::new();
    let mut window_ends = Instant::now() + window;
    let mut before = 0;
    loop {
        match timeout_at(window_ends, reply.frame()).await {
            Ok(Some(Ok(frame))) => {
                // Else it is what follows a body, and nothing that our server says.
                if let Some(chunk) = frame.data_ref() {
                    body.extend_from_slice(chunk);
                }
                if body.len() as u64 > REPLY_BYTES {
                    return Err(NoAnswer::Malformed);
                }
            }
            Ok(None) => return Ok(body),
            Ok(Some(Err(error))) if causes(&error).any(is_timeout) => return Err(NoAnswer::Timeout),
            // Cut off.
            Ok(Some(Err(_))) => return Err(NoAnswer::Malformed),
            Err(_) => {}
        }
        if Instant::now() >= window_ends {
            if body.len() - before < LEAST_BYTES {
                return Err(NoAnswer::TooSlow);
            }
            before = body.len();
            window_ends += window;
        }
    }
}

fn no_answer(error: &(dyn Error + 'static)) -> NoAnswer {
    let is_certificate = |tls: &rustls::Error| matches!(tls, rustls::Error::InvalidCertificate(_));
    if causes(error).any(is_timeout) {
        NoAnswer::Timeout
    } else if causes(error).filter_map(tls_error).any(is_certificate) {
        NoAnswer::Certificate
    } else {
        NoAnswer::Connection
    }
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|io| io.kind() == ErrorKind::TimedOut)
}

/// The TLS error that `error` is or wraps. An I/O error that wraps another names as its source the other's source, not the other.
fn tls_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    match error.downcast_ref::<std::io::Error>() {
        Some(wrapper) => tls_error(wrapper.get_ref()?),
        None => error.downcast_ref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address_of(base_url: &str) -> Result<String> {
        let server = Server::new(&SyncConfig::new(base_url))?;
        let scheme = server.origin.scheme_str().unwrap_or_default();
        Ok(format!("{scheme}://{}{}", server.authority, server.target("v1/push")))
    }

    #[test]
    fn an_address_may_have_a_path_and_needs_encryption_unless_it_is_this_machine() {
        for (base, address) in [
            ("https://sync.example.com", "https://sync.example.com/v1/push"),
            (
                "https://example.com/steadfast/",
                "https://example.com/steadfast/v1/push",
            ),
            ("https://example.com/a/b", "https://example.com/a/b/v1/push"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/push"),
            ("http://localhost:8080", "http://localhost:8080/v1/push"),
            ("http://[::1]:8080", "http://[::1]:8080/v1/push"),
            (" HTTPS://Example.com ", "https://Example.com/v1/push"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example/v1/push"),
        ] {
            assert_eq!(address_of(base).as_deref(), Ok(address));
        }
        for wrong in [
            "",
            "sync.example.com",
            "http://sync.example.com",
            "http://localhost.example.com",
            "ftp://example.com",
            "https://user:secret@example.com",
            "https://example.com/?token=secret",
            "https://example.com/#a",
            "https://",
            "https://b\u{fc}cher.example",
            "https://two words.example",
            "https://example.com:99999",
            "https://example.com:",
            "http://127.0.0.1.example.com",
        ] {
            let error = address_of(wrong).expect_err(wrong);
            assert!(error.code_name() == "invalid_argument" && !error.to_string().contains("secret"));
        }
        let cleartext = SyncConfig {
            allow_cleartext: true,
            ..SyncConfig::new("http://10.0.2.2:8080")
        };
        assert!(Transport::new(&cleartext).is_ok());
    }

    #[test]
    fn limits_are_checked() {
        let base = || SyncConfig::new("https://example.com");
        for wrong in [
            SyncConfig { max_batch: 0, ..base() },
            SyncConfig {
                max_batch: 1_001,
                ..base()
            },
            SyncConfig {
                first_backoff_ms: 0,
                ..base()
            },
            SyncConfig {
                request_timeout_ms: 10,
                ..base()
            },
        ] {
            assert!(Transport::new(&wrong).is_err());
        }
    }

    #[test]
    fn a_packed_body_comes_back_and_a_bomb_or_a_fragment_does_not() {
        let body = br#"{"now":1}"#.repeat(1_000);
        let small = packed(&body).expect("packed");
        assert!(small.len() < body.len() / 20);
        assert_eq!(unpacked(small.clone(), Some("gzip")), Ok(body.clone()));
        assert_eq!(
            unpacked(small[..small.len() / 2].to_vec(), Some("gzip")),
            Err(NoAnswer::Malformed)
        );
        assert_eq!(unpacked(body.clone(), Some("br")), Err(NoAnswer::Malformed));
        assert_eq!(unpacked(body.clone(), None), Ok(body));
        let bomb = packed(&vec![0; 33 << 20]).expect("packed");
        assert_eq!(unpacked(bomb, Some("gzip")), Err(NoAnswer::Malformed));
    }
}
