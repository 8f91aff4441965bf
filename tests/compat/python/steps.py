"""One line per step, and the records all families send; the words are those of README.md."""

import hashlib
import re
import sys
import time
import traceback
from collections import namedtuple

BASE_TIMESTAMP = 1_700_000_000_000
COUNT = 20
# Bounds a failing run only.
PATIENCE = 20

# The protocol's names of the codes that steps meet.
ERRORS = {
    0: "NONE",
    1: "OFFSET_OUT_OF_RANGE", 2: "CORRUPT_MESSAGE", 3: "UNKNOWN_TOPIC_OR_PARTITION", 7: "REQUEST_TIMED_OUT",
    10: "MESSAGE_TOO_LARGE", 15: "COORDINATOR_NOT_AVAILABLE", 16: "NOT_COORDINATOR",
    17: "INVALID_TOPIC_EXCEPTION", 18: "RECORD_LIST_TOO_LARGE", 22: "ILLEGAL_GENERATION", 24: "INVALID_GROUP_ID",
    25: "UNKNOWN_MEMBER_ID", 26: "INVALID_SESSION_TIMEOUT", 27: "REBALANCE_IN_PROGRESS", 32: "INVALID_TIMESTAMP",
    36: "TOPIC_ALREADY_EXISTS", 37: "INVALID_PARTITIONS", 38: "INVALID_REPLICATION_FACTOR",
    39: "INVALID_REPLICA_ASSIGNMENT", 40: "INVALID_CONFIG", 42: "INVALID_REQUEST",
    45: "OUT_OF_ORDER_SEQUENCE_NUMBER", 46: "DUPLICATE_SEQUENCE_NUMBER", 47: "INVALID_PRODUCER_EPOCH",
    53: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", 68: "NON_EMPTY_GROUP",
    69: "GROUP_ID_NOT_FOUND", 79: "MEMBER_ID_REQUIRED", 82: "FENCED_INSTANCE_ID",
    86: "GROUP_SUBSCRIBED_TO_TOPIC", 87: "INVALID_RECORD",
}

Record = namedtuple("Record", "partition offset timestamp key value headers", defaults=(None,) * 6)


class Refused(Exception):
    """An error of a broker that a client gives as a value instead of raising it."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def error_name(code):
    return ERRORS.get(code, f"error {code}")


class Steps:
    """Runs the steps of one client and counts those whose own assertions failed."""

    def __init__(self, adapter, bootstrap, prefix):
        self.adapter = adapter
        self.bootstrap = bootstrap
        self.prefix = prefix
        self.failures = 0

    def topic(self, name):
        return f"{self.prefix}-{name}"

    def step(self, name, body):
        if name in self.adapter.skips:
            print(f"{name}\tskip: {self.adapter.skips[name]}", flush=True)
            return
        try:
            result = str(body())
        except Exception as failure:  # whatever it is, the next step goes on
            self.failures += 1
            result = f"FAIL {self.code(failure)}: {failure}"
            traceback.print_exc(file=sys.stderr)
        print(name + "\t" + re.sub(r"[\t\r\n]+", " ", result), flush=True)

    def refuse(self, name, expected, body):
        """A step that must be refused with a code; a client may tell it in its own words."""
        self.step(name, lambda: self.refused(self.adapter.expected.get(name, expected), body))

    def refused(self, expected, body):
        try:
            code = f"accepted: {body()}"
        except Exception as failure:
            code = self.code(failure)
        return expect_equal(expected, code)

    def code(self, failure):
        if isinstance(failure, Refused):
            return failure.code
        return self.adapter.code(failure) or f"client: {type(failure).__name__}"


def expect(holds, rule):
    if not holds:
        raise AssertionError(rule)


def expect_equal(expected, actual):
    expect(expected == actual, f"expected {expected}, got {actual}")
    return actual


def wait(what, condition):
    """Polls until `condition` holds; gives what it gave."""
    deadline = time.monotonic() + PATIENCE
    while True:
        result = condition()
        if result:
            return result
        expect(time.monotonic() < deadline, f"waited too long until {what}")
        time.sleep(0.01)


def standard(count=COUNT, null_headers=True):
    """The records every family sends, as stored from offset 0 on; some clients know no header without a value."""
    return [Record(None, i, BASE_TIMESTAMP + i * 1000, _key(i), _value(i), _headers(i, null_headers))
            for i in range(count)]


def _key(i):
    return None if i % 5 == 4 else b"key-%d" % (i % 7)


def _value(i):
    if i % 10 == 7:
        return None
    return b"" if i % 10 == 3 else b"value-%d-" % i + b"abcdefghij" * (i % 20)


def _headers(i, null_headers):
    if i % 3 != 0:
        return []
    return [("trace", b"t%d" % i), ("trace", b"again"), ("none", None if null_headers else b"")]


def _text(data):
    return "~" if data is None else data.decode()


def summary(records):
    """`N records FIRST..LAST sha256=...` of what was read from one partition."""
    if not records:
        return "0 records"
    digest = hashlib.sha256()
    for one in records:
        fields = [str(one.offset), str(one.timestamp), _text(one.key), _text(one.value)]
        fields += [f"{key}={_text(value)}" for key, value in one.headers or []]
        digest.update(("|".join(fields) + "\n").encode())
    return f"{len(records)} records {records[0].offset}..{records[-1].offset} sha256={digest.hexdigest()[:12]}"


def by_partition(records):
    parts = {}
    for one in records:
        parts.setdefault(one.partition, []).append(one)
    return ", ".join(f"{partition}: {summary(parts[partition])}" for partition in sorted(parts))


def main(make_adapter, *parts):
    """Runs all parts in order; arguments: bootstrap address, prefix of topics and groups."""
    adapter = make_adapter(sys.argv[1])
    steps = Steps(adapter, sys.argv[1], sys.argv[2])
    print(f"client\t{adapter.client}", flush=True)
    for part in parts:
        part(steps, adapter)
    adapter.close()
    sys.exit(0 if steps.failures == 0 else 1)
