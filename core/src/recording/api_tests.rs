//! The recorder as an app calls it, on a real folder.

use std::sync::mpsc;
use std::task::{self, Wake, Waker};

use super::*;
use crate::activities::model::ActivityQuery;
use crate::client::{Config, SteadfastClient};
use crate::domain::kind::ActivityKind;
use crate::domain::manual_clock::ManualClock;
use crate::domain::recording_state::RecordingState;
use crate::domain::time::from_ms;
use crate::event::{Event, EventListener, ListenerError};

fn open(folder: &std::path::Path) -> Arc<SteadfastClient> {
    pollster::block_on(SteadfastClient::open(Config::new(folder.to_string_lossy()), None)).unwrap()
}

/// `count` fixes, 3 m and a second apart, the last one now.
fn fixes(recorder: &Recorder, count: i32) -> Vec<LocationSample> {
    let now_ms = recorder.0.context.now().wall_ms;
    (0..count)
        .map(|index| LocationSample {
            time: from_ms(now_ms + i64::from(index) * 1000),
            latitude_deg: 48.0 + f64::from(index) * 27e-6,
            longitude_deg: 2.0,
            elapsed_ms: None,
            altitude_m: None,
            horizontal_accuracy_m: Some(5.0),
            vertical_accuracy_m: None,
            speed_mps: Some(3.0),
            course_deg: None,
            source: None,
        })
        .collect()
}

fn started(client: &SteadfastClient) -> Arc<Recorder> {
    let recorder = client.recorder();
    recorder.start(StartOptions::new(ActivityKind::Running)).unwrap();
    recorder.add_samples(fixes(&recorder, 60)).unwrap();
    recorder
}

#[test]
fn what_is_being_saved_neither_goes_on_nor_goes_away() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path());
    let recorder = started(&client);
    // The store is busy, so the save waits in the middle.
    let (release, wait) = mpsc::channel::<()>();
    let busy = recorder.0.context.database.write(move |_| {
        wait.recv().unwrap();
        Ok(())
    });
    let saving = {
        let recorder = Arc::clone(&recorder);
        std::thread::spawn(move || pollster::block_on(recorder.save(SaveOptions::default(), None)))
    };
    while recorder.live().unwrap().state != RecordingState::Stopped {
        std::thread::yield_now();
    }
    while !lock(&recorder.0.active).as_ref().unwrap().is_saving() {
        std::thread::yield_now();
    }
    for refused in [recorder.resume().map(drop), recorder.discard()] {
        assert_eq!(refused.unwrap_err().code_name(), "not_recording");
    }
    release.send(()).unwrap();
    busy.wait().unwrap();
    assert_eq!(saving.join().unwrap().unwrap().sample_count, 60);
    assert_eq!(recorder.live(), None);
}

#[test]
fn a_save_that_is_refused_leaves_the_workout_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path());
    let recorder = client.recorder();
    recorder.start(StartOptions::new(ActivityKind::Running)).unwrap();
    recorder.add_samples(fixes(&recorder, 2)).unwrap();
    let save = || pollster::block_on(recorder.save(SaveOptions::default(), None));
    assert_eq!(save().unwrap_err().code_name(), "distance_too_short");
    recorder.resume().unwrap();
    recorder.add_samples(fixes(&recorder, 60)).unwrap();
    assert!(save().unwrap().distance_m > 100.0);
}

#[test]
fn a_cancelled_save_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path());
    let recorder = started(&client);
    let cancel = CancelToken::new();
    cancel.cancel();
    let cancelled = pollster::block_on(recorder.save(SaveOptions::default(), Some(cancel)));
    assert_eq!(cancelled.unwrap_err().code_name(), "cancelled");
    assert_eq!(
        pollster::block_on(recorder.save(SaveOptions::default(), None))
            .unwrap()
            .sample_count,
        60
    );
}

