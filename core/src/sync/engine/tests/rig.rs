//! A queue and a server without any disk or network, and the time that they take.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::Id;
use crate::domain::sync_status::PauseReason;
use crate::outbox::account::Epoch;
use crate::outbox::states;
use crate::sync::batch::ClaimedItem;
use crate::sync::classify::Verdict;
use crate::sync::engine::Engine;
use crate::sync::link::Link;
use crate::sync::model::{Connectivity, MeteredPolicy};
use crate::sync::step::{Arrival, Claimable, Effect, Glance, Input, Limits, Now, RequestId, Settlement};

/// 2026-01-01T00:00:00Z.
pub const START_MS: i64 = 1_767_225_600_000;
/// How long every answer takes.
pub const LATENCY_MS: i64 = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Waits,
    Claimed,
    Taken,
    Dead,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub place: Place,
    pub not_before_ms: i64,
    pub background: bool,
    pub alone: bool,
}

/// What a server says to a request.
pub enum Says {
    /// This to each of its items; none for those that it does not name.
    Results(BTreeMap<Id, Place>),
    /// As `Results` with every item taken.
    All,
    /// This to the request as a whole.
    Verdict(Verdict),
    /// A reply that names this epoch.
    Epoch(Epoch),
    /// That the request's epoch is not its own, which is this.
    OtherEpoch(Epoch),
    /// Something that counts for nothing, since somebody signed out and in again.
    ForNobody,
    /// Nothing, for ever.
    Silence,
}

pub type Server = Box<dyn FnMut(&[Id], Now) -> Says>;

struct OnItsWay {
    items: Vec<Id>,
    answered_at_ms: i64,
    says: Option<Says>,
}

#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Rig {
    pub engine: Engine,
    pub now: Now,
    pub queue: BTreeMap<Id, Item>,
    pub server: Server,
    pub pause: Option<PauseReason>,
    pub has_heard: bool,
    pub needs_snapshot: bool,
    pub asked: u32,
    pub cleaned: u32,
    /// When requests were sent, with their items.
    pub attempts: Vec<(i64, Vec<Id>)>,
    /// Of the last feed.
    pub effects: Vec<Effect>,
    pub refuses_storage: bool,
    pub looks: u32,
    pub claims: u32,
    /// Every effect takes up to so long, as it does on a phone's disk; milliseconds.
    pub dawdles_ms: u64,
    /// A bug on purpose: the wake-up is computed when the worker goes to sleep, not with the step.
    pub computes_wake_up_late: bool,
    on_its_way: BTreeMap<RequestId, OnItsWay>,
    settling: BTreeMap<RequestId, (Vec<Id>, Says)>,
    owed: Vec<Id>,
    random: u64,
}

pub fn id(n: u128) -> Id {
    Id::from_u128(n)
}

impl Rig {
    /// Signed in, with a token, started, with these many items due and a server that takes everything.
    pub fn ready(items: u128) -> Self {
        let mut rig = Self::new(items);
        rig.feed(Input::Start);
        rig
    }

    pub fn new(items: u128) -> Self {
        let mut rig = Self {
            engine: Engine::default(),
            now: Now {
                wall_ms: START_MS,
                mono_ms: 1_000_000,
            },
            queue: BTreeMap::new(),
            server: Box::new(|_, _| Says::All),
            pause: None,
            has_heard: true,
            needs_snapshot: false,
            asked: 0,
            cleaned: 0,
            attempts: Vec::new(),
            effects: Vec::new(),
            refuses_storage: false,
            looks: 0,
            claims: 0,
            dawdles_ms: 0,
            computes_wake_up_late: false,
            on_its_way: BTreeMap::new(),
            settling: BTreeMap::new(),
            owed: Vec::new(),
            random: 7,
        };
        (1..=items).for_each(|n| rig.put(n));
        rig.feed(Input::Configured(Limits {
            first_backoff_ms: 1_000,
            max_batch: 100,
        }));
        rig.feed(Input::Account(Some(Arrival {
            has_token: true,
            ..Arrival::default()
        })));
        rig
    }

    pub fn seeded(mut self, seed: u64) -> Self {
        self.random = seed;
        self
    }

    pub fn put(&mut self, n: u128) {
        let item = Item {
            place: Place::Waits,
            not_before_ms: 0,
            background: false,
            alone: false,
        };
        self.queue.insert(id(n), item);
    }

    /// A local write.
    pub fn write(&mut self, n: u128) {
        self.put(n);
        self.feed(Input::Nudged);
    }

    pub fn serve(&mut self, server: impl FnMut(&[Id], Now) -> Says + 'static) {
        self.server = Box::new(server);
    }

    pub fn answer_all_with(&mut self, verdict: Verdict) {
        self.serve(move |_, _| Says::Verdict(verdict.clone()));
    }

    pub fn provide_token(&mut self) {
        self.feed(Input::Token { expires_at_ms: None });
    }

