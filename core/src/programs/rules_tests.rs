//! The rules of the training days.

use proptest::prelude::*;

use super::*;
use crate::domain::time::from_ms;

const AT_MS: i64 = 1_769_612_400_000; // 2026-01-28T15:00:00Z

fn day(program_id: &str, week: u32, day: u32) -> ProgramDay {
    ProgramDay {
        program_id: program_id.to_owned(),
        week,
        day,
    }
}

fn date(text: &str) -> CivilDate {
    text.parse().expect("a date")
}

fn completion(at_ms: i64) -> Completion {
    Completion {
        completed_at: from_ms(at_ms),
        utc_offset_s: Some(3600),
        intensity: Some(Intensity::Hard),
        scheduled_date: Some(date("2026-01-28")),
    }
}

/// The field that a check blames.
fn blamed(checked: Result<()>) -> String {
    match checked.expect_err("refused") {
        SteadfastError::Validation { field, .. } => field.expect("a refused value has a name"),
        other => other.code_name(),
    }
}

fn text(fields: &Fields) -> String {
    serde_json::to_string(fields).expect("fields are JSON")
}

#[test]
fn a_day_is_refused_by_the_field_that_is_wrong() {
    for fits in [day("5x5", 1, 1), day(&"é".repeat(200), 1000, 366)] {
        assert_eq!(fits.check(), Ok(()));
    }
    for program_id in ["", "  ", "a\nb", &"é".repeat(201)] {
        assert_eq!(blamed(day(program_id, 1, 1).check()), "program_id");
    }
    for week in [0, 1001, u32::MAX] {
        assert_eq!(blamed(day("5x5", week, 1).check()), "week");
    }
    for number in [0, 367, u32::MAX] {
        assert_eq!(blamed(day("5x5", 1, number).check()), "day");
    }
}

#[test]
fn a_wrong_clock_completes_a_session_and_a_sentinel_does_not() {
    for year_1970_or_2150 in [0, 5_680_281_600_000] {
        assert_eq!(check_completion(&completion(year_1970_or_2150)), Ok(()));
    }
    for no_moment in [-1, i64::MAX] {
        assert_eq!(blamed(check_completion(&completion(no_moment))), "completed_at");
    }
    let with = |change: fn(&mut Completion)| {
        let mut completion = completion(AT_MS);
        change(&mut completion);
        blamed(check_completion(&completion))
    };
    assert_eq!(
        with(|completion| completion.utc_offset_s = Some(64_801)),
        "utc_offset_s"
    );
    let no_date = |completion: &mut Completion| {
        completion.scheduled_date = completion.scheduled_date.map(|date| CivilDate { day: 32, ..date });
    };
    assert_eq!(with(no_date), "scheduled_date");
}

#[test]
fn five_hundred_different_days_move_together_and_not_one_more() {
    let days = |numbers: std::ops::Range<u32>| -> Vec<ScheduledDay> {
        numbers
            .map(|n| ScheduledDay {
                program_day: day("5x5", n / 366 + 1, n % 366 + 1),
                date: Some(date("2026-01-28")),
            })
            .collect()
    };
    assert_eq!(check_schedule(&[]), Ok(()));
    assert_eq!(check_schedule(&days(0..500)), Ok(()));
    assert_eq!(blamed(check_schedule(&days(0..501))), "days");
    assert_eq!(blamed(check_schedule(&[days(0..3), days(2..3)].concat())), "days");
}

