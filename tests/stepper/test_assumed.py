"""What is taken for one step is named in the result; where threads meet in it, nothing is
proved."""

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
