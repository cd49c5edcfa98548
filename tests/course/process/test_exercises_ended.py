"""How each process ended: typical wrong answers, an unusual right one, and the answer to each."""

import os

import pytest
from answers import refused

import pvt

pytestmark = pytest.mark.usefixtures("nothing_left")
ENDINGS = """
import multiprocessing
def endings(works):
    processes = [multiprocessing.Process(target=work) for work in works]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]
"""
BY_HAND = """
import os
def endings(works):
    pids = []
    for work in works:
        pid = os.fork()
        if not pid:
            try:
                work()
            except SystemExit as left:
                os._exit(left.code)
            os._exit(0)
        pids.append(pid)
    return tuple(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids)
"""
IN_TURN = ENDINGS.replace("process.start()", "process.start()\n        process.join()")
UNASKED = BY_HAND[: BY_HAND.index("    return tuple")] + "    return [3, 0, -15, 1]\n"
AS_THEY_END = ENDINGS.replace("return [process", "return sorted([process").replace("]\n", "])\n")
AS_THEY_END = AS_THEY_END.replace("in works])", "in works]")
WRONG = [
    ("how_ended", ENDINGS.replace("        process.join()", "        pass"), "None is in the list"),
    ("how_ended", IN_TURN, "did not run at the same time"),
    ("how_ended", ENDINGS.replace("target=work", "target=work()"), "a work ran in your own process"),
    ("how_ended", ENDINGS.replace("in works]", "in works[1:]]"), "3 of 4 works were begun"),
    ("how_ended", ENDINGS.replace("in works]", "in works * 2]"), "begun 8 times"),
    ("how_ended", AS_THEY_END, "keep the order of works"),
    ("how_ended", ENDINGS.replace("    return [", "    codes = ["), "the result is of type NoneType"),
    ("how_ended", ENDINGS.replace("process.exitcode", "abs(process.exitcode)"), "says how one ended"),
    ("how_ended", ENDINGS.replace("process.exitcode", "process"), "the result is of type list"),
]  # fmt: skip


def test_a_right_answer_passes():
    answer = pvt.check("how_ended", ENDINGS)
    assert answer.passed, answer.because
    assert "3, 0, -15, 1" in answer.because or os.name == "nt"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_right_answer_by_hand_passes_and_zombies_are_seen():
    answer = pvt.check("how_ended", BY_HAND)
    assert answer.passed, answer.because
    answer = pvt.check("how_ended", UNASKED)
    assert not answer.passed and "zombies" in answer.because


@pytest.mark.parametrize(("name", "text", "because"), WRONG)
def test_a_wrong_answer_is_explained(name, text, because):
    refused(name, text, because)
