"""The computing of chapter 06 under two Pythons: threads, interpreters and processes, with a GIL and without.

Each Python measures its own workers against its own main thread: the bars tell how well the work is shared, not which
Python is faster. Two workers, because two cores are what nearly every machine has.
"""

from importlib import import_module

from pvt.claims import Claim
from pvt.course.no_gil import compared
from pvt.course.no_gil.compared import FREE, GIL
from pvt.tools import speedup

QUESTION = "How many times as fast are two workers?"
OUTCOMES = (
    "With a GIL only processes; without, all",
    "With a GIL all but threads; without, all",
    "All, with a GIL or without",
    "Only processes, with a GIL or without",
)
SECONDS, WORKERS = 5.0, 2
KINDS = ("thread", "interpreter", "process")


def run():
    return (yield from compared.rows("free_threads"))


def here():
    """Chapter 06's first lab, as it is."""
    run = import_module("pvt.course.gil.gil").run
    return (yield from run(job="Python", workers=WORKERS))


STUDY = (here,)


def faster(rows, build, kind):
    """Whether two workers of this kind are faster under this build; None if that is unclear."""
    mine = compared.of(rows, build)
    return speedup.faster(mine, kind) if mine else None


def outcome(rows):
    """None where the processes show that there were no two cores to use."""
    if not all(faster(rows, build, "process") for build in (GIL, FREE)):
        return None
    if not faster(rows, FREE, "thread"):
        return OUTCOMES[3]
    if faster(rows, GIL, "thread"):
        return OUTCOMES[2]
    return OUTCOMES[1 if faster(rows, GIL, "interpreter") else 0]


def sentence(rows):
    parts = []
    for build in dict.fromkeys(row["build"] for row in rows):
        mine = compared.of(rows, build)
        known = [
            f"{kind}s {speedup.gain(mine, kind, size).middle:.2f}".replace("sss", "sses")
            for kind in KINDS
            if (size := speedup.best(mine, kind))
        ]
        parts.append(
            f"{compared.brief(rows, build)}: {', '.join(known) or 'the main thread is being timed'}"
        )
    return f"Times as fast as one – {'; '.join(parts)}."


def draw(ax, rows):
    """A group of bars for each Python: how many times as fast as its own main thread two workers were."""
    for group, build in enumerate((GIL, FREE)):
        for at, kind in enumerate(KINDS):
            found = (
                speedup.gain(compared.of(rows, build), kind, WORKERS)
                if compared.of(rows, build)
                else None
            )
            if not found:
                continue
            x = group + (at - 1) * 0.27
            look = {"color": "other" if kind == "interpreter" else kind, "width": 0.25}
            ax.bar(x, found.middle, label=kind if not group else None, **look)
            ax.errorbar(
                x,
                found.middle,
                [[found.middle - found.lower], [found.upper - found.middle]],
                color="ink",
                capsize=3,
            )
            ax.annotate(
                f"{found.middle:.2f}", (x, found.upper), ha="center", va="bottom", fontsize=10
            )
    ax.axhline(1, color="ink", linestyle="--", linewidth=1)
    ax.set(ylabel="times as fast as one alone", ylim=(0, 2.6), xlim=(-0.6, 1.6))
    ax.set_xticks((0, 1), [compared.label(rows, build) for build in (GIL, FREE)])


def parallel(rows):
    """A check: do interpreters run Python code at once, under the build with a GIL?"""
    mine = compared.of(rows, GIL) or rows
    if not speedup.best(mine, "interpreter"):
        return (
            None,
            f"Python {mine[0]['python']} has no interpreters; {compared.GET} gets a Python that has.",
        )
    answer, because = speedup.decided("interpreter", True)(mine)
    return answer, f"Python {mine[0]['python']}: {because}"


CLAIMS = [
    Claim(
        "nogil.threads-faster",
        "Without a GIL, threads do Python code that computes faster.",
        {},
        compared.free(speedup.decided("thread", True)),
    ),
    Claim(
        "interpreters.parallel",
        "Interpreters in one process compute at the same time, GIL or not.",
        {},
        parallel,
    ),
]
