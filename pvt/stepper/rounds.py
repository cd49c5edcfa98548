"""The rounds of loops: a `while` that changes nothing waits until somebody else changes something.

One that looks at the clock waits for the time as well: it goes on when nobody else can, and then it
is later.  One that looks at the clock and changes something goes round in any case: after many
rounds without a pause it is as if it slept, ever longer, so that it comes to its end."""

import sys

from pvt.stepper.engine import Op, stage
from pvt.stepper.stops import SOURCE_NAME

SAME_ROUNDS = 2
PATIENCE = 30
"""Rounds with a look at the clock after which the time passes faster."""
FIRST, FASTEST, MOST = 10, 32, 64
"""Microseconds of the first jump and of the longest, as powers of two; jumps without a change."""
INTERRUPTED = "the program runs until it is interrupted: Ctrl-C comes in {where} when nothing else "
INTERRUPTED += "can happen"


def round_(loop, line):
    """At the beginning of each round of a `while`: one that changes nothing waits until somebody
    changes something."""
    stage.still_here()
    me = stage.me
    if me.looks:
        hurry(me, loop)
    if stage.forever and is_asleep(me, line):
        me.slept += 1
        if me.slept > SAME_ROUNDS and nothing_happens(me):
            press(line)
    if stage.alone:
        return
    now = stage.changes - me.own
    state = me.rounds.get(loop)
    if state is None:
        me.rounds[loop] = [now, 0, None, None, me.looks]
        return
    looked, state[4] = me.looks != state[4], me.looks
    if state[0] != now:
        state[0], state[1] = now, 0
        state[2] = state[3] = None
        return
    state[1] += 1
    if state[1] < SAME_ROUNDS:
        return
    frame = sys._getframe(1)
    values = [value for name, value in frame.f_locals.items() if name[0] != "@"]
    known = me.seen if looked else None
    if state[2] is not frame or not same(state[3], values, known):
        state[2], state[3] = frame, values
        return
    state[1], state[2], state[3] = 0, None, None
    if is_asleep(me, line):
        wait_for_interrupt(me, now, line)
    else:
        wait(me, now, line, looked)


def is_asleep(me, line):
    """Whether the main thread is in a loop that does nothing but sleep, before Ctrl-C."""
    if me.number or line not in stage.forever or stage.pressed:
        return False
    return sys._getframe(2).f_code.co_filename == SOURCE_NAME


def wait_for_interrupt(me, now, line):
    """The main thread sleeps for ever: when nothing else can happen, somebody presses Ctrl-C."""
    changed = lambda: stage.changes - me.own != now  # noqa: E731
    why = lambda: f"asleep for ever in the loop of line {line}"  # noqa: E731
    ready = lambda: changed() or nothing_happens(me)  # noqa: E731
    stage.point(Op(None, "spin", False, None, ready, why))
    if not changed():
        press(line)


def press(line, where="the loop of line {}"):
    """Ctrl-C, once in a run."""
    stage.pressed = True
    stage.assume("Ctrl-C", INTERRUPTED.format(where=where.format(line)))
    raise KeyboardInterrupt


def nothing_happens(me):
    """Whether no other worker can go on, and none waits for a lock that is never given back."""
    return is_last(me) and not is_stuck(me)


def is_stuck(me):
    """Whether another worker waits for a lock that somebody holds, who cannot go on either."""
    return any(
        worker.op.holder is not None and worker.op.label != "join" and not worker.able()
        for worker in stage.live
        if worker is not me
    )


def wait(me, now, line, looked):
    """Until somebody changes something, or, for who looks at the clock, until nobody else can."""
    changed = lambda: stage.changes - me.own != now  # noqa: E731
    later = lambda: changed() or (me.jumps < MOST and is_last(me))  # noqa: E731
    why = lambda: f"waiting in the loop of line {line} for a change"  # noqa: E731
    label = "spin for a while" if looked else "spin"
    stage.point(Op(None, label, False, None, later if looked else changed, why))
    if changed():
        me.jumps = 0
    elif looked:
        stage.ticks += 1 << min(FIRST + me.jumps, FASTEST)
        me.jumps += 1


def is_last(me):
    """Whether no other worker can go on, but for those that wait for the time as well."""
    return not any(
        worker.op.label != "spin for a while" and worker.able()
        for worker in stage.live
        if worker is not me
    )


def hurry(me, loop):
    """A worker that looks at the clock in each round, and neither sleeps nor gives way, waits for
    the time."""
    here = stage.still, stage.slept
    known = me.circling.get(loop)
    if known is None or known[0] == me.looks or known[1] != here:
        me.circling[loop] = [me.looks, here, 0]
        return
    known[0] = me.looks
    known[2] += 1
    if known[2] > PATIENCE:
        stage.ticks += 1 << min(known[2] - PATIENCE, FASTEST)
        if not stage.alone:
            stage.pause("waiting for the time")
            known[1] = stage.still, stage.slept


def same(before, now, looked=None):
    """Whether two lists hold the same objects, but for the time that was `looked` at last."""
    return len(before) == len(now) and all(
        one is other or (other is looked and type(one) is float)
        for one, other in zip(before, now, strict=True)
    )


def opened(value):
    """In the world of this interpreter: others may come in after a call; gives its result."""
    stage.me.open = True
    return value


def back():
    """The same at the beginning of a function, or of a round of a loop."""
    stage.me.open = True
