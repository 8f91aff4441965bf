//! The orders in which Java's collections iterate, where they show in Kafka's snapshots.
//!
//! A Kafka snapshot lists most things in the order of a `HashMap`, which follows from the keys'
//! hash codes and the table's size. Where the hash code is a function of the key, we list in the
//! same order, so that equal images give equal files. It is not one where the key holds a Java
//! enum (its hash differs from process to process): config resources and SCRAM mechanisms; those
//! we list sorted. Neither are keys whose hashes fall into one bucket: Java lists them as they
//! came, we sort them.

use klamm_model::Uuid;

/// `Uuid.compareTo`: two signed halves.
pub(crate) fn java_uuid_key(uuid: Uuid) -> (i64, i64) {
    halves(uuid)
}

fn halves(uuid: Uuid) -> (i64, i64) {
    let bytes = uuid.as_bytes();
    let half = |at: usize| i64::from_be_bytes(std::array::from_fn(|i| bytes[at + i]));
    (half(0), half(8))
}

/// `Uuid.hashCode`.
pub(crate) fn uuid_hash(uuid: Uuid) -> i32 {
    let (high, low) = halves(uuid);
    let mixed = high ^ low;
    let [_, _, _, _, low_bytes @ ..] = (mixed ^ (mixed >> 32)).to_be_bytes();
    i32::from_be_bytes(low_bytes)
}

/// `String.hashCode`.
pub(crate) fn string_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// `Map.hashCode` of a map from strings to strings or null: the order of entries does not matter.
pub(crate) fn string_map_hash<'a>(entries: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> i32 {
    entries.map(|(key, value)| string_hash(key) ^ value.map_or(0, string_hash)).fold(0_i32, i32::wrapping_add)
}

/// How Kafka came by a `HashMap`, which decides the size of its table.
#[derive(Clone, Copy)]
pub(crate) enum Table {
    /// Grown from the smallest size, filled in the order of the items.
    Grown,
    /// Grown from the smallest size, filled from a map that grew from the default size: of keys
    /// in one bucket, that one's order is kept.
    Refilled,
    /// Grown from Java's default size of 16.
    Default,
    /// Made from another map in one go.
    Copied,
}

/// Puts `items` into the order of a `HashMap` that holds them and never held more.
pub(crate) fn hash_map_order<T>(items: &mut [T], table: Table, hash: impl Fn(&T) -> i32) {
    match table {
        Table::Refilled => {
            sort_by_bucket(items, buckets(items.len(), Table::Default), &hash);
            sort_by_bucket(items, buckets(items.len(), Table::Grown), &hash);
        }
        Table::Grown | Table::Default | Table::Copied => {
            sort_by_bucket(items, buckets(items.len(), table), &hash)
        }
    }
}

fn sort_by_bucket<T>(items: &mut [T], buckets: u32, hash: impl Fn(&T) -> i32) {
    items.sort_by_key(|item| {
        let hash = hash(item).cast_unsigned();
        (hash ^ (hash >> 16)) & (buckets - 1)
    });
}

fn buckets(count: usize, table: Table) -> u32 {
    let grown_from = |start: u32| {
        let mut buckets = start;
        while count > buckets as usize * 3 / 4 {
            buckets *= 2;
        }
        buckets
    };
    match table {
        Table::Grown | Table::Refilled => grown_from(1),
        Table::Default => grown_from(16),
        Table::Copied => u32::try_from(count * 4 / 3 + 1).unwrap_or(u32::MAX / 2).next_power_of_two(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_javas() {
        assert_eq!(string_hash("metadata.version"), 1_098_778_905);
        assert_eq!(string_hash(""), 0);
        assert_eq!(string_hash("ä€😀"), 16_603_051);
        assert_eq!(uuid_hash(Uuid::from_u128(1)), 1);
        assert_eq!(uuid_hash(Uuid::from_u128(1 << 64)), 1);
    }

    #[test]
    fn strings_are_listed_as_javas_hash_map_lists_them() {
        let mut items = [
            "eligible.leader.replicas.version",
            "group.version",
            "kraft.version",
            "share.version",
            "streams.version",
            "transaction.version",
        ];
        hash_map_order(&mut items, Table::Grown, |item| string_hash(item));
        let javas = [
            "group.version",
            "streams.version",
            "transaction.version",
            "eligible.leader.replicas.version",
            "kraft.version",
            "share.version",
        ];
        assert_eq!(items, javas);
    }

    #[test]
    fn small_integers_stay_in_order() {
        let mut items: Vec<i32> = (0..1000).rev().collect();
        hash_map_order(&mut items, Table::Default, |item| *item);
        assert_eq!(items, (0..1000).collect::<Vec<_>>());
    }
}
