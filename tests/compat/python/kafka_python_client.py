"""kafka-python through every step; arguments: bootstrap address, prefix of topics and groups."""

import logging

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, MemberToRemove
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.errors import for_code
from kafka.structs import OffsetAndMetadata

import group_steps
import raw_steps
import record_steps
import topic_steps
from clients import Client, Config, Member, Partition, Reader
from steps import PATIENCE, Record, Refused, error_name, main

ACKS = {"0": 0, "1": 1, "all": "all"}
# Sentinels of ListOffsets.
SPECS = {"latest": -1, "earliest": -2, "max": -3}
# Batches end by flush alone.
LINGER_MS = 5000


def check(error_class):
    """Some admin calls give the class of the error instead of raising it."""
    if error_class.errno != 0:
        raise Refused(error_name(error_class.errno))


def check_text(text):
    """Others give `OK`, or text that begins with the error's number."""
    if text not in ("OK", None):
        raise Refused(error_name(int(text.split("]")[0].removeprefix("[Error "))))


class KafkaPython(Client):
    client = f"kafka-python {kafka.__version__}"
    null_headers = False
    skips = {
        "describe-configs-unknown-topic": "the client drops errors of this answer",
        "produce-unknown-topic": "the client asks in a way that makes the topic, whatever its setting says",
        "consume-unknown-topic": "the client asks in a way that makes the topic, whatever its setting says",
        "alter-configs-legacy": "the client adds to the request what it finds set",
    }
    expected = {
        "produce-bad-partition": "client: ValueError",
        "produce-invalid-topic": "client: ValueError",
        "group-commit-removed-member": "client: CommitFailedError",
    }

    def __init__(self, bootstrap):
        self.bootstrap = bootstrap
        self.admin = KafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=10_000)

    def close(self):
        self.admin.close()

    def code(self, failure):
        number = getattr(failure, "errno", None)
        return error_name(number) if isinstance(number, int) and number > 0 else None

    # Topics

    def create_topic(self, name, partitions=-1, replication=-1, configs=None, assignment=None, validate_only=False):
        options = {"num_partitions": partitions, "replication_factor": replication, "configs": configs or {}}
        if assignment:
            options["assignments"] = assignment
        self.admin.create_topics({name: options}, validate_only=validate_only)

    def delete_topic(self, name):
        self.admin.delete_topics([name])

    def topics(self):
        return set(self.admin.list_topics())

    def partitions(self, name):
        topic = self.admin.describe_topics([name])[0]
        check(for_code(topic["error_code"]))
        found = [Partition(one["partition_index"], one["leader_id"], one["replica_nodes"], one["isr_nodes"])
                 for one in topic["partitions"]]
        return sorted(found)

    def grow(self, name, count):
        self.admin.create_partitions({name: count})

    # Configs and cluster

    def configs(self, kind, name):
        found = self.admin.describe_configs([ConfigResource(kind, name)], config_filter="all")
        return {key: Config(one["value"], one["config_source"], one["read_only"])
                for key, one in found[kind][name].items()}

    def alter(self, kind, name, operation, key, value):
        resource = ConfigResource(kind, name, {key: (operation.upper(), value)})
        check_text(self.admin.alter_configs([resource], raise_on_unknown=False)[kind][name])

    def replace_configs(self, kind, name, configs):
        resource = ConfigResource(kind, name, configs)
        # The client adds what is set already.
        check_text(self.admin.alter_configs([resource], raise_on_unknown=False, incremental=False)[kind][name])

    def cluster(self):
        cluster = self.admin.describe_cluster()
        brokers = [one["broker_id"] for one in cluster["brokers"]]
        features = {name: one["finalized"][1] for name, one in self.admin.describe_features().items()
                    if "finalized" in one}
        return (f"brokers={brokers} controller={cluster['controller_id']} cluster-id={cluster['cluster_id']} "
                f"features={dict(sorted(features.items()))}")

    # Records

    def send(self, topic, records, partition=0, acks="all", compression="none", idempotent=False, large=False,
             small_batches=False, patience=PATIENCE):
        producer = KafkaProducer(
            bootstrap_servers=self.bootstrap, acks=ACKS[acks], enable_idempotence=idempotent, linger_ms=LINGER_MS,
            compression_type=None if compression == "none" else compression,
            max_request_size=4 << 20 if large else 1 << 20, batch_size=200 if small_batches else 16384,
            max_block_ms=int(patience * 1000), delivery_timeout_ms=20_000, request_timeout_ms=10_000)
        try:
            sent = [producer.send(topic, value=one.value, key=one.key, headers=one.headers, partition=partition,
                                  timestamp_ms=one.timestamp) for one in records]
            producer.flush(PATIENCE)
            return [one.get(PATIENCE).offset for one in sent]
        finally:
            producer.close(timeout=1)

    def transact(self, name, topic, one):
        producer = KafkaProducer(bootstrap_servers=self.bootstrap, transactional_id=name, linger_ms=LINGER_MS,
                                 max_block_ms=PATIENCE * 1000)
        try:
            producer.init_transactions()
            producer.begin_transaction()
            producer.send(topic, value=one.value, key=one.key, headers=one.headers, partition=0,
                          timestamp_ms=one.timestamp)
            producer.commit_transaction()
        finally:
            producer.close(timeout=1)

    def reader(self, topic, partition, position, reset="earliest", max_bytes=1 << 20, min_bytes=1, committed=False):
        consumer = KafkaConsumer(
            bootstrap_servers=self.bootstrap, enable_auto_commit=False, auto_offset_reset=reset, fetch_max_wait_ms=300,
            max_partition_fetch_bytes=max_bytes, fetch_min_bytes=min_bytes, allow_auto_create_topics=False,
            isolation_level="read_committed" if committed else "read_uncommitted")
        return OneReader(consumer, TopicPartition(topic, partition), position)

    def read(self, topic, partition, position, count, **settings):
        with self.reader(topic, partition, position, **settings) as reader:
            return reader.take(count)

    def list_offset(self, topic, partition, spec):
        key = TopicPartition(topic, partition)
        return self.admin.list_partition_offsets({key: SPECS.get(spec, spec)})[key].offset

    def delete_records(self, topic, partition, before):
        key = TopicPartition(topic, partition)
        return self.admin.delete_records({key: before})[key]["low_watermark"]

    # Groups

    def member(self, group, topic, name, auto_commit=False, cooperative=False, instance=None, slow_heartbeat=False):
        assignor = CooperativeStickyAssignor if cooperative else RangePartitionAssignor
        consumer = KafkaConsumer(
            topic, bootstrap_servers=self.bootstrap, group_id=group, client_id=name, group_instance_id=instance,
            enable_auto_commit=auto_commit, auto_offset_reset="earliest", session_timeout_ms=6000,
            heartbeat_interval_ms=2000 if slow_heartbeat else 100, fetch_max_wait_ms=100, retry_backoff_ms=20,
            partition_assignment_strategy=[assignor], allow_auto_create_topics=False)
        return GroupMember(consumer, topic).start()

    def remove_members(self, group):
        members = self.admin.describe_groups([group])[group]["members"]
        removed = self.admin.remove_group_members(
            group, [MemberToRemove(member_id=one["member_id"]) for one in members])
        for error in removed.values():
            check(error)

    def describe_group(self, group, partitions=True):
        found = self.admin.describe_groups([group])[group]
        check_text(found["error"])
        members = []
        for one in found["members"]:
            assigned = one["member_assignment"]
            topics = assigned["assigned_partitions"] if assigned else []
            owned = sorted(partition for topic in topics for partition in topic["partitions"])
            instance = f"/{one['group_instance_id']}" if one["group_instance_id"] else ""
            members.append(f"{one['client_id']}{instance}@{one['client_host']}={owned if partitions else len(owned)}")
        kind = f"{found['protocol_type']} {found['protocol_data']}"
        return f"{found['group_state']} {kind} {{{' '.join(sorted(members))}}}"

    def groups(self, states):
        return [(one["group_id"], one.get("group_state") or "") for one in self.admin.list_groups(states_filter=states)]

    def group_offsets(self, group, topic):
        offsets = self.admin.list_group_offsets({group: None})[group]
        return {key.partition: (one.offset, one.metadata) for key, one in offsets.items() if one.offset >= 0}

    def alter_group_offsets(self, group, topic, offsets):
        wanted = {TopicPartition(topic, partition): OffsetAndMetadata(offset, "", -1)
                  for partition, offset in offsets.items()}
        for error in self.admin.alter_group_offsets(group, wanted).values():
            check(error)

    def delete_group_offsets(self, group, topic, partitions):
        keys = [TopicPartition(topic, partition) for partition in partitions]
        for error in self.admin.delete_group_offsets(group, keys).values():
            check(error)

    def delete_group(self, group):
        result = self.admin.delete_groups([group])[group]
        if result != "OK":
            check(getattr(kafka.errors, result))


