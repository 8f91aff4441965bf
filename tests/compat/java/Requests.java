// Requests written as loose JSON: only the fields that matter, names as in the message schemas.
package compat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

final class Requests {
    private static final JsonMapper TEXT = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES).build();

    private Requests() {}

    static ApiMessage of(ApiKeys key, String text) {
        ApiMessage request = ApiMessageType.fromApiKey(key.id).newRequest();
        try {
            fill(request, TEXT.readTree(text));
        } catch (JsonProcessingException | ReflectiveOperationException wrong) {
            throw new IllegalArgumentException(text, wrong);
        }
        return request;
    }

    private static void fill(Object message, JsonNode fields) throws ReflectiveOperationException {
        for (var field : fields.properties()) {
            Method setter = setter(message.getClass(), field.getKey());
            setter.invoke(message, value(setter.getGenericParameterTypes()[0], field.getValue()));
        }
    }

    private static Method setter(Class<?> type, String field) {
        String name = "set" + Character.toUpperCase(field.charAt(0)) + field.substring(1);
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == 1) {
                return method;
            }
        }
        throw new IllegalArgumentException(type.getSimpleName() + " has no field " + field);
    }

    private static Object value(Type type, JsonNode node) throws ReflectiveOperationException {
        if (node.isNull()) {
            return null;
        }
        if (node.isArray()) {
            return items(type, node);
        }
        if (type == short.class || type == Short.class) {
            return (short) node.asInt();
        }
        if (type == byte.class || type == Byte.class) {
            return (byte) node.asInt();
        }
        if (type == int.class || type == Integer.class) {
            return node.asInt();
        }
        if (type == long.class || type == Long.class) {
            return node.asLong();
        }
        if (type == boolean.class) {
            return node.asBoolean();
        }
        if (type == String.class) {
            return node.asText();
        }
        if (type == Uuid.class) {
            return Uuid.fromString(node.asText());
        }
        if (type == byte[].class) {
            String text = node.asText();
            return text.startsWith("hex:") ? HexFormat.of().parseHex(text.substring(4)) : Records.bytes(text);
        }
        Object nested = ((Class<?>) type).getConstructor().newInstance();
        fill(nested, node);
        return nested;
    }

    /** A list, or one of the generated collections, whose element type is its superclass's argument. */
    @SuppressWarnings("unchecked")
    private static Object items(Type type, JsonNode node) throws ReflectiveOperationException {
        boolean list = type instanceof ParameterizedType;
        Type generic = list ? type : ((Class<?>) type).getGenericSuperclass();
        Type element = ((ParameterizedType) generic).getActualTypeArguments()[0];
        Collection<Object> items =
                list ? new ArrayList<>() : (Collection<Object>) ((Class<?>) type).getConstructor().newInstance();
        for (JsonNode item : node) {
            items.add(value(element, item));
        }
        return items;
    }
}
