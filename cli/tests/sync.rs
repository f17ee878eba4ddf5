//! The queue and a server: what is sent, what is refused, and what the person is told.

mod common;

use std::process::Output;

use common::{Desk, text};
use serde_json::Value;
use steadfast_protocol::entity::EntityKind;
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::{Fault, Poison};

const ANNA: &str = "anna";

/// A person's desk, and the server of her account.
struct Online {
    desk: Desk,
    server: Server,
}

impl Online {
    fn new() -> Self {
        let online = Self {
            desk: Desk::new(),
            server: Server::start(),
        };
        online.server.accept("fresh", ANNA);
        online
    }

    /// The same, signed in, with two entries that wait.
    fn with_two_entries() -> Self {
        let online = Self::new();
        for line in [
            &["login", ANNA][..],
            &["habit", "add", "stretch"],
            &["metric", "add", "body_mass", "80kg"],
        ] {
            online.desk.json(line).ok();
        }
        online
    }

    fn run(&self, arguments: &[&str], token: Option<&str>) -> Output {
        let mut command = self.desk.command(arguments);
        command.env("STEADFAST_SERVER", self.server.url());
        if let Some(token) = token {
            command.env("STEADFAST_TOKEN", token);
        }
        command.output().expect("the built program")
    }

    /// Sends, and tells a person: the exit code and the words.
    fn says(&self, token: Option<&str>) -> (Option<i32>, String) {
        let output = self.run(&["sync", "once", "--deadline", "20"], token);
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    }

    /// Sends, and tells a program.
    fn json(&self, token: Option<&str>) -> Value {
        let output = self.run(&["sync", "once", "--deadline", "20", "--json"], token);
        serde_json::from_slice(&output.stdout).expect("one JSON object")
    }
}

#[test]
fn what_waits_is_sent_and_nothing_is_left() {
    let online = Online::with_two_entries();
    insta::assert_json_snapshot!(online.json(Some("fresh")), @r#"
    {
      "dead": 0,
      "failed": 0,
      "last_error": null,
      "next_attempt_at": null,
      "paused": null,
      "remaining": 0,
      "sent": 2,
      "stopped_by": "done",
      "taken": 2
    }
    "#);
    assert_eq!(online.server.seen().len(), 2);
    let (code, words) = online.says(Some("fresh"));
    assert_eq!((code, words.as_str()), (Some(0), "the server has everything\n"));
}

#[test]
fn a_refused_token_is_named_and_loses_nothing() {
    let online = Online::with_two_entries();
    for token in [None, Some("stale")] {
        let (code, words) = online.says(token);
        assert_eq!(code, Some(1), "{words}");
        assert!(words.starts_with("the server wants a fresh token\n"), "{words}");
        assert!(words.contains("waiting    2 changes\n"), "{words}");
    }
    let (code, words) = online.says(Some("fresh"));
    assert_eq!(code, Some(0), "{words}");
}

#[test]
fn a_refused_change_is_shown_with_its_reason_and_holds_up_nothing() {
    let online = Online::with_two_entries();
    let habits = online.desk.json(&["habit", "list"]).ok();
    let refused = text(&habits["logs"][0]["id"]).parse().expect("an id");
    online.server.poison(refused, Poison::Rejected);
    let (code, words) = online.says(Some("fresh"));
    insta::assert_snapshot!(words, @r"
    the server has everything that it takes
      sent       1 change
      refused    1 change: see `steadfast outbox list --status dead`
    ");
    assert_eq!(code, Some(1));
    assert_eq!(online.server.seen().len(), 2);
    let status = online.desk.json(&["sync", "status"]).ok();
    assert_eq!(
        (&status["account_id"], &status["outbox"]["dead"]),
        (&ANNA.into(), &1.into())
    );
    let dead = online.desk.run(&["sync", "status"]);
    insta::assert_snapshot!(dead.out, @r"
    signed in as anna
      waiting    0 changes
      refused    1 change: see `steadfast outbox list --status dead`
    ");
}

#[test]
fn a_server_that_is_out_of_order_is_said_and_waited_for() {
    let online = Online::with_two_entries();
    online.server.weather(Fault::error(503, "unavailable"));
    let said = online.json(Some("fresh"));
    assert_eq!(said["last_error"]["http_status"], 503, "{said}");
    assert_eq!(said["remaining"], 2);
    online.server.heal();
    assert_eq!(online.json(Some("fresh"))["remaining"], 0);
}

#[test]
fn without_a_sign_in_nothing_is_sent() {
    let online = Online::new();
    online.desk.json(&["habit", "add", "stretch"]).ok();
    let (code, words) = online.says(Some("fresh"));
    insta::assert_snapshot!(words, @"nobody is signed in; everything stays on this device");
    assert_eq!(code, Some(1));
    assert!(online.server.came().is_empty());
}

#[test]
fn an_account_that_was_deleted_on_the_server_is_remembered() {
    let online = Online::with_two_entries();
    online.server.weather(Fault::error(410, "account_deleted"));
    assert_eq!(online.json(Some("fresh"))["paused"], "account_deleted");
    assert_eq!(online.desk.json(&["sync", "status"]).ok()["paused"], "account_deleted");
}

#[test]
fn a_value_that_lost_to_another_device_is_listed_and_written_again() {
    let online = Online::with_two_entries();
    let id = text(&online.desk.json(&["habit", "list"]).ok()["logs"][0]["id"]);
    online.json(Some("fresh"));
    online.desk.json(&["habit", "edit", &id, "--notes", "mine"]).ok();
    let key = (EntityKind::HabitLog, id.parse().expect("an id"));
    online.server.with_store(ANNA, |store| {
        store.edit_elsewhere(key, "notes", &"theirs".into());
    });
    online.json(Some("fresh"));
    let listed = online.desk.json(&["sync", "conflicts"]).ok();
    let conflict = &listed["conflicts"][0];
    assert_eq!(
        (&conflict["field"], &conflict["kept_value"], &conflict["lost_value"]),
        (&"notes".into(), &"theirs".into(), &"mine".into())
    );
    let notes = || online.desk.json(&["habit", "list"]).ok()["logs"][0]["notes"].clone();
    assert_eq!(notes(), "theirs");
    let number = conflict["id"].to_string();
    online.desk.json(&["sync", "resolve", &number, "lost"]).ok();
    assert_eq!(notes(), "mine");
    assert_eq!(online.json(Some("fresh"))["stopped_by"], "done");
    assert_eq!(notes(), "mine");
    assert_eq!(online.desk.run(&["sync", "conflicts"]).out, "no conflicts\n");
    assert_eq!(
        online.desk.json(&["sync", "resolve", &number, "kept"]).error(),
        "not_found"
    );
}
