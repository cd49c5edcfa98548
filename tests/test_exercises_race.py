"""The exercises of chapter 04: typical wrong answers, and what is said to each."""

import pytest

import pvt

LOCKED = """
def add(counter, times):
    for _ in range(times):
        with counter.lock:
            counter.total += 1
"""
WRONG = {
    "bare": (
        "def add(c, n):\n    for _ in range(n):\n        c.total += 1\n",
        "Exact here, by accident: there is an order of steps in which an addition is lost.",
    ),
    "a lock of its own": (
        """
import threading
def add(c, n):
    lock = threading.Lock()
    for _ in range(n):
        with lock:
            c.total += 1
""",
        "A lock made inside the function is a new one in each thread",
    ),
    "only the writing": (
        """
def add(c, n):
    for _ in range(n):
        found = c.total
        with c.lock:
            c.total = found + 1
""",
        "Reading and writing must both be inside the lock",
    ),
    "nothing": ("def add(c, n):\n    pass\n", "Nothing was added"),
    "never released": (
        "def add(c, n):\n    for _ in range(n):\n        c.lock.acquire()\n        c.total += 1\n",
        "An endless loop? Or threads that wait for each other – in line 3: c.lock.acquire()",
    ),
    "twice": ("def add(c, n):\n    with c.lock:\n        c.total += 2 * n\n", "add 1, times times"),
}


def test_the_repaired_counter_passes():
    answer = pvt.check("race", LOCKED)
    assert answer.passed, answer.because
    assert "all 20,000 additions counted, and all" in answer.because


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_repair_is_explained(name):
    text, said = WRONG[name]
    answer = pvt.check("race", text)
    assert not answer.passed
    assert said in answer.because


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def attack(a, n):\n    a.write(0)\n", "writes were made"),
        ("def attack(a, n):\n    a._balance = 0\n", "Leave the names that begin with _ alone"),
        ("def attack(a, n):\n    pass\n", "Nothing was written"),
        ("def attack(a, n):\n    for i in range(n):\n        a.write(10**9)\n", "No addition was lost"),
    ],
)
def test_an_attack_that_does_not_break_it_is_explained(text, said):
    answer = pvt.check("race_break", text)
    assert not answer.passed
    assert said in answer.because


SELL = """
def add_items(order, items):
    for _ in range(items):
        {before}
        (found,) = order.execute("SELECT items FROM orders").fetchone()
        order.execute("UPDATE orders SET items = ?", (found + 1,))
        {after}
"""


def test_one_statement_is_a_solution_too():
    text = "def f(o, n):\n    for _ in range(n):\n        o.execute('UPDATE orders SET items = items + 1')\n"
    assert pvt.check("orders", text).passed


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("pass", "pass", "make both one transaction"),
        ("order.execute('BEGIN')", "order.execute('COMMIT')", "Try BEGIN IMMEDIATE"),
        ("import threading; threading.Lock().acquire()", "pass", "A lock made here is not seen by the other"),
    ],
)
def test_a_repair_that_loses_orders_is_explained(before, after, said):
    answer = pvt.check("orders", SELL.format(before=before, after=after))
    assert not answer.passed
    assert said in answer.because
