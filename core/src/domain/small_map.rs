//! Small ordered maps.

use std::collections::BTreeMap;

/// A map of a few entries, put in one by one; of equal keys the last counts.
///
/// `collect` would sort them first, which is quicker for many: 6 KB of the library for every kind of iterator.
pub fn small_map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}
