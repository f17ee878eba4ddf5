//! An interrupted workout, read back: its records folded into the session that they came from.

use std::path::Path;

use crate::domain::id::Id;
use crate::domain::record::Record;
use crate::domain::time::Moment;
use crate::error::{RecoveryCode, Result, SteadfastError};
use crate::recovery::cipher::RecoveryKey;
use crate::recovery::model::{Found, RecoveryInfo, RecoveryLocation};
use crate::recovery::{records, rules};

use super::active::summary;
use super::session::Session;

/// The session as it was, and what was found on the way.
pub struct Recovered {
    /// The session after every record that could be read.
    pub session: Session,
    /// Header, snapshot, damage.
    pub found: Found,
}

impl Recovered {
    /// Reads a workout's folder under the recovery or the backup root. Nothing is changed in it.
    ///
    /// # Errors
    /// `recovery_not_found`, `recovery_corrupted`, `recovery_newer_version`, `recovery_key_missing`, `recovery_key_wrong`; a storage
    /// error.
    pub fn read(root: &Path, id: Id, key: Option<&RecoveryKey>) -> Result<Self> {
        let mut recovered = records::read(root, id, key)?;
        let header = recovered.header().clone();
        let mut session = Session::new(header.workout_id, header.options, &header.started, header.boot_id);
        for record in &mut recovered {
            let (_seq, record) = record?;
            session.apply(&record);
        }
        Ok(Self {
            session,
            found: recovered.found()?,
        })
    }

    /// What to offer of the folder. One that cannot be read is offered all the same, with the reason: it must not vanish from sight.
    ///
    /// # Errors
    /// A storage error; reading another time may succeed.
    pub fn info(root: &Path, id: Id, key: Option<&RecoveryKey>, is_backup: bool, now_ms: i64) -> Result<RecoveryInfo> {
        let location = if is_backup {
            RecoveryLocation::Backup
        } else {
            RecoveryLocation::Recovery
        };
        match Self::read(root, id, key) {
            Ok(this) => Ok(RecoveryInfo::new(
                &this.found,
                this.session.state(),
                &summary(&this.session),
                location,
                now_ms,
            )),
            Err(error @ SteadfastError::Recovery { .. }) => Ok(RecoveryInfo::unreadable(id, location, &error)),
            Err(error) => Err(error),
        }
    }

    /// # Errors
    /// `recovery_too_old` if it started more than 7 days ago.
    pub fn check_resumable(&self, now_ms: i64) -> Result<()> {
        if rules::can_resume(self.session.started_at_ms(), now_ms) {
            return Ok(());
        }
        Err(SteadfastError::recovery(RecoveryCode::TooOld, None, ""))
    }

    /// Ends the workout where its records end.
    pub fn stop(&mut self) {
        self.session.apply(&Record::Stop(Moment {
            wall_ms: self.session.newest_ms(),
            elapsed_ms: None,
        }));
    }
}
