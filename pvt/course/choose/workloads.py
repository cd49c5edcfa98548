"""The tasks that choose, advisor and too_many give to their workers: compute, run C code, wait,
update, crash.

A `Task` is plain data and `perform` is a function of a module, so that it can be sent to a process
however that was started. What a task returns is its own number: nobody is fast by not doing it.
"""

import hashlib
import os
import socket
import threading
from typing import NamedTuple

from pvt.timing import calibrated

BLOCK = bytes(1 << 18)  # what the C code reads, again and again: it stays in the cache of a core
STEP = 64  # of a big argument, each byte at this distance is looked at


class Task(NamedTuple):
    """One task: `amount` loops, blocks or microseconds of waiting, then a look at `data`, then
    `updates`."""

    number: int
    kind: str
    amount: int
    data: bytes = b""
    updates: int = 0
    crash: bool = False
    port: int = 0


class Tally:
    """A number for the threads of one process; multiprocessing's `Value` has the same methods."""

    def __init__(self):
        self.value, self.lock = 0, threading.Lock()

    def get_lock(self):
        return self.lock

    def get_obj(self):
        return self


shared = Tally()


def share(value):
    """Let this process use another tally: that of the process that started it."""
    global shared
    shared = value


def perform(task):
    """Do a task and return its number; crash if it is one that crashes."""
    if task.crash:
        os._exit(3)
    KINDS[task.kind](task)
    return finish(task)


async def perform_async(task):
    """The same for an event loop: only the waiting is written differently."""
    if task.kind != "wait" or task.crash:
        return perform(task)
    await ask_async(task)
    return finish(task)


def finish(task):
    """What follows the work itself."""
    sum(task.data[::STEP])
    update(task.updates)
    return task.number


def update(times):
    """Add to the shared tally, each time under its lock."""
    tally, lock = shared.get_obj(), shared.get_lock()
    for _ in range(times):
        with lock:
            tally.value += 1


def compute(task):
    """Python code: it holds the GIL, if there is one."""
    total = 0
    for number in range(task.amount):
        total += number * number
    return total


def digest(task):
    """C code: hashlib lets go of the GIL while it reads a block."""
    for _ in range(task.amount):
        hashlib.sha256(BLOCK).digest()


def ask(task):
    """Ask the server and wait for its answer: this thread does nothing meanwhile."""
    with socket.create_connection(("127.0.0.1", task.port)) as line:
        line.sendall(b"%d\n" % task.amount)
        line.recv(1)


async def ask_async(task):
    """The same, and the event loop goes on with other tasks meanwhile."""
    import asyncio

    reader, writer = await asyncio.open_connection("127.0.0.1", task.port)
    writer.write(b"%d\n" % task.amount)
    await reader.read(1)
    writer.close()


KINDS = {"compute": compute, "C code": digest, "wait": ask}


def amount(kind, seconds):
    """How much of this kind of work takes one core `seconds` here. It measures, for a few
    milliseconds."""
    if kind == "wait":
        return round(seconds * 1e6)
    sample = min(0.01, seconds)
    counts = [calibrated(lambda count: KINDS[kind](Task(0, kind, count)), sample) for _ in range(5)]
    return max(
        1, round(max(counts) * seconds / sample)
    )  # the most: who is disturbed gets less done


def serve(post):
    """A process of its own: answers each request after the microseconds that it asks for. Says
    its port first."""
    import asyncio

    async def answer(reader, writer):
        if asked := await reader.readline():  # nothing comes from a process that has crashed
            await asyncio.sleep(int(asked) / 1e6)
            writer.write(b".")
        writer.close()

    async def main():
        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1_000)
        post.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())
