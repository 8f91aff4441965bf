// The records every family sends, and their one canonical rendering (see README.md).
package compat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

final class Records {
    static final long BASE_TIMESTAMP = 1_700_000_000_000L;
    static final int COUNT = 20;

    private Records() {}

    static List<ProducerRecord<byte[], byte[]>> standard(String topic, Integer partition, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var record = new ProducerRecord<>(topic, partition, BASE_TIMESTAMP + i * 1000L, key(i), value(i));
            if (i % 3 == 0) {
                record.headers().add("trace", bytes("t" + i)).add("trace", bytes("again")).add("none", null);
            }
            records.add(record);
        }
        return records;
    }

    private static byte[] key(int i) {
        return i % 5 == 4 ? null : bytes("key-" + i % 7);
    }

    private static byte[] value(int i) {
        if (i % 10 == 7) {
            return null;
        }
        return bytes(i % 10 == 3 ? "" : "value-" + i + "-" + "abcdefghij".repeat(i % 20));
    }

    /** `N records FIRST..LAST sha256=...` of what was read from one partition. */
    static String summary(List<ConsumerRecord<byte[], byte[]>> records) {
        if (records.isEmpty()) {
            return "0 records";
        }
        StringBuilder text = new StringBuilder();
        for (var record : records) {
            line(text, record.offset(), record.timestamp(), record.key(), record.value(), record.headers());
        }
        long first = records.get(0).offset();
        long last = records.get(records.size() - 1).offset();
        return records.size() + " records " + first + ".." + last + " sha256=" + digest(text.toString());
    }

    /** What `summary` must give for the standard records stored from offset 0. */
    static String standardSummary(int count) {
        StringBuilder text = new StringBuilder();
        long offset = 0;
        for (var record : standard("", null, count)) {
            line(text, offset++, record.timestamp(), record.key(), record.value(), record.headers());
        }
        return count + " records 0.." + (count - 1) + " sha256=" + digest(text.toString());
    }

    private static void line(
            StringBuilder text, long offset, long timestamp, byte[] key, byte[] value, Iterable<Header> headers) {
        text.append(offset).append('|').append(timestamp).append('|').append(text(key)).append('|').append(text(value));
        for (Header header : headers) {
            text.append('|').append(header.key()).append('=').append(text(header.value()));
        }
        text.append('\n');
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "~" : new String(bytes, StandardCharsets.UTF_8);
    }

    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes(text));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (java.security.NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
