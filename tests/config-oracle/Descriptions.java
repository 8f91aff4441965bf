// What DescribeConfigs and CreateTopics tell.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kafka.server.ConfigHelper;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.metadata.ConfigRepository;
import org.apache.kafka.metadata.KafkaConfigSchema;
import org.apache.kafka.metadata.MetadataCache;

final class Descriptions {
    /** Every config of one resource with source and synonyms. */
    static JsonNode describe(JsonNode request) {
        KafkaConfig config = Nodes.withDynamicConfigs(request);
        MetadataCache cache = (MetadataCache) Proxy.newProxyInstance(
            Descriptions.class.getClassLoader(), new Class<?>[] {MetadataCache.class},
            (proxy, method, arguments) -> method.getName().equals("contains") ? true : null);
        ConfigRepository repository = resource -> ConfigOracle.toProperties(request.get("overrides"));
        DescribeConfigsResource resource = new DescribeConfigsResource()
            .setResourceType(ConfigResource.Type.valueOf(request.get("type").asText()).id())
            .setResourceName(request.get("name").asText());
        DescribeConfigsResult result = new ConfigHelper(cache, config, repository).describeConfigs(
            scala.jdk.javaapi.CollectionConverters.asScala(List.of(resource)).toList(), true, true).head();
        if (result.errorCode() != 0) {
            throw new IllegalStateException(result.errorMessage());
        }
        ObjectNode answer = ConfigOracle.JSON.createObjectNode();
        result.configs().forEach(entry -> describe(answer.putObject(entry.name()), entry));
        return answer;
    }

    private static void describe(ObjectNode node, DescribeConfigsResourceResult entry) {
        node.put("value", entry.value()).put("source", entry.configSource()).put("type", entry.configType());
        node.put("sensitive", entry.isSensitive()).put("readOnly", entry.readOnly());
        node.put("documented", entry.documentation() != null);
        ArrayNode synonyms = node.putArray("synonyms");
        entry.synonyms().forEach(synonym -> synonyms.addObject()
            .put("name", synonym.name()).put("value", synonym.value()).put("source", synonym.source()));
    }

    /** Every config of a new topic as the controller computes it. */
    static JsonNode effective(JsonNode request) {
        KafkaConfig config = Nodes.fromSettings(request);
        KafkaConfigSchema schema = KafkaRaftServer.configSchema();
        Map<String, ConfigEntry> entries = schema.resolveEffectiveTopicConfigs(
            config.originals(), ConfigOracle.toMap(request.get("cluster")), ConfigOracle.toMap(request.get("broker")),
            ConfigOracle.toMap(request.get("overrides")));
        ObjectNode answer = ConfigOracle.JSON.createObjectNode();
        new TreeMap<>(entries).forEach((name, entry) -> answer.putObject(name).put("value", entry.value())
            .put("source", KafkaConfigSchema.translateConfigSource(entry.source()).id())
            .put("sensitive", entry.isSensitive()));
        return answer;
    }

    private Descriptions() { }
}
