"""Refuse politely: `accept(waiting, request)` puts the request into the queue and returns True; if it is full, False.

`waiting` is a `queue.Queue` with a `maxsize`. Other clients put requests into it at the same time. The function must
never wait: a client that is told "no" at once can go elsewhere, one that hangs cannot.
"""

import contextlib
import queue

from pvt.exercises import learners_function

ARGUMENTS = ("waiting", "request")
ROOM = 3


class Rush(queue.Queue):
    """A queue at the worst moment: it never lets anybody wait, and after each look at it another client comes."""

    rush = waited = False

    def put(self, item, block=True, timeout=None):
        self.waited = self.waited or (block and len(self.queue) >= self.maxsize)
        super().put(item, block=False)

    def full(self):
        return self.looked(super().full())

    def qsize(self):
        return self.looked(super().qsize())

    def empty(self):
        return self.looked(super().empty())

    def looked(self, seen):
        if self.rush and len(self.queue) < self.maxsize:
            super().put("another client's", block=False)
        return seen


def run(*, source, name):
    accept = learners_function(source, name)
    for case, before, rush in (("empty", 0, False), ("full", ROOM, False), ("last place taken", ROOM - 1, True)):
        waiting = Rush(ROOM)
        for number in range(before):
            waiting.put(number)
        waiting.rush, said = rush, None
        with contextlib.suppress(queue.Full):
            said = accept(waiting, "mine")
        there = list(waiting.queue)
        kept = there[:before] == list(range(before))
        yield {"case": case, "said": said, "waited": waiting.waited, "mine": there.count("mine"), "kept": kept}


def judge(rows):
    empty, full, last = rows
    if empty["waited"] or empty["mine"] != 1:
        return False, f"With an empty queue the request was put in {empty['mine']} times: put it in, once."
    if not all(row["kept"] for row in rows):
        return False, "Requests that were accepted before are gone or moved. Refuse the new one, not an old one."
    if full["waited"]:
        return False, "With a full queue the client had to wait. put_nowait does not wait: it raises queue.Full."
    if full["said"] is not False or full["mine"]:
        return False, f"With a full queue it returned {full['said']!r}. Return False, and leave the queue as it is."
    if empty["said"] is not True:
        return False, f"The request was accepted, and it returned {empty['said']!r}. Return True."
    if last["waited"]:
        return False, "Between your look at the queue and put, another client took the last place. Do not look: try."
    if last["said"] is not bool(last["mine"]):
        return False, "It did not say what happened when another client was faster. Try to put, and catch queue.Full."
    return True, "it accepts what fits, refuses the rest at once, and is not fooled by a faster client."
