//! What was acknowledged: kept by the parent, from the lines of its children.

use std::collections::BTreeMap;

use steadfast_core::domain::id::Id;

use crate::child::Heard;

/// What the app last heard about a workout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It is unfinished. `Some(true)` if it was acknowledged as paused, `Some(false)` as running, `None` if the app died in a change.
    Open(Option<bool>),
    /// The app died while it saved, or the save failed: in the store, or still unfinished; never both, never neither.
    MaybeSaved,
    /// The save was acknowledged.
    Saved,
    /// The app died while it discarded.
    MaybeDiscarded,
    /// Discarding was acknowledged.
    Discarded,
}

/// A workout as the app knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workout {
    /// Every acknowledged sample in order; with its time (UTC milliseconds) if it must be in the track.
    pub samples: Vec<Option<i64>>,
    /// How many of them, from the end, were said to be in memory only.
    pub unsaved: usize,
    /// When the lap button was pressed, UTC milliseconds: every acknowledged press that was not in memory only.
    pub presses: Vec<i64>,
    /// What the app last heard about it.
    pub phase: Phase,
}

/// Every workout of a data folder.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// By id.
    pub workouts: BTreeMap<Id, Workout>,
    /// The app died while it started one, whose id nobody heard.
    pub maybe_started: bool,
    /// A start that fails may leave a workout without samples: the disk that failed it refuses to remove it, too.
    pub failed_starts_may_stay: bool,
    /// Samples that were acknowledged, ever.
    pub acknowledged: u64,
    /// What failed, as it was said: nothing may where no fault was injected.
    pub errors: Vec<String>,
    /// What must never be said.
    pub violations: Vec<String>,
    /// The latest time that was heard of, UTC milliseconds.
    pub latest_ms: i64,
}

