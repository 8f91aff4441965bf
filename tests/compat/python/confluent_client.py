"""confluent-kafka (librdkafka) through every step; arguments: bootstrap address, prefix of topics and groups."""

import confluent_kafka
from confluent_kafka import (
    TIMESTAMP_NOT_AVAILABLE, Consumer, ConsumerGroupState, ConsumerGroupTopicPartitions, KafkaError, KafkaException,
    Producer, TopicCollection, TopicPartition)
from confluent_kafka.admin import (
    AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ConfigSource, NewPartitions, NewTopic, OffsetSpec)

import group_steps
import raw_steps
import record_steps
import topic_steps
from clients import Client, Config, Member, Partition, Reader
from steps import PATIENCE, Record, Refused, error_name, main

# Batches end by flush alone.
LINGER_MS = 5000
SPECS = {"latest": OffsetSpec.latest(), "earliest": OffsetSpec.earliest(), "max": OffsetSpec.max_timestamp()}
NO_OFFSET = -1001


def check(error):
    if error is not None:
        raise KafkaException(error)


class Confluent(Client):
    client = f"confluent-kafka {confluent_kafka.__version__} (librdkafka {confluent_kafka.libversion()[0]})"
    is_fenced_at_commit = False
    skips = {
        "produce-unknown-topic": "the client always asks for a topic to be made",
        "group-commit-removed-member": "the client cannot remove members",
        "group-delete-offsets": "the client has no such call",
        "group-delete-offsets-active": "the client has no such call",
    }
    expected = {
        "produce-bad-partition": "client: _UNKNOWN_PARTITION",
        # The client looks for the topic before it asks for its offsets.
        "list-offsets-unknown-topic": "client: _NOENT",
        "consume-out-of-range": "client: _AUTO_OFFSET_RESET",
        "group-static-fenced": "client: _FATAL",
        # Asked in a version that knows no error for it.
        "group-describe-unknown": "accepted: DEAD CLASSIC  coordinator=1 {}",
    }

    def __init__(self, bootstrap):
        self.base = {"bootstrap.servers": bootstrap, "log_level": 0, "retry.backoff.ms": 20,
                     "topic.metadata.refresh.fast.interval.ms": 20, "topic.metadata.propagation.max.ms": 1000}
        self.admin = AdminClient(self.base)

    def close(self):
        del self.admin

    def code(self, failure):
        error = failure.args[0] if isinstance(failure, KafkaException) else None
        if not isinstance(error, KafkaError):
            return None
        return error_name(error.code()) if error.code() > 0 else f"client: {error.name()}"

    @staticmethod
    def done(futures):
        """What the one future of an admin call gives."""
        future, = futures.values() if isinstance(futures, dict) else [futures]
        return future.result(PATIENCE)

    # Topics

    def create_topic(self, name, partitions=-1, replication=-1, configs=None, assignment=None, validate_only=False):
        if assignment:
            topic = NewTopic(name, len(assignment), replica_assignment=[assignment[i] for i in sorted(assignment)])
        else:
            topic = NewTopic(name, partitions, replication, config=configs or {})
        self.done(self.admin.create_topics([topic], validate_only=validate_only))

    def delete_topic(self, name):
        self.done(self.admin.delete_topics([name]))

    def topics(self):
        return set(self.admin.list_topics(timeout=PATIENCE).topics)

    def partitions(self, name):
        described = self.done(self.admin.describe_topics(TopicCollection([name])))
        return sorted(Partition(one.id, one.leader.id, [node.id for node in one.replicas],
                                [node.id for node in one.isr]) for one in described.partitions)

    def grow(self, name, count):
        self.done(self.admin.create_partitions([NewPartitions(name, count)]))

    # Configs and cluster

    def configs(self, kind, name):
        found = self.done(self.admin.describe_configs([ConfigResource(kind, name)]))
        return {key: Config(one.value, ConfigSource(one.source).name, one.is_read_only) for key, one in found.items()}

    def alter(self, kind, name, operation, key, value):
        entry = ConfigEntry(key, value, incremental_operation=AlterConfigOpType[operation.upper()])
        self.done(self.admin.incremental_alter_configs([ConfigResource(kind, name, incremental_configs=[entry])]))

    def replace_configs(self, kind, name, configs):
        self.done(self.admin.alter_configs([ConfigResource(kind, name, set_config=configs)]))

    def cluster(self):
        cluster = self.done(self.admin.describe_cluster())
        return (f"brokers={[one.id for one in cluster.nodes]} controller={cluster.controller.id} "
                f"cluster-id={cluster.cluster_id}")

    # Records

    def send(self, topic, records, partition=0, acks="all", compression="none", idempotent=False, large=False,
             small_batches=False, patience=PATIENCE):
        producer = Producer({
            **self.base, "acks": acks, "compression.type": compression, "enable.idempotence": idempotent,
            "message.max.bytes": 4 << 20 if large else 1 << 20, "batch.size": 200 if small_batches else 1000000,
            "linger.ms": LINGER_MS, "delivery.timeout.ms": 20_000, "request.timeout.ms": 10_000,
            "partitioner": "murmur2_random"})
        told = {}

        def tell(place):
            return lambda error, message: told.__setitem__(place, (error, message))

        for place, one in enumerate(records):
            where = {} if partition is None else {"partition": partition}
            producer.produce(topic, value=one.value, key=one.key, headers=one.headers or None,
                             timestamp=one.timestamp or 0, on_delivery=tell(place), **where)
        if producer.flush(PATIENCE) > 0:
            raise AssertionError("records are still not delivered")
        for place in range(len(records)):
            check(told[place][0])
        return [told[place][1].offset() for place in range(len(records))]

    def transact(self, name, topic, one):
        producer = Producer({**self.base, "transactional.id": name, "linger.ms": LINGER_MS})
        producer.init_transactions(PATIENCE)
        producer.begin_transaction()
        producer.produce(topic, value=one.value, key=one.key, headers=one.headers, timestamp=one.timestamp, partition=0)
        producer.commit_transaction(PATIENCE)

    def reader(self, topic, partition, position, reset="earliest", max_bytes=1 << 20, min_bytes=1, committed=False):
        consumer = Consumer({
            **self.base, "group.id": "none", "enable.auto.commit": False, "fetch.wait.max.ms": 300,
            "auto.offset.reset": "error" if reset == "none" else reset, "fetch.min.bytes": min_bytes,
            "max.partition.fetch.bytes": max_bytes, "fetch.error.backoff.ms": 20,
            "isolation.level": "read_committed" if committed else "read_uncommitted"})
        return OneReader(consumer, TopicPartition(topic, partition), position)

    def read(self, topic, partition, position, count, **settings):
        with self.reader(topic, partition, position, **settings) as reader:
            return reader.take(count)

    def list_offset(self, topic, partition, spec):
        spec = SPECS.get(spec) or OffsetSpec.for_timestamp(spec)
        return self.done(self.admin.list_offsets({TopicPartition(topic, partition): spec})).offset

    def delete_records(self, topic, partition, before):
        return self.done(self.admin.delete_records([TopicPartition(topic, partition, before)])).low_watermark

    # Groups

    def member(self, group, topic, name, auto_commit=False, cooperative=False, instance=None, slow_heartbeat=False):
        consumer = Consumer({
            **self.base, "group.id": group, "client.id": name, **({"group.instance.id": instance} if instance else {}),
            "enable.auto.commit": auto_commit, "auto.offset.reset": "earliest", "session.timeout.ms": 6000,
            "heartbeat.interval.ms": 2000 if slow_heartbeat else 100, "fetch.wait.max.ms": 100,
            "partition.assignment.strategy": "cooperative-sticky" if cooperative else "range"})
        consumer.subscribe([topic])
        return GroupMember(consumer, topic).start()

    def describe_group(self, group, partitions=True):
        found = self.done(self.admin.describe_consumer_groups([group]))
        members = []
        for one in found.members:
            owned = sorted(each.partition for each in one.assignment.topic_partitions)
            instance = f"/{one.group_instance_id}" if one.group_instance_id else ""
            members.append(f"{one.client_id}{instance}@{one.host}={owned if partitions else len(owned)}")
        return (f"{found.state.name} {found.type.name} {found.partition_assignor} coordinator={found.coordinator.id} "
                f"{{{' '.join(sorted(members))}}}")

    def groups(self, states):
        wanted = {"states": {ConsumerGroupState[state.upper()] for state in states}} if states else {}
        found = self.done(self.admin.list_consumer_groups(**wanted))
        for error in found.errors:
            raise error
        return [(one.group_id, f"{one.state.name} {one.type.name}") for one in found.valid]

    def group_offsets(self, group, topic):
        found = self.done(self.admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)]))
        for one in found.topic_partitions:
            check(one.error)
        return {one.partition: (one.offset, one.metadata) for one in found.topic_partitions if one.offset != NO_OFFSET}

    def alter_group_offsets(self, group, topic, offsets):
        wanted = [TopicPartition(topic, partition, offset) for partition, offset in offsets.items()]
        found = self.done(self.admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(group, wanted)]))
        for one in found.topic_partitions:
            check(one.error)

    def delete_group(self, group):
        self.done(self.admin.delete_consumer_groups([group]))


