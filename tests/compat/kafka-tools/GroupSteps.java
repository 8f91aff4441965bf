// Members that come, share and go, each a console consumer; groups seen and changed from outside.
package compat;

import static compat.Steps.expect;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

final class GroupSteps {
    private static final String COOPERATIVE =
            "partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor";

    private final Steps steps;
    private final String topic;
    private final String group;

    GroupSteps(Steps steps) {
        this.steps = steps;
        this.topic = steps.name("codec-gzip");
        this.group = steps.name("readers");
    }

    void run() {
        members();
        views();
        offsets();
        deletion();
    }

    private Tool.Ended groups(String... arguments) throws Exception {
        return Tool.with(steps, Names.GROUPS, "", arguments);
    }

    private String ok(String... arguments) throws Exception {
        var ended = groups(arguments);
        expect(ended.status() == 0, "exit " + ended.status() + " " + ended.lines() + ended.errors());
        return ended.lines().stream().sorted().toList().toString();
    }

    private Tool.Ended consume(int count) throws Exception {
        return Tool.with(steps, Names.CONSUMER, "", "--topic", topic, "--group", group, "--from-beginning", "--max-messages",
                String.valueOf(count), "--timeout-ms", "20000", "--command-property", "auto.commit.interval.ms=100");
    }

    private void members() {
        steps.step("group-consume", () -> consume(3).lines().toString());
        steps.step("group-resume", () -> {
            Tool.with(steps, Names.PRODUCER, "four\n", "--topic", topic, "--sync");
            return consume(1).lines().toString();
        });
        steps.step("group-auto-commit", () -> ok("--describe", "--group", group));
        steps.skip("group-commit-metadata", "the tool commits without a note");
        steps.skip("group-commit-removed-member", "the tools have no way to remove a member");
        steps.skip("stale-member", "the tools have no raw requests");
        steps.step("group-rebalance", () -> shared("rebalanced", "partition.assignment.strategy="
                + "org.apache.kafka.clients.consumer.RangeAssignor"));
        steps.step("group-cooperative", () -> shared("cooperative", COOPERATIVE));
        steps.step("group-static", () -> {
            String name = steps.name("static");
            String shared = steps.name("main");
            try (Live b = new Live(steps, name, shared, "b", "group.instance.id=i2")) {
                try (Live a = new Live(steps, name, shared, "a", "group.instance.id=i1")) {
                    settle(name, "1", "2");
                }
                // A static member does not leave when its process ends.
                String away = sizes(name).toString();
                try (Live a = new Live(steps, name, shared, "a", "group.instance.id=i1")) {
                    settle(name, "1", "2");
                    return "away " + away + ", back " + sizes(name);
                }
            }
        });
        steps.step("group-static-fenced", () -> {
            String name = steps.name("fenced");
            try (Live first = new Live(steps, name, steps.name("main"), "a", "group.instance.id=i3")) {
                settle(name, "3");
                try (Live twin = new Live(steps, name, steps.name("main"), "twin", "group.instance.id=i3")) {
                    return first.ended();
                }
            }
        });
    }

    /** Two members share three partitions until one goes. */
    private String shared(String name, String... properties) throws Exception {
        String own = steps.name(name);
        try (Live a = new Live(steps, own, steps.name("main"), "a", properties)) {
            settle(own, "3");
            String both;
            try (Live b = new Live(steps, own, steps.name("main"), "b", properties)) {
                settle(own, "1", "2");
                both = state(own);
            }
            settle(own, "3");
            return both + ", then " + state(own);
        }
    }

    private String state(String name) throws Exception {
        return ok("--describe", "--group", name, "--state").replaceAll("127\\.0\\.0\\.1:\\d+", "BROKER");
    }

    /** Waits until the members own partitions in these numbers, in order of size. */
    private void settle(String name, String... wanted) throws Exception {
        Steps.await("the group has members of the sizes " + Arrays.toString(wanted),
                () -> sizes(name).equals(List.of(wanted)) && groups("--describe", "--group", name, "--state").lines().toString()
                        .contains("Stable"));
    }

