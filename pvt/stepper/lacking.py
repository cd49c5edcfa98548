"""Names that the real thing has and a stand-in has not: whoever uses one is told that this is not
supported, so that it never looks like a fault of the program."""

import concurrent.futures
import queue
import threading

from pvt.stepper.stops import ProgramError


class Lacking:
    """Such a name; an attribute that an object or a subclass has stands before it."""

    def __init__(self, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        from pvt.stepper.threads import line_here

        raise ProgramError(
            f"line {line_here()}: {self.name} is not supported here; take it out to step the program"
        )

    @classmethod
    def fill(cls, kind, names, called=None):
        """Put these names into a stand-in where it lacks them."""
        made = made_by(kind)
        for name in names:
            if not hasattr(kind, name) and not name.startswith("__") and name not in made:
                setattr(kind, name, cls(f"{called or kind.__name__}.{name}"))


def made_by(kind):
    """The attributes that a class gives its objects at their beginning."""
    makers = [vars(each).get(name) for each in kind.__mro__[:-1] for name in ("__init__", "_init")]
    return {name for maker in makers if maker for name in maker.__code__.co_names}


def examples():
    """One object of each real class, which shows all its names."""
    yield from (threading.Lock(), threading.RLock(), threading.Condition(), threading.Event())
    yield from (threading.Semaphore(), threading.BoundedSemaphore(), threading.Barrier(1))
    yield from (threading.Thread(), threading.Timer(0, print), concurrent.futures.Future())
    yield from (queue.Queue(), queue.LifoQueue(), queue.PriorityQueue(), queue.SimpleQueue())
    yield concurrent.futures.ThreadPoolExecutor(1)


def fill(kinds):
    """All stand-ins, by the names of the real classes."""
    plain = {"lock": "Lock"}
    for real in examples():
        name = plain.get(type(real).__name__, type(real).__name__)
        if name in kinds:
            Lacking.fill(kinds[name], dir(real))
