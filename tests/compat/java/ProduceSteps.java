// Records of every codec, size and acknowledgement, and those a broker refuses.
package compat;

import static compat.Steps.expectEqual;
import static compat.Steps.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

final class ProduceSteps {
    /** The broker's default limit of one batch. */
    private static final int BATCH_MAX = 1048588;
    /** Header of a batch (61) and of its one record without key and headers (11). */
    private static final int LARGEST_VALUE = BATCH_MAX - 72;
    private static final Map<String, Object> LARGE = Map.of("max.request.size", 4 << 20, "batch.size", 0);

    private final Steps steps;
    private final Clients clients;

    ProduceSteps(Steps steps, Clients clients) {
        this.steps = steps;
        this.clients = clients;
    }

    void run() {
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            codec(codec);
        }
        acknowledgements();
        sizes();
        refusals();
        variants();
    }

    private void codec(String codec) {
        String topic = steps.topic("codec-" + codec);
        steps.step("produce-" + codec, () -> {
            keep(topic, Map.of());
            return expectEqual("20 records 0..19",
                    clients.send(Map.of("compression.type", codec), Records.standard(topic, 0, Records.COUNT)));
        });
        steps.step("consume-" + codec, () -> standard(topic));
    }

    private void acknowledgements() {
        String topic = steps.topic("acks");
        for (String acks : List.of("0", "1", "all")) {
            steps.step("produce-acks-" + acks, () -> {
                if (acks.equals("0")) {
                    keep(topic, Map.of());
                }
                clients.sendOne(Map.of("acks", acks), new ProducerRecord<>(topic, Records.bytes("acks " + acks)));
                int count = List.of("0", "1", "all").indexOf(acks) + 1;
                var last = clients.read(topic, count, Map.of()).get(count - 1);
                return "offset=" + last.offset() + " value=" + new String(last.value());
            });
        }
    }

    private void sizes() {
        String topic = steps.topic("large");
        steps.step("produce-largest", () -> {
            keep(topic, Map.of());
            var sent = clients.sendOne(LARGE, new ProducerRecord<>(topic, new byte[LARGEST_VALUE]));
            var read = clients.read(topic, 1, Map.of()).get(0);
            return "offset=" + sent.offset() + " value=" + expectEqual(LARGEST_VALUE, read.value().length) + " bytes";
        });
        steps.step("produce-too-large", () -> refused(Errors.MESSAGE_TOO_LARGE,
                () -> clients.sendOne(LARGE, new ProducerRecord<>(topic, new byte[LARGEST_VALUE + 1]))));
    }

    private void refusals() {
        steps.skip("produce-unknown-topic", "the client always asks for a topic to be made");
        steps.step("produce-bad-partition", () -> refused(Errors.REQUEST_TIMED_OUT, () -> clients.sendOne(
                Map.of("max.block.ms", 500), new ProducerRecord<>(steps.topic("acks"), 99, null, Records.bytes("x")))));
        steps.step("produce-invalid-topic", () -> refused(Errors.INVALID_TOPIC_EXCEPTION,
                () -> clients.sendOne(Map.of(), new ProducerRecord<>(steps.topic("bad/name"), Records.bytes("x")))));
        steps.step("produce-compacted-null-key", () -> {
            String topic = steps.topic("compacted");
            keep(topic, Map.of("cleanup.policy", "compact"));
            return refused(Errors.INVALID_RECORD,
                    () -> clients.sendOne(Map.of(), new ProducerRecord<>(topic, Records.bytes("no key"))));
        });
        steps.step("produce-timestamp-too-old", () -> {
            String topic = steps.topic("bounded");
            keep(topic, Map.of("message.timestamp.before.max.ms", "1000"));
            return refused(Errors.INVALID_TIMESTAMP, () -> clients.send(Map.of(), Records.standard(topic, 0, 1)));
        });
        steps.step("produce-min-insync-replicas", () -> {
            String topic = steps.topic("insync");
            keep(topic, Map.of("min.insync.replicas", "2"));
            // More than the replicas there are counts as all of them.
            return clients.send(Map.of("acks", "all"), Records.standard(topic, 0, 1));
        });
    }

    private void variants() {
        steps.step("produce-keys", () -> {
            String topic = steps.topic("keys");
            TopicSteps.create(clients.admin, new NewTopic(topic, 3, (short) 1));
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                records.add(new ProducerRecord<>(topic, Records.bytes("key-" + i), Records.bytes("value-" + i)));
            }
            clients.send(Map.of(), records);
            return counts(topic, 3, 30);
        });
        steps.step("produce-log-append-time", () -> {
            String topic = steps.topic("appended");
            keep(topic, Map.of("message.timestamp.type", "LogAppendTime"));
            long before = System.currentTimeMillis();
            clients.send(Map.of("compression.type", "lz4"), Records.standard(topic, 0, 3));
            var read = clients.read(topic, 3, Map.of());
            Steps.expect(read.stream().allMatch(one -> one.timestamp() >= before), "the broker's clock, not the client's");
            return read.size() + " records " + read.get(2).timestampType();
        });
        steps.step("produce-idempotent", () -> {
            String topic = steps.topic("idempotent");
            keep(topic, Map.of());
            clients.send(Map.of("enable.idempotence", true, "batch.size", 200), Records.standard(topic, 0, Records.COUNT));
            var partition = new TopicPartition(topic, 0);
            var state = clients.admin.describeProducers(List.of(partition)).partitionResult(partition).get();
            Steps.expect(state.activeProducers().size() == 1, "one producer is known");
            var producer = state.activeProducers().get(0);
            return standard(topic) + " producer epoch=" + producer.producerEpoch() + " sequence=" + producer.lastSequence();
        });
        steps.step("produce-transactional", () -> {
            String topic = steps.topic("transactional");
            keep(topic, Map.of());
            try (var producer = clients.producer(Map.of("transactional.id", steps.topic("transaction"),
                    "enable.idempotence", true))) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(Records.standard(topic, 0, 1).get(0));
                producer.commitTransaction();
            } catch (RuntimeException refused) {
                return "refused: " + Steps.codeOf(refused);
            }
            return "committed: " + Records.summary(clients.read(topic, 1, Map.of("isolation.level", "read_committed")));
        });
        steps.step("produce-recompressed", () -> {
            String topic = steps.topic("recompressed");
            keep(topic, Map.of("compression.type", "zstd"));
            clients.send(Map.of("compression.type", "gzip"), Records.standard(topic, 0, Records.COUNT));
            return standard(topic);
        });
    }

    /** A topic of one partition that keeps records of any age. */
    private void keep(String topic, Map<String, String> more) throws Exception {
        Map<String, String> configs = new TreeMap<>(more);
        configs.put("retention.ms", "-1");
        TopicSteps.create(clients.admin, new NewTopic(topic, 1, (short) 1).configs(configs));
    }

    private String standard(String topic) throws Exception {
        return expectEqual(Records.standardSummary(Records.COUNT),
                Records.summary(clients.read(topic, Records.COUNT, Map.of())));
    }

    private String counts(String topic, int partitions, int records) throws Exception {
        try (var consumer = clients.consumer(Map.of())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                all.add(new TopicPartition(topic, i));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<Integer, Integer> counts = new TreeMap<>();
            Clients.take(consumer, records).forEach(record -> counts.merge(record.partition(), 1, Integer::sum));
            return counts.toString();
        }
    }
}
