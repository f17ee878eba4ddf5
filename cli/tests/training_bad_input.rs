//! Quantities, days, dates and files that cannot be: one typed error each, and nothing written.

mod common;

use common::Desk;

/// What the core refuses: exit code 1, a typed error.
#[test]
fn what_cannot_be_is_refused_by_its_field() {
    let desk = Desk::new();
    let huge = "x".repeat(10_001);
    for (arguments, field) in [
        (vec!["metric", "add", "body_mass", "NaN"], "quantity"),
        (vec!["metric", "add", "body_mass", "infkg"], "quantity"),
        (vec!["metric", "add", "body_mass", "-5kg"], "quantity"),
        (vec!["metric", "add", "body_mass", "80500kg"], "quantity"),
        (vec!["metric", "add", "body_mass", "80km"], "unit"),
        (vec!["metric", "add", "mood", "7", "--at", "1969-12-31"], "recorded_at"),
        (vec!["metric", "add", "mood", "7", "--notes", &huge], "notes"),
        (vec!["metric", "daily", "steps", "2026-02-01", "2026-01-01"], "to_date"),
        (vec!["metric", "list", "--limit", "0"], "limit"),
        (vec!["metric", "list", "--after", "nonsense"], "after"),
        (vec!["program", "complete", "5x5", "0", "1"], "week"),
        (vec!["program", "complete", "5x5", "1001", "1"], "week"),
        (vec!["program", "rate", "5x5", "1", "367", "easy"], "day"),
        (vec!["program", "progress", " "], "program_id"),
        (vec!["program", "schedule", "5x5", "1/1=2026-01-28", "1/1=-"], "days"),
        (vec!["habit", "add", ""], "kind"),
        (vec!["habit", "add", "smoke", "--potency", "101"], "potency"),
        (vec!["habit", "add", "smoke", "--potency", "-1"], "potency"),
        (vec!["habit", "add", "smoke", "--minutes", "600000"], "duration_ms"),
        (vec!["habit", "add", "smoke", "--mood", "a\nb"], "mood"),
        (vec!["strength", "define", ""], "name"),
        (vec!["strength", "show", "5x5", "1", "0"], "day"),
        (vec!["outbox", "list", "--limit", "1001"], "limit"),
        (vec!["login", ""], "account_id"),
        (vec!["login", "local"], "account_id"),
    ] {
        let said = desk.json(&arguments);
        assert_eq!(said.error(), "invalid_argument", "{arguments:?}");
        assert_eq!(said.json()["error"]["field"], field, "{arguments:?}");
    }
    assert_eq!(desk.json(&["outbox", "list"]).ok()["events"], serde_json::json!([]));
    assert_eq!(desk.json(&["account"]).ok()["account_id"], serde_json::Value::Null);
}

