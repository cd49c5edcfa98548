"""How much faster can it get at all? `allowed(alone, workers)`.

`alone` is the share of the work (0 to 1) that one worker must do by itself; the rest can be divided
evenly among `workers`. Return how many times as fast as one worker they are at most. The last case
is measured here.
"""

import time

from pvt import timing
from pvt.course.gil.crew import Crew
from pvt.tools import speedup
from pvt.tools.learner import learners_function

ARGUMENTS = ("alone", "workers")
CASES = ((0.0, 4), (1.0, 8), (0.5, 1), (0.5, 2), (0.25, 3), (0.1, 64))
ALONE, WORKERS, WORK = 0.25, 2, 0.1  # what is measured: the share, the workers, the seconds for one


def run(*, source, name):
    allowed = learners_function(source, name)
    for alone, workers in (*CASES, (ALONE, WORKERS)):
        answer = allowed(alone, workers)
        answer = float(answer) if isinstance(answer, int | float) else repr(answer)
        right = speedup.law(alone, workers)
        seen = measured() if (alone, workers) == (ALONE, WORKERS) else None
        yield {
            "alone": alone,
            "workers": workers,
            "answer": answer,
            "right": right,
            "measured": seen,
        }


def pause(seconds):
    """Work that needs no core, so that the law and not the machine is measured."""
    time.sleep(seconds)


def measured():
    """The speed-up of real threads, a part of whose work one has to do first."""
    crew, taken = Crew("thread", WORKERS), {1: [], WORKERS: []}
    for _, workers in timing.interleaved((1, WORKERS), 2):
        begin = time.perf_counter()
        pause(WORK * ALONE)
        crew.together(pause, [(WORK * (1 - ALONE) / workers,)] * workers)
        taken[workers].append(time.perf_counter() - begin)
    crew.end()
    return timing.ratios(taken[1], taken[WORKERS]).middle


def judge(rows):
    for row in rows:
        asked = f"allowed({row['alone']:g}, {row['workers']})"
        answer, right = row["answer"], row["right"]
        if isinstance(answer, str):
            return False, f"{asked} returned {answer}. Return a number."
        if not abs(answer - right) <= 1e-6 * right:  # so that nan is wrong too
            return (
                False,
                f"{asked} returned {answer:.4g}: {hint(answer, row['alone'], row['workers'])}",
            )
    seen = f"{rows[-1]['measured']:.2f} were measured here"
    return (
        True,
        f"all {len(rows)} cases are right. The law allows {rows[-1]['right']:.2f} in the last"
        f" one; {seen}.",
    )


def hint(answer, alone, workers):
    """What this wrong answer has probably left out."""
    if abs(answer - workers) < 1e-6:
        return "only if nothing has to be done alone. The part done alone takes as long as ever."
    if abs(answer * speedup.law(alone, workers) - 1) < 1e-6:
        return (
            "that is the time that is left, as a share of the old. How many times as fast is that?"
        )
    return (
        "one worker takes the time 1. Which part of it stays as it is, and which is divided by"
        " the workers?"
    )
