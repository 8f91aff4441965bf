// What tools look at: records, committed offsets, members. The same for every tool and system.
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

final class Scenery implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long FIRST_TIMESTAMP = 1_700_000_000_000L;

    private final String bootstrap;
    private final Admin admin;
    private final List<Member> members = new ArrayList<>();

    Scenery(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    void act(String verb, String[] words) throws Exception {
        switch (verb) {
            case "+produce" -> produce(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            case "+commit" -> commit(words[0], new TopicPartition(words[1], Integer.parseInt(words[2])), Long.parseLong(words[3]));
            case "+join" -> members.add(new Member(bootstrap, words));
            case "+leave" -> leave();
            case "+topic" -> await(words[0], true);
            case "+log" -> InternalLogs.write(words[0], Path.of(words[1]));
            case "+gone" -> await(words[0], false);
            default -> throw new IllegalArgumentException("unknown verb " + verb);
        }
    }

    /** Records one second apart. */
    private void produce(String topic, int partition, int count) throws Exception {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (int at = 0; at < count; at++) {
                long timestamp = FIRST_TIMESTAMP + at * 1000L;
                producer.send(new ProducerRecord<>(topic, partition, timestamp, "k" + at, "v" + at)).get();
            }
        }
    }

    private void commit(String group, TopicPartition at, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(group, Map.of(at, new OffsetAndMetadata(offset))).all().get();
    }

    private void leave() throws Exception {
        for (Member member : members) {
            member.close();
        }
        members.clear();
    }

    /** Waits until the topic has leaders, or is gone. */
    private void await(String topic, boolean present) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            boolean found = false;
            try {
                TopicDescription description = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
                found = description.partitions().stream().allMatch(partition -> partition.leader() != null);
            } catch (java.util.concurrent.ExecutionException absent) {
                found = false;
            }
            if (found == present) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException(topic + " did not become " + (present ? "present" : "absent"));
    }

    @Override
    public void close() throws Exception {
        leave();
        admin.close();
    }

    /** A consumer of group, topic, client id and maybe instance id that polls until it is closed. */
    private static final class Member {
        private final KafkaConsumer<String, String> consumer;
        private final Thread thread;
        private volatile boolean ended;

        Member(String bootstrap, String[] words) throws InterruptedException {
            Properties properties = new Properties();
            properties.put("bootstrap.servers", bootstrap);
            properties.put("group.id", words[0]);
            properties.put("client.id", words[2]);
            properties.put("enable.auto.commit", "false");
            if (words.length > 3) {
                properties.put("group.instance.id", words[3]);
            }
            consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
            consumer.subscribe(List.of(words[1]));
            CountDownLatch assigned = new CountDownLatch(1);
            thread = new Thread(() -> {
                while (!ended) {
                    consumer.poll(Duration.ofMillis(50));
                    if (!consumer.assignment().isEmpty()) {
                        assigned.countDown();
                    }
                }
                consumer.close();
            });
            thread.start();
            if (!assigned.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nothing assigned");
            }
        }

        void close() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }
}
