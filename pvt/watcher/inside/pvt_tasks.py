"""Steps of asyncio's tasks: from which moment to which a task had its loop, and what it waited for
afterwards.
"""

import time
from itertools import islice

import pvt_notes as notes

clock = time.monotonic
SHORT = 0.001  # seconds: shorter steps are noted only if the wait after them is of another kind
LONG = 0.01  # seconds: from here on is noted which tasks were kept waiting by a step
MOST = 100  # handles that are looked at for that
made = {}  # number of a task -> when it was made; only those of the present step
FILES = {
    "locks.py": "lock",
    "queues.py": "worker",
    "streams.py": "io",
    "selector_events.py": "io",
    "base_events.py": "io",
    "sslproto.py": "io",
    "subprocess.py": "worker",
}


def put_in_place(events):
    original = events.Handle._run

    def _run(self):
        task = getattr(self._callback, "__self__", None)
        coroutine = getattr(task, "get_coro", None)
        if made:
            made.clear()
        ready, begin = len(getattr(self._loop, "_ready", ())), clock()
        try:
            return original(self)
        finally:
            end = clock()
            kept = kept_waiting(self._loop, task, ready, end) if end - begin > LONG else ()
            if coroutine is not None:
                step(task, coroutine(), begin, end, kept)
            elif end - begin > LONG:
                called = getattr(task, "__name__", None) or "a callback"
                note(0, called, begin, end, "ended", kept)

    events.Handle._run = _run


def kept_waiting(loop, task, ready, end):
    """The numbers of the tasks that could have gone on during a long step of another: `ready` of
    the loop's handles were so before it. What became ready later was woken by it, or made in it.
    """
    found = set()
    for at, handle in enumerate(islice(tuple(getattr(loop, "_ready", ())), MOST)):
        other = getattr(handle._callback, "__self__", None)
        coroutine = getattr(other, "get_coro", None)
        if coroutine is not None and other is not task:
            early = at < ready or made.get(id(other), end) < end - LONG
            if early or innermost(coroutine())[0] in ("queues.py", "locks.py"):
                found.add(id(other))
    for timer in islice(getattr(loop, "_scheduled", ()), MOST):
        if timer._when < end:
            found.update(map(id, sleepers(timer)))
    found.discard(id(task))
    return found


def sleepers(timer):
    """The tasks that wait for the future that a timer ends."""
    for future in timer._args or ():
        for callback, *_ in getattr(future, "_callbacks", None) or ():
            if hasattr(other := getattr(callback, "__self__", None), "get_coro"):
                yield other


def current():
    """Which task runs in this thread, as in the notes of its steps; 0 outside of tasks."""
    import asyncio  # only in programs that have it already

    try:
        return id(asyncio.current_task())
    except RuntimeError:
        return 0


def step(task, coroutine, begin, end, kept):
    """Note one step of a task, and whom it kept waiting."""
    waits = "ended" if task.done() else waiting(coroutine)
    called = f"{task.get_name()} ({getattr(coroutine, '__name__', 'task')})"
    note(id(task), called, begin, end, waits, kept)


def note(number, called, begin, end, waits, kept):
    step = ["step", notes.thread(), number, called, begin, end, waits]
    notes.State.notes.append([*step, sorted(kept)] if kept else step)


def waiting(coroutine):
    """What kind of thing the innermost coroutine waits for, as far as its file says."""
    base, name, frame = innermost(coroutine)
    if base == "tasks.py":
        return "asleep" if name == "sleep" else "worker"
    if base == "locks.py" and (name != "acquire" or a_signal(frame)):
        return "worker"  # an event, a condition, a barrier, a sign
    return FILES.get(base, "worker")


def a_signal(frame):
    """Whether a semaphore in whose method a task waits was made with 0, to give a sign by it."""
    return bool(frame and getattr(frame.f_locals.get("self"), "pvt_signal", False))


def innermost(coroutine):
    """File of asyncio, function and frame of the innermost coroutine; "" for other files."""
    inner, file, name, frame = coroutine, "", "", None
    while inner is not None:
        code = getattr(inner, "cr_code", None) or getattr(inner, "gi_code", None)
        if code is not None:
            file, name = code.co_filename.replace("\\", "/"), code.co_name
            frame = getattr(inner, "cr_frame", None)
        inner = getattr(inner, "cr_await", None) or getattr(inner, "gi_yieldfrom", None)
    folder, _, base = file.rpartition("/")
    return base if folder.endswith("/asyncio") else "", name, frame
