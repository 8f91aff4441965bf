"""Requests that no client library sends, in versions of a fixed form, over a connection of the suite's own."""

import socket
import struct

from steps import PATIENCE, error_name

PRODUCE, OFFSET_COMMIT, HEARTBEAT, DESCRIBE_GROUPS, INIT_PRODUCER_ID = 0, 8, 12, 15, 22
VERSIONS = {PRODUCE: 8, OFFSET_COMMIT: 7, HEARTBEAT: 3, DESCRIBE_GROUPS: 0, INIT_PRODUCER_ID: 1}
# Length of the header of a batch up to the end of its length field, and whole.
LENGTH_END, HEADER = 12, 61


def text(value):
    if value is None:
        return struct.pack(">h", -1)
    data = value.encode()
    return struct.pack(">h", len(data)) + data


def array(*items):
    return struct.pack(">i", len(items)) + b"".join(items)


class Answer:
    """Reads an answer field by field."""

    def __init__(self, data):
        self.data, self.place = data, 0

    def take(self, form):
        values = struct.unpack_from(">" + form, self.data, self.place)
        self.place += struct.calcsize(">" + form)
        return values if len(values) > 1 else values[0]

    def bytes(self, form):
        size = max(self.take(form), 0)
        self.place += size
        return self.data[self.place - size:self.place]

    def text(self):
        return self.bytes("h").decode()


class Raw:
    def __init__(self, bootstrap):
        host, _, port = bootstrap.rpartition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.socket.close()

    def call(self, key, body):
        frame = struct.pack(">hhi", key, VERSIONS[key], 7) + text("raw") + body
        self.socket.sendall(struct.pack(">i", len(frame)) + frame)
        size, = struct.unpack(">i", self._receive(4))
        answer = Answer(self._receive(size))
        if answer.take("i") != 7:
            raise AssertionError("the answer has its request's correlation id")
        return answer

    def _receive(self, size):
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise ConnectionError("the broker closed the connection")
            data += part
        return data

    def only_member(self, group):
        answer = self.call(DESCRIBE_GROUPS, array(text(group)))
        answer.take("ih")
        for _ in range(4):
            answer.text()
        if answer.take("i") != 1:
            raise AssertionError("the group has one member")
        return answer.text()

    def heartbeat(self, group, generation, member, instance):
        body = text(group) + struct.pack(">i", generation) + text(member) + text(instance)
        return error_name(self.call(HEARTBEAT, body).take("ih")[1])

    def commit(self, group, generation, member, instance, topic):
        partition = struct.pack(">iqi", 0, 2, -1) + text("")
        body = (text(group) + struct.pack(">i", generation) + text(member) + text(instance)
                + array(text(topic) + array(partition)))
        answer = self.call(OFFSET_COMMIT, body)
        answer.take("ii")
        answer.text()
        return error_name(answer.take("iih")[2])

    def producer_id(self):
        _, code, producer, epoch = self.call(INIT_PRODUCER_ID, text(None) + struct.pack(">i", 60_000)).take("ihqh")
        if (code, epoch) != (0, 0):
            raise AssertionError("a fresh id has epoch 0")
        return producer

    def produce(self, topic, batch):
        partition = struct.pack(">ii", 0, len(batch)) + batch
        body = text(None) + struct.pack(">hi", -1, 5000) + array(text(topic) + array(partition))
        answer = self.call(PRODUCE, body)
        answer.take("i")
        answer.text()
        _, _, code, offset, _, start = answer.take("iihqqq")
        return f"{error_name(code)}@{offset} start={start}"


def batch(producer, epoch, sequence, values, timestamp):
    """One batch of format 2 of records that have values only."""
    records = b"".join(_record(delta, value) for delta, value in enumerate(values))
    count = len(values)
    checked = struct.pack(">hiqqqhii", 0, count - 1, timestamp, timestamp, producer, epoch, sequence, count) + records
    head = struct.pack(">qiiBI", 0, HEADER - LENGTH_END + len(records), -1, 2, crc32c(checked))
    return head + checked


def _record(delta, value):
    # Attributes, no time of its own, place, no key, value, no headers.
    body = b"\0\0" + varint(delta) + varint(-1) + varint(len(value)) + value + b"\0"
    return varint(len(body)) + body


def varint(number):
    rest = (number << 1) ^ (number >> 63)
    data = bytearray()
    while rest > 0x7F:
        data.append(rest & 0x7F | 0x80)
        rest >>= 7
    data.append(rest)
    return bytes(data)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF
