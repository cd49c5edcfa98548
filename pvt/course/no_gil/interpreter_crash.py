"""Who survives when an interpreter ends badly? Each case has a process of its own, with two interpreters beside main.

An interpreter has its own modules and objects, but no walls: the memory is the process's, and so are its signals.
"""

import subprocess
import sys

from pvt.claims import Claim
from pvt.course.no_gil import compared
from pvt.tools import crashes, interpreters

QUESTION = "One interpreter ends badly. Who is still there?"
OUTCOMES = (
    "All others, whatever happened",
    "All others after an exception, nobody after a crash",
    "Nobody",
)
SECONDS = 2.0
SHOWN = ("exception", "sys.exit", "os._exit", "abort", "segfault")
END = "from pvt.tools import crashes; crashes.WAYS[{how!r}]()"


def two_interpreters(how):
    """One ends in this way; then this one asks the other whether it is still there."""
    other, one = interpreters.create(), interpreters.create()
    try:
        one.exec("import ctypes")
    except Exception:  # an early Python 3.14: not more than one interpreter may have it
        if how == "segfault":
            return print("it cannot be tried")
    try:
        one.exec(END.format(how=how))
    except Exception as problem:
        got = type(problem).__name__
    else:
        got = "nothing"
    other.exec("answer = 1 + 1")
    print("both are there; this one got", got, flush=True)


STUDY = (two_interpreters,)


def run():
    yield from compared.able_rows("interpreter_crash")


def here():
    for how in SHOWN:
        if how in crashes.possible():
            command = [sys.executable, "-P", "-m", "pvt.course.no_gil.interpreter_crash", how]
            answer = subprocess.run(command, capture_output=True, text=True, timeout=20)
            if "cannot be tried" in answer.stdout:
                continue
            there = "both are there" in answer.stdout
            yield {"how": how, "others_there": there, "ended": crashes.ending(answer.returncode)}


def outcome(rows):
    there = {row["how"]: row["others_there"] for row in rows}
    if set(there) < {"exception", "abort"}:
        return None
    gone = [how for how in there if how not in crashes.RAISED and not there[how]]
    if all(there.values()):
        return OUTCOMES[0]
    if not any(there.values()):
        return OUTCOMES[2]
    return OUTCOMES[1] if gone and there["exception"] else None


def sentence(rows):
    there = [row["how"] for row in rows if row["others_there"]]
    gone = [row["how"] for row in rows if not row["others_there"]]
    live, end = (", ".join(names) or "nothing" for names in (there, gone))
    return f"{compared.whose(rows)}: the others live on after {live}; all end after {end}."


def draw(ax, rows):
    """A bar for each way to end: high where the others are still there."""
    for at, row in enumerate(rows):
        look = {"color": "thread"} if row["others_there"] else {"color": "trouble", "hatch": "//"}
        height = 1 if row["others_there"] else 0.1
        ax.bar(at, height, 0.7, edgecolor="white", **look)
        text = "others there" if row["others_there"] else row["ended"]
        ax.annotate(text, (at, height), ha="center", va="bottom", fontsize=10)
    ax.set(ylim=(0, 1.3), yticks=(), xticks=range(len(rows)))
    ax.set_xticklabels([row["how"] for row in rows])


def stays(names):
    """A check: are the others there after each of these?"""

    def check(rows):
        mine = [row for row in rows if row["how"] in names]
        gone = [f"{row['how']} ({row['ended']})" for row in mine if not row["others_there"]]
        there = [row["how"] for row in mine if row["others_there"]]
        text = "; ".join(
            f"{words} {', '.join(some)}"
            for words, some in (("the others are there after", there), ("nobody is after", gone))
            if some
        )
        return not gone if mine else None, f"{text or 'nothing was tried'}."

    return check


CLAIMS = [
    Claim(
        "interpreters.exception",
        "An exception that nobody catches ends one interpreter's code, and leaves the others alone.",
        {},
        compared.interpreters(stays(("exception",))),
    ),
    Claim(
        "interpreters.crash",
        "When one interpreter crashes for real, the others go on.",
        {},
        compared.interpreters(stays(("os._exit", "abort", "segfault"))),
    ),
]

if __name__ == "__main__":
    crashes.quiet()
    two_interpreters(sys.argv[1])