impl Ledger {
    /// Takes in what a child said. The child is dead now: what it had in memory only is gone, as it said.
    ///
    /// # Panics
    /// If a line is none of the performer's.
    pub fn hear(&mut self, heard: &Heard) {
        let mut in_flight = None;
        for line in &heard.lines {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["do", verb, id] => {
                    in_flight = Some((verb.to_owned(), id.to_owned()));
                    continue;
                }
                ["ack", id, counts, first_ms, count, unsaved] => {
                    self.acknowledge(id, counts == "must", number(first_ms), number(count), number(unsaved));
                    continue;
                }
                ["started", id] => {
                    let workout = Workout {
                        samples: Vec::new(),
                        unsaved: 0,
                        presses: Vec::new(),
                        phase: Phase::Open(Some(false)),
                    };
                    self.workouts.insert(parse(id), workout);
                }
                ["did", verb, id, unsaved] => {
                    let workout = self.known(id);
                    workout.unsaved = usize::try_from(number(unsaved)).expect("a count");
                    workout.phase = Phase::Open((verb != "stop").then_some(verb == "pause"));
                }
                ["lapped", id, at_ms, unsaved] => {
                    let workout = self.known(id);
                    workout.unsaved = usize::try_from(number(unsaved)).expect("a count");
                    if workout.unsaved == 0 {
                        workout.presses.push(number(at_ms));
                    }
                    self.latest_ms = self.latest_ms.max(number(at_ms));
                }
                ["recovered", id, state] => {
                    let is_paused = state == "paused";
                    let workout = self.known(id);
                    if let Phase::Open(Some(was_paused)) = workout.phase
                        && was_paused != is_paused
                    {
                        self.violations.push(format!("{id} was recovered as {state}"));
                    }
                    self.known(id).phase = Phase::Open(Some(is_paused));
                }
                ["saved", id] => self.known(id).phase = Phase::Saved,
                ["refused", id, _] => self.known(id).phase = Phase::Open(None),
                ["unsaved", id] => self.known(id).phase = Phase::MaybeSaved,
                ["discarded", id] => self.known(id).phase = Phase::Discarded,
                ["offered", id, _] => self.offered(id),
                ["error", ..] => {
                    self.errors.push(line.clone());
                    let leaves_nothing = |verb: &str| verb == "start" && !self.failed_starts_may_stay;
                    if let Some((verb, id)) = in_flight.filter(|(verb, _)| !leaves_nothing(verb)) {
                        // Done or not, as if it had died in it.
                        self.died_in(&verb, &id);
                    }
                }
                ["opened" | "closed" | "lifted" | "marked"] | ["restored", _] => {}
                _ => panic!("no line of the performer's: {line}"),
            }
            in_flight = None;
        }
        if let Some((verb, id)) = in_flight {
            self.died_in(&verb, &id);
        }
        for workout in self.workouts.values_mut() {
            let survivors = workout
                .samples
                .len()
                .saturating_sub(std::mem::take(&mut workout.unsaved));
            workout.samples.truncate(survivors);
        }
    }

    fn died_in(&mut self, verb: &str, id: &str) {
        if verb == "start" {
            self.maybe_started = true;
        }
        // Nothing is in progress if an earlier call failed; then there is nothing to be in doubt about.
        if let Some(workout) = self.workouts.get_mut(&parse(id)) {
            workout.phase = match verb {
                "save" => Phase::MaybeSaved,
                "discard" => Phase::MaybeDiscarded,
                // Whether it was pressed or not, the workout is as it was.
                "lap" => workout.phase,
                // A save may have failed in its last sync, and the resume that takes it back never ended.
                "resume" if matches!(workout.phase, Phase::MaybeSaved) => Phase::MaybeSaved,
                _ => Phase::Open(None),
            };
        }
    }

    fn acknowledge(&mut self, id: &str, must: bool, first_ms: i64, count: i64, unsaved: i64) {
        self.acknowledged += count.unsigned_abs();
        self.latest_ms = self.latest_ms.max(first_ms + count * 1000);
        let workout = self.known(id);
        workout
            .samples
            .extend((0..count).map(|nth| must.then_some(first_ms + nth * 1000)));
        workout.unsaved = usize::try_from(unsaved).expect("a count");
    }

    /// A workout was offered: it is unfinished, or the ledger is wrong about it.
    fn offered(&mut self, id: &str) {
        match self.workouts.get_mut(&parse(id)).map(|workout| &mut workout.phase) {
            Some(phase @ (Phase::MaybeSaved | Phase::MaybeDiscarded)) => *phase = Phase::Open(None),
            Some(Phase::Open(_)) => {}
            Some(_) => self
                .violations
                .push(format!("{id} is over and done with and was offered")),
            None if self.maybe_started => self.adopt(parse(id)),
            None => {
                self.violations.push(format!("{id} was offered and nobody started it"));
                self.adopt(parse(id));
            }
        }
    }

    /// Where no fault was injected, nothing may fail.
    pub fn nothing_failed(&mut self) {
        self.violations.append(&mut self.errors);
    }

    /// A workout whose start was never acknowledged turned up.
    pub fn adopt(&mut self, id: Id) {
        self.maybe_started = false;
        self.workouts.insert(
            id,
            Workout {
                samples: Vec::new(),
                unsaved: 0,
                presses: Vec::new(),
                phase: Phase::Open(None),
            },
        );
    }

    fn known(&mut self, id: &str) -> &mut Workout {
        self.workouts
            .get_mut(&parse(id))
            .expect("a workout that was started or offered")
    }

    /// How many samples were acknowledged of a workout, and when those that must be in its track were taken.
    #[must_use]
    pub fn expected(&self, id: Id) -> (u64, Vec<i64>) {
        self.workouts.get(&id).map_or((0, Vec::new()), |workout| {
            (
                workout.samples.len() as u64,
                workout.samples.iter().copied().flatten().collect(),
            )
        })
    }
}

fn parse(id: &str) -> Id {
    id.parse().expect("an id")
}

fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}
