//! The page of all configs as Markdown.

use klamm_config::effect;
use klamm_config::own::OWN_KEYS;
use klamm_config::table::{self, Table};
use klamm_config::{ConfigKey, DefaultValue, Rule, Unit, UpdateMode};

const INTRO: &str = "\
# Configuration

Generated from `crates/config` by `cargo run -p klamm-config --example configuration_docs`; a test fails if it is stale.

Klamm knows every configuration key of Apache Kafka 4.4: an Apache `server.properties` starts a node unchanged. Keys,
types, defaults, bounds and error messages are compared with Kafka's own by `cargo xtask compat config`.

## Where a node's settings come from

From weakest to strongest; the strongest that sets a key wins.

1. The default of the table below.
2. `server.properties`, in the syntax of Java's properties files: `key=value`, `key: value` or `key value`; `#` and `!`
   begin comments; a backslash at the end of a line continues it, and elsewhere protects the next character or writes
   `\\t`, `\\n`, `\\uXXXX`. As in Java the file is read as Latin-1: write other characters as `\\uXXXX`.
3. Environment variables, as in Apache Kafka's container image: `KAFKA_` and the key in capitals, with `_` for a dot, `__`
   for an underscore and `___` for a dash. `KAFKA_LOG_DIRS=/data` sets `log.dirs`.
4. `--override key=value` on the command line.

Values may name texts kept elsewhere: with `config.providers=file` and `config.providers.file.class` of Kafka's
`FileConfigProvider`, `${file:/path/to/file:key}` is the value of `key` in that properties file. Kafka's
`DirectoryConfigProvider` and `EnvVarConfigProvider` are known too, with their limits `allowed.paths` and
`allowlist.pattern`. Variables are replaced in a node's own settings only, never in dynamic configs.

A key that nobody knows, or that Kafka removed, is reported at the start and has no effect. So is a key of Kafka's that is
set to another value than its default and changes nothing here; its row says **No effect** and why. A wrong value stops the start
with a sentence that names key, value and rule.

Keys of the TLS and SASL groups, and `max.connections`, `max.connection.creation.rate` and `num.network.threads`, may be
set for one listener with the prefix `listener.name.NAME.`; SASL login settings for one mechanism of it with
`listener.name.NAME.MECHANISM.`.

## What changes at runtime

Configs of topics, groups, client-metrics subscriptions, users, client ids and addresses always do (`klamm configs`,
or any Kafka tool). Of a broker's keys those do that say so in the tables: *per broker* for one broker at a time, *cluster*
also as a default for all of them. *at the start* marks those that Kafka changes and this node refuses to change while it
runs, with a sentence. The value of a topic's config is that of, in this order: the topic, the broker's
dynamic configs, the cluster's dynamic defaults, the broker's file, the default; of a group's config likewise.

*(internal)* marks keys that Kafka has but does not document.
";

/// The whole page.
pub fn page() -> String {
    let mut page = INTRO.to_owned();
    page.push_str("\n## Keys of a node's file\n");
    for (title, keys) in table::broker_areas() {
        page.push_str(&format!("\n### {title}\n\n| key | type | default | bounds | changes | meaning |\n|---|---|---|---|---|---|\n"));
        for key in *keys {
            let (name, changes) = (name(key), changes(key));
            let meaning = meaning(key);
            page.push_str(&format!("| {name} | {} | {} |\n", facts(key), [changes, &meaning].join(" | ")));
        }
    }
    own_keys(&mut page);
    section(&mut page, "Throttles of a broker, set only dynamically", &table::BROKER_QUOTA);
    page.push_str("\n## Configs of topics\n\n| config | type | default | bounds | broker keys | meaning |\n|---|---|---|---|---|---|\n");
    rows_with_synonyms(&mut page, &table::TOPIC);
    page.push_str("\n## Configs of groups\n\n| config | type | default | bounds | broker key | meaning |\n|---|---|---|---|---|---|\n");
    rows_with_synonyms(&mut page, &table::GROUP);
    section(&mut page, "Configs of client-metrics subscriptions", &table::CLIENT_METRICS);
    section(&mut page, "Quotas and credentials of users", &table::USER);
    section(&mut page, "Quotas of client ids, and of client ids of users", &table::CLIENT);
    section(&mut page, "Quotas of addresses", &table::IP);
    page
}

