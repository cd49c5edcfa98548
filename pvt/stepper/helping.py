"""Plays plans for a search that goes on elsewhere: `python -m pvt.stepper.helping CORE` reads
batches, writes what came out.

A play does not know what the search has seen so far.  It notes each state it comes to, in the order
in which the search asks whether that state is new.  The search asks its own memory these questions
afterwards, and so has the very runs that it would have had alone: see `sharing`.

Messages are marshalled, with their length in front.  The process ends with its input, or when
nothing comes for a while."""

import gc
import marshal
import os
import select
import sys
import tempfile
import time

IDLE = 60.0
"""Seconds without a batch after which it ends by itself: whoever asked is gone."""


def main(core):
    """Read what is searched, then batches, until the input ends."""
    ours, theirs = os.fdopen(os.dup(0), "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    pin(core)
    gc.disable()
    with tempfile.TemporaryDirectory(prefix="pvt-", ignore_cleanup_errors=True) as folder:
        os.environ["PVT_FOLDER"] = folder
        os.chdir(folder)
        answers(ours, theirs)
        os.chdir(os.path.dirname(folder))


def answers(ours, theirs):
    """Read, search, answer, until the input ends."""
    player = None
    while select.select([ours], [], [], IDLE)[0] and (message := receive(ours)) is not None:
        try:
            if player is None:
                player = player_of(**message)
                answer = []
            else:
                answer = [play(player, message, plan, price) for plan, price in message["plans"]]
        except BaseException as problem:
            answer = f"{type(problem).__name__}: {problem}"
        send(theirs, answer)


def pin(core):
    """Stay on one of the cores that are allowed: threads hand over their turn more quickly
    there."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {allowed[core % len(allowed)]})


def player_of(source, world, where):
    """A player that knows of the program what any process learns by itself."""
    from pvt.stepper.player import Player
    from pvt.stepper.program import Program

    player = Player(Program(source, world, **where), world)
    player.learn()
    return player


def play(player, message, plan, price):
    """Play one plan: None where the search must play it itself, else all that it has to know of
    it."""
    from pvt.stepper.engine import stage

    player.hot, player.every_order = set(message["hot"]), message["every_order"]
    player.odd = set(message["odd"])
    doubts, assumed = len(player.doubts), len(player.assumed)
    memory = Log(stage)
    limits = {"branch": True, "memory": memory, "price": price, "bound": message["bound"]}
    ending, because = player.play(plan, **limits, deadline=time.perf_counter() + message["seconds"])
    news = (
        stage.learned - player.hot or len(player.doubts) > doubts or len(player.assumed) > assumed
    )
    if news or not stage.whole or stage.with_tasks or ending not in PLAIN:
        return None
    seen = memory.seen
    return ending, because, stage.trace, stage.options, seen, len(stage.options), player.output()


PLAIN = ("safe", "broken", "deadlock", "cut")


class Log(dict):
    """A run's own memory, which notes each state that was new to it: its hash, who slept, the
    price, the options before."""

    def __init__(self, stage):
        self.stage, self.seen = stage, []

    def __setitem__(self, key, value):
        number = hash(key)
        known = Known(value)
        known.log, known.number = self, number
        super().__setitem__(key, known)
        self.note(number, *value[0])

    def note(self, number, mask, used):
        self.seen += number, mask, used, len(self.stage.options)


class Known(list):
    """What is known of a state; a further way of coming there is noted, too."""

    def append(self, pair):
        super().append(pair)
        self.log.note(self.number, *pair)


def send(pipe, message):
    """Write a message."""
    data = marshal.dumps(message)
    view = memoryview(len(data).to_bytes(8, "big") + data)
    while view:
        view = view[pipe.write(view) :]


def receive(pipe):
    """Read a message, None at the end of input."""
    head = exactly(pipe, 8)
    data = head and exactly(pipe, int.from_bytes(head, "big"))
    return marshal.loads(data) if data else None


def exactly(pipe, count):
    """So many bytes, or None where the input ends before."""
    parts = []
    while count:
        part = pipe.read(min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


if __name__ == "__main__":
    main(int(sys.argv[1]))
