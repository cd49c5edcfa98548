"""Decides claims by running their experiments on this machine."""

from html import escape
from typing import NamedTuple

from pvt import experiments, host, runner, table
from pvt.claims import FAILS, HOLDS, UNDECIDED, Verdict, decide
from pvt.problem import Problem
from pvt.progress import Progress

SIGNS = {HOLDS: "✔", FAILS: "✘", UNDECIDED: "?"}
COLOURS = {HOLDS: "#00664d", FAILS: "#a8201a", UNDECIDED: "#555555"}


class Entry(NamedTuple):
    """A claim and what this machine says of it: "holds", "fails" or "not decided", and why; `seconds` it took."""

    id: str
    says: str
    value: str
    because: str
    seconds: float
    host: str = ""

    def _repr_html_(self):
        return (
            f'<div style="border-left:6px solid {COLOURS[self.value]};padding:4px 12px;margin:4px 0;max-width:50em">'
            f"<b>{escape(self.says)}</b><br>{mark(self.value)} {escape(self.because)}"
            f"<br><small>{escape(self.id)} · {escape(self.host)} · decided in {self.seconds:.1f} s</small></div>"
        )


class Ledger(list):
    """Entries; a notebook shows them as a table."""

    def _repr_html_(self):
        return table.html(
            ["claim", "verdict", "because"],
            [(entry.says, f"{SIGNS[entry.value]} {entry.value}", entry.because) for entry in self],
            f"{sum(entry.value != UNDECIDED for entry in self)} of {len(self)} decided",
        )


def mark(value):
    """A verdict as sign and word, never colour alone."""
    return f'<span style="color:{COLOURS[value]};font-weight:bold">{SIGNS[value]} {value}:</span>'


def verdict(*names, python=None):
    """Decide one claim (gives an `Entry`), several, all of an experiment, or with no name all there are (a `Ledger`).

    Raises ValueError for an unknown name. An interrupt leaves the rest "not decided".
    """
    wanted = find(names)
    entries, progress = Ledger(), Progress(len(wanted), "claims decided")
    try:
        for entry in decided(wanted, python):
            entries.append(entry)
            progress.show(len(entries), entry.says)
    except KeyboardInterrupt:
        missing = wanted[len(entries) :]
        entries += [
            Entry(claim.id, claim.says, UNDECIDED, "stopped before it was decided.", 0.0) for _, claim in missing
        ]
    finally:
        progress.clear()
    return entries[0] if len(names) == len(entries) == 1 else entries


def find(names):
    """The (experiment, claim) pairs for claim ids and experiments' names; all of them for none."""
    pairs = [(name, claim) for name in experiments.names() for claim in experiments.load(name).CLAIMS]
    known = {claim.id: (name, claim) for name, claim in pairs}
    chosen = []
    for wanted in names:
        mine = [known[wanted]] if wanted in known else [pair for pair in pairs if pair[0] == wanted]
        if not mine:
            hint = experiments.nearest(wanted, [*known, *experiments.names()])
            raise Problem(f"there is no claim or experiment {wanted!r}; {hint}")
        chosen += mine
    return chosen if names else pairs


def decided(pairs, python=None):
    """Yield an entry per claim. Claims on the same experiment with the same parameters share its runs."""
    shared = {}
    for name, claim in pairs:
        key = (name, repr(sorted(claim.params.items())), claim.runs)
        missing = host.lacking(claim.needs)
        if key not in shared and not missing:
            shared[key] = [runner.run(name, python=python, **claim.params) for _ in range(claim.runs)]
        yield entry(claim, shared.get(key, []), missing)


def entry(claim, runs, missing):
    """The verdict on finished runs; not decided where something is missing or a run did not finish."""
    unfinished = next((run for run in runs if run.ending != "finished"), None)
    missing = missing or (unfinished and unfinished.missing)
    if missing:
        answer = Verdict(UNDECIDED, f"this needs {missing}, which is not here.")
    elif unfinished:
        answer = Verdict(UNDECIDED, f"the experiment did not finish: {unfinished.ending}.")
    else:
        answer = decide(claim, [run.rows for run in runs])
    seen = next((host.summary(run.host) for run in runs if run.host), "")
    return Entry(claim.id, claim.says, answer.value, answer.because, sum(run.seconds for run in runs), seen)
