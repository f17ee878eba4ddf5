//! The one error of the public API: five categories, a code each, and words for a person.
//!
//! Rooms return [`SteadfastError`] directly; what a library says (SQLite, the file system) is turned into it in one place a
//! library, next to the call. The texts stand in one table below, so that no two rooms word the same trouble differently.

use std::path::Path;

/// How grave an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is lost and nothing is broken; the person can go on.
    Warning,
    /// It did not work and needs the person's or the app's attention; nothing is lost.
    Error,
    /// Data may be at risk; act now.
    Critical,
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$code_doc:meta])* $code:ident = $text:literal, $severity:ident, $retryable:literal, $summary:literal, $reason:literal, $suggestion:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
        pub enum $name { $($(#[$code_doc])* $code,)* }

        impl $name {
            /// Every code of the category.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            fn words(self) -> Words {
                match self {
                    $(Self::$code => Words {
                        code: $text,
                        severity: Severity::$severity,
                        retryable: $retryable,
                        summary: $summary,
                        reason: $reason,
                        suggestion: $suggestion,
                    },)*
                }
            }
        }
    };
}

struct Words {
    code: &'static str,
    severity: Severity,
    retryable: bool,
    summary: &'static str,
    reason: &'static str,
    suggestion: &'static str,
}

codes! {
    /// What was asked for cannot be done as asked.
    ValidationCode {
        /// An argument is out of its range.
        InvalidArgument = "invalid_argument", Warning, false, "The value cannot be used", "A value is outside its allowed range.", "Correct the value and try again.";
        /// No workout is being recorded.
        NotRecording = "not_recording", Warning, false, "No workout is being recorded", "The call needs a workout in progress.", "Start a workout first.";
        /// A workout is being recorded already.
        AlreadyRecording = "already_recording", Warning, false, "A workout is already being recorded", "Only one workout can be recorded at a time.", "Finish or discard the current workout first.";
        /// An outdoor workout needs two samples.
        TooFewSamples = "too_few_samples", Warning, false, "The workout has too few positions to save", "An outdoor workout needs at least two accepted positions.", "Record a little longer, or discard the workout. What was recorded stays on this device.";
        /// An outdoor workout needs 10 m.
        DistanceTooShort = "distance_too_short", Warning, false, "The workout is too short to save", "An outdoor workout needs at least 10 metres.", "Record a little longer, or discard the workout. What was recorded stays on this device.";
        /// An indoor workout needs a duration.
        DurationTooShort = "duration_too_short", Warning, false, "The workout has no duration", "The timer never ran.", "Record a little longer, or discard the workout.";
        /// The sample limit is exceeded.
        TooManySamples = "too_many_samples", Error, false, "The workout has more samples than allowed", "The sample limit of this app was exceeded.", "Save with a higher sample limit. What was recorded stays on this device.";
        /// Start and end make no sense.
        InvalidDates = "invalid_dates", Error, false, "The workout's dates make no sense", "The end lies before the start, or a date is outside the years 1990 to 2100.", "Check the clock of the device that recorded it.";
        /// There is no such thing.
        NotFound = "not_found", Warning, false, "It was not found", "There is nothing with this id on this device.", "Refresh the list; it may have been deleted.";
        /// It exists nowhere else.
        OnlyCopy = "only_copy", Warning, false, "This is the only copy", "The server never had this workout; without the change it would be gone.", "Send it again instead, or delete the workout itself.";
        /// The file does not exist.
        FileNotFound = "file_not_found", Warning, false, "The file was not found", "There is no file at this path.", "Check the path.";
        /// The path is a directory.
        IsDirectory = "is_directory", Warning, false, "This is a folder, not a file", "The path names a folder.", "Name the files in it one by one.";
        /// The file is empty.
        EmptyFile = "empty_file", Warning, false, "The file is empty", "The file has no content.", "Export it again.";
        /// The file is too large.
        FileTooLarge = "file_too_large", Warning, false, "The file is too large to import", "The file is larger than the limit of 256 MB.", "Check that this is a recording; split it if it is.";
        /// The format is not known.
        UnknownFormat = "unknown_format", Warning, false, "The file's format is not known", "Recordings are read from GPX, TCX and FIT, earlier data from the versions of its JSON file that this app knows.", "Export the recording as GPX, TCX or FIT; for earlier data, update the app.";
        /// This build leaves the format out.
        FormatNotBuilt = "format_not_built", Warning, false, "This app was built without this format", "The library was built without support for the format.", "Export the recording as GPX or TCX and import that.";
        /// The content is broken beyond repair.
        MalformedFile = "malformed_file", Warning, false, "The file is damaged", "Nothing usable could be read from the file.", "Export it again.";
        /// XML that defines entities is refused.
        ForbiddenXml = "forbidden_xml", Warning, false, "The file was refused for safety", "The XML defines its own entities, which can be used to exhaust memory.", "Export the recording again with another program.";
        /// A course or route, not a recording.
        NoTimes = "no_times", Warning, false, "The file holds a route, not a recording", "Its points have no times.", "Import a recording instead; a route has no duration or pace.";
        /// The file is well formed but holds no activity.
        NoActivity = "no_activity", Warning, false, "The file holds no activity", "There are no positions and no sensor values in it.", "Check that this is the file of an activity and not of settings or a course.";
    }
}