    pub fn connect(&mut self, connectivity: Connectivity) {
        self.link(connectivity, MeteredPolicy::Everything);
    }

    pub fn link(&mut self, connectivity: Connectivity, policy: MeteredPolicy) {
        self.feed(Input::Link(Link {
            connectivity,
            metered: policy,
            roaming: policy,
        }));
    }

    pub fn count(&self, place: Place) -> usize {
        self.queue.values().filter(|item| item.place == place).count()
    }

    pub fn place(&self, n: u128) -> Place {
        self.queue[&id(n)].place
    }

    pub fn on_their_way(&self) -> usize {
        self.on_its_way.len()
    }

    fn wake_at(&self) -> Option<i64> {
        if self.computes_wake_up_late {
            self.engine.find_wake_up(self.now)
        } else {
            self.engine.wake_at()
        }
    }

    pub fn wait_ms(&self) -> Option<i64> {
        self.wake_at().map(|at| at - self.now.mono_ms)
    }

    pub fn pass(&mut self, ms: i64) {
        self.now.mono_ms += ms;
        self.now.wall_ms += ms;
    }

    /// Lets time pass until `ms` from now, with every answer and wake-up in it.
    pub fn run(&mut self, ms: i64) {
        let until = self.now.mono_ms + ms;
        for _ in 0..200_000 {
            let answer = self.on_its_way.iter().filter(|(_, way)| way.says.is_some());
            let answer = answer.min_by_key(|(_, way)| way.answered_at_ms);
            let answer = answer.map(|(request, way)| (way.answered_at_ms, *request));
            let wake = self.wake_at();
            let next = answer.map(|(at, _)| at).into_iter().chain(wake).min();
            let Some(at) = next.filter(|at| *at <= until) else {
                self.pass(until - self.now.mono_ms);
                return;
            };
            self.pass((at - self.now.mono_ms).max(0));
            match answer {
                Some((answered_at, request)) if answered_at == at => self.answer(request),
                _ => self.feed(Input::TimeReached),
            }
        }
        panic!("the engine goes round in circles");
    }

    fn answer(&mut self, request: RequestId) {
        let Some(way) = self.on_its_way.remove(&request) else {
            return;
        };
        let verdict = way.says.as_ref().map(verdict_of).expect("it answers");
        self.settling
            .insert(request, (way.items, way.says.expect("it answers")));
        self.feed(Input::Answered {
            request,
            verdict,
            failure: None,
        });
    }

    pub fn feed(&mut self, input: Input) {
        self.effects.clear();
        let mut inputs = std::collections::VecDeque::from([input]);
        for _ in 0..10_000 {
            let Some(input) = inputs.pop_front() else { return };
            let random = self.draw();
            for effect in self.engine.take(input, self.now, random) {
                self.effects.push(effect.clone());
                inputs.extend(self.perform(effect));
                self.dawdle();
            }
        }
        panic!("the engine feeds itself");
    }

    fn draw(&mut self) -> u64 {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.random ^ (self.random >> 29)
    }

    fn dawdle(&mut self) {
        if self.dawdles_ms > 0 {
            let ms = self.draw() % (self.dawdles_ms + 1);
            self.pass(ms.cast_signed());
        }
    }

    fn perform(&mut self, effect: Effect) -> Option<Input> {
        if self.refuses_storage
            && matches!(
                effect,
                Effect::Look { .. }
                    | Effect::Claim { .. }
                    | Effect::Settle { .. }
                    | Effect::Blame { .. }
                    | Effect::Release { .. }
            )
        {
            match &effect {
                Effect::Settle { request } | Effect::Blame { request } => {
                    let (items, _) = self.settling.remove(request).expect("an answer");
                    self.owed.extend(items);
                }
                Effect::Release { items, .. } => self.owed.extend(items),
                _ => {}
            }
            return Some(Input::StorageFailed);
        }
        match effect {
            Effect::Look { due, background } => Some(Input::Looked(self.look(due, background))),
            Effect::Claim { limit, background } => Some(Input::Claimed(self.claim(limit, background))),
            Effect::HearTime { request } => {
                self.send(request, Vec::new());
                None
            }
            Effect::Push { request, items } => {
                self.send(request, items);
                None
            }
            Effect::Settle { request } => Some(self.settle(request)),
            Effect::Blame { request } => {
                let (items, _) = self.settling.remove(&request).expect("an answer");
                for item in items {
                    self.set(item, Place::Dead);
                }
                let settlement = Settlement {
                    dead: 1,
                    events_dead: 1,
                    ..Settlement::nothing(Some(Epoch::Known), Vec::new())
                };
                Some(Input::Settled { request, settlement })
            }
            Effect::Release { items, wait_ms } => {
                for item in items {
                    self.set(item, Place::Waits);
                    let not_before = wait_ms.map_or(0, |wait| self.now.wall_ms + wait);
                    self.queue.get_mut(&item).expect("an item").not_before_ms = not_before;
                }
                None
            }
            Effect::Abort { request } => {
                self.on_its_way.remove(&request);
                None
            }
            Effect::Pause(reason) => {
                self.pause = reason;
                None
            }
            Effect::AskForToken => {
                self.asked += 1;
                None
            }
            Effect::CleanUp => {
                self.cleaned += 1;
                None
            }
            Effect::Rest => {
                assert!(self.on_its_way.is_empty(), "it rests while something is on its way");
                None
            }
        }
    }