/// What cannot be meant: exit code 2, and words that say what could be.
#[test]
fn a_command_that_cannot_be_meant_says_what_could_be() {
    let desk = Desk::new();
    for (arguments, words) in [
        (vec!["metric", "add", "weight", "80kg"], "body_mass"),
        (vec!["metric", "add", "body_mass", "80quintals"], "kg, g, lb"),
        (vec!["metric", "add", "body_mass"], "QUANTITY"),
        (
            vec!["metric", "add", "mood", "7", "--date", "2026-02-29"],
            "no date like",
        ),
        (
            vec!["metric", "add", "mood", "7", "--at", "yesterday"],
            "an instant like",
        ),
        (vec!["metric", "edit", "0198abcd"], "--quantity"),
        (vec!["metric", "edit", "0198abcd", "--clear", "quantity"], "notes"),
        (vec!["metric", "delete", "0198abc"], "first 8 characters"),
        (vec!["habit", "add", "smoke", "--minutes", "NaN"], "a number of minutes"),
        (vec!["habit", "edit", "0198abcd"], "--minutes"),
        (vec!["habit", "edit", "0198abcd", "--clear", "kind"], "potency"),
        (
            vec!["program", "rate", "5x5", "1", "1", "brutal"],
            "easy, perfect, hard",
        ),
        (vec!["program", "complete", "5x5", "one", "1"], "invalid digit"),
        (vec!["program", "schedule", "5x5"], "WEEK/DAY=DATE"),
        (vec!["program", "schedule", "5x5", "1/3"], "1/3=2026-01-28"),
        (vec!["program", "schedule", "5x5", "1/3=2026-13-01"], "no date like"),
        (vec!["outbox", "list", "--status", "lost"], "pending, processing"),
        (vec!["outbox", "discard"], "EVENTS"),
        (vec!["outbox", "show", "first"], "the number that the list gives"),
        (vec!["login", "anna", "--adopt", "--keep"], "cannot be used with"),
    ] {
        let said = desk.run(&arguments);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(said.err.contains(words), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let desk = Desk::new();
    let unknown = "0198abcd-0000-7000-8000-000000000001";
    for arguments in [
        vec!["program", "uncomplete", "5x5", "1", "1"],
        vec!["program", "remove", "5x5", "1", "1"],
        vec!["metric", "edit", unknown, "--notes", "x"],
        vec!["metric", "delete", "0198abcd"],
        vec!["habit", "edit", "0198abcd", "--mood", "calm"],
        vec!["habit", "delete", unknown],
        vec!["strength", "show", "5x5", "1", "1"],
        vec!["strength", "delete", "5x5", "1", "1"],
        vec!["outbox", "show", "1"],
        vec!["outbox", "discard", "0198abcd"],
        vec!["outbox", "retry", unknown],
    ] {
        assert_eq!(desk.json(&arguments).error(), "not_found", "{arguments:?}");
    }
}

#[test]
fn a_file_that_is_wrong_changes_nothing() {
    let desk = Desk::new();
    let session = |more: &str| format!("{{\"format_version\": 1, \"program_sessions\": [{more}]}}");
    let record = |more: &str| format!("[{{\"source\": \"health_kit\", \"external_id\": \"a\"{more}}}]");
    let log = |more: &str| format!("{{\"program_id\": \"5x5\", \"week\": 1, \"day\": 1{more}}}");
    for (command, content, code) in [
        (vec!["migrate"], String::new(), "empty_file"),
        (vec!["migrate"], "[]".to_owned(), "malformed_file"),
        (vec!["migrate"], "{\"format_version\": 2}".to_owned(), "unknown_format"),
        (
            vec!["migrate"],
            session(
                "{\"program_id\": \"5x5\", \"week\": 1, \"day\": 1}, {\"program_id\": \"5x5\", \"week\": 0, \"day\": 1}",
            ),
            "invalid_argument",
        ),
        (vec!["health", "import"], "{}".to_owned(), "malformed_file"),
        (vec!["health", "import"], record(""), "malformed_file"),
        (vec!["health", "import"], record(", \"value\": 5"), "malformed_file"),
        (
            vec!["health", "import"],
            record(", \"kind\": \"steps\", \"quantity\": 5, \"started_at\": \"today\""),
            "malformed_file",
        ),
        (
            vec!["health", "import"],
            record(", \"deleted\": true").replace("health_kit", "garmin"),
            "malformed_file",
        ),
        (vec!["strength", "save"], "?".to_owned(), "malformed_file"),
        (vec!["strength", "save"], log(", \"excercises\": []"), "malformed_file"),
        (
            vec!["strength", "save"],
            log(", \"exercises\": [{\"movement\": \"Squat\"}]"),
            "not_found",
        ),
        (
            vec!["strength", "save"],
            log(", \"exercises\": [{\"movement\": \"Squat\", \"sets\": [{\"weight\": \"100\"}]}]"),
            "malformed_file",
        ),
        (vec!["strength", "save"], log("").replace("5x5", ""), "invalid_argument"),
    ] {
        let file = desk.file("given.json", &content);
        let arguments = [command, vec![file.as_str()]].concat();
        assert_eq!(desk.json(&arguments).error(), code, "{arguments:?} {content}");
    }
    for command in [vec!["migrate"], vec!["health", "import"], vec!["strength", "save"]] {
        let arguments = [command, vec!["nowhere.json"]].concat();
        assert_eq!(desk.json(&arguments).error(), "file_not_found", "{arguments:?}");
    }
    assert_eq!(desk.json(&["outbox", "list"]).ok()["events"], serde_json::json!([]));
}
