"""Locks that know who has them, and note who waits.

Who finds a lock free takes it in C alone, in `with` at least. In a function of Python its thread
could lose the GIL while it has the lock: then the others wait for it, each wakes another, and a
program of many short `with lock:` takes five times as long. So `__enter__` is the `__next__` of
iterators of C: one tries to take the lock, one looks up in `Tried` what follows – only after a try
in vain that is a function of Python – and one writes down the owner. Release and exit are the bare
lock's own.
"""

import _thread
import copyreg
import re
import sys
import time
from _operator import attrgetter, setitem
from itertools import repeat, starmap

import pvt_notes as notes

clock, ident, waits = time.monotonic, _thread.get_ident, notes.State
polls = notes.State.polls
NEVER, NOTHING = repeat(False), repeat(())
IDENTS = starmap(ident, NOTHING)
NOBODY = [None]  # is written to, and never read
AS_TRUE = {None: True}.__getitem__
OWNER = re.compile(r"owner=(\d+)")
NUMBERS, LONGEST = (int, float), _thread.TIMEOUT_MAX
UNLIMITED = -1
SLOTS = ("__enter__", "release", "__exit__")
SELDOM = (
    *("release_lock", "locked", "locked_lock", "_at_fork_reinit"),
    *("_is_owned", "_release_save", "_acquire_restore", "_recursion_count"),
)


class Tried(dict):
    """What comes of a try to take a lock: {True: the place in `owner`}. After a try in vain one
    waits. It knows the bare lock only: one that knew the watched lock would keep it alive.
    """

    __slots__ = ("bare", "made", "owner", "sign")

    def __init__(self, bare):
        self[True], self.bare, self.owner, self.sign = 0, bare, [None], False
        self.made = notes.where()

    def enter(self, take):
        """What takes the lock and gives True, in C."""
        took = map(self.__getitem__, map(take, NEVER))
        return map(AS_TRUE, map(setitem, repeat(self.owner), took, IDENTS)).__next__

    def __missing__(self, failed):
        self.wait(-1)
        return self[True]

    def wait(self, timeout):
        """Take the lock, and note how long that took; whether it was taken."""
        me, opened = ident(), waits.open
        if me in opened:
            return self.bare.acquire(True, timeout)
        begin, holder, got = clock(), self.holder(), False
        label = self.made if timeout == -1 else f"a lock{notes.LIMITED}"
        opened[me] = (begin, "worker" if self.sign else "lock", label, self)
        try:
            got = self.bare.acquire(True, timeout)
            return got
        finally:
            opened.pop(me, None)
            # nobody took it since this thread did, and yet it was let go: by another, as a sign
            self.sign = self.sign or (got and holder == me == self.owner[0])
            notes.waited(begin, clock(), "worker" if self.sign else "lock", self.made, holder)

    def holder(self):
        """Who has it, or had it last."""
        return self.owner[0]


class Recursive(Tried):
    """The same for a lock that knows its owner itself: {True: True}."""

    __slots__ = ()

    def __init__(self, bare):
        self[True], self.bare, self.owner, self.sign = True, bare, NOBODY, False
        self.made = notes.where()

    def enter(self, take):
        return map(self.__getitem__, map(take, NEVER)).__next__

    def holder(self):
        found = OWNER.search(repr(self.bare))
        return int(found[1]) if found else None


def polled(me, lock, made, holder, taken):
    """The program has tried to take a lock (a condition of Python's tries its own, to see whether it
    has it). If the thread slept since it tried in vain, it slept for the lock."""
    poll = polls.get(me)
    if poll is not None and poll.lock is lock:
        poll.again()
    elif poll is not None:
        polls.pop(me).settle()
        poll = None
    if taken and poll is not None:
        polls.pop(me).settle()
    elif not taken and poll is None:
        polls[me] = Poll(lock, made, holder())


