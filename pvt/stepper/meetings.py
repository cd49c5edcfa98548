"""Stand-ins for Condition, Event and Barrier: threads that wait for each other's word."""

import threading

from pvt.stepper.calls import called
from pvt.stepper.engine import stage
from pvt.stepper.locks import POLLED, RLock, Standin
from pvt.stepper.touching import look

BrokenBarrierError = threading.BrokenBarrierError
CLEARED = "an event that is cleared"


class Condition(Standin):
    """Wait until another thread notifies; first come, first woken, never woken for nothing.

    Whoever has given up stands in the line until it has the lock again, as with the real one: a
    notify() that comes before goes to it, and is lost."""

    noun = "condition"

    def __init__(self, lock=None):
        self.lock = self._lock = RLock() if lock is None else lock
        self.waiting, self.heard = [], []
        self.acquire, self.release = self.lock.acquire, self.lock.release

    def __repr__(self):
        return f"{len(self.waiting)} waiting, lock {self.lock!r}"

    def _check(self, verb):
        if self.lock.owner is None or (
            isinstance(self.lock, RLock) and self.lock.owner is not stage.me.host
        ):
            raise RuntimeError(f"cannot {verb} on un-acquired lock")

    def wait(self, timeout=None):
        """Give the lock away, wait to be notified, take the lock again; False if the time-out came
        first."""
        self._check("wait")
        lock, ticket = self.lock, [stage.me]
        depth = getattr(lock, "depth", None)
        self.waiting.append(ticket)
        called = lambda: ticket not in self.waiting  # noqa: E731
        (stage.sync if POLLED in stage.hot else stage.silent)(lock, "wait")
        self._put(None, 0)
        if timeout is None:
            ready = lambda: lock.owner is None and called()  # noqa: E731
            stage.sync(self, "wake", ready, lambda: self.why(called()), lock.holder, key=id(lock))
        else:
            why = lambda: f"{self.why(False)}, for at most {timeout} s"  # noqa: E731
            stage.sync(self, "give up", why=why, free=not called(), key=id(lock))
        notified = called()
        if not notified:
            stage.give_up(timeout)
            ticket.append("gave up")
        if not notified or lock.owner is not None:
            stage.sync(lock, "acquire", lock.is_free, lock.why, lock.holder)
        self._put(stage.me.host, depth)
        if not called():
            self.waiting.remove(ticket)
        return notified

    def why(self, called):
        """What a worker that waits is doing."""
        return (
            self.lock.why()
            if called and self.lock.owner
            else f"waiting for {self.named()} to be notified"
        )

    def _put(self, owner, depth):
        self.lock.owner = owner
        if depth is not None and hasattr(self.lock, "depth"):
            self.lock.depth = depth

    def wait_for(self, predicate, timeout=None):
        """Wait until the predicate is true."""
        ask = called(predicate)
        result = look(ask())
        while not result and self.wait(timeout):
            result = look(ask())
        return result or ask()

    def notify(self, n=1):
        """Wake the `n` threads that have waited longest."""
        self._check("notify")
        stage.silent(self.lock, "notify")
        self.notify_next(n)

    def notify_next(self, n=1):
        """The same, as a part of a step."""
        self.heard, self.waiting = self.waiting[:n], self.waiting[n:]

    def notify_all(self):
        """Wake all."""
        self.notify(len(self.waiting))

    notifyAll = notify_all  # noqa: N815

    def __enter__(self):
        return self.lock.__enter__()

    def __exit__(self, *details):
        return self.lock.__exit__(*details)

    def locked(self):
        """Whether somebody holds the lock."""
        return self.lock.locked()


class Event(Standin):
    """A flag to wait for."""

    noun = "event"

    def __init__(self):
        self.flag, self.waiting = False, []

    def __repr__(self):
        return "set" if self.flag else "not set"

    def is_set(self):
        """Whether the flag is up."""
        stage.sync(self, "is set", write=False)
        return self.flag

    isSet = is_set  # noqa: N815

    def set(self):
        """Raise the flag: all that wait may go on."""
        stage.sync(self, "set")
        self.flag = True
        self.waiting.clear()

    def clear(self):
        """Take the flag down; whoever waited while it was up goes on all the same."""
        stage.learn(CLEARED)
        stage.sync(self, "clear")
        self.flag = False

    def wait(self, timeout=None):
        """Wait for the flag; False if the time-out came first."""
        if CLEARED in stage.hot:
            return self.queue_up(timeout)
        if timeout is None:
            stage.sync(self, "wait", lambda: self.flag, self.why, write=False)
        else:
            why = lambda: f"{self.why()}, for at most {timeout} s"  # noqa: E731
            stage.sync(self, "wait a while", why=why, free=not self.flag, write=False)
            if not self.flag:
                stage.give_up(timeout)
        return self.flag

    def queue_up(self, timeout):
        """Look at the flag; where it is down, wait to be woken, which a later clear() does not
        undo."""
        stage.sync(self, "wait", write=False)
        if self.flag:
            return True
        me, waiting = stage.me, self.waiting
        waiting.append(me)
        if timeout is None:
            stage.sync(self, "go on", lambda: me not in waiting, self.why, write=False)
            return True
        why = lambda: f"{self.why()}, for at most {timeout} s"  # noqa: E731
        stage.sync(self, "wait a while", why=why, free=me in waiting, write=False)
        if me not in waiting:
            return True
        waiting.remove(me)
        stage.give_up(timeout)
        return False

    def why(self):
        """What a worker that waits is doing."""
        return f"waiting for {self.named()} to be set"


