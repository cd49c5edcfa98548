"""The exercises of chapter 10: the solution passes, and typical wrong answers are explained."""

import pytest
from answers import refused, solves

WHICH = """
def which_limit(limits, root):
    binding = {name: most for name, most in limits.items() if most is not None}
    if root:
        binding.pop("RLIMIT_NPROC", None)
    return min(binding, key=binding.get, default=None)
"""
POLITE = """
import queue
def accept(waiting, request):
    try:
        waiting.put_nowait(request)
    except queue.Full:
        return False
    return True
"""
LAUNCH = """
def launch(start, jobs, most, deepest):
    running = []
    while jobs or running:
        while jobs and len(running) < most:
            running.append(start(jobs.pop()))
        wanted = running.pop(0).wait()
        jobs += [job for job in wanted if job.depth <= deepest]
"""
SOLUTIONS = {"which_limit": WHICH, "polite_pool": POLITE, "launcher": LAUNCH}
WRONG = [
    (
        "which_limit",
        WHICH.replace("    if root:\n        binding.pop", "    if False:\n        binding.pop"),
        "not bind root",
    ),
    ("which_limit", WHICH.replace("most is not None", "most"), "0 is a limit as well"),
    ("which_limit", "def f(limits, root):\n    return min(limits, key=limits.get)\n", "TypeError"),
    ("which_limit", WHICH.replace("return min(", "return max("), "Take the lowest"),
    (
        "which_limit",
        "def f(limits, root):\n    return min(v for v in limits.values() if v is not None)\n",
        "Return the name",
    ),
    (
        "which_limit",
        WHICH.replace("default=None)", "default=None) and 'the lowest'"),
        "Return the name of the limit",
    ),
    (
        "polite_pool",
        POLITE.replace("queue.Full", "queue.Empty"),
        "queue.Full came through. Catch it and return False",
    ),
    (
        "polite_pool",
        "def accept(waiting, r):\n    if waiting.qsize() > 2:\n        return False\n"
        "    waiting.put_nowait(r)\n    return True\n",
        "another request took the place: queue.Full. Do not look: try; catch it",
    ),
    (
        "polite_pool",
        POLITE.replace("return True", "return None"),
        "Put the request into the queue and return True",
    ),
    ("polite_pool", "def accept(waiting, r):\n    waiting.put(r)\n    return True\n", "put_nowait"),
    ("polite_pool", "def accept(waiting, r):\n    return False\n", "refused everything"),
    ("polite_pool", POLITE.replace("return False", "return True"), "Return False if full"),
    (
        "polite_pool",
        "def accept(waiting, r):\n    if waiting.full():\n        return False\n   "
        " waiting.put(r)\n    return True\n",
        "Try, and catch queue.Full",
    ),
    (
        "polite_pool",
        POLITE.replace(
            "return False",
            "waiting.get_nowait()\n        waiting.put_nowait(request)\n        return True",
        ),
        "Return False if full",
    ),
    (
        "polite_pool",
        POLITE.replace("waiting.put_nowait", "waiting.qsize() > 1 or waiting.put_nowait"),
        "Return False if full",
    ),
    (
        "polite_pool",
        POLITE.replace("    try:", "    if waiting.qsize() > 1:\n        return False\n    try:"),
        "Fill the queue",
    ),
    ("launcher", LAUNCH.replace("if job.depth <= deepest", ""), "the fuse"),
    ("launcher", LAUNCH.replace("<= deepest", "< deepest"), "Put what wait() returns"),
    ("launcher", LAUNCH.replace("len(running) < most", "True"), "Wait for one"),
    ("launcher", LAUNCH.replace("len(running) < most", "not running"), "Start several"),
    (
        "launcher",
        "def launch(start, jobs, most, deepest):\n    for job in jobs:\n        start(job)\n",
        "Call wait() on each",
    ),
    ("launcher", LAUNCH.replace("jobs.pop()", "jobs[0]"), "started twice"),
    (
        "launcher",
        "def launch(start, jobs, most, deepest):\n    return jobs\n",
        "no job was started. Call start(job)",
    ),
]


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_solution_passes(name):
    solves(name, SOLUTIONS[name])


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_told_why(name, text, expected):
    refused(name, text, expected)
