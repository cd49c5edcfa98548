"""Steps of asyncio's tasks: from which moment to which a task had its loop, and what it waited for
afterwards.
"""

import time

import pvt_notes as notes

clock = time.monotonic
SHORT = 0.001  # seconds: shorter steps are noted only if the wait after them is of another kind
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
        begin = clock()
        try:
            return original(self)
        finally:
            end = clock()
            if coroutine is not None:
                step(task, coroutine(), begin, end)
            elif end - begin > 0.02:
                called = getattr(task, "__name__", None) or "a callback"
                notes.State.notes.append(["step", notes.thread(), 0, called, begin, end, "ended"])

    events.Handle._run = _run


def current():
    """Which task runs in this thread, as in the notes of its steps; 0 outside of tasks."""
    import asyncio  # only in programs that have it already

    try:
        return id(asyncio.current_task())
    except RuntimeError:
        return 0


def step(task, coroutine, begin, end):
    """Note one step of a task."""
    waits = "ended" if task.done() else waiting(coroutine)
    called = f"{task.get_name()} ({getattr(coroutine, '__name__', 'task')})"
    notes.State.notes.append(["step", notes.thread(), id(task), called, begin, end, waits])


def waiting(coroutine):
    """What kind of thing the innermost coroutine waits for, as far as its file says."""
    inner, file, name = coroutine, "", ""
    while inner is not None:
        code = getattr(inner, "cr_code", None) or getattr(inner, "gi_code", None)
        if code is not None:
            file, name = code.co_filename.replace("\\", "/"), code.co_name
        inner = getattr(inner, "cr_await", None) or getattr(inner, "gi_yieldfrom", None)
    folder, _, base = file.rpartition("/")
    if not folder.endswith("/asyncio"):
        return "worker"
    if base == "tasks.py":
        return "asleep" if name == "sleep" else "worker"
    if base == "locks.py" and name != "acquire":  # an event, a condition, a barrier
        return "worker"
    return FILES.get(base, "worker")
