//! JSON schemas as Kubernetes wants them: structural. Of what `schemars` writes, references are
//! inlined, variants become enums, `null` goes, and what Kubernetes prunes by itself is not forbidden.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// Where `schemars` puts the variants of an enum.
const WORDS: [&str; 2] = ["oneOf", "anyOf"];

/// The structural schema of `T`.
pub(super) fn structural<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    normalize(&mut schema);
    schema
}

fn normalize(schema: &mut Value) {
    let Value::Object(object) = schema else {
        // `true`: anything.
        *schema = json!({ "x-kubernetes-preserve-unknown-fields": true });
        return;
    };
    for word in ["$schema", "title", "definitions", "$defs"] {
        object.remove(word);
    }
    if object.get("default").is_some_and(Value::is_null) {
        object.remove("default");
    }
    drop_null(object);
    unite_words(object);
    if object.contains_key("properties") && object.get("additionalProperties") == Some(&Value::Bool(false)) {
        object.remove("additionalProperties");
    }
    narrow_integers(object);
    if let Some(Value::String(text)) = object.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        properties.values_mut().for_each(normalize);
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(schema) = object.get_mut(inner) {
            normalize(schema);
        }
    }
}

/// An optional value is one that may be left out, not one that may be `null`.
fn drop_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            object.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    for word in WORDS {
        let Some(Value::Array(choices)) = object.get_mut(word) else { continue };
        choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
        if let [one] = choices.as_mut_slice() {
            let Value::Object(inner) = one.take() else { continue };
            object.remove(word);
            for (key, value) in inner {
                object.entry(key).or_insert(value);
            }
        }
    }
}

/// Variants with texts of their own become one enum, with the texts in its description.
fn unite_words(object: &mut Map<String, Value>) {
    if let Some(only) = object.remove("const") {
        object.insert("enum".to_owned(), json!([only]));
    }
    for word in WORDS {
        let Some(Value::Array(choices)) = object.get(word) else { continue };
        let mut values = Vec::new();
        let mut texts = Vec::new();
        for choice in choices {
            let text = choice.get("description").and_then(Value::as_str);
            let mut words: Vec<Value> = choice.get("const").into_iter().cloned().collect();
            words.extend(choice.get("enum").and_then(Value::as_array).into_iter().flatten().cloned());
            texts.extend(words.iter().filter_map(|word| Some(format!("`{}`: {}", word.as_str()?, text?))));
            values.extend(words);
        }
        if values.is_empty() {
            continue;
        }
        object.remove(word);
        object.insert("type".to_owned(), "string".into());
        object.insert("enum".to_owned(), values.into());
        let own = object.get("description").and_then(Value::as_str).unwrap_or_default();
        let all = format!("{own} {}", texts.join(" "));
        object.insert("description".to_owned(), all.trim().into());
    }
}

/// Kubernetes knows signed integers only.
fn narrow_integers(object: &mut Map<String, Value>) {
    let format = object.get("format").and_then(Value::as_str);
    let narrowed = match format {
        Some("uint8" | "uint16" | "int8" | "int16" | "uint32" | "uint") => "int32",
        Some("uint64" | "int64") => "int64",
        Some(_) | None => return,
    };
    object.insert("format".to_owned(), narrowed.into());
    // Kubernetes reads bounds as numbers of any kind; a float reads badly.
    for bound in ["minimum", "maximum"] {
        if let Some(whole) = object.get(bound).and_then(Value::as_f64).filter(|value| value.fract() == 0.0) {
            #[allow(clippy::cast_possible_truncation)]
            object.insert(bound.to_owned(), (whole as i64).into());
        }
    }
}
