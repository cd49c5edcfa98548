"""The exercises of chapter 14: wrong answers are explained, and slow ones how slow."""

import pytest
from answers import refused, solves

from pvt.course.your_program.faster import judged

POOL = """
from concurrent.futures import ThreadPoolExecutor
def ask_all(ask, stations, most):
    with ThreadPoolExecutor(max_workers=most) as pool:
        return list(pool.map(ask, stations))
"""
LOCK = """
def sell(item, price, ledger, guard):
    paid = price(item)
    with guard:
        ledger["sum"] = ledger["sum"] + paid
"""
LOOP = """
import asyncio
def answer_all(look_up, questions):
    async def main():
        return await asyncio.gather(*(asyncio.to_thread(look_up, one) for one in questions))
    return asyncio.run(main())
"""
ORDER = """
def order(jobs):
    return sorted(jobs, key=lambda job: -job[1])
"""
BLOCKING = """
import asyncio
def answer_all(look_up, questions):
    async def one(question):
        return look_up(question)
    async def main():
        return await asyncio.gather(*(one(question) for question in questions))
    return asyncio.run(main())
"""
SOLUTIONS = {"wait_for_many": POOL, "short_lock": LOCK, "free_loop": LOOP, "longest_first": ORDER}
WRONG = [
    ("wait_for_many", POOL.replace("=most", "=2"), "1.4 times are wanted"),
    ("wait_for_many", POOL.replace("=most", "=12"), "the network takes 4 questions at once"),
    ("wait_for_many", POOL.replace("=most", "=4"), "with most = 12: "),
    ("wait_for_many", POOL.replace(", most)", ")"), "the wrong number of parameters"),
    ("wait_for_many", POOL.replace("list(pool", "(pool"), "a generator instead of a list"),
    ("wait_for_many", POOL.replace("list(pool.map(ask, stations))", "[5] * 24"), "in their order"),
    ("short_lock", LOCK.replace("with guard", "if True"), "did not hold the lock"),
    (
        "short_lock",
        "def sell(item, price, ledger, guard):\n    price(item)\n",
        "nothing is in the ledger",
    ),
    (
        "short_lock",
        'def sell(item, price, ledger, guard):\n    with guard:\n        ledger["sum"] ='
        ' ledger["sum"] + price(item)\n',
        "does not touch the ledger",
    ),
    (
        "short_lock",
        LOCK.replace(
            "    with guard:", "    with guard:\n        old = ledger['sum']\n    with guard:"
        ).replace('ledger["sum"] + paid', "old + paid + 1"),
        "another till had the lock",
    ),
    ("free_loop", BLOCKING, "Who runs look_up?"),
    ("free_loop", LOOP.replace("asyncio.run(main())", "main()"), "a coroutine"),
    ("free_loop", LOOP.replace("return asyncio.run", "asyncio.run"), "NoneType instead of a list"),
    (
        "free_loop",
        LOOP.replace("questions))", "reversed(questions)))"),
        "in the order of the questions",
    ),
    ("longest_first", "def order(jobs):\n    return jobs\n", "must not be the last"),
    ("longest_first", "def order(jobs):\n    return jobs.sort()\n", "list.sort gives None"),
    ("longest_first", "def order(jobs):\n    return jobs[-1:]\n", "1 jobs instead of the 25"),
    ("longest_first", "def order(jobs):\n    return tuple(jobs)\n", "instead of a list of pairs"),
    ("longest_first", "def order(jobs):\n    return jobs[::-1]\n", "must not be the last"),
    (
        "longest_first",
        "def order(jobs):\n    return jobs[-1:] + jobs[:-1]\n",
        "the long job in between",
    ),
    ("longest_first", "def order(jobs):\n    return sorted(jobs)\n", "must not be the last"),
]


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_wrong_answers_are_explained(name, text, expected):
    refused(name, text, expected)


@pytest.mark.parametrize("name", SOLUTIONS)
def test_solutions_pass_with_their_figure(name):
    solves(name, SOLUTIONS[name], "times as fast")


def test_where_others_disturb_a_round_the_quickest_decide():
    def rows(given, yours):
        pairs = [
            (kind, at, took)
            for kind, all_ in (("given", given), ("yours", yours))
            for at, took in enumerate(all_)
        ]
        return [{"round": at, "kind": kind, "seconds": took} for kind, at, took in pairs]

    passed, text = judged(rows([0.3, 0.17, 0.17], [0.3, 0.108, 0.16]))
    assert (passed, text) == (True, "1.6 times as fast in the quickest of 2 rounds.")
    passed, text = judged(rows([0.3, 0.17, 0.17], [0.3, 0.15, 0.16]))
    assert not passed and "1.4 times are wanted" in text
