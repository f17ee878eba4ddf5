//! The rules of the metrics' table, on a real file.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use steadfast_protocol::entity::EntityKind;

use super::*;
use crate::database::Database;
use crate::domain::account::LOCAL_ACCOUNT;
use crate::metrics::model::NewProgressEntry;
use crate::outbox::rows::{self, Fields};

/// 2026-01-01T00:00:00Z.
const START_MS: i64 = 1_767_225_600_000;
const HOUR_MS: i64 = 3_600_000;

fn open() -> (tempfile::TempDir, Database) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = Database::open(folder.path(), Id::from_u128(1)).expect("a new database");
    (folder, database)
}

fn entry(kind: MetricKind, quantity: f64, unit: MetricUnit, hours: i64) -> Fields {
    let at = from_ms(START_MS + hours * HOUR_MS);
    rules::fields(&NewProgressEntry::new(kind, quantity, unit, at)).expect("sound")
}

fn mass(kg: f64, hours: i64) -> Fields {
    entry(MetricKind::BodyMass, kg, MetricUnit::Kilogram, hours)
}

fn with(mut fields: Fields, changes: &[(&str, Value)]) -> Fields {
    fields.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    fields
}

/// Puts rows under the ids 1, 2, 3 …
fn put(database: &Database, account_id: &'static str, alive: bool, entries: Vec<Fields>) {
    let written = database.write(move |tx| {
        for (n, fields) in (1..).zip(&entries) {
            rows::write(
                tx,
                EntityKind::ProgressEntry,
                account_id,
                Id::from_u128(n),
                alive,
                fields,
            )?;
        }
        Ok(())
    });
    written.wait().expect("written");
}

fn filled(entries: Vec<Fields>) -> (tempfile::TempDir, Database) {
    let (folder, database) = open();
    put(&database, LOCAL_ACCOUNT, true, entries);
    (folder, database)
}

fn page(database: &Database, query: ProgressEntryQuery) -> Result<ProgressEntryPage> {
    database.read(move |conn| list(conn, LOCAL_ACCOUNT, &query)).wait()
}

/// All pages of a query, one after the other: the quantities.
fn pages(database: &Database, mut query: ProgressEntryQuery) -> Vec<f64> {
    let mut quantities = Vec::new();
    loop {
        let page = page(database, query.clone()).expect("a page");
        assert!(page.entries.len() <= query.limit as usize);
        quantities.extend(page.entries.into_iter().map(|entry| entry.quantity));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return quantities,
        }
    }
}

fn days(database: &Database, kind: MetricKind, from: &str, to: &str) -> Vec<DailyTotal> {
    let (from, to) = (from.parse().expect("a date"), to.parse().expect("a date"));
    let read = database.read(move |conn| daily(conn, LOCAL_ACCOUNT, kind, from, to));
    read.wait().expect("totals")
}

fn by_kind(kind: MetricKind) -> ProgressEntryQuery {
    ProgressEntryQuery {
        kind: Some(kind),
        ..ProgressEntryQuery::default()
    }
}

#[test]
fn what_was_written_is_read_back_as_it_was_entered() {
    let fields = with(
        entry(MetricKind::BodyMass, 182.5, MetricUnit::Pound, 0),
        &[
            ("utc_offset_s", json!(-18_000)),
            ("date", json!("2025-12-31")),
            ("notes", json!("after\nlunch")),
            ("source", json!("scale")),
            ("external_id", json!("17")),
            ("backend_id", json!("b-1")),
        ],
    );
    let (_folder, database) = filled(vec![fields]);
    let id = Id::from_u128(1);
    let expected = ProgressEntry {
        id,
        kind: MetricKind::BodyMass,
        quantity: 182.5,
        unit: MetricUnit::Pound,
        quantity_si: 82.780_607_525,
        recorded_at: from_ms(START_MS),
        utc_offset_s: Some(-18_000),
        date: "2025-12-31".parse().expect("a date"),
        notes: Some("after\nlunch".to_owned()),
        source: Some("scale".to_owned()),
        external_id: Some("17".to_owned()),
        backend_id: Some("b-1".to_owned()),
        version: 0,
        last_modified: None,
    };
    let read = database.read(move |conn| {
        Ok((
            get(conn, LOCAL_ACCOUNT, id)?,
            latest(conn, LOCAL_ACCOUNT, MetricKind::BodyMass)?,
        ))
    });
    assert_eq!(read.wait().expect("read"), (Some(expected.clone()), Some(expected)));
}

