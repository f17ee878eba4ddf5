//! Whether what was seen is what was expected.

use serde_json::{Map, Value};

/// Nothing if it matches; else where it does not, and why.
///
/// # Errors
/// The first difference.
pub fn matches(expected: &Value, seen: &Value) -> Result<(), String> {
    at("", expected, seen)
}

const SPECIAL: [&str; 12] = [
    "near", "within", "at_least", "at_most", "count", "first", "last", "each", "one_of", "begins", "ends", "has",
];

fn at(path: &str, expected: &Value, seen: &Value) -> Result<(), String> {
    let differs = || Err(format!("{path}: expected {expected}, seen {}", short(seen)));
    match (expected, seen) {
        (Value::Object(matcher), _) if is_special(matcher, seen) => special(path, matcher, seen),
        (Value::Object(members), Value::Object(fields)) => members.iter().try_for_each(|(name, expected)| {
            let path = format!("{path}.{name}");
            match fields.get(name) {
                Some(seen) => at(&path, expected, seen),
                None => Err(format!("{path}: there is no such field")),
            }
        }),
        (Value::Array(expected), Value::Array(elements)) => {
            if expected.len() != elements.len() {
                return Err(format!(
                    "{path}: expected {} elements, seen {}",
                    expected.len(),
                    elements.len()
                ));
            }
            let mut pairs = expected.iter().zip(elements).enumerate();
            pairs.try_for_each(|(index, (expected, seen))| at(&format!("{path}[{index}]"), expected, seen))
        }
        (Value::Number(expected), Value::Number(number)) => {
            let equal = match (expected.as_i64(), number.as_i64()) {
                (Some(a), Some(b)) => a == b,
                _ => is_same(expected.as_f64(), number.as_f64()),
            };
            if equal { Ok(()) } else { differs() }
        }
        _ if expected == seen => Ok(()),
        _ => differs(),
    }
}

/// An object has a `count` as a field, not of elements.
fn is_special(matcher: &Map<String, Value>, seen: &Value) -> bool {
    !(seen.is_object() && matcher.contains_key("count"))
        && matcher
            .keys()
            .any(|key| SPECIAL.contains(&key.as_str()) || key == "not")
}

fn is_same(a: Option<f64>, b: Option<f64>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

fn special(path: &str, matcher: &Map<String, Value>, seen: &Value) -> Result<(), String> {
    for (name, argument) in matcher {
        let number = || {
            seen.as_f64()
                .ok_or_else(|| format!("{path}: {} is no number", short(seen)))
        };
        let limit = || {
            argument
                .as_f64()
                .ok_or_else(|| format!("{path}: {name} wants a number"))
        };
        let text = || {
            seen.as_str()
                .ok_or_else(|| format!("{path}: {} is no text", short(seen)))
        };
        let part = || argument.as_str().ok_or_else(|| format!("{path}: {name} wants a text"));
        let elements = || {
            seen.as_array()
                .ok_or_else(|| format!("{path}: {} is no array", short(seen)))
        };
        let holds = match name.as_str() {
            "near" => {
                let within = matcher.get("within").and_then(Value::as_f64);
                (number()? - limit()?).abs() <= within.ok_or_else(|| format!("{path}: near wants within"))?
            }
            "within" => matcher.contains_key("near"),
            "at_least" => number()? >= limit()?,
            "at_most" => number()? <= limit()?,
            "count" => Some(elements()?.len() as u64) == argument.as_u64(),
            "first" | "last" => {
                let elements = elements()?;
                let end = if name == "first" {
                    elements.first()
                } else {
                    elements.last()
                };
                end_matches(path, name, argument, end)?
            }
            "each" => elements()?
                .iter()
                .try_for_each(|element| at(&format!("{path}.each"), argument, element))
                .map(|()| true)?,
            "one_of" => argument
                .as_array()
                .is_some_and(|choices| choices.iter().any(|choice| at(path, choice, seen).is_ok())),
            "begins" => text()?.starts_with(part()?),
            "ends" => text()?.ends_with(part()?),
            "has" => !text()?.is_empty() && text()?.contains(part()?),
            "not" => at(path, argument, seen).is_err(),
            other => return Err(format!("{path}: unknown matcher {other}")),
        };
        if !holds {
            return Err(format!("{path}: expected {name} {argument}, seen {}", short(seen)));
        }
    }
    Ok(())
}

fn end_matches(path: &str, name: &str, expected: &Value, end: Option<&Value>) -> Result<bool, String> {
    let end = end.ok_or_else(|| format!("{path}: it is empty, there is no {name}"))?;
    at(&format!("{path}.{name}"), expected, end).map(|()| true)
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 300 {
        return text;
    }
    format!("{}…", text.chars().take(300).collect::<String>())
}
