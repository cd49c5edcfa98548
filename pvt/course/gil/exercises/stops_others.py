"""Does a call stop all other threads? `stops_others(call)` calls it once, and finds out.

Return True if another thread of yours, which wants to run every millisecond, hardly runs while
`call()` does. Return False if it goes on. The calls are real: some wait, some compute in Python,
some in C code.
"""

import hashlib
import threading
import time

from pvt.tools.learner import learners_function

ARGUMENTS = ("call",)
LEAST = 0.12  # seconds that a call takes
CLEAR = (3, 10)  # ticks of ours: at most so many, it stopped us; at least so many, it did not
TRIES = 5  # of a call, where a busy machine leaves open what it did
LATE = " Does your watching thread end when the call has ended?"


def waits():
    time.sleep(LEAST)


def computes_in_python():
    end = time.thread_time() + LEAST
    while time.thread_time() < end:
        sum(range(20))


def hashes_in_c(size=10_000):
    """Long C code that gives the GIL back meanwhile."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < LEAST:
        hashlib.pbkdf2_hmac("sha256", b"word", b"salt", size)


def sums_in_c(count):
    """One single call of C code that keeps the GIL."""
    sum(range(count))


def calibrated():
    """So many numbers take LEAST to sum, and half as long again."""
    count = 1_000_000
    while True:
        begin = time.thread_time()
        sum(range(count))
        if (took := time.thread_time() - begin) > 0.02:
            return int(count * 1.5 * LEAST / took)
        count *= 2


def run(*, source, name):
    stops_others = learners_function(source, name)
    count = calibrated()
    cases = {
        "time.sleep": waits,
        "a loop in Python": computes_in_python,
        "hashing in C": hashes_in_c,
        "one sum(range(…)) in C": lambda: sums_in_c(count),
    }
    for case, call in cases.items():
        for _ in range(TRIES):
            row = {"case": case, **tried(stops_others, Called(call))}
            if row["calls"] != 1 or row["left"] or stopped(row) is not None:
                break
        yield row
        if row["calls"] != 1:
            return


def tried(stops_others, called):
    """What the learner's function says of a call, and what we have seen of it."""
    before = threading.active_count()
    answer = stops_others(called)
    return {
        "answer": answer if isinstance(answer, bool) else None,
        "returned": repr(answer)[:60],
        "calls": called.times,
        "left": threading.active_count() - before,
        "over": called.over,
        "ticks": called.ticks,
        "silence": called.silence,
    }


class Called:
    """Calls, and counts meanwhile how often a thread of ours runs: the truth on this machine, at
    this moment."""

    def __init__(self, call):
        self.call, self.times, self.over = call, 0, True
        self.ticks, self.silence, self.last = 0, 0.0, 0.0

    def __call__(self):
        self.times, self.over = self.times + 1, False
        done, ready = threading.Event(), threading.Event()
        watcher = threading.Thread(target=self.watch, args=(done, ready))
        watcher.start()
        ready.wait()
        self.ticks, self.silence, self.last = 0, 0.0, time.perf_counter()
        self.call()
        seen, self.over = self.ticks, True
        done.set()
        watcher.join()
        self.ticks = seen

    def watch(self, done, ready):
        while not done.wait(0.001):
            now = time.perf_counter()
            self.ticks, self.silence = self.ticks + 1, max(self.silence, now - self.last)
            self.last = now
            ready.set()


def stopped(row):
    """Whether the call stopped our thread; None where a busy machine leaves that open, as when
    ours ran only after the call had ended and before anybody could note that."""
    least, most = CLEAR
    if row["ticks"] <= least:
        return True
    return False if row["ticks"] >= most and row["silence"] < LEAST / 2 else None


def judge(rows):
    for row in rows:
        case = row["case"]
        if row["answer"] is None:
            return False, f"{case}: you returned {row['returned']}. Return True or False."
        if row["calls"] != 1 or not row["over"]:
            return (
                False,
                (
                    f"{case}: call() must be called once and have ended. It was called"
                    f" {row['calls']} times."
                ),
            )
        if row["left"] > 0:
            return False, f"{case}: a thread of yours went on afterwards. End it, and join() it."
        if row["answer"] and stopped(row) is False:
            return (
                False,
                (
                    f"{case}: you say it stops others; a thread of ours ran {row['ticks']} times"
                    " meanwhile. Had yours begun before the call? Count how often it runs during"
                    " the call."
                ),
            )
        if not row["answer"] and stopped(row):
            return (
                False,
                (
                    f"{case}: you say others go on; a thread of ours ran {row['ticks']} times"
                    " meanwhile. Look only while the call runs, not before or after."
                ),
            )
    if any(stopped(row) is None for row in rows):
        return False, "this machine is too busy just now to tell the calls apart. Try again."
    stops = [row["case"] for row in rows if row["answer"]]
    found = (
        f"{', '.join(stops)} stops all other threads"
        if stops
        else "nothing stops other threads here"
    )
    return True, f"{len(rows)} calls judged rightly: {found}."
