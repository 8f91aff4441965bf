//! The enums over all records of one log: `MetadataRecord`, `OffsetsRecordKey`, ...

use anyhow::{Context, Result, ensure};

use crate::codegen::schema::{Kind, Schema, Versions};

/// The text of `record_sets.rs`.
pub fn record_sets(schemas: &[&Schema]) -> Result<String> {
    let mut out = "//! Generated from `schemas` by `cargo xtask codegen`: the records of each internal log.

        use crate::codec::{DecodeError, EncodeError, Reader, Writer};
        use crate::message::Message;
        use crate::messages::framing::{read_frame, write_frame};\n"
        .to_owned();
    out.push_str(&framed(
        schemas,
        Kind::Metadata,
        "MetadataRecord",
        "metadata record",
        "`__cluster_metadata`",
    )?);
    out.push_str(&framed(
        schemas,
        Kind::RemoteLog,
        "RemoteLogMetadataRecord",
        "remote log metadata record",
        "`__remote_log_metadata`",
    )?);
    for (key, value, set, log) in [
        (Kind::OffsetsKey, Kind::OffsetsValue, "Offsets", "`__consumer_offsets`"),
        (Kind::TransactionKey, Kind::TransactionValue, "Transaction", "`__transaction_state`"),
        (Kind::ShareKey, Kind::ShareValue, "Share", "`__share_group_state`"),
    ] {
        out.push_str(&keys(schemas, key, set, log)?);
        out.push_str(&values(schemas, value, set, log)?);
    }
    Ok(out)
}

struct Row<'a> {
    variant: &'a str,
    schema: &'a Schema,
    key: i16,
}

fn rows<'a>(schemas: &[&'a Schema], kind: Kind, suffix: &str) -> Result<Vec<Row<'a>>> {
    let mut rows = Vec::new();
    for schema in schemas.iter().filter(|schema| schema.kind == kind) {
        let key = schema.key.with_context(|| format!("{} has no key", schema.name))?;
        let variant = schema.name.strip_suffix(suffix);
        let variant = variant.with_context(|| format!("{} does not end with {suffix}", schema.name))?;
        rows.push(Row { variant, schema, key });
    }
    rows.sort_by_key(|row| row.key);
    let unique = rows.windows(2).all(|pair| pair[0].key != pair[1].key);
    ensure!(unique, "two messages of kind {} share a key", kind.name());
    Ok(rows)
}

fn each(rows: &[Row<'_>], text: impl Fn(&Row<'_>) -> String) -> String {
    rows.iter().map(text).collect()
}

