//! Where an exercise stands among others: a text between the texts of its neighbours, so that a move changes one row. Pure.
//!
//! The keys are those of D. Greenspan, "Implementing Fractional Indexing" (2020,
//! <https://observablehq.com/@dgreensp/implementing-fractional-indexing>): an integer of variable length, whose first character says
//! how long it is, and a fraction, in base 62. Going on at either end lengthens no key but with the logarithm of the count.

use std::cmp::Ordering;

use crate::domain::id::Id;

/// In the order of their bytes, as SQLite sorts them.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The integer of the first key.
const FIRST: &str = "a0";
/// The lowest integer; there is nothing before it but fractions.
const LOWEST: &str = "A00000000000000000000000000";
/// A key that grew longer than this is replaced when something is placed beside it.
const MAX_KEY_CHARS: usize = 100;

/// True if `text` is a key that others can be placed beside; another version may have written anything.
#[must_use]
pub fn is_key(text: &str) -> bool {
    let Some(length) = integer_length(text) else {
        return false;
    };
    length <= text.len()
        && text.len() <= MAX_KEY_CHARS
        && text.bytes().all(|byte| DIGITS.contains(&byte))
        && !text[length..].ends_with('0')
        && text != LOWEST
}

/// `count` rising keys between two keys, of which `after` is the lower; `None` is the end.
#[must_use]
pub fn keys_between(after: Option<&str>, before: Option<&str>, count: usize) -> Vec<String> {
    if count == 0 {
        return Vec::new();
    }
    let key = key_between(after, before);
    match (after, before) {
        (_, None) => std::iter::successors(Some(key), |last| Some(key_between(Some(last), None)))
            .take(count)
            .collect(),
        (None, Some(_)) => {
            let downwards = std::iter::successors(Some(key), |last| Some(key_between(None, Some(last))));
            let mut keys: Vec<String> = downwards.take(count).collect();
            keys.reverse();
            keys
        }
        (Some(_), Some(_)) => {
            let below = count / 2;
            let mut keys = keys_between(after, Some(&key), below);
            let above = keys_between(Some(&key), before, count - below - 1);
            keys.push(key);
            keys.extend(above);
            keys
        }
    }
}

/// A key between two.
fn key_between(after: Option<&str>, before: Option<&str>) -> String {
    match (after.map(parts), before.map(parts)) {
        (None, None) => FIRST.to_owned(),
        (None, Some((integer, fraction))) => {
            if integer == LOWEST {
                format!("{integer}{}", midpoint("", Some(fraction)))
            } else if fraction.is_empty() {
                stepped(integer, Ordering::Less).unwrap_or_else(|| LOWEST.to_owned())
            } else {
                integer.to_owned()
            }
        }
        (Some((integer, fraction)), None) => {
            stepped(integer, Ordering::Greater).unwrap_or_else(|| format!("{integer}{}", midpoint(fraction, None)))
        }
        (Some((integer, fraction)), Some((next, next_fraction))) if integer == next => {
            format!("{integer}{}", midpoint(fraction, Some(next_fraction)))
        }
        (Some((integer, fraction)), Some(_)) => match stepped(integer, Ordering::Greater) {
            Some(stepped) if before.is_some_and(|before| stepped.as_str() < before) => stepped,
            _ => format!("{integer}{}", midpoint(fraction, None)),
        },
    }
}

/// How many characters the integer of a key has: `a` has one digit, `b` two …; `Z` one, `Y` two …, below them.
fn integer_length(key: &str) -> Option<usize> {
    let head = *key.as_bytes().first()?;
    match head {
        b'a'..=b'z' => Some(usize::from(head - b'a') + 2),
        b'A'..=b'Z' => Some(usize::from(b'Z' - head) + 2),
        _ => None,
    }
}

fn parts(key: &str) -> (&str, &str) {
    key.split_at_checked(integer_length(key).unwrap_or(key.len()))
        .unwrap_or((key, ""))
}

fn digit(byte: u8) -> usize {
    DIGITS.iter().position(|digit| *digit == byte).unwrap_or(0)
}

