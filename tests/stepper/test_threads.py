"""Names, identities and private attributes of threads: as in CPython, and the same in every run."""

import subprocess
import sys

import pytest

import pvt

NAMES = """\
import threading, _thread
from concurrent.futures import ThreadPoolExecutor
def mine():
    here = threading.current_thread()
    return f"{here.name} {type(here).__name__}"
def work():
    print(mine())
print(mine())
for words in ({"target": work}, {"target": work, "name": "worker"}):
    thread = threading.Thread(**words)
    thread.start()
    thread.join()
timer = threading.Timer(0, work)
timer.start()
timer.join()
print(threading.Thread().name, threading.main_thread().name)
done = threading.Event()
_thread.start_new_thread(lambda: (work(), done.set()), ())
done.wait()
for words in ({}, {"thread_name_prefix": "db"}, {}):
    with ThreadPoolExecutor(1, **words) as pool:
        print(pool.submit(mine).result())
"""


def real(text):
    """What the interpreter itself prints."""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_names_and_classes_are_those_of_the_interpreter():
    found = pvt.search(NAMES)
    assert found.bad is None and set(found.outputs) == {real(NAMES)}


def test_an_object_knows_itself_from_the_beginning():
    text = """\
import threading
seen = {}
def work():
    me = threading.current_thread()
    assert me.is_alive() and me.ident == threading.get_ident() and me in threading.enumerate()
    seen[me] = me.ident
threads = [threading.Thread(target=work) for _ in range(2)]
for each in threads:
    each.start()
for each in threads:
    each.join()
assert seen == {each: each.ident for each in threads}
assert threading.current_thread() is threading.main_thread()
assert isinstance(threading.main_thread(), threading._MainThread)
"""
    found = pvt.search(text)
    assert found.bad is None and found.complete, found.story
    assert pvt.search(text.replace("me.is_alive()", "not me.is_alive()")).bad == "broken"


def test_two_that_make_threads_share_the_numbers():
    text = """\
import threading
def work():
    print(threading.Thread().name, end=" ")
threads = [threading.Thread(target=work, name="a") for _ in range(2)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""
    found = pvt.search(text)
    assert set(found.outputs) == {"Thread-1 Thread-2 ", "Thread-2 Thread-1 "}


LOCALS = """\
import threading
from concurrent.futures import ThreadPoolExecutor
def use(place):
    assert not hasattr(place, "seen")
    place.seen = True
with ThreadPoolExecutor(1) as pool:
    {before}
    for _ in range(5):
        {inside}
        pool.submit(use, place).result()
        {after}
"""
MAKE = "place = threading.local()"


@pytest.mark.parametrize("after", ("pass", "del place"))
def test_a_new_local_has_nothing_of_one_that_is_gone(after):
    found = pvt.search(LOCALS.format(before="pass", inside=MAKE, after=after))
    assert found.bad is None and found.complete


def test_a_local_that_is_used_again_keeps_what_it_has():
    text = LOCALS.format(before=MAKE, inside="pass", after="pass")
    found = pvt.search(text)
    assert found.bad == "broken"
    assert pvt.replay(text, found.schedules["broken"]).ending == "broken"


STOPPABLE = """\
import threading
class Stoppable(threading.Thread):
    def __init__(self):
        super().__init__()
        self.{name} = threading.Event()
    def run(self):
        self.{name}.wait()
thread = Stoppable()
thread.start()
thread.{name}.set()
thread.{end}
"""


@pytest.mark.parametrize("end", ("join()", "join(1)"))
def test_an_event_in_the_place_of_a_method_of_thread_fails_where_the_real_one_does(end):
    text = STOPPABLE.format(name="_stop", end=end)
    failed = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)
    found = pvt.search(text)
    assert (found.bad == "broken") == bool(failed.returncode)
    if failed.returncode:
        assert "'Event' object is not callable" in found.reasons["broken"]
    assert pvt.search(STOPPABLE.format(name="_halt", end=end)).bad is None
