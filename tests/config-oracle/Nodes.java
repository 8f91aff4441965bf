// Settings of a node: alone, with dynamic configs, and as defaults of topics and groups.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.storage.internals.log.LogConfig;

final class Nodes {
    /** Whether settings make a node, and what its addresses and directories then are. */
    static JsonNode node(JsonNode request) {
        KafkaConfig config = fromSettings(request);
        ObjectNode node = ConfigOracle.JSON.createObjectNode();
        node.put("nodeId", config.nodeId());
        endpoints(node.putArray("listeners"), config.listeners());
        endpoints(node.putArray("controllerListeners"), config.controllerListeners());
        endpoints(node.putArray("advertisedToClients"), config.effectiveAdvertisedBrokerListeners());
        endpoints(node.putArray("advertisedAsController"), config.effectiveAdvertisedControllerListeners());
        node.put("interBrokerListener", config.interBrokerListenerName().value());
        node.put("interBrokerProtocol", config.interBrokerSecurityProtocol().name);
        config.logDirs().forEach(node.putArray("logDirs")::add);
        config.cordonedLogDirs().forEach(node.putArray("cordonedLogDirs")::add);
        node.put("metadataLogDir", config.metadataLogDir());
        return node;
    }

    static KafkaConfig fromSettings(JsonNode request) {
        return KafkaConfig.fromProps(ConfigOracle.toProperties(request.get("settings")), false);
    }

    /** A broker that has taken over its cluster's and its own dynamic configs. */
    static KafkaConfig withDynamicConfigs(JsonNode request) {
        KafkaConfig config = fromSettings(request);
        config.dynamicConfig().initialize(scala.Option.empty());
        config.dynamicConfig().updateDefaultConfig(ConfigOracle.toProperties(request.get("cluster")), false);
        config.dynamicConfig().updateBrokerConfig(config.nodeId(), ConfigOracle.toProperties(request.get("broker")), false);
        return config;
    }

    private static void endpoints(ArrayNode out, scala.collection.Seq<Endpoint> endpoints) {
        for (int at = 0; at < endpoints.length(); at++) {
            Endpoint endpoint = endpoints.apply(at);
            out.addObject().put("name", endpoint.listener()).put("protocol", endpoint.securityProtocol().name)
                .put("host", endpoint.host()).put("port", endpoint.port());
        }
    }

    /** All values of a broker with dynamic configs, and what it gives topics. */
    static JsonNode layers(JsonNode request) {
        KafkaConfig config = withDynamicConfigs(request);
        ObjectNode answer = ConfigOracle.JSON.createObjectNode();
        ObjectNode values = answer.putObject("values");
        new TreeMap<>(config.values()).forEach((key, value) ->
            values.put(key, ConfigDef.convertToString(value, AbstractKafkaConfig.CONFIG_DEF.configKeys().get(key).type)));
        ObjectNode topic = answer.putObject("topic");
        LogConfig log = LogConfig.fromProps(config.extractLogConfigMap(), ConfigOracle.toProperties(request.get("topic")));
        new TreeMap<>(log.values()).forEach((key, value) ->
            topic.put(key, ConfigDef.convertToString(value, LogConfig.configType(key).orElseThrow())));
        answer.put("maxSegmentMs", log.maxSegmentMs()).put("segmentSize", log.segmentSize());
        answer.put("localRetentionMs", log.localRetentionMs()).put("localRetentionBytes", log.localRetentionBytes());
        answer.put("remoteCopyLagMs", log.remoteCopyLagMs()).put("remoteCopyLagBytes", log.remoteCopyLagBytes());
        return answer;
    }

    /** What a group goes by after its configs were brought within the broker's bounds. */
    static JsonNode group(JsonNode request) {
        KafkaConfig config = fromSettings(request);
        Properties set = ConfigOracle.toProperties(request.get("group"));
        Properties within = GroupConfig.evaluate(set, "g", config.groupCoordinatorConfig(), config.shareGroupConfig());
        Map<String, Object> defaults = config.extractGroupConfigMap(config.groupCoordinatorConfig());
        GroupConfig group = GroupConfig.fromProps(defaults, within);
        ObjectNode answer = ConfigOracle.JSON.createObjectNode();
        new TreeMap<>(group.values()).forEach((key, value) ->
            answer.put(key, ConfigDef.convertToString(value, GroupConfig.configType(key).orElseThrow())));
        return answer;
    }

    private Nodes() { }
}
