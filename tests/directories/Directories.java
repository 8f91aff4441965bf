// Fills a cluster of one node with data that depends on the round alone, and prints all that a client can see
// of it: what one system wrote and the other shows must be the same lines.
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public final class Directories {
    private static final String[] CODECS = {"none", "gzip", "snappy", "lz4", "zstd"};
    /** Records have times of their own, far enough apart to roll segments of a second. */
    private static final long EPOCH = 1_700_000_000_000L;
    private static final int RECORDS = 40;
    /** The only node's id. */
    private static final String NODE = "1";
    /** The machine may be busy; no answer comes too late. */
    private static final int PATIENCE_MS = 600_000;

    private final String bootstrap;
    private final Admin admin;

    private Directories(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "request.timeout.ms", 120000,
                "default.api.timeout.ms", PATIENCE_MS));
    }

    public static void main(String[] args) throws Exception {
        var directories = new Directories(args[1]);
        switch (args[0]) {
            case "write" -> directories.write(Integer.parseInt(args[2]));
            case "read" -> directories.read();
            case "keys" -> directories.writeKeys(args[2], Integer.parseInt(args[3]));
            case "transactions" -> directories.writeTransactions(args[2]);
            case "undone" -> directories.writeUndone(args[2]);
            default -> throw new IllegalArgumentException(args[0]);
        }
        directories.admin.close();
        System.out.flush();
        // Clients leave threads behind; nothing is left to do.
        System.exit(0);
    }

    private void write(int round) throws Exception {
        for (String codec : CODECS) {
            String topic = "codec-" + codec;
            if (round == 1) {
                create(topic, 2, Map.of("segment.ms", "1000", "retention.ms", "-1", "compression.type",
                        codec.equals("none") ? "uncompressed" : codec));
            }
            send(Map.of("compression.type", codec), records(topic, 2, round));
        }
        if (round == 1) {
            create("idempotent", 1, Map.of("retention.ms", "-1"));
            create("trimmed", 1, Map.of("segment.ms", "1000", "retention.ms", "-1"));
            create("compacted", 1, Map.of("cleanup.policy", "compact", "segment.ms", "1000",
                    "min.cleanable.dirty.ratio", "0.1"));
        }
        send(Map.of("enable.idempotence", true), records("idempotent", 1, round));
        send(Map.of(), records("trimmed", 1, round));
        var trimmed = new TopicPartition("trimmed", 0);
        long end = admin.listOffsets(Map.of(trimmed, OffsetSpec.latest())).partitionResult(trimmed).get().offset();
        admin.deleteRecords(Map.of(trimmed, RecordsToDelete.beforeOffset(end - 7))).all().get();
        writeKeys("compacted", round);
        String gone = "gone-" + round;
        create(gone, 3, Map.of());
        send(Map.of(), records(gone, 3, round));
        admin.deleteTopics(List.of(gone)).all().get();
        create("kept-" + round, 1, Map.of("retention.ms", Integer.toString(-1)));
        send(Map.of(), records("kept-" + round, 1, round));
        alter(new ConfigResource(ConfigResource.Type.TOPIC, "codec-none"), "max.message.bytes", 500_000 + round);
        alter(new ConfigResource(ConfigResource.Type.BROKER, ""), "message.max.bytes", 900_000 + round);
        alter(new ConfigResource(ConfigResource.Type.BROKER, NODE), "max.connections.per.ip", 1_000_000 + round);
        commit(round);
    }

    private void commit(int round) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (String codec : CODECS) {
            offsets.put(new TopicPartition("codec-" + codec, round % 2),
                    new OffsetAndMetadata(round * 3L, Optional.of(0), "round " + round));
        }
        try (var consumer = consumer("group-" + round)) {
            consumer.assign(offsets.keySet());
            consumer.commitSync(offsets);
        }
        try (var consumer = consumer("members")) {
            consumer.subscribe(List.of("idempotent"));
            until("records for the group", () -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
            consumer.commitSync(Map.of(new TopicPartition("idempotent", 0), new OffsetAndMetadata(round * 10L)));
        }
    }

    private void alter(ConfigResource resource, String key, int value) throws Exception {
        var op = new AlterConfigOp(new ConfigEntry(key, Integer.toString(value)), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all().get();
    }

    private List<ProducerRecord<byte[], byte[]>> records(String topic, int partitions, int round) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int n = 0; n < RECORDS; n++) {
            long time = EPOCH + round * 1_000_000L + n * 200L;
            byte[] key = n % 5 == 0 ? null : bytes("key-" + n);
            byte[] value = n % 11 == 0 ? null : text(round * 31 + n, (n * 137) % 2000);
            var record = new ProducerRecord<>(topic, n % partitions, time, key, value);
            if (n % 3 == 0) {
                record.headers().add("h", bytes("v" + n)).add("h", null);
            }
            records.add(record);
        }
        return records;
    }

    /** Keys that come again, tombstones, in batches of several records. */
    private void writeKeys(String topic, int round) throws Exception {
        List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            long time = EPOCH + round * 1_000_000L + n * 150L;
            byte[] value = n % 7 == 3 ? null : text(round * 17 + n, 10 + n);
            batch.add(new ProducerRecord<>(topic, 0, time, bytes("key-" + (n * n + round) % 23), value));
            if (batch.size() == 1 + n % 4) {
                send(Map.of("compression.type", CODECS[n % 5]), batch);
                batch.clear();
            }
        }
        send(Map.of(), batch);
    }

    /** Committed and aborted transactions over the same keys, and empty ones. */
    private void writeTransactions(String topic) throws Exception {
        create(topic, 1, Map.of("cleanup.policy", "compact", "segment.ms", "1000", "delete.retention.ms", "0",
                "compression.type", "producer"));
        for (int n = 0; n < 24; n++) {
            try (var producer = producer(Map.of("transactional.id", "t-" + n % 4, "compression.type", CODECS[n % 5]))) {
                producer.initTransactions();
                producer.beginTransaction();
                for (int i = 0; i < n % 5; i++) {
                    long time = EPOCH + n * 300L + i;
                    byte[] value = i == 3 ? null : text(n * 10 + i, 20);
                    producer.send(new ProducerRecord<>(topic, 0, time, bytes("t-key-" + (n + i) % 9), value));
                }
                producer.flush();
                if (n % 3 == 0) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        writeKeys(topic, 1);
    }

    /** Records, then an aborted transaction over their keys whose marker, by its time, begins the active segment. */
    private void writeUndone(String topic) throws Exception {
        create(topic, 1, Map.of("cleanup.policy", "compact", "segment.ms", "1000", "delete.retention.ms", "0",
                "compression.type", "producer"));
        List<ProducerRecord<byte[], byte[]>> kept = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            kept.add(new ProducerRecord<>(topic, 0, EPOCH + n, bytes("key-" + n), text(n, 20)));
        }
        send(Map.of(), kept);
        try (var producer = producer(Map.of("transactional.id", "undone"))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int n = 1; n < 6; n++) {
                producer.send(new ProducerRecord<>(topic, 0, EPOCH + 10 + n, bytes("key-" + n), text(n + 50, 20)));
            }
            producer.flush();
            producer.abortTransaction();
            // The producer goes on, so that the batch of what was aborted is not its last.
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, 0, EPOCH + 20, bytes("key-9"), text(9, 20)));
            producer.flush();
            producer.commitTransaction();
        }
    }

    private void read() throws Exception {
        var names = new TreeSet<>(admin.listTopics().names().get());
        for (var topic : admin.describeTopics(names).allTopicNames().get().values().stream()
                .sorted((a, b) -> a.name().compareTo(b.name())).toList()) {
            System.out.println("topic " + topic.name() + " " + topic.topicId() + " " + topic.partitions().size());
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
            printConfigs(resource, ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
            for (var partition : topic.partitions()) {
                print(new TopicPartition(topic.name(), partition.partition()));
            }
        }
        printConfigs(new ConfigResource(ConfigResource.Type.BROKER, ""),
                ConfigEntry.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        printConfigs(new ConfigResource(ConfigResource.Type.BROKER, NODE),
                ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG);
        var groups = new TreeSet<>(admin.listConsumerGroups().all().get().stream().map(g -> g.groupId()).toList());
        for (String group : groups) {
            print(group);
            var offsets = admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                    .partitionsToOffsetAndMetadata(group).get();
            var lines = offsets.entrySet().stream().map(e -> "group " + group + " " + e.getKey() + " "
                    + e.getValue().offset() + " " + e.getValue().leaderEpoch() + " " + e.getValue().metadata());
            lines.sorted().forEach(System.out::println);
        }
    }

    /** The members are gone, or will be once their node has noticed. */
    private void print(String group) throws Exception {
        until("group " + group + " without members", () -> describe(group).groupState() == GroupState.EMPTY);
        var described = describe(group);
        System.out.println("group " + group + " " + described.groupState() + " " + described.type() + " "
                + described.members().size() + " " + described.partitionAssignor() + " "
                + (described.isSimpleConsumerGroup() ? "never had members" : "had members"));
    }

    private ConsumerGroupDescription describe(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get();
    }

    private void printConfigs(ConfigResource resource, ConfigEntry.ConfigSource source) throws Exception {
        var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        config.entries().stream().filter(entry -> entry.source() == source)
                .map(entry -> "config " + resource.name() + " " + entry.name() + "=" + entry.value())
                .sorted().forEach(System.out::println);
    }

    private void print(TopicPartition partition) throws Exception {
        long start = admin.listOffsets(Map.of(partition, OffsetSpec.earliest())).partitionResult(partition).get().offset();
        long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition).get().offset();
        boolean isCompacted = partition.topic().equals("compacted");
        if (partition.topic().startsWith("__")) {
            return;
        }
        System.out.println("partition " + partition + " " + start + ".." + end);
        Map<String, String> table = new TreeMap<>();
        try (var consumer = consumer(null)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, start);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            until("the end of " + partition, () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return consumer.position(partition) >= end;
            });
            for (var record : records) {
                if (isCompacted) {
                    table.put(text(record.key()), record.value() == null ? "" : text(record.value()));
                } else {
                    System.out.println(describe(record));
                }
            }
        }
        table.values().removeIf(String::isEmpty);
        table.forEach((key, value) -> System.out.println("  " + key + " = " + value));
    }

    private static String describe(ConsumerRecord<byte[], byte[]> record) {
        String headers = Arrays.stream(record.headers().toArray())
                .map(header -> header.key() + ":" + text(header.value())).collect(Collectors.joining(","));
        return "  " + record.offset() + " " + record.timestampType() + " " + record.timestamp() + " "
                + record.leaderEpoch() + " " + text(record.key()) + " " + text(record.value()) + " " + headers;
    }

    private void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs))).all().get();
    }

    /** One request per call: the batches are the same in every run. */
    private void send(Map<String, Object> more, List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        try (var producer = producer(more)) {
            var sent = records.stream().map(producer::send).toList();
            producer.flush();
            for (var one : sent) {
                one.get();
            }
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", bootstrap, "acks", "all",
                "enable.idempotence", more.containsKey("transactional.id"), "linger.ms", 10000, "batch.size", 5000,
                "max.in.flight.requests.per.connection", 1, "request.timeout.ms", 120000,
                "delivery.timeout.ms", PATIENCE_MS, "max.block.ms", PATIENCE_MS));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(String group) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", bootstrap, "group.protocol", "classic",
                "enable.auto.commit", false, "auto.offset.reset", "earliest", "isolation.level", "read_committed",
                "default.api.timeout.ms", PATIENCE_MS));
        if (group != null) {
            settings.put("group.id", group);
        }
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMillis(PATIENCE_MS).toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited too long for " + what);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] text(int seed, int length) {
        byte[] text = new byte[length];
        int state = seed * 2654435 + 1;
        for (int n = 0; n < length; n++) {
            state = state * 1103515245 + 12345;
            text[n] = (byte) ('a' + ((state >>> 16) & 15));
        }
        return text;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : "\"" + new String(bytes, StandardCharsets.UTF_8) + "\"";
    }
}
