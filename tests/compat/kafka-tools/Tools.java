package compat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.AppInfoParser;

/** Kafka's own command-line tools through every step; arguments: bootstrap address, prefix of topics and groups. */
public final class Tools {
    private static final String PACKAGE = "org.apache.kafka.tools.";
    private static final String TOPICS = PACKAGE + "TopicCommand";
    private static final String CONFIGS = "kafka.admin.ConfigCommand";
    private static final String GROUPS = PACKAGE + "consumer.group.ConsumerGroupCommand";
    private static final String CONSUMER = PACKAGE + "consumer.ConsoleConsumer";
    private static final String OFFSETS = PACKAGE + "GetOffsetShell";

    private final Steps steps;
    private final String main;
    private final String group;

    private Tools(Steps steps) {
        this.steps = steps;
        this.main = steps.name("main");
        this.group = steps.name("readers");
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
        records();
        offsets();
        groups();
        cluster();
        deletion();
    }

    private Tool.Ended tool(String mainClass, String... arguments) throws Exception {
        return fed(mainClass, "", arguments);
    }

    private Tool.Ended fed(String mainClass, String input, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", steps.bootstrap));
        all.addAll(Arrays.asList(arguments));
        return Tool.run(mainClass, input, all.toArray(String[]::new));
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
        refused("alter-broker-configs-read-only", CONFIGS, "--entity-type", "brokers", "--entity-name", "1", "--alter",
                "--add-config", "node.id=7");
        ok("describe-broker-configs", CONFIGS, "--entity-type", "brokers", "--entity-name", "1", "--describe");
    }

    private static String[] with(String[] some, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(some));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    private void records() {
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            String topic = steps.name("codec-" + codec);
            steps.step("produce-" + codec, () -> {
                tool(TOPICS, "--create", "--topic", topic, "--partitions", "1");
                return fed(PACKAGE + "ConsoleProducer", "h1:v1,h2:v2\tk1\tone\nh1:v3\tk2\ttwo\nh1:v4\tk3\tthree\n", "--topic", topic,
                        "--compression-codec", codec, "--sync", "--reader-property", "parse.key=true", "--reader-property",
                        "parse.headers=true").refusal();
            });
            steps.step("consume-" + codec, () -> tool(CONSUMER, "--topic", topic, "--from-beginning", "--max-messages", "3",
                    "--timeout-ms", "20000", "--formatter-property", "print.key=true", "--formatter-property",
                    "print.headers=true", "--formatter-property", "print.partition=true", "--formatter-property",
                    "print.offset=true").lines().toString());
        }
        steps.step("consume-offset", () -> tool(CONSUMER, "--topic", steps.name("codec-none"), "--partition", "0",
                "--offset", "1", "--max-messages", "2", "--timeout-ms", "20000").lines().toString());
        steps.step("produce-perf-test", () -> {
            var ended = Tool.run(PACKAGE + "ProducerPerformance", "", "--topic", main, "--num-records", "500",
                    "--record-size", "100", "--throughput", "-1", "--bootstrap-server", steps.bootstrap);
            return ended.lines().get(ended.lines().size() - 1).replaceAll(", .*", "");
        });
    }

    private void offsets() {
        String topic = steps.name("codec-none");
        for (String time : List.of("latest", "earliest", "max-timestamp", "2000000000000")) {
            ok("list-offsets-" + time, OFFSETS, "--topic", topic, "--time", time);
        }
        refused("list-offsets-unknown-topic", OFFSETS, "--topic", steps.name("missing"));
        for (int before : new int[] {1, 9, -1}) {
            steps.step("delete-records-" + (before < 0 ? "all" : before == 9 ? "beyond" : "some"), () -> {
                Path file = Files.createTempFile("klamm-tools", ".json");
                try {
                    Files.writeString(file, "{\"version\":1,\"partitions\":[{\"topic\":\"" + topic
                            + "\",\"partition\":0,\"offset\":" + before + "}]}");
                    var ended = tool(PACKAGE + "DeleteRecordsCommand", "--offset-json-file", file.toString());
                    return before == 9 ? ended.refusal() : ended.lines("partition").toString();
                } finally {
                    Files.delete(file);
                }
            });
        }
    }

    private void groups() {
        String topic = steps.name("codec-gzip");
        steps.step("group-consume", () -> tool(CONSUMER, "--topic", topic, "--group", group, "--from-beginning",
                "--max-messages", "3", "--timeout-ms", "20000", "--command-property", "auto.commit.interval.ms=100")
                .lines().toString());
        steps.step("group-list", () -> sorted(tool(GROUPS, "--list").lines(steps.prefix)).toString());
        steps.step("group-list-state", () -> sorted(tool(GROUPS, "--list", "--state").lines(steps.prefix)).toString());
        steps.step("groups-list", () -> sorted(tool(PACKAGE + "GroupsCommand", "--list").lines(steps.prefix)).toString());
        ok("group-describe", GROUPS, "--describe", "--group", group);
        steps.step("group-describe-state", () -> tool(GROUPS, "--describe", "--group", group, "--state").lines().toString()
                .replaceAll("127\\.0\\.0\\.1:\\d+", "BROKER"));
        ok("group-describe-members", GROUPS, "--describe", "--group", group, "--members");
        told("group-describe-unknown", GROUPS, "--describe", "--group", steps.name("nobody"));
        String[][] resets = {{"earliest", "--to-earliest"}, {"latest", "--to-latest"}, {"offset", "--to-offset", "2"},
            {"shift", "--shift-by", "-1"}, {"beyond", "--to-offset", "99"}, {"datetime", "--to-datetime", "2020-01-01T00:00:00.000"},
            {"current", "--to-current"}};
        for (String[] reset : resets) {
            String[] target = Arrays.copyOfRange(reset, 1, reset.length);
            ok("group-reset-" + reset[0], GROUPS, with(target, "--reset-offsets", "--group", group, "--topic", topic,
                    reset[0].equals("current") ? "--dry-run" : "--execute"));
        }
        ok("group-delete-offsets", GROUPS, "--delete-offsets", "--group", group, "--topic", topic);
        told("group-delete-offsets-unknown-topic", GROUPS, "--delete-offsets", "--group", group, "--topic",
                steps.name("missing"));
        ok("group-delete", GROUPS, "--delete", "--group", group);
        told("group-delete-unknown", GROUPS, "--delete", "--group", steps.name("nobody"));
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
        refused("delete-topic-unknown", TOPICS, "--delete", "--topic", steps.name("missing"));
        ok("delete-topic-if-exists", TOPICS, "--delete", "--topic", steps.name("missing"), "--if-exists");
    }
}