class Poll:
    """Tries in vain; who sleeps for a moment, and tries again, waits for the lock."""

    __slots__ = ("begin", "end", "holder", "lock", "made", "number", "place", "slept")

    def __init__(self, lock, made, holder):
        self.lock, self.made, self.holder, self.slept = lock, made, holder, None
        self.number, self.place, self.begin, self.end = notes.thread(), None, None, None

    def sleeps(self, begin, end):
        """Keep a sleep until it is known what it was for."""
        self.slept, self.place = (begin, end), notes.where()

    def again(self):
        """It tried again: the sleep belongs to its wait."""
        if self.slept is not None:
            begin, self.end = self.slept
            self.begin, self.slept = begin if self.begin is None else self.begin, None

    def settle(self):
        """Note the wait, and a sleep after which nothing was tried again."""
        found, holder = notes.State.notes, waits.natives.get(self.holder)
        if self.begin is not None:
            span = ["wait", self.number, self.begin, self.end]
            found.append([*span, "lock", self.made, holder, self.place])
        if self.slept is not None:
            found.append(["wait", self.number, *self.slept, "asleep", "", None, self.place])
        self.begin = self.slept = None


class Kind(type):
    """The type of our types of locks: to them belong bare locks, too."""

    def __instancecheck__(cls, one):
        return type.__instancecheck__(cls, one) or type(one) is vars(cls).get("kind")


def unbound(name):
    """What `type(lock).release` is: a function that takes the lock, as with the bare one. A slot
    that is asked of a type would give itself, which cannot be called.
    """

    def asked(cls):
        found = next((vars(one)[name] for one in cls.__mro__ if name in vars(one)), None)
        if found is None:
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        if not hasattr(type(found), "__set__"):  # a function
            return found.__get__(None, cls)
        return lambda lock, /, *args, **kwargs: found.__get__(lock)(*args, **kwargs)

    return property(asked)


def waits_for(timeout):
    """Whether a bare lock would wait for so long, and not refuse it."""
    return type(timeout) in NUMBERS and (timeout == -1 or 0 < timeout <= LONGEST)


def lock_type(make, called, tries):
    """A class of locks. What it has of the bare one's own is found without a function of Python."""

    class Watched(metaclass=Kind):
        __slots__ = ("__weakref__", "bare", "owner", "take", "tried", *SLOTS)
        kind = type(make())
        __class__ = property(lambda self: self.kind)

        def __init__(self):
            self.bare = bare = make()
            self.take = take = bare.acquire
            self.tried = tried = tries(bare)
            self.owner = tried.owner
            put_enter(self, tried.enter(take))
            put_release(self, bare.release), put_exit(self, bare.__exit__)

        def acquire(self, blocking=True, timeout=-1):
            me = ident()
            if blocking is True and (timeout is UNLIMITED or waits_for(timeout)):
                taken = self.take(False) or self.tried.wait(timeout)
            else:  # it does not wait, or raises what the bare one raises
                taken = self.take(blocking, timeout)
            if (not taken or polls) and notes.ours(sys._getframe(1)):
                polled(me, self.tried, self.tried.made, self.tried.holder, taken)
            if taken:
                self.owner[0] = me
            return taken

        def __reduce__(self):
            raise TypeError(f"cannot pickle {type(self.bare).__module__ + '.' + called!r} object")

        def __repr__(self):
            return repr(self.bare)

    # setattr would put into the instance what a type below this one has of its own
    put_enter, put_release, put_exit = (vars(Watched)[name].__set__ for name in SLOTS)
    for name in SELDOM:
        if hasattr(make(), name):
            setattr(Watched, name, property(attrgetter(f"bare.{name}")))
    Watched.__name__ = Watched.__qualname__ = called
    Watched.__module__ = "_thread"
    if hasattr(make(), "acquire_lock"):
        Watched.acquire_lock = Watched.acquire
    return Watched


Lock = lock_type(_thread.allocate_lock, "lock", Tried)
RLock = lock_type(_thread.RLock, "RLock", Recursive)


def found_again(kind):
    """How a type of locks is pickled: as what `threading` calls it, also in a Python without
    notes; one of the program's own below it by its name."""
    from pkgutil import resolve_name

    called = {Lock: "threading:Lock", RLock: "threading:RLock"}.get(kind)
    return (resolve_name, (called,)) if called else kind.__qualname__


copyreg.pickle(Kind, found_again)
for called in (*SLOTS, *SELDOM):  # last: from here on the types themselves cannot be changed
    setattr(Kind, called, unbound(called))
