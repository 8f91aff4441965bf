//! Topics made, listed, described, grown, refused and, at the very end, deleted.

use futures_executor::block_on;
use rdkafka::admin::{NewPartitions, NewTopic, TopicReplication, TopicResult};
use rdkafka::consumer::Consumer;
use rdkafka::types::RDKafkaErrorCode;

use crate::clients::{Clients, LIMIT, Setting};
use crate::records::{self, Record};
use crate::steps::{Failure, Outcome, refused, until};

const KEEP: Setting = ("retention.ms", "-1");

pub fn run(clients: &Clients) {
    let steps = clients.steps;
    steps.step("create-topic", || {
        clients.create("main", 3, &[KEEP, ("cleanup.policy", "delete"), ("segment.bytes", "2097152")])
    });
    steps.step("create-topic-defaults", || {
        clients
            .try_create(&NewTopic::new(&steps.topic("defaults"), -1, TopicReplication::Fixed(-1)), false)?;
        clients.await_topic("defaults")
    });
    steps.step("create-topic-assignment", || {
        clients.try_create(&assigned(&steps.topic("assigned"), &[&[1], &[1]]), false)?;
        clients.await_topic("assigned")
    });
    steps.step("create-topic-validate-only", || {
        clients.try_create(&plain(&steps.topic("validated")), true)?;
        Ok(format!("ok, then {}", refused("UNKNOWN_TOPIC_OR_PARTITION", clients.describe("validated"))?))
    });
    steps.step("auto-create-topic", || {
        let sent = clients.send(&steps.topic("auto"), &[Record::of_value("made by a producer")], &[])?;
        Ok(format!("{sent} {}", clients.describe("auto")?))
    });
    refusals(clients);
    views(clients);
    partitions(clients);
}

fn plain(name: &str) -> NewTopic<'_> {
    NewTopic::new(name, 1, TopicReplication::Fixed(1))
}

fn assigned<'a>(name: &'a str, replicas: &'a [&'a [i32]]) -> NewTopic<'a> {
    NewTopic::new(name, replicas.len() as i32, TopicReplication::Variable(replicas))
}

fn refusals(clients: &Clients) {
    let steps = clients.steps;
    let refuse = |step: &str, expected: &str, topic: NewTopic| {
        steps.refuse(&format!("create-topic-{step}"), expected, || clients.try_create(&topic, false));
    };
    let (main, bad, other) = (steps.topic("main"), steps.topic("bad/name"), steps.topic("refused"));
    refuse("exists", "TOPIC_ALREADY_EXISTS", plain(&main));
    refuse("invalid-name", "INVALID_TOPIC_EXCEPTION", plain(&bad));
    refuse("bad-config", "INVALID_CONFIG", plain(&other).set("retention.ms", "soon"));
    refuse("unknown-config", "INVALID_CONFIG", plain(&other).set("no.such.config", "1"));
    refuse(
        "bad-replication",
        "INVALID_REPLICATION_FACTOR",
        NewTopic::new(&other, 1, TopicReplication::Fixed(3)),
    );
    refuse("bad-assignment", "INVALID_REPLICA_ASSIGNMENT", assigned(&other, &[&[99]]));
    steps.skip("create-topic-bad-partitions", "the client itself refuses to ask for 0 partitions");
}

fn views(clients: &Clients) {
    let steps = clients.steps;
    steps.step("list-topics", || {
        let metadata = clients.observer.fetch_metadata(None, LIMIT)?;
        let mut names: Vec<&str> =
            metadata.topics().iter().filter_map(|topic| steps.own(topic.name())).collect();
        names.sort_unstable();
        Ok(names.join(", "))
    });
    steps.step("describe-topic", || clients.describe("main"));
    steps.refuse("describe-topic-unknown", "UNKNOWN_TOPIC_OR_PARTITION", || clients.describe("missing"));
    steps.step("describe-cluster", || {
        let metadata = clients.observer.fetch_metadata(Some(&steps.topic("main")), LIMIT)?;
        let brokers: Vec<i32> = metadata.brokers().iter().map(|broker| broker.id()).collect();
        let cluster = clients.admin.inner().fetch_cluster_id(LIMIT);
        Ok(format!("brokers={brokers:?} answered-by={} cluster-id={cluster:?}", metadata.orig_broker_id()))
    });
}

