"""A thread that can be stopped: `every(seconds, tick)` calls `tick()` in a new thread again and
again, and returns `stop`.

There are `seconds` between two ticks. `stop()` ends the thread soon, however long `seconds` is:
when it has returned, `tick` is never called again.
"""

import threading
import time

from pvt.tools.learner import learners_function

ARGUMENTS = ("seconds", "tick")
SHORT, LONG, PATIENCE, SOON = 0.02, 30.0, 2.0, 1.0
LATE = (
    " A thread in time.sleep(seconds) hears nothing until it is over. Or do you tick in your own"
    " thread?"
)


class Clock:
    """Counts the ticks, and notes the threads that they came from."""

    def __init__(self):
        self.ticks, self.idents, self.inside = 0, set(), 0

    def tick(self):
        self.idents.add(threading.get_ident())
        self.inside += 1
        time.sleep(0.04)
        self.ticks, self.inside = self.ticks + 1, self.inside - 1

    def seen(self, count):
        """Whether so many ticks come in time."""
        until = time.monotonic() + PATIENCE
        while self.ticks < count and time.monotonic() < until:
            time.sleep(0.005)
        return self.ticks >= count

    def seen_inside(self):
        """Wait until a tick is under way: the worst moment to stop."""
        until = time.monotonic() + PATIENCE
        while not self.inside and time.monotonic() < until:
            time.sleep(0.001)


def run(*, source, name):
    every, home = learners_function(source, name), threading.get_ident()
    before = threading.active_count()
    one, two, slow = Clock(), Clock(), Clock()
    stops = [every(SHORT, one.tick), every(SHORT, two.tick)]
    fine = all(map(callable, stops))
    came = one.seen(3) and two.seen(3)
    row = {"kind": type(stops[0]).__name__, "fine": fine, "came": came, "home": home in one.idents}
    row |= {"inside": 0, "after": 0, "other": True, "slow": 0.0, "left": 0, "again": ""}
    row["early"] = one.ticks
    if fine and came and not row["home"]:
        one.seen_inside()
        stops[0]()
        row["inside"], at = one.inside, one.ticks
        row["other"] = two.seen(two.ticks + 3)
        row["after"] = one.ticks - at
        stops[1]()
        stop = every(LONG, slow.tick)
        time.sleep(0.05)
        begin = time.monotonic()
        row["again"] = twice(stop)
        row["slow"] = time.monotonic() - begin
        row["left"] = threading.active_count() - before
    yield row


def twice(stop):
    """What stopping a second time raises; "" if nothing."""
    stop()
    try:
        stop()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"
    return ""


def judge(rows):
    (row,) = rows
    if row["home"]:
        return (
            False,
            "tick was called in your own thread. Start a new one for it, and return at once.",
        )
    if not row["fine"]:
        return (
            False,
            f"the result is of type {row['kind']}. Return a function, stop, without calling it.",
        )
    if not row["came"]:
        return (
            False,
            (
                f"{row['early']} ticks came in {PATIENCE:g} s, where there should be one every"
                f" {SHORT:g} s. Tick in a loop."
            ),
        )
    if not row["other"]:
        return (
            False,
            (
                "when one was stopped, the other stopped too. Make an Event for each call of every,"
                " inside it."
            ),
        )
    if row["after"] or row["inside"]:
        return (
            False,
            (
                "a tick came, or was still under way, when stop had returned. Let stop join() the"
                " thread."
            ),
        )
    if row["slow"] > SOON:
        return (
            False,
            (
                f"with {LONG:g} s between ticks, stop took {row['slow']:.1f} s. Wait with"
                " event.wait(seconds), not sleep."
            ),
        )
    if row["left"] > 0:
        return (
            False,
            f"{row['left']} threads still ran after stop. Let the loop end, and join() the thread.",
        )
    if row["again"]:
        return (
            False,
            f"the second call of stop raised {row['again']}. Stopping twice must do no harm.",
        )
    return (
        True,
        (
            f"it ticked in a thread of its own; with {LONG:g} s between ticks, stop still took"
            f" {row['slow'] * 1e3:.0f} ms."
        ),
    )