codes! {
    /// A workout could not be saved or a file could not be written. What was recorded is where `data_path` says.
    SaveCode {
        /// Every retry failed.
        SaveFailed = "save_failed", Error, true, "The workout could not be saved", "Writing to the database failed several times.", "Nothing is lost: the recording is kept in its recovery folder. Try again.";
        /// Every retry and the recovery folder failed.
        KeptAsBackup = "kept_as_backup", Critical, true, "The workout could not be saved; an emergency backup was made", "Writing to the database failed and the recovery folder could not stay in use.", "Nothing is lost: restore the emergency backup once storage works again.";
        /// An export could not be written.
        ExportFailed = "export_failed", Error, true, "The file could not be written", "Writing the export failed.", "Check the destination and try again.";
        /// The caller cancelled.
        Cancelled = "cancelled", Warning, true, "Cancelled", "The operation was cancelled before it committed.", "Nothing was changed. Start it again when you like.";
    }
}

codes! {
    /// The device's storage refuses.
    StorageCode {
        /// No space left.
        Full = "storage_full", Critical, true, "The device is full", "There is not enough free space.", "Free some space, then try again. A recording goes on in memory meanwhile.";
        /// The device is locked.
        Locked = "storage_locked", Warning, true, "The device is locked", "Files are protected until the device is unlocked.", "Unlock the device; the operation can then be repeated.";
        /// No permission to write.
        ReadOnly = "storage_read_only", Error, false, "The data folder cannot be written", "The folder or the database is read-only.", "Grant write access to the folder.";
        /// Another process has it open.
        InUse = "storage_in_use", Error, true, "The data is in use by another process", "Another process has this database open; only one may.", "Close the other one. Extensions and watches leave spool files instead.";
        /// SQLite stayed busy.
        Busy = "storage_busy", Warning, true, "The database is busy", "Another connection holds the database.", "Try again in a moment.";
        /// Written by a newer version.
        NewerVersion = "storage_newer_version", Error, false, "The data was written by a newer version of the app", "The database has a newer schema than this version knows.", "Update the app. Nothing was changed.";
        /// Not a database, or damaged.
        Corrupt = "storage_corrupt", Critical, false, "The database is damaged", "SQLite found the file malformed.", "Run the repair; if that fails, restore the backup. Nothing is deleted.";
        /// Suspended by the app.
        Suspended = "storage_suspended", Warning, true, "The storage is suspended", "The app suspended the storage before going to the background.", "Resume the storage first.";
        /// The client is closed.
        Closed = "storage_closed", Warning, false, "The client is closed", "The client was shut down.", "Open it again.";
        /// Any other I/O error.
        Io = "storage_io", Error, true, "Reading or writing failed", "The file system reported an error.", "Try again. If it stays, check the device's storage.";
    }
}

codes! {
    /// An unfinished workout cannot be taken up as asked.
    RecoveryCode {
        /// Nothing with this id.
        NotFound = "recovery_not_found", Warning, false, "There is no such unfinished workout", "No recovery folder or backup has this id.", "Refresh the list.";
        /// Snapshot and journal are unreadable.
        Corrupted = "recovery_corrupted", Critical, false, "The unfinished workout cannot be read", "Neither its snapshot nor its journal could be read.", "The files were left as they are. Export them for support.";
        /// Written by a newer version.
        NewerVersion = "recovery_newer_version", Error, false, "The unfinished workout was recorded by a newer version of the app", "Its files have a newer format.", "Update the app. Nothing was changed.";
        /// Too old to resume.
        TooOld = "recovery_too_old", Warning, false, "The workout is too old to resume", "More than 7 days have passed since it started.", "Save or export it instead.";
        /// Encrypted, and no key was given.
        KeyMissing = "recovery_key_missing", Error, false, "The unfinished workout is encrypted", "Its files are encrypted and no key was given.", "Open the app with the key from the Keychain or Keystore.";
        /// Encrypted with another key.
        KeyWrong = "recovery_key_wrong", Error, false, "The key does not open the unfinished workout", "Its files were encrypted with another key.", "Open the app with the key that recorded it.";
        /// Another recording would be overwritten.
        Occupied = "recovery_occupied", Warning, false, "This workout is being recorded", "The workout is in progress and cannot be recovered at the same time.", "Finish it first.";
    }
}

