// Metadata and administration as raw requests in every version, and requests with wrong versions.
package compat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

final class WireAdmin {
    /** What a single node serves before transactions, security, quotas and the new group types. */
    private static final List<ApiKeys> SERVED = List.of(
            ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.LIST_OFFSETS, ApiKeys.METADATA, ApiKeys.OFFSET_COMMIT,
            ApiKeys.OFFSET_FETCH, ApiKeys.FIND_COORDINATOR, ApiKeys.JOIN_GROUP, ApiKeys.HEARTBEAT, ApiKeys.LEAVE_GROUP,
            ApiKeys.SYNC_GROUP, ApiKeys.DESCRIBE_GROUPS, ApiKeys.LIST_GROUPS, ApiKeys.API_VERSIONS, ApiKeys.CREATE_TOPICS,
            ApiKeys.DELETE_TOPICS, ApiKeys.DELETE_RECORDS, ApiKeys.INIT_PRODUCER_ID, ApiKeys.OFFSET_FOR_LEADER_EPOCH,
            ApiKeys.DESCRIBE_CONFIGS, ApiKeys.ALTER_CONFIGS, ApiKeys.DESCRIBE_LOG_DIRS, ApiKeys.CREATE_PARTITIONS,
            ApiKeys.DELETE_GROUPS, ApiKeys.INCREMENTAL_ALTER_CONFIGS, ApiKeys.OFFSET_DELETE, ApiKeys.DESCRIBE_QUORUM,
            ApiKeys.UPDATE_FEATURES, ApiKeys.DESCRIBE_CLUSTER, ApiKeys.DESCRIBE_PRODUCERS, ApiKeys.LIST_CONFIG_RESOURCES,
            ApiKeys.DESCRIBE_TOPIC_PARTITIONS);

    private static final List<String> FEATURES =
            List.of("metadata.version", "kraft.version", "eligible.leader.replicas.version");
    private static final String SOFTWARE = "clientSoftwareName:'wire', clientSoftwareVersion:'1'";
    private static final String CLUSTER = "CLUSTER";

    private final Steps steps;
    private final Clients clients;
    private String topic;
    private String id;

    WireAdmin(Steps steps, Clients clients) {
        this.steps = steps;
        this.clients = clients;
    }