#[test]
fn an_object_that_outlives_its_client_still_works() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = started(&open(folder.path()));
    let activity = pollster::block_on(recorder.save(SaveOptions::default(), None)).unwrap();
    drop(recorder);
    let activities = open(folder.path()).activities();
    assert_eq!(pollster::block_on(activities.get(activity.id)).unwrap().id, activity.id);
}

#[test]
fn a_suspended_store_lets_the_recording_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path());
    let recorder = started(&client);
    client.suspend_storage(1_000).unwrap();
    recorder.pause().unwrap();
    recorder.resume().unwrap();
    assert_eq!(recorder.add_samples(fixes(&recorder, 60)).unwrap().unsaved_samples, 0);
    assert_eq!(
        pollster::block_on(
            client
                .activities()
                .list(crate::activities::model::ActivityQuery::default())
        )
        .unwrap_err()
        .code_name(),
        "storage_suspended"
    );
    client.resume_storage().unwrap();
    assert!(pollster::block_on(recorder.save(SaveOptions::default(), None)).is_ok());
}

/// Calls back into the client from the event, as apps do.
struct CallsBack {
    recorder: std::sync::OnceLock<std::sync::Weak<Recorder>>,
    seen: std::sync::Mutex<mpsc::Sender<Event>>,
}

impl EventListener for CallsBack {
    fn on_event(&self, event: Event) -> Result<(), ListenerError> {
        let recorder = self.recorder.get().and_then(std::sync::Weak::upgrade);
        let _called_back = recorder.map(|recorder| recorder.live());
        drop(self.seen.lock().unwrap().send(event));
        Ok(())
    }
}

#[test]
fn a_listener_that_calls_back_hears_of_the_state_the_progress_and_the_change() {
    let folder = tempfile::tempdir().unwrap();
    let (seen, events) = mpsc::channel();
    let listener = Arc::new(CallsBack {
        recorder: std::sync::OnceLock::new(),
        seen: std::sync::Mutex::new(seen),
    });
    let config = Config::new(folder.path().to_string_lossy());
    let client = pollster::block_on(SteadfastClient::open(config, Some(Arc::clone(&listener) as _))).unwrap();
    listener.recorder.set(Arc::downgrade(&client.recorder())).unwrap();
    let recorder = started(&client);
    let activity = pollster::block_on(recorder.save(SaveOptions::default(), None)).unwrap();
    let (mut state, mut progress) = (false, false);
    loop {
        match events.recv().unwrap() {
            Event::Recording { workout_id, .. } => state |= workout_id == activity.id,
            Event::Progress { workout_id, .. } => progress |= workout_id == Some(activity.id),
            Event::Changed { id, .. } => {
                assert_eq!(id, activity.id);
                break;
            }
            Event::StorageLow { .. } | Event::Sync { .. } | Event::NeedsToken { .. } | Event::Alert { .. } => {}
        }
    }
    assert!(state && progress);
}

/// A client whose clock is moved by hand.
fn open_at(folder: &std::path::Path, clock: &Arc<ManualClock>) -> Arc<SteadfastClient> {
    let config = Config::new(folder.to_string_lossy());
    pollster::block_on(SteadfastClient::open_with_clock(config, None, Arc::clone(clock))).unwrap()
}

#[test]
fn after_a_shutdown_every_call_says_so_and_the_folder_can_be_opened_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path());
    let (recorder, activities) = (started(&client), client.activities());
    let subscription = client.subscribe();
    client.shutdown().unwrap();
    client.shutdown().unwrap();
    let sample = fixes(&recorder, 1);
    let refused = [
        recorder.add_samples(sample).map(drop),
        recorder.pause().map(drop),
        recorder.discard(),
        recorder.start(StartOptions::new(ActivityKind::Running)).map(drop),
        pollster::block_on(recorder.save(SaveOptions::default(), None)).map(drop),
        pollster::block_on(recorder.recovery()).map(drop),
        pollster::block_on(activities.list(ActivityQuery::default())).map(drop),
    ];
    for outcome in refused {
        assert_eq!(outcome.unwrap_err().code_name(), "storage_closed");
    }
    while pollster::block_on(subscription.next()).is_some() {}
    // The objects of the first client are still held.
    let again = open(folder.path());
    let interrupted = pollster::block_on(again.recorder().recovery()).unwrap();
    assert_eq!((interrupted.len(), interrupted[0].sample_count), (1, 60));
}

