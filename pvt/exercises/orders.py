"""Repair the lost orders: `add_items(order, items)` adds `items` to the order, one at a time.

`order` is a connection to a SQLite file with one row in the table `orders (items)`; each statement is
committed by itself unless you begin a transaction. Two threads run it at once, then two processes.
"""

import multiprocessing
import os
import sqlite3
import tempfile

from pvt.exercises import learners_function, together

ARGUMENTS = ("order", "items")
ITEMS = 300


def run(*, source, name):
    for kind, crowd in (("threads", by_threads), ("processes", by_processes)):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "shop.db")
            order = connect(path)
            order.executescript("PRAGMA journal_mode = WAL; CREATE TABLE orders (items); INSERT INTO orders VALUES (0)")
            problem = crowd(path, source, name)
            (counted,) = order.execute("SELECT items FROM orders").fetchone()
            order.close()
        locks = "Lock(" in source
        yield {"kind": kind, "expected": 2 * ITEMS, "counted": counted, "problem": problem, "locks": locks}


def connect(path):
    order = sqlite3.connect(path, timeout=2, isolation_level=None)
    order.execute("PRAGMA synchronous = OFF")
    return order


def by_threads(path, source, name):
    """What the database refused, or None."""
    learners_function(source, name)
    try:
        together(*[lambda: work(path, source, name)] * 2)
    except sqlite3.Error as problem:
        return str(problem)


def by_processes(path, source, name):
    """What the database refused, or None."""
    with multiprocessing.get_context().Pool(2) as pool:
        results = [pool.apply_async(work, (path, source, name)) for _ in range(2)]
        try:
            for result in results:
                result.get()
        except sqlite3.Error as problem:
            return str(problem)


def work(path, source, name):
    order = connect(path)
    try:
        learners_function(source, name)(order, ITEMS)
    finally:
        order.close()


def judge(rows):
    for row in rows:
        if row["problem"]:
            hint = " BEGIN alone takes the lock only at the first write: too late. Try BEGIN IMMEDIATE."
            return False, f"with {row['kind']}, SQLite said: {row['problem']}.{hint * ('locked' in row['problem'])}"
        if row["counted"] == 0:
            return False, "The order is still empty. Was the change committed?"
        if row["counted"] > row["expected"]:
            return False, f"{row['counted']:,} items counted, {row['expected']:,} ordered: some were added twice."
        if row["counted"] < row["expected"]:
            gone = f"with {row['kind']}, {row['expected'] - row['counted']:,} of {row['expected']:,} items are lost."
            if row["locks"]:
                return False, gone + " A lock made here is not seen by the other worker; the database has its own."
            return False, gone + " Between reading and writing the other one may write: make both one transaction."
    return True, f"all {rows[0]['expected']:,} items are there, by threads and by processes."
