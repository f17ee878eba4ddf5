//! The calls on training data, on the outbox and on accounts.

use pollster::block_on;
use steadfast_core::domain::id::Id;

use super::actor::{Actor, Outcome, seen, token};
use super::room_arguments::{EarlierSession, EventRef, Scheduled};
use super::seen::Seen;
use super::verb::Verb;

impl Actor {
    pub(super) fn in_rooms(&self, verb: Verb) -> Outcome {
        let programs = self.client()?.programs();
        Ok(match verb {
            Verb::Complete {
                program_day,
                completion,
            } => block_on(programs.complete(program_day.day(), completion.completion(self.now_ms()))).map(seen),
            Verb::Uncomplete { program_day } => block_on(programs.uncomplete(program_day.day())).map(seen),
            Verb::Rate { program_day, intensity } => block_on(programs.rate(program_day.day(), intensity)).map(seen),
            Verb::Schedule { days } => {
                block_on(programs.schedule(days.into_iter().map(Scheduled::day).collect())).map(seen)
            }
            Verb::Session { program_day } => block_on(programs.session(program_day.day())).map(seen),
            Verb::Progress { program_id } => block_on(programs.progress(program_id)).map(seen),
            Verb::Week { program_id, week } => block_on(programs.week(program_id, week)).map(seen),
            Verb::RemoveSession { program_day } => block_on(programs.remove(program_day.day())).map(seen),
            Verb::MigratePrograms { sessions, cancel } => {
                let sessions = sessions.into_iter().map(EarlierSession::import).collect();
                block_on(programs.migrate(sessions, token(cancel))).map(seen)
            }
            Verb::MigrateFile { path, cancel } => {
                let migration = self.client()?.migration();
                block_on(migration.migrate_file(self.text(&path), token(cancel))).map(seen)
            }
            verb => return self.measure(verb),
        })
    }

    fn measure(&self, verb: Verb) -> Outcome {
        let (metrics, now_ms) = (self.client()?.metrics(), self.now_ms());
        Ok(match verb {
            Verb::RecordMetric { entry } => block_on(metrics.record(entry.entry(now_ms))).map(seen),
            Verb::EditMetric { id, edit } => block_on(metrics.edit(id, edit.edit())).map(seen),
            Verb::DeleteMetric { id } => block_on(metrics.delete(id)).map(seen),
            Verb::GetMetric { id } => block_on(metrics.get(id)).map(seen),
            Verb::ListMetrics { query } => block_on(metrics.list(query.query())).map(seen),
            Verb::LatestMetric { kind } => block_on(metrics.latest(kind.0)).map(seen),
            Verb::DailyMetric {
                kind,
                from_date,
                to_date,
            } => block_on(metrics.daily(kind.0, from_date.0, to_date.0)).map(seen),
            Verb::ImportHealth { records, cancel } => {
                let records = records.into_iter().map(|record| record.record(now_ms)).collect();
                block_on(metrics.import_health(records, token(cancel))).map(seen)
            }
            Verb::MigrateMetrics { entries, cancel } => {
                let entries = entries.into_iter().map(|entry| entry.entry(now_ms)).collect();
                block_on(metrics.migrate(entries, token(cancel))).map(seen)
            }
            verb => return self.log(verb),
        })
    }

    fn log(&self, verb: Verb) -> Outcome {
        let (habits, now_ms) = (self.client()?.habits(), self.now_ms());
        Ok(match verb {
            Verb::RecordHabit { log } => block_on(habits.record(log.log(now_ms))).map(seen),
            Verb::EditHabit { id, edit } => block_on(habits.edit(id, edit.edit())).map(seen),
            Verb::DeleteHabit { id } => block_on(habits.delete(id)).map(seen),
            Verb::GetHabit { id } => block_on(habits.get(id)).map(seen),
            Verb::ListHabits { query } => block_on(habits.list(query.query())).map(seen),
            Verb::DailyHabit {
                kind,
                from_date,
                to_date,
            } => block_on(habits.daily(kind, from_date.0, to_date.0)).map(seen),
            Verb::MigrateHabits { logs, cancel } => {
                let logs = logs.into_iter().map(|log| log.log(now_ms)).collect();
                block_on(habits.migrate(logs, token(cancel))).map(seen)
            }
            verb => return self.queue(verb),
        })
    }

    fn queue(&self, verb: Verb) -> Outcome {
        let client = self.client()?;
        let outbox = client.outbox();
        Ok(match verb {
            Verb::OutboxStatistics {} => block_on(outbox.statistics()).map(seen),
            Verb::OutboxEvents { query } => block_on(outbox.events(query.query())).map(seen),
            Verb::OutboxStale {} => block_on(outbox.stale()).map(seen),
            Verb::OutboxRetry { events } => block_on(outbox.retry(op_ids(&events))).map(seen),
            Verb::OutboxDiscard { events } => block_on(outbox.discard(op_ids(&events))).map(seen),
            Verb::SignIn { account_id, local_data } => block_on(client.sign_in(account_id, local_data.0)).map(seen),
            Verb::SignOut { queue } => block_on(client.sign_out(queue.0)).map(seen),
            Verb::AccountId {} => Ok(client.account_id().seen()),
            _ => return Err("no call of the API".into()),
        })
    }
}

fn op_ids(events: &[EventRef]) -> Vec<Id> {
    events.iter().map(|event| event.op_id).collect()
}
