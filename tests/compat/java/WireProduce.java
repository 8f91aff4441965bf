// Produce requests no client library sends: stale producers, broken batches, wrong fields.
package compat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

final class WireProduce {
    // Places in a batch of format 2.
    private static final int LENGTH = 8;
    private static final int MAGIC = 16;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int BASE_TIMESTAMP = 27;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int RECORD_COUNT = 57;
    private static final int HEADER = 61;
    private static final int LATEST = ApiKeys.PRODUCE.latestVersion();

    private final Steps steps;
    private final Clients clients;

    WireProduce(Steps steps, Clients clients) {
        this.steps = steps;
        this.clients = clients;
    }

    void run() {
        versions();
        sequences();
        fields();
        batches();
    }

    private void versions() {
        steps.step("wire-produce-versions", () -> {
            create("wire-produce");
            return Wire.sweep(steps.bootstrap, ApiKeys.PRODUCE, version -> request("wire-produce", version, plain(2)));
        });
        steps.step("wire-init-producer-id", () -> Wire.sweep(
                steps.bootstrap, ApiKeys.INIT_PRODUCER_ID, version -> new InitProducerIdRequestData().setTransactionalId(null)));
        steps.step("wire-init-producer-id-bump", () -> Wire.sweep(steps.bootstrap, 3, 5,
                version -> new InitProducerIdRequestData().setTransactionalId(null).setProducerId(9).setProducerEpoch((short) 3)));
        steps.step("wire-init-producer-id-empty-transaction", () -> Wire.sweep(steps.bootstrap,
                ApiKeys.INIT_PRODUCER_ID, version -> new InitProducerIdRequestData().setTransactionalId("")));
    }

    private void sequences() {
        steps.step("producer-sequences", () -> {
            create("wire-sequences");
            List<String> answers = new ArrayList<>();
            try (Wire wire = new Wire(steps.bootstrap)) {
                long producer = ((InitProducerIdResponseData)
                        wire.call(new InitProducerIdRequestData().setTransactionalId(null), 5)).producerId();
                int[][] batches = {
                    // epoch, base sequence, records
                    {0, 0, 2}, {0, 2, 2}, {0, 0, 2}, {0, 2, 2}, {0, 5, 1}, {0, 2, 1}, {0, 4, 1}, {0, 5, 1}, {0, 6, 1}, {0, 7, 1},
                    {0, 0, 2}, {0, 4, 1}, {2, 3, 1}, {2, 0, 1}, {2, 0, 1}, {1, 1, 1}, {2, 1, 1}, {2, 3, 1}};
                for (int[] one : batches) {
                    var records = MemoryRecords.withIdempotentRecords(
                            Compression.NONE, producer, (short) one[0], one[1], records(one[2]));
                    answers.add("e" + one[0] + " s" + one[1] + "+" + one[2] + " "
                            + wire.show(request("wire-sequences", LATEST, records), LATEST));
                }
            }
            return String.join(" | ", answers);
        });
        steps.step("wire-produce-unknown-producer", () -> {
            create("wire-unknown-producer");
            return send("wire-unknown-producer",
                    MemoryRecords.withIdempotentRecords(Compression.NONE, 777_777L, (short) 0, 5, records(1)));
        });
        steps.step("wire-produce-sequence-wraps", () -> {
            create("wire-wraps");
            int last = Integer.MAX_VALUE;
            return send("wire-wraps", MemoryRecords.withIdempotentRecords(Compression.NONE, 888_888L, (short) 0, last - 1, records(4)))
                    + " | " + send("wire-wraps", MemoryRecords.withIdempotentRecords(Compression.NONE, 888_888L, (short) 0, 2, records(1)))
                    + " | " + send("wire-wraps", MemoryRecords.withIdempotentRecords(Compression.NONE, 888_888L, (short) 0, 4, records(1)));
        });
    }

