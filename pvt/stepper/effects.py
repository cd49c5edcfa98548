"""What a method of a library does to its object is not read from its text, but seen: what it has
changed once counts as written from then on."""

from pvt.stepper.engine import stage
from pvt.stepper.kinds import CONTAINER, KINDS, THING
from pvt.stepper.touching import home, whole

LOCKED = "logging"
"""Its methods have locks of their own, which are stepped."""


def seen(function, owner, name, args, words):
    """Call a method of a library's object; `name`: its module's and its own."""
    if KINDS[type(owner)] != THING or not hasattr(owner, "__dict__") or name.startswith(LOCKED):
        return function(*args, **words)
    for field, value in list(owner.__dict__.items()):
        if told(name, field) in stage.odd:
            stage.touch(home(owner), field, field, True)
            if KINDS[type(value)] == CONTAINER:
                whole(value, True)
    before = marks(owner)
    made = function(*args, **words)
    for field, mark in marks(owner).items():
        if before.get(field) != mark:
            stage.count(told(name, field))
    return made


def told(name, field):
    """What is remembered of a method that changes a field."""
    return f"writes {name} {field}"


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
