// A group member; its client id decides its place in the assignor's order.
package compat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

final class Member implements AutoCloseable {
    final Consumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    /** Partitions taken away while the member lived. */
    int revoked;

    Member(Clients clients, String group, String topic, String name, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of("group.id", group, "client.id", name));
        settings.putAll(more);
        consumer = clients.consumer(settings);
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                revoked += partitions.size();
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
        });
    }

    String assigned() {
        return consumer.assignment().stream().map(TopicPartition::partition).sorted().toList().toString();
    }

    /** Polls all members in turn until they own partitions in these numbers. */
    static void settle(List<Integer> sizes, Member... members) throws Exception {
        Steps.await("assignments have the sizes " + sizes, () -> {
            for (Member member : members) {
                member.poll();
            }
            return Arrays.stream(members).map(member -> member.consumer.assignment().size()).toList().equals(sizes);
        });
    }

    void poll() {
        consumer.poll(Duration.ofMillis(20)).forEach(records::add);
    }

    List<ConsumerRecord<byte[], byte[]>> take(int count) throws Exception {
        Steps.await(count + " records came", () -> {
            poll();
            return records.size() >= count;
        });
        return records;
    }

    /** Per partition what was read. */
    static String summary(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<Integer, List<ConsumerRecord<byte[], byte[]>>> partitions = new TreeMap<>();
        records.forEach(one -> partitions.computeIfAbsent(one.partition(), any -> new ArrayList<>()).add(one));
        List<String> parts = new ArrayList<>();
        partitions.forEach((partition, some) -> parts.add(partition + ": " + Records.summary(some)));
        return String.join(", ", parts);
    }

    static String offsets(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<Integer, String> sorted = new TreeMap<>();
        offsets.forEach((partition, offset) -> sorted.put(partition.partition(), offset == null ? "none"
                : offset.offset() + (offset.metadata().isEmpty() ? "" : " " + offset.metadata())));
        return sorted.toString();
    }

    void leave() {
        consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
