//! The calls on the workout in progress, and on those that were interrupted.

use pollster::block_on;
use steadfast_core::interchange::api::ExportOptions;

use super::actor::{Actor, Outcome, seen, token};
use super::arguments::Samples;
use super::seen::Seen;
use super::verb::Verb;

impl Actor {
    pub(super) fn record(&self, verb: Verb) -> Outcome {
        let recorder = self.client()?.recorder();
        Ok(match verb {
            Verb::Start { options } => recorder.start(options.options()).map(seen),
            Verb::Samples(samples) => return self.samples(&samples),
            Verb::Readings { readings } => {
                let now_ms = self.now_ms();
                let readings: Vec<_> = readings.iter().map(|reading| reading.reading(now_ms)).collect();
                self.move_to(readings.last().map(|(time_ms, _)| *time_ms));
                recorder
                    .add_readings(readings.into_iter().map(|(_, reading)| reading).collect())
                    .map(seen)
            }
            Verb::Pause {} => recorder.pause().map(seen),
            Verb::Resume {} => recorder.resume().map(seen),
            Verb::Stop {} => recorder.stop().map(seen),
            Verb::Lap {} => recorder.lap().map(seen),
            Verb::Laps {} => recorder.laps().map(seen),
            Verb::Splits {} => recorder.splits().map(seen),
            Verb::Discard {} => recorder.discard().map(seen),
            Verb::Live {} => Ok(recorder.live().seen()),
            Verb::ActiveId {} => Ok(recorder.active_id().seen()),
            Verb::Save { options, cancel } => block_on(recorder.save(options.options(), token(cancel))).map(seen),
            Verb::Recovery {} => block_on(recorder.recovery()).map(seen),
            Verb::Backups {} => block_on(recorder.backups()).map(seen),
            Verb::ResumeRecovered { id } => recorder.resume_recovered(id).map(seen),
            Verb::SaveRecovered { id, options, cancel } => {
                block_on(recorder.save_recovered(id, options.options(), token(cancel))).map(seen)
            }
            Verb::DiscardRecovered { id } => recorder.discard_recovered(id).map(seen),
            Verb::RestoreBackup { id } => block_on(recorder.restore_backup(id)).map(seen),
            Verb::ResumeFresh {} => block_on(recorder.resume_fresh()).map(seen),
            Verb::ExportRecovered { id, format, path } => {
                block_on(recorder.export_recovered(id, format, self.text(&path), ExportOptions::default())).map(seen)
            }
            verb => return self.look_up(verb),
        })
    }

    fn samples(&self, samples: &Samples) -> Outcome {
        let now_ms = self.now_ms();
        let (fixes, batch) = match (&samples.samples, &samples.line) {
            (Some(fixes), None) => (fixes.iter().map(|fix| fix.sample(now_ms)).collect(), None),
            (None, Some(line)) => (line.samples(now_ms), line.batch),
            _ => return Err("either samples or a line".into()),
        };
        let recorder = self.client()?.recorder();
        let mut last = None;
        for batch in fixes.chunks(batch.unwrap_or(fixes.len()).max(1)) {
            self.move_to(batch.last().map(|(time_ms, _)| *time_ms));
            match recorder.add_samples(batch.iter().map(|(_, sample)| sample.clone()).collect()) {
                Ok(live) => last = Some(live),
                error => return Ok(error.map(seen)),
            }
        }
        if fixes.is_empty() {
            return Ok(recorder.add_samples(Vec::new()).map(seen));
        }
        Ok(Ok(last.seen()))
    }

    fn move_to(&self, time_ms: Option<i64>) {
        if let Some(time_ms) = time_ms {
            self.clock.advance(time_ms - self.now_ms());
        }
    }
}
