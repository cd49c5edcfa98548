"""The exercises on maps and limits: typical wrong answers, and the answer to each."""

import sys

import pytest
from answers import refused, solves

from pvt import host

LIMIT = """
import resource
def prepare():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))
"""
SOFT = LIMIT.replace("(64, 64)", "(64, resource.getrlimit(resource.RLIMIT_NOFILE)[1])")
NO_FILES = LIMIT.replace("    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n", "")
BOTH = """
import multiprocessing, threading
def start_both(work):
    workers = [threading.Thread(target=work), multiprocessing.Process(target=work)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
"""
RIGHT = {"lock_in": LIMIT, "start_both": BOTH}
WRONG = [
    (
        "start_both",
        BOTH.replace("        worker.join()", "        pass"),
        "had not ended. Wait for each: join()",
    ),
    ("start_both", BOTH.replace("target=work", "target=work()"), "target=work, not target=work()"),
    (
        "start_both",
        BOTH.replace(", multiprocessing.Process(target=work)", ""),
        "but in no process of its own",
    ),
    (
        "start_both",
        BOTH.replace("threading.Thread(target=work), ", ""),
        "but in no thread of yours",
    ),
    ("start_both", BOTH.replace("in workers", "in []"), "work was not called"),
    (
        "start_both",
        BOTH.replace("workers = [", "workers = [threading.Thread(target=work), "),
        "called 3 times",
    ),
    ("lock_in", "def prepare():\n    pass\n", "Nothing was refused"),
    ("lock_in", SOFT, "lower the hard limit too"),
    ("lock_in", LIMIT.replace("(64, 64)", "(8, 8)"), "RLIMIT_NOFILE is too tight"),
    ("lock_in", LIMIT.replace("300 << 20", "1 << 20"), "too tight"),
    ("lock_in", NO_FILES, "still gets its files"),
    ("lock_in", LIMIT.replace("RLIMIT_AS", "RLIMIT_STACK"), "still gets its memory"),
    ("lock_in", "def prepare():\n    raise SystemExit\n", "prepare ended the whole process"),
]


def skip_what_is_lacking(name, text):
    lacking = host.lacking(("resource limits",))
    if name == "lock_in" and lacking:
        pytest.skip(lacking)
    if "RLIMIT_STACK" in text and sys.platform != "linux":
        pytest.skip("the memory is checked on Linux only")


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_passes(name):
    skip_what_is_lacking(name, RIGHT[name])
    solves(name, RIGHT[name])


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_explained(name, text, expected):
    skip_what_is_lacking(name, text)
    assert text not in RIGHT.values()
    refused(name, text, expected)
