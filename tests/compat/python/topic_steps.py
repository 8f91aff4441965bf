"""Topics, configs and the cluster: made, seen, changed, refused and deleted."""

from steps import expect, wait


def run(steps, client):
    main = steps.topic("main")
    _create(steps, client, main)
    _refusals(steps, client, main)
    _views(steps, client, main)
    _grow(steps, client)
    _configs(steps, client, main)


def _made(client, name, **options):
    """Creates a topic, waits until the broker knows it, and says what it has become."""
    client.create_topic(name, **options)
    wait("the new topic is known", lambda: name in client.topics())
    partitions = client.partitions(name)
    return f"partitions={len(partitions)} replicas={len(partitions[0].replicas)}"


def _create(steps, client, main):
    configs = {"retention.ms": "-1", "cleanup.policy": "delete", "segment.bytes": "2097152"}
    steps.step("create-topic", lambda: _made(client, main, partitions=3, replication=1, configs=configs))
    steps.step("create-topic-defaults", lambda: _made(client, steps.topic("defaults")))
    steps.step("create-topic-assignment",
               lambda: _made(client, steps.topic("assigned"), assignment={0: [1], 1: [1]}))

    def validated():
        name = steps.topic("validated")
        client.create_topic(name, partitions=2, replication=1, validate_only=True)
        expect(name not in client.topics(), "nothing was made")
        return "ok, then nothing made"

    steps.step("create-topic-validate-only", validated)

    def automatic():
        name = steps.topic("auto")
        offsets = client.send(name, client.standard(1))
        return f"partitions={len(client.partitions(name))} offset={offsets[0]}"

    steps.step("auto-create-topic", automatic)


def _refusals(steps, client, main):
    def refuse(step, expected, name, **options):
        steps.refuse(step, expected, lambda: client.create_topic(name, **options))

    refused = steps.topic("refused")
    refuse("create-topic-exists", "TOPIC_ALREADY_EXISTS", main, partitions=1, replication=1)
    refuse("create-topic-invalid-name", "INVALID_TOPIC_EXCEPTION", steps.topic("bad/name"), partitions=1, replication=1)
    refuse("create-topic-bad-config", "INVALID_CONFIG", refused, partitions=1, replication=1,
           configs={"retention.ms": "soon"})
    refuse("create-topic-unknown-config", "INVALID_CONFIG", refused, partitions=1, replication=1,
           configs={"no.such.config": "1"})
    refuse("create-topic-bad-partitions", "INVALID_PARTITIONS", refused, partitions=0, replication=1)
    refuse("create-topic-bad-replication", "INVALID_REPLICATION_FACTOR", refused, partitions=1, replication=3)
    refuse("create-topic-bad-assignment", "INVALID_REPLICA_ASSIGNMENT", refused, assignment={0: [99]})


def _views(steps, client, main):
    own = steps.prefix + "-"
    steps.step("list-topics", lambda: ", ".join(
        sorted(name[len(own):] for name in client.topics() if name.startswith(own))))
    steps.step("describe-topic", lambda: ", ".join(
        f"{one.partition}: leader={one.leader} replicas={one.replicas} isr={one.isr}"
        for one in client.partitions(main)))
    steps.refuse("describe-topic-unknown", "UNKNOWN_TOPIC_OR_PARTITION",
                 lambda: client.partitions(steps.topic("missing")))


def _grow(steps, client):
    name = steps.topic("assigned")

    def grow():
        client.grow(name, 5)
        wait("the topic has 5 partitions", lambda: len(client.partitions(name)) == 5)
        return "partitions=5"

    steps.step("create-partitions", grow)
    steps.refuse("create-partitions-fewer", "INVALID_PARTITIONS", lambda: client.grow(name, 1))
    steps.refuse("create-partitions-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION",
                 lambda: client.grow(steps.topic("missing"), 5))


def _configs(steps, client, main):
    def shown(entries, names=None):
        wanted = sorted(name for name in entries if names is None or name in names)
        return ", ".join(f"{name}={entries[name].value} {entries[name].source}"
                         + (" read-only" if entries[name].read_only else "") for name in wanted)

    steps.step("describe-topic-configs", lambda: shown(client.configs("topic", main)))
    steps.step("describe-broker-configs", lambda: shown(
        client.configs("broker", "1"), ("num.partitions", "log.retention.hours", "message.max.bytes", "node.id")))
    steps.refuse("describe-configs-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION",
                 lambda: client.configs("topic", steps.topic("missing")))

    def became(name, value):
        wait(f"{name} is {value}", lambda: client.configs("topic", main)[name].value == value)
        return shown(client.configs("topic", main), (name,))

    def incremental():
        client.alter("topic", main, "set", "retention.ms", "7200000")
        client.alter("topic", main, "append", "cleanup.policy", "compact")
        appended = became("cleanup.policy", "delete,compact") + ", " + became("retention.ms", "7200000")
        client.alter("topic", main, "subtract", "cleanup.policy", "compact")
        client.alter("topic", main, "delete", "retention.ms", None)
        return appended + ", then " + became("cleanup.policy", "delete") + ", " + became("retention.ms", "604800000")

    steps.step("alter-configs-incremental", incremental)

    def legacy():
        client.replace_configs("topic", main, {"max.message.bytes": "500000"})
        return became("max.message.bytes", "500000") + ", " + became("segment.bytes", "1073741824")

    steps.step("alter-configs-legacy", legacy)
    steps.refuse("alter-configs-bad-value", "INVALID_CONFIG",
                 lambda: client.alter("topic", main, "set", "max.message.bytes", "-5"))
    steps.refuse("alter-configs-unknown-key", "INVALID_CONFIG",
                 lambda: client.alter("topic", main, "set", "no.such.config", "1"))
    steps.refuse("alter-configs-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION",
                 lambda: client.alter("topic", steps.topic("missing"), "set", "retention.ms", "1"))
    steps.refuse("alter-broker-configs-read-only", "INVALID_REQUEST",
                 lambda: client.alter("broker", "1", "set", "node.id", "7"))
    steps.step("describe-cluster", client.cluster)


def delete(steps, client):
    """The last steps of all: topics go, and a name can be used again."""
    main = steps.topic("main")

    def gone():
        client.delete_topic(main)
        wait("the topic is gone", lambda: main not in client.topics())
        return "ok"

    steps.step("delete-topic", gone)
    steps.refuse("delete-topic-unknown", "UNKNOWN_TOPIC_OR_PARTITION",
                 lambda: client.delete_topic(steps.topic("missing")))

    def again():
        made = _made(client, main, partitions=2, replication=1)
        return f"{made} offset={client.send(main, client.standard(1))[0]}"

    steps.step("delete-topic-recreate", again)
