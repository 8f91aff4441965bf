"""What no client library sends by itself: members and producers that are stale, sequences out of order."""

from group_steps import settle
from raw import Raw, batch
from steps import BASE_TIMESTAMP, expect

# Epoch, sequence and number of records: in order, doubled, ahead, behind; then a new epoch, which begins at 0 and
# fences the former one.
PLAYED = [(0, 0, 2), (0, 2, 3), (0, 2, 3), (0, 9, 1), (0, 1, 1), (0, 5, 1), (1, 4, 1), (1, 0, 2), (0, 6, 1), (1, 2, 1)]
# A fresh group with one member has been through few generations.
GENERATIONS = range(1, 10)


def run(steps, client):
    steps.step("producer-sequences", lambda: _sequences(steps, client))
    steps.step("stale-member", lambda: _stale(steps, client))


def _sequences(steps, client):
    topic = steps.topic("sequences")
    client.create_topic(topic, partitions=1, replication=1, configs={"retention.ms": "-1"})
    # The client waits until the topic can be written.
    client.send(topic, client.standard(1))
    answers = []
    with Raw(steps.bootstrap) as raw:
        producer = raw.producer_id()
        for epoch, sequence, count in PLAYED:
            values = [b"value-%d" % i for i in range(count)]
            answer = raw.produce(topic, batch(producer, epoch, sequence, values, BASE_TIMESTAMP))
            answers.append(f"e{epoch} s{sequence}+{count} {answer}")
    return ", ".join(answers)


def _stale(steps, client):
    """The client's own member stays in the group while others speak in its name."""
    group, topic = steps.topic("stale"), steps.topic("group")
    with client.member(group, topic, "a") as member, Raw(steps.bootstrap) as raw:
        settle([3], member)
        name = raw.only_member(group)
        right = next((one for one in GENERATIONS if raw.heartbeat(group, one, name, None) == "NONE"), None)
        expect(right is not None, "the member's generation is found")
        cases = {"right": (right, name, None), "older generation": (right - 1, name, None),
                 "newer generation": (right + 1, name, None), "unknown member": (right, "nobody", None),
                 "unknown instance": (right, name, "i9")}
        return ", ".join(f"{told}: heartbeat {raw.heartbeat(group, *case)} commit {raw.commit(group, *case, topic)}"
                         for told, case in cases.items())
