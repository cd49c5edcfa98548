"""Every order of steps of threads that take locks: in which programs can they stop each other for
ever?

No luck is involved: the stepper runs each program under every schedule up to a number of
preemptions, in the world of all that the language allows. So this experiment imports the stepper,
as `chance` does; the others measure.
"""

import inspect
from typing import Annotated

from pvt.claims import Claim

QUESTION = "In how many schedules do the threads stop each other?"
OUTCOMES = (
    "One order can get stuck too",
    "Only programs with more than one order get stuck",
    "Opposite orders never get stuck",
)
SECONDS = 2.0  # as usual
LIMIT = 20.0  # seconds, of each search
GLIMPSE = 1.0  # seconds, of a search whose program may go on trying for ever: it never ends

HEAD = """
from threading import Lock
from types import SimpleNamespace


def setup():
    return SimpleNamespace(a=Lock(), b=Lock(), c=Lock(), moved=0)
"""


def a_then_b(shared):
    with shared.a, shared.b:
        shared.moved += 1


def b_then_a(shared):
    with shared.b, shared.a:
        shared.moved += 1


def b_then_c(shared):
    with shared.b, shared.c:
        shared.moved += 1


def c_then_a(shared):
    with shared.c, shared.a:
        shared.moved += 1


def a_then_c(shared):
    with shared.a, shared.c:
        shared.moved += 1


def with_time_out(shared):
    while True:
        with shared.b:
            if shared.a.acquire(timeout=1):
                shared.moved += 1
                shared.a.release()
                return


PROGRAMS = {
    "two locks,\ntwo orders": (a_then_b, b_then_a),
    "two locks,\none order": (a_then_b, a_then_b),
    "three locks,\na circle": (a_then_b, b_then_c, c_then_a),
    "three locks,\none order": (a_then_b, b_then_c, a_then_c),
    "two orders,\na time-out": (a_then_b, with_time_out),
}
ONE_ORDER = [name for name in PROGRAMS if "one order" in name]
STUDY = (a_then_b, b_then_a, with_time_out)


def run(*, preemptions: Annotated[int, range(4)] = 3):
    """One row a program: its schedules, how many of them end in a deadlock, and the shortest of
    these."""
    from pvt.stepper.searching import run as search

    for name, threads in PROGRAMS.items():
        seconds = GLIMPSE if with_time_out in threads else LIMIT
        rows = list(search(source=program(threads), preemptions=preemptions, seconds=seconds))
        ends = {row["ending"]: row for row in rows if row["kind"] == "ending"}
        stuck, result = ends.get("deadlock"), rows[-1]
        yield {
            "program": name.replace("\n", " "),
            "preemptions": preemptions,
            "schedules": result["schedules"],
            "stuck": stuck["schedules"] if stuck else 0,
            "shortest": stuck and stuck["schedule"],
            "why": stuck and stuck["because"],
            "complete": result["complete"],
            "seconds": result["seconds"],
        }


def program(threads):
    """The text of a program that runs these functions as its threads."""
    texts = [inspect.getsource(thread) for thread in dict.fromkeys(threads)]
    names = ", ".join(thread.__name__ for thread in threads)
    return "\n\n".join([HEAD, *texts, f"THREADS = [{names}]\n"])


def of_one_order(rows):
    """The rows of programs in which all threads keep to one order."""
    return [
        row for row in rows if row["program"] in [name.replace("\n", " ") for name in ONE_ORDER]
    ]


def outcome(rows):
    if len(rows) < len(PROGRAMS):
        return None
    if any(row["stuck"] for row in of_one_order(rows)):
        return OUTCOMES[0]
    return OUTCOMES[1] if rows[0]["stuck"] else OUTCOMES[2]


def sentence(rows):
    bad = [
        f"{row['program']} ({row['stuck']:,} of {row['schedules']:,})"
        for row in rows
        if row["stuck"]
    ]
    rest = len(rows) - len(bad)
    more = f" None of the other {rest} does." if rest > 1 and bad else ""
    return f"Some schedules get stuck in: {'; '.join(bad) or 'none of them'}.{more}"


def draw(ax, rows):
    """A bar a program: the share of its schedules that get stuck, with their number."""
    for at, row in enumerate(rows):
        share = row["stuck"] / row["schedules"]
        ax.bar(at, share, 0.6, color="none", edgecolor="trouble", hatch="//")
        text = f"{row['stuck']:,} of {row['schedules']:,}" + (
            "" if row["complete"] else " tried,\nwithout end"
        )
        ax.annotate(text, (at, share), ha="center", va="bottom", fontsize=9)
    most = max(row["stuck"] / row["schedules"] for row in rows)
    ax.set(
        ylabel="share of schedules that get stuck",
        xticks=range(len(rows)),
        ylim=(0, most * 1.2 + 0.01),
    )
    ax.set_xticklabels([name for name, _ in zip(PROGRAMS, rows, strict=False)], fontsize=9)


def never_stuck(rows):
    """A check: is there no schedule in which threads that keep to one order get stuck?"""
    mine = of_one_order(rows)
    stuck = [row for row in mine if row["stuck"]]
    if stuck:
        return (
            False,
            f"{stuck[0]['program']}: {stuck[0]['why']}, after the schedule {stuck[0]['shortest']}.",
        )
    tried = sum(row["schedules"] for row in mine)
    if len(mine) < len(ONE_ORDER) or not all(row["complete"] for row in mine):
        return (
            None,
            f"{tried:,} schedules tried, none of them stuck, but time was up before all were"
            " tried.",
        )
    because = (
        f"all {tried:,} schedules with up to {mine[0]['preemptions']} preemptions end, with"
        " two locks and with three"
    )
    return (
        True,
        f"{because}; with opposite orders {rows[0]['stuck']} of {rows[0]['schedules']} get stuck.",
    )


ONE = "If all threads take their locks in one order, they never stop each other for ever."
CLAIMS = [Claim("deadlock.one-order", ONE, {}, never_stuck)]
