//! A person's week: training days, weights, habits, strength work, and what of it waits for the server.

mod common;

use common::{Desk, text};
use serde_json::{Value, json};

struct Week(Desk);

impl Week {
    fn new() -> Self {
        Self(Desk::new())
    }

    /// Runs it for a person, to whom it must succeed; ids, which differ from run to run, are hidden.
    fn says(&self, line: &str) -> String {
        let said = self.0.run(&words(line));
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{line}: {}", said.out);
        masked(&said.out)
    }

    /// Runs it for a program, to which it must succeed.
    fn json(&self, line: &str) -> Value {
        self.0.json(&words(line)).ok()
    }
}

/// The words of a command line; what stands between single quotes is one.
fn words(line: &str) -> Vec<&str> {
    let parts = line.split('\'').enumerate();
    parts
        .flat_map(|(at, part)| {
            if at % 2 == 1 {
                vec![part]
            } else {
                part.split_whitespace().collect()
            }
        })
        .collect()
}

/// The text with a `#` in the place of every digit of an id.
fn masked(said: &str) -> String {
    let is_id = |word: &str| {
        word.len() >= 8
            && word.contains(|char: char| char.is_ascii_digit())
            && word.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
            && !word.starts_with("20")
    };
    said.split_inclusive([' ', '\n'])
        .map(|piece| {
            let word = piece.trim_end();
            if is_id(word) {
                piece.replace(|char: char| char.is_ascii_hexdigit(), "#")
            } else {
                piece.to_owned()
            }
        })
        .collect()
}