def record(one):
    return Record(one.partition, one.offset, one.timestamp, one.key, one.value, one.headers)


class OneReader(Reader):
    def __init__(self, consumer, partition, position):
        self.consumer, self.partition = consumer, partition
        consumer.assign([partition])
        if position == "earliest":
            consumer.seek_to_beginning(partition)
        elif position == "latest":
            consumer.seek_to_end(partition)
        else:
            consumer.seek(partition, position)

    def position(self):
        return self.consumer.position(self.partition)

    def poll(self):
        return [record(one) for some in self.consumer.poll(100).values() for one in some]

    def close(self):
        self.consumer.close()


class GroupMember(Member):
    def __init__(self, consumer, topic):
        super().__init__()
        self.consumer, self.topic = consumer, topic

    def fetch(self):
        # Long enough for a rebalance: the client begins it anew with the next poll.
        return [record(one) for some in self.consumer.poll(1000).values() for one in some]

    def owned(self):
        return sorted(one.partition for one in self.consumer.assignment())

    def commit_now(self, offsets):
        if offsets is not None:
            offsets = {TopicPartition(self.topic, partition): OffsetAndMetadata(offset, note, -1)
                       for partition, (offset, note) in offsets.items()}
        self.consumer.commit(offsets)

    def leave(self):
        self.consumer.close(timeout_ms=5000)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    main(KafkaPython, topic_steps.run, record_steps.run, group_steps.run, raw_steps.run, topic_steps.delete)
