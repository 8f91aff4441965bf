"""Records written with every codec and size, and read from every kind of position."""

from steps import BASE_TIMESTAMP, COUNT, Record, expect_equal, summary

# The broker's limit of one batch without the batch's header (61) and its record's own fields (11).
LARGEST_VALUE = 1048588 - 72


def run(steps, client):
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        _codec(steps, client, codec)
    _acks(steps, client)
    _sizes(steps, client)
    _refusals(steps, client)
    _variants(steps, client)
    _positions(steps, client)
    _limits(steps, client)
    _deleted(steps, client)


def _keep(client, topic, partitions=1, **configs):
    """A topic that keeps records of any age."""
    named = {name.replace("_", "."): value for name, value in configs.items()}
    client.create_topic(topic, partitions=partitions, replication=1, configs={"retention.ms": "-1", **named})
    return topic


def _told(offsets):
    return f"{len(offsets)} records {offsets[0]}..{offsets[-1]}"


def _whole(client, topic):
    return expect_equal(summary(client.standard()), summary(client.read(topic, 0, "earliest", COUNT)))


def _codec(steps, client, codec):
    topic = steps.topic("codec-" + codec)
    steps.step("produce-" + codec, lambda: expect_equal(
        "20 records 0..19", _told(client.send(_keep(client, topic), client.standard(), compression=codec))))
    steps.step("consume-" + codec, lambda: _whole(client, topic))


def _acks(steps, client):
    topic = steps.topic("acks")

    def send(acks, place):
        if place == 0:
            _keep(client, topic)
        client.send(topic, [Record(value=b"acks " + acks.encode(), headers=[])], acks=acks)
        last = client.read(topic, 0, "earliest", place + 1)[place]
        return f"offset={last.offset} value={last.value.decode()}"

    for place, acks in enumerate(("0", "1", "all")):
        steps.step("produce-acks-" + acks, lambda acks=acks, place=place: send(acks, place))


def _sizes(steps, client):
    topic = steps.topic("large")

    def largest():
        offsets = client.send(_keep(client, topic), [Record(value=bytes(LARGEST_VALUE), headers=[])], large=True)
        read = client.read(topic, 0, "earliest", 1)[0]
        return f"offset={offsets[0]} value={expect_equal(LARGEST_VALUE, len(read.value))} bytes"

    steps.step("produce-largest", largest)
    steps.refuse("produce-too-large", "MESSAGE_TOO_LARGE", lambda: client.send(
        topic, [Record(value=bytes(LARGEST_VALUE + 1), headers=[])], large=True))


def _refusals(steps, client):
    one = [Record(value=b"x", headers=[])]
    steps.refuse("produce-bad-partition", "client: unknown partition",
                 lambda: client.send(steps.topic("acks"), one, partition=99, patience=0.5))
    steps.refuse("produce-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION",
                 lambda: client.send(steps.topic("missing"), one, patience=1))
    steps.refuse("produce-invalid-topic", "INVALID_TOPIC_EXCEPTION",
                 lambda: client.send(steps.topic("bad/name"), one, patience=3))
    steps.refuse("produce-compacted-null-key", "INVALID_RECORD", lambda: client.send(
        _keep(client, steps.topic("compacted"), cleanup_policy="compact"), one))
    steps.refuse("produce-timestamp-too-old", "INVALID_TIMESTAMP", lambda: client.send(
        _keep(client, steps.topic("bounded"), message_timestamp_before_max_ms="1000"), client.standard(1)))


