"""The exercises of chapter 04: right answers pass, and typical wrong ones are explained."""

import pytest
from answers import refused, solves

LOCKED = """
def add(counter, times):
    for _ in range(times):
        with counter.lock:
            counter.total += 1
"""
OWN_LOCK = """
import threading
def add(c, n):
    lock = threading.Lock()
    for _ in range(n):
        with lock:
            c.total += 1
"""
HALF_LOCKED = """
def add(c, n):
    for _ in range(n):
        found = c.total
        with c.lock:
            c.total = found + 1
"""
ATTACK = "def attack(a, n):\n    for i in range(n):\n        {}\n"
GUARDED = "import threading\nlock = threading.Lock()\n" + ATTACK.format(
    "with lock:\n            a.write(a.read() + 1)"
)
AT_ONCE = (
    "def f(o, n):\n    for _ in range(n):\n        o.execute('UPDATE orders SET items ="
    " items + 1')\n"
)
SELL = """
def add_items(order, items):
    for _ in range(items):
        {before}
        (found,) = order.execute("SELECT items FROM orders").fetchone()
        order.execute("UPDATE orders SET items = ?", (found + 1,))
        {after}
"""
POOLED = """
from concurrent.futures import ThreadPoolExecutor
def add(counter, times):
    def one(_):
        with counter.lock:
            counter.total += 1
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(times)))
"""
RIGHT = [
    ("race", LOCKED, "all 20,000 additions counted, and all"),
    ("orders", AT_ONCE, "by threads and by processes"),
]
RIGHT += [("race", POOLED, "0 of them bad")]
WRONG = [
    ("race", LOCKED.replace("with"
                            " counter.lock", "if"
                                                 " True"), "Exact here, by accident: there is"
                                                             " an order of steps in"),
    ("race", OWN_LOCK, "A lock made inside the function is a new one in each thread"),
    ("race", HALF_LOCKED, "Reading and writing must both be inside the lock"),
    ("race", "def add(c, n):\n    return c.total + n\n", "Nothing was added"),
    ("race", "def add(c, n):\n    for _ in range(n):\n        c.lock.acquire()\n        c.total"
             " += 1\n",
     "An endless loop? Or threads that wait for each other – in line 3: c.lock.acquire()"),
    ("race", LOCKED.replace("+="
                            " 1", "+="
                                    " times"), "with times = 3, changed counter.total by 9. Add"
                                                 " 1"),
    ("race", LOCKED.replace("+="
                            " 1", "=+"
                                    " 1"), "changed counter.total by -699. Add 1 to what is"
                                             " there"),
    ("race", "def add(c, n):\n    with c.lock:\n        c.total +="
             " 1\n", "with times = 3, changed"
                                                                         " counter.total by 1."),
    ("race", POOLED.replace("with counter.lock", "if True"), "an addition is lost"),
    ("race_break", "def attack(a, n):\n    a.write(a.read() +"
                   " n)\n", "4 writes were made, 20,000"
                                                                     " expected"),
    ("race_break", ATTACK.format("a._balance += 1"), "Leave the names that begin with _ alone"),
    ("race_break", ATTACK.format("a.read() + 1"), "Nothing was written"),
    ("race_break", ATTACK.format("a.write(0)"), "A wrong addition proves nothing: read, add 1,"
                                                " write"),
    ("race_break", ATTACK.format("a.write(i +"
                                 " 1)"), "not what the thread had just read, with 1"
                                                    " added"),
    ("race_break", GUARDED, "No addition was lost"),
    ("orders", SELL.format(before="pass", after="pass"), "make both one transaction. Each"
                                                         " statement here is committed"),
    ("orders", SELL.format(before="pass", after="order.commit()"), "is committed by itself, until"
                                                                   " BEGIN"),
    ("orders", SELL.format(before="order.execute('BEGIN')", after="order.execute('COMMIT')"), "Try BEGIN IMMEDIATE"),
    ("orders", SELL.format(before="import threading; threading.Lock().acquire()", after="pass"),
     "A lock made here is not seen by the other"),
    ("orders", SELL.format(before="order.execute('BEGIN"
                                  " IMMEDIATE')", after="pass"), "COMMIT"
                                                                                     " after each"
                                                                                     " writing"),
    ("orders", "def f(o, n):\n    o.execute('UPDATE orders SET items = items +"
               " 1')\n", "the order"
                                                                                       " grew by"
                                                                                       " 1. Add 1"),
    ("orders", "def f(o, n):\n    o.execute('UPDATE orders SET items = ?',"
               " (n,))\n", "Add 1 to"
                                                                                     " what is"
                                                                                     " there"),
    ("orders", AT_ONCE.replace("   "
                               " for", "    o.execute('BEGIN IMMEDIATE')\n   "
                                          " for"), "was it"
                                                                                        " committed?"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), RIGHT)
def test_a_right_answer_passes(name, text, expected):
    solves(name, text, expected)


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_explained(name, text, expected):
    refused(name, text, expected)
