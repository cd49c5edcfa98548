"""A barrier does what CPython's does: the last does the action, and nobody else anything meanwhile."""

import pytest

import pvt

PROGRAM = """\
import threading
seen = []
def check():
    {action}
gate = threading.Barrier(2, action=check)
def meet():
    try:
        seen.append({wait})
    except (threading.BrokenBarrierError, ValueError) as error:
        seen.append(type(error).__name__)
def other():
    {other}
threads = [threading.Thread(target=each) for each in (meet, meet, other)]
for each in threads:
    each.start()
for each in threads:
    each.join()
print(*sorted(map(str, seen)), gate.broken)
"""
NONE = "BrokenBarrierError BrokenBarrierError True"
RIGHT = {
    "each has its place": ({}, {"0 1 False"}),
    "the action raises": (
        {"action": "raise ValueError"},
        {"BrokenBarrierError ValueError True"},
    ),
    "aborted": ({"other": "gate.abort()"}, {"0 1 True", "1 BrokenBarrierError True", NONE}),
    "reset": (
        {"other": "gate.reset()", "wait": "gate.wait(1)"},
        {
            "0 1 False",
            "BrokenBarrierError BrokenBarrierError True",
            "BrokenBarrierError BrokenBarrierError False",
        },
    ),
    "a time-out": (
        {"wait": "gate.wait(1)"},
        {"0 1 False", NONE},
    ),
    "a look during the action": (
        {"action": "global n; n = 1; n = 2", "other": "assert gate.n_waiting in (0, 1, 2)"},
        {"0 1 False"},
    ),
}


def outputs(action="pass", wait="gate.wait()", other="pass"):
    """All that the program may print."""
    found = pvt.search(PROGRAM.format(action=action, wait=wait, other=other))
    assert found.complete, found.because
    return {text.strip() for text in found.outputs}, found


@pytest.mark.parametrize("name", RIGHT)
def test_all_endings_are_those_of_the_real_one(name):
    words, wanted = RIGHT[name]
    texts, found = outputs(**words)
    assert found.bad is None and texts == wanted


def test_who_comes_again_is_in_the_next_round():
    text = """\
import threading
gate, seen = threading.Barrier(2), []
def work():
    for round in range(2):
        seen.append(round)
        gate.wait()
threads = [threading.Thread(target=work) for _ in range(2)]
for each in threads:
    each.start()
for each in threads:
    each.join()
assert seen == [0, 0, 1, 1]
"""
    found = pvt.search(text)
    assert found.bad is None and found.complete
    assert pvt.search(text.replace("        gate.wait()", "    gate.wait()")).bad == "broken"


def test_an_action_that_comes_to_its_own_barrier_waits_for_itself():
    found = pvt.search(PROGRAM.format(action="gate.abort()", wait="gate.wait()", other="pass"))
    assert found.bad == "deadlock"
    assert "waiting for the end of the action of the barrier gate" in found.reasons["deadlock"]
