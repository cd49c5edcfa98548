"""The exercises of chapters 01 and 02: typical wrong answers, and the answer to each."""

import pytest
from answers import refused, solves

import pvt
from pvt import host

pytestmark = pytest.mark.usefixtures("nothing_left")
RIGHT = {
    "share_list": """
import multiprocessing
def collected(work, items):
    with multiprocessing.Manager() as manager:
        marks = manager.list()
        workers = [multiprocessing.Process(target=work, args=(marks, item)) for item in items]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return list(marks)
""",
}
QUEUED = """
import multiprocessing
class Marks:
    def __init__(self, queue):
        self.queue = queue
    def append(self, mark):
        self.queue.put(mark)
def collected(work, items):
    queue = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=work, args=(Marks(queue), item)) for item in items]
    for worker in workers:
        worker.start()
    return [queue.get() for worker in workers]
"""
SHARE = "import multiprocessing, threading\ndef collected(work, items):\n"
MANAGED = """
    manager = multiprocessing.Manager()
    marks = manager.list()
    for item in items:
        worker = multiprocessing.Process(target=work, args=(marks, item))
        worker.start()
        worker.join()
"""
UNPACKED = MANAGED.replace("(marks, item)", "(item)") + "    return list(marks)"
LATE = """
    with multiprocessing.Manager() as manager:
        marks = manager.list()
    return list(marks)
"""
WRONG = [
    ("share_list", SHARE + MANAGED.replace("manager.list()", "[]") + "    return marks", "filled a copy of its own"),
    ("share_list", SHARE + MANAGED + "    return marks", "Make a plain list of it"),
    ("share_list", SHARE + MANAGED + "    manager.shutdown()\n    return list(marks)", "plain list before that"),
    ("share_list", SHARE + LATE, "The manager had ended when its list was used"),
    ("share_list", SHARE + UNPACKED, "The list is empty. Did work(marks, item) run in each process"),
    ("share_list", SHARE + MANAGED.replace("multiprocessing.Process", "threading.Thread") + "    return list(marks)",
     "3 times in your own process"),
    ("share_list", SHARE + "    return list(items)", "did not come through work"),
    ("share_list", SHARE + "    pass", "The result is of type NoneType"),
    ("share_list", SHARE + MANAGED.replace("in items", "in items[1:]") + "    return list(marks)", "1 of 3 items are"),
    ("share_list", SHARE + MANAGED.replace("in items", "in items * 2") + "    return list(marks)", "run too often"),
]  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_passes(name):
    solves(name, RIGHT[name])


@pytest.mark.skipif(host.start_method() != "fork", reason="a class of the notebook cannot be sent")
def test_only_what_was_seen_is_praised():
    """A queue is no list that a manager keeps."""
    assert pvt.check("share_list", RIGHT["share_list"]).because.endswith(
        "into a list that a manager keeps."
    )
    answer = pvt.check("share_list", QUEUED)
    assert answer == (
        True,
        "all 3 items are there, written by other processes through a Marks.",
        "",
    )


@pytest.mark.parametrize(("name", "text", "expected"), WRONG)
def test_a_wrong_answer_is_explained(name, text, expected):
    refused(name, text, expected)