/// The next integer upwards or downwards; `None` at the end of all of them.
fn stepped(integer: &str, direction: Ordering) -> Option<String> {
    let up = direction == Ordering::Greater;
    let (wraps_at, wraps_to) = if up { (DIGITS.len() - 1, b'0') } else { (0, b'z') };
    let (head, digits) = integer.as_bytes().split_first()?;
    let mut digits = digits.to_vec();
    for place in digits.iter_mut().rev() {
        let value = digit(*place);
        if value != wraps_at {
            *place = DIGITS[if up { value + 1 } else { value - 1 }];
            return Some(text(*head, &digits));
        }
        *place = wraps_to;
    }
    // All places wrapped: the head changes, and with it the number of digits.
    let (head, longer) = match (head, up) {
        (b'Z', true) => return Some(FIRST.to_owned()),
        (b'a', false) => return Some("Zz".to_owned()),
        (b'z', true) | (b'A', false) => return None,
        (head, true) => (head + 1, head + 1 > b'a'),
        (head, false) => (head - 1, head - 1 < b'Z'),
    };
    if longer {
        digits.push(wraps_to);
    } else {
        digits.pop();
    }
    Some(text(head, &digits))
}

fn text(head: u8, digits: &[u8]) -> String {
    std::iter::once(head)
        .chain(digits.iter().copied())
        .map(char::from)
        .collect()
}

/// A fraction between two fractions, of which `low` is the lower; neither ends in 0. `None` is 1.
fn midpoint(low: &str, high: Option<&str>) -> String {
    let mut prefix = String::new();
    let (mut low, mut high) = (low.as_bytes(), high.map(str::as_bytes));
    loop {
        let low_digit = low.first().map_or(0, |byte| digit(*byte));
        let high_digit = match high.and_then(<[u8]>::first) {
            Some(byte) => digit(*byte),
            None => DIGITS.len(),
        };
        let rest = low.get(1..).unwrap_or_default();
        if high_digit > low_digit + 1 {
            prefix.push(char::from(DIGITS[(low_digit + high_digit).div_ceil(2)]));
            return prefix;
        }
        match high {
            // The digits are equal: the difference comes later.
            Some(bytes) if high_digit == low_digit => high = bytes.get(1..),
            // One apart, and the higher goes on: its digit alone lies between.
            Some(bytes) if bytes.len() > 1 => {
                prefix.push(char::from(bytes[0]));
                return prefix;
            }
            _ => high = None,
        }
        prefix.push(char::from(DIGITS[low_digit]));
        low = rest;
    }
}

/// New positions for as few items as possible, so that all stand in the given order: `None` for an item that keeps its own. An item
/// without a position is new among them.
#[must_use]
pub fn placed(items: &[Option<(&str, Id)>]) -> Vec<Option<String>> {
    let is_in_order = items.iter().all(Option::is_some) && items.windows(2).all(|pair| pair[0] < pair[1]);
    let mut placed = vec![None; items.len()];
    if is_in_order {
        return placed;
    }
    let usable: Vec<Option<(&str, Id)>> = items
        .iter()
        .map(|item| item.filter(|(position, _)| is_key(position)))
        .collect();
    let kept = longest_rising(&usable);
    let (mut after, mut waiting) = (None, Vec::new());
    for at in 0..items.len() {
        match usable[at].map(|(position, _)| position) {
            // Nothing fits between two equal positions: the second gets a new one as well.
            Some(position) if kept[at] && (waiting.is_empty() || after.is_none_or(|after| after < position)) => {
                fill(&mut placed, &mut waiting, after, Some(position));
                after = Some(position);
            }
            _ => waiting.push(at),
        }
    }
    fill(&mut placed, &mut waiting, after, None);
    placed
}

fn fill(placed: &mut [Option<String>], waiting: &mut Vec<usize>, after: Option<&str>, before: Option<&str>) {
    let keys = keys_between(after, before, waiting.len());
    for (at, key) in waiting.drain(..).zip(keys) {
        placed[at] = Some(key);
    }
}

/// Which items belong to a longest rising subsequence; those that are `None` do not. Quadratic, for a list that a person arranges.
fn longest_rising(items: &[Option<(&str, Id)>]) -> Vec<bool> {
    let mut lengths = vec![0_usize; items.len()];
    let mut before = vec![None; items.len()];
    for at in 0..items.len() {
        if items[at].is_none() {
            continue;
        }
        let longest = (0..at)
            .filter(|earlier| items[*earlier].is_some() && items[*earlier] < items[at])
            .max_by_key(|earlier| lengths[*earlier]);
        lengths[at] = 1 + longest.map_or(0, |earlier| lengths[earlier]);
        before[at] = longest;
    }
    let mut kept = vec![false; items.len()];
    let mut next = (0..items.len())
        .filter(|at| items[*at].is_some())
        .max_by_key(|at| lengths[*at]);
    while let Some(at) = next {
        kept[at] = true;
        next = before[at];
    }
    kept
}

#[cfg(test)]
#[path = "position_tests.rs"]
mod tests;
