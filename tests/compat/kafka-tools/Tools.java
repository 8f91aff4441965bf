// Kafka's own command-line tools through every step; arguments: bootstrap address, prefix of topics and groups.
package compat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.AppInfoParser;

public final class Tools {
    private static final String PACKAGE = Names.PACKAGE;
    private static final String TOPICS = Names.TOPICS;
    private static final String CONFIGS = Names.CONFIGS;

    private final Steps steps;
    private final String main;

    private Tools(Steps steps) {
        this.steps = steps;
        this.main = steps.name("main");
    }

    public static void main(String[] arguments) {
        Steps steps = new Steps(arguments[0], arguments[1]);
        System.out.println("client\tkafka-tools " + AppInfoParser.getVersion());
        new Tools(steps).run();
        System.out.flush();
        Runtime.getRuntime().halt(steps.failures() == 0 ? 0 : 1);
    }

    private void run() {
        topics();
        configs();
        new RecordSteps(steps).run();
        new GroupSteps(steps).run();
        cluster();
        deletion();
    }

    private Tool.Ended tool(String mainClass, String... arguments) throws Exception {
        return Tool.with(steps, mainClass, "", arguments);
    }

    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    private void ok(String step, String mainClass, String... arguments) {
        steps.step(step, () -> {
            var ended = tool(mainClass, arguments);
            Steps.expect(ended.status() == 0, "exit " + ended.status() + " " + ended.lines() + ended.errors());
            return sorted(ended.lines()).toString();
        });
    }

    private void refused(String step, String mainClass, String... arguments) {
        steps.step(step, () -> {
            var ended = tool(mainClass, arguments);
            Steps.expect(ended.status() != 0, "it is refused, not " + ended.lines());
            return ended.refusal();
        });
    }

    /** A tool whose exit status does not tell whether the broker refused. */
    private void told(String step, String mainClass, String... arguments) {
        steps.step(step, () -> tool(mainClass, arguments).refusal());
    }

    private void topics() {
        ok("create-topic", TOPICS, "--create", "--topic", main, "--partitions", "3", "--replication-factor", "1",
                "--config", "retention.ms=-1", "--config", "segment.bytes=2097152");
        ok("create-topic-defaults", TOPICS, "--create", "--topic", steps.name("defaults"));
        ok("create-topic-assignment", TOPICS, "--create", "--topic", steps.name("assigned"), "--replica-assignment", "1,1");
        refused("create-topic-exists", TOPICS, "--create", "--topic", main);
        ok("create-topic-if-not-exists", TOPICS, "--create", "--topic", main, "--if-not-exists");
        steps.skip("create-topic-validate-only", "the tool has no such option");
        steps.step("auto-create-topic", () -> {
            var ended = Tool.with(steps, Names.PRODUCER, "made by a producer\n", "--topic", steps.name("auto"), "--sync");
            return ended.refusal() + " " + masked(tool(TOPICS, "--describe", "--topic", steps.name("auto")).lines());
        });
        told("create-topic-invalid-name", TOPICS, "--create", "--topic", steps.name("bad/name"));
        told("create-topic-unknown-config", TOPICS, "--create", "--topic", steps.name("refused"), "--config",
                "no.such.config=1");
        told("create-topic-bad-partitions", TOPICS, "--create", "--topic", steps.name("refused"), "--partitions", "0");
        refused("create-topic-bad-config", TOPICS, "--create", "--topic", steps.name("refused"), "--config",
                "retention.ms=soon");
        refused("create-topic-bad-replication", TOPICS, "--create", "--topic", steps.name("refused"),
                "--replication-factor", "3");
        refused("create-topic-bad-assignment", TOPICS, "--create", "--topic", steps.name("refused"),
                "--replica-assignment", "99");
        steps.step("list-topics", () -> sorted(tool(TOPICS, "--list").lines(steps.prefix)).toString());
        steps.step("describe-topic", () -> masked(tool(TOPICS, "--describe", "--topic", main).lines()));
        steps.step("describe-topic-overrides", () -> masked(tool(TOPICS, "--describe", "--topics-with-overrides",
                "--topic", steps.prefix + ".*").lines()));
        refused("describe-topic-unknown", TOPICS, "--describe", "--topic", steps.name("missing"));
        ok("create-partitions", TOPICS, "--alter", "--topic", steps.name("assigned"), "--partitions", "5");
        refused("create-partitions-fewer", TOPICS, "--alter", "--topic", steps.name("assigned"), "--partitions", "1");
        refused("create-partitions-unknown-topic", TOPICS, "--alter", "--topic", steps.name("missing"), "--partitions", "5");
    }