#[test]
fn whoever_observes_sees_what_others_do() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path());
    let recorder = client.recorder();
    let observed = recorder.observe();
    let next = || pollster::block_on(observed.next());
    let state = || next().unwrap().statistics.map(|live| live.state);
    assert_eq!(state(), None, "nothing is recorded at first");
    recorder.start(StartOptions::new(ActivityKind::Running)).unwrap();
    assert_eq!(state(), Some(RecordingState::Recording));
    for _ in 0..3 {
        recorder.add_samples(fixes(&recorder, 20)).unwrap();
    }
    assert_eq!(
        next().unwrap().statistics.unwrap().acknowledged_samples,
        60,
        "conflated"
    );
    recorder.pause().unwrap();
    assert_eq!(state(), Some(RecordingState::Paused));
    recorder.discard().unwrap();
    assert_eq!(state(), None);
    let waiting = std::thread::spawn(move || pollster::block_on(observed.next()));
    client.shutdown().unwrap();
    assert_eq!(waiting.join().unwrap(), None);
}

#[test]
fn a_restart_without_a_screen_takes_up_what_was_just_interrupted() {
    let clock = ManualClock::new(from_ms(1_777_622_400_000));
    let folder = tempfile::tempdir().unwrap();
    let resumed = |minutes: i64| {
        clock.advance(minutes * 60_000);
        let client = open_at(folder.path(), &clock);
        (pollster::block_on(client.recorder().resume_fresh()).unwrap(), client)
    };
    let (nothing, client) = resumed(0);
    assert_eq!(nothing, None);
    started(&client);
    drop(client);
    let (live, client) = resumed(59);
    assert_eq!(live.unwrap().acknowledged_samples, 60);
    assert_eq!(
        pollster::block_on(client.recorder().resume_fresh()),
        Ok(None),
        "one is in progress"
    );
    drop(client);
    let (stale, client) = resumed(62);
    assert_eq!(
        stale, None,
        "its last record is the interruption itself, over an hour ago"
    );
    // A fresh one that was stopped waits for the person.
    started(&client).stop().unwrap();
    drop(client);
    assert_eq!(resumed(1).0, None);
}

/// Asks the recorder and the client from inside `wake`, as a coroutine does that is resumed in place.
struct AsksAtOnce {
    client: Arc<SteadfastClient>,
    asked: mpsc::Sender<bool>,
}

impl Wake for AsksAtOnce {
    fn wake(self: Arc<Self>) {
        let is_recording = self.client.recorder().live().is_some();
        drop(self.client.subscribe());
        self.asked.send(is_recording).ok();
    }
}

#[test]
fn who_is_woken_may_ask_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path());
    let recorder = client.recorder();
    let (asked, answers) = mpsc::channel();
    let waker = Waker::from(Arc::new(AsksAtOnce {
        client: Arc::clone(&client),
        asked,
    }));
    let mut context = task::Context::from_waker(&waker);
    let (observed, subscription) = (recorder.observe(), client.subscribe());
    pollster::block_on(observed.next());
    let mut change = std::pin::pin!(observed.next());
    let mut event = std::pin::pin!(subscription.next());
    assert!(change.as_mut().poll(&mut context).is_pending());
    assert!(event.as_mut().poll(&mut context).is_pending());
    recorder.start(StartOptions::new(ActivityKind::Running)).unwrap();
    for _ in 0..2 {
        let is_recording = answers.recv_timeout(std::time::Duration::from_secs(10));
        assert_eq!(is_recording, Ok(true), "both are woken, and neither hangs");
    }
}

