"""Three pools of processes that work through a list of jobs, one of which kills its worker.

A job is (task, attempt, how, crashing): the task with the number `BAD` ends its worker in the way
`how`, in its first `crashing` attempts. Each pool yields (task, attempts, what became of it).
"""

import time
from collections import deque

from pvt.tools import crashes

WORKERS = 2  # workers of each pool
TASK = 0.03  # seconds that a task takes
BAD = 3  # the task whose worker dies
TRIES = 3  # attempts at a task where somebody watches
LONGER = 3  # how many times as long as the others took we wait
PATIENCE = 8.0  # seconds until a pool that gives nothing at all is given up


def task(number, attempt, how, crashing):
    """Wait a little, as for an answer. Task 3 crashes its worker in its first attempts."""
    time.sleep(TASK)
    if number == BAD and attempt <= crashing:
        crashes.quiet()
        crashes.WAYS[how]()
    return "done"


def executor(jobs):
    """concurrent.futures: a task that fails has an exception instead of a result."""
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

    with ProcessPoolExecutor(WORKERS) as workers:
        futures = []
        for job in jobs:
            try:
                futures.append(workers.submit(task, *job))
            except BrokenExecutor as problem:  # so early that this task was not even accepted
                yield job[0], 1, type(problem).__name__
        for job, future in zip(jobs, futures, strict=False):
            problem = future.exception(PATIENCE)
            yield job[0], 1, type(problem).__name__ if problem else future.result()


def pool(jobs):
    """multiprocessing.Pool: the bad task comes last. It fails without a word: all we can do is
    to wait and give up."""
    from multiprocessing import Pool, TimeoutError

    begin = time.perf_counter()
    with Pool(WORKERS) as workers:
        results = [(job[0], workers.apply_async(task, job)) for job in jobs]
        for number, result in sorted(results, key=lambda pair: pair[0] == BAD):
            patience = LONGER * (time.perf_counter() - begin) if number == BAD else PATIENCE
            try:
                yield number, 1, result.get(patience)
            except TimeoutError:
                yield number, 1, "no answer"
            except Exception as problem:
                yield number, 1, type(problem).__name__


def watched(jobs):
    """A worker that dies closes its pipe: then a new one is hired, and the task goes back to the
    others."""
    from multiprocessing.connection import wait

    waiting, busy, idle = deque(jobs), {}, []
    while waiting or busy:
        while waiting and len(busy) < WORKERS:
            post = idle.pop() if idle else hired()
            busy[post] = waiting.popleft()
            post.send(busy[post])
        for post in wait(busy):
            number, attempt, *rest = busy.pop(post)
            try:
                yield number, attempt, post.recv()
                idle.append(post)
            except (EOFError, ConnectionError):
                if attempt < TRIES:
                    waiting.append((number, attempt + 1, *rest))
                else:
                    yield number, attempt, "given up"
    for post in idle:
        post.send(None)


def hired():
    """Our end of the pipe to a new worker."""
    from multiprocessing import Pipe, Process

    ours, theirs = Pipe()
    with theirs:
        Process(target=serve, args=(theirs,), daemon=True).start()
    return ours


def serve(post):
    while job := post.recv():
        post.send(task(*job))


POOLS = {"watched by us": watched, "ProcessPoolExecutor": executor, "multiprocessing.Pool": pool}
