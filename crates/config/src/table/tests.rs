//! The tables agree with themselves.
#![allow(clippy::unwrap_used)]
use super::*;
use crate::key::DefaultValue;

fn tables() -> [Table; 8] {
    [BROKER, BROKER_QUOTA, TOPIC, GROUP, CLIENT_METRICS, USER, CLIENT, IP]
}

#[test]
fn every_default_passes_its_own_rule() {
    for key in tables().iter().flat_map(Table::keys) {
        if let Some(value) = key.default_value() {
            assert_eq!(key.rule.check(key.name, &value), Ok(()), "{}", key.name);
        }
        if let Some(text) = key.default_text() {
            assert_eq!(key.parse(&text).unwrap().to_text(), Some(text), "{}", key.name);
        }
    }
}

#[test]
fn every_default_has_the_type_of_its_key() {
    for key in tables().iter().flat_map(Table::keys) {
        let kind = match key.default {
            DefaultValue::Required | DefaultValue::Null => continue,
            DefaultValue::Boolean(_) => "BOOLEAN",
            DefaultValue::Int(_) => "INT",
            DefaultValue::Short(_) => "SHORT",
            DefaultValue::Long(_) => "LONG",
            DefaultValue::Double(_) => "DOUBLE",
            DefaultValue::Text(_) if key.is_list() => "LIST",
            DefaultValue::Text(_) if key.kind.name() == "CLASS" => "CLASS",
            DefaultValue::Text(_) => "STRING",
        };
        assert_eq!(kind, key.kind.name(), "{}", key.name);
    }
}

#[test]
fn every_key_is_found_by_its_name_and_no_other() {
    for table in tables() {
        for key in table.keys() {
            assert_eq!(table.get(key.name), Some(key));
            assert_eq!(table.get(&format!("{}.", key.name)), None);
        }
        assert_eq!(table.get(""), None);
    }
}

#[test]
fn every_doc_is_a_sentence_with_a_full_stop() {
    for key in tables().iter().flat_map(Table::keys) {
        assert!(key.doc.len() > 20 && key.doc.ends_with('.'), "{}: {}", key.name, key.doc);
        assert!(!key.doc.contains("  ") && key.doc.len() < 300, "{}: {}", key.name, key.doc);
    }
}

#[test]
fn every_synonym_is_a_broker_key() {
    for key in tables().iter().flat_map(Table::keys) {
        for synonym in key.synonyms {
            assert!(BROKER.get(synonym.name).is_some(), "{}: {}", key.name, synonym.name);
        }
    }
}
