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
    "copied_pages": "def copied(page, places):\n    return page * len({place // page for place in"
    " places})\n",
    "own_list": """
def remember(store, item):
    if not hasattr(store, "items"):
        store.items = []
    store.items.append(item)
    return store.items
""",
    "used_again": "def used_again(ids):\n    return len(ids) - len(set(ids))\n",
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
BY_ID = """
import threading
lists = {}
def remember(store, item):
    mine = lists.setdefault(threading.get_ident(), [])
    mine.append(item)
    return mine
"""
WRONG = [
    ("share_list", SHARE + MANAGED.replace("manager.list()", "[]") + "    return"
                                                                     " marks", "filled"
                                                                                         " a copy"
                                                                                         " of its"
                                                                                         " own"),
    ("share_list", SHARE + MANAGED + "    return marks", "Make a plain list of it"),
    ("share_list", SHARE + MANAGED + "    manager.shutdown()\n    return"
                                     " list(marks)", "plain"
                                                                                       " list"
                                                                                       " before"
                                                                                       " that"),
    ("share_list", SHARE + LATE, "The manager had ended when its list was used"),
    ("share_list", SHARE + UNPACKED, "The list is empty. Did work(marks, item) run in each"
                                     " process"),
    ("share_list", SHARE + MANAGED.replace("multiprocessing.Process", "threading.Thread") + "   "
                                                                                            " return list(marks)",
     "3 times in your own process"),
    ("share_list", SHARE + "    return list(items)", "did not come through work"),
    ("share_list", SHARE + "    pass", "The result is of type NoneType"),
    ("share_list", SHARE + MANAGED.replace("in"
                                           " items", "in"
                                                       " items[1:]") + "    return"
                                                                         " list(marks)", "1 of 3"
                                                                                         " items"
                                                                                         " are"),
    ("share_list", SHARE + MANAGED.replace("in"
                                           " items", "in items *"
                                                       " 2") + "    return"
                                                                         " list(marks)", "run too"
                                                                                         " often"),
    ("copied_pages", "def copied(page, places):\n    return len(places)", "but the whole page"),
    ("copied_pages", "def copied(page, places):\n    return page *"
                     " len(places)", "it is not"
                                                                                 " copied again"),
    ("copied_pages", "def copied(page, places):\n    return len({p // page for p in"
                     " places})", "but the whole page"),
    ("copied_pages", "def copied(page, places):\n    pass", "the result is of type NoneType"),
    ("copied_pages", "def copied(page, places):\n    return"
                     " page", "Where nothing is written,"
                                                                   " nothing is copied"),
    ("copied_pages", "def copied(page, places):\n    return page *"
                     " len(set(places))", "it is not"
                                                                                      " copied"
                                                                                      " again"),
    ("copied_pages", "def copied(page, places):\n    return sum(p % page for p in"
                     " places)", "In"
                                                                                            " which page is each"),
    ("copied_pages", "def copied(page, places):\n    return max(places, default=-page) // page *"
                     " page + page",
     "the same byte twice (pages of 4,096 bytes): 12,288 is not right. In which page"),
    ("own_list", "mine = []\ndef remember(store, item):\n    mine.append(item)\n    return"
                 " mine", "The list is shared"),
    ("own_list", "def remember(store, item):\n    store.items = [item]\n    return"
                 " store.items", "Earlier items"),
    ("own_list", "def remember(store, item):\n   "
                 " store.items.append(item)", "in line 2:"
                                                                             " store.items.append(item)"),
    ("own_list", "def remember(store, item):\n    store.items ="
                 " item", "The result is of type"
                                                                       " NoneType"),
    ("own_list", "def remember(store, item, mine=[]):\n    mine.append(item)\n    return"
                 " mine", "it must take 2"),
    ("own_list", "def remember(store, item):\n    remember.mine = [item]\n    return"
                 " store", "is"
                                                                                             " of"
                                                                                             " type _local"),
    ("own_list", BY_ID, "Thread ids are used again, so they cannot be keys"),
    ("used_again", "def used_again(ids):\n    return"
                   " len(set(ids))", "You counted the different"
                                                                     " ids"),
    ("used_again", "def used_again(ids):\n    return sum(ids.count(i) > 1 for i in"
                   " set(ids))", "count the threads"),
    ("used_again", "def used_again(ids):\n    return sum(ids.count(i) > 1 for i in"
                   " ids)", "The"
                                                                                          " first"
                                                                                          " thread with"),
    ("used_again", "def used_again(ids):\n    return set(ids)", "The result is of type set"),
    ("used_again", "def used_again(ids):\n    return len(ids)", "You counted all threads"),
    ("used_again", "def used_again(ids):\n    return sum(a == b for a, b in zip(ids, ids[1:]))",
     "For the ids 5, 6, 5, 5, 7 the answer is 2, not 1. You looked at the thread right before"
     " only"),
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
