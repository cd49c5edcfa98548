"""The first line of a notebook: what is done in this chapter, and where to go on."""

import os

from pvt import course, host, template
from pvt.learner import history, journal
from pvt.learner.outline import outline
from pvt.learner.page import Page, counted, step, summary, thing
from pvt.problem import Problem

START = "00"  # the notebook that belongs to no chapter


def begin(number):
    """What is done in a chapter, such as "04", and where to go on. Raises ValueError where there
    is no such chapter."""
    known = {START: None} | {chapter.number: chapter for chapter in outline()}
    if number not in known:
        raise Problem(f"there is no chapter {number!r}; {course.nearest(number, list(known))}")
    if os.environ.get("PVT_AUTORUN") == "1":
        text = (
            f"This copy ran by itself on {journal.now()[:10]}: {journal.machine()}, Python"
            f" {journal.python()}."
        )
    elif journal.path() is None:
        text = "What you do here is not kept."
    else:
        text = journal.trouble() or so_far(known[number], journal.read().rows)
    text += wanted(known[number])
    html = template.render("learner/opening.html", number=number, text=text)
    return Page(html, f"{number} · {text}")


def wanted(chapter):
    """What the chapter's labs need, is not here, and can be had, in a sentence; else nothing."""
    needs = [need for name in chapter.labs for need in needed(name)] if chapter else []
    missing = host.lacking([need for need in needs if need in host.CURES])
    if not missing:
        return ""
    cure = host.CURES[missing]
    return f" The labs need {missing}, which is not here: run {cure} in a cell, and go on."


def needed(name):
    return getattr(course.load(name), "NEEDS", ())


def so_far(chapter, rows):
    """What is done here, and where to go on; for the first notebook, in all of the course."""
    if chapter is None:
        return f"{summary(rows)} Next: {step(outline(), rows)}"
    (done,) = history.progress([chapter], rows)
    left = history.next_step([chapter], rows)
    if left and done.begun:
        return f"Done here: {counted(done)}. Go on with {thing(*left[1:])}."
    if left:
        return f"Nothing is done here yet. Begin with {thing(*left[1:])}."
    first = "All of it is done. " if done.begun else ""
    return f"{first}Next: {step(outline(), rows)}"
