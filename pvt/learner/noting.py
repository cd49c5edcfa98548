"""What is noted of each kind of thing done: one function a kind, called where it is done.

Labs and quizzes show what could not be written beside their buttons: they get it as a sentence.
What a cell calls prints it below the cell.
"""

import base64

from pvt.learner import journal

# The reasons of a verdict that a learner has cut short: it says nothing about the machine.
STOPPED = ("stopped before it was decided.", "the experiment did not finish: stopped.")


def lab(run, settings, predicted, came, thought, picture):
    """A run of a lab, with a small copy of its picture. A sentence where it cannot be written,
    else ""."""
    return journal.note(
        "lab",
        run.experiment,
        settings=settings,
        params=run.params,
        predicted=predicted,
        came=came,
        thought=thought,
        sentence=picture.sentence,
        ending=run.ending,
        picture=base64.b64encode(picture.png).decode(),
    )


def question(question, chapter, answer):
    """An answer to a question of a quiz. A sentence where it cannot be written, else ""."""
    right, reply = question.judged(answer)
    details = {"claim": question.claim, "answer": answer, "right": right, "reply": reply}
    return journal.note("question", question.text, chapter=chapter, **details)


def exercise(name, answer, text):
    """A check of an exercise: the text that was checked, and what was answered."""
    below(journal.note("exercise", name, solved=answer.passed, because=answer.because, text=text))


def puzzle(name, repair):
    """A try to repair a puzzle."""
    details = {"solved": repair.passed, "because": repair.because, "text": repair.program}
    below(journal.note("puzzle", name, **details))


def broken(name, last, settings):
    """A bad ending of a puzzle that was reached by hand. A sentence where it cannot be written,
    else ""."""
    details = {"ending": last["ending"], "because": last["because"]}
    details |= {key: settings[key] for key in ("schedule", "world", "grain")}
    return journal.note("broken", name, **details)


def verdicts(entries):
    """What this machine said of some claims."""
    troubles = {verdict(entry) for entry in entries}
    below(next(iter(troubles - {""}), ""))


def verdict(entry):
    """What this machine said of a claim. A sentence where it cannot be written, else ""."""
    if entry.because in STOPPED:
        return ""
    details = {
        "says": entry.says,
        "value": entry.value,
        "because": entry.because,
        "host": entry.host,
    }
    return journal.note("verdict", entry.id, **details)


def search(name, found):
    """A search over schedules: of a puzzle, or of a program of one's own (name is None)."""
    details = {"own": name is None, "complete": found.complete, "because": found.because}
    details |= {"world": found.world, "endings": found.endings}
    below(journal.note("search", name or "a program of one's own", **details))


def challenge(name, done):
    """A stage of a learner's server: its text, and which trials it passed."""
    results = {trial: row["passed"] for trial, row in done.tried.items()}
    below(journal.note("challenge", name, text=done.text, results=results, ending=done.ending))


def below(trouble):
    """Print it below the cell, if there is any."""
    if trouble:
        print(trouble)
