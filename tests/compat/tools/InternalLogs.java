// Segments of Kafka's own topics as its classes write them: each type of record in each version, once with the
// defaults of all fields and once with other values.
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.metadata.MetadataRecordType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.log.remote.metadata.storage.RemoteLogSegmentMetadataSnapshot;
import org.apache.kafka.server.log.remote.metadata.storage.serialization.RemoteLogMetadataSerde;
import org.apache.kafka.server.log.remote.storage.RemoteLogMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentId;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata.CustomMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadataUpdate;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentState;
import org.apache.kafka.server.log.remote.storage.RemotePartitionDeleteMetadata;
import org.apache.kafka.server.log.remote.storage.RemotePartitionDeleteState;

final class InternalLogs {
    private static final long TIMESTAMP = 1_700_000_000_000L;
    private static final Uuid ID = new Uuid(0, 5);
    /** Other values are told apart by a number that is the same in each run. */
    private int next = 1;

    private InternalLogs() {
    }

    static void write(String kind, Path folder) throws Exception {
        List<SimpleRecord> records = new InternalLogs().records(kind);
        Files.createDirectories(folder);
        MemoryRecords batch = MemoryRecords.withRecords(Compression.NONE, records.toArray(new SimpleRecord[0]));
        Path file = folder.resolve("00000000000000000000.log");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            batch.writeFullyTo(channel);
        }
    }

    private List<SimpleRecord> records(String kind) throws Exception {
        return switch (kind) {
            case "offsets" -> coordinator("org.apache.kafka.coordinator.group.generated.CoordinatorRecordType");
            case "transactions" -> coordinator("org.apache.kafka.coordinator.transaction.generated.CoordinatorRecordType");
            case "share" -> coordinator("org.apache.kafka.coordinator.share.generated.CoordinatorRecordType");
            case "metadata" -> metadata();
            case "remote" -> remote();
            default -> throw new IllegalArgumentException("unknown kind " + kind);
        };
    }

    /** The types are enums of the same shape without a common interface. */
    private List<SimpleRecord> coordinator(String types) throws Exception {
        List<SimpleRecord> records = new ArrayList<>();
        for (Object type : Class.forName(types).getEnumConstants()) {
            Class<?> of = type.getClass();
            short id = (short) of.getMethod("id").invoke(type);
            for (boolean filled : new boolean[] {false, true}) {
                ApiMessage key = (ApiMessage) of.getMethod("newRecordKey").invoke(type);
                fill(key, filled);
                byte[] keyBytes = prefixed(id, (short) 0, key);
                ApiMessage value = (ApiMessage) of.getMethod("newRecordValue").invoke(type);
                fill(value, filled);
                for (short version = value.lowestSupportedVersion(); version <= value.highestSupportedVersion(); version++) {
                    try {
                        records.add(new SimpleRecord(TIMESTAMP, keyBytes, prefixed(version, version, value)));
                    } catch (UnsupportedVersionException later) {
                        // A field with a value that this version cannot carry.
                    }
                }
                records.add(new SimpleRecord(TIMESTAMP, keyBytes, null));
            }
        }
        return records;
    }

    private static byte[] prefixed(short prefix, short version, Message message) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer buffer = ByteBuffer.allocate(Short.BYTES + message.size(cache, version));
        buffer.putShort(prefix);
        message.write(new ByteBufferAccessor(buffer), cache, version);
        return buffer.array();
    }

    private List<SimpleRecord> metadata() throws Exception {
        List<SimpleRecord> records = new ArrayList<>();
        MetadataRecordSerde serde = MetadataRecordSerde.INSTANCE;
        for (MetadataRecordType type : MetadataRecordType.values()) {
            for (boolean filled : new boolean[] {false, true}) {
                ApiMessage message = type.newMetadataRecord();
                fill(message, filled);
                for (short version = type.lowestSupportedVersion(); version <= type.highestSupportedVersion(); version++) {
                    try {
                        ObjectSerializationCache cache = new ObjectSerializationCache();
                        ApiMessageAndVersion record = new ApiMessageAndVersion(message, version);
                        ByteBuffer buffer = ByteBuffer.allocate(serde.recordSize(record, cache));
                        serde.write(record, cache, new ByteBufferAccessor(buffer));
                        records.add(new SimpleRecord(TIMESTAMP, null, buffer.array()));
                    } catch (UnsupportedVersionException later) {
                        // As above.
                    }
                }
            }
        }
        return records;
    }

    private List<SimpleRecord> remote() {
        TopicIdPartition partition = new TopicIdPartition(ID, new TopicPartition("tiered", 3));
        RemoteLogSegmentId id = new RemoteLogSegmentId(partition, new Uuid(0, 6));
        Optional<CustomMetadata> custom = Optional.of(new CustomMetadata(new byte[] {1, 2, 3}));
        List<RemoteLogMetadata> all = new ArrayList<>();
        for (RemoteLogSegmentState state : RemoteLogSegmentState.values()) {
            all.add(new RemoteLogSegmentMetadataUpdate(id, TIMESTAMP + 1, custom, state, 7));
        }
        all.add(new RemoteLogSegmentMetadataUpdate(id, TIMESTAMP + 1, Optional.empty(), RemoteLogSegmentState.COPY_SEGMENT_FINISHED, 7));
        all.add(new RemoteLogSegmentMetadata(id, 10, 20, TIMESTAMP + 2, 7, TIMESTAMP + 3, 4096, Optional.empty(),
            RemoteLogSegmentState.COPY_SEGMENT_STARTED, Map.of(0, 10L, 2, 15L)));
        all.add(new RemoteLogSegmentMetadata(id, 10, 20, TIMESTAMP + 2, 7, TIMESTAMP + 3, 4096, custom,
            RemoteLogSegmentState.COPY_SEGMENT_STARTED, Map.of(1, 10L), true));
        for (boolean empty : new boolean[] {false, true}) {
            all.add(new RemoteLogSegmentMetadataSnapshot(new Uuid(0, 7), 10, 20, TIMESTAMP + 2, 7, TIMESTAMP + 3, 4096, custom,
                RemoteLogSegmentState.COPY_SEGMENT_FINISHED, Map.of(1, 10L), empty));
        }
        for (RemotePartitionDeleteState state : RemotePartitionDeleteState.values()) {
            all.add(new RemotePartitionDeleteMetadata(partition, state, TIMESTAMP + 4, 8));
        }
        RemoteLogMetadataSerde serde = new RemoteLogMetadataSerde();
        return all.stream().map(one -> new SimpleRecord(TIMESTAMP, null, serde.serialize(one))).toList();
    }

    /** Gives every field of the message another value than its default; lists two members. */
    private void fill(Object message, boolean filled) throws Exception {
        if (!filled) {
            return;
        }
        List<Method> setters = new ArrayList<>();
        for (Method method : message.getClass().getMethods()) {
            boolean returnsItself = method.getReturnType() == message.getClass();
            if (method.getName().startsWith("set") && returnsItself && method.getParameterCount() == 1) {
                setters.add(method);
            }
        }
        setters.sort(Comparator.comparing(Method::getName));
        for (Method setter : setters) {
            setter.invoke(message, value(setter.getGenericParameterTypes()[0]));
        }
    }

    private Object value(Type type) throws Exception {
        if (type == byte.class || type == Byte.class) {
            return (byte) next++;
        } else if (type == short.class || type == Short.class) {
            return (short) next++;
        } else if (type == int.class || type == Integer.class) {
            return next++;
        } else if (type == long.class || type == Long.class) {
            return (long) next++ << 33;
        } else if (type == boolean.class || type == Boolean.class) {
            return true;
        } else if (type == double.class || type == Double.class) {
            return next++ + 0.5;
        } else if (type == String.class) {
            return "text \"" + next++ + "\"";
        } else if (type == byte[].class) {
            return new byte[] {(byte) next++, -1};
        } else if (type == ByteBuffer.class) {
            return ByteBuffer.wrap(new byte[] {(byte) next++, -1});
        } else if (type == Uuid.class) {
            return new Uuid(0, next++);
        } else if (type instanceof ParameterizedType list) {
            List<Object> members = new ArrayList<>();
            members.add(value(list.getActualTypeArguments()[0]));
            members.add(value(list.getActualTypeArguments()[0]));
            return members;
        } else if (type instanceof Class<?> of && of.getSuperclass() == Object.class) {
            Object inner = of.getConstructor().newInstance();
            fill(inner, true);
            return inner;
        } else if (type instanceof Class<?> collection) {
            return collection.getConstructor().newInstance();
        }
        throw new IllegalArgumentException("no value of " + type);
    }
}
