"""What a rewritten program calls for the patterns of a `match` statement."""

from pvt.stepper.calls import got
from pvt.stepper.engine import stage
from pvt.stepper.kinds import CONTAINER, KINDS, VIEW
from pvt.stepper.touching import doubt, look


def matched(thing):
    """The subject of `match` in the body of a class: its patterns look into it once, which the
    result says."""
    if not stage.alone and KINDS[type(thing)] in (CONTAINER, VIEW):
        stage.assume("match", "the patterns of a match statement look at their subject in one step")
        doubt(thing)
    return look(thing)


SEQUENCE, MAPPING, ITSELF = 1 << 5, 1 << 6, 1 << 22


"""Flags of a type: what patterns take it for; the last one: `case int(x)` binds the object
itself."""


MISSING = object()


def is_sequence(thing):
    """Whether a pattern of the form [...] can fit."""
    return bool(type(thing).__flags__ & SEQUENCE)


def is_mapping(thing):
    """Whether a pattern of the form {...} can fit."""
    return bool(type(thing).__flags__ & MAPPING)


def measured(thing):
    """A pattern looks at the length."""
    return len(look(thing))


def parted(thing, size, after):
    """A pattern takes a sequence apart; `after`: so many items follow its star, None without
    one."""
    items = list(look(thing))
    least = size if after is None else size - 1
    if len(items) < least:
        at_least = "" if after is None else "at least "
        raise ValueError(
            f"not enough values to unpack (expected {at_least}{least}, got {len(items)})"
        )
    if after is None:
        if len(items) > size:
            raise ValueError(f"too many values to unpack (expected {size})")
        return items
    before, end = size - 1 - after, len(items) - after
    return [*items[:before], items[before:end], *items[end:]]


def keyed(thing, keys):
    """A pattern asks a mapping for its keys: their values, or None."""
    for number, key in enumerate(keys):
        if key in keys[:number]:
            raise ValueError(f"mapping pattern checks duplicate key ({key!r})")
    look(thing)
    values = [thing.get(key, MISSING) for key in keys]
    return None if any(value is MISSING for value in values) else values


def remaining(thing, keys):
    """What `**rest` stands for."""
    left = dict(look(thing))
    for key in keys:
        del left[key]
    return left


def instance(thing, kind, count, names):
    """A pattern of a class: the attributes that it asks for, one after the other, or None."""
    if not isinstance(kind, type):
        raise TypeError("called match pattern must be a class")
    if not isinstance(thing, kind):
        return None
    found = []
    if count:
        given = getattr(kind, "__match_args__", None)
        if given is None and kind.__flags__ & ITSELF:
            given, found = (None,), [thing]
        elif given is None:
            given = ()
        if count > len(given):
            many = f"{len(given)} positional sub-pattern{'s' * (len(given) != 1)}"
            raise TypeError(f"{kind.__name__}() accepts {many} ({count} given)")
        names = (*given[len(found) : count], *names)
    try:
        return found + [got(thing, name) for name in names]
    except AttributeError:
        return None