fn partitions(clients: &Clients) {
    let steps = clients.steps;
    let grow = |topic: &str, count: usize| {
        let name = steps.topic(topic);
        let wanted = [NewPartitions::new(&name, count)];
        first(block_on(clients.admin.create_partitions(&wanted, &Clients::options()))?)
    };
    steps.step("create-partitions", || {
        grow("assigned", 5)?;
        until("the topic has 5 partitions", || {
            Ok(clients.describe("assigned")?.starts_with("partitions=5"))
        })?;
        clients.describe("assigned")
    });
    steps.refuse("create-partitions-fewer", "INVALID_PARTITIONS", || grow("assigned", 1));
    steps.refuse("create-partitions-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION", || grow("missing", 5));
}

/// The last steps of all: topics go, and a name can be used again.
pub fn delete(clients: &Clients) {
    let steps = clients.steps;
    let delete = |topic: &str| {
        let name = steps.topic(topic);
        first(block_on(clients.admin.delete_topics(&[&name], &Clients::options()))?)
    };
    steps.step("delete-topic", || {
        delete("main")?;
        until("the topic is gone", || {
            let metadata = clients.observer.fetch_metadata(None, LIMIT)?;
            Ok(metadata.topics().iter().all(|topic| topic.name() != steps.topic("main")))
        })?;
        Ok(format!("ok, then {}", refused("UNKNOWN_TOPIC_OR_PARTITION", clients.describe("main"))?))
    });
    steps.refuse("delete-topic-unknown", "UNKNOWN_TOPIC_OR_PARTITION", || delete("missing"));
    steps.step("delete-topic-recreate", || {
        let made = clients.create("main", 2, &[KEEP])?;
        Ok(format!("{made} {}", clients.send(&steps.topic("main"), &records::standard(0, 1), &[])?))
    });
}

/// The answer for the only topic there was.
fn first(results: Vec<TopicResult>) -> Outcome {
    match results.into_iter().next() {
        Some(Ok(_)) => Ok("ok".to_owned()),
        Some(Err((_, code))) => Err(Failure::of_code(code)),
        None => Err(Failure::of_rule("the answer tells of the topic".to_owned())),
    }
}

impl Clients<'_> {
    fn try_create(&self, topic: &NewTopic, validate_only: bool) -> Outcome {
        let options = Clients::options().validate_only(validate_only);
        first(block_on(self.admin.create_topics([topic], &options))?)
    }

    /// Makes a topic, waits until the broker knows it, and says what it has become.
    pub fn create(&self, name: &str, partitions: i32, configs: &[Setting]) -> Outcome {
        let named = self.steps.topic(name);
        let mut topic = NewTopic::new(&named, partitions, TopicReplication::Fixed(1));
        topic.config.extend_from_slice(configs);
        self.try_create(&topic, false)?;
        self.await_topic(name)
    }

    /// A topic of one partition that keeps records of any age.
    pub fn keep(&self, name: &str, more: &[Setting]) -> Outcome {
        self.create(name, 1, &[&[KEEP], more].concat())
    }

    fn await_topic(&self, name: &str) -> Outcome {
        let mut described = String::new();
        until("the new topic is known", || match self.describe(name) {
            Ok(text) => {
                described = text;
                Ok(true)
            }
            Err(failure) if failure.code == "UNKNOWN_TOPIC_OR_PARTITION" => Ok(false),
            Err(failure) => Err(failure),
        })?;
        Ok(described)
    }

    fn describe(&self, name: &str) -> Outcome {
        let metadata = self.observer.fetch_metadata(Some(&self.steps.topic(name)), LIMIT)?;
        let Some(topic) = metadata.topics().first() else {
            return Err(Failure::of_rule("the answer tells of the topic".to_owned()));
        };
        if let Some(error) = topic.error() {
            return Err(Failure::of_code(RDKafkaErrorCode::from(error)));
        }
        let mut parts: Vec<String> = topic
            .partitions()
            .iter()
            .map(|one| {
                format!(
                    "{}: leader={} replicas={:?} isr={:?}",
                    one.id(),
                    one.leader(),
                    one.replicas(),
                    one.isr()
                )
            })
            .collect();
        parts.sort();
        Ok(format!("partitions={} {}", parts.len(), parts.join(", ")))
    }
}