#[test]
fn training_days_are_planned_completed_and_felt() {
    let week = Week::new();
    insta::assert_snapshot!(week.says("program schedule 5x5 1/1=2026-01-26 1/2=2026-01-28 1/3=2026-01-30"), @r"
    WEEK  DAY  SCHEDULED
       1    1  2026-01-26
       1    2  2026-01-28
       1    3  2026-01-30
    3 training days, 0 completed
    ");
    insta::assert_snapshot!(week.says("program complete 5x5 1 1 --at 2026-01-26T18:30:00+01:00"), @"5x5, week 1, day 1: completed 2026-01-26 18:30, scheduled for 2026-01-26");
    insta::assert_snapshot!(week.says("program rate 5x5 1 1 hard"), @"5x5, week 1, day 1: completed 2026-01-26 18:30, felt hard, scheduled for 2026-01-26");
    week.says("program complete 5x5 1 2 --at 2026-01-28T17:30:00Z --intensity easy");
    insta::assert_snapshot!(week.says("program schedule 5x5 1/3=2026-01-31 2/1=2026-02-02 1/1=-"), @r"
    WEEK  DAY  SCHEDULED   COMPLETED         FELT
       1    3  2026-01-31
       2    1  2026-02-02
       1    1              2026-01-26 18:30  hard
    3 training days, 1 completed
    ");
    insta::assert_snapshot!(week.says("program progress 5x5"), @r"
    WEEK  DAY  SCHEDULED   COMPLETED         FELT
       1    1              2026-01-26 18:30  hard
       1    2  2026-01-28  2026-01-28 17:30  easy
       1    3  2026-01-31
       2    1  2026-02-02
    4 training days, 2 completed
    ");
    insta::assert_snapshot!(week.says("program uncomplete 5x5 1 2"), @"5x5, week 1, day 2: not completed, felt easy, scheduled for 2026-01-28");
    insta::assert_snapshot!(week.says("program remove 5x5 1 1"), @"removed 5x5, week 1, day 1");
    insta::assert_snapshot!(week.says("program week 5x5 1"), @r"
    WEEK  DAY  SCHEDULED   FELT
       1    2  2026-01-28  easy
       1    3  2026-01-31
    2 training days, 0 completed
    ");
    insta::assert_snapshot!(week.json("program week 5x5 2"), @r#"{"sessions":[{"completed_at":null,"completed_utc_offset_s":null,"day":1,"id":"e8ef98f4-bcd2-5243-a457-8e5acb0fdeed","intensity":null,"last_modified":null,"program_id":"5x5","scheduled_date":"2026-02-02","version":0,"week":2}]}"#);
    assert_eq!(week.says("program progress other"), "no training days\n");
}

// Other systems do not ask the environment which zone they are in.
#[cfg(unix)]
#[test]
fn a_day_that_is_completed_now_is_completed_by_the_clock_on_this_machine() {
    let week = Week::new();
    let said = week
        .0
        .command(&words("program complete 5x5 1 1 --json"))
        .env("TZ", "ABC3")
        .output()
        .expect("the built program");
    let session: Value = serde_json::from_slice(&said.stdout).expect("JSON");
    // Three hours west of Greenwich.
    assert_eq!(session["completed_utc_offset_s"], -3 * 3600);
}

#[test]
fn weights_stay_as_they_were_entered() {
    let week = Week::new();
    let added = week.says("metric add body_mass 177.5lb --at 2026-01-26T07:00:00+01:00 --notes 'before breakfast'");
    insta::assert_snapshot!(added, @r"
    Body mass: 177.5 lb = 80.513 kg
      measured   2026-01-26 07:00
      counts for 2026-01-26
      notes      before breakfast
      id         ########-####-####-####-############
    ");
    week.says("metric add body_mass '80.1 kg' --at 2026-01-28T23:30:00-05:00");
    week.says("metric add steps 8412 --at 2026-01-28T22:00:00+01:00");
    week.says("metric add steps 1200 --at 2026-01-28T12:00:00+01:00");
    week.says("metric add body_fat 18% --at 2026-01-27T07:00:00Z --date 2026-01-26");
    insta::assert_snapshot!(week.says("metric list"), @r"
    ID             MEASURED          METRIC     QUANTITY  NOTES
    ########-####  2026-01-28 23:30  Body mass   80.1 kg
    ########-####  2026-01-28 22:00  Steps          8412
    ########-####  2026-01-28 12:00  Steps          1200
    ########-####  2026-01-27 07:00  Body fat       18 %
    ########-####  2026-01-26 07:00  Body mass  177.5 lb  before breakfast
    ");
    insta::assert_snapshot!(week.says("metric daily steps 2026-01-26 2026-02-01"), @r"
    DAY         ENTRIES   SUM  MEAN  LEAST  MOST  LAST
    2026-01-28        2  9612  4806   1200  8412  8412
    steps
    ");
    insta::assert_snapshot!(week.says("metric daily body_mass 2026-01-26 2026-02-01"), @r"
    DAY         ENTRIES     SUM    MEAN   LEAST    MOST    LAST
    2026-01-26        1  80.513  80.513  80.513  80.513  80.513
    2026-01-28        1    80.1    80.1    80.1    80.1    80.1
    body mass in kg
    ");
    insta::assert_snapshot!(week.json("metric daily body_mass 2026-01-26 2026-01-27"), @r#"{"days":[{"average_si":80.512645675,"count":1,"date":"2026-01-26","latest_si":80.512645675,"maximum_si":80.512645675,"minimum_si":80.512645675,"sum_si":80.512645675}],"kind":"body_mass","unit":"kg"}"#);
    insta::assert_snapshot!(week.says("metric latest body_mass"), @r"
    Body mass: 80.1 kg
      measured   2026-01-28 23:30
      counts for 2026-01-28
      id         ########-####-####-####-############
    ");
    assert_eq!(week.says("metric latest mood"), "no entry of mood\n");

    let entries = week.json("metric list --kind body_mass")["entries"].clone();
    let (newest, oldest) = (text(&entries[0]["id"]), text(&entries[1]["id"]));
    let edited = week.json(&format!("metric edit {oldest} --quantity 178lb --clear notes"));
    assert_eq!((&edited["quantity"], &edited["notes"]), (&json!(178.0), &Value::Null));
    assert_eq!(week.json(&format!("metric edit {oldest} --quantity 177"))["unit"], "lb");
    assert_eq!(
        week.json(&format!("metric edit {oldest} --unit kg"))["quantity_si"],
        177.0
    );
    assert_eq!(
        week.json(&format!("metric delete {newest}")),
        json!({ "deleted": newest })
    );
    let page = week.json("metric list --limit 2");
    let rest = week.json(&format!("metric list --after {}", text(&page["next"])));
    assert_eq!(rest["entries"].as_array().map(Vec::len), Some(2));
}

#[test]
fn habits_are_logged_and_added_up() {
    let week = Week::new();
    let added = week.says("habit add smoke --at 2026-01-28T23:30:00-05:00 --minutes 5 --method pipe --mood calm --potency 40 --notes 'on the balcony'");
    insta::assert_snapshot!(added, @r"
    smoke
      began      2026-01-28 23:30
      counts for 2026-01-28
      took       0:05:00
      method     pipe
      mood       calm
      potency    40
      notes      on the balcony
      id         ########-####-####-####-############
    ");
    week.says("habit add smoke --at 2026-01-28T12:00:00-05:00 --minutes 7.5");
    week.says("habit add stretching --at 2026-01-29T07:00:00-05:00");
    insta::assert_snapshot!(week.says("habit list"), @r"
    ID             BEGAN             HABIT          TOOK  METHOD  MOOD  POTENCY
    ########-####  2026-01-29 07:00  stretching
    ########-####  2026-01-28 23:30  smoke       0:05:00  pipe    calm       40
    ########-####  2026-01-28 12:00  smoke       0:07:30
    ");
    insta::assert_snapshot!(week.says("habit daily smoke 2026-01-26 2026-02-01"), @r"
    DAY         ENTRIES     TOOK
    2026-01-28        2  0:12:30
    ");
    let logs = week.json("habit list --kind smoke")["logs"].clone();
    let id = text(&logs[0]["id"]);
    insta::assert_snapshot!(week.says(&format!("habit edit {id} --mood restless --clear minutes --clear notes")), @r"
    smoke
      began      2026-01-28 23:30
      counts for 2026-01-28
      method     pipe
      mood       restless
      potency    40
      id         ########-####-####-####-############
    ");
    assert_eq!(week.json(&format!("habit delete {id}")), json!({ "deleted": id }));
    assert_eq!(
        week.json("habit list --kind smoke")["logs"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn strength_work_is_saved_from_a_file() {
    let week = Week::new();
    insta::assert_snapshot!(week.says("strength define Squat --equipment barbell --muscle-group quadriceps"), @r"
    Squat
      equipment  barbell
      trains     quadriceps
      id         ########-####-####-####-############
    ");
    week.says("strength define Pull-up");
    insta::assert_snapshot!(week.says("strength definitions"), @r"
    ID                                    NAME     EQUIPMENT  TRAINS
    ########-####-####-####-############  Pull-up
    ########-####-####-####-############  Squat    barbell    quadriceps
    2 movements
    ");
    let draft = r#"{
      "program_id": "5x5", "week": 1, "day": 1, "started_at": "2026-01-26T18:00:00+01:00", "notes": "slept badly",
      "exercises": [
        {"movement": "squat", "notes": "deep", "sets": [
          {"reps": 5, "weight": "100kg", "completed": true}, {"reps": 5, "weight": "225lb", "completed": true}, {"reps": 5, "weight": "105kg"}]},
        {"movement": "Pull-up", "body_weight": "80kg", "sets": [{"reps": 8, "weight": "-10 kg", "completed": true}]}
      ]
    }"#;
    let file = week.0.file("day.json", draft);
    insta::assert_snapshot!(week.says(&format!("strength save '{file}'")), @r"
    5x5, week 1, day 1, started 2026-01-26 18:00
      notes      slept badly

    Squat
      notes      deep
      SET  REPS  WEIGHT
        1     5  100 kg  done
        2     5  225 lb  done
        3     5  105 kg

    Pull-up, at 80 kg of body weight
      SET  REPS  WEIGHT
        1     8  −10 kg  done
    ");
    let again = week.0.file(
        "day.json",
        draft.replace(
            "\"notes\": \"slept",
            "\"is_workout_finished\": true, \"notes\": \"slept",
        ),
    );
    let saved = week.json(&format!("strength save '{again}'"));
    assert_eq!(
        saved["exercises"].as_array().map(Vec::len),
        Some(2),
        "matched, not made again"
    );
    assert_eq!(
        saved["exercises"][1]["sets"][0]["weight"],
        json!({ "value": -10.0, "unit": "kg", "kg": -10.0 })
    );
    assert_eq!(week.json("strength show 5x5 1 1"), saved);
    insta::assert_snapshot!(week.says("strength history"), @r"
    STARTED           PROGRAM  WEEK  DAY  EXERCISES  SETS DONE   VOLUME
    2026-01-26 18:00  5x5         1    1          2     3 of 4  1010 kg
    ");
    insta::assert_snapshot!(week.says("strength history --movement squat"), @r"
    STARTED           PROGRAM  WEEK  DAY  SETS
    2026-01-26 18:00  5x5         1    1  5 x 100 kg, 5 x 225 lb, (5 x 105 kg)
    ");
    let of_squat = week.json("strength history --movement squat");
    assert_eq!(of_squat["performances"][0]["exercise"], saved["exercises"][0]);
    insta::assert_snapshot!(week.says("strength delete 5x5 1 1"), @"removed 5x5, week 1, day 1");
    assert_eq!(week.0.json(&["strength", "show", "5x5", "1", "1"]).error(), "not_found");
    assert_eq!(week.says("strength history"), "no workout logs\n");
}

#[test]
fn what_another_store_held_is_taken_over_once() {
    let week = Week::new();
    let earlier = week.0.file(
        "earlier.json",
        r#"{"format_version": 1,
            "program_sessions": [{"program_id": "5x5", "week": 1, "day": 3, "completed_at": "2026-01-28T15:30:00+01:00"}],
            "habit_logs": [{"id": "17", "kind": "smoke", "started_at": "2026-01-28T23:30:00-05:00"}],
            "progress_entries": [{"id": "5", "kind": "body_mass", "quantity": 180.5, "unit": "lb", "recorded_at": "2026-01-28T07:00:00+01:00"}]}"#,
    );
    insta::assert_snapshot!(week.says(&format!("migrate '{earlier}'")), @r"
    WHAT              IMPORTED  UNCHANGED  TOTAL
    program sessions         1          0      1
    habit logs               1          0      1
    progress entries         1          0      1
    ");
    insta::assert_snapshot!(week.json(&format!("migrate '{earlier}'")), @r#"{"habit_logs":{"imported":0,"total":1,"unchanged":1},"program_sessions":{"imported":0,"total":1,"unchanged":1},"progress_entries":{"imported":0,"total":1,"unchanged":1}}"#);

    let records = week.0.file(
        "health.json",
        r#"[
            {"source": "health_kit", "external_id": "a", "kind": "steps", "quantity": 412, "unit": "count", "started_at": "2026-01-28T07:00:00+01:00", "ended_at": "2026-01-28T07:10:00+01:00"},
            {"source": "health_kit", "external_id": "b", "kind": "heart_rate", "quantity": 61, "started_at": "2026-01-28T07:00:00+01:00"},
            {"source": "health_kit", "external_id": "c", "kind": "blood_glucose", "quantity": 5, "started_at": "2026-01-28T07:00:00+01:00"},
            {"source": "health_kit", "external_id": "d", "deleted": true}
        ]"#,
    );
    let said = week.0.run(&["health", "import", &records]);
    assert_eq!(said.code, Some(0));
    insta::assert_snapshot!(said.out, @"2 imported, 1 unchanged, 1 refused");
    insta::assert_snapshot!(said.err, @r"
    c refused:
      kind: this version knows no such kind
    ");
    insta::assert_snapshot!(week.json(&format!("health import '{records}'")), @r#"{"deleted":0,"imported":0,"refused":[{"external_id":"c","reason":"kind: this version knows no such kind"}],"refused_count":1,"unchanged":3,"updated":0}"#);
}

#[test]
fn the_outbox_says_what_waits_and_forgets_what_is_given_up() {
    let week = Week::new();
    assert_eq!(week.says("outbox list"), "no events\n");
    week.says("program complete 5x5 1 1");
    week.says("habit add smoke");
    week.says("metric add mood 7");
    let list = week.says("outbox list");
    // How long ago depends on how busy the machine is, and the numbers before on what else takes one.
    let what = list.find("WHAT").expect("a column");
    let known: Vec<&str> = list.lines().map(|line| &line[what..]).collect();
    insta::assert_snapshot!(known.join("\n"), @r"
    WHAT                    STATUS
    upsert program session  pending
    upsert habit log        pending
    upsert progress entry   pending
    ");
    assert_eq!(week.says("outbox stale"), "no events\n");
    let page = week.json("outbox list --limit 2");
    let seq = page["next"].to_string();
    let rest = week.json(&format!("outbox list --after {seq}"));
    assert_eq!(
        (rest["events"].as_array().map(Vec::len), &rest["next"]),
        (Some(1), &Value::Null)
    );
    let event = week.json(&format!("outbox show {seq}"));
    assert_eq!(event, page["events"][1]);
    let op_id = text(&event["op_id"]);
    assert_eq!(week.json(&format!("outbox show {}", &op_id[..23])), event);
    assert_eq!(event["fields"]["kind"]["value"], "smoke");
    assert_eq!(
        week.json(&format!("outbox retry {seq}")),
        json!({ "retried": 0 }),
        "it waits as it is"
    );
    assert_eq!(
        week.says(&format!("outbox discard {seq} {op_id}")),
        "1 event given up\n"
    );
    assert_eq!(week.says("habit list"), "no entries\n");
    assert_eq!(
        week.json("outbox list --status discarded")["events"][0]["op_id"],
        op_id.as_str()
    );
    let statistics = week.json("outbox stats");
    assert_eq!(
        (&statistics["pending"], &statistics["discarded"]),
        (&json!(2), &json!(1))
    );
    let diagnostics = week.json("diagnostics");
    assert_eq!(
        (&diagnostics["outbox"], &diagnostics["rows"]["progress_entry"]),
        (&statistics, &json!(1))
    );
    assert!(week.says("diagnostics").contains("\noutbox.pending: 2\n"));
}

#[test]
fn an_account_takes_over_what_was_made_without_one_when_told_to() {
    let week = Week::new();
    week.says("program complete 5x5 1 1 --at 2026-01-26T18:30:00Z");
    week.says("metric add body_mass 80.5kg");
    insta::assert_snapshot!(week.says("account"), @"nobody is signed in; everything stays on this device");
    insta::assert_snapshot!(week.says("login anna"), @r"
    signed in as anna
      kept apart 2 changes made without an account, until logout
      try        steadfast login anna --adopt
    ");
    assert_eq!(week.says("program progress 5x5"), "no training days\n");
    insta::assert_snapshot!(week.says("login anna --adopt"), @r"
    signed in as anna
      adopted    2 changes made without an account
      waiting    2 changes to be sent
    ");
    insta::assert_snapshot!(week.says("account"), @"signed in as anna");
    insta::assert_snapshot!(week.says("program progress 5x5"), @r"
    WEEK  DAY  COMPLETED
       1    1  2026-01-26 18:30
    1 training day, 1 completed
    ");
    insta::assert_snapshot!(week.says("logout"), @r"
    signed out of anna
      waiting    2 changes for the next login
    ");
    insta::assert_snapshot!(week.says("logout"), @"nobody was signed in");
    assert_eq!(week.says("program progress 5x5"), "no training days\n");
    assert_eq!(
        week.json("login anna"),
        json!({ "account_id": "anna", "adopted": 0, "kept": 0, "pending": 2 })
    );
    assert_eq!(
        week.json("logout --discard"),
        json!({ "account_id": "anna", "kept": 0, "discarded": 2 })
    );
    assert_eq!(week.json("account"), json!({ "account_id": null }));
}
