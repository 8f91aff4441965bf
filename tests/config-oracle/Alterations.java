// Whether configs may change: as the controller and as a broker judges it.
import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import kafka.server.BrokerDynamicThreadPool;
import kafka.server.ControllerConfigurationValidator;
import kafka.server.DynamicBrokerConfig;
import kafka.server.DynamicListenerConfig;
import kafka.server.DynamicLogConfig;
import kafka.server.DynamicRemoteLogConfig;
import kafka.server.KafkaBroker;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.common.DirectoryEventHandler;
import org.apache.kafka.server.config.DynamicLogCleanerConfig;
import org.apache.kafka.storage.internals.log.CleanerConfig;
import org.apache.kafka.storage.internals.log.LogCleaner;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;

final class Alterations {
    /** All configs of a topic, group or subscription, new and old. */
    static JsonNode controller(JsonNode request) {
        ConfigResource.Type type = ConfigResource.Type.valueOf(request.get("type").asText());
        ConfigResource resource = new ConfigResource(type, request.get("name").asText());
        new ControllerConfigurationValidator(Nodes.fromSettings(request))
            .validate(resource, ConfigOracle.toMap(request.get("new")), ConfigOracle.toMap(request.get("old")));
        return ConfigOracle.JSON.createObjectNode();
    }

    /** All dynamic configs of a broker (or of the cluster), on top of what it has. */
    static JsonNode broker(JsonNode request) {
        KafkaConfig config = Nodes.withDynamicConfigs(request);
        DynamicBrokerConfig dynamic = config.dynamicConfig();
        KafkaBroker broker = (KafkaBroker) Proxy.newProxyInstance(
            Alterations.class.getClassLoader(), new Class<?>[] {KafkaBroker.class},
            (proxy, method, arguments) -> method.getName().equals("config") ? config : null);
        dynamic.addBrokerReconfigurable(new BrokerDynamicThreadPool(broker));
        dynamic.addBrokerReconfigurable(new DynamicLogConfig(null, DirectoryEventHandler.NOOP));
        dynamic.addBrokerReconfigurable(new DynamicListenerConfig(broker));
        dynamic.addBrokerReconfigurable(new DynamicRemoteLogConfig(broker));
        dynamic.addBrokerReconfigurable(new DynamicLogCleanerConfig(new LogCleaner(
            new CleanerConfig(config), List.<File>of(), new ConcurrentHashMap<>(), new LogDirFailureChannel(1), Time.SYSTEM)));
        dynamic.validate(ConfigOracle.toProperties(request.get("new")), request.get("target").asText().equals("broker"));
        return ConfigOracle.JSON.createObjectNode();
    }

    private Alterations() { }
}
