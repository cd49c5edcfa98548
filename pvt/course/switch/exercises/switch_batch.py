"""Ask a partner for many answers with few hand-overs: `ask_all(numbers, ask)` returns the answers
in order.

`numbers` is an iterator of unknown length. `ask(batch)` hands a list of at most 100 numbers to
another thread, waits, and returns the list of their answers. Each call is two hand-overs. Make as
few calls as possible, none with nothing in it. The kernel counts the switches.
"""

import os
import threading

from pvt import host, procfs
from pvt.tools.learner import learners_function

ARGUMENTS = ("numbers", "ask")
MOST, COUNTS = 100, (1_000, 250, 1, 0)


class Partner:
    """A thread that squares what it is given; both sides wait on a pipe for their turn."""

    def __init__(self):
        (self.ear, self.bell), (self.waiting, self.answer) = os.pipe(), os.pipe()
        self.batch, self.sizes = None, []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while os.read(self.ear, 1):
            self.batch = [number * number for number in self.batch]
            os.write(self.answer, b"x")

    def ask(self, batch):
        self.batch = list(batch)
        self.sizes.append(len(self.batch))
        if len(self.batch) > MOST:
            self.batch = self.batch[:MOST]
        os.write(self.bell, b"x")
        os.read(self.waiting, 1)
        return self.batch


def run(*, source, name):
    ask_all = learners_function(source, name)
    partner, counted = Partner(), not host.lacking(("/proc",))
    for count in COUNTS:
        numbers, before = [(7 * at) % 1_009 for at in range(count)], len(partner.sizes)
        early = sum(procfs.switches(threading.get_native_id())) if counted else None
        got = ask_all(iter(numbers), partner.ask)
        switches = sum(procfs.switches(threading.get_native_id())) - early if counted else None
        sizes, wanted = partner.sizes[before:], [number * number for number in numbers]
        row = {
            "count": count,
            "calls": len(sizes),
            "needed": -(-count // MOST),
            "largest": max(sizes, default=0),
        }
        row |= {
            "empty": 0 in sizes,
            "kind": type(got).__name__,
            "got": len(got) if isinstance(got, list) else None,
        }
        same = {
            "right": got == wanted,
            "order": isinstance(got, list) and sorted(map(str, got)) == sorted(map(str, wanted)),
        }
        yield {**row, **same, "switches": switches}


def judge(rows):
    for row in rows:
        text = f"{row['count']:,} numbers"
        if row["got"] is None:
            return False, f"{text}: {row['kind']} came back. Return a list of the answers."
        if row["largest"] > MOST:
            return (
                False,
                f"{text}: one call had {row['largest']:,} of them, and only the first {MOST} were"
                " answered.",
            )
        if row["got"] < row["count"]:
            lost = row["count"] - row["got"]
            return (
                False,
                f"{text}: {lost:,} answers are missing. Did the last batch, not yet full, go off?",
            )
        if not row["right"]:
            return False, f"{text}: " + (
                "the answers are right, their order is not."
                if row["order"]
                else "other answers than the partner gave."
            )
        if row["empty"]:
            return (
                False,
                f"{text}: one call had nothing in it: two hand-overs for no answer. Leave it out.",
            )
        if row["calls"] > row["needed"]:
            counted = (
                ""
                if row["switches"] is None
                else f", and the kernel counted {row['switches']:,} switches of this thread"
            )
            more = f"{text}: {row['calls']:,} calls{counted}; {row['needed']} calls are enough."
            return False, more + f" Collect {MOST} numbers before you ask."
    first = rows[0]
    counted = (
        ""
        if first["switches"] is None
        else f"; the kernel counted {first['switches']:,} switches of this thread"
    )
    return (
        True,
        f"{first['count']:,} answers with {first['calls']} calls{counted}. One by one it would be"
        " 1,000 calls.",
    )
