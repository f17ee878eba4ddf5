//! What the app may say, and how one sees that it was heard.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::domain::account::LOCAL_ACCOUNT;
use crate::domain::sync_status::SyncState;
use crate::sync::model::{Connectivity, SyncEnd};

use super::PATIENCE;
use super::device::{ANN, Device};

/// One word of the app.
pub(super) struct Story {
    pub what: &'static str,
    /// What was said before the worker began.
    pub before: fn(&Device),
    pub word: fn(&Device),
    pub is_heard: fn(&Device) -> bool,
}

pub(super) const STORIES: [Story; 12] = [
    Story {
        what: "a write",
        before: |device| {
            device.ready();
            device.connect(Connectivity::Offline);
        },
        word: Device::write,
        is_heard: |device| device.status.get().pending == 2,
    },
    Story {
        what: "a connection",
        before: |device| {
            device.ready();
            device.connect(Connectivity::Offline);
        },
        word: |device| device.connect(Connectivity::Unmetered),
        is_heard: Device::has_tried,
    },
    Story {
        what: "a connection that goes and comes back",
        before: |device| {
            device.configure();
            device.start();
        },
        word: |device| {
            device.connect(Connectivity::Offline);
            device.connect(Connectivity::Unmetered);
        },
        is_heard: Device::has_been_asked_again,
    },
    Story {
        what: "a server",
        before: |device| {
            device.provide();
            device.start();
        },
        word: Device::configure,
        is_heard: Device::has_tried,
    },
    Story {
        what: "a token",
        before: |device| {
            device.configure();
            device.start();
        },
        word: Device::provide,
        is_heard: Device::has_tried,
    },
    Story {
        what: "a start",
        before: |device| {
            device.configure();
            device.provide();
        },
        word: Device::start,
        is_heard: Device::has_tried,
    },
    Story {
        what: "a stop",
        before: |device| {
            device.ready();
            device.connect(Connectivity::Offline);
        },
        word: |device| device.wishes.change(|wanted| wanted.is_running = false),
        is_heard: |device| device.state() == SyncState::Stopped,
    },
    Story {
        what: "a sign-in",
        before: |device| {
            device.context.switch_account(LOCAL_ACCOUNT.to_owned());
            device.ready();
        },
        word: |device| {
            device.context.switch_account(ANN.to_owned());
            device.wishes.nudge();
        },
        is_heard: Device::has_tried,
    },
    Story {
        what: "a sign-out",
        before: Device::ready,
        word: |device| {
            device.context.switch_account(LOCAL_ACCOUNT.to_owned());
            device.wishes.nudge();
        },
        is_heard: |device| device.state() == SyncState::SignedOut,
    },
    Story {
        what: "a single run",
        before: |device| {
            device.ready();
            device.connect(Connectivity::Offline);
        },
        word: Device::run_once,
        is_heard: |device| device.ended_by() == Some(SyncEnd::Offline),
    },
    Story {
        what: "the end of a single run",
        before: |device| {
            device.ready();
            device.run_once();
        },
        word: |device| {
            device.is_cancelled.store(true, Ordering::SeqCst);
            device.wishes.ring();
        },
        is_heard: |device| device.ended_by() == Some(SyncEnd::Cancelled),
    },
    Story {
        what: "a suspension that is waited for",
        before: Device::ready,
        word: |device| {
            device.wishes.change(|wanted| wanted.is_suspended = true);
            let (wishes, acknowledged) = (Arc::clone(&device.wishes), Arc::clone(&device.acknowledged));
            std::thread::spawn(move || acknowledged.store(wishes.wait_for_worker(PATIENCE), Ordering::SeqCst));
        },
        is_heard: |device| device.acknowledged.load(Ordering::SeqCst) && device.state() == SyncState::Stopped,
    },
];