def record(message):
    check(message.error())
    kind, timestamp = message.timestamp()
    return Record(message.partition(), message.offset(), None if kind == TIMESTAMP_NOT_AVAILABLE else timestamp,
                  message.key(), message.value(), message.headers() or [])


class OneReader(Reader):
    def __init__(self, consumer, partition, position):
        self.consumer, self.partition = consumer, partition
        low, high = (0, 0) if isinstance(position, int) else consumer.get_watermark_offsets(partition, timeout=PATIENCE)
        self.start = {"earliest": low, "latest": high}.get(position, position)
        consumer.assign([TopicPartition(partition.topic, partition.partition, self.start)])

    def position(self):
        return self.start

    def poll(self):
        return [record(one) for one in self.consumer.consume(500, 0.1)]

    def close(self):
        self.consumer.close()


class GroupMember(Member):
    def __init__(self, consumer, topic):
        super().__init__()
        self.consumer, self.topic = consumer, topic

    def fetch(self):
        return [record(one) for one in self.consumer.consume(500, 0.1)]

    def owned(self):
        return sorted(one.partition for one in self.consumer.assignment())

    def commit_now(self, offsets):
        if offsets is None:
            self.consumer.commit(asynchronous=False)
            return
        wanted = [TopicPartition(self.topic, partition, offset, metadata=note)
                  for partition, (offset, note) in offsets.items()]
        for one in self.consumer.commit(offsets=wanted, asynchronous=False):
            if one.error:
                raise Refused(error_name(one.error.code()))

    def leave(self):
        self.consumer.close()


if __name__ == "__main__":
    main(Confluent, topic_steps.run, record_steps.run, group_steps.run, raw_steps.run, topic_steps.delete)
