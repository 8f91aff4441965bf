// Answers questions about configs with the classes of Apache Kafka: one JSON request per line of
// standard input, one JSON answer per line of standard output. See README.md for the requests.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.ConfigSynonym;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.server.config.QuotaConfig;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;
import org.apache.kafka.storage.internals.log.LogConfig;

public final class ConfigOracle {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Map<String, ConfigDef> TABLES = new TreeMap<>(Map.of(
        "broker", AbstractKafkaConfig.CONFIG_DEF,
        "broker-quota", QuotaConfig.brokerQuotaConfigs(),
        "topic", LogConfig.configDefCopy(),
        "group", GroupConfig.CONFIG_DEF,
        "client-metrics", ClientMetricsConfigs.configDef(),
        "user", QuotaConfig.scramMechanismsPlusUserAndClientQuotaConfigs(),
        "client", QuotaConfig.userAndClientQuotaConfigs(),
        "ip", QuotaConfig.ipConfigs()));

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(System.err);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(JSON.writeValueAsString(answer(JSON.readTree(line))));
            out.flush();
        }
    }

    static JsonNode answer(JsonNode request) {
        try {
            return switch (request.get("ask").asText()) {
                case "keys" -> keys();
                case "probe" -> probe(request);
                case "properties" -> properties(request);
                case "environment" -> environment(request);
                case "node" -> Nodes.node(request);
                case "layers" -> Nodes.layers(request);
                case "alter" -> Alterations.controller(request);
                case "alterBroker" -> Alterations.broker(request);
                case "describe" -> Descriptions.describe(request);
                case "effective" -> Descriptions.effective(request);
                case "clientKeys" -> ClientKeys.lines();
                case "group" -> Nodes.group(request);
                default -> throw new IllegalArgumentException("unknown question " + request);
            };
        } catch (Throwable error) {
            ObjectNode refusal = JSON.createObjectNode();
            refusal.put("error", error.getMessage());
            refusal.put("class", error.getClass().getSimpleName());
            return refusal;
        }
    }

    /** Every key of every table. */
    static JsonNode keys() throws Exception {
        ArrayNode all = JSON.createArrayNode();
        Map<String, String> modes = DynamicBrokerConfig.dynamicConfigUpdateModes();
        for (Map.Entry<String, ConfigDef> table : TABLES.entrySet()) {
            for (ConfigDef.ConfigKey key : new TreeMap<>(table.getValue().configKeys()).values()) {
                ObjectNode node = all.addObject();
                node.put("table", table.getKey());
                describeKey(node, key);
                node.put("update", updateMode(table.getKey(), key.name, modes));
                synonyms(node.putArray("synonyms"), table.getKey(), key.name);
            }
        }
        return all;
    }

    static void describeKey(ObjectNode node, ConfigDef.ConfigKey key) throws Exception {
        node.put("name", key.name);
        node.put("type", key.type.name());
        node.put("required", !key.hasDefault());
        node.put("default", key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : null);
        node.put("importance", key.importance.name());
        node.put("internal", key.internalConfig);
        node.put("sensitive", key.type.isSensitive());
        node.put("validator", key.validator == null ? null : key.validator.toString());
        node.put("validatorClass", key.validator == null ? null : key.validator.getClass().getSimpleName());
        if (key.validator instanceof ConfigDef.ValidList) {
            node.put("emptyAllowed", (boolean) field(key.validator, "isEmptyAllowed"));
            node.put("nullAllowed", (boolean) field(key.validator, "isNullAllowed"));
        }
    }

    static Object field(Object owner, String name) throws Exception {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    static String updateMode(String table, String name, Map<String, String> modes) {
        return table.equals("broker") || table.equals("broker-quota") ? modes.getOrDefault(name, "read-only") : "dynamic";
    }

    static void synonyms(ArrayNode out, String table, String name) {
        switch (table) {
            case "topic" -> {
                List<ConfigSynonym> all = ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.getOrDefault(name, List.of());
                for (ConfigSynonym synonym : all) {
                    out.addObject().put("name", synonym.name()).put("of7", synonym.converter().apply("7"));
                }
            }
            case "group" -> GroupConfig.brokerSynonym(name)
                .ifPresent(broker -> out.addObject().put("name", broker).put("of7", "7"));
            case "broker" -> {
                for (String synonym : DynamicBrokerConfig.brokerConfigSynonyms(name, true)) {
                    if (!synonym.equals(name) || DynamicBrokerConfig.brokerConfigSynonyms(name, true).size() > 1) {
                        out.addObject().put("name", synonym).put("of7", "7");
                    }
                }
            }
            default -> { }
        }
    }

    /** Parses and validates one value of one key; a null value is the key set to null. */
    static JsonNode probe(JsonNode request) {
        ConfigDef.ConfigKey key = TABLES.get(request.get("table").asText()).configKeys().get(request.get("key").asText());
        Map<String, String> values = new HashMap<>();
        values.put(key.name, request.get("value").isNull() ? null : request.get("value").asText());
        Object parsed = new ConfigDef().define(key).parse(values).get(key.name);
        return JSON.createObjectNode().put("value", ConfigDef.convertToString(parsed, key.type));
    }

    /** Reads the bytes (as numbers) of a properties file. */
    static JsonNode properties(JsonNode request) throws Exception {
        JsonNode numbers = request.get("bytes");
        byte[] bytes = new byte[numbers.size()];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) numbers.get(at).asInt();
        }
        Properties read = new Properties();
        read.load(new ByteArrayInputStream(bytes));
        return object(read);
    }

    /** What the container image's start makes of environment variables. */
    static JsonNode environment(JsonNode request) throws Exception {
        scala.collection.immutable.Map<String, String> variables = scala.collection.immutable.Map$.MODULE$.empty();
        for (Map.Entry<String, JsonNode> entry : request.get("variables").properties()) {
            variables = variables.updated(entry.getKey(), entry.getValue().asText());
        }
        String lines = kafka.docker.KafkaDockerWrapper$.MODULE$.getServerConfigsFromEnv(variables).mkString("\n");
        Properties read = new Properties();
        read.load(new StringReader(lines));
        return object(read);
    }

    static ObjectNode object(Properties properties) {
        ObjectNode node = JSON.createObjectNode();
        properties.forEach((key, value) -> node.put((String) key, (String) value));
        return node;
    }

    static Properties toProperties(JsonNode object) {
        Properties properties = new Properties();
        object.properties().forEach(entry -> properties.setProperty(entry.getKey(), entry.getValue().asText()));
        return properties;
    }

    static Map<String, String> toMap(JsonNode object) {
        Map<String, String> map = new TreeMap<>();
        object.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }
}
