"""What is taken for one step is named in the result; where threads meet in it, nothing is
proved."""

import pytest

import pvt

MATCH = """
def setup():
    return [1]

def look(items):
    match items:
        case [x]:
            pass

def add(items):
    items.append(2)

THREADS = [look, add]
"""
REDUCE = """
import functools
from collections import deque

def setup():
    return deque([1, 2])

def look(items):
    functools.reduce(lambda total, item: total + item, items, 0)

def add(items):
    items.append(3)

THREADS = [look, add]
"""
MEAN = """
import statistics

def setup():
    return [1, 2]

def look(items):
    statistics.mean(items)

def add(items):
    items.append(3)

THREADS = [look, add]
"""
APART = MEAN.replace("items.append(3)", "statistics.mean(items)")


def test_the_patterns_of_a_match_statement_are_stepped():
    found = pvt.search(MATCH)
    assert found.complete and not found.assumed


def test_reduce_takes_one_item_after_the_other():
    found = pvt.search(REDUCE)
    assert "deque mutated during iteration" in found.reasons["broken"]


def test_a_library_that_is_not_stepped_proves_nothing_where_threads_meet_in_it():
    found = pvt.search(MEAN)
    assert not found.complete
    assert "statistics.mean()" in found.assumed


def test_what_nobody_writes_may_be_read_in_one_step():
    found = pvt.search(APART)
    assert found.endings == {"safe": found.endings["safe"]}
    assert "statistics.mean()" in found.assumed


GATHER = """
import asyncio

stock = [1]

async def take():
    if stock:
        await asyncio.sleep(0)
        stock and stock.pop()

async def main():
    await asyncio.gather(*[take() for _ in range(2)])
    await asyncio.wait([asyncio.create_task(take())])

asyncio.run(main())
"""


def test_what_asyncio_is_handed_is_no_step_that_nobody_saw():
    found = pvt.search(GATHER)
    assert found.complete and not found.assumed and set(found.endings) == {"safe"}


LEASE = """\
import threading, time
guard, until = threading.Lock(), 0.0
inside = 0
def work():
    global until, inside
    with guard:
        now = time.monotonic()
        if now < until: return
        until = now + 5
    inside += 1
    assert inside == 1, "two owners"
    inside -= 1
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
TIME = "no time passes but in sleep(), in waits with a time-out"
SEED, SYSTEM = "random numbers are those of seed 0", "the same row of numbers in every run"
SAID = {
    "a lease": (LEASE, TIME),
    "a date": ("from datetime import datetime\nprint(datetime.now().year)\n", TIME),
    "a loop's time": (
        "import asyncio\nasync def main(): return asyncio.get_running_loop().time()\nasyncio.run(main())\n",
        TIME,
    ),
    "a draw": ("import random\nassert random.random() > 0.1\n", SEED),
    "a shuffle": ("import random\nrandom.Random().shuffle([1, 2])\n", SEED),
    "a token": ("import secrets\nassert secrets.randbelow(5) < 5\n", SYSTEM),
    "an identity": ("import uuid\nprint(uuid.uuid4())\n", SYSTEM),
}
UNSAID = {
    "a sleep": "import time\ntime.sleep(1)\n",
    "a message of logging": "import logging\nlogging.warning('late')\n",
    "a sleep of a task": "import asyncio\nasyncio.run(asyncio.wait_for(asyncio.sleep(1), 2))\n",
    "a seed": "import random\nrandom.seed(3)\nassert random.random() < 1\n",
    "a generator with a seed": "import random\nassert random.Random(3).random() < 1\n",
    "nothing drawn": "import random, uuid, secrets, time\n",
}


@pytest.mark.parametrize("name", SAID)
def test_what_the_clock_and_chance_were_is_said_where_the_program_asks(name):
    source, sentence = SAID[name]
    found = pvt.search(source)
    assert found.complete and set(found.endings) == {"safe"}
    assert sentence in found.assumed


@pytest.mark.parametrize("name", UNSAID)
def test_who_asks_neither_clock_nor_chance_is_told_nothing_of_them(name):
    found = pvt.search(UNSAID[name])
    assert found.complete and not found.assumed
