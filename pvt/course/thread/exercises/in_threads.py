"""Threads that answer: `in_threads(work, items)` calls `work(item)` for each item, each in a thread
of its own.

All at the same time. Return the results in the order of `items`; where `work` raises, the exception
takes the place
of the result.
"""

import threading
import time

from pvt.tools.learner import learners_function

ARGUMENTS = ("work", "items")
ITEMS, BAD, PATIENCE = (3, 1, 4, 2, 5), 4, 1.0  # seconds that a work waits for the others
LATE = " Does work run for one item only when another has ended?"


class Desk:
    """The work: it waits until all have begun; the last item is done first."""

    def __init__(self):
        self.home, self.calls, self.lock = threading.get_ident(), [], threading.Lock()
        self.all, self.alone = threading.Event(), False

    def work(self, item):
        with self.lock:
            self.calls.append((item, threading.get_ident()))
            if len(self.calls) >= len(ITEMS):
                self.all.set()
        self.alone |= not self.all.wait(0 if self.alone else PATIENCE)
        time.sleep((max(ITEMS) - ITEMS.index(item)) * 0.02)
        if item == BAD:
            raise KeyError(item)
        return item * 100


def run(*, source, name):
    import warnings

    warnings.filterwarnings("ignore")
    threading.excepthook = lambda _: None  # what a thread raises is what this is about
    in_threads, desk = learners_function(source, name), Desk()
    before = threading.active_count()
    try:
        answer, raised = in_threads(desk.work, list(ITEMS)), False
    except KeyError:
        answer, raised = None, True
    left = threading.active_count() - before
    got = list(answer) if isinstance(answer, list | tuple) else []
    yield {
        "kind": type(answer).__name__,
        "raised": raised,
        "got": ", ".join(map(shown, got)),
        "wanted": ", ".join(wanted()),
        "holds": next(
            (type(one).__name__ for one in got if not isinstance(one, int | KeyError)), ""
        ),
        "left": left,
        "alone": desk.alone,
        "home": sum(ident == desk.home for _, ident in desk.calls),
        "begun": len({item for item, _ in desk.calls}),
        "calls": len(desk.calls),
        "threads": len({ident for _, ident in desk.calls}),
    }


def shown(one):
    return repr(one) if isinstance(one, KeyError) else str(one)


def wanted():
    return [shown(KeyError(item) if item == BAD else item * 100) for item in ITEMS]


def judge(rows):
    (row,) = rows
    count = len(ITEMS)
    if row["home"]:
        return (
            False,
            (
                f"work ran {row['home']} times in your own thread. Write target=work, args=(item,),"
                " then start()."
            ),
        )
    if row["begun"] < count and row["calls"] >= count:
        return (
            False,
            (
                f"only {row['begun']} of {count} items were worked on, some of them twice: a"
                " function made in a loop reads the loop's variable when it runs. Hand the item"
                " over in args=(…,)."
            ),
        )
    if row["calls"] != count:
        return (
            False,
            f"work was called {row['calls']} times for {count} items. Call it once for each.",
        )
    if row["alone"] or row["threads"] < count:
        return (
            False,
            "they did not run at the same time. Start every thread before you join the first.",
        )
    if row["raised"]:
        return (
            False,
            (
                "an exception of work came through to the caller. Catch it, and put it where the"
                " result would stand."
            ),
        )
    if row["left"] > 0:
        return False, f"{row['left']} threads still ran when you returned. join() each of them."
    if row["kind"] not in ("list", "tuple"):
        return False, f"the result is of type {row['kind']}. Return a list of the results."
    if row["holds"]:
        also = (
            " A thread keeps no result: let it write one into a list."
            if row["holds"] == "NoneType"
            else ""
        )
        return (
            False,
            f"the list holds {row['holds']} where a result or its exception belongs.{also}",
        )
    if row["got"] != row["wanted"]:
        missing = "KeyError" not in row["got"]
        why = (
            "An exception ends its thread and is lost there: catch it inside, and keep it."
            if missing
            else "Who ends first is not first in the list: keep a place for each item."
        )
        return False, f"the list is {row['got'] or 'empty'}, not {row['wanted']}. {why}"
    return (
        True,
        f"{count} threads at the same time, each result in its place, the exception of one too.",
    )
