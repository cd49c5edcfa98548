"""Workers update one order in a real SQLite file: one update overwrites the other, by threads and processes alike."""

import multiprocessing
import os
import sqlite3
import tempfile
import threading
import time
from contextlib import closing
from typing import Annotated, Literal

from pvt.claims import Claim

QUESTION = "How many items are missing from the order?"
OUTCOMES = ("The threads lose more", "The processes lose more", "Both lose about the same share")
ALIKE = 1.25  # times the smaller share: less is about the same
ROUNDS, PATIENCE, SECONDS = (
    2,
    4.0,
    0.7,
)  # rounds at least; seconds we wait for a loss of each kind; usual seconds


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
WAYS = {"read, then write": read_then_write, "transaction": in_a_transaction}

KINDS = {
    "thread": (threading.Thread, threading.Barrier),
    "process": (multiprocessing.Process, multiprocessing.Barrier),
}
MANY = {"thread": "threads", "process": "processes"}


def run(*, workers: Annotated[int, range(2, 7)] = 2, items: Literal[100, 500, 2_000] = 500):
    """Each worker adds `items` to the same order."""
    begin, losers, number = time.perf_counter(), set(), 0
    while number < ROUNDS or (len(losers) < 2 and time.perf_counter() - begin < PATIENCE):
        for way in WAYS:
            for kind in ("thread", "process"):
                row = one_round(kind, way, workers, items)
                yield {
                    "round": number + 1,
                    "way": way,
                    "workers_are": kind,
                    "workers": workers,
                    **row,
                }
                if row["lost"] and way == "read, then write":
                    losers.add(kind)
        number += 1


def one_round(kind, way, workers, items):
    """A fresh file; all workers start together, each with a connection of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "shop.db")
        with opened(path) as order:
            order.executescript(
                "PRAGMA journal_mode = WAL; CREATE TABLE orders (items); INSERT INTO orders VALUES (0)"
            )
        Worker, Barrier = KINDS[kind]
        barrier = Barrier(workers + 1, timeout=20)
        crowd = [Worker(target=work, args=(path, way, items, barrier)) for _ in range(workers)]
        for worker in crowd:
            worker.start()
        barrier.wait()
        begin = time.perf_counter()
        for worker in crowd:
            worker.join()
        seconds = time.perf_counter() - begin
        with opened(path) as order:
            (counted,) = order.execute("SELECT items FROM orders").fetchone()
    expected = workers * items
    return {
        "expected": expected,
        "counted": counted,
        "lost": expected - counted,
        "seconds": seconds,
    }


def work(path, way, items, barrier):
    """One worker, thread or process."""
    with opened(path) as order:
        barrier.wait()
        WAYS[way](order, items)


def opened(path):
    """A connection that commits each statement, waits up to 30 s for its turn, and does not wait for the disk."""
    order = sqlite3.connect(path, timeout=30, isolation_level=None)
    order.execute("PRAGMA synchronous = OFF")
    return closing(order)


def lost(rows, kind, way="read, then write"):
    """How many items are missing and how many were ordered."""
    mine = [row for row in rows if row["workers_are"] == kind and row["way"] == way]
    return sum(row["lost"] for row in mine), sum(row["expected"] for row in mine)


def outcome(rows):
    """By the share of items lost; None where nobody lost any, or not all have been tried."""
    counted = [lost(rows, kind) for kind in ("thread", "process")]
    if not all(all_ for _, all_ in counted) or not any(gone for gone, _ in counted):
        return None
    threads, processes = (gone / all_ for gone, all_ in counted)
    if max(threads, processes) <= ALIKE * min(threads, processes):
        return OUTCOMES[2]
    return OUTCOMES[0 if threads > processes else 1]


def sentence(rows):
    ways = []
    for way in WAYS:
        parts = [
            f"{gone:,} of {all_:,} by {MANY[kind]}"
            for kind in KINDS
            for gone, all_ in [lost(rows, kind, way)]
            if all_
        ]
        ways += [f"{way}: lost {' and '.join(parts)}"] if parts else []
    return "; ".join(ways).capitalize() + "."


def draw(ax, rows):
    """Four bars: what each way lost, in per cent of what was ordered."""
    bars = [(kind, way) for way in WAYS for kind in KINDS]
    for at, (kind, way) in enumerate(bars):
        gone, all_ = lost(rows, kind, way)
        if all_:
            ax.bar(at, 100 * gone / all_, color=kind, hatch="//" if gone else "", edgecolor="white")
            ax.annotate(
                f"{gone:,} lost", (at, 100 * gone / all_), ha="center", va="bottom", fontsize=10
            )
    ax.set(ylabel="items lost, %", ylim=(0, 105), xticks=range(len(bars)))
    ax.set_xticklabels([f"{MANY[kind]}\n{way}" for kind, way in bars])


def loses(kind, way="read, then write"):
    """A check: does this kind of worker lose items this way?"""

    def check(rows):
        gone, all_ = lost(rows, kind, way)
        return gone > 0, f"{MANY[kind]} that read and then write lost {gone:,} of {all_:,} items."

    return check


def safe(rows):
    """A check: do processes, just by being processes, keep every item?"""
    gone, all_ = lost(rows, "process")
    healed, total = lost(rows, "process", "transaction")
    because = (
        f"processes lost {gone:,} of {all_:,} items: the file is shared, whoever shares it."
        f" In a transaction: {healed:,} of {total:,}."
    )
    return (
        (False, because)
        if gone
        else (None, f"no loss was seen in {all_:,} items, which proves nothing.")
    )


def heals(rows):
    gone = {kind: lost(rows, kind, "transaction") for kind in KINDS}
    text = ", ".join(
        f"{MANY[kind]} lost {missing:,} of {all_:,} items" for kind, (missing, all_) in gone.items()
    )
    if not all(lost(rows, kind)[0] for kind in KINDS):
        return (
            None,
            f"not both lost items without a transaction, so nothing is shown; in one, {text}.",
        )
    return not any(missing for missing, _ in gone.values()), f"in a transaction, {text}."


CLAIMS = [
    Claim(
        "orders.lost",
        "When two threads update one order, one update can overwrite the other.",
        {},
        loses("thread"),
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
