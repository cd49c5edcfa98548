"""Start one of each: `start_both(work)` calls `work()` once in a new thread and once in a new process.

It waits for both. Each call notes who made it in a file, which a process can reach as well.
"""

import os
import tempfile
import threading
import time

from pvt.tools.learner import learners_function

ARGUMENTS = ("work",)


def work():
    """Note the process, and whether its main thread is calling; and take a while, so that nobody ends by chance."""
    main = threading.current_thread() is threading.main_thread()
    with open(os.environ["PVT_NOTES"], "a") as notes:
        notes.write(f"{os.getpid()} {int(main)}\n")
    time.sleep(0.3)


def run(*, source, name):
    start_both = learners_function(source, name)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PVT_NOTES"] = path = os.path.join(folder, "notes")
        start_both(work)
        calls = []
        if os.path.exists(path):
            with open(path) as notes:
                calls = [line.split() for line in notes]
        mine = [main for pid, main in calls if int(pid) == os.getpid()]
        children = multiprocessing_children()
        yield {
            "calls": len(calls),
            "in_thread": mine.count("0"),
            "in_your_own": mine.count("1"),
            "in_process": len(calls) - len(mine),
            "still_there": len(children) + threading.active_count() - 1,
        }
        for child in children:
            child.join()


def multiprocessing_children():
    import multiprocessing

    return multiprocessing.active_children()


def judge(rows):
    (seen,) = rows
    if seen["still_there"]:
        return (
            False,
            f"You returned while {seen['still_there']} of them had not ended. Wait for each: join().",
        )
    if not seen["calls"]:
        return (
            False,
            "work was not called. Hand it over as target=work, without calling it, then start().",
        )
    if seen["in_your_own"]:
        return False, (
            f"work was called {seen['in_your_own']} times in your own thread. Write target=work, not target=work(), and"
            " start(), not run()."
        )
    if not seen["in_process"]:
        return (
            False,
            "It was called in a thread, but in no process of its own: multiprocessing.Process(target=work).",
        )
    if not seen["in_thread"]:
        return (
            False,
            "It was called in a process, but in no thread of yours: threading.Thread(target=work).",
        )
    if seen["calls"] > 2:
        return False, f"work was called {seen['calls']} times. Start one thread and one process."
    return (
        True,
        "one call came from a new thread of this process and one from a new process, and both have ended.",
    )
