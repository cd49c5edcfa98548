"""What a program leaves for its end: handlers of atexit, finalizers."""

import atexit

import pytest

import pvt
from pvt.stepper.player import Player
from pvt.stepper.program import Program

TWO = """\
import atexit, threading, weakref
total, lock = 0, threading.Lock()
def add():
    global total
    {how}
{begin}
threads = [threading.Thread(target=add) for _ in range(2)]
for thread in threads: thread.start()
{end}
"""
REPORT = "@atexit.register\ndef report():\n    print('total', total)\n"
FINAL = "class Box: pass\nbox = Box()\nweakref.finalize(box, lambda: print('total', total))\n"


@pytest.mark.parametrize("begin", [REPORT, FINAL])
def test_what_is_printed_at_the_end_counts(begin):
    program = TWO.format(how="{how}", begin=begin, end="")
    assert set(pvt.search(program.format(how="total += 1")).outputs) == {"total 1\n", "total 2\n"}
    found = pvt.search(program.format(how="with lock: total += 1"))
    assert found.complete and set(found.outputs) == {"total 2\n"}


ORDER = """\
import atexit, sys, threading
def say(text, times=1): print(text * times)
def fails():
    print("fails")
    raise ValueError
def dropped(): print("dropped")
atexit.register(say, "first", times=2)
atexit.register(fails)
atexit.register(dropped)
atexit.register(say, "last")
atexit.unregister(dropped)
threading.Thread(target=say, args=("thread",)).start()
print("main")
{end}
"""


@pytest.mark.parametrize("end", ["", "sys.exit()"])
def test_the_last_comes_first_after_all_threads_and_none_is_left_out(end):
    found = pvt.search(ORDER.format(end=end))
    assert found.complete and set(found.endings) == {"safe"}
    ends = {text.removesuffix("last\nfails\nfirstfirst\n") for text in found.outputs}
    assert ends == {"main\nthread\n", "thread\nmain\n"}


STOPS = """\
import atexit, threading
stop = threading.Event()
thread = threading.Thread(target=stop.wait, daemon={daemon})
thread.start()
atexit.register(thread.join)
atexit.register(stop.set)
"""


def test_who_is_told_to_stop_only_at_the_end_must_be_a_daemon():
    found = pvt.search(STOPS.format(daemon=True))
    assert found.complete and set(found.endings) == {"safe"}
    found = pvt.search(STOPS.format(daemon=False))
    assert (
        "thread 0 is waiting for the end of thread 1, as the program ends"
        in found.reasons["deadlock"]
    )


POOL = """\
import atexit
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(2)
done = pool.submit(int)
atexit.register(lambda: print(done.result()))
"""


def test_a_pool_that_nobody_shuts_down_ends_before_the_handlers():
    found = pvt.search(POOL)
    assert found.complete and set(found.outputs) == {"0\n"}


def test_nothing_is_left_with_the_interpreter():
    before = atexit._ncallbacks()
    player = Player(Program(TWO.format(how="total += 1", begin=REPORT + FINAL, end="")))
    for _ in range(3):
        assert player.play()[0] == "safe"
    assert player.output() == "total 2\ntotal 2\n"
    assert atexit._ncallbacks() <= before + 1  # weakref's own, once
    player.program.namespace.clear()
