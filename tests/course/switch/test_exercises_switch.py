"""The exercises of chapter 08: the solution passes, and typical wrong answers are explained."""

import pytest
from answers import refused, solves

from pvt import course, host

LINUX = not host.lacking(("/proc",))
COST = """
def switch_cost(seconds, handovers, pipe, switches):
    if abs(switches / handovers - 1) > 0.1:
        return None
    return seconds / handovers - pipe
"""
COUNT = """
import resource
def count_switches(work):
    before = resource.getrusage(resource.RUSAGE_THREAD)
    work()
    after = resource.getrusage(resource.RUSAGE_THREAD)
    return after.ru_nvcsw - before.ru_nvcsw, after.ru_nivcsw - before.ru_nivcsw
"""
BATCH = """
import itertools
def ask_all(numbers, ask):
    answers = []
    while batch := list(itertools.islice(numbers, 100)):
        answers += ask(batch)
    return answers
"""
SOLUTIONS = {"switch_cost": COST, "switch_count": COUNT, "switch_batch": BATCH}
WRONG = [
    ("switch_cost", COST.replace("> 0.1", "> 9"), "This is no switch: return None"),
    ("switch_cost", COST.replace("return None", "return 0"), "and 0 came back"),
    (
        "switch_cost",
        COST.replace("abs(switches / handovers - 1) > 0.1", "switches < 0.9 * handovers"),
        "interrupted",
    ),
    (
        "switch_cost",
        COST.replace("abs(switches / handovers - 1) > 0.1", "switches != handovers"),
        "agree within a tenth",
    ),
    ("switch_cost", COST.replace(" - pipe", ""), "Subtract writing and reading, once for each"),
    (
        "switch_cost",
        COST.replace("seconds / handovers - pipe", "(seconds - pipe) / handovers"),
        "Subtract writing and reading, once for each",
    ),
    (
        "switch_cost",
        COST.replace("return seconds / handovers - pipe", "return str(pipe)"),
        "str came back",
    ),
    (
        "switch_count",
        COUNT.replace("RUSAGE_THREAD", "RUSAGE_SELF"),
        "Those of other threads are in it",
    ),
    ("switch_count", COUNT.replace(" - before.ru_nvcsw", ""), "since the start of the thread"),
    ("switch_count", COUNT.replace("nvcsw", "nivcsw"), "Read the counts right before"),
    (
        "switch_count",
        COUNT.replace("ru_nv", "ru_x").replace("ru_niv", "ru_nv").replace("ru_x", "ru_niv"),
        "the wrong way round",
    ),
    ("switch_count", COUNT.replace("    work()\n", ""), "called 0 times"),
    ("switch_count", COUNT.replace("    work()\n", "    work()\n    work()\n"), "called 2 times"),
    ("switch_count", "def count_switches(work):\n    work()\n", "Return two whole numbers"),
    (
        "switch_batch",
        "def ask_all(ns, ask):\n    return [ask([n])[0] for n in ns]\n",
        "10 calls are enough",
    ),
    (
        "switch_batch",
        "def ask_all(ns, ask):\n    return ask(list(ns))\n",
        "only the first 100 were answered",
    ),
    (
        "switch_batch",
        BATCH.replace("answers += ask(batch)", "answers = ask(batch) + answers"),
        "their order is not",
    ),
    (
        "switch_batch",
        BATCH.replace("    return answers\n", "    print(answers[:1])\n"),
        "Return a list",
    ),
    (
        "switch_batch",
        "def ask_all(ns, ask):\n    got, some = [], []\n    for n in ns:\n        some.append(n)\n"
        "        if len(some) == 100:\n            got += ask(some)\n            some = []\n   "
        " return got\n",
        "Did the last batch, not yet full, go off?",
    ),
    (
        "switch_batch",
        "def ask_all(ns, ask):\n    got, some = [], []\n    for n in ns:\n        some.append(n)\n"
        "        if len(some) == 100:\n            got += ask(some)\n            some = []\n"
        "    return got + ask(some)\n",
        "had nothing in it",
    ),
]


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_solution_passes(name):
    if name == "switch_count" and not LINUX:
        pytest.skip("this system does not count the switches of a thread")
    solves(name, SOLUTIONS[name])


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_told_why(name, text, expected):
    if name == "switch_count" and not LINUX:
        pytest.skip("this system does not count the switches of a thread")
    refused(name, text, expected)


def counted(case, **given):
    """A row of switch_count: 50 switches were right, and the thread had made one before."""
    row = {"case": case, "calls": 1, "kind": "pair", "got": 50, "forced": 0}
    row |= {"least": 50, "most": 50, "forced_least": 0, "forced_most": 0}
    return row | {"total_least": 51, "total_most": 51} | given


def test_one_count_that_is_the_whole_one_by_chance_is_not_called_so():
    others = counted("sleeping", got=51)
    later = counted("computing", got=2, least=0, most=0)
    assert (
        "Those of other threads are in it"
        in course.load("switch_count", "exercise").judge([others, later])[1]
    )
    later = counted("computing", got=51, least=0, most=0)
    assert (
        "since the start of the thread"
        in course.load("switch_count", "exercise").judge([others, later])[1]
    )