    /** The last column of the members' table. */
    private List<String> sizes(String name) throws Exception {
        return groups("--describe", "--group", name, "--members").lines(name).stream()
                .map(line -> line.substring(line.lastIndexOf(' ') + 1)).sorted().toList();
    }

    /** With one member that owns the topic's only partition. */
    private String active(Tool.Ended[] told, String... arguments) throws Exception {
        try (Live member = new Live(steps, group, topic, "a")) {
            settle(group, "1");
            told[0] = groups(arguments);
            return told[0].refusal();
        }
    }

    private void views() {
        steps.step("group-describe", () -> {
            try (Live member = new Live(steps, group, topic, "a")) {
                settle(group, "1");
                return groups("--describe", "--group", group, "--members").lines().toString()
                        .replaceAll("a-[0-9a-f-]{36}", "MEMBER");
            }
        });
        steps.step("group-describe-empty", () -> {
            Steps.await("the member has gone", () -> state(group).contains("Empty"));
            return state(group);
        });
        steps.step("group-describe-unknown", () -> groups("--describe", "--group", steps.name("nobody")).refusal());
        steps.step("group-list", () -> list("--list"));
        steps.step("group-list-empty", () -> list("--list", "--state", "Empty"));
        steps.step("group-list-state", () -> list("--list", "--state"));
        steps.step("groups-list", () -> Tool.with(steps, Names.PACKAGE + "GroupsCommand", "", "--list").lines(steps.prefix)
                .stream().sorted().toList().toString());
    }

    /** Static members stay until their session ends: those groups are in one state or the other. */
    private String list(String... arguments) throws Exception {
        return groups(arguments).lines(steps.prefix).stream()
                .filter(line -> !line.startsWith(steps.name("static")) && !line.startsWith(steps.name("fenced"))).sorted().toList()
                .toString();
    }

    private void offsets() {
        String[][] resets = {{"offsets", "--to-offset", "2"}, {"earliest", "--to-earliest"}, {"latest", "--to-latest"},
            {"shift", "--shift-by", "-1"}, {"beyond", "--to-offset", "99"}, {"datetime", "--to-datetime", "2020-01-01T00:00:00.000"},
            {"current", "--to-current"}};
        for (String[] reset : resets) {
            String[] target = Arrays.copyOfRange(reset, 1, reset.length);
            String how = reset[0].equals("current") ? "--dry-run" : "--execute";
            steps.step("group-reset-" + reset[0], () -> ok(Stream.concat(Stream.of(target), Stream.of("--reset-offsets", "--group",
                    group, "--topic", topic, how)).toArray(String[]::new)));
        }
        steps.step("group-reset-active", () -> {
            var told = new Tool.Ended[1];
            String refusal = active(told, "--reset-offsets", "--group", group, "--topic", topic, "--to-earliest", "--execute");
            return refusal + " Stable=" + (told[0].lines() + told[0].errors()).contains("current state is Stable");
        });
        steps.step("group-delete-offsets-active", () -> active(new Tool.Ended[1], "--delete-offsets", "--group", group, "--topic",
                topic));
        steps.step("group-delete-active", () -> active(new Tool.Ended[1], "--delete", "--group", group));
        steps.step("group-delete-offsets", () -> {
            Steps.await("the member has gone", () -> state(group).contains("Empty"));
            return ok("--delete-offsets", "--group", group, "--topic", topic);
        });
        steps.step("group-delete-offsets-unknown-topic", () -> groups("--delete-offsets", "--group", group, "--topic",
                steps.name("missing")).refusal());
        steps.step("group-offsets-unknown", () -> groups("--describe", "--offsets", "--group", steps.name("nobody")).refusal());
    }

    private void deletion() {
        steps.step("group-delete", () -> ok("--delete", "--group", group));
        steps.step("group-delete-unknown", () -> groups("--delete", "--group", steps.name("nobody")).refusal());
    }
}
