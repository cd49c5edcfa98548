"""Who awaits what: the words for tasks that can never go on.

A suspended task is a chain of coroutines, each awaiting the next.  The innermost one of the
program gives the line; the innermost of asyncio's own says what is awaited there: `Lock.acquire`
of which lock, `Queue.get` of which queue.
"""

import asyncio
import os
import types

from pvt.stepper.stops import line_of

HERE = os.path.dirname(__file__)
VERBS = {
    ("Lock", "acquire"): "the lock{}",
    ("Semaphore", "acquire"): "the semaphore{}",
    ("BoundedSemaphore", "acquire"): "the semaphore{}",
    ("Event", "wait"): "the event{}",
    ("Condition", "wait"): "a notify of the condition{}",
    ("Barrier", "_wait"): "others at the barrier{}",
    ("Barrier", "_block"): "the barrier{} to empty",
    ("TaskGroup", "__aexit__"): "the tasks of its group",
}
REST = "|"
"""Between what is awaited and what is told of it after the line."""
QUEUE_VERBS = {
    "get": "an item in the queue{}",
    "put": "room in the queue{}",
    "join": "task_done of all items of the queue{}",
}


def waiting(task, name_of=lambda thing: "", is_program=None):
    """What a suspended task awaits, in which line of the program, and what is known of that."""
    is_program = is_program or is_elsewhere
    future, line, words, names = task._fut_waiter, None, "", {}
    for frame in frames(task.get_coro()):
        if is_asyncio(frame):
            words = more_exact(words, frame, either(name_of, names))
        elif is_program(frame.f_code):
            line, words, names = frame.f_lineno, "", frame.f_locals
    if future is not None and future.done():
        words = "its next turn"
    thing, _, rest = (words or words_of_future(future)).partition(REST)
    return f"{thing} in line {line}{rest}" if line else f"{thing}{rest}"


def either(name_of, names):
    """A thing's name in the program, or else in the function that waits."""
    return lambda thing: name_of(thing) or called(thing, names)


def called(thing, names):
    """What the function that waits calls a thing, or one of its objects; an empty string if
    nothing.
    """
    from pvt.stepper import story

    return story.called(thing, names)


def frames(coro):
    """The frames of a chain of awaits, outermost first."""
    while coro is not None:
        frame = (
            getattr(coro, "cr_frame", None)
            or getattr(coro, "gi_frame", None)
            or getattr(coro, "ag_frame", None)
        )
        if frame is not None:
            yield frame
        coro = following(coro)


def following(coro):
    """What a coroutine, generator or asynchronous generator awaits."""
    for name in ("cr_await", "gi_yieldfrom", "ag_await"):
        if hasattr(coro, name):
            return getattr(coro, name)
    if type(coro).__name__ in (
        "async_generator_asend",
        "async_generator_athrow",
        "coroutine_wrapper",
    ):
        return inside(coro)
    return None


def inside(wrapper):
    """The generator in a wrapper that hides it from Python code."""
    import gc

    kinds = (types.AsyncGeneratorType, types.CoroutineType)
    return next((thing for thing in gc.get_referents(wrapper) if isinstance(thing, kinds)), None)


def is_elsewhere(code):
    """Whether code is none of the stepper's own."""
    return not code.co_filename.startswith(HERE)


def is_asyncio(frame):
    """Whether a frame runs asyncio's own code."""
    return frame.f_globals.get("__name__", "").partition(".")[0] == "asyncio"


def more_exact(words, frame, name_of):
    """The outermost function of asyncio says it best, unless a condition is back at its lock."""
    further = words_of_frame(frame, name_of)
    if not words or (words.startswith("a notify") and frame.f_code.co_name == "acquire"):
        return further or words
    return words


def words_of_frame(frame, name_of):
    """What this function of asyncio waits for, or an empty string."""
    if frame.f_code.co_name == "sleep":
        return "the end of its sleep"
    if frame.f_code.co_name == "_wait_for_one":
        return "the end of one more task of as_completed"
    if frame.f_code.co_name == "_wait" and "fs" in frame.f_locals:
        return words_of_futures(frame.f_locals["fs"])
    thing = frame.f_locals.get("self")
    verb = VERBS.get((type(thing).__name__, frame.f_code.co_name))
    if verb is None and isinstance(thing, asyncio.Queue):
        verb = QUEUE_VERBS.get(frame.f_code.co_name)
    if verb is None:
        return ""
    name = name_of(thing)
    return verb.format(f" {name}" if name else "") + known(thing)


def known(thing):
    """What a lock or an event tells of its past."""
    if isinstance(thing, asyncio.Event):
        before = "was set and cleared before" if getattr(thing, "_was_set", False) else ""
        return f"{REST}, which {before or 'nobody has set'}"
    taker = getattr(thing, "_taker", None)
    if taker is None or not thing.locked():
        return ""
    task, line = taker
    ended = ", and has ended without giving it back" if task.done() else ""
    at = f" in line {line}" if line else ""
    return f"{REST}, which {task.get_name()} took{at}{ended}"


def words_of_future(future):
    """What is awaited where only a future is known."""
    if future is None:
        return "its next turn"
    if isinstance(future, asyncio.Task):
        return f"the end of {future.get_name()}"
    for callback, _ in future._callbacks or ():
        if getattr(callback, "__qualname__", "").startswith("shield.<locals>"):
            cells = zip(callback.__code__.co_freevars, callback.__closure__, strict=True)
            return words_of_future(dict(cells)["inner"].cell_contents)
    told = words_of_futures(getattr(future, "_children", ()))
    return told or getattr(future, "brings", "") or f"a future{REST} that nobody has set"


def words_of_futures(futures):
    """The tasks among them that are not done; an empty string if there is none."""
    tasks = [each for each in futures if isinstance(each, asyncio.Task) and not each.done()]
    names = [task.get_name() for task in sorted(tasks, key=lambda task: -hash(task))]
    return f"the end of {', '.join(names)}" if names else ""


def stuck(loop, name_of=lambda thing: "", is_program=None):
    """A clause for each task of the loop that is not done."""
    clauses = []
    for task in in_order(loop):
        clauses.append(f"{task.get_name()} awaits {waiting(task, name_of, is_program)}")
    tasks = [task for task in loop._failed if isinstance(task, asyncio.Task)]
    return clauses + [failed(task) for task in tasks if task._log_traceback]


def in_order(loop):
    """The tasks of the loop that are not done, in the order in which they were made."""
    return sorted(asyncio.all_tasks(loop), key=lambda task: -hash(task))


def failed(task):
    """A task that the others may wait for in vain."""
    error = task._exception
    at = f" in line {line}" if (line := line_of(error)) else ""
    text = f": {error}" if str(error) else ""
    return f"{task.get_name()} has ended with {type(error).__name__}{text}{at}"
