// The keys of Kafka's own producer and consumer, internal ones left out.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

final class ClientKeys {
    private ClientKeys() {
    }

    /** Client, key, type and default, separated by blanks; `-` for no default, `""` for an empty one. */
    static JsonNode lines() {
        ArrayNode lines = ConfigOracle.JSON.createArrayNode();
        Map<String, ConfigDef> clients = new TreeMap<>(Map.of("producer", ProducerConfig.configDef(), "consumer", ConsumerConfig.configDef()));
        clients.forEach((client, def) -> {
            for (ConfigDef.ConfigKey key : new TreeMap<>(def.configKeys()).values()) {
                if (!key.internalConfig) {
                    lines.add(client + " " + key.name + " " + key.type + " " + fallback(key));
                }
            }
        });
        return lines;
    }

    private static String fallback(ConfigDef.ConfigKey key) {
        if (!key.hasDefault()) {
            return "-";
        }
        String text = ConfigDef.convertToString(key.defaultValue, key.type);
        return "".equals(text) ? "\"\"" : text;
    }
}
