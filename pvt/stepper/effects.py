"""What a method of a library does to its object is not read from its text, but seen: what it has
changed once counts as written from then on."""

from pvt.stepper.engine import stage
from pvt.stepper.kinds import CONTAINER, KINDS, THING
from pvt.stepper.touching import home, whole

LOCKED = "logging"
"""Its methods have locks of their own, which are stepped."""


def watched(owner, name):
    """(before, after): what to call before and after a call of this method of an object."""
    if KINDS[type(owner)] != THING or not hasattr(owner, "__dict__") or name.startswith(LOCKED):
        return nothing, nothing
    then = marks(owner)

    def before():
        for field, value in list(owner.__dict__.items()):
            if f"writes {name} {field}" in stage.odd:
                stage.touch(home(owner), field, field, True)
                if KINDS[type(value)] == CONTAINER:
                    whole(value, True)

    def after():
        for field, mark in marks(owner).items():
            told = f"writes {name} {field}"
            if then.get(field) != mark and told not in stage.odd:
                stage.odd.add(told)
                stage.learned.add(f"class {told}")

    return before, after


def nothing():
    """Nothing can be seen of this object."""


def marks(owner):
    """Field -> what changes if another value, or another item, is put there."""
    found = {}
    for field, value in list(owner.__dict__.items()):
        items = ()
        if KINDS[type(value)] == CONTAINER:
            items = value.items() if isinstance(value, dict) else value
            items = tuple(
                tuple(map(id, each)) if isinstance(each, tuple) else id(each) for each in items
            )
        found[field] = id(value), items
    return found