    /** Descriptions of topics without their ids; Apache's order of configs is that of its hash maps. */
    private static String masked(List<String> lines) {
        return sorted(lines.stream().map(line -> {
            String[] parts = line.replaceAll("TopicId: \\S+", "TopicId: *").split("Configs: ", 2);
            return parts.length == 1 ? line : parts[0] + "Configs: " + sorted(List.of(parts[1].split(",")));
        }).toList()).toString();
    }

    private void configs() {
        String[] topic = {"--entity-type", "topics", "--entity-name", main};
        ok("describe-topic-configs", CONFIGS, with(topic, "--describe"));
        ok("describe-topic-configs-all", CONFIGS, with(topic, "--describe", "--all"));
        ok("describe-configs-unknown-topic", CONFIGS, "--describe", "--entity-type", "topics", "--entity-name",
                steps.name("missing"));
        ok("alter-configs-incremental", CONFIGS, with(topic, "--alter", "--add-config", "retention.ms=7200000",
                "--delete-config", "segment.bytes"));
        steps.step("alter-configs-seen", () -> {
            Steps.await("the change is seen", () -> tool(CONFIGS, with(topic, "--describe")).lines().toString()
                    .contains("retention.ms=7200000"));
            return sorted(tool(CONFIGS, with(topic, "--describe")).lines()).toString();
        });
        refused("alter-configs-bad-value", CONFIGS, with(topic, "--alter", "--add-config", "max.message.bytes=-5"));
        refused("alter-configs-unknown-key", CONFIGS, with(topic, "--alter", "--add-config", "no.such.config=1"));
        refused("alter-configs-unknown-topic", CONFIGS, "--entity-type", "topics", "--entity-name", steps.name("missing"),
                "--alter", "--add-config", "retention.ms=1");
        steps.skip("alter-configs-legacy", "the tool has only the call that changes single configs");
        refused("alter-broker-configs-read-only", CONFIGS, "--entity-type", "brokers", "--entity-name", "1", "--alter",
                "--add-config", "node.id=7");
        ok("describe-broker-configs", CONFIGS, "--entity-type", "brokers", "--entity-name", "1", "--describe");
    }

    private static String[] with(String[] some, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(some));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private void cluster() {
        steps.step("describe-cluster", () -> Tool.run(PACKAGE + "ClusterTool", "", "cluster-id", "--bootstrap-server",
                steps.bootstrap).lines().toString());
        steps.step("describe-features", () -> sorted(tool(PACKAGE + "FeatureCommand", "describe").lines(
                "Feature: eligible", "Feature: metadata")).toString().replaceAll("Epoch: \\d+", "Epoch: *"));
        steps.step("describe-quorum", () -> {
            var ended = tool(PACKAGE + "MetadataQuorumCommand", "describe", "--status");
            return ended.lines("ClusterId", "LeaderId", "CurrentObservers").toString();
        });
        steps.step("describe-log-dirs", () -> {
            var ended = tool(PACKAGE + "LogDirsCommand", "--describe", "--broker-list", "1", "--topic-list",
                    steps.name("defaults"));
            return ended.lines("{").toString().replaceAll("\"logDir\":\"[^\"]*\"", "\"logDir\":*");
        });
        told("elect-leaders-preferred", PACKAGE + "LeaderElectionCommand", "--election-type", "preferred", "--topic", main,
                "--partition", "0");
        ok("reassignments-list", PACKAGE + "reassign.ReassignPartitionsCommand", "--list");
    }

    private void deletion() {
        ok("delete-topic", TOPICS, "--delete", "--topic", main);
        steps.step("delete-topic-recreate", () -> {
            Steps.await("the topic is gone", () -> !tool(TOPICS, "--list").lines().contains(main));
            var ended = tool(TOPICS, "--create", "--topic", main, "--partitions", "2");
            return ended.refusal() + " " + masked(tool(TOPICS, "--describe", "--topic", main).lines());
        });
        refused("delete-topic-unknown", TOPICS, "--delete", "--topic", steps.name("missing"));
        ok("delete-topic-if-exists", TOPICS, "--delete", "--topic", steps.name("missing"), "--if-exists");
    }
}
