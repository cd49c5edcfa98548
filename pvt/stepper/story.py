"""A bad schedule told in plain sentences: who read what, who wrote in between, who wrote back what was old.

Told from the rows of a replay; the two lines that conflict are named, and marked where the program is shown.
"""

import re

from pvt.stepper.locks import Standin
from pvt.stepper.schedule import read

READ = (
    "LOAD",
    "BINARY_SUBSCR",
    "BINARY_OP",
    "FOR_ITER",
    "CONTAINS",
    "COMPARE",
    "UNPACK",
    "TO_BOOL",
    "GET_ITER",
)
MOST = 8


class Teller:
    """Observes a run and keeps what each worker touched, in order."""

    def __init__(self):
        self.events = []

    def begin(self, player):
        """The program is at its beginning."""
        self.program = player.program

    def standing(self, me):
        """A worker is about to do something: its place is known now."""
        me.spot = here()

    def chosen(self, me):
        """It does it."""
        self.events.append((me.number, me.op, getattr(me, "spot", None)))

    def passing(self, me, op):
        """Something that nobody else touches."""

    def finished(self, me):
        """The worker has ended."""

    def ended(self):
        """The run is over."""


def here():
    """The line of the program that is being run."""
    from pvt.stepper.threads import line_here

    return line_here()


def told(player, schedule, ending, because):
    """The story of a schedule, as sentences in one text."""
    teller = Teller()
    player.play(read(schedule)[0], teller, onward=True)
    if ending == "deadlock":
        return because[:1].upper() + because[1:] + "." + order(player, teller.events)
    conflict = conflict_of(teller.events)
    end = because[:1].upper() + because[1:] + "."
    return f"{between(player, *conflict)} {end}" if conflict else end


def conflict_of(events):
    """The last read of something by one worker, its write by another in between, and what the first did then."""
    best = None
    for at, (me, op, line) in enumerate(events):
        if op.sync or op.key is None:
            continue
        for later in range(at + 1, len(events)):
            other, its, there = events[later]
            if other == me or its.key != op.key or not (its.write or op.write):
                continue
            after = next((e for e in events[later + 1 :] if e[0] == me), None)
            if after is None:
                continue
            again = next(
                (e for e in events[later + 1 :] if e[0] == me and e[1].key == op.key), None
            )
            both = its.write and not op.write
            rank = 4 * both + 2 * bool(again and again[1].write) + bool(again)
            if best is None or rank > best[0]:
                best = rank, (me, op, line), (other, its, there), again or after
            break
    return best[1:] if best else None


def between(player, first, second, after):
    """What happened between two accesses of one worker."""
    (me, op, line), (other, its, there) = first, second
    what = named(player, op)
    did = "read" if not op.write else "wrote"
    text = f"Thread {me} {did} {what} in line {line}. Before it went on, thread {other} "
    text += f"{'wrote' if its.write else 'read'} {what} in line {there}."
    number, then, where = after
    if then.key == op.key and then.write and not op.write:
        return f"{text} Then thread {me} wrote {what} in line {where}, from what it had read before: that was old by then."
    if not op.write:
        return f"{text} Then thread {number} went on in line {where} with what it had read before: that was old by then."
    return f"{text} Thread {number} went on in line {where} only then."


def order(player, events):
    """Who took what, and in which order."""
    taken = [
        (n, op, line)
        for n, op, line in events
        if op.sync and op.label in ("acquire", "put", "get", "wait", "join")
    ]
    said = [
        f"thread {n} took {named(player, op)} in line {line}"
        for n, op, line in taken
        if op.label == "acquire"
    ]
    return f" Before that, {'; '.join(said[-MOST:])}." if said else ""


def named(player, op):
    """What a step touched, in words."""
    thing = op.thing
    label = re.sub(r"^\w+:", "", op.label)
    if isinstance(thing, Standin):
        return thing.named()
    name = player.program.name_of(thing)
    kind = type(thing).__name__
    if op.label == kind:
        return f"the {kind} {name}".rstrip()
    return f"{name}.{label}" if name and op.label == label and name != label else label
