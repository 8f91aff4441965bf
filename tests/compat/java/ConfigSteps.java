// Configs read and changed, and what the cluster says of itself.
package compat;

import static compat.Steps.refused;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;

final class ConfigSteps {
    /** Broker configs whose values are the site's own. */
    private static final List<String> OF_THE_SITE = List.of(
            "listeners", "advertised.listeners", "log.dirs", "controller.quorum.bootstrap.servers", "log.dir");

    private final Steps steps;
    private final Admin admin;
    private final ConfigResource topic;
    private final ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");

    ConfigSteps(Steps steps, Clients clients) {
        this.steps = steps;
        this.admin = clients.admin;
        this.topic = new ConfigResource(ConfigResource.Type.TOPIC, steps.topic("main"));
    }

    void run() {
        describe();
        alter();
        cluster();
    }

    private void describe() {
        steps.step("describe-topic-configs", () -> render(describe(topic), name -> true));
        steps.step("describe-broker-configs", () -> render(describe(broker), name -> !OF_THE_SITE.contains(name)));
        steps.step("describe-config-synonyms", () -> {
            var options = new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(false);
            var entries = admin.describeConfigs(List.of(topic), options).all().get().get(topic).entries();
            return entries.stream().sorted(Comparator.comparing(ConfigEntry::name))
                    .map(entry -> entry.name() + ":" + entry.type() + "<" + entry.synonyms().stream()
                            .map(one -> one.name() + "=" + one.value() + " " + one.source())
                            .collect(Collectors.joining(" < ")))
                    .collect(Collectors.joining(", "));
        });
        steps.step("describe-configs-unknown-topic", () -> refused(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                () -> describe(new ConfigResource(ConfigResource.Type.TOPIC, steps.topic("missing")))));
    }

    private void alter() {
        steps.step("alter-configs-incremental", () -> {
            alter(topic, OpType.SET, "retention.ms", "7200000");
            alter(topic, OpType.APPEND, "cleanup.policy", "compact");
            String appended = await(topic, "cleanup.policy", "delete,compact") + ", "
                    + await(topic, "retention.ms", "7200000");
            alter(topic, OpType.SUBTRACT, "cleanup.policy", "compact");
            alter(topic, OpType.DELETE, "retention.ms", "");
            return appended + ", then " + await(topic, "cleanup.policy", "delete") + ", "
                    + await(topic, "retention.ms", "604800000");
        });
        steps.skip("alter-configs-legacy", "the client has no such call since 4.0");
        steps.step("alter-configs-bad-value", () -> refused(Errors.INVALID_CONFIG,
                () -> alter(topic, OpType.SET, "max.message.bytes", "-5")));
        steps.step("alter-configs-unknown-key", () -> refused(Errors.INVALID_CONFIG,
                () -> alter(topic, OpType.SET, "no.such.config", "1")));
        steps.step("alter-configs-unknown-topic", () -> refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, () -> alter(
                new ConfigResource(ConfigResource.Type.TOPIC, steps.topic("missing")), OpType.SET, "retention.ms", "1")));
        steps.step("alter-broker-configs", () -> {
            alter(broker, OpType.SET, "background.threads", "11");
            String set = await(broker, "background.threads", "11");
            alter(broker, OpType.DELETE, "background.threads", "");
            return set + ", then " + await(broker, "background.threads", "10");
        });
        steps.step("alter-broker-configs-read-only", () -> refused(Errors.INVALID_REQUEST,
                () -> alter(broker, OpType.SET, "node.id", "7")));
    }

    private void cluster() {
        steps.step("describe-cluster", () -> {
            var cluster = admin.describeCluster();
            var nodes = cluster.nodes().get().stream().map(node -> node.id()).toList();
            return "brokers=" + nodes + " controller=" + cluster.controller().get().id()
                    + " cluster-id=" + cluster.clusterId().get();
        });
        steps.step("describe-features", () -> new TreeMap<>(
                        admin.describeFeatures().featureMetadata().get().finalizedFeatures()).entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue().maxVersionLevel())
                .collect(Collectors.joining(", ")));
        steps.step("describe-quorum", () -> {
            var quorum = admin.describeMetadataQuorum().quorumInfo().get();
            return "leader=" + quorum.leaderId()
                    + " voters=" + quorum.voters().stream().map(voter -> voter.replicaId()).toList()
                    + " observers=" + quorum.observers().stream().map(voter -> voter.replicaId()).toList();
        });
        steps.step("describe-log-dirs", () -> {
            var dirs = admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values();
            var sizes = dirs.stream().flatMap(dir -> dir.replicaInfos().entrySet().stream())
                    .filter(one -> one.getKey().topic().equals(topic.name()))
                    .map(one -> one.getKey().partition() + ": size=" + one.getValue().size()
                            + " lag=" + one.getValue().offsetLag() + " future=" + one.getValue().isFuture())
                    .sorted().collect(Collectors.joining(", "));
            boolean measured = dirs.stream().allMatch(dir -> dir.totalBytes().orElse(0) >= dir.usableBytes().orElse(1));
            Steps.expect(measured, "each directory says its volume's total and usable bytes");
            return "directories=" + dirs.size() + " " + sizes;
        });
    }

    private Collection<ConfigEntry> describe(ConfigResource resource) throws Exception {
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).entries();
    }

    private static String render(Collection<ConfigEntry> entries, Predicate<String> wanted) {
        return entries.stream().filter(entry -> wanted.test(entry.name())).map(ConfigSteps::render).sorted()
                .collect(Collectors.joining(", "));
    }

    private static String render(ConfigEntry entry) {
        return entry.name() + "=" + entry.value() + " " + entry.source()
                + (entry.isReadOnly() ? " read-only" : "") + (entry.isSensitive() ? " sensitive" : "");
    }

    /** A broker takes a dynamic config a moment after the controller has accepted it. */
    private String await(ConfigResource resource, String name, String value) throws Exception {
        Steps.await(name + " is " + value, () -> current(resource, name).startsWith(name + "=" + value + " "));
        return current(resource, name);
    }

    private String current(ConfigResource resource, String... names) throws Exception {
        var wanted = List.of(names);
        return render(describe(resource), wanted::contains);
    }

    private Object alter(ConfigResource resource, OpType operation, String name, String value) throws Exception {
        var change = new AlterConfigOp(new ConfigEntry(name, value), operation);
        return admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    }
}