fn enum_item(name: &str, doc: &str, rows: &[Row<'_>]) -> String {
    let variants =
        each(rows, |row| format!("/// Type {}.\n{}(super::{}),\n", row.key, row.variant, row.schema.name));
    let types = each(rows, |row| format!("{name}::{}(_) => {},\n", row.variant, row.key));
    let names = each(rows, |row| format!("{name}::{}(_) => {:?},\n", row.variant, row.schema.name));
    let from = each(rows, |row| {
        format!(
            "impl From<super::{0}> for {name} {{ fn from(record: super::{0}) -> {name} {{ {name}::{1}(record) }} }}\n",
            row.schema.name, row.variant
        )
    });
    let json =
        each(rows, |row| format!("{name}::{}(record) => record.write_json(out, version),\n", row.variant));
    format!(
        "/// {doc}
        #[derive(Clone, Debug, PartialEq)]
        pub enum {name} {{ {variants} }}

        {from}

        impl {name} {{
            /// The number of the record's type.
            pub const fn record_type(&self) -> i16 {{ match self {{ {types} }} }}

            /// The schema's name.
            pub const fn name(&self) -> &'static str {{ match self {{ {names} }} }}
        }}

        #[cfg(feature = \"json\")]
        impl crate::json::ToJson for {name} {{
            fn write_json(&self, out: &mut String, version: i16) {{ match self {{ {json} }} }}
        }}\n"
    )
}

fn framed(schemas: &[&Schema], kind: Kind, name: &str, family: &str, log: &str) -> Result<String> {
    let rows = rows(schemas, kind, "Record")?;
    let decode = each(&rows, |row| {
        format!("{} => super::{}::decode(reader, version)?.into(),\n", row.key, row.schema.name)
    });
    let encode =
        each(&rows, |row| format!("{name}::{}(record) => record.encode(writer, version),\n", row.variant));
    let last = each(&rows, |row| format!("{name}::{}(_) => {},\n", row.variant, row.schema.versions.last));
    let item = enum_item(
        name,
        &format!("A record of {log}, behind a frame of version, type and record version."),
        &rows,
    );
    Ok(format!(
        "{item}
        impl {name} {{
            /// The newest version of this type.
            pub const fn last_version(&self) -> i16 {{ match self {{ {last} }} }}

            /// Reads a record and the version it was written at.
            pub fn decode(reader: &mut Reader) -> Result<({name}, i16), DecodeError> {{
                let (key, version) = read_frame(reader)?;
                let record = match key {{
                    {decode}
                    _ => return Err(DecodeError::UnknownType {{ family: {family:?}, key: i32::from(key) }}),
                }};
                Ok((record, version))
            }}

            /// Appends the frame and the record at `version`.
            pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {{
                write_frame(writer, self.record_type(), version);
                match self {{ {encode} }}
            }}
        }}\n"
    ))
}

fn keys(schemas: &[&Schema], kind: Kind, set: &str, log: &str) -> Result<String> {
    let rows = rows(schemas, kind, "Key")?;
    for row in &rows {
        let only = row.schema.versions == Versions { first: 0, last: 0 };
        ensure!(only, "{}: keys have no version on the wire", row.schema.name);
    }
    let name = format!("{set}RecordKey");
    let decode =
        each(&rows, |row| format!("{} => super::{}::decode(reader, 0)?.into(),\n", row.key, row.schema.name));
    let encode = each(&rows, |row| format!("{name}::{}(key) => key.encode(writer, 0),\n", row.variant));
    let item =
        enum_item(&name, &format!("The key of a record of {log}: a 16-bit type, then the fields."), &rows);
    let family = format!("{log} record").replace('`', "");
    Ok(format!(
        "{item}
        impl {name} {{
            /// Reads a key.
            pub fn decode(reader: &mut Reader) -> Result<{name}, DecodeError> {{
                Ok(match reader.i16()? {{
                    {decode}
                    key => return Err(DecodeError::UnknownType {{ family: {family:?}, key: i32::from(key) }}),
                }})
            }}

            /// Appends the key.
            pub fn encode(&self, writer: &mut Writer) -> Result<(), EncodeError> {{
                writer.i16(self.record_type());
                match self {{ {encode} }}
            }}
        }}\n"
    ))
}

fn values(schemas: &[&Schema], kind: Kind, set: &str, log: &str) -> Result<String> {
    let rows = rows(schemas, kind, "Value")?;
    let name = format!("{set}RecordValue");
    let decode = each(&rows, |row| {
        format!("{} => super::{}::decode(reader, version)?.into(),\n", row.key, row.schema.name)
    });
    let encode =
        each(&rows, |row| format!("{name}::{}(value) => value.encode(writer, version),\n", row.variant));
    let item = enum_item(
        &name,
        &format!("The value of a record of {log}: a 16-bit version, then the fields."),
        &rows,
    );
    let family = format!("{log} record").replace('`', "");
    Ok(format!(
        "{item}
        impl {name} {{
            /// Reads the value that belongs to a key of `record_type`, and the version it was written at.
            pub fn decode(record_type: i16, reader: &mut Reader) -> Result<({name}, i16), DecodeError> {{
                let version = reader.i16()?;
                let value = match record_type {{
                    {decode}
                    key => return Err(DecodeError::UnknownType {{ family: {family:?}, key: i32::from(key) }}),
                }};
                Ok((value, version))
            }}

            /// Appends the value at `version`.
            pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {{
                writer.i16(version);
                match self {{ {encode} }}
            }}
        }}\n"
    ))
}
