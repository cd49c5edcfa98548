"""What a program can see of what was put in place of locks, sleeps and queues: it prints the same
as without a watcher, to the last byte."""

import subprocess

import pytest

from pvt.runner import interpreter
from pvt.watcher.asking import Program

pytestmark = pytest.mark.usefixtures("nothing_left")

LOCKS = """
import _thread, copy, pickle, sys, threading, weakref
from contextlib import ExitStack

lock, again, bare = threading.Lock(), threading.RLock(), _thread.allocate_lock()
print(isinstance(lock, type(bare)), isinstance(lock, _thread.LockType), isinstance(bare, type(lock)))
print(isinstance(again, _thread.RLock), isinstance(_thread.RLock(), type(again)))
print(isinstance(again, type(lock)), isinstance(3, type(lock)))
for args in ((False, 1), (True, -2), (True, 1e30), (True, float("nan")), (True, "x"), ("x", 1)):
    for one in (lock, again):
        try:
            print(args, one.acquire(*args))
            one.release()
        except Exception as problem:
            print(args, type(problem).__name__, problem)
for one in (lock, again):
    with one as got:
        print(got)
    try:
        one.release()
    except RuntimeError as problem:
        print(problem)
    for function in (pickle.dumps, copy.copy):
        try:
            function(one)
        except TypeError as problem:
            print(problem)
with ExitStack() as stack:
    print(stack.enter_context(lock), stack.enter_context(again), lock.locked())
print(lock.acquire(timeout=0.05), lock.acquire(timeout=0.05), lock.acquire(False))
print(lock.acquire(blocking=False), lock.acquire(True, 0), lock.locked(), lock.release())
print(type(lock).__enter__(lock), type(lock).release(lock))
print(type(lock).acquire(lock), type(lock).__exit__(lock, None, None, None))


class Own(type(again)):
    def __enter__(self):
        print("enter")
        return super().__enter__()

    def __exit__(self, *found):
        return type(again).__exit__(self, *found)

    def release(self):
        print("release")
        super().release()


own = Own()
with own as got:
    print(got, own.acquire(), own.release())
print(weakref.ref(threading.Lock())())
"""

BUILTINS = """
import copy, inspect, os, pickle, sys, time


class Retry:
    sleep, leave = time.sleep, os._exit

    def go(self):
        return self.sleep(0.01)


class Number:
    def __index__(self):
        return 0


print(Retry().go(), time.sleep, inspect.isbuiltin(time.sleep), os._exit, callable(os._exit))
for one in (time.sleep, os._exit):
    print(pickle.loads(pickle.dumps(one)) is one, copy.deepcopy(one) is one)
    print(one.__module__, one.__name__, one.__qualname__, one.__doc__, one.__self__)
    try:
        print(inspect.signature(one))
    except ValueError as problem:
        print(problem)
for bad in ((), ("1",), (1, 2), (-1,), (None,)):
    try:
        time.sleep(*bad)
    except (TypeError, ValueError) as problem:
        print(type(problem).__name__, problem)
print(time.sleep(Number()), time.sleep(False))
sys.stdout.flush()
Retry().leave(status=5)
"""

OWN_KINDS = """
import multiprocessing, queue, threading


class Silent(threading.Thread):
    def __init__(self):
        pass


class Nameless(threading.Thread):
    @property
    def name(self):
        raise LookupError("no name")

    @name.setter
    def name(self, given):
        pass

    def run(self):
        print("ran")


print(queue.SimpleQueue, type(threading.RLock()), issubclass(queue.Empty, Exception))
try:
    Silent().join()
except Exception as problem:
    print(type(problem).__name__, problem)
one = Nameless()
one.start()
one.join()
if __name__ == "__main__":
    for lock in (multiprocessing.Lock(), multiprocessing.RLock(), multiprocessing.Semaphore()):
        for args in ((False, 1), (True, "x"), (True, -1), (1, 0.01)):
            try:
                print(args, lock.acquire(*args), lock.release())
            except Exception as problem:
                print(args, type(problem).__name__, problem)
        with lock as got:
            print(got, lock.acquire(block=True, timeout=0.02))
"""

# in a function of Python a thread could lose the GIL while it has the lock, and all would wait
FREE = """
import sys, threading

lock, again, called = threading.Lock(), threading.RLock(), []


def note(frame, event, argument):
    if event == "call":
        called.append(frame.f_code.co_name)


sys.setprofile(note)
with lock, again, again:
    pass
sys.setprofile(None)
print(called)
"""

ERRORS = """
import asyncio, logging, queue, sys, threading, time, traceback
from concurrent.futures import ThreadPoolExecutor

print(sys.excepthook is sys.__excepthook__, threading.excepthook is threading.__excepthook__)
print(sys.excepthook, threading.excepthook, len(sys._current_frames()))


def ask(box):
    try:
        return box.get(timeout=0.05)
    except queue.Empty:
        return time.sleep("1")


async def wait(box):
    with ThreadPoolExecutor() as pool:
        await asyncio.wait_for(box.get(), 0.05)


try:
    ask(queue.Queue())
except TypeError:
    print(traceback.format_exc())
    logging.exception("no")
threading.Thread(target=ask, args=(queue.SimpleQueue(),), name="asking").start()
time.sleep(0.2)
try:
    asyncio.run(wait(asyncio.Queue()))
except TimeoutError as problem:
    traceback.print_exception(problem)
    traceback.print_tb(problem.__traceback__)
ask(queue.Queue())
"""

SENT = """
import _queue, copy, multiprocessing, pickle, queue, threading
from multiprocessing import connection, managers


class Own(type(threading.RLock())):
    pass


def main():
    kinds = [threading.Lock, threading.RLock, queue.SimpleQueue, threading.Semaphore, Own]
    functions = [threading.Thread.join, queue.Queue.get, threading.Event.wait, connection.wait]
    for one in kinds + functions:
        print(pickle.loads(pickle.dumps(one)) is one, copy.deepcopy(one) is one)
        print(pickle._loads(pickle._dumps(one)) is one)
    print([one.__module__ for one in functions], queue.SimpleQueue is _queue.SimpleQueue)
    with managers.SyncManager(ctx=multiprocessing.get_context("spawn")) as manager:
        lock, box = manager.Lock(), manager.Queue()
        with lock:
            box.put(3)
        print(box.get())


if __name__ == "__main__":
    main()
"""

ALIKE = {
    **{"locks": LOCKS, "builtins": BUILTINS, "free": FREE, "errors": ERRORS, "kinds": OWN_KINDS},
    "sent": SENT,
}


def plain(path, python):
    """What it prints, its errors and its exit code without a watcher."""
    done = subprocess.run([interpreter(python), path], capture_output=True, timeout=60)
    return *(
        one.decode(errors="surrogateescape") for one in (done.stdout, done.stderr)
    ), done.returncode


@pytest.mark.parametrize("kind", ALIKE)
def test_it_prints_the_same_as_without_a_watcher(kind, python, tmp_path):
    program = tmp_path / "my.py"
    program.write_text(ALIKE[kind])
    found = Program(program, python=python).watched()
    assert (found.output, found.errors, found.code) == plain(program, python)
