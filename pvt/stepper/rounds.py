"""The rounds of loops: a `while` that changes nothing waits until somebody else changes something."""

import sys

from pvt.stepper.engine import Op, stage

SAME_ROUNDS = 2


def round_(loop, line):
    """At the beginning of each round of a `while`: one that changes nothing waits until somebody
    changes something."""
    stage.still_here()
    if stage.alone:
        return
    me = stage.me
    now = stage.changes - me.own
    state = me.rounds.get(loop)
    if state is None:
        me.rounds[loop] = [now, 0, None, None]
        return
    if state[0] != now:
        state[0], state[1] = now, 0
        state[2] = state[3] = None
        return
    state[1] += 1
    if state[1] < SAME_ROUNDS:
        return
    frame = sys._getframe(1)
    values = [value for name, value in frame.f_locals.items() if name[0] != "@"]
    if state[2] is not frame or not same(state[3], values):
        state[2], state[3] = frame, values
        return
    state[1], state[2], state[3] = 0, None, None
    ready = lambda: stage.changes - me.own != now  # noqa: E731
    stage.point(
        Op(
            None,
            "spin",
            False,
            None,
            ready,
            lambda: f"waiting in the loop of line {line} for a change",
        )
    )


def same(before, now):
    """Whether two lists hold the same objects."""
    return len(before) == len(now) and all(
        one is other for one, other in zip(before, now, strict=True)
    )


def opened(value):
    """In the world of this interpreter: others may come in after a call; gives its result."""
    stage.me.open = True
    return value


def back():
    """The same at the beginning of a function, or of a round of a loop."""
    stage.me.open = True
