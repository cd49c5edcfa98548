"""Start one of each: `start_both(work)` calls `work()` once in a new thread and once in a new
process.

It waits for both. Each call notes who made it in a file, which a process can reach as well.
"""

import os
import tempfile
import threading
import time

from pvt.tools.learner import learners_function

ARGUMENTS = ("work",)


def work():
    """Note the process, and whether its main thread is calling. One of the two takes a while: see
    `run`."""
    main = threading.current_thread() is threading.main_thread()
    with open(os.environ["PVT_NOTES"], "a") as notes:
        notes.write(f"{os.getpid()} {int(main)}\n")
    kind = "thread" if os.getpid() == int(os.environ["PVT_CALLER"]) else "process"
    time.sleep(0.5 * (kind == os.environ["PVT_SLOW"]))


def run(*, source, name):
    """Twice: the thread is slow, then the process. Who waits for one of them only is done too early
    once."""
    for slow in ("thread", "process"):
        yield one_trial(learners_function(source, name), slow)


def one_trial(start_both, slow):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "notes")
        os.environ |= {"PVT_NOTES": path, "PVT_SLOW": slow, "PVT_CALLER": str(os.getpid())}
        start_both(work)
        calls = []
        if os.path.exists(path):
            with open(path) as notes:
                calls = [line.split() for line in notes]
        mine = [main for pid, main in calls if int(pid) == os.getpid()]
        children = multiprocessing_children()
        row = {
            "calls": len(calls),
            "in_thread": mine.count("0"),
            "in_your_own": mine.count("1"),
            "in_process": len(calls) - len(mine),
            "still_there": len(children) + threading.active_count() - 1,
        }
        for child in children:
            child.join()
        for thread in threading.enumerate()[1:]:
            thread.join(1)
    return row


def multiprocessing_children():
    import multiprocessing

    return multiprocessing.active_children()


def judge(rows):
    for seen in rows:
        if why := wrong(seen):
            return False, why
    return (
        True,
        (
            "one call came from a new thread of this process and one from a new process, and both"
            " have ended."
        ),
    )


def wrong(seen):
    """What is wrong with a trial, or None."""
    if seen["still_there"]:
        return (
            f"You returned while {seen['still_there']} of them had not ended. Wait for each:"
            " join()."
        )
    if not seen["calls"]:
        return "work was not called. Hand it over as target=work, without calling it, then start()."
    if seen["in_your_own"]:
        return (
            f"work was called {seen['in_your_own']} times in your own thread. Write target=work,"
            " not target=work(), and start(), not run()."
        )
    if not seen["in_process"]:
        return (
            "It was called in a thread, but in no process of its own:"
            " multiprocessing.Process(target=work)."
        )
    if not seen["in_thread"]:
        return (
            "It was called in a process, but in no thread of yours: threading.Thread(target=work)."
        )
    if seen["calls"] > 2:
        return f"work was called {seen['calls']} times. Start one thread and one process."
    return None
