"""What a program leaves for its end: the handlers of atexit, and finalizers of objects that still
live.

They run in the main thread when all threads but daemons have ended, the last one first. What they
print counts; what they raise changes nothing, as in a real run. Nothing of it reaches the
interpreter's own list."""

import weakref
from types import ModuleType

from pvt.stepper.calls import FROM_THE_BEGINNING, SPECIAL, called
from pvt.stepper.engine import stage
from pvt.stepper.lives import watch
from pvt.stepper.stops import ProgramError, Stop

HANDLERS = "the handlers of atexit"


def register(function, /, *args, **words):
    """Call it at the end; gives the function, so that it can decorate."""
    touch()
    stage.exits.append((function, args, words))
    return function


def unregister(function, /):
    """Do not call it."""
    touch()
    stage.exits[:] = [each for each in stage.exits if each[0] != function]


def clear():
    """Call none."""
    touch()
    stage.exits.clear()


def touch():
    """About to change the list."""
    if not stage.alone:
        stage.touch(stage, HANDLERS, HANDLERS, True)


def module():
    """The module atexit."""
    made = ModuleType("atexit")
    made.register, made.unregister, made._clear = register, unregister, clear
    made._run_exitfuncs, made._ncallbacks = call_all, lambda: len(stage.exits)
    return made


def finish():
    """The main thread is at its end."""
    if stage.exits or "atexit" in stage.modules_made:
        wait_for_all()
        call_all()


def wait_for_all():
    """Until all threads but daemons have ended."""
    me = stage.me
    stage.sync(me, "end of main", key=("end", me.number))
    stage.over_main = True
    at = 0
    while at < len(stage.workers):
        worker, at = stage.workers[at], at + 1
        if worker is not me and not worker.daemon and worker.call is not None:
            wait_for(worker)


def wait_for(worker):
    """Until a thread has ended."""
    why = lambda: f"waiting for the end of thread {worker.number}, as the program ends"  # noqa: E731
    key = "end", worker.number
    stage.sync(worker, "join", lambda: worker.done, why, lambda: worker, write=False, key=key)


def call_all():
    """The last one first; one that raises keeps no other from being called."""
    while stage.exits:
        function, args, words = stage.exits.pop()
        quietly(function, args, words)


def quietly(function, args=(), words=None):
    """What it raises, only sys.stderr would tell."""
    try:
        called(function)(*args, **(words or {}))
    except (Stop, ProgramError):
        raise
    except BaseException:
        return


# -- finalizers ------------------------------------------------------------------------------------


def finalize(thing, function, /, *args, **words):
    """weakref.finalize()."""
    watch(thing)
    if not stage.finalizers:
        stage.exits.append((call_finalizers, (), {}))
    made = weakref.finalize(thing, function, *args, **words)
    stage.finalizers.append(made)
    return made


def call_finalizers():
    """Of all objects that still live."""
    while stage.finalizers:
        one = stage.finalizers.pop()
        if one.alive and one.atexit:
            quietly(one)


def forget():
    """After a run: what is left is not called at the end of this process."""
    for one in stage.finalizers:
        one.detach()
    stage.finalizers.clear()
    stage.exits.clear()


SPECIAL[weakref.finalize] = FROM_THE_BEGINNING[weakref.finalize] = finalize
