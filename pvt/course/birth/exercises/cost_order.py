"""Order workers by cost: `cheapest_first(kinds)` measures each kind and returns their names, the
cheapest first.

`kinds` is a dictionary: name -> a function that starts one worker and waits for its end. Measure
with `time.perf_counter()`. Beware: the first start of a kind may cost more than the later ones, and
any may be disturbed.
"""

import importlib
import threading
import time
import timeit

from pvt.tools.learner import learners_function

ARGUMENTS = ("kinds",)
CLOCKS = ("perf_counter", "monotonic", "time", "process_time", "thread_time")
KINDS = {  # seconds of the first start, of the second, and of all later ones
    "slow at first": (0.9, 0.002, 0.002),
    "disturbed once": (0.001, 0.5, 0.001),
    "steady": (0.004, 0.004, 0.004),
    "expensive": (0.02, 0.02, 0.02),
}


class Clock:
    """A clock that only the workers move: so that the answer depends on the function and not on
    this machine."""

    def __init__(self):
        self.now, self.starts = 1_000.0, dict.fromkeys(KINDS, 0)

    def kind(self, name):
        def start_and_end():
            times = KINDS[name]
            self.now += times[min(self.starts[name], len(times) - 1)]
            self.starts[name] += 1

        return start_and_end


def run(*, source, name):
    clock, real = Clock(), {one: getattr(time, one) for one in CLOCKS}
    for one in CLOCKS:
        setattr(time, one, lambda: clock.now)
        setattr(time, f"{one}_ns", lambda: round(clock.now * 1e9))
    importlib.reload(timeit)  # it has taken its clock when it was imported
    cheapest_first = learners_function(source, name)
    order = cheapest_first({kind: clock.kind(kind) for kind in reversed(KINDS)})
    for one, function in real.items():
        setattr(time, one, function)
    importlib.reload(timeit)
    names = list(order) if isinstance(order, list | tuple) else None
    starts = [clock.starts[kind] for kind in KINDS]
    yield {
        "names": None if names is None else ", ".join(map(str, names)),
        "fewest": min(starts),
        "most": max(starts),
    }
    yield {"names": ", ".join(by_cost()), "fewest": 5, "most": 5}


def by_cost():
    """Here and now, for real: the kinds with the least seconds of five starts of each."""

    def thread():
        worker = threading.Thread()
        worker.start()
        worker.join()

    def process():
        import subprocess
        import sys

        subprocess.call([sys.executable, "-I", "-S", "-c", ""])

    cost = {}
    for way in (process, thread, lambda: None):
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            way()
            times.append(time.perf_counter() - begin)
        cost[{"<lambda>": "call"}.get(way.__name__, way.__name__)] = min(times)
    return sorted(cost, key=cost.get)


def judge(rows):
    answer, here = rows
    right = "disturbed once, slow at first, steady, expensive"
    if answer["names"] is None:
        return False, "Return a list of the names, the cheapest first."
    if answer["fewest"] == 0:
        return False, "Some kind was never started. Call each function: kinds[name]()."
    if sorted(answer["names"].split(", ")) != sorted(right.split(", ")):
        return (
            False,
            f"The names that came back are {answer['names'] or 'none'}; each of the four belongs"
            " there once.",
        )
    if answer["names"] == right:
        return (
            True,
            "right, though one was slow at first and one disturbed. On this machine:"
            f" {here['names']}.",
        )
    if answer["names"] == ", ".join(reversed(right.split(", "))):
        return False, "This is the most expensive first. Turn it round."
    if answer["fewest"] < 3:
        return (
            False,
            "One start tells little: it may be the first, or disturbed. Start each kind at least"
            " five times.",
        )
    return False, (
        f"You say: {answer['names']}. One slow start has spoiled a sum or a mean."
        " Take the median (statistics.median) or the least of the times of each kind."
    )