#[test]
fn pages_of_any_size_give_every_entry_once_and_newest_first() {
    let (_folder, database) = filled((0..11).map(|n| mass(70.0 + f64::from(n), n.into())).collect());
    for limit in [1, 2, 3, 10, 11, 12, 1000] {
        let query = ProgressEntryQuery {
            limit,
            ..ProgressEntryQuery::default()
        };
        let expected: Vec<f64> = (0..11).rev().map(|n| 70.0 + f64::from(n)).collect();
        assert_eq!(pages(&database, query), expected, "limit {limit}");
    }
}

#[test]
fn entries_of_one_moment_keep_their_order_over_pages() {
    let (_folder, database) = filled((0..7).map(|n| mass(70.0 + f64::from(n), 0)).collect());
    let query = ProgressEntryQuery {
        limit: 2,
        ..ProgressEntryQuery::default()
    };
    assert_eq!(pages(&database, query), [76.0, 75.0, 74.0, 73.0, 72.0, 71.0, 70.0]);
    let newest = database.read(|conn| latest(conn, LOCAL_ACCOUNT, MetricKind::BodyMass));
    assert_eq!(newest.wait().expect("read").map(|entry| entry.quantity), Some(76.0));
}

#[test]
fn filters_by_kind_and_time_hold_together_and_with_pages() {
    let steps = |n: i32| entry(MetricKind::Steps, f64::from(n), MetricUnit::Count, n.into());
    let (_folder, database) = filled(
        (1..12)
            .map(|n| {
                if n % 3 == 0 {
                    steps(n)
                } else {
                    mass(f64::from(n), n.into())
                }
            })
            .collect(),
    );
    let at = |hours: i64| Some(from_ms(START_MS + hours * HOUR_MS));
    let query = ProgressEntryQuery {
        limit: 2,
        ..by_kind(MetricKind::Steps)
    };
    assert_eq!(pages(&database, query.clone()), [9.0, 6.0, 3.0]);
    assert_eq!(
        pages(
            &database,
            ProgressEntryQuery {
                from: at(6),
                until: at(9),
                ..query
            }
        ),
        [6.0],
        "until is outside"
    );
    let all = ProgressEntryQuery {
        from: at(3),
        until: at(6),
        limit: 2,
        ..ProgressEntryQuery::default()
    };
    assert_eq!(pages(&database, all), [5.0, 4.0, 3.0]);
}

#[test]
fn a_query_that_makes_no_sense_is_refused() {
    let (_folder, database) = filled(vec![mass(80.0, 0)]);
    for query in [
        ProgressEntryQuery {
            limit: 0,
            ..ProgressEntryQuery::default()
        },
        ProgressEntryQuery {
            limit: 1001,
            ..ProgressEntryQuery::default()
        },
        ProgressEntryQuery {
            after: Some("x".to_owned()),
            ..ProgressEntryQuery::default()
        },
        by_kind(MetricKind::Unknown),
    ] {
        assert_eq!(
            page(&database, query).expect_err("refused").code_name(),
            "invalid_argument"
        );
    }
}

#[test]
fn another_account_and_a_deleted_row_show_nothing() {
    let (_folder, database) = open();
    put(&database, "somebody", true, vec![mass(80.0, 0)]);
    put(&database, LOCAL_ACCOUNT, false, vec![mass(80.0, 0)]);
    let read = database.read(|conn| get(conn, LOCAL_ACCOUNT, Id::from_u128(1)));
    assert_eq!(read.wait().expect("read"), None);
    assert_eq!(pages(&database, ProgressEntryQuery::default()), [0.0; 0]);
    assert_eq!(days(&database, MetricKind::BodyMass, "2025-01-01", "2027-01-01"), []);
}