def _variants(steps, client):
    def keys():
        topic = _keep(client, steps.topic("keys"), partitions=3)
        records = [Record(key=b"key-%d" % i, value=b"value-%d" % i, headers=[]) for i in range(30)]
        client.send(topic, records, partition=None)
        counts = [client.list_offset(topic, partition, "latest") for partition in range(3)]
        return f"{expect_equal(30, sum(counts))} records {counts}"

    steps.step("produce-keys", keys)

    def idempotent():
        topic = _keep(client, steps.topic("idempotent"))
        client.send(topic, client.standard(), idempotent=True, small_batches=True)
        return _whole(client, topic)

    steps.step("produce-idempotent", idempotent)

    def recompressed():
        topic = _keep(client, steps.topic("recompressed"), compression_type="zstd")
        client.send(topic, client.standard(), compression="gzip")
        return _whole(client, topic)

    steps.step("produce-recompressed", recompressed)

    def append_time():
        topic = _keep(client, steps.topic("appended"), message_timestamp_type="LogAppendTime")
        client.send(topic, client.standard(3), compression="lz4")
        read = client.read(topic, 0, "earliest", 3)
        later = all(one.timestamp > BASE_TIMESTAMP + 3_600_000 for one in read)
        return f"{len(read)} records, the broker's clock={later}"

    steps.step("produce-log-append-time", append_time)

    def transactional():
        topic = _keep(client, steps.topic("transactional"))
        try:
            client.transact(steps.topic("transaction"), topic, client.standard(1)[0])
        except Exception as failure:
            return f"refused: {steps.code(failure)}"
        return f"committed: {summary(client.read(topic, 0, 'earliest', 1, committed=True))}"

    steps.step("produce-transactional", transactional)


def _positions(steps, client):
    source = steps.topic("codec-none")
    steps.step("consume-earliest", lambda: summary(client.read(source, 0, "earliest", COUNT)))

    def latest():
        topic = _keep(client, steps.topic("latest"))
        client.send(topic, client.standard(3))
        with client.reader(topic, 0, "latest") as reader:
            position = reader.position()
            client.send(topic, client.standard(2))
            return f"position={position} {summary(reader.take(2))}"

    steps.step("consume-latest", latest)
    steps.step("consume-offset", lambda: summary(client.read(source, 0, 5, 15)))

    def timestamp():
        offset = client.list_offset(source, 0, BASE_TIMESTAMP + 6500)
        return f"offset={offset} {summary(client.read(source, 0, offset, COUNT - offset))}"

    steps.step("consume-timestamp", timestamp)
    specs = {"earliest": "earliest", "latest": "latest", "max-timestamp": "max", "exact": BASE_TIMESTAMP + 7000,
             "between": BASE_TIMESTAMP + 7500, "beyond": 2_000_000_000_000}
    steps.step("list-offsets", lambda: " ".join(
        f"{name}={client.list_offset(source, 0, spec)}" for name, spec in specs.items()
        if spec != "max" or client.knows_max_timestamp))
    steps.refuse("list-offsets-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION",
                 lambda: client.list_offset(steps.topic("missing"), 0, "latest"))
    steps.refuse("consume-out-of-range", "OFFSET_OUT_OF_RANGE", lambda: client.read(source, 0, 9999, 1, reset="none"))

    def unknown():
        """A consumer polls on: its topic may come yet."""
        with client.reader(steps.topic("missing"), 0, 0) as reader:
            read = [one for _ in range(5) for one in reader.poll()]
        made = steps.topic("missing") in client.topics()
        return expect_equal("0 records, topic made=False", f"{len(read)} records, topic made={made}")

    steps.step("consume-unknown-topic", unknown)


def _limits(steps, client):
    source = steps.topic("codec-none")
    for name, settings in (("one-byte", {"max_bytes": 1}), ("min-bytes", {"min_bytes": 100_000}),
                           ("read-committed", {"committed": True})):
        steps.step("consume-" + name,
                   lambda settings=settings: summary(client.read(source, 0, "earliest", COUNT, **settings)))


def _deleted(steps, client):
    topic = steps.topic("trimmed")

    def delete(before):
        low = client.delete_records(topic, 0, before)
        return f"low={low} earliest={client.list_offset(topic, 0, 'earliest')}"

    def trimmed():
        client.send(_keep(client, topic), client.standard())
        return f"{delete(7)} {summary(client.read(topic, 0, 'earliest', 13))}"

    steps.step("delete-records", trimmed)
    steps.refuse("delete-records-beyond", "OFFSET_OUT_OF_RANGE", lambda: delete(21))
    steps.step("delete-records-all", lambda: delete(-1))