    private void fields() {
        String topic = "wire-produce";
        steps.step("wire-produce-acks-2", () -> show(request(topic, LATEST, plain(1)).setAcks((short) 2)));
        steps.step("wire-produce-unknown-topic", () -> show(named("missing", 0, plain(1)), 9));
        steps.step("wire-produce-unknown-partition", () -> show(named(topic, 9, plain(1)), 9));
        steps.step("wire-produce-negative-partition", () -> show(named(topic, -1, plain(1)), 9));
        steps.step("wire-produce-unknown-topic-id", () -> show(identified(new Uuid(7, 7), plain(1))));
        steps.step("wire-produce-zero-topic-id", () -> show(identified(Uuid.ZERO_UUID, plain(1))));
        steps.step("wire-produce-empty-records", () -> send(topic, MemoryRecords.EMPTY));
        steps.step("wire-produce-internal-topic", () -> show(named("__consumer_offsets", 0, plain(1)), 9, false));
        steps.step("wire-produce-transactional-without-id", () -> send(topic,
                MemoryRecords.withTransactionalRecords(Compression.NONE, 5L, (short) 0, 0, records(1))));
        steps.step("wire-produce-zstd-old-version", () -> show(
                named(topic, 0, MemoryRecords.withRecords(Compression.of(CompressionType.ZSTD).build(), records(1))), 6));
        steps.step("wire-produce-record-errors", () -> {
            TopicSteps.create(clients.admin, new NewTopic(steps.topic("wire-compacted"), 1, (short) 1)
                    .configs(Map.of("cleanup.policy", "compact", "retention.ms", "-1")));
            var some = new SimpleRecord[] {record("k", "a"), record(null, "b"), record("k", "c"), record(null, "d")};
            return Wire.sweep(steps.bootstrap, ApiKeys.PRODUCE,
                    version -> request("wire-compacted", version, MemoryRecords.withRecords(Compression.NONE, some)));
        });
        steps.step("wire-produce-message-format-0-and-1", () -> {
            var record = new SimpleRecord(Records.BASE_TIMESTAMP, Records.bytes("k"), Records.bytes("old"));
            return send(topic, MemoryRecords.withRecords((byte) 0, Compression.NONE, record)) + " | "
                    + send(topic, MemoryRecords.withRecords((byte) 1, Compression.NONE, record));
        });
    }

    private interface Damage {
        void apply(ByteBuffer batch);
    }

    private void batches() {
        damaged("bad-crc", false, batch -> batch.put(HEADER + 3, (byte) (batch.get(HEADER + 3) ^ 1)));
        damaged("bad-magic", false, batch -> batch.put(MAGIC, (byte) 3));
        damaged("bad-codec", true, batch -> batch.putShort(ATTRIBUTES, (short) 7));
        damaged("false-codec", true, batch -> batch.putShort(ATTRIBUTES, (short) 1));
        damaged("false-codec-zstd", true, batch -> batch.putShort(ATTRIBUTES, (short) 4));
        damaged("control-batch", true, batch -> batch.putShort(ATTRIBUTES, (short) 32));
        damaged("log-append-flag", true, batch -> batch.putShort(ATTRIBUTES, (short) 8));
        damaged("unused-flag", true, batch -> batch.putShort(ATTRIBUTES, (short) 512));
        damaged("delete-horizon-flag", true, batch -> batch.putShort(ATTRIBUTES, (short) 64));
        damaged("base-offset", false, batch -> batch.putLong(0, 1234));
        damaged("negative-base-offset", false, batch -> batch.putLong(0, -5));
        damaged("last-offset-delta", true, batch -> batch.putInt(LAST_OFFSET_DELTA, 7));
        damaged("negative-last-offset-delta", true, batch -> batch.putInt(LAST_OFFSET_DELTA, -1));
        damaged("too-many-records", true, batch -> batch.putInt(RECORD_COUNT, 9));
        damaged("too-few-records", true, batch -> batch.putInt(RECORD_COUNT, 2));
        damaged("no-records", true, batch -> batch.putInt(RECORD_COUNT, 0));
        damaged("negative-records", true, batch -> batch.putInt(RECORD_COUNT, -1));
        damaged("short-length", false, batch -> batch.putInt(LENGTH, batch.getInt(LENGTH) - 1));
        damaged("long-length", false, batch -> batch.putInt(LENGTH, batch.getInt(LENGTH) + 1));
        damaged("tiny-length", false, batch -> batch.putInt(LENGTH, 4));
        damaged("negative-length", false, batch -> batch.putInt(LENGTH, -1));
        damaged("record-length", true, batch -> batch.put(HEADER, (byte) (batch.get(HEADER) + 20)));
        damaged("record-attributes", true, batch -> batch.put(HEADER + 1, (byte) 1));
        damaged("record-offset-delta", true, batch -> batch.put(HEADER + 3, (byte) 4));
        damaged("record-key-length", true, batch -> batch.put(HEADER + 4, (byte) 120));
        damaged("producer-without-epoch", true, batch -> batch.putLong(PRODUCER_ID, 5));
        damaged("producer-without-sequence", true, batch -> batch.putLong(PRODUCER_ID, 5).putShort(PRODUCER_EPOCH, (short) 0));
        damaged("negative-timestamp", true, batch -> batch.putLong(BASE_TIMESTAMP, -2));
        steps.step("wire-produce-two-batches", () -> {
            ByteBuffer one = plain(1).buffer();
            ByteBuffer two = ByteBuffer.allocate(2 * one.remaining()).put(one.duplicate()).put(one.duplicate()).flip();
            return send("wire-produce", MemoryRecords.readableRecords(two));
        });
        steps.step("wire-produce-trailing-bytes", () -> {
            ByteBuffer one = plain(1).buffer();
            ByteBuffer more = ByteBuffer.allocate(one.remaining() + 5).put(one.duplicate());
            return send("wire-produce", MemoryRecords.readableRecords(more.rewind()));
        });
        steps.step("wire-produce-future-timestamp", () -> send("wire-produce", MemoryRecords.withRecords(Compression.NONE,
                new SimpleRecord(System.currentTimeMillis() + 7_200_000, null, Records.bytes("later")))));
        steps.step("wire-produce-no-timestamp", () -> send("wire-produce", MemoryRecords.withRecords(Compression.NONE,
                new SimpleRecord(-1L, null, Records.bytes("no time")))));
    }

