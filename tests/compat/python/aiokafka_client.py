"""aiokafka through every step, its loop in a thread; arguments: bootstrap address, prefix of topics and groups."""

import asyncio
import logging
import threading

import aiokafka
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.structs import OffsetAndMetadata

import group_steps
import raw_steps
import record_steps
import topic_steps
from clients import Client, Config, Member, Partition, Reader
from steps import PATIENCE, Record, Refused, error_name, main

ACKS = {"0": 0, "1": 1, "all": "all"}
# A flush waits for it.
LINGER_MS = 20
SOURCES = {1: "DYNAMIC_TOPIC_CONFIG", 2: "DYNAMIC_BROKER_CONFIG", 4: "STATIC_BROKER_CONFIG", 5: "DEFAULT_CONFIG"}
KINDS = {"topic": ConfigResourceType.TOPIC, "broker": ConfigResourceType.BROKER}


def check(code):
    if code != 0:
        raise Refused(error_name(code))


class Aiokafka(Client):
    client = f"aiokafka {aiokafka.__version__}"
    knows_max_timestamp = False
    null_headers = False
    skips = {
        "describe-topic-unknown": "the client asks in a way that makes the topic",
        "list-offsets-unknown-topic": "the client asks in a way that makes the topic",
        "produce-unknown-topic": "the client asks in a way that makes the topic",
        "consume-unknown-topic": "the client asks in a way that makes the topic",
        "alter-configs-incremental": "the client has no such call",
        "group-static-fenced": "the client joins again and does not tell",
        "group-cooperative": "the client has no such assignor",
        "group-commit-removed-member": "the client cannot remove members",
        "group-list-empty": "the client has no such filter",
        "group-reset-active": "the client has no such call",
        "group-delete-offsets": "the client has no such call",
        "group-delete-offsets-active": "the client has no such call",
        "group-delete-active": "the client has no such call",
        "group-delete": "the client has no such call",
        "group-delete-unknown": "the client has no such call",
    }
    expected = {
        "produce-bad-partition": "client: AssertionError",
        # A code that the client does not know.
        "produce-compacted-null-key": "client: UnknownError",
        "produce-invalid-topic": "UNKNOWN_TOPIC_OR_PARTITION",
        "alter-broker-configs-read-only": "client: ValueError",
        # Asked in a version that knows no error for it.
        "group-describe-unknown": "accepted: Dead   {}",
    }

    def __init__(self, bootstrap):
        self.bootstrap = bootstrap
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.admin = self.run(self.started(lambda: AIOKafkaAdminClient(
            bootstrap_servers=bootstrap, request_timeout_ms=10_000)))

    def close(self):
        self.run(self.admin.close())
        self.loop.call_soon_threadsafe(self.loop.stop)

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(2 * PATIENCE)

    def inside(self, function, *arguments):
        """Calls what is no coroutine, but needs the loop."""
        async def call():
            return function(*arguments)

        return self.run(call())

    @staticmethod
    async def started(make):
        """Clients are made within the loop."""
        client = make()
        await client.start()
        return client

    def code(self, failure):
        number = getattr(failure, "errno", None)
        return error_name(number) if isinstance(number, int) and number > 0 else None

    # Topics

    def create_topic(self, name, partitions=-1, replication=-1, configs=None, assignment=None, validate_only=False):
        # The client takes either numbers or an assignment; an empty one leaves both to the broker.
        assignment = assignment or ({} if partitions < 0 else None)
        topic = NewTopic(name, partitions, replication, replica_assignments=assignment, topic_configs=configs or {})
        response = self.run(self.admin.create_topics([topic], validate_only=validate_only))
        check(response.topic_errors[0][1])

    def delete_topic(self, name):
        check(self.run(self.admin.delete_topics([name])).topic_error_codes[0][1])

    def topics(self):
        return set(self.run(self.admin.list_topics()))

    def partitions(self, name):
        topic = self.run(self.admin.describe_topics([name]))[0]
        check(topic["error_code"])
        return sorted(Partition(one["partition"], one["leader"], one["replicas"], one["isr"])
                      for one in topic["partitions"])

    def grow(self, name, count):
        check(self.run(self.admin.create_partitions({name: NewPartitions(count)})).topic_errors[0][1])

    # Configs and cluster

    def configs(self, kind, name):
        response, = self.run(self.admin.describe_configs([ConfigResource(KINDS[kind], name)]))
        code, _, _, _, entries = response.resources[0][:5]
        check(code)
        return {one[0]: Config(one[1], SOURCES.get(one[3], one[3]), one[2]) for one in entries}

    def alter(self, kind, name, operation, key, value):
        self.replace_configs(kind, name, {key: value})

    def replace_configs(self, kind, name, configs):
        response, = self.run(self.admin.alter_configs([ConfigResource(KINDS[kind], name, configs)]))
        check(response.resources[0][0])

    def cluster(self):
        cluster = self.run(self.admin.describe_cluster())
        return (f"brokers={[one['node_id'] for one in cluster['brokers']]} controller={cluster['controller_id']} "
                f"cluster-id={cluster['cluster_id']}")

    # Records

    def send(self, topic, records, partition=0, acks="all", compression="none", idempotent=False, large=False,
             small_batches=False, patience=PATIENCE):
        async def send():
            producer = AIOKafkaProducer(
                bootstrap_servers=self.bootstrap, acks=ACKS[acks], enable_idempotence=idempotent, linger_ms=LINGER_MS,
                compression_type=None if compression == "none" else compression,
                max_request_size=4 << 20 if large else 1 << 20, max_batch_size=200 if small_batches else 16384,
                request_timeout_ms=max(1000, int(min(patience, 10) * 1000)))
            await producer.start()
            try:
                sent = [await producer.send(topic, value=one.value, key=one.key, headers=one.headers,
                                            partition=partition, timestamp_ms=one.timestamp) for one in records]
                await producer.flush()
                told = [await one for one in sent]
                return [None if one is None else one.offset for one in told]
            finally:
                await producer.stop()

        return self.run(send())

    def transact(self, name, topic, one):
        async def transact():
            producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, transactional_id=name)
            try:
                await producer.start()
                async with producer.transaction():
                    await producer.send_and_wait(topic, value=one.value, key=one.key, headers=one.headers, partition=0,
                                                 timestamp_ms=one.timestamp)
            finally:
                await producer.stop()

        return self.run(asyncio.wait_for(transact(), PATIENCE))

    def consumer(self, *topics, **settings):
        return self.run(self.started(lambda: AIOKafkaConsumer(*topics, bootstrap_servers=self.bootstrap, **settings)))

    def reader(self, topic, partition, position, reset="earliest", max_bytes=1 << 20, min_bytes=1, committed=False):
        consumer = self.consumer(
            enable_auto_commit=False, auto_offset_reset=reset, fetch_max_wait_ms=300, fetch_min_bytes=min_bytes,
            max_partition_fetch_bytes=max_bytes, isolation_level="read_committed" if committed else "read_uncommitted")
        return OneReader(self, consumer, TopicPartition(topic, partition), position)

    def read(self, topic, partition, position, count, **settings):
        with self.reader(topic, partition, position, **settings) as reader:
            return reader.take(count)

    def list_offset(self, topic, partition, spec):
        key = TopicPartition(topic, partition)
        consumer = self.consumer(enable_auto_commit=False, request_timeout_ms=2000)
        try:
            if spec == "earliest":
                return self.run(consumer.beginning_offsets([key]))[key]
            if spec == "latest":
                return self.run(consumer.end_offsets([key]))[key]
            found = self.run(consumer.offsets_for_times({key: spec}))[key]
            return -1 if found is None else found.offset
        finally:
            self.run(consumer.stop())

    def delete_records(self, topic, partition, before):
        key = TopicPartition(topic, partition)
        return self.run(self.admin.delete_records({key: RecordsToDelete(before)}))[key]

    # Groups

    def member(self, group, topic, name, auto_commit=False, cooperative=False, instance=None, slow_heartbeat=False):
        consumer = self.consumer(
            topic, group_id=group, client_id=name, group_instance_id=instance, enable_auto_commit=auto_commit,
            auto_offset_reset="earliest", session_timeout_ms=6000, fetch_max_wait_ms=100, retry_backoff_ms=20,
            heartbeat_interval_ms=2000 if slow_heartbeat else 100,
            partition_assignment_strategy=[RangePartitionAssignor])
        return GroupMember(self, consumer, topic).start()

    def describe_group(self, group, partitions=True):
        response, = self.run(self.admin.describe_consumer_groups([group]))
        code, _, state, kind, assignor, members = response.groups[0][:6]
        check(code)
        return f"{state} {kind} {assignor} {{{' '.join(sorted(f'{one[1]}@{one[2]}' for one in members))}}}"

    def groups(self, states):
        return [(one[0], one[1]) for one in self.run(self.admin.list_consumer_groups())]

    def group_offsets(self, group, topic):
        found = self.run(self.admin.list_consumer_group_offsets(group))
        return {key.partition: (one.offset, one.metadata) for key, one in found.items() if one.offset >= 0}

    def alter_group_offsets(self, group, topic, offsets):
        """Not of the admin client: a consumer without a subscription commits."""
        consumer = self.consumer(group_id=group, enable_auto_commit=False)
        keys = {TopicPartition(topic, partition): offset for partition, offset in offsets.items()}
        try:
            self.inside(consumer.assign, list(keys))
            self.run(consumer.commit(keys))
        finally:
            self.run(consumer.stop())


