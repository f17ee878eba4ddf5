//! The rows that a person sees, written the same way for every kind: a column for each field of the kind's table, under its name.
//!
//! The rooms read their tables with SQL of their own; nothing but this file writes them, so that a row and the outbox never part.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rusqlite::types::{Null, Value as SqlValue, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params_from_iter};
use serde_json::Value;
use steadfast_protocol::entity::{ALIVE, EntityKind, Field, FieldType};

use crate::domain::id::Id;
use crate::domain::small_map::small_map;
use crate::error::{Result, SteadfastError, TransactionCode};

/// The fields of a row by name, [`ALIVE`] not among them.
pub type Fields = BTreeMap<String, Value>;

/// A row as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRow {
    /// False for the place of a deleted row.
    pub alive: bool,
    /// Every field of the kind.
    pub fields: Fields,
}

/// How the rows of a kind are shown; the rooms whose rows have a column a field use [`Plain`].
pub trait Projection: Send + Sync {
    /// Which kind.
    fn kind(&self) -> EntityKind;

    /// Makes the row what is to be seen; `None` if there is nothing of it any more.
    ///
    /// # Errors
    /// What SQLite says.
    fn show(&self, tx: &Transaction<'_>, account_id: &str, id: Id, row: Option<&VisibleRow>) -> Result<()>;

    /// What the table shows, as far as it follows from the layers alone; `None` if it has no row.
    ///
    /// # Errors
    /// What SQLite says.
    fn shown(&self, connection: &Connection, account_id: &str, id: Id) -> Result<Option<StoredRow>>;
}

/// A row as it is to be seen: the server's fields under those that are on their way to it.
#[derive(Clone, Debug, PartialEq)]
pub struct VisibleRow {
    /// What is in it; a field that nobody ever set is missing.
    pub row: StoredRow,
    /// The highest counter among the server's stamps of its fields; 0 before the server said anything.
    pub version: i64,
    /// The highest time among them, UTC milliseconds; 0 before the server said anything.
    pub last_modified: i64,
}

/// Rows with a column for every field.
#[derive(Clone, Copy, Debug)]
pub struct Plain(pub EntityKind);

impl Projection for Plain {
    fn kind(&self) -> EntityKind {
        self.0
    }

    fn show(&self, tx: &Transaction<'_>, account_id: &str, id: Id, row: Option<&VisibleRow>) -> Result<()> {
        let Some(visible) = row else {
            let sql = format!("DELETE FROM {} WHERE account_id = ?1 AND id = ?2", self.0.name());
            tx.prepare_cached(&sql)?.execute((account_id, id.as_bytes()))?;
            return Ok(());
        };
        if stamp_if_equal(tx, self.0, account_id, id, visible)? {
            return Ok(());
        }
        let nothing = |field: &Field| (field.name.to_owned(), Value::Null);
        let mut complete: Fields = small_map(self.0.fields().iter().map(nothing));
        // What a newer version said of the row stays in the server's layer until this device has a column for it.
        let known = |name: &str| self.0.field(name).is_some();
        complete.extend(visible.row.fields.clone().into_iter().filter(|(name, _)| known(name)));
        let stamped = [("version", visible.version), ("last_modified", visible.last_modified)];
        upsert(tx, self.0, account_id, id, visible.row.alive, &complete, &stamped)
    }

