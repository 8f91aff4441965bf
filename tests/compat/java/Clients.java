// Clients with the settings of the suite: short waits, nothing hidden by long retries; batches end by flush alone.
package compat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

final class Clients {
    private final String bootstrap;
    final Admin admin;

    Clients(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "request.timeout.ms", 10000,
                "default.api.timeout.ms", 20000));
    }

    Producer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers", bootstrap, "enable.idempotence", false, "linger.ms", 5000,
                "delivery.timeout.ms", 20000, "request.timeout.ms", 10000, "max.block.ms", 20000));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    Consumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers", bootstrap, "group.protocol", "classic", "enable.auto.commit", false,
                "auto.offset.reset", "earliest", "heartbeat.interval.ms", 100, "session.timeout.ms", 6000,
                "fetch.max.wait.ms", 100, "default.api.timeout.ms", 20000, "retry.backoff.ms", 20,
                "allow.auto.create.topics", false));
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Sends all and waits for all; the offsets as `FIRST..LAST` of one partition. */
    String send(Map<String, Object> settings, List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        try (var producer = producer(settings)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (var record : records) {
                sent.add(producer.send(record));
            }
            producer.flush();
            long first = sent.get(0).get().offset();
            long last = first;
            for (var one : sent) {
                last = one.get().offset();
            }
            return records.size() + " records " + first + ".." + last;
        }
    }

    /** Sends one record; its metadata or the error it was refused with. */
    RecordMetadata sendOne(Map<String, Object> settings, ProducerRecord<byte[], byte[]> record) throws Exception {
        try (var producer = producer(settings)) {
            var sent = producer.send(record);
            producer.flush();
            return sent.get();
        }
    }

    /** Polls until `count` records have come. */
    static List<ConsumerRecord<byte[], byte[]>> take(Consumer<byte[], byte[]> consumer, int count) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Steps.await(count + " records were read", () -> {
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            return records.size() >= count;
        });
        return records;
    }

    /** Reads `count` records of partition 0 from its beginning, without a group. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, int count, Map<String, Object> settings) throws Exception {
        try (var consumer = consumer(settings)) {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return take(consumer, count);
        }
    }
}