def record(one):
    return Record(one.partition, one.offset, one.timestamp, one.key, one.value, one.headers)


def records(polled):
    return [record(one) for some in polled.values() for one in some]


class OneReader(Reader):
    def __init__(self, client, consumer, partition, position):
        self.client, self.consumer, self.partition = client, consumer, partition
        client.inside(consumer.assign, [partition])
        if position == "earliest":
            client.run(consumer.seek_to_beginning(partition))
        elif position == "latest":
            client.run(consumer.seek_to_end(partition))
        else:
            client.inside(consumer.seek, partition, position)

    def position(self):
        return self.client.run(self.consumer.position(self.partition))

    def poll(self):
        return records(self.client.run(self.consumer.getmany(timeout_ms=100)))

    def close(self):
        self.client.run(self.consumer.stop())


class GroupMember(Member):
    def __init__(self, client, consumer, topic):
        super().__init__()
        self.client, self.consumer, self.topic = client, consumer, topic

    def fetch(self):
        return records(self.client.run(self.consumer.getmany(timeout_ms=100)))

    def owned(self):
        return sorted(one.partition for one in self.consumer.assignment())

    def commit_now(self, offsets):
        if offsets is not None:
            offsets = {TopicPartition(self.topic, partition): OffsetAndMetadata(offset, note)
                       for partition, (offset, note) in offsets.items()}
        self.client.run(self.consumer.commit(offsets))

    def leave(self):
        self.client.run(self.consumer.stop())


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    main(Aiokafka, topic_steps.run, record_steps.run, group_steps.run, raw_steps.run, topic_steps.delete)
