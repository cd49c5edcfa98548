"""A fork bomb in a box: processes that double until their built-in cap, and can be asked how many
are left.

The cap is not watched for. Who wants to fork takes a byte out of a pipe that was filled before the
first fork and that nobody can refill, and no process forks after the last generation. All wait at
the end on a pipe that closes with the experiment, in a process group of their own, each with an
alarm that ends it.
"""

import contextlib
import os
import signal
import time

from pvt.tools import ceilings
from pvt.tools.forked import become

ALARM = 3  # seconds that a process lives at most


def double(fuse, generations, say):
    """Each process starts another in each generation: 2, 4, 8, 16, … The new one goes on where
    its parent is."""
    for generation in range(1, generations + 1):
        if not os.read(fuse, 1):
            return
        try:
            if os.fork() == 0:
                signal.alarm(ALARM)
                say("born", generation)
        except OSError:
            say("refused", generation)


class Bomb:
    """Lit when made: the first process, in a group of its own, and what they all said."""

    def __init__(self, generations, before=lambda: None):
        self.fuse, fill = os.pipe()
        os.write(fill, b"." * (2**generations - 1))  # the cap
        os.close(fill)
        ear, self.mouth = os.pipe()
        self.call, self.caller = os.pipe()
        self.hold, self.holder = os.pipe()
        self.begin, self.ear, self.all = time.monotonic(), os.fdopen(ear), 2**generations
        self.first = first_of(self.burn, generations, before)
        for end in (self.fuse, self.mouth, self.call, self.hold):
            os.close(end)
        self.born, self.refused = self.listen()

    def burn(self, generations, before):
        """What every process does; nobody comes back from here."""
        try:
            signal.alarm(ALARM)
            os.setpgid(0, 0)
            os.close(self.caller), os.close(self.holder)
            before()
            self.say("born", 0)
            double(self.fuse, generations, self.say)
            if os.read(self.call, 1):
                self.say("here", 0)
            os.read(self.hold, 1)
        finally:
            os._exit(0)

    def say(self, word, generation):
        os.write(self.mouth, f"{word} {generation} {time.monotonic()}\n".encode())

    def listen(self):
        """All births and refusals: [(generation, seconds)]; a refusal costs all that would have
        come of it."""
        heard, missing = {"born": [], "refused": []}, 0
        while len(heard["born"]) + missing < self.all and (line := self.ear.readline()):
            word, generation, when = line.split()
            heard[word].append((int(generation), float(when) - self.begin))
            missing += self.all >> int(generation) if word == "refused" else 0
        return heard["born"], heard["refused"]

    def answering(self, most):
        """How many processes answer a roll call; of the dead, nobody does."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self.caller, b"?" * most)
        count = 0
        while count < most and self.ear.readline():
            count += 1
        return count

    def kill(self, group):
        """Kill the first process, or all of its group; no roll call before the first is gone."""
        (os.killpg if group else os.kill)(self.first, signal.SIGKILL)
        os.waitpid(self.first, 0)
        self.first = None if group else self.first  # the number may soon be another's

    def end(self):
        """Kill the group and close what they wait on: those that left the group go home too."""
        for end in (self.caller, self.holder):
            os.close(end)
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            if self.first:
                os.killpg(self.first, signal.SIGKILL)
                os.waitpid(self.first, 0)
        self.ear.close()


def first_of(burn, *arguments):
    """The id of a new process that burns in a group of its own; None if there is none to be had."""
    try:
        first = os.fork()
    except OSError:
        return None
    if first == 0:
        burn(*arguments)
    with contextlib.suppress(OSError):
        os.setpgid(first, first)
    return first


def locked(most):
    """A function that lets this user have at most n further processes; root becomes a user of
    its own."""
    import resource

    user = 2**30 + os.getpid() if os.geteuid() == 0 else None
    used = 0 if user else ceilings.tasks_of_user() or 0

    def lock():
        become(user)
        resource.setrlimit(resource.RLIMIT_NPROC, (used + most, used + most))

    return lock
