// Groups seen and changed from outside. Uses the topic and the group that `GroupSteps` made.
package compat;

import static compat.Steps.refused;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

final class GroupAdminSteps {
    private final Steps steps;
    private final Clients clients;
    private final Admin admin;
    private final String group;
    private final TopicPartition partition;

    GroupAdminSteps(Steps steps, Clients clients) {
        this.steps = steps;
        this.clients = clients;
        this.admin = clients.admin;
        this.group = steps.topic("readers");
        this.partition = new TopicPartition(steps.topic("group"), 0);
    }

    void run() {
        views();
        offsets();
        deletion();
    }

    private void views() {
        steps.step("group-describe", () -> {
            try (Member a = new Member(clients, group, partition.topic(), "a", Map.of())) {
                Member.settle(List.of(3), a);
                return describe(admin, group);
            }
        });
        steps.step("group-describe-empty", () -> describe(admin, group));
        steps.step("group-describe-unknown", () -> refused(Errors.GROUP_ID_NOT_FOUND,
                () -> describe(admin, steps.topic("nobody"))));
        steps.step("group-list", () -> list(new ListGroupsOptions()));
        steps.step("group-list-empty", () -> list(new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY))));
        steps.step("group-list-stable", () -> list(new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE))));
    }

    private String list(ListGroupsOptions options) throws Exception {
        return admin.listGroups(options).all().get().stream()
                .filter(one -> one.groupId().startsWith(steps.prefix + "-"))
                // A static member stays until its session ends: that group is in one state or the other.
                .filter(one -> !one.groupId().equals(steps.topic("fenced")))
                // A static member stays until its session ends: that group is in one state or the other.
                .filter(one -> !one.groupId().equals(steps.topic("fenced")))
                .sorted(Comparator.comparing(GroupListing::groupId))
                .map(one -> one.groupId().substring(steps.prefix.length() + 1) + " " + one.protocol() + " "
                        + one.type().map(Object::toString).orElse("?") + " "
                        + one.groupState().map(Object::toString).orElse("?"))
                .collect(Collectors.joining(", "));
    }

    private void offsets() {
        steps.step("group-reset-offsets", () -> {
            alter(5);
            try (Member a = new Member(clients, group, partition.topic(), "a", Map.of())) {
                return Member.summary(a.take(14));
            }
        });
        steps.step("group-reset-active", () -> {
            try (Member a = new Member(clients, group, partition.topic(), "a", Map.of())) {
                Member.settle(List.of(3), a);
                return refused(Errors.UNKNOWN_MEMBER_ID, () -> alter(1));
            }
        });
        steps.step("group-delete-offsets", () -> {
            admin.deleteConsumerGroupOffsets(group, Set.of(partition)).all().get();
            return Member.offsets(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get());
        });
        steps.step("group-delete-offsets-active", () -> {
            try (Member a = new Member(clients, group, partition.topic(), "a", Map.of())) {
                Member.settle(List.of(3), a);
                return refused(Errors.GROUP_SUBSCRIBED_TO_TOPIC,
                        () -> admin.deleteConsumerGroupOffsets(group, Set.of(partition)).all().get());
            }
        });
        steps.step("group-offsets-unknown", () -> Member.offsets(
                admin.listConsumerGroupOffsets(steps.topic("nobody")).partitionsToOffsetAndMetadata().get()));
    }

    private Object alter(long offset) throws Exception {
        return admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset))).all().get();
    }

    private void deletion() {
        steps.step("group-delete-active", () -> {
            try (Member a = new Member(clients, group, partition.topic(), "a", Map.of())) {
                Member.settle(List.of(3), a);
                return refused(Errors.NON_EMPTY_GROUP, () -> admin.deleteConsumerGroups(Set.of(group)).all().get());
            }
        });
        steps.step("group-delete", () -> {
            admin.deleteConsumerGroups(Set.of(group)).all().get();
            return "ok, then " + refused(Errors.GROUP_ID_NOT_FOUND, () -> describe(admin, group));
        });
        steps.step("group-delete-unknown", () -> refused(Errors.GROUP_ID_NOT_FOUND,
                () -> admin.deleteConsumerGroups(Set.of(steps.topic("nobody"))).all().get()));
    }

    /** State, assignor and members of a group, without the ids that differ in each run. */
    static String describe(Admin admin, String group) throws Exception {
        var description = admin.describeConsumerGroups(Set.of(group)).all().get().get(group);
        var members = description.members().stream()
                .map(one -> one.clientId() + one.groupInstanceId().map(id -> "/" + id).orElse("") + "@" + one.host() + "="
                        + one.assignment().topicPartitions().stream().map(TopicPartition::partition).sorted().toList())
                .sorted().collect(Collectors.joining(" "));
        return description.groupState() + " " + description.type() + " assignor=" + description.partitionAssignor()
                + " coordinator=" + description.coordinator().id() + " members={" + members + "}";
    }
}
