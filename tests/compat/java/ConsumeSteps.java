// Reading from every kind of position and with every kind of limit. Reads what `produce-none` stored.
package compat;

import static compat.Steps.expectEqual;
import static compat.Steps.refused;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

final class ConsumeSteps {
    private final Steps steps;
    private final Clients clients;
    private final TopicPartition source;

    ConsumeSteps(Steps steps, Clients clients) {
        this.steps = steps;
        this.clients = clients;
        this.source = new TopicPartition(steps.topic("codec-none"), 0);
    }

    void run() {
        positions();
        offsets();
        limits();
        refusals();
        deletedRecords();
    }

    private interface Reading {
        String read(Consumer<byte[], byte[]> consumer) throws Exception;
    }

    private String assigned(TopicPartition partition, Map<String, Object> settings, Reading reading) throws Exception {
        try (var consumer = clients.consumer(settings)) {
            consumer.assign(List.of(partition));
            return reading.read(consumer);
        }
    }

    private void positions() {
        steps.step("consume-earliest", () -> assigned(source, Map.of("group.id", steps.topic("earliest")),
                consumer -> Records.summary(Clients.take(consumer, 20))));
        steps.step("consume-latest", () -> {
            var latest = new TopicPartition(steps.topic("latest"), 0);
            create(latest.topic());
            clients.send(Map.of(), Records.standard(latest.topic(), 0, 3));
            return assigned(latest, Map.of("auto.offset.reset", "latest", "group.id", latest.topic()), consumer -> {
                long position = consumer.position(latest);
                clients.send(Map.of(), Records.standard(latest.topic(), 0, 2));
                return "position=" + position + " " + Records.summary(Clients.take(consumer, 2));
            });
        });
        steps.step("consume-offset", () -> assigned(source, Map.of(), consumer -> {
            consumer.seek(source, 5);
            return Records.summary(Clients.take(consumer, 15));
        }));
        steps.step("consume-timestamp", () -> assigned(source, Map.of(), consumer -> {
            var found = consumer.offsetsForTimes(Map.of(source, Records.BASE_TIMESTAMP + 6500)).get(source);
            consumer.seek(source, found.offset());
            return "offset=" + found.offset() + " timestamp=" + found.timestamp() + " "
                    + Records.summary(Clients.take(consumer, 13));
        }));
    }

    private void offsets() {
        steps.step("list-offsets", () -> "earliest=" + offset(OffsetSpec.earliest()) + " latest="
                + offset(OffsetSpec.latest()) + " max-timestamp=" + offset(OffsetSpec.maxTimestamp())
                + " exact=" + offset(OffsetSpec.forTimestamp(Records.BASE_TIMESTAMP + 7000))
                + " between=" + offset(OffsetSpec.forTimestamp(Records.BASE_TIMESTAMP + 7001))
                + " beyond=" + offset(OffsetSpec.forTimestamp(Records.BASE_TIMESTAMP + 70000)));
        steps.step("list-offsets-unknown-topic", () -> refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, () -> clients.admin
                .listOffsets(Map.of(new TopicPartition(steps.topic("missing"), 0), OffsetSpec.latest()),
                        new org.apache.kafka.clients.admin.ListOffsetsOptions().timeoutMs(1000)).all().get()));
    }

    private long offset(OffsetSpec spec) throws Exception {
        return clients.admin.listOffsets(Map.of(source, spec)).all().get().get(source).offset();
    }

    private void limits() {
        steps.step("consume-one-byte", () -> Records.summary(clients.read(
                source.topic(), 20, Map.of("max.partition.fetch.bytes", 1, "fetch.max.bytes", 1))));
        steps.step("consume-min-bytes", () -> assigned(source, Map.of("fetch.min.bytes", 1 << 20, "fetch.max.wait.ms", 300),
                consumer -> {
                    consumer.seekToBeginning(List.of(source));
                    long start = System.nanoTime();
                    String summary = Records.summary(Clients.take(consumer, 20));
                    Steps.expect(System.nanoTime() - start >= 290_000_000, "the broker waits for more bytes");
                    return summary;
                }));
        steps.step("consume-read-committed", () -> Records.summary(
                clients.read(source.topic(), 20, Map.of("isolation.level", "read_committed"))));
    }

    private void refusals() {
        steps.step("consume-out-of-range", () -> expectEqual("client: OffsetOutOfRangeException", code(
                () -> assigned(source, Map.of("auto.offset.reset", "none"), consumer -> {
                    consumer.seek(source, 9999);
                    Steps.await("the broker refuses", () -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
                    return "records";
                }))));
        steps.step("consume-no-offset", () -> expectEqual("client: NoOffsetForPartitionException", code(
                () -> assigned(source, Map.of("auto.offset.reset", "none", "group.id", steps.topic("none")), consumer -> {
                    Steps.await("the client refuses", () -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
                    return "records";
                }))));
        steps.step("consume-unknown-topic", () -> assigned(
                new TopicPartition(steps.topic("missing"), 0), Map.of(), consumer -> {
                    consumer.seek(new TopicPartition(steps.topic("missing"), 0), 0);
                    int count = consumer.poll(Duration.ofMillis(300)).count();
                    boolean made = clients.admin.listTopics().names().get().contains(steps.topic("missing"));
                    return count + " records, topic made=" + made;
                }));
    }

    private static String code(java.util.concurrent.Callable<?> body) {
        try {
            return "accepted: " + body.call();
        } catch (Exception failure) {
            return Steps.codeOf(failure);
        }
    }

    private void deletedRecords() {
        var partition = new TopicPartition(steps.topic("trimmed"), 0);
        steps.step("delete-records", () -> {
            create(partition.topic());
            clients.send(Map.of(), Records.standard(partition.topic(), 0, 20));
            return delete(partition, 7) + " " + Records.summary(clients.read(partition.topic(), 13, Map.of()));
        });
        steps.step("delete-records-beyond",
                () -> refused(Errors.OFFSET_OUT_OF_RANGE, () -> delete(partition, 21)));
        steps.step("delete-records-all", () -> delete(partition, -1));
    }

    private String delete(TopicPartition partition, long before) throws Exception {
        var request = Map.of(partition, RecordsToDelete.beforeOffset(before));
        var low = clients.admin.deleteRecords(request).lowWatermarks().get(partition).get().lowWatermark();
        long earliest = clients.admin.listOffsets(Map.of(partition, OffsetSpec.earliest())).all().get()
                .get(partition).offset();
        return "low=" + low + " earliest=" + earliest;
    }

    private void create(String topic) throws Exception {
        TopicSteps.create(clients.admin, new NewTopic(topic, 1, (short) 1).configs(Map.of("retention.ms", "-1")));
    }
}
