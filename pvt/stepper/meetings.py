"""Stand-ins for Condition, Event and Barrier: threads that wait for each other's word."""

from pvt.stepper.locks import RLock, Standin


class Condition(Standin):
    """Wait until another thread notifies; first come, first woken, never woken for nothing."""

    noun = "condition"

    def __init__(self, lock=None):
        self.lock = self._new_lock() if lock is None else lock
        self.waiting = []
        self.acquire, self.release = self.lock.acquire, self.lock.release

    def __repr__(self):
        return f"{len(self.waiting)} waiting, lock {self.lock!r}"

    def _new_lock(self):
        lock = RLock()
        lock.stage = self.stage
        return lock

    def _check(self, verb):
        if self.lock.owner != self.me():
            raise RuntimeError(f"cannot {verb} on un-acquired lock")

    def wait(self, timeout=None):
        """Give the lock away, wait to be notified, take the lock again; False if the time-out came first."""
        self._check("wait")
        ticket, depth = [self.me()], getattr(self.lock, "depth", None)
        self.waiting.append(ticket)
        self._put_lock(None, 0)
        notified = self._wait_for_word(ticket, timeout)
        if not notified:
            self.waiting.remove(ticket)
        self.wait_until(self.lock._is_free, self.lock._why, self.lock._holder)
        self._put_lock(self.me(), depth)
        return notified

    def _wait_for_word(self, ticket, timeout):
        called = lambda: ticket not in self.waiting  # noqa: E731
        if timeout is None:
            free = self.lock._is_free
            self.wait_until(lambda: called() and free(), lambda: self._why(called()))
            return True
        return self.wait_at_most(timeout, called, lambda: self._why(False))

    def _why(self, called):
        return self.lock._why() if called else f"waiting for {self.named()} to be notified"

    def _put_lock(self, owner, depth):
        self.lock.owner = owner
        if depth is not None and hasattr(self.lock, "depth"):
            self.lock.depth = depth

    def wait_for(self, predicate, timeout=None):
        """Wait until the predicate is true."""
        result = predicate()
        while not result and self.wait(timeout):
            result = predicate()
        return result or predicate()

    def notify(self, n=1):
        """Wake the `n` threads that have waited longest."""
        self._check("notify")
        woken = [ticket for number, ticket in enumerate(self.waiting) if number < n]
        self.waiting = [ticket for ticket in self.waiting if ticket not in woken]

    def notify_all(self):
        """Wake all."""
        self.notify(len(self.waiting))

    def __enter__(self):
        return self.lock.__enter__()

    def __exit__(self, *details):
        return self.lock.__exit__(*details)


class Event(Standin):
    """A flag to wait for."""

    noun = "event"

    def __init__(self):
        self.flag = False

    def __repr__(self):
        return "set" if self.flag else "not set"

    def is_set(self):
        """Whether the flag is up."""
        self.stage.quiet()
        return self.flag

    def set(self):
        """Raise the flag: all that wait may go on."""
        self.flag = True

    def clear(self):
        """Take the flag down."""
        self.flag = False

    def wait(self, timeout=None):
        """Wait for the flag; False if the time-out came first."""
        if timeout is not None:
            return self.wait_at_most(timeout, lambda: self.flag, self._why)
        self.wait_until(lambda: self.flag, self._why)
        return True

    def _why(self):
        return f"waiting for {self.named()} to be set"


class BrokenBarrierError(RuntimeError):
    """The barrier was aborted, reset, or somebody's time was up."""


class Barrier(Standin):
    """All arrive before any goes on."""

    noun = "barrier"

    def __init__(self, parties, action=None, timeout=None):
        self.parties, self.action, self.timeout = parties, action, timeout
        self.n_waiting, self.broken, self.round, self.resets = 0, False, 0, set()

    def __repr__(self):
        return "broken" if self.broken else f"{self.n_waiting} of {self.parties} waiting"

    def wait(self, timeout=None):
        """Wait for the others; returns one's place in the order of arrival, counted down."""
        timeout = self.timeout if timeout is None else timeout
        if self.broken:
            raise BrokenBarrierError
        self.n_waiting += 1
        place, round_now = self.parties - self.n_waiting, self.round
        if not place:
            self._open()
            return 0
        over = lambda: self.broken or self.round != round_now  # noqa: E731
        if timeout is None:
            self.wait_until(over, self._why)
        elif not self.wait_at_most(timeout, over, self._why):
            self.abort()
        if self.round == round_now or round_now in self.resets:
            raise BrokenBarrierError
        return place

    def _open(self):
        if self.action is not None:
            self.action()
        self.round, self.n_waiting = self.round + 1, 0

    def _why(self):
        return f"waiting at {self.named()}: {self.n_waiting} of {self.parties} are there"

    def abort(self):
        """Break the barrier: all that wait get BrokenBarrierError."""
        self.broken, self.n_waiting = True, 0

    def reset(self):
        """Break it for those that wait, whole for those that come."""
        if self.n_waiting:
            self.resets.add(self.round)
        self.round, self.n_waiting, self.broken = self.round + 1, 0, False


KINDS = (Condition, Event, Barrier)
