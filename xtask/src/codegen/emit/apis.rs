//! The table of requests: `ApiKey`, and the dispatch over all request and response types.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use crate::codegen::schema::{Kind, Schema, Versions};

/// What Kafka knows about a request beyond its message.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApiTraits {
    /// Advertised from an older version than exists.
    advertised_from: Option<i16>,
    /// A broker passes it on to the controller.
    forwardable: bool,
    /// Only nodes of the cluster may send it.
    cluster_action: bool,
}

/// Reads `schemas/apis.txt`: `<Name> [advertised-from N] [forwardable] [cluster-action]` per line.
pub fn parse_api_traits(text: &str) -> Result<BTreeMap<String, ApiTraits>> {
    let mut all = BTreeMap::new();
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    for line in lines.filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        let mut traits = ApiTraits::default();
        while let Some(word) = words.next() {
            match word {
                "forwardable" => traits.forwardable = true,
                "cluster-action" => traits.cluster_action = true,
                "advertised-from" => {
                    traits.advertised_from = Some(words.next().context("a version is missing")?.parse()?);
                }
                other => bail!("{name}: \"{other}\" is not a trait of a request"),
            }
        }
        ensure!(all.insert(name.to_owned(), traits).is_none(), "{name} is listed twice");
    }
    Ok(all)
}

/// The text of `apis.rs`.
pub fn apis(schemas: &[&Schema], traits: &BTreeMap<String, ApiTraits>) -> Result<String> {
    let mut requests: Vec<_> = schemas.iter().filter(|schema| schema.kind == Kind::Request).collect();
    requests.sort_by_key(|schema| schema.key);
    let name = |schema: &Schema| schema.name.trim_end_matches("Request").to_owned();
    for known in traits.keys() {
        ensure!(requests.iter().any(|schema| name(schema) == *known), "{known} of apis.txt is not a request");
    }
    let mut variants = String::new();
    let mut facts = String::new();
    let mut requests_enum = String::new();
    let mut responses_enum = String::new();
    let (mut request_arms, mut response_arms) =
        ([(); 2].map(|()| String::new()), [(); 2].map(|()| String::new()));
    let mut key_arms = [(); 2].map(|()| String::new());
    for schema in &requests {
        let api = name(schema);
        let key = schema.key.with_context(|| format!("{} has no key", schema.name))?;
        let response = format!("{api}Response");
        let answer = schemas.iter().find(|other| other.name == response);
        let answer = answer.with_context(|| format!("{} has no response", schema.name))?;
        ensure!(answer.versions == schema.versions, "{response} has other versions than its request");
        let text = traits.get(&api).copied().unwrap_or_default();
        variants.push_str(&format!("/// `{api}`.\n{api} = {key},\n"));
        facts.push_str(&api_facts(schema, answer, text)?);
        requests_enum.push_str(&format!("/// `{api}`.\n{api}(super::{0}),\n", schema.name));
        responses_enum.push_str(&format!("/// `{api}`.\n{api}(super::{response}),\n"));
        let decode =
            |ty: &str| format!("ApiKey::{api} => super::{ty}::decode(reader, version).map(Self::{api}),\n");
        let encode = format!("Self::{api}(message) => message.encode(writer, version),\n");
        request_arms[0].push_str(&decode(&schema.name));
        response_arms[0].push_str(&decode(&response));
        request_arms[1].push_str(&encode);
        response_arms[1].push_str(&encode);
        key_arms.iter_mut().for_each(|arms| arms.push_str(&format!("Self::{api}(_) => ApiKey::{api},\n")));
    }
    let keys: Vec<_> = requests.iter().map(|schema| name(schema)).collect();
    Ok(format!(
        "//! Generated from `schemas` by `cargo xtask codegen`: all requests by their keys.

        use crate::api_key::{{ApiFacts, Listeners}};
        use crate::codec::{{DecodeError, EncodeError, Reader, Writer}};
        use crate::message::Message;

        /// The requests of Kafka's protocol.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(i16)]
        pub enum ApiKey {{ {variants} }}

        impl ApiKey {{
            /// All requests, ascending by key.
            pub const ALL: [ApiKey; {count}] = [{all}];
        }}

        /// One row per request, in the order of [`ApiKey::ALL`].
        pub(crate) static FACTS: [ApiFacts; {count}] = [{facts}];

        {request}
        {response}",
        count = requests.len(),
        all = keys.iter().map(|api| format!("ApiKey::{api}")).collect::<Vec<_>>().join(", "),
        request = dispatch("AnyRequest", "request", &requests_enum, &request_arms, &key_arms[0]),
        response = dispatch("AnyResponse", "response", &responses_enum, &response_arms, &key_arms[1]),
    ))
}

fn api_facts(request: &Schema, response: &Schema, traits: ApiTraits) -> Result<String> {
    let Versions { first, last } = request.versions;
    let flexible = |schema: &Schema| match schema.flexible_versions() {
        none if none.is_empty() => "None".to_owned(),
        some => format!("Some({})", some.first),
    };
    let listeners = match request.listeners.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["broker"] => "Broker",
        ["controller"] => "Controller",
        ["broker", "controller"] | ["controller", "broker"] => "Both",
        ref other => bail!("{}: listeners {other:?}", request.name),
    };
    let advertised = (
        traits.advertised_from.unwrap_or(first),
        if request.last_version_unstable { last - 1 } else { last },
    );
    Ok(format!(
        "ApiFacts {{
            key: ApiKey::{api}, name: {api:?}, versions: {first}..={last}, advertised: {}..={},
            request_flexible_from: {}, response_flexible_from: {}, listeners: Listeners::{listeners},
            forwardable: {}, cluster_action: {},
        }},\n",
        advertised.0,
        advertised.1,
        flexible(request),
        flexible(response),
        traits.forwardable,
        traits.cluster_action,
        api = request.name.trim_end_matches("Request"),
    ))
}

fn dispatch(name: &str, word: &str, variants: &str, arms: &[String; 2], key_arms: &str) -> String {
    let json = key_arms.lines().map(|arm| {
        let variant = arm.split('(').next().unwrap_or_default();
        format!("{variant}(message) => message.write_json(out, version),\n")
    });
    format!(
        "/// Any {word}, for those who treat all alike: tests, tools, traces.
        #[derive(Clone, Debug, PartialEq)]
        pub enum {name} {{ {variants} }}

        impl {name} {{
            /// Which request this is or answers.
            pub fn key(&self) -> ApiKey {{ match self {{ {key_arms} }} }}

            /// Reads the body of a {word} of type `key`.
            pub fn decode(key: ApiKey, reader: &mut Reader, version: i16) -> Result<{name}, DecodeError> {{
                match key {{ {} }}
            }}

            /// Appends the body.
            pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {{
                match self {{ {} }}
            }}
        }}

        #[cfg(feature = \"json\")]
        impl crate::json::ToJson for {name} {{
            fn write_json(&self, out: &mut String, version: i16) {{ match self {{ {} }} }}
        }}\n",
        arms[0],
        arms[1],
        json.collect::<String>()
    )
}
