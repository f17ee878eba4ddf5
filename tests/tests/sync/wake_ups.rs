//! Nobody has to remember to wake sync, and no word is lost on it.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use steadfast_core::domain::id::Id;
use steadfast_core::outbox::upkeep;
use steadfast_core::sync::model::Connectivity;
use steadfast_tests::server::Server;
use steadfast_tests::server::fault::{Fault, Poison};

use crate::sync_world::{Device, agrees, device, eventually};

/// Writes something that the server rejects and then would take; the id of the dead operation.
fn write_dead(device: &Device, server: &Server) -> Id {
    // Before it is written, or it could be sent in between.
    device.sync.set_connectivity(Connectivity::Offline);
    let id = device.write();
    server.poison(id, Poison::Rejected);
    device.sync.set_connectivity(Connectivity::Unmetered);
    eventually("it is dead", || device.dead_rows() == [id]);
    server.cure(id);
    device.dead()[0].op_id
}

/// Invariant 10: nobody has to remember to wake sync.
#[test]
fn no_write_is_missed_however_it_is_made() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    device.sync.start().expect("started");
    let device = Arc::new(device);
    // One after the other, each by itself: the queue is empty, and the worker asleep, when it comes.
    for n in 0..100 {
        let id = device.write();
        device.drained();
        if n % 10 == 0 {
            device.edit(id, "edited");
            device.drained();
        }
    }
    // Many at once, from several threads.
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let device = Arc::clone(&device);
            std::thread::spawn(move || device.write_many(50))
        })
        .collect();
    let written: usize = writers
        .into_iter()
        .map(|writer| writer.join().expect("written").len())
        .sum();
    device.drained();
    assert_eq!((written, device.statistics().completed), (200, 310));
    // A write that touches the outbox by hand, as `retry` does.
    let dead = write_dead(&device, &server);
    let (account, now_ms) = (device.context.account_id(), device.context.now().wall_ms);
    device
        .context
        .database
        .write(move |tx| upkeep::retry(tx, &account, &[dead], now_ms))
        .wait()
        .expect("retried");
    eventually("it is sent again", || {
        device.statistics().dead == 0 && device.waiting() == 0
    });
}

/// Rounds of what the app may say; a few words more or less are said in each by three threads at once.
const ROUNDS: u64 = 40;
const WORDS: u64 = 12;

/// Random numbers: Knuth's MMIX generator, its high half.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// However the app's words fall between the worker's steps: once all is well, everything arrives, and nobody says another word.
#[test]
fn no_word_of_the_app_is_lost_however_they_fall() {
    let server = Server::start();
    let (_folder, device) = device(&server);
    let accounts = Mutex::new(());
    let mut ids = Vec::new();
    for round in 0..ROUNDS {
        server.script(vec![Fault::LoseRequest; 2]);
        let written = thread::scope(|scope| {
            let speakers: Vec<_> = (0..3)
                .map(|speaker| {
                    let (device, server, accounts) = (&device, &server, &accounts);
                    scope.spawn(move || speak(device, server, accounts, Dice(round * 3 + speaker)))
                })
                .collect();
            let said = speakers.into_iter().map(|speaker| speaker.join().expect("said"));
            said.flatten().collect::<Vec<Id>>()
        });
        ids.extend(written);
        server.heal();
        // The last words, in every order, one after the other as fast as they can be said.
        let words: [&dyn Fn(); 4] = [
            &|| device.sign_in("ada", &server),
            &|| device.sync.set_connectivity(Connectivity::Unmetered),
            &|| device.sync.start().expect("started"),
            &|| device.sync.resume(),
        ];
        let mut order = Dice(round);
        let mut left: Vec<&dyn Fn()> = words.to_vec();
        while !left.is_empty() {
            left.remove(usize::try_from(order.below(left.len() as u64)).expect("small"))();
        }
        device.drained();
    }
    agrees(&server, &device, &ids);
    assert_eq!(device.statistics().dead, 0);
}

/// Says whatever comes to mind; what it wrote as `ada`.
fn speak(device: &Device, server: &Server, accounts: &Mutex<()>, mut dice: Dice) -> Vec<Id> {
    let mut written = Vec::new();
    for _ in 0..WORDS {
        match dice.below(10) {
            0..3 => {
                // Nobody signs in or out between the reading of the account and the write.
                let _same = accounts.lock().expect("nobody panics with it");
                if device.context.account_id() == "ada" {
                    written.push(device.write());
                }
            }
            3 => device.sync.set_connectivity(Connectivity::Offline),
            4 => {
                device.sync.set_connectivity(Connectivity::Offline);
                device.sync.set_connectivity(Connectivity::Unmetered);
            }
            5 => device.sync.start().expect("started"),
            6 => device.sync.stop(),
            7 => drop(device.once(u32::try_from(dice.below(20)).expect("small"))),
            8 => {
                device.sync.suspend(Duration::from_millis(dice.below(3)));
                device.sync.resume();
            }
            _ => {
                let _alone = accounts.lock().expect("nobody panics with it");
                device.sign_out();
                device.sign_in("ada", server);
            }
        }
        let until = Instant::now() + Duration::from_micros(dice.below(400));
        while Instant::now() < until {
            std::hint::spin_loop();
        }
    }
    written
}
