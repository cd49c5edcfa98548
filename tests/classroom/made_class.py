"""A class that was never there: made hand-ins, and the truth about them, counted while they are
made."""

import random
from collections import Counter, defaultdict

from pvt.learner import parcel

LABS = {
    "race": ["No addition is lost", "Less than 1 in 100", "1 in 100 or more"],
    "not_of_this_version": ["x < y", "x > y"],
}
UNSURE = "I cannot tell yet"
CLAIMS = ["race.unlocked-loses", "gil.cpu-threads", "switch.thread-ns"]
QUESTIONS = {"What is <b>lost</b>?": ["6", "5", "nothing"], "Which remedy?": ["a lock", "a sleep"]}
EXERCISES = ["race", "orders"]
MACHINES = [
    "2 cores, linux, AMD EPYC",
    "8 cores, darwin, Apple M2",
    "4 cores, win32, Intel Core i5",
]


class MadeClass:
    """`texts`: file name -> text. The rest is the truth."""

    def __init__(self, size, seed):
        self.chance = random.Random(seed)
        self.texts = {}
        self.predicted = defaultdict(Counter)
        self.came = defaultdict(Counter)
        self.right = Counter()
        self.verdicts, self.figures = defaultdict(Counter), defaultdict(list)
        self.missed, self.answered, self.wrong = Counter(), Counter(), defaultdict(Counter)
        self.tried, self.solved, self.tries = Counter(), Counter(), defaultdict(list)
        for number in range(size):
            self.machine = self.chance.choice(MACHINES)
            rows = self.labs() + self.claims() + self.questions() + self.exercises()
            made = parcel.Parcel(
                f"Learner {number}", f"2026-03-01T10:{number % 60:02}:00+00:00", rows, "", {}
            )
            self.texts[f"learner_{number:03}.json"] = made.text()

    def row(self, hour, **fields):
        """A row of this learner's."""
        date = f"2026-03-01T{hour:02}:{self.chance.randrange(60):02}:00+00:00"
        return fields | {"date": date, "machine": self.machine, "python": "3.12.1"}

    def labs(self):
        rows = []
        for name, answers in LABS.items():
            if self.chance.random() < 0.1:
                continue  # did not predict
            predicted = self.chance.choice([*answers, UNSURE])
            came = self.chance.choice(answers)
            self.predicted[name][predicted] += 1
            self.came[name][came] += 1
            self.right[name] += predicted == came
            fields = {
                "settings": {},
                "params": {},
                "thought": "",
                "sentence": "",
                "ending": "finished",
            }
            rows.append(self.row(8, lab=name, predicted=predicted, came=came, **fields))
            again = {"predicted": came, "came": self.chance.choice(answers)}  # does not count
            rows.append(self.row(9, lab=name, **again, **fields))
        return rows

    def claims(self):
        rows = []
        for claim in CLAIMS:
            value = self.chance.choice(["holds", "holds", "fails", "not decided"])
            took = self.chance.randrange(100, 3000)
            self.verdicts[claim][value] += 1
            number, unit, size = (took, "ns", 1e-9) if took < 1000 else (took / 1000, "µs", 1e-6)
            self.figures[claim, value].append(number * size)
            fields = {"verdict": claim, "says": f"Says {claim}."}
            rows.append(self.row(8, value="fails", because="an older verdict", **fields))
            rows.append(
                self.row(9, value=value, because=f"2 threads took {number} {unit} each.", **fields)
            )
        return rows

    def questions(self):
        rows = []
        for text, (right, *others) in QUESTIONS.items():
            first = self.chance.choice([right, *others])
            self.answered[text] += 1
            self.missed[text] += first != right
            self.wrong[text][first] += first != right
            fields = {"question": text, "chapter": "04", "claim": CLAIMS[0]}
            for hour, answer in ((8, first), (9, right)):
                reply = f"Why not {answer}?"
                rows.append(
                    self.row(hour, answer=answer, right=answer == right, reply=reply, **fields)
                )
        return rows

    def exercises(self):
        rows = []
        for name in EXERCISES:
            tries, solved = self.chance.randrange(1, 5), self.chance.random() < 0.7
            self.tried[name] += 1
            self.solved[name] += solved
            self.tries[name] += [tries] * solved
            for number in range(tries):
                last = solved and number == tries - 1
                because = "Right." if last else f"{self.chance.randrange(1000)} additions are lost."
                rows.append(
                    self.row(8, exercise=name, solved=last, because=because, text=f"try {number}")
                )
        return rows

    def write(self, folder):
        for name, text in self.texts.items():
            (folder / name).write_text(text, "utf-8")
        return folder