fn own_keys(page: &mut String) {
    page.push_str(
        "\n## Klamm's own keys of a node's file\n\nThe admin service, off unless it is configured \
         (`docs/decisions/0040-admin-service.md`). A node of Apache Kafka ignores these keys. They take a restart.\n\n\
         | key | meaning |\n|---|---|\n",
    );
    for key in OWN_KEYS {
        page.push_str(&format!("| `{}` | {} |\n", key.name, key.doc));
    }
}

fn section(page: &mut String, title: &str, table: &Table) {
    page.push_str(&format!(
        "\n## {title}\n\n| config | type | default | bounds | meaning |\n|---|---|---|---|---|\n"
    ));
    for key in table.keys() {
        page.push_str(&format!("| {} | {} | {} |\n", name(key), facts(key), key.doc));
    }
}

fn rows_with_synonyms(page: &mut String, table: &Table) {
    for key in table.keys() {
        page.push_str(&format!("| {} | {} | {} | {} |\n", name(key), facts(key), synonyms(key), key.doc));
    }
}

fn name(key: &ConfigKey) -> String {
    let internal = if key.is_internal() { " *(internal)*" } else { "" };
    format!("`{}`{internal}", key.name)
}

/// Type, default and bounds, as three cells.
fn facts(key: &ConfigKey) -> String {
    [key.kind.name().to_lowercase(), default(key), bounds(key.rule)].join(" | ")
}

fn changes(key: &ConfigKey) -> &'static str {
    match key.update {
        UpdateMode::ReadOnly => "",
        _ if effect::why_only_at_the_start(key.name).is_some() => "at the start",
        UpdateMode::PerBroker => "per broker",
        UpdateMode::ClusterWide => "cluster",
    }
}

/// What the key is for, and why it does nothing where that is so.
fn meaning(key: &ConfigKey) -> String {
    match effect::why_without_effect(key.name) {
        Some(reason) => format!("{} **No effect:** {reason}.", key.doc),
        None => key.doc.to_owned(),
    }
}

fn synonyms(key: &ConfigKey) -> String {
    let unit = |unit: Unit| match unit {
        Unit::Same => "",
        Unit::Hours => " (hours)",
        Unit::Minutes => " (minutes)",
    };
    let names: Vec<String> =
        key.synonyms.iter().map(|synonym| format!("`{}`{}", synonym.name, unit(synonym.unit))).collect();
    names.join(", ")
}

fn default(key: &ConfigKey) -> String {
    match (key.default, key.default_text()) {
        (DefaultValue::Required, _) => "*required*".to_owned(),
        (_, None) => "unset".to_owned(),
        (_, Some(text)) if text.is_empty() => "empty".to_owned(),
        (DefaultValue::Int(value), Some(text)) => format!("{text}{}", in_words(key.name, i64::from(value))),
        (DefaultValue::Long(value), Some(text)) => format!("{text}{}", in_words(key.name, value)),
        (_, Some(text)) => format!("`{text}`"),
    }
}

/// A size or time in its largest whole unit.
fn in_words(name: &str, value: i64) -> String {
    let units: &[(i64, &str)] = if name.ends_with(".ms") {
        &[(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")]
    } else if name.ends_with(".bytes") || name.ends_with(".buffer.size") {
        &[(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
    } else {
        &[]
    };
    let unit = units.iter().find(|(size, _)| value >= *size && value % size == 0);
    unit.map_or_else(String::new, |(size, unit)| format!(" ({} {unit})", value / size))
}

fn bounds(rule: Rule) -> String {
    let listed = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    match rule {
        Rule::Any => String::new(),
        Rule::AtLeast(min) => format!("≥ {min}"),
        Rule::Between(min, max) => format!("{min} to {max}"),
        Rule::OneOf(words) => listed(words),
        Rule::OneOfAnyCase(words) => format!("{}, in any case", listed(words)),
        Rule::List { of: [], .. } => "distinct".to_owned(),
        Rule::List { of, .. } => format!("of {}", listed(of)),
        Rule::NonEmpty => "not empty".to_owned(),
        Rule::NonNull => String::new(),
        Rule::GzipLevel => "1 to 9, or -1".to_owned(),
        Rule::ThrottledReplicas => "`*` or `partition:broker`".to_owned(),
        Rule::QuorumVoters => "`id@host:port`".to_owned(),
        Rule::BootstrapServers => "`host:port`".to_owned(),
        Rule::OffsetReset => "`latest`, `earliest`, `by_duration:PnDTnHnMn.nS`".to_owned(),
    }
}
