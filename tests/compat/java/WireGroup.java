// Group requests as raw frames: every version, and members that are unknown, stale, fenced or silent.
package compat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.utils.Utils;

final class WireGroup {
    /** From version 5 a sync names the protocol it believes in. */
    private static final String PROTOCOL = ", protocolType:'consumer', protocolName:'range'";

    private final Steps steps;
    private final Clients clients;
    private String topic;
    private String id;

    WireGroup(Steps steps, Clients clients) {
        this.steps = steps;
        this.clients = clients;
    }

    void run() {
        steps.step("wire-group-set-up", () -> {
            topic = steps.topic("wire-group");
            String made = TopicSteps.create(clients.admin, new NewTopic(topic, 3, (short) 1));
            id = clients.admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).topicId().toString();
            return made;
        });
        versions();
        wrongJoins();
        wrongMembers();
        staticMembers();
        rebalance();
        offsets();
        coordinators();
        lists();
    }

    /** A member that has joined and synced alone in its group. */
    private final class Joined implements AutoCloseable {
        final Wire wire = new Wire(steps.bootstrap);
        final String group;
        String member;
        int generation;

        Joined(String name) throws Exception {
            group = steps.topic(name);
            var answer = join(wire, group, "", 9, "");
            answer = join(wire, group, answer.memberId(), 9, "");
            member = answer.memberId();
            generation = answer.generationId();
            wire.call(sync(""), 5);
        }

        /** The fields that name this member in any request. */
        String fields() {
            return "groupId:'" + group + "', generationId:" + generation + ", memberId:'" + member + "'";
        }

        ApiMessage sync(String more) {
            return Requests.of(ApiKeys.SYNC_GROUP, "{" + fields() + ", assignments:[{memberId:'" + member
                    + "', assignment:'mine'}]" + PROTOCOL + more + "}");
        }

        String heartbeat() throws Exception {
            return wire.show(Requests.of(ApiKeys.HEARTBEAT, "{" + fields() + "}"), 4);
        }

        @Override
        public void close() throws Exception {
            wire.call(Requests.of(ApiKeys.LEAVE_GROUP,
                    "{groupId:'" + group + "', members:[{memberId:'" + member + "'}]}"), 5);
            wire.close();
        }
    }

    private static ApiMessage joining(String group, String member, int version, String more) {
        String text = "groupId:'" + group + "', memberId:'" + member + "', sessionTimeoutMs:6000, protocolType:'consumer'"
                + (version >= 1 ? ", rebalanceTimeoutMs:10000" : "")
                + ", protocols:[{name:'range', metadata:'subscription'}, {name:'roundrobin', metadata:'other'}]";
        return Requests.of(ApiKeys.JOIN_GROUP, "{" + text + more + "}");
    }

    private static JoinGroupResponseData join(Wire wire, String group, String member, int version, String more)
            throws Exception {
        return (JoinGroupResponseData) wire.call(joining(group, member, version, more), version);
    }

    private void versions() {
        steps.step("wire-group-versions", () -> {
            List<String> answers = new ArrayList<>();
            for (int version = 0; version <= 9; version++) {
                answers.add(life(version));
            }
            return String.join(" | ", answers);
        });
    }

    /** Join, sync, heartbeat, describe and leave, all in versions as old as that of the join. */
    private String life(int version) throws Exception {
        String group = steps.topic("wire-life-" + version);
        List<String> answers = new ArrayList<>();
        try (Wire wire = new Wire(steps.bootstrap)) {
            var joined = join(wire, group, "", version, "");
            answers.add("v" + version + " join " + Wire.render(joined, version));
            if (version >= 4) {
                joined = join(wire, group, joined.memberId(), version, "");
                answers.add("again " + Wire.render(joined, version));
            }
            String member = joined.memberId();
            String fields = "groupId:'" + group + "', generationId:" + joined.generationId() + ", memberId:'" + member + "'";
            int syncing = Math.min(version, 5);
            String protocol = syncing == 5 ? PROTOCOL : "";
            answers.add("sync " + wire.show(Requests.of(ApiKeys.SYNC_GROUP, "{" + fields + protocol
                    + ", assignments:[{memberId:'" + member + "', assignment:'mine'}]}"), syncing));
            answers.add("heartbeat " + wire.show(
                    Requests.of(ApiKeys.HEARTBEAT, "{" + fields + "}"), Math.min(version, 4)));
            answers.add("describe " + wire.show(
                    Requests.of(ApiKeys.DESCRIBE_GROUPS, "{groups:['" + group + "']}"), Math.min(version, 6)));
            int leaving = Math.min(version, 5);
            String who = leaving < 3 ? "memberId:'" + member + "'" : "members:[{memberId:'" + member + "'}]";
            answers.add("leave " + wire.show(
                    Requests.of(ApiKeys.LEAVE_GROUP, "{groupId:'" + group + "', " + who + "}"), leaving));
        }
        return String.join(" ", answers);
    }

    private void wrongJoins() {
        wrongJoin("unknown-member", "memberId:'nobody'");
        wrongJoin("empty-group", "groupId:''");
        wrongJoin("short-session", "sessionTimeoutMs:10");
        wrongJoin("long-session", "sessionTimeoutMs:99999999");
        wrongJoin("no-protocols", "protocols:[]");
        wrongJoin("no-protocol-type", "protocolType:''");
        steps.step("wire-join-other-protocols", () -> {
            try (Joined member = new Joined("wire-joined"); Wire other = new Wire(steps.bootstrap)) {
                String type = other.show(joining(member.group, "", 9, ", protocolType:'connect'"), 9);
                String name = other.show(joining(member.group, "", 9, ", protocols:[{name:'sticky', metadata:'x'}]"), 9);
                String old = other.show(joining(member.group, "", 3, ", protocols:[{name:'sticky', metadata:'x'}]"), 3);
                return "type " + type + " | name " + name + " | name without id round " + old;
            }
        });
    }

    private void wrongJoin(String name, String field) {
        steps.step("wire-join-" + name, () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                // A later field of the same name wins.
                return wire.show(joining(steps.topic("wire-wrong"), "", 9, ", " + field), 9);
            }
        });
    }

    private void wrongMembers() {
        String[][] wrong = {{"unknown-member", "memberId:'nobody'"}, {"old-generation", "generationId:0"},
            {"future-generation", "generationId:7"}, {"unknown-group", "groupId:'" + steps.topic("nobody") + "'"},
            {"empty-group", "groupId:''"}, {"empty-member", "memberId:''"},
            {"unknown-instance", "groupInstanceId:'nobody'"}};
        for (String[] one : wrong) {
            steps.step("wire-stale-" + one[0], () -> {
                try (Joined member = new Joined("wire-stale")) {
                    String fields = "{" + member.fields() + ", " + one[1];
                    String commit = fields.replace("generationId", "generationIdOrMemberEpoch")
                            + ", topics:[{name:'" + topic + "', partitions:[{partitionIndex:0, committedOffset:3}]}]}";
                    return "heartbeat " + member.wire.show(Requests.of(ApiKeys.HEARTBEAT, fields + "}"), 4)
                            + " | sync " + member.wire.show(Requests.of(ApiKeys.SYNC_GROUP, fields + PROTOCOL + "}"), 5)
                            + " | commit " + member.wire.show(Requests.of(ApiKeys.OFFSET_COMMIT, commit), 9)
                            + " | still " + member.heartbeat();
                }
            });
        }
        steps.step("wire-sync-other-protocol", () -> {
            try (Joined member = new Joined("wire-stale")) {
                return member.wire.show(member.sync(", protocolType:'connect'"), 5) + " | "
                        + member.wire.show(member.sync(", protocolName:'sticky'"), 5);
            }
        });
        steps.step("wire-leave-unknown", () -> {
            try (Joined member = new Joined("wire-stale")) {
                return member.wire.show(leaving(member.group, "{memberId:'nobody'}"), 5) + " | "
                        + member.wire.show(leaving(member.group, "{memberId:'', groupInstanceId:'nobody'}"), 5) + " | "
                        + member.wire.show(leaving(steps.topic("nobody"), "{memberId:'nobody'}"), 5) + " | "
                        + member.wire.show(leaving("", "{memberId:'nobody'}"), 5);
            }
        });
    }

    private static ApiMessage leaving(String group, String members) {
        return Requests.of(ApiKeys.LEAVE_GROUP, "{groupId:'" + group + "', members:[" + members + "]}");
    }

    private void staticMembers() {
        steps.step("wire-static-member", () -> {
            String group = steps.topic("wire-static");
            List<String> answers = new ArrayList<>();
            try (Wire wire = new Wire(steps.bootstrap)) {
                var first = join(wire, group, "", 9, ", groupInstanceId:'i1'");
                answers.add("joined " + Wire.render(first, 9));
                String member = "groupId:'" + group + "', generationId:1, groupInstanceId:'i1', memberId:'";
                String assigned = ", assignments:[{memberId:'" + first.memberId() + "', assignment:'mine'}]" + PROTOCOL + "}";
                answers.add("synced " + wire.show(
                        Requests.of(ApiKeys.SYNC_GROUP, "{" + member + first.memberId() + "'" + assigned), 5));
                var again = join(wire, group, "", 9, ", groupInstanceId:'i1'");
                answers.add("returned " + Wire.render(again, 9));
                answers.add("old id " + wire.show(
                        Requests.of(ApiKeys.HEARTBEAT, "{" + member + first.memberId() + "'}"), 4));
                answers.add("old id joins " + wire.show(joining(group, first.memberId(), 9, ", groupInstanceId:'i1'"), 9));
                answers.add("old id commits " + wire.show(Requests.of(ApiKeys.OFFSET_COMMIT,
                        "{" + member.replace("generationId", "generationIdOrMemberEpoch") + first.memberId() + "'"
                                + ", topics:[{name:'" + topic + "', partitions:[{partitionIndex:0, committedOffset:3}]}]}"), 9));
                answers.add("new id " + wire.show(Requests.of(ApiKeys.HEARTBEAT, "{" + member + again.memberId() + "'}"), 4));
                answers.add("described " + wire.show(Requests.of(ApiKeys.DESCRIBE_GROUPS, "{groups:['" + group + "']}"), 6));
                answers.add("left " + wire.show(leaving(group, "{memberId:'', groupInstanceId:'i1'}"), 5));
            }
            return String.join(" | ", answers);
        });
    }

    private void rebalance() {
        steps.step("wire-rebalance-in-progress", () -> {
            List<String> answers = new ArrayList<>();
            try (Joined first = new Joined("wire-rebalanced"); Wire wire = new Wire(steps.bootstrap)) {
                var id = join(wire, first.group, "", 9, "");
                answers.add("id " + Wire.render(id, 9));
                wire.send(joining(first.group, id.memberId(), 9, ""), 9);
                Steps.await("the rebalance has begun", () -> ((HeartbeatResponseData) first.wire.call(
                        Requests.of(ApiKeys.HEARTBEAT, "{" + first.fields() + "}"), 4)).errorCode() != 0);
                answers.add("heartbeat " + first.heartbeat());
                answers.add("sync " + first.wire.show(first.sync(""), 5));
                answers.add("described " + first.wire.show(
                        Requests.of(ApiKeys.DESCRIBE_GROUPS, "{groups:['" + first.group + "']}"), 6));
                answers.add("first " + Wire.render(join(first.wire, first.group, first.member, 9, ""), 9));
                answers.add("second " + Wire.render(wire.receive(ApiKeys.JOIN_GROUP, 9), 9));
                first.generation++;
                answers.add("heartbeat before sync " + first.heartbeat());
                answers.add("commit before sync " + first.wire.show(Requests.of(ApiKeys.OFFSET_COMMIT,
                        "{" + first.fields().replace("generationId", "generationIdOrMemberEpoch")
                                + ", topics:[{name:'" + topic + "', partitions:[{partitionIndex:0, committedOffset:3}]}]}"), 9));
                answers.add("sync " + first.wire.show(first.sync(""), 5));
                String second = "groupId:'" + first.group + "', generationId:2, memberId:'" + id.memberId() + "'";
                answers.add("second's sync " + wire.show(Requests.of(ApiKeys.SYNC_GROUP, "{" + second + PROTOCOL + "}"), 5));
                answers.add("second leaves " + wire.show(leaving(first.group, "{memberId:'" + id.memberId() + "'}"), 5));
            }
            return String.join(" | ", answers);
        });
        steps.step("wire-silent-member", () -> {
            String group = steps.topic("wire-silent");
            try (Member a = new Member(clients, group, topic, "a", Map.of())) {
                Member.settle(List.of(3), a);
                try (Wire silent = new Wire(steps.bootstrap)) {
                    var subscription = ConsumerProtocol.serializeSubscription(
                            new ConsumerPartitionAssignor.Subscription(List.of(topic)));
                    String more = ", sessionTimeoutMs:1000, protocols:[{name:'range', metadata:'hex:"
                            + HexFormat.of().formatHex(Utils.toArray(subscription)) + "'}]";
                    var id = join(silent, group, "", 9, more);
                    silent.send(joining(group, id.memberId(), 9, more), 9);
                    Steps.await("the member made room", () -> {
                        a.poll();
                        return a.revoked > 0;
                    });
                }
                // It neither leaves nor sends heartbeats: its session ends.
                Member.settle(List.of(3), a);
                return "a=" + a.assigned() + " " + GroupAdminSteps.describe(clients.admin, group);
            }
        });
    }

    private void offsets() {
        steps.step("wire-offset-commit-versions", () -> Wire.sweep(
                steps.bootstrap, ApiKeys.OFFSET_COMMIT, version -> commit(version, "committedOffset:4" + version)));
        steps.step("wire-offset-fetch-versions", () -> Wire.sweep(
                steps.bootstrap, ApiKeys.OFFSET_FETCH, version -> fetch(version, "wire-commits", true)));
        steps.step("wire-offset-fetch-all", () -> Wire.sweep(
                steps.bootstrap, 2, 10, version -> fetch(version, "wire-commits", false)));
        steps.step("wire-offset-fetch-unknown-group", () -> Wire.sweep(
                steps.bootstrap, ApiKeys.OFFSET_FETCH, version -> fetch(version, "nobody", true)));
        String[][] commits = {{"metadata-too-large", "committedOffset:1, committedMetadata:'" + "m".repeat(4097) + "'"},
            {"metadata-largest", "committedOffset:1, committedMetadata:'" + "m".repeat(4096) + "'"},
            {"metadata-null", "committedOffset:1, committedMetadata:null"},
            {"negative-offset", "committedOffset:-1"}, {"leader-epoch", "committedOffset:6, committedLeaderEpoch:5"},
            {"unknown-partition", "committedOffset:1, partitionIndex:9"}};
        for (String[] one : commits) {
            steps.step("wire-commit-" + one[0], () -> {
                try (Wire wire = new Wire(steps.bootstrap)) {
                    return wire.show(commit(9, one[1]), 9) + " | "
                            + wire.show(fetch(9, "wire-commits", true), 9).replaceAll("m{100,}", "m*");
                }
            });
        }
        steps.step("wire-commit-unknown-topic", () -> Wire.sweep(steps.bootstrap, ApiKeys.OFFSET_COMMIT,
                version -> Requests.of(ApiKeys.OFFSET_COMMIT, "{groupId:'" + steps.topic("wire-commits") + "', topics:[{"
                        + (version >= 10 ? "topicId:'AAAAAAAAAAAAAAAAAAAABw'" : "name:'" + steps.topic("missing") + "'")
                        + ", partitions:[{partitionIndex:0, committedOffset:1}]}]}")));
        steps.step("wire-commit-into-live-group", () -> {
            try (Joined member = new Joined("wire-commits")) {
                return member.wire.show(commit(9, "committedOffset:1"), 9);
            }
        });
        steps.step("wire-offset-delete", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                return wire.show(delete("wire-commits", topic), 0) + " | " + wire.show(delete("nobody", topic), 0) + " | "
                        + wire.show(delete("wire-commits", steps.topic("missing")), 0) + " | "
                        + wire.show(fetch(9, "wire-commits", true), 9);
            }
        });
    }

    private ApiMessage commit(int version, String partition) {
        String name = version >= 10 ? "topicId:'" + id + "'" : "name:'" + topic + "'";
        return Requests.of(ApiKeys.OFFSET_COMMIT, "{groupId:'" + steps.topic("wire-commits") + "', topics:[{" + name
                + ", partitions:[{partitionIndex:0, committedMetadata:'note', " + partition + "}]}]}");
    }

    private ApiMessage fetch(int version, String name, boolean named) {
        String group = "groupId:'" + steps.topic(name) + "'";
        String topics = !named ? "null" : "[{" + (version >= 10 ? "topicId:'" + id + "'" : "name:'" + topic + "'")
                + ", partitionIndexes:[0, 1, 9]}]";
        return Requests.of(ApiKeys.OFFSET_FETCH, version >= 8
                ? "{requireStable:true, groups:[{" + group + ", topics:" + topics + "}]}"
                : "{" + group + ", topics:" + topics + "}");
    }

    private ApiMessage delete(String group, String topic) {
        return Requests.of(ApiKeys.OFFSET_DELETE, "{groupId:'" + steps.topic(group) + "', topics:[{name:'" + topic
                + "', partitions:[{partitionIndex:0}, {partitionIndex:9}]}]}");
    }

    private void coordinators() {
        String[][] keys = {{"group", "readers", "0"}, {"empty", "", "0"}, {"unknown-type", "readers", "7"}};
        for (String[] one : keys) {
            steps.step("wire-find-coordinator-" + one[0], () -> Wire.sweep(steps.bootstrap,
                    one[2].equals("0") ? 0 : 1, 6, version -> Requests.of(ApiKeys.FIND_COORDINATOR, version >= 4
                            ? "{keyType:" + one[2] + ", coordinatorKeys:['" + one[1] + "', 'other']}"
                            : version == 0 ? "{key:'" + one[1] + "'}" : "{key:'" + one[1] + "', keyType:" + one[2] + "}")));
        }
    }

    private void lists() {
        steps.step("wire-describe-groups", () -> Wire.sweep(steps.bootstrap, ApiKeys.DESCRIBE_GROUPS,
                version -> Requests.of(ApiKeys.DESCRIBE_GROUPS, "{groups:['" + steps.topic("wire-commits") + "', '"
                        + steps.topic("nobody") + "', '']}")));
        steps.step("wire-list-groups", () -> {
            List<String> answers = new ArrayList<>();
            try (Wire wire = new Wire(steps.bootstrap)) {
                for (int version = 0; version <= ApiKeys.LIST_GROUPS.latestVersion(); version++) {
                    var answer = (ListGroupsResponseData) wire.call(Requests.of(ApiKeys.LIST_GROUPS, "{}"), version);
                    answers.add("v" + version + " " + answer.errorCode() + " " + answer.groups().stream()
                            .filter(one -> one.groupId().equals(steps.topic("wire-commits"))).toList());
                }
            }
            return String.join(" | ", answers);
        });
        steps.step("wire-list-groups-filters", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                return wire.show(Requests.of(ApiKeys.LIST_GROUPS, "{statesFilter:['Dead']}"), 5) + " | "
                        + wire.show(Requests.of(ApiKeys.LIST_GROUPS, "{statesFilter:['NoSuchState']}"), 5) + " | "
                        + wire.show(Requests.of(ApiKeys.LIST_GROUPS, "{typesFilter:['share']}"), 5);
            }
        });
        steps.step("wire-delete-groups", () -> Wire.sweep(steps.bootstrap, ApiKeys.DELETE_GROUPS,
                version -> Requests.of(ApiKeys.DELETE_GROUPS, "{groupsNames:['" + steps.topic("wire-life-" + version)
                        + "', '" + steps.topic("nobody") + "', '']}")));
    }
}
