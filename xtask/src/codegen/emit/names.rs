//! Schema names as Rust names.

use crate::codegen::schema::{Field, Type};

/// `LeaderEpoch` or `leaderEpoch` as `leader_epoch`; a run of capitals is one word up to its last letter.
pub fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let after_small = index > 0 && !letters[index - 1].is_ascii_uppercase();
        let before_small = letters.get(index + 1).is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && index > 0 && (after_small || before_small) {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// A field's name in its Rust struct.
pub fn field_name(field: &Field) -> String {
    let name = snake_case(&field.name);
    if matches!(name.as_str(), "type" | "match" | "ref" | "move" | "in" | "as") {
        format!("r#{name}")
    } else {
        name
    }
}

/// A field's type in its Rust struct: nullable ones are options.
pub fn field_type(field: &Field) -> String {
    let plain = value_type(&field.ty);
    match (&field.ty, field.nullable.is_empty()) {
        (Type::Records, _) => format!("Option<{plain}>"),
        (_, true) => plain,
        (Type::Struct(_), false) => format!("Option<Box<{plain}>>"),
        (_, false) => format!("Option<{plain}>"),
    }
}

/// A type without its nullability.
pub fn value_type(ty: &Type) -> String {
    match ty {
        Type::Array(element) => format!("Vec<{}>", value_type(element)),
        Type::Struct(name) => name.clone(),
        Type::String => "Str".to_owned(),
        Type::Bytes => "Bytes".to_owned(),
        Type::Records => "Records".to_owned(),
        Type::Uuid => "Uuid".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int8 => "i8".to_owned(),
        Type::Int16 => "i16".to_owned(),
        Type::Uint16 => "u16".to_owned(),
        Type::Int32 => "i32".to_owned(),
        Type::Uint32 => "u32".to_owned(),
        Type::Int64 => "i64".to_owned(),
        Type::Float64 => "f64".to_owned(),
    }
}

/// The name of a type of fixed size, which is also the name of its reader and writer method.
pub fn fixed_size_method(ty: &Type) -> Option<&'static str> {
    Some(match ty {
        Type::Bool => "bool",
        Type::Int8 => "i8",
        Type::Int16 => "i16",
        Type::Uint16 => "u16",
        Type::Int32 => "i32",
        Type::Uint32 => "u32",
        Type::Int64 => "i64",
        Type::Float64 => "f64",
        Type::Uuid => "uuid",
        Type::String | Type::Bytes | Type::Records | Type::Struct(_) | Type::Array(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_start_at_capitals() {
        assert_eq!(snake_case("ThrottleTimeMs"), "throttle_time_ms");
        assert_eq!(snake_case("leaderEpoch"), "leader_epoch");
        assert_eq!(snake_case("KRaftVersion"), "k_raft_version");
        assert_eq!(snake_case("UserSCRAMName"), "user_scram_name");
    }
}
