// Apache Kafka's own record classes as an oracle, driven by crates/protocol/examples/records_oracle.rs.
//
// `serve`: answers requests on standard input (op byte, length, payload) with (length, payload) on
// standard output. 'R' reads a log slice and describes it, 'B' builds a batch from a description of
// its records, 'V' has a produce request's batch validated and appended by a real log, 'F' the same
// for a follower's fetch.
// `golden`: prints the golden batches of crates/protocol/tests/records_golden.rs.

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.KRaftVersionRecord;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.message.SnapshotFooterRecord;
import org.apache.kafka.common.message.SnapshotHeaderRecord;
import org.apache.kafka.common.message.VotersRecord;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse.RecordError;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.FetchDataInfo;
import org.apache.kafka.storage.internals.log.LogAppendInfo;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.RecordValidationException;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;

public final class RecordsOracle {
    private static final long NOW = 1_700_000_000_000L;

    public static void main(String[] args) throws Exception {
        if (args[0].equals("golden")) {
            golden();
        } else {
            serve();
        }
    }

    // ---- serving

    private static void serve() throws Exception {
        DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(System.in, 1 << 16));
        DataOutputStream out = new DataOutputStream(new java.io.BufferedOutputStream(System.out, 1 << 16));
        Broker broker = new Broker();
        while (true) {
            int op = in.read();
            if (op < 0) {
                break;
            }
            byte[] request = new byte[in.readInt()];
            in.readFully(request);
            byte[] answer = switch (op) {
                case 'R' -> read(request);
                case 'B' -> build(request);
                case 'V' -> broker.produce(request);
                case 'F' -> broker.follow(request);
                default -> throw new IllegalArgumentException("op " + op);
            };
            out.writeInt(answer.length);
            out.write(answer);
            out.flush();
        }
        broker.close();
    }

    private static byte[] read(byte[] bytes) {
        try {
            return describe(bytes).getBytes(StandardCharsets.UTF_8);
        } catch (RuntimeException | Error e) {
            return ("error " + e).getBytes(StandardCharsets.UTF_8);
        }
    }

    private static String describe(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            describe(batch, out);
        }
        return out.toString();
    }

    private static void describe(MutableRecordBatch batch, StringBuilder out) {
        batch.ensureValid();
        String time = switch (batch.timestampType()) {
            case CREATE_TIME -> "create";
            case LOG_APPEND_TIME -> "append";
            default -> "none";
        };
        boolean v2 = batch.magic() == 2;
        out.append("batch magic=").append(batch.magic())
            .append(" base=").append(v2 ? Long.toString(batch.baseOffset()) : "-")
            .append(" last=").append(batch.lastOffset())
            .append(" epoch=").append(Math.max(-1, batch.partitionLeaderEpoch()))
            .append(" codec=").append(batch.compressionType().name)
            .append(" time=").append(time)
            .append(" max=").append(batch.maxTimestamp())
            .append(" producer=").append(Math.max(-1, batch.producerId())).append('/').append(Math.max(-1, batch.producerEpoch()))
            .append(" sequence=").append(batch.baseSequence() < 0 ? "-1..-1" : batch.baseSequence() + ".." + batch.lastSequence())
            .append(" count=").append(v2 ? batch.countOrNull().toString() : "-")
            .append(" transactional=").append(batch.isTransactional())
            .append(" control=").append(batch.isControlBatch())
            .append(" horizon=").append(batch.deleteHorizonMs().isPresent() ? batch.deleteHorizonMs().getAsLong() : -1)
            .append('\n');
        try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
            while (records.hasNext()) {
                Record record = records.next();
                out.append("record offset=").append(record.offset())
                    .append(" time=").append(record.timestamp())
                    .append(" key=").append(hex(record.key()))
                    .append(" value=").append(hex(record.value()))
                    .append(" headers=[");
                for (Header header : record.headers()) {
                    out.append(hex(ByteBuffer.wrap(header.key().getBytes(StandardCharsets.UTF_8)))).append('=')
                        .append(hex(header.value() == null ? null : ByteBuffer.wrap(header.value()))).append(',');
                }
                out.append("]\n");
            }
        }
    }

    private static String hex(ByteBuffer bytes) {
        if (bytes == null) {
            return "null";
        }
        StringBuilder out = new StringBuilder();
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            out.append(Character.forDigit(bytes.get(i) >> 4 & 15, 16)).append(Character.forDigit(bytes.get(i) & 15, 16));
        }
        return out.toString();
    }

    private static byte[] build(byte[] request) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(request));
        byte magic = in.readByte();
        Compression compression = compression(in.readByte(), in.readInt());
        TimestampType type = in.readByte() == 0 ? TimestampType.CREATE_TIME : TimestampType.LOG_APPEND_TIME;
        long baseOffset = in.readLong();
        long logAppendTime = in.readLong();
        long producerId = in.readLong();
        short producerEpoch = in.readShort();
        int sequence = in.readInt();
        boolean transactional = in.readBoolean();
        int epoch = in.readInt();
        if (magic == 0) {
            type = TimestampType.NO_TIMESTAMP_TYPE;
        }
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1024), magic, compression, type,
            baseOffset, logAppendTime, producerId, producerEpoch, sequence, transactional, epoch);
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            long offset = in.readLong();
            long timestamp = in.readLong();
            byte[] key = nullable(in);
            byte[] value = nullable(in);
            Header[] headers = new Header[in.readInt()];
            for (int j = 0; j < headers.length; j++) {
                headers[j] = new RecordHeader(new String(nullable(in), StandardCharsets.UTF_8), nullable(in));
            }
            builder.appendWithOffset(offset, timestamp, key, value, headers);
        }
        return bytes(builder.build().buffer());
    }

    private static Compression compression(int codec, int level) {
        return switch (CompressionType.forId(codec)) {
            case NONE -> Compression.NONE;
            case GZIP -> Compression.gzip().level(level).build();
            case SNAPPY -> Compression.snappy().build();
            case LZ4 -> Compression.lz4().level(level).build();
            case ZSTD -> Compression.zstd().level(level).build();
        };
    }

    private static byte[] nullable(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** A real log in a temporary directory, at a standing clock. */
    private static final class Broker {
        private final File dir = Files.createTempDirectory("records-oracle").toFile();
        private final Map<String, LogConfig> configs = new HashMap<>();
        private UnifiedLog log;

        Broker() throws IOException {
            open();
        }

        private void open() throws IOException {
            File partition = new File(dir, "oracle-0");
            partition.mkdirs();
            log = UnifiedLog.create(partition, new LogConfig(Map.of()), 0, 0, new NoScheduler(), new BrokerTopicStats(),
                new StandingTime(), 300_000, new ProducerStateManagerConfig(86_400_000, false), 600_000,
                new LogDirFailureChannel(1), true, Optional.of(Uuid.METADATA_TOPIC_ID));
        }

        /** Answers error code, record errors' indexes, and the stored bytes if there was no error. */
        byte[] produce(byte[] request) throws IOException {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(request));
            short version = in.readShort();
            boolean coordinator = in.readBoolean();
            String properties = in.readUTF();
            byte[] bytes = in.readAllBytes();
            log.updateConfig(configs.computeIfAbsent(properties, Broker::config));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(answer);
            try {
                MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes));
                if (!coordinator) {
                    ProduceRequest.validateRecords(version, records);
                }
                AppendOrigin origin = coordinator ? AppendOrigin.COORDINATOR : AppendOrigin.CLIENT;
                LogAppendInfo info = log.appendAsLeader(records, 7, origin, RequestLocal.noCaching(),
                    VerificationGuard.SENTINEL, (short) 0);
                FetchDataInfo read = log.read(info.firstOffset(), Integer.MAX_VALUE, FetchIsolation.LOG_END, true);
                out.writeShort(0);
                out.writeInt(0);
                out.writeUTF("");
                out.write(stored(read));
            } catch (RecordValidationException e) {
                out.writeShort(Errors.forException(e.invalidException()).code());
                out.writeInt(e.recordErrors().size());
                for (RecordError error : e.recordErrors()) {
                    out.writeInt(error.batchIndex);
                }
                out.writeUTF(e.invalidException().toString());
            } catch (RuntimeException | Error e) {
                out.writeShort(Errors.forException(e).code());
                out.writeInt(0);
                out.writeUTF(e.toString());
            }
            return answer.toByteArray();
        }

        /** Answers error code and the log end offset afterwards. */
        byte[] follow(byte[] request) throws IOException {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(request));
            long start = in.readLong();
            int epoch = in.readInt();
            byte[] bytes = in.readAllBytes();
            log.truncateFullyAndStartAt(start, Optional.empty());
            short code = 0;
            String text = "";
            try {
                log.appendAsFollower(MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)), epoch);
            } catch (RuntimeException e) {
                code = Errors.forException(e).code();
                text = e.toString();
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(answer);
            out.writeShort(code);
            out.writeLong(log.logEndOffset());
            out.writeUTF(text);
            return answer.toByteArray();
        }

        private static LogConfig config(String properties) {
            Map<String, String> map = new HashMap<>();
            for (String pair : properties.split(";")) {
                if (!pair.isEmpty()) {
                    map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
                }
            }
            return new LogConfig(map);
        }

        private static byte[] stored(FetchDataInfo read) throws IOException {
            if (read.records instanceof MemoryRecords memory) {
                return bytes(memory.buffer());
            }
            org.apache.kafka.common.record.internal.FileRecords file =
                (org.apache.kafka.common.record.internal.FileRecords) read.records;
            ByteBuffer buffer = ByteBuffer.allocate(file.sizeInBytes());
            file.readInto(buffer, 0);
            return bytes(buffer);
        }

        /** The log is not closed: nobody reads it again. */
        void close() {
            delete(dir);
        }

        private static void delete(File file) {
            File[] children = file.listFiles();
            if (children != null) {
                for (File child : children) {
                    delete(child);
                }
            }
            file.delete();
        }
    }

    private static final class StandingTime implements Time {
        @Override
        public long milliseconds() {
            return NOW;
        }

        @Override
        public long nanoseconds() {
            return NOW * 1_000_000;
        }

        @Override
        public void sleep(long ms) {
        }
    }

    private static final class NoScheduler implements Scheduler {
        @Override
        public void startup() {
        }

        @Override
        public void shutdown() {
        }

        @Override
        public ScheduledFuture<?> schedule(String name, Runnable task, long delayMs, long periodMs) {
            return null;
        }

        @Override
        public void resizeThreadPool(int size) {
        }
    }

    // ---- golden batches

    private static void golden() {
        System.out.println("# Batches built by Apache Kafka 4.4.0's classes, and how those classes read them.");
        System.out.println("# Made by `cargo xtask compat records --golden`; do not edit.");
        SimpleRecord[] records = {
            new SimpleRecord(NOW, "key".getBytes(), "value".getBytes(), new Header[] {
                new RecordHeader("header", "1".getBytes()), new RecordHeader("", new byte[0]), new RecordHeader("null", null)}),
            new SimpleRecord(NOW - 5, null, "0123456789".repeat(20).getBytes()),
            new SimpleRecord(NOW + 70_000, new byte[0], null),
            new SimpleRecord(-1L, null, new byte[0]),
        };
        for (CompressionType codec : CompressionType.values()) {
            Compression compression = Compression.of(codec).build();
            print("v2-" + codec.name, MemoryRecords.withRecords((byte) 2, 40L, compression, TimestampType.CREATE_TIME, records));
        }
        for (byte magic = 0; magic < 2; magic++) {
            for (CompressionType codec : CompressionType.values()) {
                if (codec != CompressionType.ZSTD) {
                    legacy(magic, codec, magic == 0 ? TimestampType.NO_TIMESTAMP_TYPE : TimestampType.CREATE_TIME);
                }
            }
        }
        legacy((byte) 1, CompressionType.GZIP, TimestampType.LOG_APPEND_TIME);
        legacy((byte) 1, CompressionType.NONE, TimestampType.LOG_APPEND_TIME);
        print("v2-idempotent", MemoryRecords.withIdempotentRecords(Compression.NONE, 1234L, (short) 5, Integer.MAX_VALUE - 1, records));
        print("v2-transactional", MemoryRecords.withTransactionalRecords(500L, Compression.NONE, 1234L, (short) 5, 0, 3, records));
        print("v2-empty", emptyBatch());
        MemoryRecordsBuilder appended = MemoryRecords.builder(ByteBuffer.allocate(512), (byte) 2, Compression.NONE,
            TimestampType.LOG_APPEND_TIME, 9L, NOW);
        appended.append(5L, "k".getBytes(), "v".getBytes());
        print("v2-log-append-time", appended.build());
        for (ControlRecordType type : List.of(ControlRecordType.ABORT, ControlRecordType.COMMIT)) {
            print("marker-" + type, MemoryRecords.withEndTransactionMarker(17L, NOW, 2, 55L, (short) 1, new EndTransactionMarker(type, 8)));
        }
        print("leader-change", MemoryRecords.withLeaderChangeMessage(0L, NOW, 4, ByteBuffer.allocate(256),
            new LeaderChangeMessage().setLeaderId(3).setVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(3)))));
        print("snapshot-header", MemoryRecords.withSnapshotHeaderRecord(0L, NOW, 4, ByteBuffer.allocate(256),
            new SnapshotHeaderRecord().setLastContainedLogTimestamp(NOW)));
        print("snapshot-footer", MemoryRecords.withSnapshotFooterRecord(0L, NOW, 4, ByteBuffer.allocate(256),
            new SnapshotFooterRecord()));
        print("kraft-version", MemoryRecords.withKRaftVersionRecord(0L, NOW, 4, ByteBuffer.allocate(256),
            new KRaftVersionRecord().setKRaftVersion((short) 1)));
        print("kraft-voters", MemoryRecords.withVotersRecord(0L, NOW, 4, ByteBuffer.allocate(256),
            new VotersRecord().setVoters(List.of(new VotersRecord.Voter().setVoterId(3)))));
        horizon(records);
    }

    private static void legacy(byte magic, CompressionType codec, TimestampType type) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(512), magic,
            Compression.of(codec).build(), type, 100L, NOW);
        builder.appendWithOffset(100L, NOW, "key".getBytes(), "value".getBytes());
        builder.appendWithOffset(101L, NOW - 3, null, "0123456789".repeat(10).getBytes());
        builder.appendWithOffset(107L, NOW + 9, "tombstone".getBytes(), null);
        print("v" + magic + "-" + codec.name + (type == TimestampType.LOG_APPEND_TIME ? "-log-append-time" : ""), builder.build());
    }

    /** What compaction leaves of a batch whose records are all gone. */
    private static MemoryRecords emptyBatch() {
        ByteBuffer buffer = ByteBuffer.allocate(61);
        org.apache.kafka.common.record.internal.DefaultRecordBatch.writeEmptyHeader(buffer, (byte) 2, 77L, (short) 1, 12,
            200L, 209L, 6, TimestampType.CREATE_TIME, NOW, true, false);
        buffer.flip();
        return MemoryRecords.readableRecords(buffer);
    }

    /** A tombstone that compaction gave a delete horizon. */
    private static void horizon(SimpleRecord[] records) {
        MemoryRecordsBuilder builder = new MemoryRecordsBuilder(new ByteBufferOutputStream(512), (byte) 2,
            Compression.NONE, TimestampType.CREATE_TIME, 300L, -1L, -1L, (short) -1, -1, false, false, 6, 512, NOW + 86_400_000L);
        builder.appendWithOffset(301L, records[2]);
        builder.overrideLastOffset(305L);
        print("v2-delete-horizon", builder.build());
    }

    private static void print(String name, MemoryRecords records) {
        byte[] bytes = bytes(records.buffer());
        System.out.println("name " + name);
        System.out.println("bytes " + hex(ByteBuffer.wrap(bytes)));
        System.out.print(describe(bytes));
    }
}
