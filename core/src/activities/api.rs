//! The exported object `Activities`: finished workouts, listed, read, edited and deleted. Files in and out are in `interchange`.

use std::sync::Arc;

use crate::context::Context;
use crate::domain::id::Id;
use crate::domain::lap::Lap;
use crate::domain::sample::Row;
use crate::domain::split::{Split, SplitUnit};
use crate::domain::time::TimerInterval;
use crate::error::{Result, SteadfastError, ValidationCode};
use crate::event::{ChangedEntity, Event};
use crate::outbox::edit::{Debounce, Edit};
use crate::track::model::{TrackColumns, TrackPoint, TrackQuery};
use crate::track::privacy::PrivacyZone;

use super::change;
use super::model::{Activity, ActivityEdit, ActivityPage, ActivityProfile, ActivityQuery};
use super::{table, track};

/// Cuts a track into splits of another unit than the stored ones: (chunks' rows, timer, activity, unit).
pub type Resplit = fn(&Activity, &[Row], &[TimerInterval], SplitUnit) -> Vec<Split>;

/// The timer and the distance at every row of a track.
pub type ProfileOf = fn(&Activity, &[Row], &[TimerInterval]) -> ActivityProfile;

/// What follows from a stored track; the recording room knows how, and this room does not know that room.
#[derive(Clone, Copy)]
pub struct Derivations {
    /// Splits in any unit.
    pub resplit: Resplit,
    /// Timer and distance along the track.
    pub profile: ProfileOf,
}

/// The finished workouts of the signed-in account.
#[derive(uniffi::Object)]
pub struct Activities {
    context: Arc<Context>,
    derive: Derivations,
}

impl Activities {
    /// The room of a client.
    #[must_use]
    pub fn new(context: Arc<Context>, derive: Derivations) -> Self {
        Self { context, derive }
    }

    pub(crate) fn context(&self) -> &Arc<Context> {
        &self.context
    }
}

#[uniffi::export]
impl Activities {
    /// A page of activities, newest first.
    ///
    /// # Errors
    /// `invalid_argument` for a limit or a page mark that is none; a storage error.
    pub async fn list(&self, query: ActivityQuery) -> Result<ActivityPage> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| table::list(connection, &account_id, &query))
            .await
    }

    /// One activity.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn get(&self, id: Id) -> Result<Activity> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| required(table::get(connection, &account_id, id)?, id))
            .await
    }

    /// Changes title, notes or kind, and gives the activity as it is now.
    ///
    /// # Errors
    /// `not_found`; `invalid_argument` for a text that is too long or has control characters; a storage error.
    pub async fn edit(&self, id: Id, edit: ActivityEdit) -> Result<Activity> {
        let by = Edit::now(&self.context, Debounce::Typing);
        let edited = self.context.change(move |tx| change::edit(tx, id, &edit, &by)).await?;
        self.context.events.send(Event::Changed {
            entity: ChangedEntity::Activity,
            id,
        });
        Ok(edited)
    }

    /// Deletes an activity with its track. It stays deleted on every device unless somebody edits it there later.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn delete(&self, id: Id) -> Result<()> {
        let by = Edit::now(&self.context, Debounce::Action);
        self.context.change(move |tx| change::delete(tx, id, &by)).await?;
        self.context.events.send(Event::Changed {
            entity: ChangedEntity::Activity,
            id,
        });
        Ok(())
    }

    /// The splits in the given unit, the last one partial.
    ///
    /// # Errors
    /// `not_found`, `data_damaged`; a storage error.
    pub async fn splits(&self, id: Id, unit: SplitUnit) -> Result<Vec<Split>> {
        let (account_id, resplit) = (self.context.account_id(), self.derive.resplit);
        self.context
            .database
            .read(move |connection| {
                let activity = required(table::get(connection, &account_id, id)?, id)?;
                let rows = track::rows(connection, &account_id, id)?;
                let intervals = table::timer_intervals(connection, &account_id, id)?;
                Ok(resplit(&activity, &rows, &intervals, unit))
            })
            .await
    }

    /// The laps that the person made with the lap button; empty for an activity in which nobody pressed it.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub async fn laps(&self, id: Id) -> Result<Vec<Lap>> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| {
                required(table::get(connection, &account_id, id)?, id)?;
                table::laps(connection, &account_id, id)
            })
            .await
    }

    /// What the timer and the distance were at every row of the track, in its order: the two axes of a chart.
    ///
    /// # Errors
    /// `not_found`, `data_damaged`; a storage error.
    pub async fn profile(&self, id: Id) -> Result<ActivityProfile> {
        let (account_id, profile) = (self.context.account_id(), self.derive.profile);
        self.context
            .database
            .read(move |connection| {
                let activity = required(table::get(connection, &account_id, id)?, id)?;
                let rows = track::rows(connection, &account_id, id)?;
                let intervals = table::timer_intervals(connection, &account_id, id)?;
                Ok(profile(&activity, &rows, &intervals))
            })
            .await
    }

    /// The track, or a part of it, as columns.
    ///
    /// # Errors
    /// `not_found`, `invalid_argument` for a tolerance that is no length, `data_damaged`; a storage error.
    pub async fn track(&self, id: Id, query: TrackQuery) -> Result<TrackColumns> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| {
                required(table::get(connection, &account_id, id)?, id)?;
                track::columns(connection, &account_id, id, &query)
            })
            .await
    }

    /// The track, or a part of it, as points: for a list or a chart of some minutes. For a whole track take `track`, whose columns take
    /// an eighth of the time to Kotlin and a fiftieth to Swift.
    ///
    /// # Errors
    /// As `track`.
    pub async fn points(&self, id: Id, query: TrackQuery) -> Result<Vec<TrackPoint>> {
        Ok(self.track(id, query).await?.points())
    }

    /// The route as encoded polylines (precision 5), one a segment, simplified to within `tolerance_m` metres; for a map.
    /// `privacy_zones` are left out.
    ///
    /// # Errors
    /// As `track`.
    pub async fn polyline(&self, id: Id, tolerance_m: f64, privacy_zones: Vec<PrivacyZone>) -> Result<Vec<String>> {
        let account_id = self.context.account_id();
        self.context
            .database
            .read(move |connection| {
                required(table::get(connection, &account_id, id)?, id)?;
                track::polyline(connection, &account_id, id, tolerance_m, &privacy_zones)
            })
            .await
    }
}

/// The row, or `not_found`.
pub(crate) fn required(activity: Option<Activity>, id: Id) -> Result<Activity> {
    activity.ok_or_else(|| SteadfastError::validation(ValidationCode::NotFound, format!("activity {id}")))
}