#[test]
fn what_a_newer_version_wrote_is_listed_beside_what_this_one_knows() {
    let (_folder, database) = filled(vec![
        mass(80.0, 0),
        with(
            mass(40.0, 1),
            &[
                ("kind", json!("grip_strength")),
                ("unit", json!("newton")),
                ("quantity_si", json!(392.3)),
            ],
        ),
        with(mass(12.5, 2), &[("unit", json!("slug")), ("quantity_si", json!(182.4))]),
        with(
            mass(81.0, 3),
            &[("date", json!("some day")), ("utc_offset_s", json!(1_i64 << 40))],
        ),
        with(mass(82.0, 4), &[("kind", Value::Null), ("date", Value::Null)]),
        // In metres no mass is entered; the row says so all the same.
        with(mass(83.0, 5), &[("unit", json!("m")), ("quantity_si", json!(83.5))]),
    ]);
    let seen: Vec<_> = page(&database, ProgressEntryQuery::default())
        .expect("a page")
        .entries
        .into_iter()
        .map(|entry| {
            format!(
                "{:?} {} {:?} = {} {}",
                entry.kind, entry.quantity, entry.unit, entry.quantity_si, entry.date
            )
        })
        .collect();
    insta::assert_snapshot!(seen.join("\n"), @r"
    BodyMass 83 Metre = 83.5 2026-01-01
    Unknown 82 Kilogram = 82 2026-01-01
    BodyMass 81 Kilogram = 81 2026-01-01
    BodyMass 12.5 Unknown = 182.4 2026-01-01
    Unknown 40 Unknown = 392.3 2026-01-01
    BodyMass 80 Kilogram = 80 2026-01-01
    ");
    let totals = days(&database, MetricKind::BodyMass, "2026-01-01", "2026-01-01");
    assert_eq!(totals.len(), 1);
    assert_eq!(
        (totals[0].count, totals[0].sum_si, totals[0].latest_si),
        (3, 80.0 + 182.4 + 83.5, 83.5)
    );
}

#[test]
fn a_row_that_arrived_in_part_is_no_entry_yet() {
    for part in ["quantity", "quantity_si", "recorded_at_ms"] {
        let (_folder, database) = filled(vec![with(mass(80.0, 0), &[(part, Value::Null)]), mass(70.0, 1)]);
        assert_eq!(pages(&database, ProgressEntryQuery::default()), [70.0], "{part}");
        assert_eq!(pages(&database, by_kind(MetricKind::BodyMass)), [70.0], "{part}");
        assert_eq!(
            days(&database, MetricKind::BodyMass, "2026-01-01", "2026-01-01")[0].count,
            1,
            "{part}"
        );
        let read = database.read(|conn| get(conn, LOCAL_ACCOUNT, Id::from_u128(1)));
        assert_eq!(read.wait().expect("read"), None, "{part}");
    }
}

#[test]
fn a_base_quantity_that_two_devices_tore_apart_follows_from_quantity_and_unit() {
    // One device corrected the quantity, the other the unit; the base quantity is the first one's.
    let torn = with(mass(180.0, 0), &[("unit", json!("lb"))]);
    let (_folder, database) = filled(vec![torn]);
    let listed = page(&database, ProgressEntryQuery::default()).expect("a page").entries[0].quantity_si;
    let total = days(&database, MetricKind::BodyMass, "2026-01-01", "2026-01-01").remove(0);
    let shown = [
        listed,
        total.sum_si,
        total.average_si,
        total.minimum_si,
        total.maximum_si,
        total.latest_si,
    ];
    assert_eq!(shown.map(f64::to_bits), [81.646_626_6_f64.to_bits(); 6]);
}

#[test]
fn a_day_s_totals_are_those_of_its_date() {
    let dated = |kg, hours, date: &str| with(mass(kg, hours), &[("date", json!(date))]);
    let (_folder, database) = filled(vec![
        dated(80.0, 5, "2026-01-02"),
        dated(82.0, 9, "2026-01-02"),
        dated(78.0, 7, "2026-01-02"),
        dated(90.0, 0, "2026-01-01"),
        dated(70.0, 50, "2026-01-04"),
        dated(60.0, 60, "2026-01-05"),
        entry(MetricKind::Steps, 1000.0, MetricUnit::Count, 5),
    ]);
    let totals = days(&database, MetricKind::BodyMass, "2026-01-02", "2026-01-04");
    assert_eq!(
        totals.len(),
        2,
        "both ends are included, days without an entry left out"
    );
    let expected = DailyTotal {
        date: "2026-01-02".parse().expect("a date"),
        count: 3,
        sum_si: 240.0,
        average_si: 80.0,
        minimum_si: 78.0,
        maximum_si: 82.0,
        latest_si: 82.0,
    };
    assert_eq!(totals[0], expected);
    assert_eq!(totals[1].date.to_string(), "2026-01-04");
}

#[test]
fn lists_lookups_and_totals_use_an_index_and_sort_no_more_than_a_day() {
    let (_folder, database) = filled(vec![mass(80.0, 0)]);
    let plan = |conn: &Connection, sql: &str| {
        let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("valid SQL");
        let values = vec![rusqlite::types::Value::Null; statement.parameter_count()];
        let lines = statement
            .query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3))
            .expect("a plan")
            .collect::<rusqlite::Result<Vec<_>>>();
        lines.expect("a plan").join("; ")
    };
    let plans = database.read(move |conn| {
        Ok([
            get_sql(),
            KNOWN_SQL.to_owned(),
            list_sql(false),
            list_sql(true),
            daily_sql(MetricKind::BodyMass),
        ]
        .map(|sql| plan(conn, &sql))
        .join("\n"))
    });
    insta::assert_snapshot!(plans.wait().expect("plans"), @r"
    SEARCH progress_entry USING INDEX sqlite_autoindex_progress_entry_1 (account_id=? AND id=?)
    SEARCH progress_entry USING INDEX sqlite_autoindex_progress_entry_1 (account_id=? AND id=?)
    SEARCH progress_entry USING INDEX progress_entry_by_time (account_id=? AND recorded_at_ms>? AND (recorded_at_ms,id)<(?,?))
    SEARCH progress_entry USING INDEX progress_entry_by_kind (account_id=? AND kind=? AND recorded_at_ms>? AND (recorded_at_ms,id)<(?,?))
    SEARCH progress_entry USING INDEX progress_entry_by_date (account_id=? AND kind=? AND date>? AND date<?); CORRELATED SCALAR SUBQUERY 1; SEARCH progress_entry USING INDEX progress_entry_by_date (account_id=? AND kind=? AND date=?); USE TEMP B-TREE FOR ORDER BY
    ");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// SQL's totals are those that anyone would add up by hand.
    #[test]
    fn totals_are_the_sums_of_the_days_entries(
        entries in proptest::collection::vec((0.2_f64..999.0, 0_usize..5, 0_i64..200), 1..60),
    ) {
        let units = MetricKind::BodyMass.units();
        let written = entries.iter().map(|(kg, unit, hours)| {
            let quantity = units[*unit].quantity_of_si(*kg).expect("a unit of this version");
            entry(MetricKind::BodyMass, quantity, units[*unit], *hours)
        });
        let (_folder, database) = filled(written.collect());
        let listed = page(&database, ProgressEntryQuery { limit: 1000, ..ProgressEntryQuery::default() }).expect("a page").entries;
        let mut by_day: BTreeMap<CivilDate, Vec<f64>> = BTreeMap::new();
        for entry in listed {
            by_day.entry(entry.date).or_default().push(entry.quantity_si);
        }
        let totals = days(&database, MetricKind::BodyMass, "2026-01-01", "2026-12-31");
        prop_assert_eq!(totals.len(), by_day.len());
        for (total, (date, newest_first)) in totals.into_iter().zip(by_day) {
            let (sum, count) = (newest_first.iter().sum::<f64>(), newest_first.len());
            prop_assert_eq!((total.date, total.count, total.latest_si), (date, count as u64, newest_first[0]));
            prop_assert!((total.sum_si - sum).abs() < 1e-9 * sum);
            #[allow(clippy::cast_precision_loss, reason = "at most sixty")]
            let average = sum / count as f64;
            prop_assert!((total.average_si - average).abs() < 1e-9 * sum);
            let least = newest_first.iter().copied().fold(f64::INFINITY, f64::min);
            let most = newest_first.iter().copied().fold(0.0, f64::max);
            prop_assert_eq!([total.minimum_si, total.maximum_si].map(f64::to_bits), [least, most].map(f64::to_bits));
        }
    }
}
