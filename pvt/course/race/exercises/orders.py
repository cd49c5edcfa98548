"""Repair the lost orders: `add_items(order, items)` adds `items` to the order, one at a time.

`order` is a connection to a SQLite file with one row in the table `orders (items)`; each statement
is committed by itself unless you begin a transaction. Two threads run it at once, then two
processes. The first few times a worker pauses after it has read: if the other can write meanwhile,
an item is lost then, and not only by bad luck.
"""

import multiprocessing
import os
import sqlite3
import tempfile
import time

from pvt.tools.learner import learners_function, together

ARGUMENTS = ("order", "items")
ITEMS, FEW, START = 300, 3, 7  # what is there at first, so that a total cannot be guessed
SLOWLY, PAUSE = 20, 0.002  # readings after which a worker pauses, and the seconds for which it does
PATIENCE = 5.0  # seconds that a worker waits for the other to have opened its file


def run(*, source, name):
    for kind, crowd in (("alone", alone), ("threads", by_threads), ("processes", by_processes)):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "shop.db")
            order = connect(path)
            order.executescript(
                "PRAGMA journal_mode = WAL; CREATE TABLE orders (items); INSERT INTO orders"
                " VALUES (0)"
            )
            order.execute("UPDATE orders SET items = ?", (START,))
            problem = crowd(path, source, name)
            (counted,) = order.execute("SELECT items FROM orders").fetchone()
            order.close()
        seen = {
            "locks": "Lock(" in source,
            "begins": "BEGIN" in source.upper(),
            "immediate": "BEGIN IMMEDIATE" in source.upper(),
        }
        expected = FEW if kind == "alone" else 2 * ITEMS
        yield {
            "kind": kind,
            "expected": expected,
            "counted": counted - START,
            "problem": problem,
            **seen,
        }


class Cursor(sqlite3.Cursor):
    """Pauses after the first readings of its connection."""

    def execute(self, sql, *values):
        found = super().execute(sql, *values)
        order = self.connection
        if sql.lstrip().upper().startswith("SELECT") and order.readings < SLOWLY:
            order.readings += 1
            time.sleep(PAUSE)
        return found


class Order(sqlite3.Connection):
    """A connection whose first readings are slow, by whatever way they are asked for."""

    readings = 0

    def cursor(self, factory=Cursor):
        return super().cursor(factory)

    def execute(self, sql, *values):  # sqlite3's own asks for no cursor of this class
        return self.cursor().execute(sql, *values)


def connect(path):
    order = sqlite3.connect(path, timeout=2, isolation_level=None, factory=Order)
    order.execute("PRAGMA synchronous = OFF")
    return order


def alone(path, source, name):
    """What the database refused to one worker with few items, or None."""
    try:
        work(connect(path), learners_function(source, name), FEW)
    except sqlite3.Error as problem:
        return str(problem)


def by_threads(path, source, name):
    """What the database refused, or None."""
    learners_function(source, name)
    try:
        together(*[lambda me=me: beside(path, source, name, me) for me in (0, 1)])
    except sqlite3.Error as problem:
        return str(problem)


def by_processes(path, source, name):
    """What the database refused, or None."""
    with multiprocessing.get_context().Pool(2) as pool:
        results = [pool.apply_async(beside, (path, source, name, me)) for me in (0, 1)]
        try:
            for result in results:
                result.get()
        except sqlite3.Error as problem:
            return str(problem)


def beside(path, source, name, me):
    """Worker `me` of two: it begins when both are ready.  To get ready may take one of them longer
    than all the work takes the other."""
    order, add_items = connect(path), learners_function(source, name)
    order.execute("SELECT items FROM orders").fetchone()  # opens its log, too
    order.readings = 0
    open(f"{path}.{me}", "w").close()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not os.path.exists(f"{path}.{1 - me}"):
        time.sleep(PAUSE / 10)
    work(order, add_items, ITEMS)


def work(order, add_items, items):
    try:
        add_items(order, items)
    finally:
        order.close()


def judge(rows):
    for row in rows:
        who = "one worker alone" if row["kind"] == "alone" else f"with {row['kind']}"
        if row["problem"]:
            return False, f"{who}, SQLite said: {row['problem']}.{hint(row)}"
        if row["counted"] == 0:
            return False, "The order is what it was. Was anything written, and was it committed?"
        if row["kind"] == "alone" and row["counted"] != row["expected"]:
            text = f"{who}, items = {row['expected']}: the order grew by {row['counted']:,}."
            return False, f"{text} Add 1 to what is there, items times."
        if row["counted"] > row["expected"]:
            return (
                False,
                f"{row['counted']:,} items counted, {row['expected']:,} ordered: some were added"
                " twice.",
            )
        if row["counted"] < row["expected"]:
            gone = (
                f"with {row['kind']}, {row['expected'] - row['counted']:,} of"
                f" {row['expected']:,} items are lost."
            )
            if row["locks"]:
                return (
                    False,
                    gone + " A lock made here is not seen by the other worker; the database has its"
                    " own.",
                )
            gone += (
                " Between reading and writing the other one may write: make both one transaction."
            )
            return False, gone + " Each statement here is committed by itself, until BEGIN." * (
                not row["begins"]
            )
    return True, f"all {rows[-1]['expected']:,} items are there, by threads and by processes."


def hint(row):
    """The next step after what SQLite said, or nothing."""
    if "within a transaction" in row["problem"]:
        return " The one before was not ended: COMMIT after each writing."
    if "locked" not in row["problem"]:
        return ""
    if row["immediate"]:
        return " A worker kept its transaction for too long: COMMIT after each writing."
    return " BEGIN alone takes the lock only at the first write: too late. Try BEGIN IMMEDIATE."
