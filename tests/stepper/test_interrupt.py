"""A main thread that sleeps for ever waits for Ctrl-C, which comes when nothing else can happen."""

import pytest

import pvt

HEAD = """\
import threading, time
stop = threading.Event()
left, right = threading.Lock(), threading.Lock()
def work():
    while not stop.is_set():
        time.sleep(0.1)
def beat():
    while True:
        time.sleep(1)
def one():
    with left:
        with right: pass
def other():
    with right:
        with left: pass
def main():
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        {handler}
threads = [threading.Thread(target=each, daemon={daemon}) for each in ({work})]
for thread in threads: thread.start()
"""
TOLD = "the program runs until it is interrupted: Ctrl-C comes in the loop of line"


def source(work="work,", end="main()", handler="stop.set()", daemon=False):
    """A program that runs until it is interrupted."""
    return HEAD.format(work=work, handler=handler, daemon=daemon) + end + "\n"


SAFE = {
    "a handler that stops the others": source(
        handler="stop.set(); threads[0].join(); print('bye')"
    ),
    "daemons": source("beat,", daemon=True, handler="print('bye')"),
    "no handler": source("beat, beat", "while True: time.sleep(1)", daemon=True),
    "no handler, and threads that go on": source("work,", "while True: time.sleep(1)"),
    "no thread": "import time\nwhile True:\n    print('tick')\n    time.sleep(1)\n",
    "a thread that has ended": source("one,"),
}
BAD = {
    "a handler that stops nobody": source(handler="threads[0].join()"),
    "a lock that is never given back": source("one, other", daemon=True),
    "the same, and no handler": source("one, other", "while True: time.sleep(1)"),
    "a loop that waits for something": source("one,", "while not stop.is_set(): time.sleep(1)"),
    "the same, with a break": source(
        "one,", "while True:\n    if stop.is_set(): break\n    time.sleep(1)"
    ),
    "what the handler does": source(handler="assert not threads[0].is_alive()"),
}


@pytest.mark.parametrize("name", SAFE)
def test_who_sleeps_for_ever_waits_for_ctrl_c(name):
    found = pvt.search(SAFE[name])
    assert found.complete and set(found.endings) == {"safe"}, found.reasons
    assert TOLD in found.assumed


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_beside_it_is_found(name):
    assert {"deadlock", "broken"} & set(pvt.search(BAD[name]).endings)
