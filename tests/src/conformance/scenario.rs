//! A scenario file.

use std::path::Path;

use serde_json::{Map, Value};

/// A file of `tests/scenarios`.
pub struct Scenario {
    /// What it holds the product to.
    pub rule: String,
    /// For one that is broken on purpose: a word of the failure that must be seen.
    pub fails: Option<String>,
    /// In order.
    pub steps: Vec<Step>,
}

/// One call and what must be seen of it.
pub struct Step {
    /// The verb.
    pub verb: String,
    /// The verb's own members.
    pub arguments: Map<String, Value>,
    /// How often it is done.
    pub times: u64,
    /// The name to which its result is bound.
    pub binds: Option<String>,
    /// What its result must match.
    pub expect: Option<Value>,
    /// What its error must match.
    pub error: Option<Value>,
}

impl Scenario {
    /// Reads a file.
    ///
    /// # Errors
    /// If it is no scenario.
    pub fn read(file: &Path) -> Result<Self, String> {
        let about = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| about(&error))?;
        let Value::Object(mut members) = serde_json::from_str(&text).map_err(|error| about(&error))? else {
            return Err(about(&"no object"));
        };
        let mut text_of = |name: &str| members.remove(name).and_then(|value| value.as_str().map(str::to_owned));
        let (rule, fails) = (text_of("rule").ok_or_else(|| about(&"no rule"))?, text_of("fails"));
        let Some(Value::Array(steps)) = members.remove("steps") else {
            return Err(about(&"no steps"));
        };
        if let Some(unknown) = members.keys().next() {
            return Err(about(&format!("unknown member {unknown}")));
        }
        let steps = steps.into_iter().map(Step::read).collect::<Result<_, _>>();
        Ok(Self {
            rule,
            fails,
            steps: steps.map_err(|error| about(&error))?,
        })
    }

    /// The index of the first kill at or after a step.
    #[must_use]
    pub fn kill_after(&self, from: usize) -> Option<usize> {
        (from..self.steps.len()).find(|&index| self.steps[index].verb == "kill")
    }
}

impl Step {
    fn read(value: Value) -> Result<Self, String> {
        let Value::Object(mut arguments) = value else {
            return Err("a step is an object".into());
        };
        let text = |value: Value| value.as_str().map(str::to_owned).ok_or("`do` and `as` are texts");
        let verb = arguments.remove("do").ok_or("a step without `do`").and_then(text)?;
        let binds = arguments.remove("as").map(text).transpose()?;
        let times = arguments.remove("times").map_or(Some(1), |times| times.as_u64());
        let (expect, error) = (arguments.remove("expect"), arguments.remove("error"));
        Ok(Self {
            verb,
            arguments,
            times: times.ok_or("`times` is a number")?,
            binds,
            expect,
            error,
        })
    }
}
