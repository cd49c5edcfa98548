"""The figures of a class: predictions against outcomes, claims by machine, questions and
exercises by misses."""

import json
import statistics
from collections import Counter, defaultdict
from typing import NamedTuple

from pvt import course, ledger, recorded
from pvt.claims import FAILS, HOLDS, UNDECIDED
from pvt.classroom.spread import commonest
from pvt.learner import history, journal
from pvt.problem import Problem


class Lab(NamedTuple):
    """A lab's first predictions: (answer, how many predicted it, for how many it came out) for
    each answer."""

    name: str
    asks: str
    settings: dict
    answers: list
    predicted: int
    decided: int
    right: int


class Said(NamedTuple):
    """What one machine of the class says of a claim; `who` handed it in."""

    who: str
    machine: str
    python: str
    value: str
    because: str
    date: str


class Claim(NamedTuple):
    """In how many machines a claim held, what they measured, and which differ from most."""

    id: str
    says: str
    held: int
    failed: int
    undecided: int
    figures: list
    differ: list

    @property
    def machines(self):
        return self.held + self.failed + self.undecided


class Question(NamedTuple):
    """How many missed a question at their first answer, and the commonest wrong one with its
    explanation."""

    text: str
    chapter: str
    answered: int
    missed: int
    wrong: str
    wrong_count: int
    explained: str


class Exercise(NamedTuple):
    """How many tried an exercise and solved it, in how many tries, and what most were told who
    have not solved it."""

    name: str
    tried: int
    solved: int
    tries: float | None
    because: str
    because_count: int

    @property
    def missed(self):
        return self.tried - self.solved


def countable(who, one):
    """Raises ValueError, TypeError, KeyError, AttributeError or OverflowError where something in a
    hand-in cannot be counted or written, although it has the right fields."""
    json.dumps(one._asdict(), ensure_ascii=False).encode()
    alone = {who: one}
    labs(alone), asked(alone), exercises(alone)
    for id_, says, answer in verdicts(who, one):
        claim(id_, says, [answer])
        " ".join((id_, says, answer.because, answer.machine, answer.python)).encode()


def labs(parcels):
    """A `Lab` for each lab and settings that somebody predicted for."""
    found = defaultdict(list)
    for one in parcels.values():
        for guess in history.guesses(one.rows):
            found[guess.lab, repr(sorted(guess.settings.items()))].append(guess)
    return [lab(name, guesses) for (name, _), guesses in sorted(found.items())]


def lab(name, guesses):
    predicted = Counter(one.predicted for one in guesses)
    came = Counter(one.came for one in guesses if one.came)
    module = course.load(name) if name in course.names() else None
    listed = dict.fromkeys([*getattr(module, "OUTCOMES", ()), *sorted(predicted | came)])
    listed = [answer for answer in listed if answer != history.UNSURE]
    listed += [history.UNSURE] * (history.UNSURE in predicted)
    answers = [(answer, predicted[answer], came[answer]) for answer in listed]
    decided = [one for one in guesses if one.right is not None]
    right = sum(one.right for one in decided)
    asks = module.QUESTION if module else name
    return Lab(name, asks, guesses[0].settings, answers, len(guesses), len(decided), right)


def claims(parcels):
    """A `Claim` for each claim that some machine has looked at, in the order of the chapters."""
    answers, sentences = defaultdict(dict), {}
    for who, one in parcels.items():
        for id_, says, answer in verdicts(who, one):
            sentences[id_] = says
            key = (who, answer.machine)  # the newest answer counts, whatever its Python
            if key not in answers[id_] or journal.moment(answer.date) >= journal.moment(
                answers[id_][key].date
            ):
                answers[id_][key] = answer
    known = {claim.id: claim for _, claim in ledger.find([])}
    ids = [*(one for one in known if one in answers), *sorted(set(answers) - set(known))]
    return [
        claim(id_, known[id_].says if id_ in known else sentences[id_], list(answers[id_].values()))
        for id_ in ids
    ]


def verdicts(who, one):
    """(claim, its sentence, what a machine says) for all in a hand-in: its record, and its file
    of verdicts."""
    for row in one.rows:
        if journal.kind(row) == "verdict" and row["value"] in (HOLDS, FAILS, UNDECIDED):
            fields = [row[key] for key in ("machine", "python", "value", "because", "date")]
            yield row["verdict"], row["says"], Said(who, *fields)
    try:
        whole = recorded.parsed(one.ledger, who) if one.ledger else None
    except Problem:
        return
    for entry in whole.entries if whole and journal.is_date(whole.date) else ():
        place = machine_of(whole.facts)
        yield entry.id, entry.says, Said(who, *place, entry.value, entry.because, whole.date)


def machine_of(facts):
    """(a machine, its Python) as the record names them, from the facts of a file of verdicts."""
    count, lock = facts["cores"], "" if facts["gil"] else " without GIL"
    place = f"{count} core{'s' * (count != 1)}, {facts['system']}, {facts['processor']}"
    return place, f"{facts['python']}{lock}"


def claim(id_, says, answers):
    """The machines beside each other."""
    by_value = {
        value: [one for one in answers if one.value == value] for value in (HOLDS, FAILS, UNDECIDED)
    }
    held, failed, undecided = (len(by_value[value]) for value in (HOLDS, FAILS, UNDECIDED))
    figures = [
        (value, *commonest([one.because for one in ones]))
        for value, ones in by_value.items()
        if ones
    ]
    differ = by_value[FAILS] if held >= failed else by_value[HOLDS]
    return Claim(id_, says, held, failed, undecided, figures, differ)


def asked(parcels):
    """A `Question` for each that somebody answered, the most missed first."""
    found = defaultdict(list)
    for one in parcels.values():
        for text, row in history.first_answers(one.rows).items():
            found[text].append(row)
    listed = [question(text, rows) for text, rows in found.items()]
    return sorted(
        listed, key=lambda one: (-one.missed / one.answered, -one.answered, one.chapter, one.text)
    )


def question(text, rows):
    wrong = [row for row in rows if not row["right"]]
    answer, count = Counter(answered(row) for row in wrong).most_common(1)[0] if wrong else ("", 0)
    explained = next((row["reply"] for row in wrong if answered(row) == answer), "")
    return Question(text, rows[0]["chapter"], len(rows), len(wrong), answer, count, explained)


def answered(row):
    """An answer as text: a number without a needless point."""
    return row["answer"] if isinstance(row["answer"], str) else f"{row['answer']:g}"


def exercises(parcels):
    """An `Exercise` for each that somebody tried, the most missed first."""
    found = defaultdict(list)
    for one in parcels.values():
        for name, attempts in history.attempts(one.rows).items():
            found[name].append(attempts)
    listed = [exercise(name, ones) for name, ones in found.items()]
    return sorted(listed, key=lambda one: (-one.missed / one.tried, -one.tried, one.name))


def exercise(name, ones):
    solved = [one.tries for one in ones if one.solved]
    because, count = commonest([one.because for one in ones if not one.solved])
    tries = statistics.median(solved) if solved else None
    return Exercise(name, len(ones), len(solved), tries, because, count)
