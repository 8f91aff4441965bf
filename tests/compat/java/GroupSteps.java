// Members that come, share, commit and go.
package compat;

import static compat.Steps.refused;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

final class GroupSteps {
    private final Steps steps;
    private final Clients clients;
    private final Admin admin;
    private final String topic;
    private final String group;

    GroupSteps(Steps steps, Clients clients) {
        this.steps = steps;
        this.clients = clients;
        this.admin = clients.admin;
        this.topic = steps.topic("group");
        this.group = steps.topic("readers");
    }

    void run() {
        commits();
        rebalances();
        staticMembers();
        staleMembers();
    }

    private Member member(String group, String name, Map<String, Object> more) {
        return new Member(clients, group, topic, name, more);
    }

    private void commits() {
        steps.step("group-consume", () -> {
            TopicSteps.create(admin, new NewTopic(topic, 3, (short) 1).configs(Map.of("retention.ms", "-1")));
            sendToEach(10);
            try (Member member = member(group, "a", Map.of())) {
                var records = member.take(30);
                member.consumer.commitSync();
                return Member.summary(records) + " committed=" + committed(group);
            }
        });
        steps.step("group-resume", () -> {
            sendToEach(1);
            try (Member member = member(group, "a", Map.of())) {
                return Member.summary(member.take(3));
            }
        });
        steps.step("group-commit-metadata", () -> {
            try (Member member = member(group, "a", Map.of())) {
                Member.settle(List.of(3), member);
                member.consumer.commitSync(Map.of(partition(0), new OffsetAndMetadata(5, "a note")));
                return committed(group);
            }
        });
        steps.step("group-commit-async", () -> {
            try (Member member = member(group, "a", Map.of())) {
                Member.settle(List.of(3), member);
                var done = new CompletableFuture<Void>();
                member.consumer.commitAsync(Map.of(partition(1), new OffsetAndMetadata(4)), (offsets, error) -> {
                    if (error == null) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(error);
                    }
                });
                Steps.await("the commit is answered", () -> {
                    member.poll();
                    return done.isDone();
                });
                done.get();
                return committed(group);
            }
        });
        steps.step("group-auto-commit", () -> {
            String other = steps.topic("auto-committed");
            try (Member member = member(other, "a", Map.of("enable.auto.commit", true))) {
                member.take(33);
            }
            return committed(other);
        });
        steps.step("group-commit-removed-member", () -> {
            String other = steps.topic("removed");
            try (Member member = member(other, "a", Map.of("heartbeat.interval.ms", 2000))) {
                member.take(33);
                admin.removeMembersFromConsumerGroup(other,
                        new org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions()).all().get();
                try {
                    member.consumer.commitSync();
                    return "accepted";
                } catch (CommitFailedException refused) {
                    return "client: CommitFailedException, committed=" + committed(other);
                }
            }
        });
    }

    private void rebalances() {
        steps.step("group-rebalance", () -> {
            String other = steps.topic("rebalanced");
            try (Member a = member(other, "a", Map.of())) {
                Member.settle(List.of(3), a);
                String both;
                try (Member b = member(other, "b", Map.of())) {
                    Member.settle(List.of(2, 1), a, b);
                    both = "a=" + a.assigned() + " b=" + b.assigned() + " " + describe(other);
                }
                Member.settle(List.of(3), a);
                return both + ", then a=" + a.assigned() + " revoked=" + a.revoked + " " + describe(other);
            }
        });
        steps.step("group-cooperative", () -> {
            String other = steps.topic("cooperative");
            Map<String, Object> assignor =
                    Map.of("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
            try (Member a = member(other, "a", assignor)) {
                Member.settle(List.of(3), a);
                String both;
                try (Member b = member(other, "b", assignor)) {
                    Member.settle(List.of(2, 1), a, b);
                    both = "2+1 revoked=" + a.revoked + " " + describe(other);
                }
                Member.settle(List.of(3), a);
                return both + ", then a=" + a.assigned() + " revoked=" + a.revoked;
            }
        });
    }

    private void staticMembers() {
        steps.step("group-static", () -> {
            String other = steps.topic("static");
            try (Member b = member(other, "b", Map.of("group.instance.id", "i2"))) {
                String before;
                try (Member a = member(other, "a", Map.of("group.instance.id", "i1"))) {
                    Member.settle(List.of(2, 1), a, b);
                    before = "a=" + a.assigned() + " b=" + b.assigned();
                }
                String away = describe(other);
                int revoked = b.revoked;
                try (Member a = member(other, "a", Map.of("group.instance.id", "i1"))) {
                    Member.settle(List.of(2, 1), a, b);
                    String back = "a=" + a.assigned() + " b=" + b.assigned() + " revoked=" + (b.revoked - revoked);
                    a.leave();
                    Member.settle(List.of(3), b);
                    String left = describe(other);
                    b.leave();
                    return before + " " + away + ", back " + back + ", left " + left;
                }
            }
        });
        steps.step("group-static-fenced", () -> {
            String other = steps.topic("fenced");
            try (Member a = member(other, "a", Map.of("group.instance.id", "i3"))) {
                Steps.await("the first is a member", () -> {
                    a.poll();
                    return !a.consumer.assignment().isEmpty();
                });
                try (Member twin = member(other, "a", Map.of("group.instance.id", "i3"))) {
                    return refused(Errors.FENCED_INSTANCE_ID, () -> {
                        Steps.await("the first is fenced", () -> {
                            twin.poll();
                            a.poll();
                            return false;
                        });
                        return "both live";
                    });
                }
            }
        });
    }

    /** The client's own member stays in the group while others speak in its name. */
    private void staleMembers() {
        steps.step("stale-member", () -> {
            String other = steps.topic("stale");
            try (Member a = member(other, "a", Map.of()); Wire wire = new Wire(steps.bootstrap)) {
                Member.settle(List.of(3), a);
                String id = a.consumer.groupMetadata().memberId();
                int generation = a.consumer.groupMetadata().generationId();
                Object[][] cases = {{"right", generation, id, "null"}, {"older generation", generation - 1, id, "null"},
                    {"newer generation", generation + 1, id, "null"}, {"unknown member", generation, "nobody", "null"},
                    {"unknown instance", generation, id, "'i9'"}};
                List<String> told = new ArrayList<>();
                for (Object[] one : cases) {
                    String who = "{groupId:'" + other + "', memberId:'" + one[2] + "', groupInstanceId:" + one[3];
                    String commit = who + ", generationIdOrMemberEpoch:" + one[1] + ", topics:[{name:'" + topic
                            + "', partitions:[{partitionIndex:0, committedOffset:2}]}]}";
                    told.add(one[0] + ": heartbeat "
                            + wire.show(Requests.of(ApiKeys.HEARTBEAT, who + ", generationId:" + one[1] + "}"), 4) + " commit "
                            + wire.show(Requests.of(ApiKeys.OFFSET_COMMIT, commit), 9));
                }
                return String.join(", ", told);
            }
        });
    }

    private TopicPartition partition(int index) {
        return new TopicPartition(topic, index);
    }

    private void sendToEach(int count) throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < 3; partition++) {
            records.addAll(Records.standard(topic, partition, count));
        }
        clients.send(Map.of(), records);
    }

    private String committed(String group) throws Exception {
        return Member.offsets(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get());
    }

    private String describe(String group) throws Exception {
        return GroupAdminSteps.describe(admin, group);
    }
}
