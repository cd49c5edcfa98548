"""What the rows of a record say: chapters done, predictions against outcomes, exercises, the
next step."""

from typing import NamedTuple

from pvt.learner import journal

UNSURE = "I cannot tell yet"


class Chapter(NamedTuple):
    """What a chapter asks of a learner: its labs, questions (their texts) and exercises."""

    number: str
    title: str
    labs: tuple[str, ...]
    questions: tuple[str, ...]
    exercises: tuple[str, ...]


class Guess(NamedTuple):
    """The first prediction that a learner made in a lab, and what came out (None: it was not
    decided)."""

    lab: str
    settings: dict
    predicted: str
    came: str | None
    sentence: str
    thought: str
    date: str
    machine: str

    @property
    def right(self):
        """Whether it came out so; None where it is unknown: no outcome, or no opinion."""
        return (
            None if self.came is None or self.predicted == UNSURE else self.predicted == self.came
        )


class Done(NamedTuple):
    """How far a chapter is done: (done, all) for each kind of thing in it."""

    chapter: Chapter
    labs: tuple[int, int]
    questions: tuple[int, int]
    exercises: tuple[int, int]

    @property
    def parts(self):
        return (self.labs, self.questions, self.exercises)

    @property
    def whole(self):
        return all(done == count for done, count in self.parts)

    @property
    def begun(self):
        return any(done for done, _ in self.parts)


class Attempts(NamedTuple):
    """An exercise, or a puzzle: whether it is solved, after how many different texts, and the
    last answer to one."""

    name: str
    solved: bool
    tries: int
    because: str


class Stage(NamedTuple):
    """A server that was put through the trials: its text, how many it passed, and those that
    failed."""

    name: str
    date: str
    text: str
    passed: int
    tried: int
    failed: tuple[str, ...]


def stages(rows):
    """The stages of the learner's servers: the last result of each text, in order."""
    last = {}
    for row in rows:
        if journal.kind(row) == "challenge":
            results = row["results"]
            failed = tuple(name for name, passed in results.items() if passed is False)
            passed = sum(one is True for one in results.values())
            key = (row["challenge"], row["text"])
            last.pop(key, None)
            last[key] = Stage(key[0], row["date"][:10], key[1], passed, len(results), failed)
    return list(last.values())


def guesses(rows):
    """The first prediction for each lab and settings; the first with an outcome, if one has.

    Where a run without a prediction had shown the outcome before, there is none.
    """
    first, seen = {}, set()
    for row in rows:
        if journal.kind(row) != "lab":
            continue
        key = (row["lab"], repr(sorted(row["settings"].items())))
        if row["predicted"] is None:
            if row["came"] is not None and key not in first:
                seen.add(key)
        elif key not in seen and (
            key not in first or (first[key].came is None and row["came"] is not None)
        ):
            first[key] = Guess(*(row[field] for field in Guess._fields))
    return list(first.values())


def attempts(rows, kind="exercise"):
    """name -> Attempts, in the order of the first try. The same text again is no further try."""
    texts, last = {}, {}
    for row in rows:
        if journal.kind(row) == kind and not (last.get(row[kind]) and last[row[kind]]["solved"]):
            texts.setdefault(row[kind], set()).add(row["text"])
            last[row[kind]] = row
    return {
        name: Attempts(name, row["solved"], len(texts[name]), row["because"])
        for name, row in last.items()
    }


def solutions(rows):
    """exercise -> the text that solved it, or the last one tried."""
    chosen = {}
    for row in rows:
        if journal.kind(row) == "exercise" and (
            row["solved"] or not chosen.get(row["exercise"], row)["solved"]
        ):
            chosen[row["exercise"]] = row
    return {name: row["text"] for name, row in chosen.items()}


def first_answers(rows):
    """question -> the row of its first answer."""
    first = {}
    for row in rows:
        if journal.kind(row) == "question":
            first.setdefault(row["question"], row)
    return first


def progress(outline, rows):
    """A `Done` for each chapter."""
    ran = {row["lab"] for row in rows if journal.kind(row) == "lab" and row["ending"] == "finished"}
    answered = {row["question"] for row in rows if journal.kind(row) == "question" and row["right"]}
    tried = attempts(rows) | attempts(rows, "puzzle")
    solved = {name for name, one in tried.items() if one.solved}
    return [
        Done(
            chapter,
            counted(chapter.labs, ran),
            counted(chapter.questions, answered),
            counted(chapter.exercises, solved),
        )
        for chapter in outline
    ]


def counted(wanted, done):
    """How many of these are done, and how many there are."""
    return sum(one in done for one in wanted), len(wanted)


def chapter_of(outline, lab):
    """The number of the chapter that a lab belongs to, or ""."""
    return next((chapter.number for chapter in outline if lab in chapter.labs), "")


def next_step(outline, rows):
    """(chapter, "lab", "question" or "exercise", which): what to do next, or None where all is
    done.

    It is in the chapter that was worked on last, or in the next one with something left; behind the
    last comes the first.
    """
    latest = next((at for row in reversed(rows) if (at := place(outline, row)) is not None), 0)
    for done in progress(outline[latest:] + outline[:latest], rows):
        if not done.whole:
            return done.chapter, *first_left(done.chapter, rows)
    return None


def first_left(chapter, rows):
    """(kind, which) of the first thing in a chapter that is not done."""
    for kind, wanted in (
        ("lab", chapter.labs),
        ("question", chapter.questions),
        ("exercise", chapter.exercises),
    ):
        for one in wanted:
            part = Chapter(
                "",
                "",
                *((one,) if kind == name else () for name in ("lab", "question", "exercise")),
            )
            if not progress([part], rows)[0].whole:
                return kind, one
    raise ValueError(f"chapter {chapter.number} is done")


def place(outline, row):
    """Which chapter a row belongs to, by its place in the outline, or None."""
    kind = journal.kind(row)
    for at, chapter in enumerate(outline):
        belongs = {
            "lab": chapter.labs,
            "question": chapter.questions,
            "exercise": chapter.exercises,
            "puzzle": chapter.exercises,
        }
        if kind in belongs and row[kind] in belongs[kind]:
            return at
    return None
