//! What is really in the store, read with SQL of its own.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension};
use steadfast_protocol::operation::{FieldEdits, OperationKind};
use steadfast_protocol::stamp::Stamp;

use crate::domain::id::Id;
use crate::outbox::edits;
use crate::outbox::layers::{self, EntityKey};
use crate::outbox::model::{OutboxStatus, Root};
use crate::outbox::rows::kind_named;

use super::words::{ACCOUNTS, Said, Shown};

/// An open event as it is stored.
#[derive(Clone, Debug)]
pub struct Event {
    pub op_id: Id,
    pub group: Option<Id>,
    pub columns: Columns,
    pub text: String,
    /// What the text says.
    pub fields: Rc<FieldEdits>,
    pub hash: Option<Vec<u8>>,
}

/// The columns of an event that are compared with the model's.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    pub account: usize,
    pub root: Root,
    pub entity: EntityKey,
    pub operation: OperationKind,
    pub status: OutboxStatus,
    pub coalescable: bool,
    pub open_epoch: i64,
    pub claim: u32,
    pub attempt: u32,
    pub max_attempts: u32,
    pub crashes: u32,
    pub not_before: Option<i64>,
    pub priority: i64,
    pub root_base: Option<Stamp>,
    pub is_new: bool,
}

impl Deref for Event {
    type Target = Columns;

    fn deref(&self) -> &Columns {
        &self.columns
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        (self.op_id, self.group) == (other.op_id, other.group)
            && self.columns == other.columns
            && self.text == other.text
            && self.hash == other.hash
    }
}

/// Every open event by its place.
pub type Mirror = BTreeMap<i64, Event>;

/// Reads the open events; what has the same text as `before` is not parsed again.
pub fn read(connection: &Connection, before: &Mirror) -> Mirror {
    let mut statement = connection
        .prepare_cached(
            "SELECT seq, account_id, op_id, root_kind, root_id, entity_kind, entity_id, operation, fields, payload_hash, group_id, status,
               coalescable, open_epoch, claim, attempt, max_attempts, crash_count, not_before_ms, priority, root_base, is_new_record
             FROM outbox WHERE completed_at_ms IS NULL ORDER BY seq",
        )
        .expect("a statement");
    let mut rows = statement.query([]).expect("rows");
    let mut mirror = Mirror::new();
    while let Some(row) = rows.next().expect("a row") {
        let seq: i64 = row.get_unwrap(0);
        let account: String = row.get_unwrap(1);
        let text: String = row.get_unwrap(8);
        let kind = |at: usize| kind_named(&row.get_unwrap::<_, String>(at)).expect("a kind");
        let id = |at: usize| Id::from_bytes(row.get_unwrap(at));
        let fields = match before.get(&seq) {
            Some(known) if known.text == text => Rc::clone(&known.fields),
            _ => Rc::new(edits::from_text(&text).expect("fields")),
        };
        let name = |at: usize| row.get_unwrap::<_, String>(at);
        let columns = Columns {
            account: ACCOUNTS.iter().position(|name| *name == account).expect("an account"),
            root: Root {
                kind: kind(3),
                id: id(4),
            },
            entity: (kind(5), id(6)),
            operation: OperationKind::from_name(&name(7)).expect("an operation"),
            status: OutboxStatus::from_name(&name(11)).expect("a status"),
            coalescable: row.get_unwrap(12),
            open_epoch: row.get_unwrap(13),
            claim: row.get_unwrap(14),
            attempt: row.get_unwrap(15),
            max_attempts: row.get_unwrap(16),
            crashes: row.get_unwrap(17),
            not_before: row.get_unwrap(18),
            priority: row.get_unwrap(19),
            root_base: row
                .get_unwrap::<_, Option<String>>(20)
                .map(|stamp| stamp.parse().expect("a stamp")),
            is_new: row.get_unwrap(21),
        };
        let event = Event {
            op_id: id(2),
            group: row.get_unwrap::<_, Option<[u8; 16]>>(10).map(Id::from_bytes),
            columns,
            text,
            fields,
            hash: row.get_unwrap(9),
        };
        mirror.insert(seq, event);
    }
    mirror
}

/// The status of an event, if there still is one.
pub fn status(connection: &Connection, seq: i64) -> Option<OutboxStatus> {
    let mut statement = connection
        .prepare_cached("SELECT status FROM outbox WHERE seq = ?1")
        .expect("a statement");
    let name: Option<String> = statement
        .query_row([seq], |row| row.get(0))
        .optional()
        .expect("a status");
    name.and_then(|name| OutboxStatus::from_name(&name))
}

/// The row that a person sees, without what is null.
pub fn shown(connection: &Connection, account: usize, key: EntityKey) -> Option<Shown> {
    let row = crate::outbox::rows::read(connection, key.0, ACCOUNTS[account], key.1).expect("a row")?;
    let sql = format!(
        "SELECT version, last_modified FROM {} WHERE account_id = ?1 AND id = ?2",
        key.0.name()
    );
    let mut statement = connection.prepare_cached(&sql).expect("a statement");
    let (version, last_modified) = statement
        .query_row((ACCOUNTS[account], key.1.as_bytes()), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("it is there");
    let mut fields = row.fields;
    fields.retain(|_, value| !value.is_null());
    Some(Shown {
        alive: row.alive,
        fields,
        version,
        last_modified,
    })
}

/// The server's layer of every row.
pub fn layer(connection: &Connection) -> BTreeMap<(usize, EntityKey), BTreeMap<String, Said>> {
    let sql = "SELECT account_id, entity_kind, entity_id, confirmed_epoch FROM server_row";
    let mut statement = connection.prepare_cached(sql).expect("a statement");
    let mut rows = statement.query([]).expect("rows");
    let mut layer = BTreeMap::new();
    while let Some(row) = rows.next().expect("a row") {
        let account: String = row.get_unwrap(0);
        let kind = kind_named(&row.get_unwrap::<_, String>(1)).expect("a kind");
        let key = (kind, Id::from_bytes(row.get_unwrap(2)));
        let stored = layers::server(connection, &account, key).expect("a layer");
        assert_eq!(stored.confirmed_epoch(), row.get_unwrap(3), "{key:?}");
        let said = stored.fields.into_iter().map(|(name, said)| {
            let of_it = Said {
                value: said.value,
                stamp: said.written.stamp,
                confirmed: said.written.confirmed_epoch,
            };
            (name, of_it)
        });
        let account = ACCOUNTS.iter().position(|name| *name == account).expect("an account");
        layer.insert((account, key), said.collect());
    }
    layer
}
