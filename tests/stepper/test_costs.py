"""What costs a preemption and what is free: each program's endings at a bound, as the oracle has
them."""

import oracle
import pytest
from searched import answer

SLEEPER = """
import time
from types import SimpleNamespace

def setup():
    return SimpleNamespace(n=0)

def add(s):
    s.n += 1

def twice(s):
    s.n += 10
    time.sleep(1)
    s.n += 100

THREADS = [add, twice]

def safe(s):
    print(s.n)
    return True
"""
TIMED = SLEEPER.replace("    time.sleep(1)", "    gate.wait(1)").replace(
    "import time", "import threading\n\ngate = threading.Event()"
)
PULSE = """
import threading

gate = threading.Event()
seen = []

def setup():
    pass

def first():
    gate.wait()
    seen.append("woken")

def second():
    gate.wait()
    seen.append("woken, too")

def pulse():
    gate.set()
    gate.clear()

THREADS = [first, second, pulse]

def safe():
    print(*sorted(seen))
    return True
"""
LATE = PULSE.replace("gate.wait()", "seen.append(str(gate.wait(1)))")
ALIVE = """
import threading

n = 0

def work():
    global n
    n += 1

thread = threading.Thread(target=work)
thread.start()
if n:
    print(thread.is_alive(), end=" ")
thread.join()
print(thread.is_alive(), n)
"""


@pytest.mark.parametrize("bound", [0, 1])
@pytest.mark.parametrize(
    "source",
    [SLEEPER, TIMED, PULSE, LATE, ALIVE],
    ids=["sleep", "timed wait", "pulse", "timed pulse", "alive"],
)
def test_endings_at_a_bound(source, bound):
    expected, found = oracle.search(source, bound, every=source is ALIVE), answer(source, bound)
    assert found["complete"] and found["endings"] == sorted(map(list, expected.endings))


def test_a_sleeper_goes_on_by_itself_while_a_preempted_worker_waits():
    assert ["safe", "1\n"] in answer(SLEEPER, 1)["endings"]


def test_who_waits_when_an_event_is_set_goes_on_though_it_is_cleared():
    texts = {text for _, text in answer(PULSE, 0)["endings"]}
    assert "woken woken, too\n" in texts


def test_a_worker_that_has_done_everything_may_still_be_alive():
    texts = {text for _, text in answer(ALIVE, 1)["endings"]}
    assert texts == {"True False 1\n", "False False 1\n", "False 1\n"}
    listed = ALIVE.replace("thread.is_alive()", "len(threading.enumerate())")
    texts = {text for _, text in answer(listed, 1)["endings"]}
    assert texts == {"2 1 1\n", "1 1 1\n", "1 1\n"}
