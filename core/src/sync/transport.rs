//! HTTP: one request, one answer or none. Decides nothing.

use std::error::Error;
use std::io::{Read, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue,
    RETRY_AFTER,
};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, Url};
use tokio::time::{Instant, timeout_at};

use crate::error::{Result, SteadfastError};

use super::classify::{HttpAnswer, NoAnswer};
use super::model::SyncConfig;
use super::tls::Trust;
use super::token::Token;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A reply has to bring so much in a sixth of the request's time, or it is not worth the battery: 100 bytes a second by default.
const LEAST_BYTES: usize = 1_000;
/// Smaller requests are not worth packing.
const PACK_BYTES: usize = 1_024;
/// A larger reply is none of our server's.
const REPLY_BYTES: u64 = 32 << 20;

/// The server, as this device reaches it.
pub struct Transport {
    base: Url,
    trust: Trust,
    total: Duration,
    /// Made for the first request, gone while nothing is sent: open connections would wake the device to be kept open.
    client: Mutex<Option<Client>>,
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
            base: base_url(config)?,
            trust: Trust::new(config.root_certificate_pem.as_deref())?,
            total: Duration::from_millis(config.request_timeout_ms.into()),
            client: Mutex::new(None),
        })
    }

    /// Sends operations: a `PushRequest` as JSON.
    ///
    /// # Errors
    /// Why nothing came back.
    pub async fn push(&self, token: &Token, body: Vec<u8>) -> Result<HttpAnswer, NoAnswer> {
        let post = self.client()?.post(self.address("v1/push"));
        let post = post.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let post = if body.len() > PACK_BYTES {
            let packed = packed(&body).map_err(|_| NoAnswer::Malformed)?;
            post.header(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
                .body(packed)
        } else {
            post.body(body)
        };
        self.send(post, token).await
    }

    /// Asks for the empty page of changes, which names the server's time and epoch.
    ///
    /// # Errors
    /// Why nothing came back.
    pub async fn time(&self, token: &Token) -> Result<HttpAnswer, NoAnswer> {
        let mut address = self.address("v1/changes");
        address.set_query(Some("cursor=0&limit=0"));
        self.send(self.client()?.get(address), token).await
    }

    /// Closes what is open.
    pub fn rest(&self) {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    async fn send(&self, request: RequestBuilder, token: &Token) -> Result<HttpAnswer, NoAnswer> {
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {}", token.reveal())).map_err(|_| NoAnswer::Malformed)?;
        // Keeps it out of whatever prints headers.
        bearer.set_sensitive(true);
        let response = request
            .header(AUTHORIZATION, bearer)
            .header(ACCEPT_ENCODING, HeaderValue::from_static("gzip"))
            .send()
            .await
            .map_err(|error| no_answer(&error))?;
        let status = response.status().as_u16();
        let retry_after = text(response.headers(), &RETRY_AFTER);
        let date = text(response.headers(), &DATE);
        let packing = text(response.headers(), &CONTENT_ENCODING);
        let body = read(response, self.total / 6).await?;
        Ok(HttpAnswer {
            status,
            retry_after,
            date,
            body: unpacked(body, packing.as_deref())?,
        })
    }

    fn client(&self) -> Result<Client, NoAnswer> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*client {
            return Ok(client.clone());
        }
        let made = self.make_client()?;
        *client = Some(made.clone());
        Ok(made)
    }

    fn make_client(&self) -> Result<Client, NoAnswer> {
        let tls = self.trust.client_config().map_err(|error| {
            tracing::warn!(%error, "TLS cannot be set up");
            NoAnswer::Certificate
        })?;
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(concat!("steadfast/", env!("CARGO_PKG_VERSION")))
            .http1_only()
            // A redirect would take the token to whoever answered.
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(self.total);
        if is_this_machine(&self.base) {
            builder = builder.no_proxy();
        }
        builder.build().map_err(|error| {
            tracing::warn!(%error, "no HTTP client");
            NoAnswer::Connection
        })
    }

    fn address(&self, path: &str) -> Url {
        let mut address = self.base.clone();
        address.set_path(&format!("{}{path}", self.base.path()));
        address
    }
}

/// The address, ending with a slash.
fn base_url(config: &SyncConfig) -> Result<Url> {
    let refused = |what: &str| Err(SteadfastError::invalid("base_url", what));
    let Ok(mut url) = Url::parse(&config.base_url) else {
        return refused("it is no address");
    };
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return refused("it has more than a host and a path");
    }
    match url.scheme() {
        "https" => {}
        "http" if config.allow_cleartext || is_this_machine(&url) => {}
        "http" => return refused("it is not https, and everyone on the way could read along"),
        _ => return refused("it is not https"),
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
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
async fn read(mut response: Response, window: Duration) -> Result<Vec<u8>, NoAnswer> {
    let mut body = Vec::new();
    let mut window_ends = Instant::now() + window;
    let mut before = 0;
    loop {
        match timeout_at(window_ends, response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                body.extend_from_slice(&chunk);
                if body.len() as u64 > REPLY_BYTES {
                    return Err(NoAnswer::Malformed);
                }
            }
            Ok(Ok(None)) => return Ok(body),
            Ok(Err(error)) if error.is_timeout() => return Err(NoAnswer::Timeout),
            // Cut off.
            Ok(Err(_)) => return Err(NoAnswer::Malformed),
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

fn no_answer(error: &reqwest::Error) -> NoAnswer {
    if error.is_timeout() {
        return NoAnswer::Timeout;
    }
    let causes = std::iter::successors(Some(error as &(dyn Error + 'static)), |error| (*error).source());
    let is_certificate = |tls: &rustls::Error| matches!(tls, rustls::Error::InvalidCertificate(_));
    if causes.filter_map(tls_error).any(is_certificate) {
        NoAnswer::Certificate
    } else {
        NoAnswer::Connection
    }
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
        let transport = Transport::new(&SyncConfig::new(base_url))?;
        Ok(transport.address("v1/push").to_string())
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
