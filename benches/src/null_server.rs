//! A server that keeps nothing: it reads a push, says of every item that it is applied, and gives its fields back with a stamp. What is
//! measured against it is the client.

use std::io::{self, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use steadfast_core::domain::time::to_ms;
use steadfast_protocol::operation::Operation;
use steadfast_protocol::push::{
    ChangesPage, ItemResult, ItemStatus, PushItem, PushReply, PushRequest, ServerField, ServerRow,
};
use steadfast_protocol::stamp::Stamp;
use steadfast_tests::server::http::{self, Response};

const EPOCH: i64 = 1;

/// Starts one that ends with the process; its address. Its threads may use every core, unlike the measured ones.
pub fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address: SocketAddr = listener.local_addr().expect("an address");
    thread::spawn(move || {
        // Inherited by the threads of the connections.
        crate::unpin();
        for stream in listener.incoming().flatten() {
            // A client that goes away ends its connection.
            thread::spawn(move || drop(converse(&stream)));
        }
    });
    format!("http://localhost:{}", address.port())
}

fn converse(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = http::read(&mut reader)? {
        let now = to_ms(std::time::SystemTime::now());
        let response = match serde_json::from_slice::<PushRequest>(&request.body) {
            Ok(push) => Response::json(200, &reply(&push, now)),
            Err(_) => Response::json(200, &empty_page(now)),
        };
        response.write(&mut &*stream, request.accepts_gzip)?;
    }
    Ok(())
}

fn empty_page(now: i64) -> ChangesPage {
    ChangesPage {
        now,
        epoch: EPOCH,
        rows: Vec::new(),
        next_cursor: 0,
        has_more: false,
    }
}

fn reply(push: &PushRequest, now: i64) -> PushReply {
    PushReply {
        now,
        epoch: EPOCH,
        results: push.items.iter().map(|item| applied(item, now)).collect(),
    }
}

fn applied(item: &PushItem, now: i64) -> ItemResult {
    ItemResult {
        id: item.id,
        status: ItemStatus::Applied,
        code: None,
        message: None,
        retry_after_s: None,
        rows: item.operations.iter().map(|operation| row(operation, now)).collect(),
    }
}

fn row(operation: &Operation, now: i64) -> ServerRow {
    let highest = operation.fields.values().map(|edit| edit.number).max();
    // One counter an operation, as our server issues it.
    let stamp = Stamp {
        ms: now,
        n: highest.unwrap_or_default().cast_signed(),
        epoch: EPOCH,
    };
    let fields = operation.fields.iter().map(|(name, edit)| {
        let field = ServerField {
            value: edit.value.clone(),
            stamp,
            op_id: Some(operation.op_id),
            device_id: None,
            number: Some(edit.number),
        };
        (name.clone(), field)
    });
    ServerRow {
        entity_kind: operation.entity_kind,
        entity_id: operation.entity_id,
        fields: fields.collect(),
    }
}
