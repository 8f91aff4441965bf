//! Configs read and changed.

use futures_executor::block_on;
use rdkafka::admin::{AlterConfig, ConfigEntry, ResourceSpecifier};

use crate::clients::{Clients, Setting};
use crate::steps::{Failure, Outcome, until};

pub fn run(clients: &Clients) {
    let steps = clients.steps;
    steps.step("describe-topic-configs", || Ok(render(&clients.entries("main")?)));
    steps.step("describe-configs-unknown-topic", || {
        // The library drops the code of the answer.
        Ok(format!("{} entries", clients.entries("missing")?.len()))
    });
    steps.skip("describe-config-synonyms", "the client has no such call");
    steps.skip("alter-configs-incremental", "the client has only the call that sets all configs");
    steps.step("alter-configs-legacy", || {
        clients.alter("main", &[("retention.bytes", "1048576"), ("retention.ms", "-1")])?;
        clients.await_configs(
            "main",
            &["retention.bytes=1048576", "retention.ms=-1", "segment.bytes=1073741824"],
        )
    });
    for (step, key, value) in
        [("bad-value", "max.message.bytes", "-5"), ("unknown-key", "no.such.config", "1")]
    {
        steps.step(&format!("alter-configs-{step}"), || {
            // The library drops the code of the answer; what counts is that nothing has changed.
            clients.alter("main", &[(key, value)])?;
            clients.await_configs("main", &["retention.bytes=1048576", "max.message.bytes=1048588"])
        });
    }
    steps.skip(
        "alter-broker-configs-read-only",
        "the call that sets all configs of a broker would undo those of other programs",
    );
    steps.skip("alter-configs-unknown-topic", "the client drops the code of the answer");
    steps.skip(
        "alter-broker-configs",
        "the call that sets all configs of a broker would undo those of other programs",
    );
}

fn render(entries: &[ConfigEntry]) -> String {
    let mut parts: Vec<String> = entries
        .iter()
        .map(|one| {
            let value = one.value.as_deref().unwrap_or("null");
            let source = &one.source;
            format!(
                "{}={value} {source:?} read-only={} sensitive={}",
                one.name, one.is_read_only, one.is_sensitive
            )
        })
        .collect();
    parts.sort();
    parts.join(", ")
}

impl Clients<'_> {
    fn entries(&self, topic: &str) -> Result<Vec<ConfigEntry>, Failure> {
        let name = self.steps.topic(topic);
        let resource = ResourceSpecifier::Topic(&name);
        let described = block_on(self.admin.describe_configs([&resource], &Clients::options()))?;
        match described.into_iter().next() {
            Some(Ok(resource)) => Ok(resource.entries),
            Some(Err(code)) => Err(Failure::of_code(code)),
            None => Err(Failure::of_rule("the answer tells of the topic".to_owned())),
        }
    }

    fn alter(&self, topic: &str, configs: &[Setting]) -> Outcome {
        let name = self.steps.topic(topic);
        let change =
            configs.iter().fold(AlterConfig::new(ResourceSpecifier::Topic(&name)), |change, (key, value)| {
                change.set(key, value)
            });
        match block_on(self.admin.alter_configs([&change], &Clients::options()))?.into_iter().next() {
            Some(Ok(_)) => Ok("ok".to_owned()),
            Some(Err((_, code))) => Err(Failure::of_code(code)),
            None => Err(Failure::of_rule("the answer tells of the topic".to_owned())),
        }
    }

    /// Waits until all these `name=value` hold: a broker learns them a moment after the controller.
    fn await_configs(&self, topic: &str, wanted: &[&str]) -> Outcome {
        let mut found = Vec::new();
        until(&wanted.join(", "), || {
            let value =
                |one: &ConfigEntry| format!("{}={}", one.name, one.value.as_deref().unwrap_or("null"));
            found = self.entries(topic)?;
            found.retain(|one| wanted.contains(&value(one).as_str()));
            Ok(found.len() == wanted.len())
        })?;
        Ok(render(&found))
    }
}
