"""Workers update one order in a real SQLite file: one update overwrites the other, by threads
and processes alike."""

import multiprocessing
import os
import sqlite3
import tempfile
import threading
from contextlib import closing
from typing import Annotated, Literal

from pvt.claims import Claim
from pvt.tools import losing
from pvt.tools.losing import WORKERS

QUESTION = "How many items are missing from the order?"
OUTCOMES = ("The threads lose more", "The processes lose more", "Both lose about the same share")
ALIKE = 1.25  # times the smaller share: less is about the same
ROUNDS = 2  # at least
PATIENCE = 4.0  # seconds we wait for a loss of each kind
SECONDS = 0.7


def read_then_write(order, items):
    for _ in range(items):
        (found,) = order.execute("SELECT items FROM orders").fetchone()
        order.execute("UPDATE orders SET items = ?", (found + 1,))


def in_a_transaction(order, items):
    for _ in range(items):
        order.execute("BEGIN IMMEDIATE")
        (found,) = order.execute("SELECT items FROM orders").fetchone()
        order.execute("UPDATE orders SET items = ?", (found + 1,))
        order.execute("COMMIT")


STUDY = (read_then_write, in_a_transaction)
FREE, SAFE = "read, then write", "transaction"
WAYS = {FREE: read_then_write, SAFE: in_a_transaction}
KINDS = {
    "thread": (threading.Thread, threading.Barrier),
    "process": (multiprocessing.Process, multiprocessing.Barrier),
}


def run(*, workers: Annotated[int, range(2, 7)] = 2, items: Literal[100, 500, 2_000] = 500):
    """Each worker adds `items` to the same order."""
    yield from losing.rounds(
        (FREE, SAFE), ROUNDS, PATIENCE, lambda kind, way: one_round(kind, way, workers, items)
    )


def one_round(kind, way, workers, items):
    """A fresh file; all workers start together, each with a connection of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "shop.db")
        with opened(path) as order:
            order.executescript(
                "PRAGMA journal_mode = WAL; CREATE TABLE orders (items); INSERT INTO orders"
                " VALUES (0)"
            )
        worker, barrier = KINDS[kind]
        all_here = barrier(workers, timeout=20)
        _, seconds = losing.together(worker, work, [(path, way, items, all_here)] * workers)
        with opened(path) as order:
            (counted,) = order.execute("SELECT items FROM orders").fetchone()
    return {"workers": workers, **losing.counts(workers * items, counted), "seconds": seconds}


def work(path, way, items, barrier):
    """One worker, thread or process."""
    with opened(path) as order:
        barrier.wait()
        WAYS[way](order, items)


def opened(path):
    """A connection that commits each statement, waits up to 30 s for its turn, and does not wait
    for the disk."""
    order = sqlite3.connect(path, timeout=30, isolation_level=None)
    order.execute("PRAGMA synchronous = OFF")
    return closing(order)


def outcome(rows):
    """By the share of items lost; None where nobody lost any, or not all have been tried."""
    counted = [losing.lost(rows, kind, FREE) for kind in WORKERS]
    if not all(all_ for _, all_ in counted) or not any(gone for gone, _ in counted):
        return None
    threads, processes = (gone / all_ for gone, all_ in counted)
    if max(threads, processes) <= ALIKE * min(threads, processes):
        return OUTCOMES[2]
    return OUTCOMES[0 if threads > processes else 1]


def sentence(rows):
    return losing.sentence(rows, WAYS, "items")


def draw(ax, rows):
    losing.draw(ax, rows, WAYS, "items")


def threads_lose(rows):
    gone, all_ = losing.lost(rows, "thread", FREE)
    return gone > 0, f"threads that read and then write lost {gone:,} of {all_:,} items."


def safe(rows):
    """A check: do processes, just by being processes, keep every item?"""
    gone, all_ = losing.lost(rows, "process", FREE)
    healed, total = losing.lost(rows, "process", SAFE)
    if not gone:
        return None, f"no loss was seen in {all_:,} items, which proves nothing."
    return False, (
        f"processes lost {gone:,} of {all_:,} items: the file is shared, whoever shares it."
        f" In a transaction: {healed:,} of {total:,}."
    )


def heals(rows):
    answer, text = losing.healed(rows, SAFE, "items")
    if not all(losing.lost(rows, kind, FREE)[0] for kind in WORKERS):
        because = "not both lost items without a transaction, so nothing is shown"
        return None, f"{because}; in one, {text}."
    return answer, f"in a transaction, {text}."


CLAIMS = [
    Claim(
        "orders.lost",
        "When two threads update one order, one update can overwrite the other.",
        {},
        threads_lose,
        kind="can",
    ),
    Claim(
        "orders.processes-safe", "Using processes instead of threads saves the orders.", {}, safe
    ),
    Claim(
        "orders.transaction",
        "A transaction saves the orders, for threads and for processes.",
        {},
        heals,
    ),
    Claim("sync.processes-none", "Processes need no synchronisation.", {}, safe),
]
