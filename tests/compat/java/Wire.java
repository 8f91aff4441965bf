// One connection that speaks any version of any request, right or wrong, and prints answers whole.
package compat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

final class Wire implements AutoCloseable {
    /** Fields that differ in each run: shown only as set or not. */
    private static final Set<String> MASKED = Set.of(
            "memberId", "leader", "topicId", "clusterId", "sessionId", "producerId", "port", "batchIndexErrorMessage", "logAppendTimeMs", "host", "replicaDirectoryId", "lastFetchTimestamp", "lastCaughtUpTimestamp", "logEndOffset",
            "highWatermarkOfQuorum", "logDir", "totalBytes", "usableBytes", "lastTimestamp");

    private final Socket socket;
    private final DataInputStream input;
    private int correlation;

    Wire(String bootstrap) throws IOException {
        int colon = bootstrap.lastIndexOf(':');
        socket = new Socket(bootstrap.substring(0, colon), Integer.parseInt(bootstrap.substring(colon + 1)));
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        input = new DataInputStream(socket.getInputStream());
    }

    ApiMessage call(ApiMessage request, int version) throws IOException {
        send(request, version);
        return receive(ApiKeys.forId(request.apiKey()), version);
    }

    void send(ApiMessage request, int version) throws IOException {
        ApiKeys key = ApiKeys.forId(request.apiKey());
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(key.id)
                .setRequestApiVersion((short) version).setCorrelationId(++correlation).setClientId("wire");
        // A version beyond the client's own is sent in the form of its newest.
        short known = (short) Math.min(version, key.latestVersion(true));
        var cache = new ObjectSerializationCache();
        short headerVersion = key.requestHeaderVersion(known);
        int size = header.size(cache, headerVersion) + request.size(cache, known);
        var frame = new ByteBufferAccessor(ByteBuffer.allocate(4 + size));
        frame.writeInt(size);
        header.write(frame, cache, headerVersion);
        request.write(frame, cache, known);
        socket.getOutputStream().write(frame.buffer().array());
    }

    /** The next answer; null where the broker closed the connection instead. */
    ApiMessage receive(ApiKeys key, int version) throws IOException {
        ByteBuffer frame;
        try {
            frame = ByteBuffer.wrap(input.readNBytes(input.readInt()));
        } catch (EOFException | SocketException closed) {
            return null;
        }
        var reader = new ByteBufferAccessor(frame);
        var header = new ResponseHeaderData(reader, key.responseHeaderVersion((short) version));
        Steps.expect(header.correlationId() == correlation, "the answer has its request's correlation id");
        ApiMessage response = ApiMessageType.fromApiKey(key.id).newResponse();
        response.read(reader, (short) version);
        Steps.expect(reader.remaining() == 0, "the answer ends with its last field");
        return response;
    }

    String show(ApiMessage request, int version) throws IOException {
        return render(call(request, version), version);
    }

    interface ByVersion {
        ApiMessage request(int version) throws Exception;
    }

    /** The answers of all released versions of an API; equal neighbours are told once. */
    static String sweep(String bootstrap, ApiKeys key, ByVersion requests) throws Exception {
        return sweep(bootstrap, key.oldestVersion(), key.latestVersion(false), requests);
    }

    static String sweep(String bootstrap, int oldest, int newest, ByVersion requests) throws Exception {
        try (Wire wire = new Wire(bootstrap)) {
            return fold(oldest, newest, version -> wire.show(requests.request(version), version));
        }
    }

    interface Answers {
        String of(int version) throws Exception;
    }

    /** The answers of a range of versions; equal neighbours are told once. */
    static String fold(int oldest, int newest, Answers answers) throws Exception {
        List<String> parts = new ArrayList<>();
        String former = null;
        int since = 0;
        for (int version = oldest; version <= newest + 1; version++) {
            String answer = version > newest ? null : answers.of(version);
            if (former != null && !former.equals(answer)) {
                parts.add("v" + since + (since == version - 1 ? "" : "-" + (version - 1)) + " " + former);
            }
            if (!String.valueOf(former).equals(answer)) {
                since = version;
            }
            former = answer;
        }
        return String.join(" | ", parts);
    }

    static String render(ApiMessage message, int version) {
        if (message == null) {
            return "closed";
        }
        try {
            Class<?> converter = Class.forName(message.getClass().getName() + "JsonConverter");
            Object json = converter.getMethod("write", message.getClass(), short.class, boolean.class)
                    .invoke(null, message, (short) version, false);
            // What is wrong with records each system says in its own words.
            String text = render("", (JsonNode) json);
            return message instanceof ProduceResponseData ? text.replaceAll("errorMessage:(?!null)[^{}]*", "errorMessage:*") : text;
        } catch (ReflectiveOperationException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static String render(String name, JsonNode node) {
        if (node.isObject()) {
            List<String> fields = new ArrayList<>();
            node.properties().forEach(field -> {
                if (!field.getKey().equals("throttleTimeMs") || field.getValue().asInt() != 0) {
                    fields.add(field.getKey() + ":" + render(field.getKey(), field.getValue()));
                }
            });
            return "{" + String.join(" ", fields) + "}";
        }
        if (node.isArray()) {
            List<String> items = new ArrayList<>();
            node.forEach(item -> items.add(render(name, item)));
            if (node.size() > 1 && node.get(0).isObject()) {
                // Apache's order is that of its hash maps.
                items.sort(null);
            }
            return "[" + String.join(" ", items) + "]";
        }
        if (name.equals("errorCode")) {
            return Errors.forCode((short) node.asInt()).name();
        }
        if (name.equals("errorMessage")) {
            // Ids of topics are of the run.
            return node.asText().replaceAll("\\b[A-Za-z0-9_-]{22}\\b", "*");
        }
        return MASKED.contains(name) ? mask(node) : node.asText();
    }

    private static String mask(JsonNode node) {
        boolean unset = node.isNull() || (node.isNumber() ? node.asLong() <= 0 : node.asText().isEmpty()
                || node.asText().equals("AAAAAAAAAAAAAAAAAAAAAA"));
        return unset ? node.asText() : "*";
    }

    /** Sends these bytes as they are. */
    void sendBytes(byte[] frame) throws IOException {
        socket.getOutputStream().write(frame);
    }

    static ByteBuffer bytes(org.apache.kafka.common.protocol.Message message, int version) {
        return MessageUtil.toVersionPrefixedByteBuffer((short) version, message);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
