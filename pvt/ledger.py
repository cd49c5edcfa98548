"""Decides claims by running their experiments on this machine."""

import time
from functools import cache
from typing import NamedTuple

from pvt import card, course, host, runner, table
from pvt.claims import FAILS, HOLDS, UNDECIDED, Verdict, decide
from pvt.learner import noting
from pvt.problem import Problem
from pvt.progress import Progress

SIGNS = {HOLDS: "✔", FAILS: "✘", UNDECIDED: "?"}
LOCK = "a GIL"  # a need that only the Python which runs the experiment can answer
KINDS = {HOLDS: "good", FAILS: "bad", UNDECIDED: "open"}


class Entry(NamedTuple):
    """A claim and what this machine says of it: "holds", "fails" or "not decided", and why;
    `seconds` it took."""

    id: str
    says: str
    value: str
    because: str
    seconds: float
    host: str = ""

    def _repr_html_(self):
        small = f"{self.id} · {self.host} · decided in {self.seconds:.1f} s"
        words = label(self.value)
        return card.html(KINDS[self.value], words, self.because, heading=self.says, small=small)


class Ledger(list):
    """Entries; a notebook shows them as a table."""

    def _repr_html_(self):
        return table.html(
            ["claim", "verdict", "because"],
            [(entry.says, label(entry.value), entry.because) for entry in self],
            f"{sum(entry.value != UNDECIDED for entry in self)} of {len(self)} decided",
        )


def label(value):
    """A verdict as sign and word."""
    return f"{SIGNS[value]} {value}"


def mark(value):
    """A verdict as sign and word in HTML."""
    return card.chip(KINDS[value], label(value))


def verdict(*names, python=None):
    """Decide one claim (gives an `Entry`), several, all of an experiment, or with no name all there
    are (a `Ledger`).

    Raises ValueError for an unknown name. An interrupt leaves the rest "not decided".
    """
    wanted = find(names)
    entries, progress = Ledger(), Progress(len(wanted), "claims decided")
    try:
        for entry in decided(wanted, python):
            entries.append(entry)
            progress.show(len(entries), entry.says)
    except KeyboardInterrupt:
        entries += [left_over(claim) for _, claim in wanted[len(entries) :]]
    finally:
        progress.clear()
        noting.verdicts(entries)
    return entries[0] if len(names) == len(entries) == 1 else entries


def find(names):
    """The (experiment, claim) pairs for claim ids and experiments' names; for none all, chapter
    by chapter."""
    pairs = [(name, claim) for name in course.names() for claim in course.load(name).CLAIMS]
    known = {claim.id: (name, claim) for name, claim in pairs}
    chosen = []
    for wanted in names:
        mine = [known[wanted]] if wanted in known else [pair for pair in pairs if pair[0] == wanted]
        if not mine:
            hint = course.nearest(wanted, [*known, *course.names()])
            raise Problem(f"there is no claim or experiment {wanted!r}; {hint}")
        chosen += mine
    return chosen if names else sorted(pairs, key=lambda pair: place(pair[1]))


def topic(claim):
    """What stands before the dot of its id."""
    return claim.id.split(".")[0]


def place(claim):
    """Where a claim comes in the order of the chapters, unknown topics last."""
    return topics().get(topic(claim), len(topics()))


@cache
def topics():
    """The topics of all claims in the order of the chapters: topic -> its place."""
    names = sorted(course.names(), key=course.chapter)
    found = dict.fromkeys(topic(claim) for name in names for claim in course.load(name).CLAIMS)
    return {name: at for at, name in enumerate(found)}


def decided(pairs, python=None):
    """Yield an entry per claim."""
    return (entry for entry in Deciding(pairs, python) if entry)


class Deciding:
    """Claims on their way: iterate over it for entries (None while there is none); `stop()` it from
    any thread.

    Claims on the same experiment with the same parameters share its runs. What a stop leaves over
    is "not decided".
    """

    def __init__(self, pairs, python=None):
        self.pairs = pairs
        self.python = python
        self.running = None
        self.stopped = False
        self.runs = {}

    def __iter__(self):
        for name, claim in self.pairs:
            key = (name, repr(sorted(claim.params.items())), claim.runs)
            missing = host.lacking([need for need in claim.needs if need != LOCK])
            if key not in self.runs and not missing and not self.stopped:
                self.runs[key] = []
                for _ in range(claim.runs):
                    yield from self.run(key, name, claim.params)
            unreached = self.stopped and not self.runs.get(key)
            yield left_over(claim) if unreached else entry(claim, self.runs.get(key, []), missing)

    def run(self, key, name, params):
        """One run, to its end; yields None."""
        self.running = runner.Running(name, params, python=self.python)
        if self.stopped:
            self.running.stop()
        for _ in self.running:
            yield None
        self.runs[key].append(self.running.result())

    def stop(self):
        """End the run that is on its way; start none."""
        self.stopped = True
        if self.running:
            self.running.stop()


def follow(deciding, tell):
    """The entries as they are decided; meanwhile `tell` what is tried and the fraction done, a
    few times a second."""
    done, total, running, shown = 0, len(deciding.pairs), None, None
    for entry in deciding:
        if entry:
            done += 1
            yield entry
        elif deciding.running is not running:
            running, begin = deciding.running, time.perf_counter()
        passed = time.perf_counter() - begin if running else 0.0
        if entry is None and shown != (text := trying(running, passed)):
            shown, share = text, min(0.97, passed / course.load(running.name).SECONDS)
            tell(text, (done + share) / total)


def trying(running, passed):
    """What is tried at the moment, in words."""
    return (
        f"Trying {running.name}: {passed:.0f} s"
        if running.process
        else "Waiting for the other experiment to end …"
    )


def left_over(claim):
    """The entry of a claim that was not reached."""
    return Entry(claim.id, claim.says, UNDECIDED, noting.STOPPED[0], 0.0)


def entry(claim, runs, missing):
    """The verdict on finished runs; not decided where something is missing or a run did not
    finish."""
    unfinished = next((run for run in runs if run.ending != "finished"), None)
    without = LOCK in claim.needs and any(not run.host.get("gil", True) for run in runs)
    missing = missing or (unfinished and unfinished.missing) or (without and LOCK)
    if missing:
        answer = Verdict(UNDECIDED, f"this needs {missing}, which is not here.")
    elif unfinished:
        answer = Verdict(
            UNDECIDED,
            "the experiment"
            f" {'' if unfinished.refused else 'did not finish: '}{unfinished.ending}.",
        )
    else:
        answer = decide(claim, [run.rows for run in runs])
    seen = next((host.summary(run.host) for run in runs if run.host), "")
    return Entry(
        claim.id, claim.says, answer.value, answer.because, sum(run.seconds for run in runs), seen
    )
