"""Stand-ins for Lock, RLock, Semaphore and BoundedSemaphore.

They are never contended: exactly one thread moves.  A thread that would block tells the stage why.  `owner` is a
thread's number, or SETUP for what is not a thread.
"""

from pvt.stepper.stops import Wait

SETUP = -1


class Standin:
    """Something that threads wait for; `stage` is set by the program's own copy of the class."""

    stage = None
    noun = "thing"

    def me(self):
        """The number of the running thread, or SETUP."""
        current = self.stage.current
        return SETUP if current is None else current

    def named(self):
        """What to call it: "the lock left" if the program has a name for it, else "the lock"."""
        return f"the {self.noun} {self.stage.name_of(self)}".rstrip()

    def wait_until(self, ready, why, holder=lambda: None):
        """Block until the predicate is true."""
        if not ready():
            self.stage.block(Wait(ready, why, holder))

    def wait_at_most(self, timeout, ready, why):
        """As `wait_until`, but give up after a time-out: others may go first.  Returns whether it came true."""
        if not ready():
            self.stage.rest(f"{why()}, for at most {timeout} s")
        if not ready():
            self.stage.quiet()
        return ready()


class Lock(Standin):
    """Held by one thread at a time; any thread may release it."""

    noun = "lock"

    def __init__(self):
        self.owner = None

    def __repr__(self):
        return "free" if self.owner is None else f"held by {holder_text(self.owner)}"

    def acquire(self, blocking=True, timeout=-1):
        """Take the lock; False if it was not to be had."""
        if self.owner is not None:
            if not blocking:
                self.stage.quiet()
                return False
            if timeout is not None and timeout >= 0:
                if not self.wait_at_most(timeout, self._is_free, self._why):
                    return False
            else:
                self.wait_until(self._is_free, self._why, self._holder)
        self.owner = self.me()
        return True

    def release(self):
        """Give the lock back."""
        if self.owner is None:
            raise RuntimeError("release unlocked lock")
        self.owner = None

    def locked(self):
        """Whether somebody holds it."""
        self.stage.quiet()
        return self.owner is not None

    def _is_free(self):
        return self.owner is None

    def _holder(self):
        return None if self.owner == SETUP else self.owner

    def _why(self):
        return f"waiting for {self.named()} that {holder_text(self.owner, self.stage)} holds"

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()


class RLock(Lock):
    """A lock that its owner may take again."""

    def __init__(self):
        super().__init__()
        self.depth = 0

    def acquire(self, blocking=True, timeout=-1):
        """Take the lock, or take it once more."""
        if self.owner != self.me() and not super().acquire(blocking, timeout):
            return False
        self.depth += 1
        return True

    def release(self):
        """Give back one level."""
        if self.owner != self.me():
            raise RuntimeError("cannot release un-acquired lock")
        self.depth -= 1
        if not self.depth:
            self.owner = None


class Semaphore(Standin):
    """Lets a number of threads in."""

    noun = "semaphore"

    def __init__(self, value=1):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self.value = self.first = value

    def __repr__(self):
        return f"{self.value} free"

    def acquire(self, blocking=True, timeout=None):
        """Take one place; False if there was none."""
        if not self.value:
            if not blocking:
                self.stage.quiet()
                return False
            if timeout is not None:
                if not self.wait_at_most(timeout, self._is_free, self._why):
                    return False
            else:
                self.wait_until(self._is_free, self._why)
        self.value -= 1
        return True

    def release(self, n=1):
        """Give back `n` places."""
        if n < 1:
            raise ValueError("n must be one or more")
        self.value += n

    def _is_free(self):
        return self.value > 0

    def _why(self):
        return f"waiting for {self.named()}, which has no place free"

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()


class BoundedSemaphore(Semaphore):
    """A semaphore that refuses to be released more often than taken."""

    def release(self, n=1):
        """Give back `n` places, but never more than there were."""
        if self.value + n > self.first:
            raise ValueError("Semaphore released too many times")
        super().release(n)


def holder_text(owner, stage=None):
    """Whoever holds something, in words."""
    if owner == SETUP:
        return "setup()"
    if stage is None:
        return f"thread {owner}"
    if stage.asked == owner:
        return "it itself"
    return f"thread {owner}, which has finished," if stage.done[owner] else f"thread {owner}"


KINDS = (Lock, RLock, Semaphore, BoundedSemaphore)