codes! {
    /// A transaction did not commit, or the data contradicts itself.
    TransactionCode {
        /// Rolled back.
        Failed = "transaction_failed", Error, true, "The change was not saved", "The transaction was rolled back.", "Try again; nothing was changed.";
        /// A constraint refused.
        ConstraintViolated = "constraint_violated", Error, false, "The change contradicts the stored data", "A constraint of the database refused it.", "Refresh and try again.";
        /// A row or chunk cannot be read.
        DataDamaged = "data_damaged", Critical, false, "Part of the stored data is damaged", "A stored checksum does not match.", "Run the repair: what can be read is kept, what cannot is set aside.";
        /// The rollback failed as well.
        RollbackFailed = "rollback_failed", Critical, false, "The database is in doubt", "A transaction could neither commit nor be rolled back.", "Restart the app; SQLite recovers when it is opened.";
    }
}

/// Everything that can go wrong, by category.
///
/// `detail` says what exactly happened, in English, for a log or a support request; it names no location and no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum SteadfastError {
    /// What was asked for cannot be done as asked.
    #[error("{}", sentence(self))]
    Validation {
        /// Which rule.
        code: ValidationCode,
        /// The argument or field that breaks it, if one does.
        field: Option<String>,
        /// What exactly.
        detail: String,
    },
    /// A save or an export failed.
    #[error("{}", sentence(self))]
    Save {
        /// How.
        code: SaveCode,
        /// Where the recording is now.
        data_path: Option<String>,
        /// What exactly.
        detail: String,
    },
    /// The device's storage refuses.
    #[error("{}", sentence(self))]
    Storage {
        /// How.
        code: StorageCode,
        /// The file or folder.
        path: Option<String>,
        /// What exactly.
        detail: String,
    },
    /// An unfinished workout cannot be taken up.
    #[error("{}", sentence(self))]
    Recovery {
        /// Why.
        code: RecoveryCode,
        /// Where its files are.
        data_path: Option<String>,
        /// What exactly.
        detail: String,
    },
    /// A transaction did not commit.
    #[error("{}", sentence(self))]
    Transaction {
        /// Why.
        code: TransactionCode,
        /// What exactly.
        detail: String,
    },
}

/// The result of every fallible call.
pub type Result<T, E = SteadfastError> = std::result::Result<T, E>;

fn sentence(error: &SteadfastError) -> String {
    let (summary, detail) = (error.words().summary, error.detail());
    if detail.is_empty() {
        summary.to_owned()
    } else {
        format!("{summary}: {detail}")
    }
}

impl SteadfastError {
    fn words(&self) -> Words {
        match self {
            Self::Validation { code, .. } => code.words(),
            Self::Save { code, .. } => code.words(),
            Self::Storage { code, .. } => code.words(),
            Self::Recovery { code, .. } => code.words(),
            Self::Transaction { code, .. } => code.words(),
        }
    }

    /// A validation error.
    pub fn validation(code: ValidationCode, detail: impl Into<String>) -> Self {
        Self::Validation {
            code,
            field: None,
            detail: detail.into(),
        }
    }

    /// A validation error about one argument or field.
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self::Validation {
            code: ValidationCode::InvalidArgument,
            field: Some(field.into()),
            detail: detail.into(),
        }
    }

    /// A storage error.
    pub fn storage(code: StorageCode, path: Option<&Path>, detail: impl Into<String>) -> Self {
        Self::Storage {
            code,
            path: path.map(|path| path.display().to_string()),
            detail: detail.into(),
        }
    }

    /// A recovery error.
    pub fn recovery(code: RecoveryCode, path: Option<&Path>, detail: impl Into<String>) -> Self {
        Self::Recovery {
            code,
            data_path: path.map(|path| path.display().to_string()),
            detail: detail.into(),
        }
    }

    /// A save error.
    pub fn save(code: SaveCode, path: Option<&Path>, detail: impl Into<String>) -> Self {
        Self::Save {
            code,
            data_path: path.map(|path| path.display().to_string()),
            detail: detail.into(),
        }
    }

    /// A transaction error.
    pub fn transaction(code: TransactionCode, detail: impl Into<String>) -> Self {
        Self::Transaction {
            code,
            detail: detail.into(),
        }
    }

    /// The caller's own cancellation.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::save(SaveCode::Cancelled, None, "")
    }

    /// What the file system said about `path`.
    #[must_use]
    pub fn from_io(error: &std::io::Error, path: &Path) -> Self {
        use std::io::ErrorKind;
        let code = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => StorageCode::Full,
            ErrorKind::ReadOnlyFilesystem => StorageCode::ReadOnly,
            // iOS answers EPERM for a protected file while the device is locked; a folder without write access says EACCES.
            // The two cannot be told apart by the number, so a probe of the folder's own mode decides in `database::space`.
            ErrorKind::PermissionDenied => StorageCode::Locked,
            _ => StorageCode::Io,
        };
        Self::storage(code, Some(path), error.to_string())
    }
}

