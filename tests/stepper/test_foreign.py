"""What is written in C or by a library is shared like everything else."""

import pytest
from twice import TWICE

import pvt

MADE = """\
import struct
import numpy as np
from collections import ChainMap
from contextlib import ExitStack, contextmanager
"""
ARRAY = "a = np.zeros(1)"
POOL = """\
class Pool:
    n = 0
    @contextmanager
    def use(self):
        TAKE
        yield
pool = Pool()"""
WORK = {
    "an array's item": (ARRAY, "    a[0] += 1", "assert a[0] == 2"),
    "an array in place": (ARRAY, "    global a\n    if a[0] == 0: a += 1", "assert a[0] == 1"),
    "a function of numpy": (
        ARRAY,
        "    if a[0] == 0: np.add(a, 1, out=a)",
        "assert a[0] == 1",
    ),
    "a method of an array": (ARRAY, "    if a.sum() == 0: a += 1", "assert a[0] == 1"),
    "pack_into": (
        "a = bytearray(4)",
        "    n, = struct.unpack_from('i', a)\n    struct.pack_into('i', a, 0, n + 1)",
        "assert struct.unpack_from('i', a)[0] == 2",
    ),
    "ExitStack": (
        "free = [1]",
        "    with ExitStack() as stack:\n        stack.callback(free.append, free.pop())",
        "",
    ),
    "ChainMap": (
        "d = {}",
        "    before = len(dict(ChainMap({}, d)))\n    d[before] = 1",
        "assert len(d) == 2",
    ),
    "a context manager of one's own": (
        POOL.replace("TAKE", "self.n += 1"),
        "    with pool.use(): pass",
        "assert pool.n == 2",
    ),
}
REPAIRED = {
    "an array's item": (ARRAY, "    with lock: a[0] += 1", "assert a[0] == 2"),
    "an array of one's own": (
        "",
        "    a = np.zeros(3)\n    a[1] += 1\n    assert a.sum() == 1",
        "",
    ),
    "a context manager of one's own": (
        POOL.replace("TAKE", "with lock: self.n += 1"),
        "    with pool.use(): pass",
        "assert pool.n == 2",
    ),
}


@pytest.mark.parametrize("name", WORK)
def test_it_is_shared(name):
    made, work, after = WORK[name]
    assert pvt.search(TWICE.format(made=MADE + made, work=work, after=after)).bad == "broken"


@pytest.mark.parametrize("name", REPAIRED)
def test_its_repair_is_proved(name):
    made, work, after = REPAIRED[name]
    found = pvt.search(TWICE.format(made=MADE + made, work=work, after=after))
    assert (found.bad, found.complete, found.assumed) == (None, True, "")


EVENTS = """\
import sched, threading, time
events, done = sched.scheduler(time.time, time.sleep), []
def tick(left):
    done.append(left)
    if left:
        events.enter(1, 1, tick, (left - 1,))
def work():
    events.run()
events.enter(1, 1, tick, (1,))
thread = threading.Thread(target=work)
"""
EARLY = "events.enter(0.5, 1, done.append, ('early',))\n"


@pytest.mark.parametrize(
    ("lines", "claim", "bad"),
    [
        (EARLY + "thread.start()\n", "done == ['early', 1, 0]", None),
        ("thread.start()\n" + EARLY, "len(done) >= 2", None),
        ("thread.start()\n" + EARLY, "len(done) == 3", "broken"),  # all may be over before
    ],
)
def test_the_events_of_sched_are_stepped(lines, claim, bad):
    found = pvt.search(f"{EVENTS}{lines}thread.join()\nassert {claim}, done\n")
    assert (found.bad, found.complete) == (bad, True)
    assert "sched" not in found.assumed