class Round:
    """Those who meet at a barrier once: how many are there, and whether they may go on."""

    __slots__ = ("broken", "there", "through")

    def __init__(self):
        self.there, self.through, self.broken = 0, False, False


class Barrier(Standin):
    """All arrive before any goes on.

    Whoever comes again stands in the next round at once. With the real one it waits until all have
    left, but whether somebody has left cannot be told from outside, only that abort() still breaks
    the barrier for those that have not."""

    noun = "barrier"

    def __init__(self, parties, action=None, timeout=None):
        if parties < 1:
            raise ValueError("parties must be >= 1")
        self._parties, self.action, self.timeout = parties, action, timeout
        self.round, self.leaving, self.torn, self.acting = Round(), Round(), False, None

    def __repr__(self):
        return "broken" if self.torn else f"{self.waiting()} of {self._parties} waiting"

    parties = property(lambda self: self._parties)

    @property
    def n_waiting(self):
        """How many are there."""
        stage.sync(self, "n_waiting", write=False)
        return self.waiting()

    @property
    def broken(self):
        """Whether nobody can pass any more."""
        stage.sync(self, "broken", write=False)
        return self.torn

    def waiting(self):
        """How many wait for others."""
        return 0 if self.torn else self.round.there

    def wait(self, timeout=None):
        """Wait for the others; returns one's place in the order of arrival, 0 for the first."""
        timeout = self.timeout if timeout is None else timeout
        stage.sync(self, "arrive", self.is_free, self.why_not, self.holder)
        if self.torn:
            raise BrokenBarrierError
        round_ = self.round
        place, round_.there = round_.there, round_.there + 1
        if round_.there == self._parties:
            self.fill(round_)
        else:
            self.stay(round_, timeout)
        return place

    def fill(self, round_):
        """The last has come: it does the action, and lets the others go."""
        if self.action is not None:
            self.act()
        round_.through = True
        self.leaving, self.round = round_, Round()

    def act(self):
        """The action; meanwhile nobody else can do anything with the barrier."""
        self.acting = stage.me
        try:
            called(self.action)()
        except BaseException:
            self.tear()
            raise
        finally:
            self.acting = None
            stage.silent(self, "acted")

    def stay(self, round_, timeout):
        """Wait for the last."""
        over = lambda: self.acting is None and (round_.through or round_.broken)  # noqa: E731
        if timeout is None:
            stage.sync(self, "go through", over, self.why, write=False)
        else:
            why = lambda: f"{self.why()}, for at most {timeout} s"  # noqa: E731
            stage.sync(self, "wait a while", why=why, free=not over())
            if self.acting:
                stage.sync(self, "go through", self.is_free, self.why_not, self.holder)
            if not over():
                stage.give_up(timeout)
                self.tear()
        if round_.broken:
            raise BrokenBarrierError

    def tear(self):
        """It is broken, also for those of the last round that have not left yet."""
        self.torn = self.round.broken = self.leaving.broken = True

    def is_free(self):
        """Whether nobody is at the action."""
        return self.acting is None

    def holder(self):
        """Who is at the action."""
        return self.acting

    def why(self):
        """What a worker that waits is doing."""
        return f"waiting at {self.named()}: {self.round.there} of {self._parties} are there"

    def why_not(self):
        """What keeps a worker from the barrier itself."""
        return f"waiting for the end of the action of {self.named()}"

    def abort(self):
        """Break the barrier: all that are there get BrokenBarrierError."""
        stage.sync(self, "abort", self.is_free, self.why_not, self.holder)
        self.tear()

    def reset(self):
        """Break it for those that wait, whole for those that come."""
        stage.sync(self, "reset", self.is_free, self.why_not, self.holder)
        self.round.broken, self.torn = True, False
        self.round = Round()
