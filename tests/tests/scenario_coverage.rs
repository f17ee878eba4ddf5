//! The scenarios reach the whole API: every exported call is made by a verb, and every verb by a scenario. That the runners of Kotlin and
//! Swift know the same verbs follows from the scenarios, which they skip none of.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use steadfast_tests::conformance::{Scenario, files, folder, verbs};

/// What no scenario can make, and why.
const EXCEPTIONS: [(&str, &str); 9] = [
    (
        "SteadfastClient::open",
        "open_with_clock with the system's clock; the guide's examples call it",
    ),
    ("SteadfastClient::subscribe", STREAM),
    ("EventSubscription::next", STREAM),
    ("EventSubscription::end", STREAM),
    ("Recorder::observe", STREAM),
    ("LiveSubscription::next", STREAM),
    ("LiveSubscription::end", STREAM),
    ("CancelToken::is_cancelled", CANCELLING),
    ("set_log_level", "what it changes is the process's log"),
];
const STREAM: &str = "each language wraps it in a stream of its own, with tests of its own";
const CANCELLING: &str = "the packages' wrappers ask it, with tests of their own";

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn word(text: &str) -> &str {
    let end = text.find(|char: char| !char.is_alphanumeric() && char != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The name of the function that a line begins, if it begins a public one.
fn function(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ")?;
    line.strip_prefix("async ")
        .unwrap_or(line)
        .strip_prefix("fn ")
        .map(word)
}

/// The names below every `#[uniffi::export…]` of a file: `Type::method`, `function`, or a foreign trait's `Name`.
fn exported(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        if !line.starts_with("#[uniffi::export") {
            continue;
        }
        // Other attributes may follow, over several lines.
        let item = lines.find(|line| ["impl ", "pub "].iter().any(|start| line.starts_with(start)));
        let item = item.expect("what is exported");
        if let Some(of) = item.strip_prefix("impl ") {
            let methods = lines.by_ref().take_while(|line| *line != "}");
            let methods = methods.filter_map(|line| function(line.strip_prefix("    ")?));
            names.extend(methods.map(|method| format!("{}::{method}", word(of))));
        } else if let Some(name) = function(item) {
            names.push(name.to_owned());
        } else if let Some(name) = item.strip_prefix("pub trait ") {
            names.push(word(name).to_owned());
        }
    }
    names
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for char in name.chars() {
        if char.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}

/// True if the runner calls it on a value that is named like its type: `metrics.record(…)`, `client()?.sign_in(…)`, `kind.0.bounds()`.
fn is_called(name: &str, runner: &str) -> bool {
    let Some((of, method)) = name.split_once("::") else {
        return contains_word(runner, name);
    };
    let snake = snake_case(of);
    let last = snake.rsplit('_').next().unwrap_or_default();
    [format!("{snake}.{method}"), format!("{last}.{method}"), name.to_owned()]
        .iter()
        .any(|call| contains_word(runner, call))
}

fn contains_word(text: &str, wanted: &str) -> bool {
    let is_part = |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
    text.match_indices(wanted).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + wanted.len()..]);
        !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    })
}

/// The runner's code without what may stand between a value and its method.
fn runner() -> String {
    let mut code = String::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/conformance")) {
        let text = fs::read_to_string(file).expect("text");
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        code += &text
            .replace(" .", ".")
            .replace("()", "")
            .replace('?', "")
            .replace(".0.", ".");
    }
    code
}

#[test]
fn every_exported_call_is_made_by_a_verb() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src");
    let names: Vec<String> = sources(&core)
        .iter()
        .flat_map(|file| exported(&fs::read_to_string(file).expect("text")))
        .collect();
    assert!(names.len() > 100, "the core exports {}", names.len());
    let runner = runner();
    let (called, missing): (Vec<_>, Vec<_>) = names.iter().partition(|name| is_called(name, &runner));
    let excepted = |name: &str| EXCEPTIONS.iter().any(|(exception, _)| *exception == name);
    let missing: Vec<_> = missing.into_iter().filter(|name| !excepted(name)).collect();
    assert!(missing.is_empty(), "no verb makes {missing:?}");
    let needless: Vec<_> = called.into_iter().filter(|name| excepted(name)).collect();
    assert!(needless.is_empty(), "exceptions that verbs make: {needless:?}");
    for (exception, _) in EXCEPTIONS {
        assert!(
            names.iter().any(|name| name == exception),
            "the core has no {exception}"
        );
    }
}

#[test]
fn every_verb_is_used_by_a_scenario_and_explained() {
    let used: BTreeSet<String> = files(&folder())
        .iter()
        .flat_map(|file| Scenario::read(file).expect("a scenario").steps)
        .map(|step| step.verb)
        .collect();
    let explained = fs::read_to_string(folder().join("README.md")).expect("text");
    for verb in verbs() {
        assert!(used.contains(verb), "no scenario does {verb}");
        assert!(
            explained.lines().any(|line| line.starts_with("| ") && {
                let cell = line.split('|').nth(1).unwrap_or_default();
                cell.split('`').skip(1).step_by(2).any(|name| name == verb)
            }),
            "the scenarios' README does not explain {verb}"
        );
    }
}

#[test]
fn a_call_that_nobody_makes_is_seen() {
    let names = exported(
        "#[uniffi::export]\n#[allow(\n    x,\n)]\nimpl ProgramDay {\n    pub async fn teleport(&self) {}\n    fn hidden() {}\n}\nimpl ProgramDay {\n    pub fn inner() {}\n}\n",
    );
    assert_eq!(names, ["ProgramDay::teleport"]);
    assert!(
        is_called("ProgramDay::teleport", "program_day.teleport(1)")
            && is_called("ProgramDay::teleport", "day.teleport")
    );
    assert!(!is_called(
        "ProgramDay::teleport",
        "monday.teleport(1) day.teleport_home()"
    ));
}
