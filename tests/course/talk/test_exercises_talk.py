"""The exercises of chapter 03: the solution passes, and typical wrong answers are explained."""

import pytest
from answers import refused, solves

EXACTLY = """
def receive(stream, size):
    got = b""
    while len(got) < size:
        piece = stream.recv(size - len(got))
        if not piece:
            raise EOFError("closed too early")
        got += piece
    return got
"""
ONCE = """
import pickle
def send_to_all(connections, message):
    data = pickle.dumps(message)
    for connection in connections:
        connection.send_bytes(data)
"""
COUNTER = """
def add(cells, lock, times):
    for _ in range(times):
        with lock:
            cells[0] += 1
"""
SOLUTIONS = {"talk_exactly": EXACTLY, "talk_once": ONCE, "talk_counter": COUNTER}
WRONG = [
    ("talk_exactly", "def receive(s, n):\n    return s.recv(n)\n", "recv gives what is there"),
    (
        "talk_exactly",
        "def receive(s, n):\n    return s.recv(65536)\n",
        "ask only for what is missing",
    ),
    (
        "talk_exactly",
        EXACTLY.replace("raise EOFError('closed too early')", "return got").replace(
            'raise EOFError("closed too early")', "return got"
        ),
        "Raise EOFError",
    ),
    (
        "talk_exactly",
        EXACTLY.replace("got += piece", "got = piece + got"),
        "in the order they came",
    ),
    ("talk_exactly", EXACTLY.replace("    return got\n", "    got\n"), "Return the bytes"),
    ("talk_exactly", EXACTLY.replace("if not piece", "if False"), "An endless loop?"),
    (
        "talk_exactly",
        EXACTLY.replace("< size", "<= size"),
        "though the sender had not closed. recv(0) gives b''",
    ),
    (
        "talk_exactly",
        EXACTLY.replace("recv(size - len(got))", "recv(size)").replace(
            "return got", "return got[:size]"
        ),
        "in pieces, message 2: you raised EOFError, though the sender had not closed",
    ),
    (
        "talk_exactly",
        EXACTLY.replace("EOFError", "ConnectionError"),
        "and ConnectionError came back. Raise EOFError",
    ),
    (
        "talk_once",
        "def send_to_all(cs, m):\n    for c in cs:\n        c.send(m)\n",
        "pickled 4 times",
    ),
    ("talk_once", ONCE.replace("send_bytes", "send"), "send pickles what you give it"),
    ("talk_once", ONCE.replace("in connections", "in connections[:1]"), "got nothing"),
    (
        "talk_once",
        ONCE.replace("pickle.dumps(message)", "repr(message).encode()"),
        "recv() unpickles",
    ),
    ("talk_once", ONCE.replace("dumps(message)", "dumps(message[:9])"), "another list"),
    ("talk_counter", COUNTER.replace("with lock", "if True"), "Take the lock that both"),
    (
        "talk_counter",
        "import multiprocessing\n"
        + COUNTER.replace("    for _", "    mine = multiprocessing.Lock()\n    for _").replace(
            "with lock", "with mine"
        ),
        "Take the lock that both",
    ),
    (
        "talk_counter",
        "def add(cells, lock, times):\n    for _ in range(times):\n        found = cells[0]\n"
        "        with lock:\n            cells[0] = found + 1\n",
        "from the reading to the writing",
    ),
    (
        "talk_counter",
        "def add(cells, lock, times):\n    total = 0\n    for _ in range(times):\n        total"
        " += 1\n",
        "a name of your own is not shared",
    ),
    (
        "talk_counter",
        COUNTER.replace("times):\n        with", "2 * times):\n        with"),
        "changed cells[0] by 6. Add 1",
    ),
    (
        "talk_counter",
        "def add(cells, lock, times):\n    with lock:\n        cells[0] += 1\n",
        "changed cells[0] by 1. Add",
    ),
    (
        "talk_counter",
        "def add(cells, lock, times):\n    with lock:\n        cells[0] = times\n",
        "Add 1 to what is there",
    ),
    (
        "talk_counter",
        "def add(cells, lock, times):\n    for _ in range(times):\n        lock.acquire()\n      "
        "  cells[0] += 1\n",
        "Or threads that wait for each other – in line 3: lock.acquire()",
    ),
    ("talk_counter", COUNTER.replace("cells[0] +=", "cells +="), "in line 5: cells += 1"),
]


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_solution_passes(name):
    solves(name, SOLUTIONS[name])


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_told_why(name, text, expected):
    refused(name, text, expected)