#[test]
fn every_field_of_an_import_is_checked() {
    let sound = ProgramSessionImport {
        program_day: day("5x5", 1, 1),
        completed_at: Some(from_ms(AT_MS)),
        completed_utc_offset_s: Some(-18_000),
        intensity: Some(Intensity::Easy),
        scheduled_date: Some(date("2026-01-28")),
    };
    assert_eq!(check_import(&sound), Ok(()));
    let with = |change: fn(&mut ProgramSessionImport)| {
        let mut import = sound.clone();
        change(&mut import);
        blamed(check_import(&import))
    };
    assert_eq!(with(|import| import.program_day.week = 0), "week");
    assert_eq!(with(|import| import.completed_at = Some(from_ms(-1))), "completed_at");
    assert_eq!(
        with(|import| import.completed_utc_offset_s = Some(i32::MIN)),
        "completed_utc_offset_s"
    );
    let no_date = |import: &mut ProgramSessionImport| {
        import.scheduled_date = import.scheduled_date.map(|date| CivilDate { month: 0, ..date });
    };
    assert_eq!(with(no_date), "scheduled_date");
}

#[test]
fn what_each_call_writes_is_a_contract() {
    let change = change(&day("5x5", 1, 3), completed(&completion(AT_MS)));
    assert_eq!(
        (change.kind, change.id),
        (EntityKind::ProgramSession, session_id(&day("5x5", 1, 3)))
    );
    insta::assert_snapshot!(text(&change.fields), @r#"{"completed_at_ms":1769612400000,"completed_utc_offset_s":3600,"day":3,"intensity":"hard","program_id":"5x5","scheduled_date":"2026-01-28","week":1}"#);
    let bare = Completion {
        utc_offset_s: None,
        intensity: None,
        scheduled_date: None,
        ..completion(AT_MS)
    };
    insta::assert_snapshot!(text(&completed(&bare)), @r#"{"completed_at_ms":1769612400000,"completed_utc_offset_s":null}"#);
    insta::assert_snapshot!(text(&uncompleted()), @r#"{"completed_at_ms":null,"completed_utc_offset_s":null}"#);
    insta::assert_snapshot!(text(&rated(Intensity::Perfect)), @r#"{"intensity":"perfect"}"#);
    insta::assert_snapshot!(text(&scheduled(Some(date("2026-02-01")))), @r#"{"scheduled_date":"2026-02-01"}"#);
    insta::assert_snapshot!(text(&scheduled(None)), @r#"{"scheduled_date":null}"#);
}

#[test]
fn the_names_of_ratings_are_a_contract() {
    assert_eq!(Intensity::ALL.map(Intensity::name), ["easy", "perfect", "hard"]);
    for intensity in Intensity::ALL {
        assert_eq!(Intensity::from_name(intensity.name()), Some(intensity));
        assert_eq!(serde_json::to_value(intensity).expect("JSON"), intensity.name());
    }
    assert_eq!(Intensity::from_name("brutal"), None);
}

prop_compose! {
    fn import()(
        completed_ms in prop::option::of(0_i64..4_000_000_000_000),
        offset in prop::option::of(-64_800_i32..=64_800),
        intensity in prop::option::of(prop::sample::select(Intensity::ALL.to_vec())),
        dated in any::<bool>(),
    ) -> ProgramSessionImport {
        ProgramSessionImport {
            program_day: day("5x5", 1, 1),
            completed_at: completed_ms.map(from_ms),
            completed_utc_offset_s: offset,
            intensity,
            scheduled_date: dated.then(|| date("2026-01-28")),
        }
    }
}

proptest! {
    #[test]
    fn an_import_says_what_it_knows_of_what_nobody_said(import in import(), said in prop::collection::btree_set(prop::sample::select(
        vec![COMPLETED_AT, COMPLETED_OFFSET, INTENSITY, SCHEDULED_DATE]), 0..=4))
    {
        let written = unsaid(&import, |name| said.contains(name));
        prop_assert_eq!(written.contains_key(COMPLETED_AT), import.completed_at.is_some() && !said.contains(COMPLETED_AT));
        prop_assert_eq!(written.contains_key(COMPLETED_OFFSET), written.contains_key(COMPLETED_AT), "a moment and its offset");
        prop_assert_eq!(written.contains_key(INTENSITY), import.intensity.is_some() && !said.contains(INTENSITY));
        prop_assert_eq!(written.contains_key(SCHEDULED_DATE), import.scheduled_date.is_some() && !said.contains(SCHEDULED_DATE));
    }
}
