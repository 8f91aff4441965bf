// Topics made, listed, described, grown, refused and deleted.
package compat;

import static compat.Steps.refused;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.protocol.Errors;

final class TopicSteps {
    private final Steps steps;
    private final Clients clients;
    private final Admin admin;

    TopicSteps(Steps steps, Clients clients) {
        this.steps = steps;
        this.clients = clients;
        this.admin = clients.admin;
    }

    void run() {
        create();
        refusals();
        describe();
        partitions();
    }

    private void create() {
        steps.step("create-topic", () -> {
            var topic = new NewTopic(steps.topic("main"), 3, (short) 1)
                    .configs(Map.of("retention.ms", "-1", "cleanup.policy", "delete", "segment.bytes", "2097152"));
            return create(topic);
        });
        steps.step("create-topic-defaults",
                () -> create(new NewTopic(steps.topic("defaults"), Optional.empty(), Optional.empty())));
        steps.step("create-topic-assignment",
                () -> create(new NewTopic(steps.topic("assigned"), Map.of(0, List.of(1), 1, List.of(1)))));
        steps.step("create-topic-validate-only", () -> {
            var topic = new NewTopic(steps.topic("validated"), 2, (short) 1);
            admin.createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(true)).all().get();
            return "ok, then " + refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, () -> describe(topic.name()));
        });
        steps.step("auto-create-topic", () -> {
            String name = steps.topic("auto");
            var sent = clients.sendOne(Map.of(), new ProducerRecord<>(name, Records.bytes("made by a producer")));
            return "partitions=" + describe(name).partitions().size() + " offset=" + sent.offset();
        });
    }

    private void refusals() {
        refuse("create-topic-exists", Errors.TOPIC_ALREADY_EXISTS, new NewTopic(steps.topic("main"), 1, (short) 1));
        refuse("create-topic-invalid-name", Errors.INVALID_TOPIC_EXCEPTION,
                new NewTopic(steps.topic("bad/name"), 1, (short) 1));
        refuse("create-topic-bad-config", Errors.INVALID_CONFIG,
                new NewTopic(steps.topic("refused"), 1, (short) 1).configs(Map.of("retention.ms", "soon")));
        refuse("create-topic-unknown-config", Errors.INVALID_CONFIG,
                new NewTopic(steps.topic("refused"), 1, (short) 1).configs(Map.of("no.such.config", "1")));
        refuse("create-topic-bad-partitions", Errors.INVALID_PARTITIONS,
                new NewTopic(steps.topic("refused"), 0, (short) 1));
        refuse("create-topic-bad-replication", Errors.INVALID_REPLICATION_FACTOR,
                new NewTopic(steps.topic("refused"), 1, (short) 3));
        refuse("create-topic-bad-assignment", Errors.INVALID_REPLICA_ASSIGNMENT,
                new NewTopic(steps.topic("refused"), Map.of(0, List.of(99))));
    }

    private void describe() {
        steps.step("list-topics", () -> new TreeSet<>(admin.listTopics().names().get()).stream()
                .filter(name -> name.startsWith(steps.prefix + "-"))
                .map(name -> name.substring(steps.prefix.length() + 1))
                .collect(Collectors.joining(", ")));
        steps.step("describe-topic", () -> describe(steps.topic("main")).partitions().stream()
                .map(partition -> partition.partition() + ": leader=" + partition.leader().id()
                        + " replicas=" + ids(partition.replicas()) + " isr=" + ids(partition.isr()))
                .collect(Collectors.joining(", ")));
        steps.step("describe-topic-unknown",
                () -> refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, () -> describe(steps.topic("missing"))));
    }

    private void partitions() {
        steps.step("create-partitions", () -> {
            String name = steps.topic("assigned");
            admin.createPartitions(Map.of(name, NewPartitions.increaseTo(5))).all().get();
            Steps.await("the topic has 5 partitions", () -> describe(name).partitions().size() == 5);
            return "partitions=5";
        });
        steps.step("create-partitions-fewer", () -> refused(Errors.INVALID_PARTITIONS,
                () -> admin.createPartitions(Map.of(steps.topic("assigned"), NewPartitions.increaseTo(1))).all().get()));
        steps.step("create-partitions-unknown-topic", () -> refused(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                () -> admin.createPartitions(Map.of(steps.topic("missing"), NewPartitions.increaseTo(5))).all().get()));
    }

    /** The last steps of all: topics go, and a name can be used again. */
    void delete() {
        steps.step("delete-topic", () -> {
            String name = steps.topic("main");
            admin.deleteTopics(List.of(name)).all().get();
            Steps.await("the topic is gone", () -> !admin.listTopics().names().get().contains(name));
            return "ok, then " + refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, () -> describe(name));
        });
        steps.step("delete-topic-unknown", () -> refused(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                () -> admin.deleteTopics(List.of(steps.topic("missing"))).all().get()));
        steps.step("delete-topic-recreate", () -> {
            String made = create(new NewTopic(steps.topic("main"), 2, (short) 1));
            return made + " " + clients.send(Map.of(), Records.standard(steps.topic("main"), 0, 1));
        });
    }

    private void refuse(String step, Errors expected, NewTopic topic) {
        steps.step(step, () -> refused(expected, () -> admin.createTopics(List.of(topic)).all().get()));
    }

    private String create(NewTopic topic) throws Exception {
        return create(admin, topic);
    }

    /** Creates a topic, waits until every broker knows it, and says what it has become. */
    static String create(Admin admin, NewTopic topic) throws Exception {
        admin.createTopics(List.of(topic)).all().get();
        Steps.await("the new topic is known", () -> admin.listTopics().names().get().contains(topic.name()));
        var partitions = describe(admin, topic.name()).partitions();
        return "partitions=" + partitions.size() + " replicas=" + partitions.get(0).replicas().size();
    }

    private TopicDescription describe(String name) throws Exception {
        return describe(admin, name);
    }

    private static TopicDescription describe(Admin admin, String name) throws Exception {
        return admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }
}
