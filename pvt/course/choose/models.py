"""The models between which a programmer chooses: one after the other, threads, processes, an event
loop, interpreters.

Each is a function of a staff and a list of tasks that returns one result per task, None for a task
that was lost. Pools are opened once and are warm when they are measured. Processes come from a fork
server where there is one (the default from Python 3.14): to fork a process that has threads, as
every pool has, can block the child for ever.
"""

import os
import sys
import threading
from contextlib import ExitStack, suppress
from functools import cached_property

from pvt import host, procfs
from pvt.course.choose import workloads
from pvt.course.choose.workloads import Task, perform, perform_async


def inline(staff, tasks):
    return [perform(task) for task in tasks]


def thread_each(staff, tasks):
    results = [None] * len(tasks)

    def work(at, task):
        results[at] = perform(task)

    threads = [threading.Thread(target=work, args=each) for each in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def process_each(staff, tasks):
    pipes = [staff.context.Pipe(duplex=False) for _ in tasks]
    processes = [
        staff.context.Process(target=answer, args=(far, task, staff.tally))
        for (_, far), task in zip(pipes, tasks, strict=True)
    ]
    for process, (_, far) in zip(processes, pipes, strict=True):
        process.start()
        far.close()
    results = [received(near) for near, _ in pipes]
    for process in processes:
        process.join()
    return results


def thread_pool(staff, tasks):
    return collected(staff.pool("thread pool"), tasks)


def process_pool(staff, tasks):
    return collected(staff.pool("process pool"), tasks)


def interpreters(staff, tasks):
    return collected(staff.pool("interpreters"), tasks)


def event_loop(staff, tasks):
    import asyncio

    async def together():
        return await asyncio.gather(*(perform_async(task) for task in tasks))

    return asyncio.run(together())


def answer(post, task, tally):
    """A process for one task: sends the result home."""
    workloads.share(tally)
    post.send(perform(task))


def received(pipe):
    """The result at the end of a pipe, None if its process died."""
    try:
        return pipe.recv()
    except EOFError:
        return None
    finally:
        pipe.close()


def collected(pool, tasks):
    """One hand-over per task, then the results in order; None where the pool broke."""
    from concurrent.futures import BrokenExecutor

    results, futures = [], []
    with suppress(BrokenExecutor):
        futures += [pool.submit(perform, task) for task in tasks]
    for future in futures:
        try:
            results.append(future.result())
        except BrokenExecutor:
            results.append(None)
    return results + [None] * (len(tasks) - len(results))


MODELS = {
    "inline": inline,
    "thread each": thread_each,
    "thread pool": thread_pool,
    "process each": process_each,
    "process pool": process_pool,
    "asyncio": event_loop,
    "interpreters": interpreters,
}
KIND = dict(
    zip(
        MODELS,
        ("inline", "threads", "threads", "processes", "processes", "asyncio", "interpreters"),
        strict=True,
    )
)


class Staff:
    """Pools of `workers`, each opened when it is first used, and a server to wait for. Close it
    at the end."""

    def __init__(self, workers):
        self.workers, self.pools, self.open, self.port = workers, {}, ExitStack(), 0

    @cached_property
    def context(self):
        """How processes are started: the fork server has what they need imported already."""
        import multiprocessing

        context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        if sys.platform == "linux":
            context.set_forkserver_preload(
                ["concurrent.futures.process", "pvt.course.choose.models"]
            )
        return context

    @cached_property
    def tally(self):
        """The number that tasks in processes share."""
        return self.context.Value("q", 0)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.open.close()

    def warm(self, model):
        """Let all workers of a model work once; the memory, in bytes, that this process and its
        pools then have more.

        None where the system does not tell.
        """
        before = private_bytes(self.context)
        MODELS[model](
            self, [Task(at, "wait", 30_000, port=self.port) for at in range(self.workers)]
        )
        after = private_bytes(self.context)
        return None if before is None or after is None else max(0, after - before)

    def serve(self):
        """Start the process that answers requests, and note its port."""
        near, far = self.context.Pipe(duplex=False)
        server = self.context.Process(target=workloads.serve, args=(far,), daemon=True)
        server.start()
        self.open.callback(server.join)
        self.open.callback(server.terminate)
        self.port = near.recv()

    def pool(self, model):
        """The pool of this model."""
        if model not in self.pools:
            self.pools[model] = self.open.enter_context(opened(self, model))
        return self.pools[model]


def opened(staff, model):
    """A new pool, whose processes use the tally of the staff."""
    from concurrent import futures

    if model == "thread pool":
        return futures.ThreadPoolExecutor(staff.workers)
    if model == "interpreters":
        return futures.InterpreterPoolExecutor(staff.workers)
    return futures.ProcessPoolExecutor(
        staff.workers, staff.context, workloads.share, (staff.tally,)
    )


def lacking(model, updates=0):
    """Why this Python cannot do a job with this model, or None."""
    if model != "interpreters":
        return None
    if host.interpreters() != host.LIBRARY:  # InterpreterPoolExecutor is built on it
        return "from Python 3.14 on"
    return "no lock to share" if updates else None


def private_bytes(context):
    """The memory that this process and its children have for themselves; None where there is no
    /proc."""
    sizes = [
        procfs.private(pid)
        for pid in (os.getpid(), *(child.pid for child in context.active_children()))
    ]
    return None if None in sizes else sum(sizes)
