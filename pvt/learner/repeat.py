"""What to repeat, and when: Leitner's boxes, the rule of flash cards in a shoe box (S. Leitner,
1972).

A question that was missed goes into the first box. It comes again after a day; each right answer
when it is due moves it one box on, where it waits twice as long, and a wrong one takes it back to
the first. Behind the last box it is learned. Schedulers that fit a curve of forgetting, such as
FSRS, want dozens of answers to a card before they know more than this; here a question is answered
a few times, and a learner shall be able to foresee what comes.
"""

import datetime
from typing import NamedTuple

from pvt.learner import journal

WAITS = (1, 2, 4, 8, 16)  # days until a question in each of the boxes is due


class Card(NamedTuple):
    """A missed question: its box (0 is the first) and the day on which it comes again."""

    question: str
    chapter: str
    claim: str
    box: int
    due: datetime.date


def cards(rows):
    """The missed questions that are not learned yet, the earliest due first.

    A day's first answer is the one that counts.
    """
    boxes = {}
    for row in daily(rows):
        text, day = row["question"], journal.moment(row["date"]).date()
        card = boxes.get(text)
        if not row["right"]:
            boxes[text] = placed(row, 0, day)
        elif card and day >= card.due:
            boxes[text] = placed(row, card.box + 1, day)
    return sorted(filter(None, boxes.values()), key=lambda card: card.due)


def placed(row, box, day):
    """The card in a box since this day; None behind the last."""
    if box == len(WAITS):
        return None
    wait = datetime.timedelta(days=WAITS[box])
    due = day + min(wait, datetime.date.max - day)  # a clock may have been set to any year
    return Card(row["question"], row["chapter"], row["claim"], box, due)


def daily(rows):
    """The first answer to each question on each day, in order."""
    seen = set()
    for row in rows:
        if journal.kind(row) == "question":
            key = (row["question"], journal.moment(row["date"]).date())
            if key not in seen:
                seen.add(key)
                yield row


def due(rows, today):
    """The cards that come again today, or should have come before."""
    return [card for card in cards(rows) if card.due <= today]
