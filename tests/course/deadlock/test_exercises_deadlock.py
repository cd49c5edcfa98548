"""The exercises of chapter 05: right answers pass, and typical wrong ones are explained."""

import pytest

import pvt

MOVE = "        source.balance -= amount\n        target.balance += amount\n"
TRANSFER = "def transfer(source, target, amount):\n    {}\n" + MOVE
BY = (
    "first, second = sorted((source, target), key=lambda a: a.{})\n    with first.lock,"
    " second.lock:"
)
RETRY = """
def transfer(source, target, amount):
    with source.lock:
        if target.lock.acquire(timeout=1):
            source.balance -= amount
            target.balance += amount
            target.lock.release()
"""
LONG = """
def transfer(source, target, amount):
    first, second = sorted((source, target), key=lambda a: a.number)
    first.lock.acquire()
    second.lock.acquire()
    source.balance -= amount
    target.balance += amount
    {}
"""
SELL = """
def sell(shop, wanted):
    {}
        if shop.stock < wanted:
            return False
        shop.stock -= wanted
        return True
"""
BY_HAND = """
def sell(shop, wanted):
    shop.lock.acquire()
    enough = shop.stock >= wanted
    if enough:
        shop.stock -= wanted
    {}
    return enough
"""
NO_WAIT = """
import queue
def work(pages, done):
    while True:
        try:
            page = pages.get_nowait()
        except queue.Empty:
            {}
        {}
"""
LOCKED = """
import threading
lock = threading.Lock()
def work(pages, done):
    while True:
        with lock:
            if pages.empty():
                return
            page = pages.get()
        done.append(page)
"""
GET = "def work(pages, done):\n    while not pages.empty():\n        done.append(pages.{})\n"
RIGHT = [
    ("transfers", TRANSFER.format(BY.format("number"))),
    ("transfers", LONG.format("second.lock.release(); first.lock.release()")),
    ("sell", BY_HAND.format("shop.lock.release()")),
    ("pages", LOCKED),
]
WRONG = [
    ("transfers", TRANSFER.format("with source.lock,"
                                  " target.lock:"), "in the same order: by"
                                                                     " account.number"),
    ("transfers", TRANSFER.format(BY.format("balance")), "sort by account.number"),
    ("transfers", TRANSFER.format("with source.lock:"), "so both locks must be held"),
    ("transfers", TRANSFER.format("import threading\n    with"
                                  " threading.Lock():"), "a new one in"
                                                                                   " each call"),
    ("transfers", LONG.format("pass"), "A with statement gives the lock back"),
    ("transfers", RETRY, "must try again"),
    ("transfers", "def transfer(source, target, amount):\n   "
                  " pass\n", "Even when no thread is"
                                                                       " interrupted"),
    ("sell", SELL.format("if True:"), "while holding shop.lock, in one go"),
    ("sell", SELL.format("import threading\n    with threading.Lock():"), "a new one in each call"),
    ("sell", BY_HAND.format("pass"), "Which way out of the function passes no release()?"),
    ("sell", BY_HAND.format("if enough: shop.lock.release()"), "Which way out of the function"),
    ("sell", BY_HAND.format("shop.lock.release();"
                            " shop.lock.release()"), "gives the lock back"
                                                                         " twice"),
    ("sell", "def sell(shop, wanted):\n    with shop.lock:\n        shop.stock -="
             " wanted\n", "Return True when"),
    ("pages", GET.format("get()"), "let get_nowait() look and take in one step"),
    ("pages", GET.format("get_nowait()"), "catch queue.Empty, and return"),
    ("pages", GET.format("get(timeout=1)"), "catch queue.Empty, and return"),
    ("pages", NO_WAIT.format("return", "pass"), "appended to done"),
    ("pages", NO_WAIT.format("return", "done.append(page);"
                                       " done.append(page)"), "Each page must"
                                                                                " be taken once"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_a_right_answer_passes(name, text):
    answer = pvt.check(name, text)
    assert answer.passed, answer.because
    assert "schedules with up to 2 preemptions are safe" in answer.because


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_explained(name, text, expected):
    answer = pvt.check(name, text)
    assert not answer.passed
    assert expected in answer.because
