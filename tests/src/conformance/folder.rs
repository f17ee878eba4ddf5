//! The scenario's own files.

use std::fs;
use std::io;

use serde_json::{Value, json};

use super::actor::Actor;
use super::arguments::WriteFile;
use super::verb::Verb;

impl Actor {
    pub(super) fn in_folder(&self, verb: Verb) -> io::Result<Value> {
        match verb {
            Verb::WriteFile(WriteFile { path, text, size, copy }) => {
                let path = self.path(&path);
                if let Some(copy) = copy {
                    fs::copy(self.path(&copy), path)?;
                } else if let Some(size) = size {
                    fs::File::create(path)?.set_len(size)?;
                } else {
                    fs::write(path, text.unwrap_or_default())?;
                }
            }
            Verb::AppendFile { path, text } => {
                let mut content = fs::read(self.path(&path))?;
                content.extend_from_slice(text.as_bytes());
                fs::write(self.path(&path), content)?;
            }
            Verb::MakeDir { path } => fs::create_dir_all(self.path(&path))?,
            Verb::Remove { path } => {
                let path = self.path(&path);
                if path.is_dir() {
                    fs::remove_dir_all(path)?;
                } else {
                    fs::remove_file(path)?;
                }
            }
            Verb::Files { path } => {
                let path = self.path(&path);
                let mut names = Vec::new();
                if path.exists() {
                    for entry in fs::read_dir(path)? {
                        names.push(entry?.file_name().to_string_lossy().into_owned());
                    }
                }
                names.sort();
                return Ok(json!(names));
            }
            Verb::ReadFile { path } => return Ok(json!(fs::read_to_string(self.path(&path))?)),
            _ => {}
        }
        Ok(Value::Null)
    }
}
