"""Refuse politely: `accept(waiting, request)` puts a request into a pool's queue, or refuses it at
once.

`waiting` is a `queue.Queue` with room for three; two workers take from it. Return True if the
request is in the queue, False if there is no room. Never wait: who has to wait for an answer asks
again, and makes the spike worse.
"""

import queue
import threading

from pvt.tools.learner import learners_function, together

ARGUMENTS = ("waiting", "request")
WORKERS, ROOM, SPIKE, CALLERS, EACH = 2, 3, 10, 4, 50


class Waited(BaseException):
    """The learner's function would have waited."""


class Waiting(queue.Queue):
    """A queue in which somebody else is faster once, between a look at its room and the next
    step."""

    rival, looked, waited, raised = False, False, False, False

    def put(self, item, block=True, timeout=None):
        if block and self.full_now():
            self.waited = True
            raise Waited
        super().put(item, block, timeout)

    def full_now(self):
        with self.mutex:
            return 0 < self.maxsize <= self._qsize()

    def full(self):
        return self.look(super().full())

    def qsize(self):
        return self.look(super().qsize())

    def empty(self):
        return self.look(super().empty())

    def look(self, seen):
        """What was seen; then a rival takes the rest of the room."""
        if self.rival:
            self.looked = True
            while not self.full_now():
                super().put("rival", False)
        return seen


class Pool:
    """Two workers, held until `go` is set; `took` is given once for each request that a worker
    has."""

    def __init__(self):
        self.waiting = Waiting(ROOM)
        self.go = threading.Event()
        self.took = threading.Semaphore(0)
        self.done = []
        self.workers = [threading.Thread(target=self.work, daemon=True) for _ in range(WORKERS)]
        for worker in self.workers:
            worker.start()

    def work(self):
        while (request := self.waiting.get()) is not None:
            self.took.release()
            self.go.wait()
            self.done.append(request)

    def end(self):
        """Let the workers finish what was accepted, then end them; for that a full queue takes
        more."""
        self.go.set()
        self.waiting.rival, self.waiting.maxsize = False, 0
        for _ in self.workers:
            queue.Queue.put(self.waiting, None)
        for worker in self.workers:
            worker.join()


def run(*, source, name):
    accept = learners_function(source, name)
    yield from spike(accept)
    yield from rival(accept)
    yield from crowd(accept)


def row(phase, pool, accepted, expected):
    lost = sorted(set(accepted) - set(pool.done)) if accepted else []
    return {
        "phase": phase,
        "accepted": len(accepted),
        "expected": expected,
        "lost": len(lost),
        "waited": pool.waiting.waited,
        "raised": pool.waiting.raised,
    }


def spike(accept):
    """Both workers are busy; of what comes then, three find room."""
    pool, accepted = Pool(), []
    for request in range(WORKERS):
        accepted += answered(accept, pool, request)
        if accepted[-1:] == [request]:
            pool.took.acquire(timeout=2)
    for request in range(WORKERS, SPIKE):
        accepted += answered(accept, pool, request)
    pool.end()
    yield row("spike", pool, accepted, WORKERS + ROOM)


def rival(accept):
    """One place is left when the function looks; a rival takes it before the function can."""
    pool = Pool()
    pool.waiting.rival = True
    accepted = answered(accept, pool, 0)
    looked = pool.waiting.looked
    pool.end()
    yield row("rival", pool, accepted, 0 if looked else 1)


def crowd(accept):
    """Four callers at once, while the workers work."""
    pool, accepted = Pool(), []
    pool.go.set()

    def call(first):
        for request in range(first, first + EACH):
            accepted.extend(answered(accept, pool, request))

    together(*(lambda at=at: call(at * EACH) for at in range(CALLERS)))
    pool.end()
    yield row("crowd", pool, accepted, None)


def answered(accept, pool, request):
    """[request] if the function says that it was accepted, else []."""
    try:
        return [request] if accept(pool.waiting, request) else []
    except Waited:
        return []
    except queue.Full:
        pool.waiting.raised = True
        return []


def judge(rows):
    spike, rival, crowd = rows
    why = in_the_spike(spike) or in_between(rival, crowd)
    if why:
        return False, why
    why = (
        f"{spike['accepted']} of {SPIKE} requests of the spike accepted and served, the others"
        " refused at once"
    )
    return True, f"{why}; {crowd['accepted']} of {CALLERS * EACH} from four callers, none lost."


def in_the_spike(row):
    """What is wrong when one request comes after the other, or None."""
    accepted, room = row["accepted"], row["expected"]
    if row["waited"]:
        return (
            "when the queue was full it waited for room. Use put_nowait, which raises"
            " queue.Full instead."
        )
    if row["raised"]:
        return (
            "when the queue was full, queue.Full came through. Catch it and return False: that"
            " is a refusal."
        )
    if not accepted:
        return "it refused everything, or said so. Put the request into the queue and return True."
    if accepted > room:
        return f"it said True to {accepted} requests with room for {room}. Return False if full."
    if row["lost"]:
        return (
            f"{row['lost']} requests were accepted and never served. Do not throw out what was"
            " accepted."
        )
    if accepted < room:
        return f"it accepted {accepted} requests; there was room for {room}. Fill the queue first."


def in_between(rival, crowd):
    """What is wrong when others are faster, or None."""
    if rival["waited"]:
        return (
            "between its look and its put another request took the place, and it waited. Try,"
            " and catch queue.Full."
        )
    if rival["raised"] or crowd["raised"]:
        return (
            "between its look and its put another request took the place: queue.Full. Do not"
            " look: try; catch it."
        )
    if crowd["waited"] or crowd["lost"] or rival["lost"]:
        return (
            "four callers at once: a request was accepted and lost, or a caller waited. Look"
            " and put in one step."
        )