    /** A batch of three records with one field changed; the checksum is made right again where asked. */
    private void damaged(String name, boolean seal, Damage damage) {
        steps.step("wire-produce-" + name, () -> {
            ByteBuffer batch = plain(3).buffer().duplicate();
            damage.apply(batch);
            if (seal) {
                seal(batch);
            }
            return send("wire-produce", MemoryRecords.readableRecords(batch));
        });
    }

    private static void seal(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(ATTRIBUTES));
        batch.putInt(CRC, (int) crc.getValue());
    }

    private String send(String topic, MemoryRecords records) throws Exception {
        return show(request(topic, LATEST, records));
    }

    private String show(ProduceRequestData request) throws Exception {
        return show(request, LATEST);
    }

    private String show(ProduceRequestData request, int version) throws Exception {
        return show(request, version, true);
    }

    /** Shows the answer, without the offset where other programs write to the same partition. */
    private String show(ProduceRequestData request, int version, boolean own) throws Exception {
        try (Wire wire = new Wire(steps.bootstrap)) {
            String answer = wire.show(request, version);
            return own ? answer : answer.replaceAll("baseOffset:\\d+", "baseOffset:*");
        }
    }

    private ProduceRequestData request(String topic, int version, MemoryRecords records) throws Exception {
        return version >= 13 ? identified(topicId(topic), records) : named(topic, 0, records);
    }

    private ProduceRequestData named(String topic, int partition, MemoryRecords records) {
        String name = topic.startsWith("__") ? topic : steps.topic(topic);
        return of(new TopicProduceData().setName(name), partition, records);
    }

    private static ProduceRequestData identified(Uuid topic, MemoryRecords records) {
        return of(new TopicProduceData().setTopicId(topic), 0, records);
    }

    private static ProduceRequestData of(TopicProduceData topic, int partition, MemoryRecords records) {
        topic.setPartitionData(List.of(new PartitionProduceData().setIndex(partition).setRecords(records)));
        return new ProduceRequestData().setAcks((short) -1).setTimeoutMs(5000)
                .setTopicData(new TopicProduceDataCollection(List.of(topic).iterator()));
    }

    private Uuid topicId(String topic) throws Exception {
        String name = steps.topic(topic);
        return clients.admin.describeTopics(List.of(name)).allTopicNames().get().get(name).topicId();
    }

    private void create(String topic) throws Exception {
        TopicSteps.create(clients.admin,
                new NewTopic(steps.topic(topic), 1, (short) 1).configs(Map.of("retention.ms", "-1")));
    }

    private static MemoryRecords plain(int count) {
        return MemoryRecords.withRecords((byte) 2, 0L, Compression.NONE, TimestampType.CREATE_TIME, records(count));
    }

    static SimpleRecord[] records(int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = record("key-" + i, "value-" + i);
        }
        return records;
    }

    private static SimpleRecord record(String key, String value) {
        byte[] bytes = key == null ? null : Records.bytes(key);
        var header = new RecordHeader("h", Records.bytes("v"));
        return new SimpleRecord(Records.BASE_TIMESTAMP, bytes, Records.bytes(value), new RecordHeader[] {header});
    }
}
