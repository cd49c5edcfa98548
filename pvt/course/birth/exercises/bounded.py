"""A bounded pool: `run_all(jobs, workers)` calls every job, at most `workers` at once; it returns
the results in order.

`jobs` is a list of functions without parameters; some wait for others, so use threads. A worker
that is done takes the next job at once. When the function returns, its threads have ended.

Then it is tried a second time, with queues that pause after they were asked whether they are empty.
Whoever first looks and then takes is overtaken there for sure, as it happens now and then in real
life, and waits for a job that is gone.
"""

import queue
import threading
import time

from pvt.tools.learner import learners_function

ARGUMENTS = ("jobs", "workers")
WORKERS = 3
JOBS = 12
# Seconds that jobs wait for one too many to come; a right answer never fails
PATIENCE = 0.4
FEW = 4  # jobs of the second trial
LOOK = 0.05  # seconds after a look at a queue
STUCK = 2.0  # until it counts as stuck


class Watch:
    """Counts the jobs that run at once. The first ones stay until an extra one has come or
    nobody comes any more."""

    def __init__(self):
        self.changed = threading.Condition()
        self.running = 0
        self.most = 0
        self.begun = 0
        self.followed = False

    def job(self, number):
        def work():
            with self.changed:
                self.running, self.begun = self.running + 1, self.begun + 1
                self.most = max(self.most, self.running)
                self.changed.notify_all()
                self.stay(self.begun)
                self.running -= 1
            return 10 * number

        return work

    def stay(self, place):
        """The first to begin ends when nobody has come too many; the next ones stay until
        another job has begun."""
        if place == 1:
            self.changed.wait_for(lambda: self.most > WORKERS, PATIENCE)
        elif place <= WORKERS:
            self.followed = (
                self.changed.wait_for(lambda: self.begun > WORKERS, 3 * PATIENCE) or self.followed
            )


def looked_slowly(look):
    """A queue's empty, full or qsize, with a pause after it."""

    def slow(self, *args):
        found = look(self, *args)
        time.sleep(LOOK)
        return found

    return slow


class SlowSimpleQueue(queue.SimpleQueue):
    empty, qsize = looked_slowly(queue.SimpleQueue.empty), looked_slowly(queue.SimpleQueue.qsize)


def gets_stuck(source, name):
    """Whether the function hangs on a few short jobs when looking at a queue takes a while."""
    for kind in (queue.Queue, queue.LifoQueue, queue.PriorityQueue):
        kind.empty, kind.qsize = looked_slowly(queue.Queue.empty), looked_slowly(queue.Queue.qsize)
    kept, queue.SimpleQueue = queue.SimpleQueue, SlowSimpleQueue
    start = threading.Thread.start

    def started(thread):
        thread.daemon = True  # so that one which is stuck does not keep this process alive
        start(thread)

    threading.Thread.start = started
    try:
        run_all = learners_function(source, name)
        trial = threading.Thread(target=run_all, args=([lambda: None] * FEW, WORKERS))
        trial.start()
        trial.join(STUCK)
        return trial.is_alive()
    finally:
        queue.SimpleQueue, threading.Thread.start = kept, start


def run(*, source, name):
    run_all = learners_function(source, name)
    watch, before = Watch(), threading.active_count()
    results = run_all([watch.job(number) for number in range(JOBS)], WORKERS)
    left = threading.active_count() - before
    right = results == [10 * number for number in range(JOBS)]
    complete = isinstance(results, list) and sorted(map(str, results)) == sorted(
        str(10 * number) for number in range(JOBS)
    )
    counts = {"most": watch.most, "begun": watch.begun, "followed": watch.followed, "left": left}
    tried = right and not left and watch.most <= WORKERS
    yield counts | {
        "right": right,
        "complete": complete,
        "stuck": tried and gets_stuck(source, name),
    }


def judge(rows):
    (seen,) = rows
    if seen["begun"] < JOBS and seen["left"] > 0:
        return (
            False,
            f"You returned while {seen['left']} threads were at work. Join them, then return the"
            " results.",
        )
    if seen["begun"] < JOBS:
        return False, f"{seen['begun']} of {JOBS} jobs were called. Call every job."
    if seen["begun"] > JOBS:
        return False, f"{JOBS} jobs, {seen['begun']} calls: call each job once."
    if seen["most"] > WORKERS:
        return (
            False,
            f"{seen['most']} jobs ran at once, {WORKERS} were allowed. Start no more threads than"
            " that.",
        )
    if seen["most"] < WORKERS:
        return (
            False,
            f"At most {seen['most']} jobs ran at once, {WORKERS} may. Start all, then wait.",
        )
    if not seen["followed"]:
        return (
            False,
            "One worker was done, the others not, and no new job began. Let each take the next by"
            " itself.",
        )
    if not seen["complete"]:
        return (
            False,
            "The results are missing or wrong. Keep what each job returns, and return the list.",
        )
    if not seen["right"]:
        return (
            False,
            "The results are there, but not in the order of the jobs. Keep the number of each job"
            " with it.",
        )
    if seen["left"] > 0:
        return (
            False,
            f"{seen['left']} threads are still there. Tell the workers to end, and join them.",
        )
    if seen["stuck"]:
        return False, (
            "The results are right, but by luck: two workers saw the same last job in the queue,"
            " one took it, and the"
            " other waits for ever. Look and take in one step: get_nowait(), or one None for each"
            " worker at the end."
        )
    return (
        True,
        f"{JOBS} jobs, never more than {WORKERS} at once, a free worker takes the next, and"
        " nobody is left.",
    )
