"""What the steps ask of every client: the shapes of answers, readers of one partition, members of groups."""

import concurrent.futures
import queue
import threading
from collections import namedtuple

from steps import PATIENCE, standard, wait

Partition = namedtuple("Partition", "partition leader replicas isr")
Config = namedtuple("Config", "value source read_only")


class Client:
    """Steps a client cannot take, with the reason; errors it tells in its own words; what it knows."""

    skips = {}
    expected = {}
    null_headers = True
    knows_max_timestamp = True
    is_fenced_at_commit = True

    def standard(self, *count):
        return standard(*count, null_headers=self.null_headers)

    def code(self, failure):
        """The protocol's name of an error; nothing for one the client made itself."""
        raise NotImplementedError


class Reader:
    """Reads one partition without a group. Clients give `position`, `poll` (records that came) and `close`."""

    def take(self, count):
        records = []

        def done():
            records.extend(self.poll())
            return len(records) >= count

        wait(f"{count} records were read", done)
        return records

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()


class Member:
    """A group member that polls in a thread of its own, as programs do; commits happen there, between two polls.

    Clients give `fetch` (records that came within a moment), `owned`, `commit_now` and `leave`.
    """

    def __init__(self):
        self.records = []
        self._owned = []
        self._asked = queue.Queue()
        self._failure = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()
        return self

    def _run(self):
        try:
            while self._asked.empty() or self._answer(*self._asked.get()):
                self.records += self.fetch()
                self._owned = self.owned()
        except Exception as failure:  # told by the next call
            self._failure = failure
        while not self._asked.empty():
            self._asked.get()[1].set_exception(self._failure)

    @staticmethod
    def _answer(body, answer):
        try:
            answer.set_result(body())
        except Exception as failure:
            answer.set_exception(failure)
        return body.__name__ != "leave"

    def _ask(self, body):
        answer = concurrent.futures.Future()
        self._asked.put((body, answer))
        if not self._thread.is_alive():
            raise self._failure
        return answer.result(PATIENCE)

    def poll(self):
        """Tells the failure that ended the thread, if one did."""
        if self._failure:
            raise self._failure

    def assigned(self):
        """As of the last poll."""
        return self._owned

    def commit(self, offsets=None):
        def commit():
            self.commit_now(offsets)

        self._ask(commit)

    def close(self):
        if self._thread.is_alive():
            self._ask(self.leave)
        else:
            self.leave()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()
