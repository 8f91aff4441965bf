"""Members that come, share, commit and go; groups seen and changed from outside."""

from steps import by_partition, expect_equal, wait


def run(steps, client):
    topic, group = steps.topic("group"), steps.topic("readers")
    _commits(steps, client, topic, group)
    _rebalances(steps, client, topic)
    _static(steps, client, topic)
    _views(steps, client, topic, group)
    _offsets(steps, client, topic, group)
    _deletion(steps, client, topic, group)


def settle(sizes, *members):
    """Polls all members in turn until they own partitions in these numbers."""
    def done():
        for member in members:
            member.poll()
        return [len(member.assigned()) for member in members] == sizes

    wait(f"assignments have the sizes {sizes}", done)


def take(member, count):
    def done():
        member.poll()
        return len(member.records) >= count

    wait(f"{count} records came", done)
    return by_partition(member.records)


def _send_to_each(client, topic, count):
    for partition in range(3):
        client.send(topic, client.standard(count), partition=partition)


def _shown(offsets):
    return "{" + ", ".join(f"{partition}={offset}" + (f" {note}" if note else "")
                           for partition, (offset, note) in sorted(offsets.items())) + "}"


def _commits(steps, client, topic, group):
    def committed(name=group):
        return _shown(client.group_offsets(name, topic))

    def consume():
        client.create_topic(topic, partitions=3, replication=1, configs={"retention.ms": "-1"})
        _send_to_each(client, topic, 10)
        with client.member(group, topic, "a") as member:
            read = take(member, 30)
            member.commit()
            return f"{read} committed={committed()}"

    steps.step("group-consume", consume)

    def resume():
        _send_to_each(client, topic, 1)
        with client.member(group, topic, "a") as member:
            return take(member, 3)

    steps.step("group-resume", resume)

    def note():
        with client.member(group, topic, "a") as member:
            settle([3], member)
            member.commit({0: (5, "a note")})
            return committed()

    steps.step("group-commit-metadata", note)

    def automatic():
        other = steps.topic("auto-committed")
        with client.member(other, topic, "a", auto_commit=True) as member:
            take(member, 33)
        return committed(other)

    steps.step("group-auto-commit", automatic)

    def removed():
        other = steps.topic("removed")
        with client.member(other, topic, "a", slow_heartbeat=True) as member:
            take(member, 33)
            client.remove_members(other)
            code = steps.refused(client.expected.get("group-commit-removed-member", "UNKNOWN_MEMBER_ID"), member.commit)
            return f"{code}, committed={committed(other)}"

    steps.step("group-commit-removed-member", removed)


def _rebalances(steps, client, topic):
    def rebalance():
        other = steps.topic("rebalanced")
        with client.member(other, topic, "a") as a:
            settle([3], a)
            with client.member(other, topic, "b") as b:
                settle([2, 1], a, b)
                both = f"a={a.assigned()} b={b.assigned()} {client.describe_group(other)}"
            settle([3], a)
            return f"{both}, then a={a.assigned()} {client.describe_group(other)}"

    steps.step("group-rebalance", rebalance)

    def cooperative():
        other = steps.topic("cooperative")
        with client.member(other, topic, "a", cooperative=True) as a:
            settle([3], a)
            with client.member(other, topic, "b", cooperative=True) as b:
                settle([2, 1], a, b)
                both = f"2+1 {client.describe_group(other, partitions=False)}"
            settle([3], a)
            return f"{both}, then a={a.assigned()}"

    steps.step("group-cooperative", cooperative)


def _static(steps, client, topic):
    def returning():
        other = steps.topic("static")
        with client.member(other, topic, "b", instance="i2") as b:
            with client.member(other, topic, "a", instance="i1") as a:
                settle([2, 1], a, b)
                before = f"a={a.assigned()} b={b.assigned()}"
            away = client.describe_group(other)
            with client.member(other, topic, "a", instance="i1") as a:
                settle([2, 1], a, b)
                return f"{before} {away}, back a={a.assigned()} b={b.assigned()}"

    steps.step("group-static", returning)

    def fenced():
        other = steps.topic("fenced")
        with client.member(other, topic, "a", instance="i3") as a:
            settle([3], a)
            with client.member(other, topic, "a", instance="i3") as twin:
                settle([3], twin)
                fenced = a.commit if client.is_fenced_at_commit else lambda: wait("the first is fenced", a.poll)
                return steps.refused(client.expected.get("group-static-fenced", "FENCED_INSTANCE_ID"), fenced)

    steps.step("group-static-fenced", fenced)


def _views(steps, client, topic, group):
    def active():
        with client.member(group, topic, "a") as a:
            settle([3], a)
            return client.describe_group(group)

    steps.step("group-describe", active)
    steps.step("group-describe-empty", lambda: client.describe_group(group))
    # Old clients know no group that is not there: it is dead.
    steps.refuse("group-describe-unknown", "GROUP_ID_NOT_FOUND", lambda: client.describe_group(steps.topic("nobody")))

    # Static members stay until their session ends: those groups are in one state or the other.
    def listed(states=None):
        own = steps.prefix + "-"
        found = [(name[len(own):], state) for name, state in client.groups(states) if name.startswith(own)]
        return ", ".join(f"{name} {state}".strip() for name, state in sorted(found)
                         if name not in ("static", "fenced"))

    steps.step("group-list", listed)
    steps.step("group-list-empty", lambda: listed(["Empty"]))


def _offsets(steps, client, topic, group):
    def reset():
        client.alter_group_offsets(group, topic, {0: 5})
        with client.member(group, topic, "a") as a:
            return f"{_shown(client.group_offsets(group, topic))} {take(a, 8)}"

    steps.step("group-reset-offsets", reset)

    def active(change):
        def body():
            with client.member(group, topic, "a") as a:
                settle([3], a)
                return change()

        return body

    steps.refuse("group-reset-active", "UNKNOWN_MEMBER_ID",
                 active(lambda: client.alter_group_offsets(group, topic, {0: 1})))

    def delete():
        client.delete_group_offsets(group, topic, [0])
        return _shown(client.group_offsets(group, topic))

    steps.step("group-delete-offsets", delete)
    steps.refuse("group-delete-offsets-active", "GROUP_SUBSCRIBED_TO_TOPIC",
                 active(lambda: client.delete_group_offsets(group, topic, [0])))
    steps.step("group-offsets-unknown", lambda: expect_equal(
        "{}", _shown(client.group_offsets(steps.topic("nobody"), topic))))


def _deletion(steps, client, topic, group):
    def active():
        with client.member(group, topic, "a") as a:
            settle([3], a)
            return client.delete_group(group)

    steps.refuse("group-delete-active", "NON_EMPTY_GROUP", active)

    def gone():
        client.delete_group(group)
        listed = [name for name, _ in client.groups(None)]
        return f"ok, then listed={group in listed}"

    steps.step("group-delete", gone)
    steps.refuse("group-delete-unknown", "GROUP_ID_NOT_FOUND", lambda: client.delete_group(steps.topic("nobody")))