#[test]
fn laps_are_in_progress_then_recovered_then_stored() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path());
    let recorder = client.recorder();
    assert_eq!(recorder.lap().unwrap_err().code_name(), "not_recording");
    recorder.start(StartOptions::new(ActivityKind::Running)).unwrap();
    assert_eq!(recorder.lap().unwrap_err().code_name(), "duration_too_short");
    assert_eq!(recorder.laps().unwrap(), []);
    recorder.add_samples(fixes(&recorder, 60)).unwrap();
    // The newest fix was taken 59 s after the start, so that is where the workout is.
    let closed = recorder.lap().unwrap();
    assert_eq!((closed.index, closed.is_open), (1, false));
    assert!(
        (170.0..180.0).contains(&closed.distance_m) && closed.duration_s >= 59.0,
        "{closed:?}"
    );
    assert_eq!(recorder.lap().unwrap_err().code_name(), "duration_too_short");
    let laps = recorder.laps().unwrap();
    assert_eq!(laps.len(), 2);
    assert_eq!((&laps[0], laps[1].is_open), (&closed, true));
    let id = recorder.active_id().unwrap();
    drop((recorder, client));

    let client = open(folder.path());
    let recorder = client.recorder();
    recorder.resume_recovered(id).unwrap();
    let recovered = recorder.laps().unwrap();
    assert_eq!((recovered[0].clone(), recovered.len()), (closed.clone(), 2));
    recorder.stop().unwrap();
    assert_eq!(recorder.lap().unwrap_err().code_name(), "not_recording");
    let saved = pollster::block_on(recorder.save(SaveOptions::default(), None)).unwrap();
    let stored = pollster::block_on(client.activities().laps(id)).unwrap();
    assert_eq!(stored[0].id, closed.id);
    assert!(stored.iter().all(|lap| !lap.is_open));
    let sum = |of: fn(&crate::domain::lap::Lap) -> f64| stored.iter().map(of).sum::<f64>();
    assert!((sum(|lap| lap.distance_m) - saved.distance_m).abs() < 1e-6);
    assert!((sum(|lap| lap.duration_s) - saved.timer_s).abs() < 1e-6);
    assert!(
        pollster::block_on(client.maintenance().check_integrity(None))
            .unwrap()
            .ok
    );
}

#[test]
fn damaged_laps_are_computed_again_from_the_track_and_the_presses() {
    let folder = tempfile::tempdir().unwrap();
    let client = open(folder.path());
    let recorder = client.recorder();
    for presses_in_the_run in [true, false] {
        recorder.start(StartOptions::new(ActivityKind::Running)).unwrap();
        let fixes = fixes(&recorder, 90);
        recorder.add_samples(fixes[..60].to_vec()).unwrap();
        if presses_in_the_run {
            recorder.lap().unwrap();
        }
        recorder.add_samples(fixes[60..].to_vec()).unwrap();
        recorder.pause().unwrap();
        // The timer never runs again: there is nothing in the lap after this press.
        recorder.lap().unwrap();
        let id = recorder.active_id().unwrap();
        pollster::block_on(recorder.save(SaveOptions::default(), None)).unwrap();
        let laps = || pollster::block_on(client.activities().laps(id)).unwrap();
        let before = laps();
        assert_eq!(before.len(), if presses_in_the_run { 2 } else { 1 });
        let damage =
            |tx: &rusqlite::Transaction<'_>| Ok(tx.execute("UPDATE lap SET distance_m = 1, duration_s = 2", [])?);
        recorder.0.context.database.write(damage).wait().unwrap();
        let report = pollster::block_on(client.maintenance().repair(None)).unwrap();
        assert_eq!(report.remaining, []);
        assert_eq!(laps(), before);
    }
}
