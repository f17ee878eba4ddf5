//! Any sequence of calls leaves what the same rules leave when they are said as simply as they can be.

use std::collections::BTreeMap;

use pollster::block_on;
use proptest::prelude::*;
use steadfast_protocol::entity::EntityKind;

use super::{Store, day};
use crate::domain::civil_date::CivilDate;
use crate::domain::time::{from_ms, to_ms};
use crate::error::Result;
use crate::programs::api::Programs;
use crate::programs::model::{Completion, Intensity, ProgramSessionImport, ScheduledDay};
use crate::programs::rules;

/// A call, on days of one week.
#[derive(Clone, Debug)]
enum Call {
    Complete(u32, Completion),
    Uncomplete(u32),
    Rate(u32, Intensity),
    Schedule(Vec<(u32, Option<CivilDate>)>),
    Remove(u32),
    Migrate(Vec<ProgramSessionImport>),
}

/// What is expected of a day. The outer `Option` of a field is whether anybody said anything of it.
#[derive(Clone, Debug, Default)]
#[allow(clippy::option_option, reason = "whether anybody spoke, and what was said")]
struct Expected {
    alive: bool,
    completed: Option<Option<(i64, Option<i32>)>>,
    intensity: Option<Option<Intensity>>,
    date: Option<Option<CivilDate>>,
}

#[derive(Default)]
struct Model(BTreeMap<u32, Expected>);

impl Model {
    /// The day as an edit finds it: a deleted one is back, and everything of it was said, namely nothing.
    fn edited(&mut self, day: u32) -> &mut Expected {
        let is_new = !self.0.contains_key(&day);
        let expected = self.0.entry(day).or_default();
        if !expected.alive && !is_new {
            *expected = Expected {
                alive: true,
                completed: Some(None),
                intensity: Some(None),
                date: Some(None),
            };
        }
        expected.alive = true;
        expected
    }

    fn lives(&self, day: u32) -> bool {
        self.0.get(&day).is_some_and(|expected| expected.alive)
    }

    fn apply(&mut self, call: &Call) {
        match call {
            Call::Complete(day, completion) => {
                let expected = self.edited(*day);
                let at_ms = to_ms(completion.completed_at);
                expected.completed = Some(Some((at_ms, completion.utc_offset_s)));
                expected.intensity = completion.intensity.map(Some).or(expected.intensity);
                expected.date = completion.scheduled_date.map(Some).or(expected.date);
            }
            // Taking away what nobody gave says nothing.
            Call::Uncomplete(day) if self.lives(*day) => {
                let expected = self.edited(*day);
                expected.completed = expected.completed.map(|_| None);
            }
            Call::Remove(day) if self.lives(*day) => self.edited(*day).alive = false,
            Call::Uncomplete(_) | Call::Remove(_) => {}
            Call::Rate(day, intensity) => self.edited(*day).intensity = Some(Some(*intensity)),
            Call::Schedule(days) => {
                for (day, date) in days {
                    if date.is_some() {
                        self.edited(*day).date = Some(*date);
                    } else if self.lives(*day) {
                        let expected = self.edited(*day);
                        expected.date = expected.date.map(|_| None);
                    }
                }
            }
            Call::Migrate(rows) => rows.iter().for_each(|row| self.migrate(row)),
        }
    }

    fn migrate(&mut self, row: &ProgramSessionImport) {
        let day = row.program_day.day;
        let says_nothing = (row.completed_at, row.intensity, row.scheduled_date) == (None, None, None);
        if says_nothing || (self.0.contains_key(&day) && !self.lives(day)) {
            return;
        }
        let expected = self.edited(day);
        let completed = row.completed_at.map(|at| Some((to_ms(at), row.completed_utc_offset_s)));
        expected.completed = expected.completed.or(completed);
        expected.intensity = expected.intensity.or(row.intensity.map(Some));
        expected.date = expected.date.or(row.scheduled_date.map(Some));
    }
}

