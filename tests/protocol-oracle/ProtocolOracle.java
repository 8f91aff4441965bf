// Reads and rewrites messages with Apache Kafka's own generated classes, in bulk.
//
// Standard input is a run of questions: int32 length, then one byte of operation, int16 length and the schema's
// name, int16 version to read at, int16 version to write at, and the encoded message. Each gets an answer on
// standard output: int32 length, one byte of outcome, and bytes.
//   'W'  outcome 0: int32 bytes read, then the message written again; 1: reading failed; 2: writing failed
//   'J'  outcome 0: the message as JSON, of records only the size; 1: reading failed; 2: converting failed

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public final class ProtocolOracle {
    private static final List<String> PACKAGES = List.of(
        "org.apache.kafka.common.message.",
        "org.apache.kafka.common.metadata.",
        "org.apache.kafka.coordinator.group.generated.",
        "org.apache.kafka.coordinator.transaction.generated.",
        "org.apache.kafka.coordinator.share.generated.",
        "org.apache.kafka.raft.generated.",
        "org.apache.kafka.server.log.remote.metadata.storage.generated.");

    private record Type(Constructor<?> constructor, Method json) { }

    private static final Map<String, Type> TYPES = new HashMap<>();

    public static void main(String[] args) throws IOException {
        // Whatever else prints must not disturb the answers.
        PrintStream answers = System.out;
        System.setOut(System.err);
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(answers, 1 << 16));
        while (true) {
            byte[] question;
            try {
                question = in.readNBytes(in.readInt());
            } catch (EOFException end) {
                out.flush();
                return;
            }
            byte[] answer = answer(ByteBuffer.wrap(question));
            out.writeInt(answer.length);
            out.write(answer);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    private static byte[] answer(ByteBuffer question) {
        byte operation = question.get();
        byte[] name = new byte[question.getShort()];
        question.get(name);
        short version = question.getShort();
        short target = question.getShort();
        Type type = TYPES.computeIfAbsent(new String(name, StandardCharsets.UTF_8), ProtocolOracle::type);
        ByteBuffer body = question.slice();
        ApiMessage message;
        try {
            message = (ApiMessage) type.constructor.newInstance();
            message.read(new ByteBufferAccessor(body), version);
        } catch (Throwable refused) {
            return outcome(1, refused.toString().getBytes(StandardCharsets.UTF_8));
        }
        try {
            if (operation == 'J') {
                JsonNode json = (JsonNode) type.json.invoke(null, message, target, false);
                return outcome(0, json.toString().getBytes(StandardCharsets.UTF_8));
            }
            ByteBuffer written = MessageUtil.toByteBufferAccessor(message, target).buffer();
            ByteBuffer result = ByteBuffer.allocate(4 + written.remaining());
            result.putInt(body.position()).put(written);
            return outcome(0, result.array());
        } catch (Throwable refused) {
            return outcome(2, refused.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] outcome(int outcome, byte[] content) {
        return ByteBuffer.allocate(1 + content.length).put((byte) outcome).put(content).array();
    }

    private static Type type(String name) {
        for (String suffix : List.of("Data", "")) {
            for (String location : PACKAGES) {
                try {
                    Class<?> found = Class.forName(location + name + suffix);
                    if (!ApiMessage.class.isAssignableFrom(found)) {
                        continue;
                    }
                    Class<?> converter = Class.forName(location + name + suffix + "JsonConverter");
                    Method json = converter.getMethod("write", found, short.class, boolean.class);
                    return new Type(found.getConstructor(), json);
                } catch (ClassNotFoundException elsewhere) {
                    continue;
                } catch (NoSuchMethodException wrong) {
                    throw new IllegalStateException(wrong);
                }
            }
        }
        throw new IllegalArgumentException("no class for the schema " + name);
    }
}
