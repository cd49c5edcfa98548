"""The clock of a run: each look is later than the one before, and a loop that waits for the time
comes to its end."""

import pytest

import pvt

OTHER = """\
import threading, time
from datetime import datetime, timedelta
n = 0
lock = threading.Lock()
def work():
    global n
    with lock: n += 1
def waits():
    global n
    {body}
threads = [threading.Thread(target=each) for each in (work, waits)]
for thread in threads: thread.start()
for thread in threads: thread.join()
{end}
"""
HOURS = "end = time.monotonic() + 7200\n    "
ENDS = {
    "only looks": HOURS + "while time.monotonic() < end: pass",
    "keeps the time": HOURS + "now = 0\n    while now < end: now = time.monotonic()",
    "looks, and counts": HOURS + "m = 0\n    while time.monotonic() < end: m += 1",
    "looks, and changes something": HOURS
    + "\n    while time.monotonic() < end:\n        with lock: n += 0",
    "dates": "end = datetime.now() + timedelta(hours=2)\n    while datetime.now() < end: pass",
    "a short while": "end = time.monotonic() + 0.01\n    while time.monotonic() < end: pass",
    "waits for another, for so long": HOURS
    + "while n == 0:\n        assert time.monotonic() < end",
    "the same, with a time left": HOURS
    + "left = 1\n    while n == 0 and left > 0: left = end - time.monotonic()\n    assert n",
    "nobody comes": HOURS + "while n < 2:\n        if time.monotonic() > end: break",
    "sleeps": HOURS + "while time.monotonic() < end: time.sleep(600)",
}


@pytest.mark.parametrize("name", ENDS)
def test_a_loop_that_waits_for_the_time_comes_to_its_end(name):
    found = pvt.search(OTHER.format(body=ENDS[name], end=""), seconds=20)
    assert set(found.endings) == {"safe"}, found.reasons
    assert found.complete


ALONE = """\
import time
def until(seconds):
    end, rounds = time.time() + seconds, 0
    while time.time() < end:
        rounds += 1
    return rounds
assert until(0.00002) > 5 and until(3600) > 30
"""
LATER = """\
looks = [time.perf_counter_ns() for _ in range(500)]
assert looks == sorted(set(looks)) and looks[-1] - looks[0] < 1_000_000
assert n / (time.perf_counter() - start) > 0
"""


def test_a_loop_of_the_only_thread_comes_to_its_end():
    assert set(pvt.search(ALONE).endings) == {"safe"}


def test_a_later_look_is_later_in_whatever_thread():
    body = "start = time.perf_counter()\n    " + LATER.replace("\n", "\n    ").replace(
        "n / ", "1 / "
    )
    found = pvt.search(
        OTHER.format(body=body, end=LATER).replace("n = 0", "n, start = 0, time.perf_counter()", 1)
    )
    assert found.complete and set(found.endings) == {"safe"}, found.reasons


def test_a_loop_that_looks_at_the_clock_and_counts_its_rounds_gives_up_no_schedule():
    """It does not wait: it may go on before the other, and all the way."""
    body = "m = 0\n    while m < 9:\n        time.monotonic()\n        m += 1\n    assert n == 1"
    found = pvt.search(OTHER.format(body=body, end=""))
    assert {"safe", "broken"} <= set(found.endings)


def test_one_thread_s_time_stamps_order_what_a_lock_orders():
    body = "with lock: stamps.append(time.monotonic())"
    program = OTHER.replace("with lock: n += 1", "with lock: stamps.append(time.monotonic())")
    program = program.replace("n = 0", "stamps = []", 1).replace("global n", "pass")
    found = pvt.search(program.format(body=body, end="assert stamps == sorted(set(stamps))"))
    assert found.complete and set(found.endings) == {"safe"}
    found = pvt.search(program.format(body="pass; " + body[11:], end="assert len(stamps) == 2"))
    assert set(found.endings) == {"safe"}


def test_the_rate_of_a_bucket_is_not_lifted_by_many_calls():
    """Two thousand calls one after the other take next to no time."""
    source = (
        "import time\nlast, tokens, taken = time.monotonic(), 5.0, 0\nfor _ in range(2000):\n"
        "    now = time.monotonic()\n    tokens, last = min(5.0, tokens + (now - last) * 10), now\n"
        "    if tokens >= 1:\n        tokens -= 1\n        taken += 1\nassert taken == 5\n"
    )
    assert set(pvt.search(source).endings) == {"safe"}


def test_the_clocks_do_not_begin_at_nought():
    """A machine has run for a while when a program begins, and the date is one of today's."""
    found = pvt.search(
        """\
import threading, time
from datetime import datetime
class Token:
    expires = last = 0
    def get(self):
        assert time.time() > self.expires and time.monotonic() - self.last > 60
        assert datetime.now().year >= 2025 and time.gmtime().tm_year >= 2026
        begin = time.monotonic()
        time.sleep(0.3)
        assert time.monotonic() - begin >= 0.3 and time.time_ns() > 10**18
thread = threading.Thread(target=Token().get)
thread.start()
thread.join()
"""
    )
    assert not found.bad and found.complete, found


def test_a_loop_that_keeps_the_time_waits_as_one_that_does_not():
    """Whether the time has a name makes no difference: the same schedules are enough."""
    program = """\
import threading, time
done = []
def wait():
    end = time.{clock}() + 5
    while not done:
        {look}
            break
threads = [threading.Thread(target=each) for each in (wait, lambda: done.append(1))]
for each in threads: each.start()
for each in threads: each.join()
"""
    for clock in ("monotonic", "time"):
        ways = f"if time.{clock}() > end:", f"now = time.{clock}()\n        if now > end:"
        plain, kept = (pvt.search(program.format(clock=clock, look=way)) for way in ways)
        assert plain.complete and kept.complete and plain.endings == kept.endings, (plain, kept)
