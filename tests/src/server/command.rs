//! What a scenario tells the server, and asks it: JSON in, JSON out.

use serde::Deserialize;
use serde_json::{Value, json};
use steadfast_protocol::entity::EntityKind;
use uuid::Uuid;

use super::fault::{Fault, Poison};
use super::http::RetryAfter;
use super::{Seen, Server};

/// A call of [`Server`] as JSON: `{"accept": {"token": "first", "account_id": "ada"}}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// The certificate to be trusted; null without TLS.
    Certificate {},
    /// See [`Server::accept`].
    Accept {
        /// The token.
        token: String,
        /// Whose it is.
        account_id: String,
    },
    /// See [`Server::expire`].
    Expire {
        /// The token.
        token: String,
    },
    /// See [`Server::script`].
    Script {
        /// One a push.
        faults: Vec<WrittenFault>,
    },
    /// See [`Server::weather`].
    Weather {
        /// For every request.
        fault: WrittenFault,
    },
    /// See [`Server::heal`].
    Heal {},
    /// See [`Server::poison`].
    Poison {
        /// The row.
        entity_id: Uuid,
        /// What is wrong with its changes.
        poison: Poison,
    },
    /// See [`Server::cure`].
    Cure {
        /// The row.
        entity_id: Uuid,
    },
    /// See [`Store::edit_elsewhere`](super::store::Store::edit_elsewhere).
    EditElsewhere {
        /// The account.
        account_id: String,
        /// The kind of the row.
        entity_kind: EntityKind,
        /// The row.
        entity_id: Uuid,
        /// The field.
        field: String,
        /// What the other device says.
        value: Value,
    },
    /// Every operation that came with a good token, each time it came, and how often it took effect by now.
    Operations {},
    /// Every request that came.
    Requests {},
    /// An account's rows, by kind and id.
    Rows {
        /// The account.
        account_id: String,
    },
}

/// The faults that scenarios make.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WrittenFault {
    /// See [`Fault::LoseRequest`].
    LoseRequest {},
    /// See [`Fault::LoseReply`].
    LoseReply {},
    /// A web page instead of an answer.
    Page {
        /// Its status.
        status: u16,
    },
    /// See [`Fault::Error`].
    Error {
        /// The status.
        status: u16,
        /// Our server's name for it.
        code: String,
        /// The header `Retry-After`.
        retry_after: Option<RetryAfter>,
    },
}

impl From<WrittenFault> for Fault {
    fn from(written: WrittenFault) -> Self {
        match written {
            WrittenFault::LoseRequest {} => Self::LoseRequest,
            WrittenFault::LoseReply {} => Self::LoseReply,
            WrittenFault::Page { status } => Self::page(status),
            WrittenFault::Error {
                status,
                code,
                retry_after,
            } => Self::Error(status, code, retry_after),
        }
    }
}

impl Command {
    /// Does it; the result is what was asked for, null where nothing was.
    #[must_use]
    pub fn perform(self, server: &Server) -> Value {
        match self {
            Self::Certificate {} => return json!(server.root_certificate_pem),
            Self::Accept { token, account_id } => server.accept(&token, &account_id),
            Self::Expire { token } => server.expire(&token),
            Self::Script { faults } => server.script(faults.into_iter().map(Fault::from)),
            Self::Weather { fault } => server.weather(fault.into()),
            Self::Heal {} => server.heal(),
            Self::Poison { entity_id, poison } => server.poison(entity_id, poison),
            Self::Cure { entity_id } => server.cure(entity_id),
            Self::EditElsewhere {
                account_id,
                entity_kind,
                entity_id,
                field,
                value,
            } => server.with_store(&account_id, |store| {
                store.edit_elsewhere((entity_kind, entity_id), &field, &value);
            }),
            Self::Operations {} => return operations(server),
            Self::Requests {} => return requests(server),
            Self::Rows { account_id } => return rows(server, &account_id),
        }
        Value::Null
    }
}

fn operations(server: &Server) -> Value {
    let seen = server.seen().into_iter();
    seen.map(
        |Seen {
             account,
             op_id,
             entity_id,
         }| {
            let effects = server.with_store(&account, |store| store.effects().get(&op_id).copied());
            json!({ "account_id": account, "op_id": op_id, "entity_id": entity_id, "effects": effects.unwrap_or(0) })
        },
    )
    .collect()
}

fn requests(server: &Server) -> Value {
    let came = server.came().into_iter();
    came.map(|came| json!({ "items": came.items, "is_packed": came.is_packed }))
        .collect()
}

fn rows(server: &Server, account_id: &str) -> Value {
    let rows = server.with_store(account_id, |store| store.rows()).into_iter();
    rows.map(|((entity_kind, entity_id), fields)| {
        json!({ "entity_kind": entity_kind, "entity_id": entity_id, "fields": fields })
    })
    .collect()
}
