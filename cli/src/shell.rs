//! Opens the client that a command talks to.

use std::path::PathBuf;
use std::sync::Arc;

use pollster::block_on;
use steadfast_core::activities::model::ActivityQuery;
use steadfast_core::client::{Config, Ports, SteadfastClient};
use steadfast_core::domain::id::Id;
use steadfast_core::domain::page::MAX_PAGE;
use steadfast_core::domain::time::SharedClock;
use steadfast_core::error::{Result, SteadfastError, ValidationCode};
use steadfast_core::event::EventListener;
use steadfast_core::interchange::api::read_file;

use crate::args::Arguments;
use crate::output::Failure;
use crate::progress::Progress;
use crate::values::IdPrefix;

/// What every command needs: where the data is, and how to speak.
pub struct Shell {
    /// The data folder.
    pub data: PathBuf,
    /// The file with the recovery key.
    pub key: Option<PathBuf>,
    /// One JSON object instead of text.
    pub json: bool,
    /// Bars on the terminal.
    pub progress: Arc<Progress>,
}

impl Shell {
    /// # Errors
    /// A usage error if the system has no place for data and none was given.
    pub fn new(arguments: &Arguments) -> Result<Self, Failure> {
        let data = arguments
            .data
            .clone()
            .or_else(|| Some(dirs::data_dir()?.join("steadfast")));
        let data = data
            .ok_or_else(|| Failure::Usage("this system names no folder for data; give one with --data".to_owned()))?;
        Ok(Self {
            data,
            key: arguments.key.clone(),
            json: arguments.json,
            progress: Arc::default(),
        })
    }

    /// Opens the data folder.
    ///
    /// # Errors
    /// As `SteadfastClient::open`, and those of reading the key file.
    pub fn open(&self) -> Result<Arc<SteadfastClient>> {
        self.open_with(Ports::default())
    }

    /// Opens the backup in the place of a database that cannot be opened.
    ///
    /// # Errors
    /// As `SteadfastClient::open_from_backup`.
    pub fn open_from_backup(&self) -> Result<Arc<SteadfastClient>> {
        let listener: Arc<dyn EventListener> = Arc::clone(&self.progress) as _;
        block_on(SteadfastClient::open_from_backup(self.config()?, Some(listener)))
    }

    /// The same by another clock.
    ///
    /// # Errors
    /// As `open`.
    pub fn open_at(&self, clock: SharedClock) -> Result<Arc<SteadfastClient>> {
        self.open_with(Ports {
            clock,
            ..Ports::default()
        })
    }

    fn open_with(&self, ports: Ports) -> Result<Arc<SteadfastClient>> {
        let listener: Arc<dyn EventListener> = Arc::clone(&self.progress) as _;
        block_on(SteadfastClient::open_with(self.config()?, Some(listener), ports))
    }

    fn config(&self) -> Result<Config> {
        Ok(Config {
            recovery_key: self.key()?,
            ..Config::new(self.data.to_string_lossy())
        })
    }

    fn key(&self) -> Result<Option<Vec<u8>>> {
        let Some(path) = &self.key else { return Ok(None) };
        let bytes = read_file(path)?;
        if bytes.len() == 32 {
            return Ok(Some(bytes));
        }
        // What is neither is handed on as it is: the core says what is wrong with it.
        Ok(Some(from_hex(bytes.trim_ascii()).unwrap_or(bytes)))
    }
}

fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| (*byte as char).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = text.iter().map(digit).collect::<Option<_>>()?;
    (digits.len() == 64).then(|| digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// The one of these ids that begins with `prefix`. A whole id stands for itself: whether it exists is the core's to say.
///
/// # Errors
/// `not_found`; a usage error that names the candidates if there are several.
pub fn resolve(prefix: &IdPrefix, ids: impl IntoIterator<Item = Id>) -> Result<Id, Failure> {
    if let Ok(id) = prefix.0.parse() {
        return Ok(id);
    }
    let matching: Vec<Id> = ids
        .into_iter()
        .filter(|id| id.to_string().starts_with(&prefix.0))
        .collect();
    match matching[..] {
        [id] => Ok(id),
        [] => {
            Err(SteadfastError::validation(ValidationCode::NotFound, format!("no id begins with {}", prefix.0)).into())
        }
        _ => {
            let list: Vec<String> = matching.iter().take(10).map(|id| format!("\n  {id}")).collect();
            let list = list.concat();
            Err(Failure::Usage(format!(
                "{} ids begin with {}:{list}",
                matching.len(),
                prefix.0
            )))
        }
    }
}

/// The activity that a prefix means.
///
/// # Errors
/// As `resolve`; a storage error.
pub fn activity_id(client: &SteadfastClient, prefix: &IdPrefix) -> Result<Id, Failure> {
    listed_id(prefix, |after| {
        let query = ActivityQuery {
            limit: MAX_PAGE,
            after,
            ..ActivityQuery::default()
        };
        let page = block_on(client.activities().list(query))?;
        Ok((page.activities.iter().map(|activity| activity.id).collect(), page.next))
    })
}

/// The one that a prefix means, among those that `page` lists: the ids after a page's mark, and the next mark.
///
/// # Errors
/// As `resolve`; those of `page`.
pub fn listed_id(
    prefix: &IdPrefix,
    page: impl Fn(Option<String>) -> Result<(Vec<Id>, Option<String>)>,
) -> Result<Id, Failure> {
    let (mut ids, mut after) = (Vec::new(), None);
    while prefix.0.parse::<Id>().is_err() {
        let (listed, next) = page(after)?;
        ids.extend(listed);
        after = next;
        if after.is_none() {
            break;
        }
    }
    resolve(prefix, ids)
}

/// The shortest beginning, at least 8 characters, that tells these ids apart.
pub fn prefix_length(ids: &[Id]) -> usize {
    let texts: Vec<String> = ids.iter().map(Id::to_string).collect();
    // Not in the middle of a hyphen, and rather a whole group than a part of one.
    [8, 13, 18, 23]
        .into_iter()
        .find(|&length| {
            let cut: std::collections::HashSet<&str> = texts.iter().map(|text| &text[..length]).collect();
            cut.len() == texts.len()
        })
        .unwrap_or(36)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(texts: &[&str]) -> Vec<Id> {
        texts.iter().map(|text| text.parse().expect("an id")).collect()
    }

    #[test]
    fn a_prefix_means_one_id_or_says_which_it_could_mean() {
        let stored = ids(&[
            "0198abcd-0000-7000-8000-000000000001",
            "0198abcd-1111-7000-8000-000000000001",
        ]);
        let told = |text: &str| resolve(&text.parse().expect("a prefix"), stored.clone());
        assert!(matches!(told("0198abcd-1"), Ok(id) if id == stored[1]));
        assert!(matches!(told("0198abcd"), Err(Failure::Usage(words)) if words.starts_with("2 ids begin")));
        assert!(matches!(told("ffffffff"), Err(Failure::Core(error)) if error.code_name() == "not_found"));
        let unknown = "ffffffff-0000-7000-8000-000000000001";
        assert!(matches!(told(unknown), Ok(id) if id.to_string() == unknown));
        assert_eq!(prefix_length(&stored), 13);
        assert_eq!(prefix_length(&stored[..1]), 8);
    }

    #[test]
    fn a_key_is_64_hex_digits() {
        assert_eq!(from_hex("0f".repeat(32).as_bytes()), Some(vec![15; 32]));
        assert_eq!(from_hex("0f".repeat(31).as_bytes()), None);
        assert_eq!(from_hex("0g".repeat(32).as_bytes()), None);
    }
}
