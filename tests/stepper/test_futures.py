"""concurrent.futures as CPython has it: whoever waits may go on before the callbacks have run."""

import pytest
from pythons import VERSIONS, ask

import pvt

BEFORE_CALLBACK = """\
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
log = []
gate = threading.Event()
with ThreadPoolExecutor(max_workers=2) as pool:
    one, other = pool.submit(pow, 2, 3), pool.submit(gate.wait)
    other.add_done_callback(lambda future: log.append("saved"))
    gate.set()
    {waits}
{then}
"""
WAITS = {
    "result": "other.result()",
    "as_completed": "list(as_completed([one, other]))",
    "as_completed, a set": "list(as_completed({one, other}))",
    "as_completed, an iterator": "list(as_completed(iter([one, other])))",
    "wait": "wait([one, other])",
    "wait, an iterator": "wait(iter([one, other]))",
}
FIRST_DONE = """\
from concurrent.futures import ThreadPoolExecutor, wait, FIRST_COMPLETED
with ThreadPoolExecutor(max_workers=3) as pool:
    futures = [pool.submit(pow, number, 2) for number in range(3)]
    done, left = wait(futures, return_when=FIRST_COMPLETED)
print(sorted(future.result() for future in done))
"""
ORDERS = """\
from concurrent.futures import ThreadPoolExecutor, as_completed
with ThreadPoolExecutor(max_workers=3) as pool:
    futures = [pool.submit(pow, number, 2) for number in range(3)]
    print(*[future.result() for future in as_completed(futures)])
"""
CANCELLED = """\
from concurrent.futures import ThreadPoolExecutor, wait
import threading
gate = threading.Event()
pool = ThreadPoolExecutor(1)
first, second = pool.submit(gate.wait), pool.submit(print, "never")
second.cancel()
{waits}
"""


@pytest.mark.parametrize("name", WAITS)
def test_who_waits_may_go_on_before_the_callbacks(name):
    text = BEFORE_CALLBACK.format(waits=WAITS[name], then="    assert log, 'not saved'")
    found = pvt.search(text)
    assert found.bad == "broken" and "not saved" in found.reasons["broken"]
    assert pvt.replay(text, found.schedules["broken"]).ending == "broken"


@pytest.mark.parametrize("name", WAITS)
def test_the_end_of_the_pool_comes_after_the_callbacks(name):
    found = pvt.search(BEFORE_CALLBACK.format(waits=WAITS[name], then="assert log, 'not saved'"))
    assert found.bad is None and found.complete


def test_all_that_may_be_done_first_is_found():
    texts = {"[0]\n", "[1]\n", "[4]\n", "[0, 1]\n", "[0, 4]\n", "[1, 4]\n", "[0, 1, 4]\n"}
    assert set(pvt.search(FIRST_DONE).outputs) == texts


def test_all_orders_of_results_are_found():
    texts = {"0 1 4\n", "0 4 1\n", "1 0 4\n", "1 4 0\n", "4 0 1\n", "4 1 0\n"}
    assert set(pvt.search(ORDERS, seconds=20).outputs) == texts


def test_one_that_is_cancelled_is_done_only_when_the_pool_has_come_to_it():
    assert pvt.search(CANCELLED.format(waits="wait([second])\ngate.set()")).bad == "deadlock"
    assert pvt.search(CANCELLED.format(waits="gate.set()\nwait([second])")).bad is None


FEW_AT_ONCE = """\
from concurrent.futures import ThreadPoolExecutor
taken = []
def numbers():
    for number in range(4):
        taken.append(number)
        yield number
with ThreadPoolExecutor(2) as pool:
    results = pool.map(str, numbers(), buffersize=2)
    assert taken == [0, 1]
    assert next(results) == "0" and taken == [0, 1, 2]
    assert list(results) == ["1", "2", "3"]
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_map_begins_no_more_calls_than_it_may(version):
    rows = ask(version, "search", source=FEW_AT_ONCE, preemptions=1, seconds=20)
    [ending] = [row for row in rows if row["kind"] == "ending"]
    if version in ("3.11", "3.12", "3.13"):
        assert "unexpected keyword argument 'buffersize'" in ending["because"]
    else:
        assert ending["ending"] == "safe" and rows[-1]["complete"]