    fn shown(&self, connection: &Connection, account_id: &str, id: Id) -> Result<Option<StoredRow>> {
        read(connection, self.0, account_id, id)
    }
}

/// Writes these fields of a row; makes the row where it is missing, and leaves its other fields as they are.
///
/// # Errors
/// `InvalidArgument` for a field that the kind does not have or a value that is not of its type; what SQLite says.
pub fn write(
    tx: &Transaction<'_>,
    kind: EntityKind,
    account_id: &str,
    id: Id,
    alive: bool,
    fields: &Fields,
) -> Result<()> {
    upsert(tx, kind, account_id, id, alive, fields, &[])
}

/// As [`write`], with columns that are no fields.
fn upsert(
    tx: &Transaction<'_>,
    kind: EntityKind,
    account_id: &str,
    id: Id,
    alive: bool,
    fields: &Fields,
    others: &[(&str, i64)],
) -> Result<()> {
    let mut sql = format!("INSERT INTO {} (account_id, id, alive", kind.name());
    let mut values = format!(") VALUES (?1, ?2, {}", i32::from(alive));
    let mut update = format!(
        ") ON CONFLICT (account_id, id) DO UPDATE SET alive = {}",
        i32::from(alive)
    );
    let mut parameters = vec![
        SqlValue::Text(account_id.to_owned()),
        SqlValue::Blob(id.as_bytes().to_vec()),
    ];
    let mut put = |name: &str, value: SqlValue| {
        parameters.push(value);
        let place = parameters.len().to_string();
        sql.extend([", \"", name, "\""]);
        values.extend([", ?", &place]);
        update.extend([", \"", name, "\" = excluded.\"", name, "\""]);
    };
    for (name, value) in fields {
        put(name, to_sql(field_named(kind, name)?, value)?);
    }
    for (name, value) in others {
        put(name, SqlValue::Integer(*value));
    }
    sql.push_str(&values);
    sql.push_str(&update);
    tx.prepare_cached(&sql)?.execute(params_from_iter(parameters))?;
    Ok(())
}

/// Writes the version and the time of a row that shows these very fields already; false if it does not.
///
/// Most often that is what a reply says. An upsert would take the row's entries out of every index and put them in again: 22 of the 217 µs
/// that an event took to be sent.
fn stamp_if_equal(
    tx: &Transaction<'_>,
    kind: EntityKind,
    account_id: &str,
    id: Id,
    visible: &VisibleRow,
) -> Result<bool> {
    static SQL: LazyLock<BTreeMap<EntityKind, String>> = LazyLock::new(|| {
        EntityKind::ALL
            .into_iter()
            .map(|kind| (kind, stamp_sql(kind)))
            .collect()
    });
    let mut parameters = vec![
        SqlValue::Text(account_id.to_owned()),
        SqlValue::Blob(id.as_bytes().to_vec()),
        SqlValue::Integer(visible.version),
        SqlValue::Integer(visible.last_modified),
        SqlValue::Integer(i64::from(visible.row.alive)),
    ];
    for field in kind.fields() {
        let value = visible.row.fields.get(field.name).unwrap_or(&Value::Null);
        parameters.push(to_sql(*field, value)?);
    }
    let mut statement = tx.prepare_cached(&SQL[&kind])?;
    Ok(statement.execute(params_from_iter(parameters))? > 0)
}

fn stamp_sql(kind: EntityKind) -> String {
    let mut sql = format!(
        "UPDATE {} SET version = ?3, last_modified = ?4 WHERE account_id = ?1 AND id = ?2 AND alive = ?5",
        kind.name()
    );
    for (at, field) in kind.fields().iter().enumerate() {
        sql.extend([" AND \"", field.name, "\" IS ?", &(at + 6).to_string()]);
    }
    sql
}

fn field_named(kind: EntityKind, name: &str) -> Result<Field> {
    kind.field(name)
        .ok_or_else(|| SteadfastError::invalid(name, format!("{} has no such field", kind.name())))
}

/// The row, deleted or not.
///
/// # Errors
/// What SQLite says; `DataDamaged` if a column holds what no version wrote.
pub fn read(connection: &Connection, kind: EntityKind, account_id: &str, id: Id) -> Result<Option<StoredRow>> {
    let columns: Vec<String> = kind
        .fields()
        .iter()
        .map(|field| format!("\"{}\"", field.name))
        .collect();
    let sql = format!(
        "SELECT alive, {} FROM {} WHERE account_id = ?1 AND id = ?2",
        columns.join(", "),
        kind.name()
    );
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement
        .query_row((account_id, id.as_bytes()), |row| {
            let mut fields = Fields::new();
            for (at, field) in kind.fields().iter().enumerate() {
                fields.insert(field.name.to_owned(), from_sql(*field, row, at + 1)?);
            }
            Ok(StoredRow {
                alive: row.get(0)?,
                fields,
            })
        })
        .optional()?)
}