#[uniffi::export]
impl SteadfastError {
    /// `validation`, `save`, `storage`, `recovery` or `transaction`.
    #[must_use]
    pub fn category(&self) -> String {
        match self {
            Self::Validation { .. } => "validation",
            Self::Save { .. } => "save",
            Self::Storage { .. } => "storage",
            Self::Recovery { .. } => "recovery",
            Self::Transaction { .. } => "transaction",
        }
        .to_owned()
    }

    /// The code's stable name, the same in every language: `storage_full`, `too_few_samples`.
    #[must_use]
    pub fn code_name(&self) -> String {
        self.words().code.to_owned()
    }

    /// How grave it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.words().severity
    }

    /// True if the same call may succeed later without anything else being changed.
    #[must_use]
    pub fn retryable(&self) -> bool {
        self.words().retryable
    }

    /// What happened, in a few words for a person.
    #[must_use]
    pub fn summary(&self) -> String {
        self.words().summary.to_owned()
    }

    /// Why it happened, in a sentence for a person.
    #[must_use]
    pub fn reason(&self) -> String {
        self.words().reason.to_owned()
    }

    /// What the person can do about it.
    #[must_use]
    pub fn suggestion(&self) -> String {
        self.words().suggestion.to_owned()
    }

    /// What exactly happened, for a log; may be empty.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Validation { detail, .. }
            | Self::Save { detail, .. }
            | Self::Storage { detail, .. }
            | Self::Recovery { detail, .. }
            | Self::Transaction { detail, .. } => detail.clone(),
        }
    }

    /// The file or folder it is about: for a save or recovery error, where the recording is.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        match self {
            Self::Save { data_path: path, .. }
            | Self::Recovery { data_path: path, .. }
            | Self::Storage { path, .. } => path.clone(),
            Self::Validation { .. } | Self::Transaction { .. } => None,
        }
    }
}

/// The code names of every error, category by category: `invalid_argument`, …, `rollback_failed`.
#[uniffi::export]
#[must_use]
pub fn error_codes() -> Vec<String> {
    samples().map(|error| error.code_name()).collect()
}

/// Throws the error of this code, as the core would throw it: for tests and previews of an app's error screens.
///
/// # Errors
/// Always: the error of the code, or `invalid_argument` if there is no such code.
#[uniffi::export]
#[allow(
    clippy::needless_pass_by_value,
    reason = "an exported function owns what crosses the language border"
)]
pub fn raise_error(code_name: String) -> Result<()> {
    Err(samples()
        .find(|error| error.code_name() == code_name)
        .unwrap_or_else(|| SteadfastError::invalid("code_name", format!("there is no error {code_name:?}"))))
}

/// One error of every code.
fn samples() -> impl Iterator<Item = SteadfastError> {
    const DETAIL: &str = "raised on request";
    let validation = ValidationCode::ALL.iter().map(|code| match code {
        ValidationCode::InvalidArgument => SteadfastError::invalid("example", DETAIL),
        code => SteadfastError::validation(*code, DETAIL),
    });
    let save = SaveCode::ALL
        .iter()
        .map(|code| SteadfastError::save(*code, None, DETAIL));
    let storage = StorageCode::ALL
        .iter()
        .map(|code| SteadfastError::storage(*code, None, DETAIL));
    let recovery = RecoveryCode::ALL
        .iter()
        .map(|code| SteadfastError::recovery(*code, None, DETAIL));
    let transaction = TransactionCode::ALL
        .iter()
        .map(|code| SteadfastError::transaction(*code, DETAIL));
    validation.chain(save).chain(storage).chain(recovery).chain(transaction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_can_be_raised_by_its_code_and_has_words_for_a_person() {
        let codes = error_codes();
        for code in &codes {
            let error = raise_error(code.clone()).unwrap_err();
            assert_eq!(&error.code_name(), code);
            assert!(!error.summary().is_empty() && !error.reason().is_empty() && !error.suggestion().is_empty());
        }
        let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!(distinct.len(), codes.len());
        assert_eq!(
            raise_error("no_such_code".into()).unwrap_err().code_name(),
            "invalid_argument"
        );
    }
}