fn make(programs: &Programs, call: Call) -> Result<()> {
    let on = |number| day(1, number);
    match call {
        Call::Complete(number, completion) => block_on(programs.complete(on(number), completion)).map(drop),
        Call::Uncomplete(number) => block_on(programs.uncomplete(on(number))).map(drop),
        Call::Rate(number, intensity) => block_on(programs.rate(on(number), intensity)).map(drop),
        Call::Remove(number) => block_on(programs.remove(on(number))),
        Call::Migrate(rows) => block_on(programs.migrate(rows, None)).map(drop),
        Call::Schedule(days) => {
            let days = days.into_iter().map(|(number, date)| ScheduledDay {
                program_day: on(number),
                date,
            });
            block_on(programs.schedule(days.collect())).map(drop)
        }
    }
}

fn some_date() -> impl Strategy<Value = CivilDate> {
    (1_u8..=28).prop_map(|day| CivilDate {
        year: 2026,
        month: 2,
        day,
    })
}

fn some_intensity() -> impl Strategy<Value = Intensity> {
    prop::sample::select(Intensity::ALL.to_vec())
}

prop_compose! {
    fn some_import()(
        number in 1_u32..=3,
        completed_ms in prop::option::of(0_i64..3),
        offset in prop::option::of(0..2),
        intensity in prop::option::of(some_intensity()),
        scheduled_date in prop::option::of(some_date()),
    ) -> ProgramSessionImport {
        ProgramSessionImport {
            program_day: day(1, number),
            completed_at: completed_ms.map(from_ms),
            completed_utc_offset_s: offset,
            intensity,
            scheduled_date,
        }
    }
}

fn some_call() -> impl Strategy<Value = Call> {
    let day = 1_u32..=3;
    let completion = (
        0_i64..3,
        prop::option::of(0..2),
        prop::option::of(some_intensity()),
        prop::option::of(some_date()),
    )
        .prop_map(|(at_ms, utc_offset_s, intensity, scheduled_date)| Completion {
            completed_at: from_ms(at_ms),
            utc_offset_s,
            intensity,
            scheduled_date,
        });
    let dates = prop::collection::btree_map(day.clone(), prop::option::of(some_date()), 0..=3);
    prop_oneof![
        (day.clone(), completion).prop_map(|(day, completion)| Call::Complete(day, completion)),
        day.clone().prop_map(Call::Uncomplete),
        (day.clone(), some_intensity()).prop_map(|(day, intensity)| Call::Rate(day, intensity)),
        dates.prop_map(|dates| Call::Schedule(dates.into_iter().collect())),
        day.prop_map(Call::Remove),
        prop::collection::vec(some_import(), 0..4).prop_map(Call::Migrate),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn rows_and_queue_say_what_the_calls_said(calls in prop::collection::vec(some_call(), 1..16)) {
        let store = Store::open();
        let programs = store.programs();
        let mut model = Model::default();
        for call in calls {
            model.apply(&call);
            if let Err(error) = make(&programs, call) {
                prop_assert_eq!(error.code_name(), "not_found");
            }
            let sessions = block_on(programs.progress("5x5".into())).unwrap();
            let actual: Vec<_> = sessions.into_iter().map(|session| {
                let completed = session.completed_at.map(|at| (to_ms(at), session.completed_utc_offset_s));
                (session.program_day.day, completed, session.intensity, session.scheduled_date)
            }).collect();
            let expected: Vec<_> = model.0.iter().filter(|(_, expected)| expected.alive).map(|(day, expected)| {
                (*day, expected.completed.flatten(), expected.intensity.flatten(), expected.date.flatten())
            }).collect();
            prop_assert_eq!(actual, expected);
        }
        for number in model.0.keys() {
            let (kind, id) = (EntityKind::ProgramSession, rules::session_id(&day(1, *number)));
            prop_assert_eq!(store.row(kind, id).unwrap(), store.row_by_queue(kind, id));
        }
    }
}
