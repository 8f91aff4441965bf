// Prints what clients can see of Kafka's protocol and its message JSON does not say:
// `errors` (code, name, exception, retriable, text) or `apis` (advertised versions, forwarding, rights).

import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.Arrays;
import java.util.Comparator;

public final class WireFacts {
    public static void main(String[] args) {
        if (args[0].equals("errors")) {
            Arrays.stream(Errors.values()).sorted(Comparator.comparing(Errors::code)).forEach(WireFacts::error);
        } else {
            Arrays.stream(ApiKeys.values()).sorted(Comparator.comparing(key -> key.id)).forEach(WireFacts::api);
        }
    }

    private static void error(Errors error) {
        Throwable exception = error.exception();
        String retry = exception instanceof InvalidMetadataException ? " stale-metadata"
            : exception instanceof RetriableException ? " retriable" : "";
        String type = exception == null ? "-" : exception.getClass().getSimpleName();
        System.out.println(error.code() + " " + error.name() + " " + type + retry + " | " + error.message());
    }

    private static void api(ApiKeys key) {
        if (!key.hasValidVersion()) {
            return;
        }
        ListenerType listener = key.inScope(ListenerType.BROKER) ? ListenerType.BROKER : ListenerType.CONTROLLER;
        ApiVersion advertised = key.toApiVersionForApiResponse(false, listener).orElseThrow();
        String traits = (advertised.minVersion() == key.oldestVersion() ? ""
            : " advertised-from " + advertised.minVersion())
            + (key.forwardable ? " forwardable" : "")
            + (key.clusterAction ? " cluster-action" : "");
        if (!traits.isEmpty()) {
            System.out.println(key.name + traits);
        }
    }
}
