"""How much there is to do in a chapter, in the words of the record."""

from pvt.learner import outline


def of(number, labs=0, questions=0, exercises=0):
    """This much of a chapter is done: "1 of 4 labs, 0 of 7 questions, 1 of 3 exercises"."""
    chapter = next(one for one in outline.outline() if one.number == number)
    done = {"labs": labs, "questions": questions, "exercises": exercises}
    return ", ".join(f"{one} of {len(getattr(chapter, kind))} {kind}" for kind, one in done.items())
