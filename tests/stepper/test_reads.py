"""Whatever way a program looks at a thing: that another thread changes it is seen, in both orders;
under a lock there are these two orders and no more."""

import sys
import textwrap

import pytest
from comparing import asked
from reads import MISSED, RIGHT, SEEN

import pvt

IMPORTS = """\
import array, bisect, collections, contextlib, copy, csv, datetime, decimal, enum, fractions
import functools, heapq, io, itertools, json, math, operator, pickle, pprint, random, re, statistics
import string, struct, threading, types
from contextlib import nullcontext
"""
RUN = """\
def work_():
    for each in ({names}): each()
thread_ = threading.Thread(target=work_)
thread_.start()
work_()
thread_.join()
"""
PROGRAM = (
    IMPORTS
    + """\
{shared}
guard_ = {guard}
def change_():
    {change}
def check_():
    {check}
def work_(do):
    with guard_: do()
threads_ = [threading.Thread(target=work_, args=(do,)) for do in (check_, change_)]
for each_ in threads_: each_.start()
for each_ in threads_: each_.join()
"""
)


def hold(cases):
    """All are searched in one process, which is much faster than one for each."""
    guards = ("nullcontext()", "threading.Lock()")
    texts = [
        PROGRAM.format(guard=guard, shared=shared, change=change, check=check)
        for shared, change, check in cases
        for guard in guards
    ]
    questions = [{"source": text, "preemptions": 2} for text in texts]
    answers = iter(asked(sys.executable, "searched.py", questions, [], 900))
    for case in cases:
        free, locked = next(answers), next(answers)
        assert set(free["reasons"]) == {"safe", "broken"}, (case, free)
        assert set(locked["reasons"]) == {"safe", "broken"}, (case, locked)
        assert locked["complete"] and locked["schedules"] == 2, (case, locked)


@pytest.mark.timeout(900)
def test_what_once_was_missed_is_seen():
    hold(MISSED)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_every_way_of_looking_is_seen():
    hold(SEEN)


def test_a_generator_that_is_kept_in_a_list_stays_one():
    found = pvt.search(
        """\
import threading
def count():
    total = 0
    while True:
        total += (yield total) or 0
kept, iterators = [], []
def work():
    mine = count()
    kept.append(mine)
    iterators.append(iter([1]))
    next(mine)
    assert mine.send(3) == 3 and mine in kept and type(iterators[0]) is type(iter([]))
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""
    )
    assert found.complete and not found.bad, found


def test_what_is_read_in_parts_is_like_the_thing():
    checks = [
        textwrap.indent(f"{given}\n{holds}", "    ").join([f"def check_{number}():\n", "\n"])
        for number, (given, holds) in enumerate(RIGHT)
    ]
    names = ", ".join(f"check_{number}" for number in range(len(RIGHT)))
    found = pvt.search(IMPORTS + "".join(checks) + RUN.format(names=names), seconds=60)
    assert found.complete and not found.bad, found


@pytest.mark.parametrize(
    "how, bad", [("json.dumps(d)", None), ("json.dumps(d, indent=1)", "broken")]
)
def test_json_takes_the_items_of_a_dict_at_once_where_its_encoder_is_in_c(how, bad):
    found = pvt.search(
        f"{IMPORTS}d = {{'a': 1}}\ndef work(): {how}\n"
        "thread = threading.Thread(target=work)\nthread.start()\nd['b'] = 2\nthread.join()\n"
    )
    assert found.complete and found.bad == bad, found