    void run() {
        steps.step("wire-admin-set-up", () -> {
            topic = steps.topic("wire-admin");
            String made = TopicSteps.create(clients.admin, new NewTopic(topic, 3, (short) 1).configs(Map.of("retention.ms", "-1")));
            id = clients.admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).topicId().toString();
            clients.send(Map.of(), Records.standard(topic, 0, 5));
            return made;
        });
        handshake();
        metadata();
        topics();
        partitions();
        configs();
        cluster();
    }

    private String sweep(ApiKeys key, String text) throws Exception {
        return Wire.sweep(steps.bootstrap, key, version -> Requests.of(key, text));
    }

    private void handshake() {
        steps.step("wire-api-versions", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                var answer = (ApiVersionsResponseData) wire.call(Requests.of(ApiKeys.API_VERSIONS,
                        "{clientSoftwareName:'wire', clientSoftwareVersion:'1'}"), 4);
                List<String> ranges = new ArrayList<>();
                for (ApiKeys key : SERVED) {
                    var range = answer.apiKeys().find(key.id);
                    ranges.add(key.name() + " " + (range == null ? "none" : range.minVersion() + "-" + range.maxVersion()));
                }
                List<String> finalized = new ArrayList<>();
                answer.finalizedFeatures().forEach(one -> finalized.add(one.name() + "=" + one.maxVersionLevel()));
                return String.join(", ", ranges) + ", finalized " + finalized.stream().sorted().toList();
            }
        });
        steps.step("wire-api-versions-all", () -> {
            List<String> answers = new ArrayList<>();
            for (int version = 0; version <= 5; version++) {
                answers.add("v" + version + " " + versionsAndFeatures(version, SOFTWARE));
            }
            return String.join(" | ", answers);
        });
        String cluster = "clusterId:'" + CLUSTER + "'";
        String[][] routes = {{"right", cluster + ", nodeId:1"}, {"cluster-alone", cluster}, {"other-cluster", "clusterId:'other'"},
            {"other-cluster-right-node", "clusterId:'other', nodeId:1"}, {"empty-cluster", "clusterId:''"},
            {"other-node", cluster + ", nodeId:7"}, {"node-alone", "clusterId:null, nodeId:1"},
            {"other-node-alone", "clusterId:null, nodeId:7"}, {"negative-node", cluster + ", nodeId:-5"}};
        for (String[] one : routes) {
            steps.step("wire-api-versions-route-" + one[0], () -> versionsAndFeatures(5, SOFTWARE + ", "
                    + one[1].replace(CLUSTER, clients.admin.describeCluster().clusterId().get())));
        }
        steps.step("wire-api-versions-of-the-future", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                wire.send(Requests.of(ApiKeys.API_VERSIONS, "{clientSoftwareName:'wire', clientSoftwareVersion:'1'}"), 99);
                var answer = (ApiVersionsResponseData) wire.receive(ApiKeys.API_VERSIONS, 0);
                var own = answer.apiKeys().find(ApiKeys.API_VERSIONS.id);
                return Errors.forCode(answer.errorCode()) + " keys=" + answer.apiKeys().size() + " of itself "
                        + own.minVersion() + "-" + own.maxVersion();
            }
        });
        String[][] names = {{"empty-name", "", "1"}, {"spaced-name", "a b", "1"}, {"dashed-name", "-x", "1"}, {"empty-version", "x", ""}};
        for (String[] one : names) {
            steps.step("wire-api-versions-" + one[0], () -> {
                try (Wire wire = new Wire(steps.bootstrap)) {
                    var answer = (ApiVersionsResponseData) wire.call(Requests.of(ApiKeys.API_VERSIONS,
                            "{clientSoftwareName:'" + one[1] + "', clientSoftwareVersion:'" + one[2] + "'}"), 3);
                    return Errors.forCode(answer.errorCode()) + " keys=" + answer.apiKeys().size();
                }
            });
        }
        for (int version : new int[] {-1, 14, 99}) {
            steps.step("wire-metadata-version-" + version, () -> {
                try (Wire wire = new Wire(steps.bootstrap)) {
                    return answerTo(wire, new byte[] {0, 0, 0, 14, 0, 3, 0, (byte) version, 0, 0, 0, 1, -1, -1, 0, 0, 0, 0});
                }
            });
        }
        steps.step("wire-unknown-key", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                return answerTo(wire, new byte[] {0, 0, 0, 10, 9, 9, 0, 0, 0, 0, 0, 1, -1, -1});
            }
        });
    }

    /** The error, the ranges of what is served, the features that both systems support, and those that are finalized. */
    private String versionsAndFeatures(int version, String fields) throws Exception {
        try (Wire wire = new Wire(steps.bootstrap)) {
            var answer = (ApiVersionsResponseData) wire.call(
                    Requests.of(ApiKeys.API_VERSIONS, version < 3 ? "{}" : "{" + fields + "}"), version);
            List<String> told = new ArrayList<>();
            SERVED.stream().map(key -> answer.apiKeys().find(key.id)).filter(range -> range != null)
                    .forEach(range -> told.add(range.apiKey() + ":" + range.minVersion() + "-" + range.maxVersion()));
            List<String> features = new ArrayList<>();
            answer.supportedFeatures().stream().filter(one -> FEATURES.contains(one.name()))
                    .forEach(one -> features.add(one.name() + " " + one.minVersion() + "-" + one.maxVersion()));
            answer.finalizedFeatures().stream().filter(one -> FEATURES.contains(one.name()))
                    .forEach(one -> features.add(one.name() + "=" + one.minVersionLevel() + "-" + one.maxVersionLevel()));
            return Errors.forCode(answer.errorCode()) + " " + told + " " + features.stream().sorted().toList()
                    + " known epoch=" + (answer.finalizedFeaturesEpoch() >= 0);
        }
    }

    private static String answerTo(Wire wire, byte[] frame) throws Exception {
        wire.sendBytes(frame);
        return wire.receive(ApiKeys.METADATA, 1) == null ? "closed" : "answered";
    }

    private void metadata() {
        steps.step("wire-metadata-topic", () -> Wire.sweep(steps.bootstrap, ApiKeys.METADATA,
                version -> Requests.of(ApiKeys.METADATA, "{topics:[{name:'" + topic + "'}]}")));
        steps.step("wire-metadata-none", () -> Wire.sweep(steps.bootstrap, 1, 13,
                version -> Requests.of(ApiKeys.METADATA, "{topics:[]}")));
        steps.step("wire-metadata-unknown", () -> Wire.sweep(steps.bootstrap, 4, 13, version -> Requests.of(
                ApiKeys.METADATA, "{topics:[{name:'" + steps.topic("missing") + "'}], allowAutoTopicCreation:false}")));
        steps.step("wire-metadata-invalid", () -> sweep(ApiKeys.METADATA, "{topics:[{name:'bad/name'}, {name:''}, {name:'..'}]}"));
        steps.step("wire-metadata-by-id", () -> Wire.sweep(steps.bootstrap, 12, 13, version -> Requests.of(ApiKeys.METADATA,
                "{topics:[{name:null, topicId:'" + id + "'}, {name:null, topicId:'AAAAAAAAAAAAAAAAAAAABw'}]}")));
        steps.step("wire-metadata-name-and-id", () -> Wire.sweep(steps.bootstrap, 10, 13,
                version -> Requests.of(ApiKeys.METADATA, "{topics:[{name:'" + topic + "', topicId:'" + id + "'}]}")));
        steps.step("wire-metadata-authorized-operations", () -> Wire.sweep(steps.bootstrap, 8, 13, version -> Requests.of(
                ApiKeys.METADATA, "{includeTopicAuthorizedOperations:true"
                        + (version <= 10 ? ", includeClusterAuthorizedOperations:true" : "") + ", topics:[{name:'" + topic + "'}]}")));
        steps.step("wire-metadata-makes-topic", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                var request = Requests.of(ApiKeys.METADATA, "{topics:[{name:'" + steps.topic("wire-made") + "'}]}");
                String first = wire.show(request, 12);
                Steps.await("the topic is made", () -> wire.show(request, 12).contains("errorCode:NONE name:"));
                return first + " | " + wire.show(request, 12);
            }
        });
        steps.step("wire-describe-topic-partitions", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                String names = "{topics:[{name:'" + topic + "'}, {name:'" + steps.topic("missing") + "'}], responsePartitionLimit:";
                String cursor = ", cursor:{topicName:'" + topic + "', partitionIndex:";
                return wire.show(Requests.of(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, names + "2000}"), 0) + " | limit "
                        + wire.show(Requests.of(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, names + "2}"), 0) + " | from cursor "
                        + wire.show(Requests.of(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, names + "2" + cursor + "2}}"), 0)
                        + " | limit 0 " + wire.show(Requests.of(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, names + "0}"), 0)
                        + " | wrong cursor "
                        + wire.show(Requests.of(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, names + "2" + cursor + "-2}}"), 0);
            }
        });
    }

    private void topics() {
        steps.step("wire-create-topics", () -> Wire.sweep(steps.bootstrap, ApiKeys.CREATE_TOPICS, version -> Requests.of(
                ApiKeys.CREATE_TOPICS, "{timeoutMs:5000, topics:[{name:'" + steps.topic("wire-made-" + version)
                        + "', numPartitions:2, replicationFactor:1, configs:[{name:'cleanup.policy', value:'compact'}]}, {name:'"
                        + topic + "', numPartitions:1, replicationFactor:1}]}")));
        String[][] wrong = {{"twice", "{name:'$t', numPartitions:1, replicationFactor:1}, {name:'$t', numPartitions:2, replicationFactor:1}"},
            {"empty-name", "{name:'', numPartitions:1, replicationFactor:1}"},
            {"dot", "{name:'.', numPartitions:1, replicationFactor:1}"},
            {"long-name", "{name:'" + "n".repeat(250) + "', numPartitions:1, replicationFactor:1}"},
            {"null-config", "{name:'$t', numPartitions:1, replicationFactor:1, configs:[{name:'retention.ms', value:null}]}"},
            {"assignment-and-count", "{name:'$t', numPartitions:2, replicationFactor:1, assignments:[{partitionIndex:0, brokerIds:[1]}]}"},
            {"assignment-gap", "{name:'$t', numPartitions:-1, replicationFactor:-1, assignments:[{partitionIndex:1, brokerIds:[1]}]}"},
            {"assignment-twice", "{name:'$t', numPartitions:-1, replicationFactor:-1, assignments:[{partitionIndex:0, brokerIds:[1, 1]}]}"},
            {"assignment-empty", "{name:'$t', numPartitions:-1, replicationFactor:-1, assignments:[{partitionIndex:0, brokerIds:[]}]}"},
            {"negative-partitions", "{name:'$t', numPartitions:-2, replicationFactor:1}"},
            {"zero-replicas", "{name:'$t', numPartitions:1, replicationFactor:0}"},
            {"internal-name", "{name:'__cluster_metadata', numPartitions:1, replicationFactor:1}"},
            {"colliding-name", "{name:'" + steps.topic("wire.admin") + "', numPartitions:1, replicationFactor:1}"}};
        for (String[] one : wrong) {
            steps.step("wire-create-topics-" + one[0], () -> {
                try (Wire wire = new Wire(steps.bootstrap)) {
                    String topics = one[1].replace("$t", steps.topic("wire-refused"));
                    return wire.show(Requests.of(ApiKeys.CREATE_TOPICS, "{timeoutMs:5000, topics:[" + topics + "]}"), 7)
                            .replaceAll("n{100,}", "n*");
                }
            });
        }
        for (int timeout : new int[] {0, -1}) {
            steps.step("wire-create-topics-within-" + timeout, () -> {
                try (Wire wire = new Wire(steps.bootstrap)) {
                    return wire.show(Requests.of(ApiKeys.CREATE_TOPICS, "{timeoutMs:" + timeout + ", topics:[{name:'"
                            + steps.topic("wire-in-no-time") + "', numPartitions:1, replicationFactor:1}]}"), 7);
                }
            });
            steps.step("wire-delete-topics-within-" + timeout, () -> {
                try (Wire wire = new Wire(steps.bootstrap)) {
                    return wire.show(Requests.of(ApiKeys.DELETE_TOPICS, "{timeoutMs:" + timeout + ", topics:[{name:'"
                            + steps.topic("missing") + "'}]}"), 6);
                }
            });
            steps.step("wire-create-partitions-within-" + timeout, () -> {
                try (Wire wire = new Wire(steps.bootstrap)) {
                    return wire.show(Requests.of(ApiKeys.CREATE_PARTITIONS, "{timeoutMs:" + timeout + ", topics:[{name:'"
                            + topic + "', count:1}]}"), 3);
                }
            });
        }
        steps.step("wire-delete-topics", () -> Wire.sweep(steps.bootstrap, ApiKeys.DELETE_TOPICS, version -> {
            String made = "'" + steps.topic("wire-made-" + (version + 1)) + "'";
            String missing = "'" + steps.topic("missing") + "'";
            return Requests.of(ApiKeys.DELETE_TOPICS, "{timeoutMs:5000, " + (version >= 6
                    ? "topics:[{name:" + made + "}, {name:" + missing + "}, {name:null, topicId:'AAAAAAAAAAAAAAAAAAAABw'}]}"
                    : "topicNames:[" + made + ", " + missing + "]}"));
        }));
        steps.step("wire-delete-topics-by-id", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                String name = steps.topic("wire-made");
                String made = clients.admin.describeTopics(List.of(name)).allTopicNames().get().get(name).topicId().toString();
                return wire.show(Requests.of(ApiKeys.DELETE_TOPICS,
                        "{timeoutMs:5000, topics:[{name:null, topicId:'" + made + "'}]}"), 6);
            }
        });
    }

    private void partitions() {
        steps.step("wire-create-partitions", () -> Wire.sweep(steps.bootstrap, ApiKeys.CREATE_PARTITIONS, version ->
                Requests.of(ApiKeys.CREATE_PARTITIONS, "{timeoutMs:5000, topics:[{name:'" + topic + "', count:" + (4 + version)
                        + ", assignments:null}, {name:'" + steps.topic("missing") + "', count:4, assignments:null}]}")));
        String[][] wrong = {{"same", "count:7, assignments:null"}, {"fewer", "count:2, assignments:null"},
            {"zero", "count:0, assignments:null"}, {"bad-broker", "count:8, assignments:[{brokerIds:[9]}]"},
            {"too-few-assignments", "count:9, assignments:[{brokerIds:[1]}]"},
            {"two-replicas", "count:8, assignments:[{brokerIds:[1, 1]}]"}, {"assigned", "count:8, assignments:[{brokerIds:[1]}]"}};
        for (String[] one : wrong) {
            steps.step("wire-create-partitions-" + one[0], () -> {
                try (Wire wire = new Wire(steps.bootstrap)) {
                    return wire.show(Requests.of(ApiKeys.CREATE_PARTITIONS,
                            "{timeoutMs:5000, topics:[{name:'" + topic + "', " + one[1] + "}]}"), 3);
                }
            });
        }
        steps.step("wire-delete-records", () -> Wire.sweep(steps.bootstrap, ApiKeys.DELETE_RECORDS, version ->
                Requests.of(ApiKeys.DELETE_RECORDS, "{timeoutMs:5000, topics:[{name:'" + topic
                        + "', partitions:[{partitionIndex:0, offset:" + (version + 1) + "}, {partitionIndex:99, offset:1}]}, {name:'"
                        + steps.topic("missing") + "', partitions:[{partitionIndex:0, offset:1}]}]}")));
        steps.step("wire-delete-records-internal", () -> {
            // The topic is made for the first group that asks.
            Steps.await("a group has a coordinator", () -> {
                try (Wire wire = new Wire(steps.bootstrap)) {
                    return wire.show(Requests.of(ApiKeys.FIND_COORDINATOR, "{key:'wire-internal', keyType:0}"), 3).contains("errorCode:NONE");
                }
            });
            return sweep(ApiKeys.DELETE_RECORDS, "{timeoutMs:5000, topics:[{name:'__consumer_offsets', "
                    + "partitions:[{partitionIndex:0, offset:0}, {partitionIndex:999, offset:0}]}]}");
        });
        steps.step("wire-delete-records-wrong", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                List<String> answers = new ArrayList<>();
                for (int offset : new int[] {1, 6, -2, -1}) {
                    answers.add(offset + " " + wire.show(Requests.of(ApiKeys.DELETE_RECORDS, "{timeoutMs:5000, topics:[{name:'"
                            + topic + "', partitions:[{partitionIndex:0, offset:" + offset + "}]}]}"), 2));
                }
                return String.join(" | ", answers);
            }
        });
        steps.step("wire-describe-log-dirs", () -> Wire.sweep(steps.bootstrap, ApiKeys.DESCRIBE_LOG_DIRS, version ->
                Requests.of(ApiKeys.DESCRIBE_LOG_DIRS, "{topics:[{topic:'" + topic + "', partitions:[0, 99]}]}")));
        steps.step("wire-describe-producers", () -> sweep(ApiKeys.DESCRIBE_PRODUCERS, "{topics:[{name:'" + topic
                + "', partitionIndexes:[0, 99]}, {name:'" + steps.topic("missing") + "', partitionIndexes:[0]}]}"));
    }

    private void configs() {
        String resource = "{resourceType:2, resourceName:'" + topic + "', ";
        steps.step("wire-describe-configs", () -> sweep(ApiKeys.DESCRIBE_CONFIGS, "{includeSynonyms:true, resources:["
                + resource + "configurationKeys:['retention.ms', 'cleanup.policy', 'no.such.config']}]}"));
        String[][] resources = {{"none-of-it", "{resourceType:2, resourceName:'" + topic + "', configurationKeys:[]}"},
            {"unknown-type", "{resourceType:77, resourceName:'x', configurationKeys:null}"},
            {"unknown-broker", "{resourceType:4, resourceName:'99', configurationKeys:['num.io.threads']}"},
            {"no-number", "{resourceType:4, resourceName:'x', configurationKeys:['num.io.threads']}"},
            {"cluster-default", "{resourceType:4, resourceName:'', configurationKeys:['num.io.threads']}"},
            {"broker", "{resourceType:4, resourceName:'1', configurationKeys:['num.io.threads', 'message.max.bytes']}"},
            {"group", "{resourceType:32, resourceName:'" + steps.topic("readers") + "', configurationKeys:null}"},
            {"group-without-name", "{resourceType:32, resourceName:'', configurationKeys:null}"},
            {"client-metrics", "{resourceType:16, resourceName:'m', configurationKeys:null}"}};
        for (String[] one : resources) {
            steps.step("wire-describe-configs-" + one[0], () -> {
                try (Wire wire = new Wire(steps.bootstrap)) {
                    return wire.show(Requests.of(ApiKeys.DESCRIBE_CONFIGS,
                            "{includeSynonyms:true, resources:[" + one[1] + "]}"), 4);
                }
            });
        }
        steps.step("wire-describe-configs-twice", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                String one = resource + "configurationKeys:['retention.ms']}";
                return wire.show(Requests.of(ApiKeys.DESCRIBE_CONFIGS, "{resources:[" + one + ", " + one + "]}"), 4);
            }
        });
        steps.step("wire-alter-configs", () -> sweep(ApiKeys.ALTER_CONFIGS, "{resources:[" + resource
                + "configs:[{name:'retention.ms', value:'-1'}, {name:'segment.ms', value:'1000000'}]}, {resourceType:2, resourceName:'"
                + steps.topic("missing") + "', configs:[]}]}"));
        String[][] changes = {{"set", "{name:'retention.ms', configOperation:0, value:'100000'}"},
            {"delete-unset", "{name:'flush.ms', configOperation:1, value:null}"},
            {"append-to-scalar", "{name:'retention.ms', configOperation:2, value:'5'}"},
            {"append-same", "{name:'cleanup.policy', configOperation:2, value:'delete'}"},
            {"subtract-all", "{name:'cleanup.policy', configOperation:3, value:'delete'}"},
            {"unknown-operation", "{name:'retention.ms', configOperation:9, value:'5'}"},
            {"twice", "{name:'retention.ms', configOperation:0, value:'5'}, {name:'retention.ms', configOperation:1, value:null}"},
            {"null-value", "{name:'retention.ms', configOperation:0, value:null}"},
            {"not-a-number", "{name:'retention.ms', configOperation:0, value:'soon'}"},
            {"below-minimum", "{name:'segment.bytes', configOperation:0, value:'1'}"},
            {"unknown-key", "{name:'no.such.config', configOperation:0, value:'5'}"},
            {"bad-policy", "{name:'cleanup.policy', configOperation:0, value:'shred'}"},
            {"bad-throttle", "{name:'leader.replication.throttled.replicas', configOperation:0, value:'x'}"}};
        for (String[] one : changes) {
            steps.step("wire-incremental-alter-" + one[0], () -> {
                return sweep(ApiKeys.INCREMENTAL_ALTER_CONFIGS, "{resources:[" + resource + "configs:[" + one[1] + "]}]}");
            });
        }
        String[][] others = {{"unknown-topic", "resourceType:2, resourceName:'" + steps.topic("missing") + "'"},
            {"empty-topic", "resourceType:2, resourceName:''"}, {"unknown-broker", "resourceType:4, resourceName:'99'"},
            {"no-broker-number", "resourceType:4, resourceName:'x'"}, {"unknown-type", "resourceType:77, resourceName:'x'"}};
        for (String[] one : others) {
            steps.step("wire-incremental-alter-" + one[0], () -> {
                return sweep(ApiKeys.INCREMENTAL_ALTER_CONFIGS, "{validateOnly:true, resources:[{" + one[1]
                        + ", configs:[{name:'retention.ms', configOperation:0, value:'5'}]}]}");
            });
        }
        steps.step("wire-list-config-resources-types", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                return wire.show(Requests.of(ApiKeys.LIST_CONFIG_RESOURCES, "{}"), 0) + " | "
                        + wire.show(Requests.of(ApiKeys.LIST_CONFIG_RESOURCES, "{resourceTypes:[4, 8]}"), 1) + " | "
                        + wire.show(Requests.of(ApiKeys.LIST_CONFIG_RESOURCES, "{resourceTypes:[77]}"), 1);
            }
        });
    }

    private void cluster() {
        steps.step("wire-describe-cluster", () -> Wire.sweep(steps.bootstrap, ApiKeys.DESCRIBE_CLUSTER, version ->
                Requests.of(ApiKeys.DESCRIBE_CLUSTER, version == 0 ? "{}" : "{endpointType:1}")));
        steps.step("wire-describe-cluster-operations", () -> Wire.sweep(steps.bootstrap, ApiKeys.DESCRIBE_CLUSTER, version ->
                Requests.of(ApiKeys.DESCRIBE_CLUSTER, "{includeClusterAuthorizedOperations:true}")));
        steps.step("wire-describe-cluster-wrong-endpoint", () -> {
            try (Wire wire = new Wire(steps.bootstrap)) {
                return wire.show(Requests.of(ApiKeys.DESCRIBE_CLUSTER, "{endpointType:2}"), 2) + " | "
                        + wire.show(Requests.of(ApiKeys.DESCRIBE_CLUSTER, "{endpointType:9}"), 2);
            }
        });
        steps.step("wire-describe-quorum", () -> sweep(ApiKeys.DESCRIBE_QUORUM,
                "{topics:[{topicName:'__cluster_metadata', partitions:[{partitionIndex:0}]}]}")
                .replaceAll("highWatermark:\\d+", "highWatermark:*").replaceAll("leaderEpoch:\\d+", "leaderEpoch:*"));
        steps.step("wire-describe-quorum-other-topic", () -> sweep(ApiKeys.DESCRIBE_QUORUM,
                "{topics:[{topicName:'" + topic + "', partitions:[{partitionIndex:0}]}]}"));
        String[][] features = {{"unknown", "{feature:'no.such', maxVersionLevel:1, upgradeType:1}"},
            {"too-high", "{feature:'metadata.version', maxVersionLevel:99, upgradeType:1}"},
            {"downgrade-by-upgrade", "{feature:'metadata.version', maxVersionLevel:25, upgradeType:1}"},
            {"unsafe-downgrade-refused", "{feature:'metadata.version', maxVersionLevel:31, upgradeType:2}"},
            {"wrong-type", "{feature:'metadata.version', maxVersionLevel:33, upgradeType:9}"},
            {"same", "{feature:'metadata.version', maxVersionLevel:33, upgradeType:1}"},
            {"negative", "{feature:'metadata.version', maxVersionLevel:-1, upgradeType:1}"}};
        for (String[] one : features) {
            steps.step("wire-update-features-" + one[0], () -> {
                return Wire.sweep(steps.bootstrap, 1, 2, version -> Requests.of(ApiKeys.UPDATE_FEATURES,
                        "{timeoutMs:5000, validateOnly:true, featureUpdates:[" + one[1] + "]}"));
            });
            // The oldest version only does, and knows no kinds of change but whether it may go down.
            if (!one[1].contains("upgradeType:2")) {
                steps.step("wire-update-features-oldest-" + one[0], () -> Wire.sweep(steps.bootstrap, 0, 0,
                        version -> Requests.of(ApiKeys.UPDATE_FEATURES, "{timeoutMs:5000, featureUpdates:["
                                + one[1].replaceAll("upgradeType:\\d", "allowDowngrade:false") + "]}")));
            }
        }
        steps.step("wire-update-features-none", () -> {
            return sweep(ApiKeys.UPDATE_FEATURES, "{timeoutMs:5000, featureUpdates:[]}");
        });
    }
}
