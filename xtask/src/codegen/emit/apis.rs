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

/// A request with its answer.
struct Api<'a> {
    name: &'a str,
    key: i16,
    request: &'a Schema,
    response: &'a Schema,
}

impl<'a> Api<'a> {
    fn of(request: &'a Schema, schemas: &[&'a Schema]) -> Result<Api<'a>> {
        let name = request.name.trim_end_matches("Request");
        let key = request.key.with_context(|| format!("{name} has no key"))?;
        let response = schemas.iter().find(|other| other.name == format!("{name}Response"));
        let response = *response.with_context(|| format!("{name} has no response"))?;
        ensure!(response.versions == request.versions, "{name}: response and request have other versions");
        Ok(Api { name, key, request, response })
    }
}

/// The text of `apis.rs`.
pub fn apis(schemas: &[&Schema], traits: &BTreeMap<String, ApiTraits>) -> Result<String> {
    let requests = schemas.iter().filter(|schema| schema.kind == Kind::Request);
    let mut apis = requests.map(|request| Api::of(request, schemas)).collect::<Result<Vec<_>>>()?;
    apis.sort_by_key(|api| api.key);
    for known in traits.keys() {
        ensure!(apis.iter().any(|api| api.name == known), "{known} of apis.txt is not a request");
    }
    let each = |text: fn(&Api<'_>) -> String| apis.iter().map(text).collect::<String>();
    let facts: Vec<String> = apis
        .iter()
        .map(|api| api_facts(api, traits.get(api.name).copied().unwrap_or_default()))
        .collect::<Result<_>>()?;
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
        count = apis.len(),
        variants = each(|api| format!("/// `{0}`.\n{0} = {1},\n", api.name, api.key)),
        all = each(|api| format!("ApiKey::{},", api.name)),
        facts = facts.concat(),
        request = dispatch("AnyRequest", "request", &apis, |api| &api.request.name),
        response = dispatch("AnyResponse", "response", &apis, |api| &api.response.name),
    ))
}

fn api_facts(api: &Api<'_>, traits: ApiTraits) -> Result<String> {
    let Versions { first, last } = api.request.versions;
    let flexible = |schema: &Schema| match schema.flexible_versions() {
        none if none.is_empty() => "None".to_owned(),
        some => format!("Some({})", some.first),
    };
    let listeners = match api.request.listeners.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["broker"] => "Broker",
        ["controller"] => "Controller",
        ["broker", "controller"] | ["controller", "broker"] => "Both",
        ref other => bail!("{}: listeners {other:?}", api.name),
    };
    Ok(format!(
        "ApiFacts {{
            key: ApiKey::{name}, name: {name:?}, versions: {first}..={last},
            advertised: {advertised_first}..={advertised_last},
            request_flexible_from: {}, response_flexible_from: {}, listeners: Listeners::{listeners},
            forwardable: {}, cluster_action: {},
        }},\n",
        flexible(api.request),
        flexible(api.response),
        traits.forwardable,
        traits.cluster_action,
        name = api.name,
        advertised_first = traits.advertised_from.unwrap_or(first),
        advertised_last = if api.request.last_version_unstable { last - 1 } else { last },
    ))
}

fn dispatch(name: &str, word: &str, apis: &[Api<'_>], message: for<'a> fn(&'a Api<'_>) -> &'a str) -> String {
    let each = |text: &dyn Fn(&str, &str) -> String| {
        apis.iter().map(|api| text(api.name, message(api))).collect::<String>()
    };
    format!(
        "/// Any {word}, for those who treat all alike: tests, tools, traces.
        #[derive(Clone, Debug, PartialEq)]
        pub enum {name} {{ {variants} }}

        impl {name} {{
            /// Which request this is or answers.
            pub fn key(&self) -> ApiKey {{ match self {{ {keys} }} }}

            /// Reads the body of a {word} of type `key`.
            pub fn decode(key: ApiKey, reader: &mut Reader, version: i16) -> Result<{name}, DecodeError> {{
                match key {{ {decode} }}
            }}

            /// Appends the body.
            pub fn encode(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {{
                match self {{ {encode} }}
            }}
        }}

        #[cfg(feature = \"json\")]
        impl crate::json::ToJson for {name} {{
            fn write_json(&self, out: &mut String, version: i16) {{ match self {{ {json} }} }}
        }}\n",
        variants = each(&|api, message| format!("/// `{api}`.\n{api}(super::{message}),\n")),
        keys = each(&|api, _| format!("Self::{api}(_) => ApiKey::{api},\n")),
        decode = each(&|api, message| {
            format!("ApiKey::{api} => super::{message}::decode(reader, version).map(Self::{api}),\n")
        }),
        encode = each(&|api, _| format!("Self::{api}(message) => message.encode(writer, version),\n")),
        json = each(&|api, _| format!("Self::{api}(message) => message.write_json(out, version),\n")),
    )
}
