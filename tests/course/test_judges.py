"""Judges must not praise what they have not seen, nor refuse what is right but unusual: every case was wrong once."""

import pytest
from answers import refused, solves

pytestmark = pytest.mark.usefixtures("nothing_left")
BOTH = """
import multiprocessing, threading
def start_both(work):
    thread, process = threading.Thread(target=work), multiprocessing.Process(target=work)
    thread.start()
    process.start()
    {}.join()
"""
EXECUTORS = """
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
def start_both(work):
    with ProcessPoolExecutor(1) as processes, ThreadPoolExecutor(1) as threads:
        processes.submit(work), threads.submit(work)
"""
COPIES = """
def send_to_all(connections, message):
    for connection in connections:
        connection.send([int(one) for one in message])
"""
ONE_PICKLE = """
import io, pickle
def send_to_all(connections, message):
    data = io.BytesIO()
    pickle.Pickler(data).dump(message)
    for connection in connections:
        connection.send_bytes(data.getvalue())
"""
FOR_SHOW = """
def run_all(pool, task, items):
    pool.submit(task, 0).result(), pool.submit(task, 1).result()
    return [task(item) for item in items]
"""
EVEN = """
def run_all(pool, task, items):
    return list(pool.map(task, items, chunksize=1_000))
"""
UNEVEN = EVEN.replace("1_000", "1_999")
IN_TWO = """
def sell(item, price, ledger, guard):
    amount = price(item)
    with guard:
        so_far = ledger["sum"]
    with guard:
        ledger["sum"] = so_far + amount
"""
BY_HAND = """
def sell(item, price, ledger, guard):
    amount = price(item)
    guard.acquire()
    try:
        ledger["sum"] += amount
    finally:
        guard.release()
"""
DOOR = """
import queue
def doorman(listener, waiting, sorry):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            {}
        try:
            waiting.put(connection, block=False)
        except queue.Full:
            with connection:
                connection.sendall(sorry)
"""
BY_CURSOR = """
def add_items(order, items):
    cursor = order.cursor()
    for _ in range(items):
        (count,) = cursor.execute("SELECT items FROM orders").fetchone()
        cursor.execute("UPDATE orders SET items = ?", (count + 1,))
"""
IN_SQL = """
def add_items(order, items):
    for _ in range(items):
        order.cursor().execute("UPDATE orders SET items = items + 1")
"""
BY_TIMEIT = """
import timeit
def cheapest_first(kinds):
    return sorted(kinds, key=lambda name: min(timeit.repeat(kinds[name], number=1, repeat=5)))
"""
ACCEPTED = [
    ("start_both", EXECUTORS),
    ("talk_once", ONE_PICKLE),
    ("chunks", EVEN),
    ("short_lock", BY_HAND),
    ("server_refuse", DOOR.format("return")),
    ("orders", IN_SQL),
    ("cost_order", BY_TIMEIT),
]
REFUSED = [
    ("start_both", BOTH.format("thread"), "Wait for each"),
    ("start_both", BOTH.format("process"), "Wait for each"),
    ("talk_once", COPIES, "copies of the list were pickled"),
    ("chunks", FOR_SHOW, "do not come from the pool"),
    ("chunks", UNEVEN, "one hand-over carried 1,999 of 2,000"),
    ("short_lock", IN_TWO, "between reading and writing, another till had the lock"),
    ("server_refuse", DOOR.format("continue"), "the doorman did not return"),
    ("server_refuse", DOOR.format("raise"), "Catch it, and return"),
    ("orders", BY_CURSOR, "with threads, "),
]


@pytest.mark.parametrize(("name", "text"), ACCEPTED, ids=[name for name, _ in ACCEPTED])
def test_an_unusual_right_answer_passes(name, text):
    solves(name, text)


@pytest.mark.parametrize(("name", "text", "because"), REFUSED)
def test_a_wrong_answer_is_seen_through(name, text, because):
    refused(name, text, because)
