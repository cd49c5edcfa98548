"""Stand-ins for Lock, RLock, Semaphore and BoundedSemaphore.

They are never contended: exactly one worker moves.  One that would block tells the stage why.
Giving a lock back is no point of its own: nobody can notice the moment before it, unless somebody
looks at a lock without waiting for it."""

from pvt.stepper.engine import stage
from pvt.stepper.hashes import hashed

POLLED = "a lock that is looked at"


class Standin:
    """Something that threads wait for."""

    __stepped__ = True
    __hash__ = hashed
    noun = "thing"

    def named(self):
        """What to call it: "the lock left" if the program has a name for it, else "the lock"."""
        return f"the {self.noun} {stage.name_of(self)}".rstrip()


class Lock(Standin):
    """Held by one thread at a time; any thread may release it."""

    noun = "lock"

    def __init__(self):
        self.owner = None

    def __repr__(self):
        return "free" if self.owner is None else f"held by {holder_text(self.owner)}"

    def acquire(self, blocking=True, timeout=-1):
        """Take the lock; False if it was not to be had."""
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        return self.take(blocking, None if timeout < 0 else timeout)

    def take(self, blocking=True, timeout=None):
        """Take it; `timeout` in seconds, None for ever."""
        if not blocking:
            stage.learn(POLLED)
            stage.sync(self, "try", write=self.owner is None)
        elif timeout is None:
            stage.sync(self, "acquire", self.is_free, self.why, self.holder)
        else:
            stage.learn(POLLED)
            stage.sync(self, "try for a while", why=self.why, free=self.owner is not None)
            if self.owner is not None:
                stage.give_up(timeout)
        if self.owner is not None:
            return False
        self.owner = stage.me
        stage.me.own += 1
        stage.me.holds += 1
        return True

    def release(self):
        """Give the lock back."""
        if self.owner is not stage.me:
            stage.learn(POLLED)
        self.give()

    def give(self):
        """Nobody holds it any more."""
        if POLLED in stage.hot:
            stage.sync(self, "release")
        else:
            stage.silent(self, "release")
        if self.owner is None:
            raise RuntimeError("release unlocked lock")
        self.owner.holds -= 1
        self.owner = None
        stage.me.own += 1

    def locked(self):
        """Whether somebody holds it."""
        stage.learn(POLLED)
        stage.sync(self, "locked", write=False)
        return self.owner is not None

    def is_free(self):
        """Whether nobody holds it."""
        return self.owner is None

    def holder(self):
        """Who could end the waiting."""
        return self.owner

    def why(self):
        """What a worker that waits is doing."""
        return f"waiting for {self.named()} that {holder_text(self.owner, True)} holds"

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()

    acquire_lock, release_lock, locked_lock = acquire, release, locked

    def _at_fork_reinit(self):
        self.owner = None


class RLock(Lock):
    """A lock that its owner may take again."""

    def __init__(self):
        super().__init__()
        self.depth = 0

    def take(self, blocking=True, timeout=None):
        """Take the lock, or take it once more."""
        if self.owner is not stage.me.host and not super().take(blocking, timeout):
            return False
        self.owner = stage.me.host
        self.depth += 1
        return True

    def release(self):
        """Give back one level."""
        if self.owner is not stage.me.host:
            raise RuntimeError("cannot release un-acquired lock")
        self.depth -= 1
        if not self.depth:
            self.give()

    def _is_owned(self):
        return self.owner is stage.me.host

    def _recursion_count(self):
        return self.depth if self.owner is stage.me.host else 0


class Semaphore(Standin):
    """Lets a number of threads in."""

    noun = "semaphore"

    def __init__(self, value=1):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self.value = self.first = value

    def __repr__(self):
        return f"{self.value} free"

    @property
    def _value(self):
        stage.sync(self, "value", write=False)
        return self.value

    @_value.setter
    def _value(self, value):
        stage.sync(self, "set value")
        self.value = value

    def acquire(self, blocking=True, timeout=None):
        """Take one place; False if there was none."""
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        if not blocking:
            stage.sync(self, "try")
        elif timeout is None:
            stage.sync(self, "acquire", self.is_free, self.why)
        else:
            stage.sync(self, "try for a while", why=self.why, free=not self.value)
            if not self.value:
                stage.give_up(timeout)
        if not self.value:
            return False
        self.value -= 1
        stage.me.own += 1
        return True

    def release(self, n=1):
        """Give back `n` places."""
        if n < 1:
            raise ValueError("n must be one or more")
        stage.sync(self, "release")
        self.check(n)
        self.value += n
        stage.me.own += 1

    def check(self, n):
        """Whether so many may be given back."""

    def is_free(self):
        """Whether there is a place."""
        return self.value > 0

    def why(self):
        """What a worker that waits is doing."""
        return f"waiting for {self.named()}, which has no place free"

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()


class BoundedSemaphore(Semaphore):
    """A semaphore that refuses to be released more often than taken."""

    @property
    def _initial_value(self):
        return self.first

    def check(self, n):
        """Never more than there were."""
        if self.value + n > self.first:
            raise ValueError("Semaphore released too many times")


def holder_text(owner, asking=False):
    """Whoever holds something, in words."""
    if owner.number < 0:
        return "setup()"
    if asking and stage.asked == owner.number:
        return "it itself"
    return f"{owner.said}, which has finished," if asking and owner.done else owner.said