    fn set(&mut self, item: Id, place: Place) {
        let item = self.queue.get_mut(&item).expect("an item");
        assert_eq!(item.place, Place::Claimed, "only what is claimed moves");
        item.place = place;
    }

    fn look(&mut self, due: bool, background: bool) -> Glance {
        self.looks += 1;
        for item in std::mem::take(&mut self.owed) {
            self.set(item, Place::Waits);
        }
        let may_go = |item: &&Item| item.place == Place::Waits && (background || !item.background);
        let now_ms = self.now.wall_ms;
        let due_at = |item: &Item| {
            if states::is_due(Some(item.not_before_ms), now_ms) {
                now_ms
            } else {
                item.not_before_ms
            }
        };
        Glance {
            pause: self.pause,
            pending: (self.count(Place::Waits) + self.count(Place::Claimed)) as u64,
            dead: self.count(Place::Dead) as u64,
            due_ms: due
                .then(|| self.queue.values().filter(may_go).map(due_at).min())
                .flatten(),
        }
    }

    fn claim(&mut self, limit: usize, background: bool) -> Claimable {
        self.claims += 1;
        if let Some(reason) = self.pause {
            return Claimable::Paused(reason);
        }
        if !self.has_heard {
            return Claimable::NeedsServerTime;
        }
        if self.needs_snapshot {
            return Claimable::NeedsSnapshot;
        }
        let now_ms = self.now.wall_ms;
        let is_due = |item: &Item| {
            item.place == Place::Waits
                && (background || !item.background)
                && states::is_due(Some(item.not_before_ms), now_ms)
        };
        let found = self.queue.iter_mut().filter(|(_, item)| is_due(item)).take(limit);
        let claim = |(id, item): (&Id, &mut Item)| {
            item.place = Place::Claimed;
            ClaimedItem {
                id: *id,
                bytes: 500,
                alone: item.alone,
            }
        };
        Claimable::Items(found.map(claim).collect())
    }

    fn send(&mut self, request: RequestId, items: Vec<Id>) {
        self.attempts.push((self.now.mono_ms, items.clone()));
        let says = if items.is_empty() && !self.has_heard {
            match (self.server)(&items, self.now) {
                Says::All => Says::Epoch(Epoch::Known),
                other => other,
            }
        } else {
            (self.server)(&items, self.now)
        };
        let way = OnItsWay {
            items,
            answered_at_ms: self.now.mono_ms + LATENCY_MS,
            says: Some(says).filter(|says| !matches!(says, Says::Silence)),
        };
        self.on_its_way.insert(request, way);
        let distinct: BTreeSet<Id> = self.on_its_way.values().flat_map(|way| way.items.clone()).collect();
        let all: usize = self.on_its_way.values().map(|way| way.items.len()).sum();
        assert_eq!(distinct.len(), all, "an item is on its way once");
        assert!(self.on_its_way.len() <= 3, "three requests at most");
    }

    fn settle(&mut self, request: RequestId) -> Input {
        let (items, says) = self.settling.remove(&request).expect("an answer");
        let mut settlement = Settlement::nothing(Some(Epoch::Known), Vec::new());
        match says {
            Says::Epoch(epoch) | Says::OtherEpoch(epoch) => {
                self.has_heard |= epoch != Epoch::Older;
                settlement = Settlement::nothing(Some(epoch), items);
            }
            Says::ForNobody => settlement = Settlement::nothing(None, items),
            Says::Verdict(_) | Says::Silence => settlement.left = items,
            Says::All => {
                settlement.taken = items.len() as u64;
                settlement.events_taken = settlement.taken;
                for item in items {
                    self.set(item, Place::Taken);
                }
            }
            Says::Results(results) => {
                for item in items {
                    match results.get(&item) {
                        Some(Place::Taken) => {
                            settlement.taken += 1;
                            settlement.events_taken += 1;
                            self.set(item, Place::Taken);
                        }
                        Some(Place::Dead) => {
                            settlement.dead += 1;
                            settlement.events_dead += 1;
                            self.set(item, Place::Dead);
                        }
                        _ => settlement.left.push(item),
                    }
                }
            }
        }
        Input::Settled { request, settlement }
    }
}

fn verdict_of(says: &Says) -> Verdict {
    match says {
        Says::Verdict(verdict) => verdict.clone(),
        Says::OtherEpoch(_) => Verdict::OtherEpoch,
        Says::Results(_) | Says::All | Says::Epoch(_) | Says::ForNobody | Says::Silence => Verdict::Answer,
    }
}
