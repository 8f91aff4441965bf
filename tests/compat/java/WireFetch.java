// Fetch, ListOffsets and OffsetForLeaderEpoch as raw requests: every version, sessions, limits, wrong fields.
package compat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;

final class WireFetch {
    private static final int LATEST = ApiKeys.FETCH.latestVersion(false);

    private final Steps steps;
    private final Clients clients;
    private String topic;
    private String id;

    WireFetch(Steps steps, Clients clients) {
        this.steps = steps;
        this.clients = clients;
    }

    void run() {
        steps.step("wire-fetch-set-up", () -> {
            topic = create("wire-fetch");
            id = id(topic);
            for (int i = 0; i < 4; i++) {
                clients.send(Map.of(), Records.standard(topic, 0, 5));
            }
            return "4 batches";
        });
        versions();
        sessions();
        limits();
        wrong();
        offsets();
    }

    private String create(String name) throws Exception {
        String topic = steps.topic(name);
        TopicSteps.create(clients.admin, new NewTopic(topic, 2, (short) 1).configs(Map.of("retention.ms", "-1")));
        return topic;
    }

    private String id(String topic) throws Exception {
        return clients.admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).topicId().toString();
    }

    private static ApiMessage fetch(String text) {
        return Requests.of(ApiKeys.FETCH, text);
    }

    /** A request for one partition; `more` are fields of the partition. */
    private ApiMessage one(int version, String request, String more) {
        String name = version >= 13 ? "topicId:'" + id + "'" : "topic:'" + topic + "'";
        return fetch("{maxWaitMs:200, minBytes:1, maxBytes:1000000" + comma(request) + ", topics:[{" + name
                + ", partitions:[{partition:0, partitionMaxBytes:1000000" + comma(more) + "}]}]}");
    }

    private static String comma(String fields) {
        return fields.isEmpty() ? "" : ", " + fields;
    }

    private void versions() {
        steps.step("wire-fetch-versions", () -> Wire.sweep(
                steps.bootstrap, ApiKeys.FETCH, version -> one(version, "", "fetchOffset:5")));
        steps.step("wire-fetch-bytes", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                return show(wire, one(LATEST, "", "fetchOffset:7"));
            }
        });
    }

    /** The answer with the checksum of all record bytes. */
    private static String show(Wire wire, ApiMessage request) throws Exception {
        var response = (FetchResponseData) wire.call(request, LATEST);
        if (response == null) {
            return "closed";
        }
        CRC32 bytes = new CRC32();
        response.responses().forEach(topic -> topic.partitions().forEach(partition -> {
            if (partition.records() instanceof MemoryRecords records) {
                bytes.update(records.buffer().duplicate());
            }
        }));
        return Wire.render(response, LATEST) + " bytes=" + Long.toHexString(bytes.getValue());
    }

    private void sessions() {
        steps.step("wire-fetch-session", () -> {
            List<String> answers = new ArrayList<>();
            try (Wire wire = new Wire(steps.bootstrap)) {
                var opened = (FetchResponseData) wire.call(one(LATEST, "sessionId:0, sessionEpoch:0", "fetchOffset:5"), LATEST);
                answers.add("opened " + Wire.render(opened, LATEST));
                int session = opened.sessionId();
                String more = "sessionId:" + session + ", sessionEpoch:";
                answers.add("moved " + wire.show(one(LATEST, more + 1, "fetchOffset:20"), LATEST));
                answers.add("nothing new " + wire.show(fetch("{maxWaitMs:50, minBytes:1, " + more + "2}"), LATEST));
                clients.send(Map.of(), Records.standard(topic, 0, 1));
                answers.add("one more " + wire.show(fetch("{maxWaitMs:5000, minBytes:1, " + more + "3}"), LATEST));
                String added = "topics:[{topicId:'" + id + "', partitions:[{partition:1, partitionMaxBytes:1000}]}]";
                String gone = "forgottenTopicsData:[{topicId:'" + id + "', partitions:[0]}]";
                answers.add("other partition " + wire.show(
                        fetch("{maxWaitMs:50, minBytes:1, " + more + "4, " + added + ", " + gone + "}"), LATEST));
                answers.add("old epoch " + wire.show(fetch("{maxWaitMs:50, minBytes:1, " + more + "4}"), LATEST));
                answers.add("unknown session " + wire.show(
                        fetch("{maxWaitMs:50, minBytes:1, sessionId:123456, sessionEpoch:4}"), LATEST));
                answers.add("closed " + wire.show(fetch("{maxWaitMs:50, minBytes:1, " + more + "-1}"), LATEST));
                answers.add("after " + wire.show(fetch("{maxWaitMs:50, minBytes:1, " + more + "5}"), LATEST));
            }
            return String.join(" | ", answers);
        });
        steps.step("wire-fetch-session-unknown-partition", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                String wrong = "topics:[{topicId:'" + id + "', partitions:[{partition:7, partitionMaxBytes:1000}]}]";
                var opened = (FetchResponseData) wire.call(
                        fetch("{maxWaitMs:50, minBytes:1, sessionId:0, sessionEpoch:0, " + wrong + "}"), LATEST);
                return Wire.render(opened, LATEST) + " | " + wire.show(fetch(
                        "{maxWaitMs:50, minBytes:1, sessionEpoch:1, sessionId:" + opened.sessionId() + "}"), LATEST);
            }
        });
    }

    private void limits() {
        limit("partition-max-bytes-1", "", "fetchOffset:5, partitionMaxBytes:1");
        limit("partition-max-bytes-0", "", "fetchOffset:5, partitionMaxBytes:0");
        limit("max-bytes-1", "maxBytes:1", "fetchOffset:5");
        limit("middle-of-batch", "", "fetchOffset:7, partitionMaxBytes:1");
        limit("two-batches", "", "fetchOffset:5, partitionMaxBytes:1000");
        limit("read-committed", "isolationLevel:1", "fetchOffset:5");
        limit("at-end", "maxWaitMs:10", "fetchOffset:21");
        limit("min-bytes-never", "minBytes:10000000, maxWaitMs:300", "fetchOffset:15");
        limit("min-bytes-0", "minBytes:0, maxWaitMs:20000", "fetchOffset:21");
        limit("rack", "rackId:'r1'", "fetchOffset:20");
        steps.step("wire-fetch-waits-for-data", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                wire.send(one(LATEST, "minBytes:1, maxWaitMs:20000", "fetchOffset:21"), LATEST);
                clients.send(Map.of(), Records.standard(topic, 0, 1));
                return Wire.render(wire.receive(ApiKeys.FETCH, LATEST), LATEST);
            }
        });
        steps.step("wire-fetch-two-partitions-max-bytes", () -> {
            clients.send(Map.of(), Records.standard(topic, 1, 5));
            try (Wire wire = new Wire(steps.bootstrap)) {
                return show(wire, fetch("{maxWaitMs:200, minBytes:1, maxBytes:200, topics:[{topicId:'" + id
                        + "', partitions:[{partition:1, partitionMaxBytes:1000000}, {partition:0, partitionMaxBytes:1000000}]}]}"));
            }
        });
    }

    private void limit(String name, String request, String partition) {
        steps.step("wire-fetch-" + name, () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                return show(wire, one(LATEST, request, partition));
            }
        });
    }

    private void wrong() {
        limit("beyond-end", "", "fetchOffset:9999");
        limit("negative-offset", "", "fetchOffset:-7");
        limit("newer-leader-epoch", "", "fetchOffset:5, currentLeaderEpoch:9");
        limit("right-leader-epoch", "", "fetchOffset:5, currentLeaderEpoch:0");
        limit("last-fetched-epoch", "", "fetchOffset:5, lastFetchedEpoch:0");
        limit("diverging-epoch", "", "fetchOffset:5, lastFetchedEpoch:7");
        limit("as-unknown-follower", "replicaState:{replicaId:9, replicaEpoch:1}", "fetchOffset:5");
        steps.step("wire-fetch-unknown-partition", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                String partition = "partitions:[{partition:9, partitionMaxBytes:1000}]";
                return wire.show(fetch("{maxWaitMs:50, topics:[{topicId:'" + id + "', " + partition + "}]}"), LATEST);
            }
        });
        steps.step("wire-fetch-unknown-topic", () -> Wire.sweep(steps.bootstrap, ApiKeys.FETCH, version -> fetch(
                "{maxWaitMs:50, topics:[{" + (version >= 13 ? "topicId:'AAAAAAAAAAAAAAAAAAAABw'" : "topic:'missing'")
                        + ", partitions:[{partition:0, partitionMaxBytes:1000}]}]}")));
        steps.step("wire-fetch-zero-topic-id", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                return wire.show(fetch("{maxWaitMs:50, topics:[{topicId:'AAAAAAAAAAAAAAAAAAAAAA', partitions:[{partition:0}]}]}"),
                        LATEST);
            }
        });
        steps.step("wire-fetch-nothing", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                return wire.show(fetch("{maxWaitMs:50, minBytes:1}"), LATEST);
            }
        });
    }

    private void offsets() {
        String[][] timestamps = {{"latest", "-1"}, {"earliest", "-2"}, {"max-timestamp", "-3"}, {"earliest-local", "-4"},
            {"latest-tiered", "-5"}, {"earliest-pending-upload", "-6"}, {"unknown-special", "-7"},
            {"time", String.valueOf(Records.BASE_TIMESTAMP + 1500)}, {"future", "2000000000000"}};
        for (String[] one : timestamps) {
            // Each special has the version from which a broker takes it; below it is a plain timestamp.
            steps.step("wire-list-offsets-" + one[0], () -> Wire.sweep(steps.bootstrap, ApiKeys.LIST_OFFSETS,
                    version -> listOffsets(topic, "timestamp:" + one[1], version)));
        }
        steps.step("wire-list-offsets-unknown-topic", () -> Wire.sweep(steps.bootstrap, ApiKeys.LIST_OFFSETS,
                version -> listOffsets(steps.topic("missing"), "timestamp:-1", version)));
        steps.step("wire-list-offsets-unknown-topic-and-time", () -> Wire.sweep(steps.bootstrap, ApiKeys.LIST_OFFSETS,
                version -> listOffsets(steps.topic("missing"), "timestamp:-7", version)));
        for (int replica : new int[] {-2, 9}) {
            steps.step("wire-list-offsets-of-replica-" + replica, () -> Wire.sweep(steps.bootstrap, ApiKeys.LIST_OFFSETS,
                    version -> listOffsets(replica, topic, "timestamp:-1", version)));
        }
        steps.step("wire-list-offsets-leader-epochs", () -> Wire.sweep(steps.bootstrap, 11, 11,
                version -> listOffsets(topic, "timestamp:-1, currentLeaderEpoch:0", version)) + " | "
                + Wire.sweep(steps.bootstrap, 11, 11,
                version -> listOffsets(topic, "timestamp:-1, currentLeaderEpoch:9", version)));
        for (int epoch : new int[] {0, 1, -1}) {
            steps.step("wire-offset-for-leader-epoch" + (epoch < 0 ? "-none" : "-" + epoch), () -> Wire.sweep(
                    steps.bootstrap, ApiKeys.OFFSET_FOR_LEADER_EPOCH, version -> epochs(topic, 0, epoch, version)));
        }
        steps.step("wire-offset-for-leader-epoch-unknown", () -> Wire.sweep(steps.bootstrap,
                ApiKeys.OFFSET_FOR_LEADER_EPOCH, version -> epochs(steps.topic("missing"), 0, 0, version)));
    }

    private static ApiMessage listOffsets(String topic, String partition, int version) {
        return listOffsets(-1, topic, partition, version);
    }

    private static ApiMessage listOffsets(int replica, String topic, String partition, int version) {
        String isolation = version >= 2 ? ", isolationLevel:1" : "";
        return Requests.of(ApiKeys.LIST_OFFSETS, "{replicaId:" + replica + isolation + ", topics:[{name:'" + topic
                + "', partitions:[{partitionIndex:0, " + partition + "}]}]}");
    }

    private static ApiMessage epochs(String topic, int partition, int epoch, int version) {
        String replica = version >= 3 ? "replicaId:-1, " : "";
        return Requests.of(ApiKeys.OFFSET_FOR_LEADER_EPOCH, "{" + replica + "topics:[{topic:'" + topic
                + "', partitions:[{partition:" + partition + ", leaderEpoch:" + epoch + "}]}]}");
    }
}
