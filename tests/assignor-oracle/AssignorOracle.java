// Shares out partitions with Kafka's own assignors, so that ours can be compared with them.
//
// Standard input is a run of questions, each answered on standard output. A text is what DataInput.readUTF reads.
//   question: text assignor; int32 topics, each: text name, int32 partitions, each: int32 racks, texts;
//             int32 members, each: text id, int32 topics, texts, int32 owned partitions, each text topic and int32
//             number, int32 generation (-1 for none), text rack, text instance id (empty for none),
//             int32 bytes of user data (-1 for none), bytes
//   answer:   int32 members, each: text id, int32 partitions, each text topic and int32 number
// Members are given to the assignor in the order of their ids.

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.clients.consumer.internals.AbstractPartitionAssignor;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

public class AssignorOracle {
    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        while (true) {
            String name;
            try {
                name = in.readUTF();
            } catch (EOFException end) {
                return;
            }
            Map<String, List<PartitionInfo>> topics = readTopics(in);
            Map<String, Subscription> members = readMembers(in);
            write(out, assignor(name).assignPartitions(topics, members));
            out.flush();
        }
    }

    private static AbstractPartitionAssignor assignor(String name) {
        switch (name) {
            case "range": return new RangeAssignor();
            case "roundrobin": return new RoundRobinAssignor();
            case "sticky": return new StickyAssignor();
            case "cooperative-sticky": return new CooperativeStickyAssignor();
            default: throw new IllegalArgumentException(name);
        }
    }

    private static Map<String, List<PartitionInfo>> readTopics(DataInputStream in) throws IOException {
        Map<String, List<PartitionInfo>> topics = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String topic = in.readUTF();
            List<PartitionInfo> partitions = new ArrayList<>();
            int count = in.readInt();
            for (int number = 0; number < count; number++) {
                Node[] replicas = new Node[in.readInt()];
                for (int at = 0; at < replicas.length; at++) {
                    replicas[at] = new Node(at, "host", 1, in.readUTF());
                }
                partitions.add(new PartitionInfo(topic, number, null, replicas, replicas));
            }
            topics.put(topic, partitions);
        }
        return topics;
    }

    private static Map<String, Subscription> readMembers(DataInputStream in) throws IOException {
        Map<String, Subscription> members = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            String id = in.readUTF();
            List<String> topics = new ArrayList<>();
            for (int more = in.readInt(); more > 0; more--) {
                topics.add(in.readUTF());
            }
            List<TopicPartition> owned = new ArrayList<>();
            for (int more = in.readInt(); more > 0; more--) {
                String topic = in.readUTF();
                owned.add(new TopicPartition(topic, in.readInt()));
            }
            int generation = in.readInt();
            Optional<String> rack = Optional.of(in.readUTF()).filter(text -> !text.isEmpty());
            Optional<String> instance = Optional.of(in.readUTF()).filter(text -> !text.isEmpty());
            int size = in.readInt();
            ByteBuffer userData = size < 0 ? null : ByteBuffer.wrap(in.readNBytes(size));
            Subscription subscription = new Subscription(topics, userData, owned, generation, rack);
            subscription.setGroupInstanceId(instance);
            members.put(id, subscription);
        }
        return members;
    }

    private static void write(DataOutputStream out, Map<String, List<TopicPartition>> assigned) throws IOException {
        out.writeInt(assigned.size());
        for (Map.Entry<String, List<TopicPartition>> member : assigned.entrySet()) {
            out.writeUTF(member.getKey());
            out.writeInt(member.getValue().size());
            for (TopicPartition partition : member.getValue()) {
                out.writeUTF(partition.topic());
                out.writeInt(partition.partition());
            }
        }
    }
}
