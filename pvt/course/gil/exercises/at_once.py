"""How long did two or more run at once? `at_once(lanes)`.

`lanes` holds a list for each worker: the stretches of time (begin, end) in which it ran, in order. Return the
seconds in which at least two workers ran at the same time. The last two cases come from real workers on this machine.
"""

from pvt.course.gil import overlap, turns
from pvt.course.gil.crew import Crew
from pvt.tools.learner import learners_function

ARGUMENTS = ("lanes",)
CASES = {
    "one worker alone": [[(0, 3)]],
    "one after the other": [[(0, 1)], [(1, 2)]],
    "one inside the other": [[(0, 10)], [(2, 5)]],
    "several stretches each": [[(0, 4), (6, 9)], [(3, 7)]],
    "three at the same moment": [[(0, 4)], [(1, 3)], [(2, 5)]],
    "nobody": [],
}


def run(*, source, name):
    at_once = learners_function(source, name)
    for case, lanes in {**CASES, **real()}.items():
        answer = at_once([list(lane) for lane in lanes])
        answer = float(answer) if isinstance(answer, int | float) else repr(answer)
        yield {"case": case, "answer": answer, **known(lanes)}


def real():
    """Two processes and two threads that read the clock for a moment."""
    crews = {kind: Crew(kind, 2) for kind in ("process", "thread")}
    done = {
        kind: crew.together(turns.when_it_ran, [(0.04,)] * 2)[1] for kind, crew in crews.items()
    }
    for crew in crews.values():
        crew.end()
    return {
        f"two real {kind}s".replace("ss", "sses"): [one.result for one in done[kind]]
        for kind in done
    }


def known(lanes):
    """The right answer, and wrong ones that have a name."""
    levels = list(overlap.levels(lanes))
    return {
        "right": float(sum(end - begin for begin, end, running in levels if running > 1)),
        "pairs": float(
            sum((end - begin) * running * (running - 1) / 2 for begin, end, running in levels)
        ),
        "any": float(sum(end - begin for begin, end, running in levels if running)),
        "under_way": float(
            sum(
                end - begin
                for begin, end in overlap.together([[(w[0][0], w[-1][1])] for w in lanes])
            )
        ),
    }


WRONG = {
    "pairs": "where three run at once, each pair was counted. Time in which two or more run counts once.",
    "any": "that is the time in which anybody ran. Count only where two or more did.",
    "under_way": "between its stretches a worker did not run. From first begin to last end it was only under way.",
}


def judge(rows):
    for row in rows:
        if isinstance(row["answer"], str):
            return (
                False,
                f"{row['case']}: you returned {row['answer']}. Return the seconds as a number.",
            )
        if not same(row, "right"):  # nan is the same as nothing
            why = next(
                (reply for key, reply in WRONG.items() if same(row, key)),
                "follow the time from change to change.",
            )
            return False, f"{row['case']}: {row['answer']:g} s instead of {row['right']:g} s; {why}"
    process, thread = (f"{row['answer'] * 1e3:.1f} ms" for row in rows[-2:])
    return (
        True,
        f"all {len(rows)} cases are right. Of 40 ms, two real processes ran at once for {process}, threads {thread}.",
    )


def same(row, key):
    return abs(row["answer"] - row[key]) <= 1e-9