/// True if there is such a row and it is not deleted.
///
/// # Errors
/// What SQLite says.
pub fn is_alive(connection: &Connection, kind: EntityKind, account_id: &str, id: Id) -> Result<bool> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM {} WHERE account_id = ?1 AND id = ?2 AND alive = 1)",
        kind.name()
    );
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row((account_id, id.as_bytes()), |row| row.get(0))?)
}

/// The value as the kind's field table wants it: `2` becomes `2.0` in a field of numbers.
///
/// # Errors
/// `InvalidArgument` naming the field.
pub fn normal(kind: EntityKind, name: &str, value: &Value) -> Result<Value> {
    if name == ALIVE {
        return Ok(value.clone());
    }
    let field = field_named(kind, name)?;
    to_sql(field, value).map(|stored| match (field.field_type, stored) {
        (FieldType::Real, SqlValue::Real(number)) => Value::from(number),
        _ => value.clone(),
    })
}

fn to_sql(field: Field, value: &Value) -> Result<SqlValue> {
    let fitting = match (field.field_type, value) {
        (_, Value::Null) => Some(SqlValue::from(Null)),
        (FieldType::Text, Value::String(text)) => Some(SqlValue::Text(text.clone())),
        (FieldType::Integer, Value::Number(number)) => number.as_i64().map(SqlValue::Integer),
        (FieldType::Real, Value::Number(number)) => number.as_f64().map(SqlValue::Real),
        (FieldType::Boolean, Value::Bool(flag)) => Some(SqlValue::Integer(i64::from(*flag))),
        (FieldType::Id, Value::String(text)) => Id::try_parse(text)
            .ok()
            .map(|id| SqlValue::Blob(id.as_bytes().to_vec())),
        (FieldType::Json, value) => Some(SqlValue::Text(value.to_string())),
        _ => None,
    };
    fitting.ok_or_else(|| SteadfastError::invalid(field.name, format!("not a value of type {:?}", field.field_type)))
}

fn from_sql(field: Field, row: &Row<'_>, at: usize) -> rusqlite::Result<Value> {
    let stored = row.get_ref(at)?;
    let value = match (field.field_type, stored) {
        (_, ValueRef::Null) => Some(Value::Null),
        (FieldType::Text, ValueRef::Text(text)) => std::str::from_utf8(text).ok().map(Value::from),
        (FieldType::Integer, ValueRef::Integer(number)) => Some(Value::from(number)),
        (FieldType::Real, ValueRef::Real(number)) => Some(Value::from(number)),
        (FieldType::Boolean, ValueRef::Integer(flag)) => Some(Value::from(flag != 0)),
        (FieldType::Id, ValueRef::Blob(bytes)) => Id::from_slice(bytes).ok().map(|id| Value::from(id.to_string())),
        (FieldType::Json, ValueRef::Text(text)) => serde_json::from_slice(text).ok(),
        _ => None,
    };
    value.ok_or_else(|| {
        let what = format!("{} holds what no version wrote", field.name);
        rusqlite::Error::FromSqlConversionFailure(at, stored.data_type(), what.into())
    })
}

/// The kind with this name, as stored.
///
/// # Errors
/// `DataDamaged` for a name that no version wrote.
pub fn kind_named(name: &str) -> Result<EntityKind> {
    EntityKind::from_name(name).ok_or_else(|| {
        SteadfastError::transaction(
            TransactionCode::DataDamaged,
            format!("there are no rows of kind {name:?}"),
        )
    })
}
