//! ARCHITECTURE.md says which module may import which. These tests hold the code against that table.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Edges = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the workspace")
        .to_owned()
}

/// The rows of the table: a module, what it is, the modules that it imports; the names stand in backticks.
fn allowed() -> Edges {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is readable");
    let table = page
        .split("<!-- imports -->")
        .nth(1)
        .expect("the table stands between two <!-- imports --> marks");
    let names = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            (names(cells[1])[0].clone(), names(cells[3]).into_iter().collect())
        })
        .collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The code of a file without its tests: those may set up whatever room they need.
fn without_tests(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // `outbox/machine` is a test in a folder of its own: the outbox driven at random beside a model.
    let in_folder_of_tests = path
        .parent()
        .is_some_and(|folder| folder.ends_with("tests") || folder.ends_with("outbox/machine"));
    if name.ends_with("tests.rs") || in_folder_of_tests {
        return String::new();
    }
    let text = fs::read_to_string(path).expect("a readable file");
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Module names after every `crate::`, also inside `use crate::{a::…, b::…}`.
fn imports(code: &str) -> BTreeSet<String> {
    let word = |text: &str| {
        text.chars()
            .take_while(|char| char.is_alphanumeric() || *char == '_')
            .collect::<String>()
    };
    let mut found = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        if let Some(group) = after.strip_prefix('{') {
            let (mut depth, mut start) = (0_i32, true);
            for (at, char) in group.char_indices() {
                match char {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    char if start && char.is_alphabetic() => {
                        found.insert(word(&group[at..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            found.insert(word(after));
        }
    }
    found.remove("");
    found
}

fn actual() -> Edges {
    let source = root().join("core/src");
    let mut files = Vec::new();
    sources(&source, &mut files);
    let mut edges = Edges::new();
    for path in files {
        let relative = path.strip_prefix(&source).expect("it lies below");
        let module = relative
            .iter()
            .next()
            .expect("it has a name")
            .to_string_lossy()
            .trim_end_matches(".rs")
            .to_owned();
        let mut imports = imports(&without_tests(&path));
        imports.remove(&module);
        edges.entry(module).or_default().extend(imports);
    }
    edges.remove("lib");
    edges
}

/// What is imported although the table does not allow it, as `a -> b`.
fn forbidden(actual: &Edges, allowed: &Edges) -> Vec<String> {
    let none = BTreeSet::new();
    let edges = actual
        .iter()
        .flat_map(|(from, all)| all.iter().map(move |to| (from, to)));
    edges
        .filter(|(from, to)| !allowed.get(*from).unwrap_or(&none).contains(*to))
        .map(|(a, b)| format!("{a} -> {b}"))
        .collect()
}

/// A module that can reach itself.
fn circle(edges: &Edges) -> Option<String> {
    edges
        .keys()
        .find(|start| {
            let (mut seen, mut open) = (BTreeSet::new(), edges[*start].clone());
            while let Some(next) = open.pop_first() {
                if next == **start {
                    return true;
                }
                if seen.insert(next.clone()) {
                    open.extend(edges.get(&next).cloned().unwrap_or_default());
                }
            }
            false
        })
        .cloned()
}

#[test]
fn every_import_is_in_the_table() {
    assert_eq!(forbidden(&actual(), &allowed()), Vec::<String>::new());
}

#[test]
fn the_table_names_every_module_and_allows_nothing_that_is_not_used() {
    let (actual, allowed) = (actual(), allowed());
    assert_eq!(allowed.keys().collect::<Vec<_>>(), actual.keys().collect::<Vec<_>>());
    assert_eq!(forbidden(&allowed, &actual), Vec::<String>::new());
}

#[test]
fn imports_run_downwards() {
    assert_eq!(circle(&actual()), None);
}

#[test]
fn an_added_edge_is_found() {
    let mut edges = actual();
    edges
        .entry("domain".into())
        .or_default()
        .extend(imports("use crate::{error::Result, client::{self, Config}};"));
    assert!(forbidden(&edges, &allowed()).contains(&"domain -> client".to_owned()));
    assert!(circle(&edges).is_some());
}

#[test]
fn deciding_code_touches_no_clock_file_thread_or_randomness() {
    let source = root().join("core/src");
    let deciding = ["domain", "track"].map(|room| source.join(room));
    let mut files = Vec::new();
    for room in &deciding {
        sources(room, &mut files);
    }
    for room in [
        "recording",
        "interchange",
        "activities",
        "recovery",
        "outbox",
        "accounts",
        "programs",
        "strength",
        "metrics",
        "habits",
        "migration",
        "telemetry",
        "sync",
    ] {
        sources(&source.join(room), &mut files);
    }
    // The files that do I/O or wait, each for a reason of its own; everything else decides.
    let doing = [
        "domain/time.rs",
        "domain/randomness.rs",
        "recording/api.rs",
        "recording/recorder.rs",
        "recording/autosave.rs",
        "recording/commit.rs",
        "interchange/api.rs",
        "interchange/spool.rs",
        "sync/api.rs",
        "sync/tls.rs",
        "sync/transport.rs",
        "sync/wishes.rs",
    ];
    let recovery_io =
        |name: &str| name.starts_with("recovery/") && name != "recovery/rules.rs" && name != "recovery/line.rs";
    let sync_worker = |name: &str| name.starts_with("sync/worker/");
    for path in files {
        let name = path
            .strip_prefix(&source)
            .expect("it lies below")
            .to_string_lossy()
            .into_owned();
        if doing.contains(&name.as_str()) || recovery_io(&name) || sync_worker(&name) {
            continue;
        }
        let code = without_tests(&path);
        for word in [
            "SystemTime::now",
            "Instant::now",
            "std::fs",
            "std::thread",
            "getrandom",
            "File::",
        ] {
            assert!(!code.contains(word), "{name} uses {word}");
        }
    }
}
