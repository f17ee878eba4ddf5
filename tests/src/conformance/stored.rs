//! The calls on finished workouts and on the store.

use pollster::block_on;
use steadfast_core::interchange::api::ExportOptions;

use super::actor::{Actor, Outcome, seen, token};
use super::seen::Seen;
use super::verb::Verb;

impl Actor {
    /// Finished workouts, and the store itself.
    pub(super) fn look_up(&self, verb: Verb) -> Outcome {
        let activities = self.client()?.activities();
        Ok(match verb {
            Verb::List { query } => block_on(activities.list(query.query())).map(seen),
            Verb::Get { id } => block_on(activities.get(id)).map(seen),
            Verb::Delete { id } => block_on(activities.delete(id)).map(seen),
            Verb::Edit { id, edit } => block_on(activities.edit(id, edit.edit())).map(seen),
            Verb::ActivitySplits { id, unit } => block_on(activities.splits(id, unit)).map(seen),
            Verb::ActivityLaps { id } => block_on(activities.laps(id)).map(seen),
            Verb::Track { id, query } => block_on(activities.track(id, query.query())).map(seen),
            Verb::Points { id, query } => block_on(activities.points(id, query.query())).map(seen),
            Verb::Profile { id } => block_on(activities.profile(id)).map(seen),
            Verb::Polyline {
                id,
                tolerance_m,
                privacy_zones,
            } => block_on(activities.polyline(id, tolerance_m.0, privacy_zones)).map(seen),
            Verb::ImportFile { path, cancel } => {
                block_on(activities.import_file(self.text(&path), token(cancel))).map(seen)
            }
            Verb::ExportFile {
                id,
                format,
                path,
                privacy_zones,
            } => {
                let options = ExportOptions { privacy_zones };
                block_on(activities.export_file(id, format, self.text(&path), options)).map(seen)
            }
            Verb::TakeInSpool { path, cancel } => {
                block_on(activities.take_in_spool(self.text(&path), token(cancel))).map(seen)
            }
            verb => return self.maintain(&verb),
        })
    }

    fn maintain(&self, verb: &Verb) -> Outcome {
        let maintenance = self.client()?.maintenance();
        Ok(match verb {
            Verb::CheckIntegrity { cancel } => block_on(maintenance.check_integrity(token(*cancel))).map(seen),
            Verb::Repair { cancel } => block_on(maintenance.repair(token(*cancel))).map(seen),
            Verb::FreeSpace {} => block_on(maintenance.free_space()).map(seen),
            Verb::BackUp {} => block_on(maintenance.back_up()).map(seen),
            Verb::Telemetry {} => Ok(maintenance.telemetry().seen()),
            Verb::Diagnostics {} => block_on(maintenance.diagnostics()).map(seen),
            _ => return Err("no call of the API".into()),
        })
    }
}
