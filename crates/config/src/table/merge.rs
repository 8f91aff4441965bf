//! Merging sorted lists of keys while compiling, so that the table costs nothing at start.

use crate::key::{ConfigKey, DefaultValue, Kind, unset};

/// How many keys the lists hold together.
pub(super) const fn total(areas: &[&[ConfigKey]]) -> usize {
    let (mut sum, mut area) = (0, 0);
    while area < areas.len() {
        sum += areas[area].len();
        area += 1;
    }
    sum
}

/// All keys of the sorted `areas`, of which there are at most 32, in one sorted list.
pub(super) const fn merge<const N: usize>(areas: &[&[ConfigKey]]) -> [ConfigKey; N] {
    let mut merged = [unset(Kind::String); N];
    let mut heads = [0_usize; 32];
    let mut filled = 0;
    while filled < N {
        let area = area_with_least_head(areas, &heads);
        merged[filled] = areas[area][heads[area]];
        heads[area] += 1;
        filled += 1;
    }
    merged
}

const fn area_with_least_head(areas: &[&[ConfigKey]], heads: &[usize; 32]) -> usize {
    let mut least = areas.len();
    let mut area = 0;
    while area < areas.len() {
        if heads[area] < areas[area].len() {
            let name = areas[area][heads[area]].name;
            if least == areas.len() || is_less(name, areas[least][heads[least]].name) {
                least = area;
            }
        }
        area += 1;
    }
    least
}

/// Stops the compiler if two names are equal or out of order.
pub(super) const fn assert_sorted(keys: &[ConfigKey]) {
    let mut at = 1;
    while at < keys.len() {
        assert!(is_less(keys[at - 1].name, keys[at].name), "keys are sorted and distinct");
        assert!(!matches!((keys[at].kind, keys[at].default), (Kind::Password, DefaultValue::Text(_))));
        at += 1;
    }
}

/// `left < right` by bytes.
const fn is_less(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = 0;
    while at < left.len() && at < right.len() {
        if left[at] != right[at] {
            return left[at] < right[at];
        }
        at += 1;
    }
    left.len() < right.len()
}
