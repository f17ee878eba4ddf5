//! Connections to the server: made, kept while they are of use. Decides nothing.
//!
//! Straight on `hyper`: a client that also follows redirects, keeps cookies, reads proxies from the environment and knows the world's domain
//! names takes half a megabyte more of the library, and all of that would have to be turned off (`docs/size.md`).

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tower_service::Service;

/// Name, connection and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection on which nothing comes is probed so often, and dead after three silent probes.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const KEEP_ALIVE_PROBES: u32 = 3;
/// What was sent has to be acknowledged by then.
#[cfg(any(target_os = "android", target_os = "linux"))]
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(30);

/// Whatever went wrong on the way; its causes say what.
pub type ConnectionError = Box<dyn Error + Send + Sync>;

type Sender = SendRequest<Full<Bytes>>;

/// What TLS needs to know.
pub struct Tls {
    /// The versions, the ciphers and who is trusted.
    pub config: Arc<ClientConfig>,
    /// To whom the certificate must be made out.
    pub name: ServerName<'static>,
}

/// The open connections to one server.
pub struct Connections {
    server: Uri,
    tcp: HttpConnector,
    tls: Option<Tls>,
    /// Those that wait for the next request.
    idle: Mutex<Vec<Sender>>,
}

/// A reply whose body is still to be read, and the connection on which it comes.
pub struct Reply {
    /// The reply.
    pub response: Response<Incoming>,
    sender: Sender,
}

/// Bytes, encrypted or not: in a box, so that HTTP is compiled once for both.
trait Stream: hyper::rt::Read + hyper::rt::Write + Send + Unpin {}

impl<S: hyper::rt::Read + hyper::rt::Write + Send + Unpin> Stream for S {}

impl Connections {
    /// To the host and port of `server`; connects to nothing.
    #[must_use]
    pub fn new(server: Uri, tls: Option<Tls>) -> Self {
        // It tries IPv6 and IPv4 side by side, where a name has both.
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
        tcp.set_keepalive(Some(KEEP_ALIVE));
        tcp.set_keepalive_interval(Some(KEEP_ALIVE));
        tcp.set_keepalive_retries(Some(KEEP_ALIVE_PROBES));
        #[cfg(any(target_os = "android", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(ACKNOWLEDGED_WITHIN));
        Self {
            server,
            tcp,
            tls,
            idle: Mutex::default(),
        }
    }

    /// Sends a request. It goes out twice only if it was not sent at all: the server may close an idle connection at any moment.
    ///
    /// # Errors
    /// Why no reply began.
    pub async fn send(&self, mut request: Request<Full<Bytes>>) -> Result<Reply, ConnectionError> {
        while let Some(mut sender) = self.take_idle() {
            if sender.ready().await.is_err() {
                continue;
            }
            match sender.try_send_request(request).await {
                Ok(response) => return Ok(Reply { response, sender }),
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(error.into_error().into()),
                },
            }
        }
        let connected = timeout(CONNECT_TIMEOUT, self.connect()).await;
        let mut sender = connected.map_err(std::io::Error::from)??;
        let response = sender.send_request(request).await?;
        Ok(Reply { response, sender })
    }

    /// Keeps the connection of a reply whose body was read to its end. Any other is closed when the reply is dropped.
    pub fn keep(&self, reply: Reply) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(reply.sender);
    }

    fn take_idle(&self) -> Option<Sender> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    async fn connect(&self) -> Result<Sender, ConnectionError> {
        let tcp = self.tcp.clone().call(self.server.clone()).await?;
        let stream: Box<dyn Stream> = match &self.tls {
            None => Box::new(tcp),
            Some(tls) => {
                let connector = TlsConnector::from(Arc::clone(&tls.config));
                let stream = connector.connect(tls.name.clone(), tcp.into_inner()).await?;
                Box::new(TokioIo::new(stream))
            }
        };
        let (sender, connection) = http1::handshake(stream).await?;
        // Ends with the sender, or when the server hangs up; whoever waits for a reply hears of it there.
        tokio::spawn(connection);
        Ok(sender)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::sync::mpsc;

    use http_body_util::BodyExt;
    use hyper::header::HOST;

    use super::*;

    /// Answers two requests on each connection, and then hangs up as the second answer says. Gives the number of each connection's requests.
    fn server() -> (Uri, mpsc::Receiver<usize>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}/", listener.local_addr().expect("bound"));
        let (count, counts) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(stream.try_clone().expect("cloned")).lines();
                let mut answered = 0;
                for header in ["", "connection: close\r\n"] {
                    if !lines.by_ref().flatten().any(|line| line.is_empty()) {
                        break;
                    }
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n{header}\r\nok");
                    (&stream).write_all(answer.as_bytes()).expect("written");
                    answered += 1;
                }
                count.send(answered).expect("the test listens");
            }
        });
        (address.parse().expect("an address"), counts)
    }

    #[tokio::test]
    async fn a_connection_carries_the_next_request_until_the_server_hangs_up() {
        let (address, counts) = server();
        let connections = Connections::new(address, None);
        for _ in 0..4 {
            let request = Request::get("/").header(HOST, "here").body(Full::default());
            let mut reply = connections.send(request.expect("a request")).await.expect("a reply");
            let body = reply.response.body_mut().collect().await.expect("a body");
            assert_eq!(body.to_bytes(), "ok");
            connections.keep(reply);
        }
        assert_eq!((counts.recv(), counts.recv()), (Ok(2), Ok(2)));
        drop(connections);
        assert!(counts.try_recv().is_err(), "there was no third connection");
    }

    #[tokio::test]
    async fn a_connection_whose_reply_is_dropped_is_closed() {
        let (address, counts) = server();
        let connections = Connections::new(address, None);
        let request = Request::get("/").header(HOST, "here").body(Full::default());
        drop(connections.send(request.expect("a request")).await.expect("a reply"));
        // What the connection's task still has to do.
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        assert_eq!(counts.recv_timeout(Duration::from_secs(5)), Ok(1));
    }
}
