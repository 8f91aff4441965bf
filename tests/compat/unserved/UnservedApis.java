// All APIs that Klamm does not serve, in all versions; arguments: the addresses of a listener of brokers and of one of
// controllers. The step `broker NAME` tells a broker's answer, `controller NAME` a controller's, and `refusal NAME` how the
// request's own class tells UNSUPPORTED_VERSION.
package compat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractRequest;

public final class UnservedApis {
    private static final String TOPIC_ID = "'AAAAAAAAAAAAAAAAAAAABw'";
    private static final String BY_ID = "{topicId:" + TOPIC_ID + ", partitions:";
    private static final String ACL = "principal:'User:a', host:'*', operation:3, permissionType:3";
    private static final String ACL_FILTER = "resourceTypeFilter:2, resourceNameFilter:'t', principalFilter:'User:a', hostFilter:'*', operation:3, permissionType:3";
    private static final String TWO_GROUPS = "{groupIds:['g', 'h']}";
    private static final String MEMBER = "groupId:'g', memberId:" + TOPIC_ID;
    private static final Map<ApiKeys, Wire.ByVersion> REQUESTS = new TreeMap<>();

    static {
        ask(ApiKeys.SASL_HANDSHAKE, "{mechanism:'PLAIN'}");
        ask(ApiKeys.SASL_AUTHENTICATE, "{authBytes:'x'}");
        ask(ApiKeys.DESCRIBE_ACLS, "{" + ACL_FILTER + "}");
        ask(ApiKeys.CREATE_ACLS, "{creations:[{resourceType:2, resourceName:'t', " + ACL + "}, {resourceType:2, resourceName:'u', " + ACL + "}]}");
        ask(ApiKeys.DELETE_ACLS, "{filters:[{" + ACL_FILTER + "}, {" + ACL_FILTER + "}]}");
        ask(ApiKeys.CREATE_DELEGATION_TOKEN, version -> "{maxLifetimeMs:1000, renewers:[{principalType:'User', principalName:'r'}]"
                + (version >= 3 ? ", ownerPrincipalType:'User', ownerPrincipalName:'alice'}" : "}"));
        ask(ApiKeys.RENEW_DELEGATION_TOKEN, "{hmac:'x', renewPeriodMs:1000}");
        ask(ApiKeys.EXPIRE_DELEGATION_TOKEN, "{hmac:'x', expiryTimePeriodMs:1000}");
        ask(ApiKeys.DESCRIBE_DELEGATION_TOKEN, "{owners:[{principalType:'User', principalName:'a'}]}");
        ask(ApiKeys.DESCRIBE_CLIENT_QUOTAS, "{components:[{entityType:'user', matchType:0, match:'a'}]}");
        ask(ApiKeys.ALTER_CLIENT_QUOTAS, "{entries:[{entity:[{entityType:'user', entityName:'a'}, {entityType:'client-id', entityName:null}], "
                + "ops:[{key:'producer_byte_rate', remove:true}]}], validateOnly:true}");
        ask(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, "{users:[{name:'a'}, {name:'b'}]}");
        ask(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, "{deletions:[{name:'b', mechanism:1}, {name:'a', mechanism:1}], "
                + "upsertions:[{name:'b', mechanism:2, iterations:4096, salt:'s', saltedPassword:'p'}]}");
        String topics = "[{name:'t', partitions:[0, 1]}, {name:'u', partitions:[2]}]";
        ask(ApiKeys.ADD_PARTITIONS_TO_TXN, version -> version < 4
                ? "{v3AndBelowTransactionalId:'x', v3AndBelowProducerId:7, v3AndBelowTopics:" + topics + "}"
                : "{transactions:[{transactionalId:'x', producerId:7, topics:" + topics + "}]}");
        ask(ApiKeys.ADD_OFFSETS_TO_TXN, "{transactionalId:'x', producerId:7, groupId:'g'}");
        ask(ApiKeys.END_TXN, "{transactionalId:'x', producerId:7, committed:true}");
        ask(ApiKeys.WRITE_TXN_MARKERS, "{markers:[{producerId:7, topics:[{name:'t', partitionIndexes:[0, 1]}]}]}");
        ask(ApiKeys.TXN_OFFSET_COMMIT, version -> "{transactionalId:'x', groupId:'g', producerId:7, topics:[{"
                + (version >= 6 ? "topicId:" + TOPIC_ID : "name:'t'")
                + ", partitions:[{partitionIndex:0, committedOffset:1}, {partitionIndex:1, committedOffset:1}]}]}");
        ask(ApiKeys.DESCRIBE_TRANSACTIONS, "{transactionalIds:['x', 'y']}");
        ask(ApiKeys.LIST_TRANSACTIONS, "{}");
        ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, "{" + MEMBER + ", rebalanceTimeoutMs:1000, subscribedTopicNames:['t'], topicPartitions:[]}");
        ask(ApiKeys.CONSUMER_GROUP_DESCRIBE, TWO_GROUPS);
        ask(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, "{}");
        ask(ApiKeys.PUSH_TELEMETRY, "{clientInstanceId:" + TOPIC_ID + "}");
        ask(ApiKeys.SHARE_GROUP_HEARTBEAT, "{" + MEMBER + ", subscribedTopicNames:['t']}");
        ask(ApiKeys.SHARE_GROUP_DESCRIBE, TWO_GROUPS);
        ask(ApiKeys.SHARE_FETCH, "{" + MEMBER + ", topics:[" + BY_ID + "[{partitionIndex:0}]}]}");
        ask(ApiKeys.SHARE_ACKNOWLEDGE, "{" + MEMBER + ", shareSessionEpoch:1, topics:[" + BY_ID + "[{partitionIndex:0}]}]}");
        String state = "{groupId:'g', topics:[" + BY_ID + "[{partition:0}, {partition:1}]}]}";
        ask(ApiKeys.INITIALIZE_SHARE_GROUP_STATE, state);
        ask(ApiKeys.READ_SHARE_GROUP_STATE, state);
        ask(ApiKeys.WRITE_SHARE_GROUP_STATE, state);
        ask(ApiKeys.DELETE_SHARE_GROUP_STATE, state);
        ask(ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY, state);
        ask(ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS, "{groups:[{groupId:'g', topics:[{topicName:'t', partitions:[0]}]}, {groupId:'h', topics:null}]}");
        ask(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, "{groupId:'g', topics:[{topicName:'t', partitions:[{partitionIndex:0, startOffset:1}]}]}");
        ask(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, "{groupId:'g', topics:[{topicName:'t'}]}");
        ask(ApiKeys.STREAMS_GROUP_HEARTBEAT, "{" + MEMBER + "}");
        ask(ApiKeys.STREAMS_GROUP_DESCRIBE, TWO_GROUPS);
        ask(ApiKeys.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE, "{" + MEMBER + "}");
    }

    private UnservedApis() {}

    private interface TextByVersion {
        String of(int version);
    }

    private static void ask(ApiKeys key, String text) {
        ask(key, version -> text);
    }

    private static void ask(ApiKeys key, TextByVersion text) {
        REQUESTS.put(key, version -> Requests.of(key, text.of(version)));
    }

    public static void main(String[] arguments) {
        Steps steps = new Steps(arguments[0], "");
        steps.step("all others are advertised", () -> {
            try (Wire wire = new Wire(arguments[0])) {
                var answer = (ApiVersionsResponseData) wire.call(
                        Requests.of(ApiKeys.API_VERSIONS, "{clientSoftwareName:'wire', clientSoftwareVersion:'1'}"), 4);
                List<String> missing = new ArrayList<>();
                for (ApiKeys key : ApiKeys.brokerApis()) {
                    if (!REQUESTS.containsKey(key) && answer.apiKeys().find(key.id) == null) {
                        missing.add(key.name);
                    }
                }
                return Steps.expectEqual(List.of(), missing);
            }
        });
        REQUESTS.forEach((key, requests) -> {
            steps.step("refusal " + key.name, () -> Wire.fold(
                    key.oldestVersion(), key.latestVersion(), version -> refusal(key, requests.request(version), version)));
            steps.step("broker " + key.name, () -> Wire.sweep(arguments[0], key, requests));
            if (key.inScope(ListenerType.CONTROLLER)) {
                steps.step("controller " + key.name, () -> Wire.sweep(arguments[1], key, requests));
            }
        });
        System.exit(steps.failures() == 0 ? 0 : 1);
    }

    private static String refusal(ApiKeys key, ApiMessage message, int version) {
        var cache = new ObjectSerializationCache();
        var body = new ByteBufferAccessor(ByteBuffer.allocate(message.size(cache, (short) version)));
        message.write(body, cache, (short) version);
        body.flip();
        var request = AbstractRequest.parseRequest(key, (short) version, body).request;
        return Wire.render(request.getErrorResponse(0, Errors.UNSUPPORTED_VERSION.exception()).data(), version);
    }
}
