"""Little's law from a log: `on_the_way(log)`.

`log` lists (begin, end) of every request, in seconds. Return three numbers as a tuple: requests per
second (from the first begin to the last end), mean seconds of a request, and requests under way on
average.
"""

import random

from pvt.tools.learner import learners_function

ARGUMENTS = ("log",)


def run(*, source, name):
    on_the_way = learners_function(source, name)
    for log in (
        [(0.0, 2.0)],
        [(0.0, 1.0), (0.0, 1.0), (1.0, 2.0)],
        [(10.0, 12.0), (11.0, 15.0)],
        shuffled(),
    ):
        answer = on_the_way(list(log))
        span = max(end for _, end in log) - min(begin for begin, _ in log)
        busy = sum(end - begin for begin, end in log)
        good = (
            isinstance(answer, tuple | list)
            and len(answer) == 3
            and all(isinstance(x, int | float) for x in answer)
        )
        numbers = dict(zip(("rate", "time", "way"), answer if good else (None,) * 3, strict=True))
        wanted = {
            "true_rate": len(log) / span,
            "true_time": busy / len(log),
            "true_way": busy / span,
        }
        yield {
            "requests": len(log),
            "kind": type(answer).__name__,
            **numbers,
            **wanted,
            "begin": log[0][0],
        }


def shuffled():
    """A log in which the requests do not stand in order."""
    lots = random.Random(7)
    begins = [lots.uniform(100, 110) for _ in range(50)]
    return [(begin, begin + lots.uniform(0.1, 3)) for begin in begins]


def judge(rows):
    for row in rows:
        if row["rate"] is None or row["way"] is None:
            return (
                False,
                f"the result is of type {row['kind']}. Return throughput, mean time and the"
                " number under way.",
            )
        if not near(row["rate"], row["true_rate"]):
            return False, (
                f"{row['rate']:.4g} requests per second, not so for {row['requests']} requests:"
                " divide by the time"
                " from the first begin to the last end. The log need not begin at 0, nor be in"
                " order."
            )
        if not near(row["time"], row["true_time"]):
            return (
                False,
                f"a mean time of {row['time']:.4g} s: a request takes end - begin; the mean is"
                " over requests.",
            )
        if not near(row["way"], row["true_way"]):
            return False, f"{row['way']:.4g} under way: Little's law is throughput × mean time."
    return (
        True,
        f"{rows[-1]['rate']:.2f} requests/s × {rows[-1]['time']:.2f} s = {rows[-1]['way']:.2f}"
        " under way.",
    )


def near(mine, true):
    return abs(mine - true) <= 1e-6 * abs(true)
