// Apache Kafka's own clients as an administrator: one command a line, one answer a line, "ok ..." or "error ...".
// Arguments: the bootstrap list of brokers.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public final class QuorumAdmin {
    private static final long PATIENCE = 60;

    private final String brokers;
    private final Admin admin;

    private QuorumAdmin(String brokers) {
        this.brokers = brokers;
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", brokers);
        config.put("default.api.timeout.ms", 60000);
        config.put("request.timeout.ms", 20000);
        config.put("reconnect.backoff.max.ms", 200);
        admin = Admin.create(config);
    }

    public static void main(String[] args) throws Exception {
        QuorumAdmin self = new QuorumAdmin(args[0]);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String answer;
            try {
                answer = "ok " + self.answer(line.trim().split(" "));
            } catch (Exception e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                answer = "error " + cause.getClass().getSimpleName() + " " + cause.getMessage();
            }
            System.out.println(answer.replace('\n', ' '));
            System.out.flush();
        }
        self.admin.close(Duration.ofSeconds(1));
    }

    private String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "quorum": return quorum();
            case "brokers": return brokers();
            case "create": return create(words[1], words[2]);
            case "partition": return partition(words[1]);
            case "prefer": return prefer(words[1]);
            case "produce-unsafe": return produce(words[1], Integer.parseInt(words[2]), "1", words[3]);
            case "topics": return String.join(",", new TreeSet<>(
                admin.listTopics().names().get(PATIENCE, TimeUnit.SECONDS)));
            case "retention": return retention(words[1], words[2]);
            case "produce": return produce(words[1], Integer.parseInt(words[2]), "all", brokers);
            case "consume": return consume(words[1]);
            case "prefer-all": return preferAll();
            case "spread": return spread(words[1], Integer.parseInt(words[2]), Short.parseShort(words[3]), words[4]);
            case "apart": return apart();
            case "join": return join(words[1], words[2], Integer.parseInt(words[3]));
            case "coordinators": return coordinators(words[1]);
            case "metadata-version": return metadataVersion(Short.parseShort(words[1]), words[2]);
            default: throw new IllegalArgumentException(words[0]);
        }
    }

    private String quorum() throws Exception {
        QuorumInfo info = admin.describeMetadataQuorum().quorumInfo().get(PATIENCE, TimeUnit.SECONDS);
        return "leader=" + info.leaderId() + " epoch=" + info.leaderEpoch() + " hw=" + info.highWatermark()
            + " voters=" + replicas(info.voters()) + " observers=" + replicas(info.observers());
    }

    private static String replicas(List<QuorumInfo.ReplicaState> replicas) {
        List<String> told = new ArrayList<>();
        for (QuorumInfo.ReplicaState replica : replicas) {
            told.add(replica.replicaId() + ":" + replica.logEndOffset());
        }
        return String.join(",", told);
    }

    private String brokers() throws Exception {
        List<String> ids = new ArrayList<>();
        for (var node : admin.describeCluster().nodes().get(PATIENCE, TimeUnit.SECONDS)) {
            ids.add(String.valueOf(node.id()));
        }
        java.util.Collections.sort(ids);
        return String.join(",", ids);
    }

    private String create(String name, String brokers) throws Exception {
        List<Integer> replicas = new ArrayList<>();
        for (String broker : brokers.split(",")) {
            replicas.add(Integer.parseInt(broker));
        }
        NewTopic topic = new NewTopic(name, Map.of(0, replicas));
        admin.createTopics(Set.of(topic)).all().get(PATIENCE, TimeUnit.SECONDS);
        return name;
    }

    private String partition(String name) throws Exception {
        var described = admin.describeTopics(Set.of(name)).allTopicNames().get(PATIENCE, TimeUnit.SECONDS);
        var partition = described.get(name).partitions().get(0);
        List<String> isr = new ArrayList<>();
        for (var node : partition.isr()) {
            isr.add(String.valueOf(node.id()));
        }
        java.util.Collections.sort(isr);
        return (partition.leader() == null ? "none" : partition.leader().id()) + " " + String.join(",", isr);
    }

    private String prefer(String name) throws Exception {
        try {
            admin.electLeaders(ElectionType.PREFERRED, Set.of(new TopicPartition(name, 0)))
                .all().get(PATIENCE, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ElectionNotNeededException)) {
                throw e;
            }
        }
        return name;
    }

    private String retention(String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        AlterConfigOp op = new AlterConfigOp(new ConfigEntry("retention.ms", value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all().get(PATIENCE, TimeUnit.SECONDS);
        return value;
    }

    private String produce(String name, int count, String acks, String bootstrap) throws Exception {
        boolean idempotent = acks.equals("all");
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "acks", acks,
            "enable.idempotence", idempotent);
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(name, 0, null, "value-" + i)).get(PATIENCE, TimeUnit.SECONDS);
            }
        }
        return String.valueOf(count);
    }

    private String consume(String name) {
        Map<String, Object> config = Map.of("bootstrap.servers", brokers, "auto.offset.reset", "earliest");
        TopicPartition partition = new TopicPartition(name, 0);
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            int count = 0;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
            while (consumer.position(partition) < end && System.nanoTime() < deadline) {
                count += consumer.poll(Duration.ofMillis(200)).count();
            }
            return String.valueOf(count);
        }
    }

    /** A topic of several partitions, placed by the controller. */
    private String spread(String name, int partitions, short replicas, String minIsr) throws Exception {
        NewTopic topic = new NewTopic(name, partitions, replicas).configs(Map.of("min.insync.replicas", minIsr));
        admin.createTopics(Set.of(topic)).all().get(PATIENCE, TimeUnit.SECONDS);
        return name;
    }

    /** Partitions of all topics that have no leader, or a replica that is not in sync. */
    private String apart() throws Exception {
        var names = admin.listTopics(new ListTopicsOptions().listInternal(true)).names()
            .get(PATIENCE, TimeUnit.SECONDS);
        var described = admin.describeTopics(names).allTopicNames().get(PATIENCE, TimeUnit.SECONDS);
        TreeSet<String> apart = new TreeSet<>();
        for (var topic : described.values()) {
            for (var partition : topic.partitions()) {
                boolean led = partition.leader() != null && !partition.leader().isEmpty();
                if (!led || partition.isr().size() < partition.replicas().size()) {
                    apart.add(topic.name() + "-" + partition.partition());
                }
            }
        }
        return String.join(",", apart);
    }

    /** A member of a group: reads records from where the group stands, commits, leaves. First and next offset. */
    private String join(String group, String topic, int count) {
        Map<String, Object> config = Map.of("bootstrap.servers", brokers, "group.id", group,
            "group.protocol", "classic", "auto.offset.reset", "earliest", "enable.auto.commit", false,
            "max.poll.records", count, "reconnect.backoff.max.ms", 200);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long first = -1;
            long next = -1;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2 * PATIENCE);
            for (int read = 0; read < count; ) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("read " + read + " of " + count + " records");
                }
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    if (read < count) {
                        first = first < 0 ? record.offset() : first;
                        next = record.offset() + 1;
                        read++;
                    }
                }
            }
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(next)), Duration.ofSeconds(PATIENCE));
            return first + " " + next;
        }
    }

    /** The coordinator of each group, in the groups' order. */
    private String coordinators(String groups) throws Exception {
        List<String> names = List.of(groups.split(","));
        var described = admin.describeConsumerGroups(names).all().get(PATIENCE, TimeUnit.SECONDS);
        List<String> ids = new ArrayList<>();
        for (String name : names) {
            ids.add(String.valueOf(described.get(name).coordinator().id()));
        }
        return String.join(",", ids);
    }

    private String preferAll() throws Exception {
        return String.valueOf(admin.electLeaders(ElectionType.PREFERRED, null).partitions()
            .get(PATIENCE, TimeUnit.SECONDS).size());
    }

    private String metadataVersion(short level, String direction) throws Exception {
        FeatureUpdate.UpgradeType type = FeatureUpdate.UpgradeType.valueOf(direction);
        admin.updateFeatures(Map.of("metadata.version", new FeatureUpdate(level, type)), new UpdateFeaturesOptions())
            .all().get(PATIENCE, TimeUnit.SECONDS);
        return String.valueOf(level);
    }
}
