"""Let the workers end: `work(pages, done)` takes pages out of a queue until it is empty, and
appends each to `done`.

Two threads run it on three pages. No more pages come.
"""

from pvt.course.deadlock.exercises._searched import judged, rows

ARGUMENTS = ("pages", "done")
PAGES = """
import queue as _queue
import threading as _threading

pages, done = _queue.Queue(), []
for page in ("a", "b", "c"):
    pages.put(page)
threads = [_threading.Thread(target={name}, args=(pages, done)) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert sorted(done) == ["a", "b", "c"], f"done holds {{sorted(done)}}"
"""


def run(*, source, name):
    yield from rows(source, {"pages": PAGES.format(name=name)})


def judge(rows):
    return judged(rows, advice)


def advice(row):
    """What to try instead."""
    words = row["because"] + row["story"]
    if row["ending"] == "deadlock" and ("an item" in words or "queue" in words):
        return (
            "That the queue was not empty is no promise: let get_nowait() look and take in one"
            " step."
        )
    if row["ending"] == "deadlock":
        return "Whoever takes a lock must give it back, whatever happens."
    if "Empty" in words:
        return "An empty queue is no fault here: catch queue.Empty, and return."
    return "Each page must be taken once, and appended to done."
