"""A search shared with the machines of a cluster: they play plans ahead, and the search itself
decides as if alone.

Every road that the search notes is played sooner or later, in the order in which it was noted.  So
it can be handed out at once.  What a play did is the same everywhere.  Only whether a state on its
way was new depends on the plays before, and that is asked here, in order, when the play's turn has
come: endings, counts and schedules are those of a search alone. Where a play brings news (more is
shared, something is taken for one step, it never ends), it is played here again. If the cluster is
lost, the search goes on alone."""

import marshal
import os
import sys
import time
from collections import deque
from contextlib import contextmanager, suppress

from pvt.stepper.engine import stage
from pvt.stepper.player import Player
from pvt.stepper.printed import Printed

FEWEST, AHEAD, BATCH_SECONDS, MOST = 8, 3, 0.15, 400
"""Plans worth a batch; batches under way for each machine; seconds that a batch should take; plans
of a batch at most."""
PATIENCE = 20.0
"""Seconds for a batch until the plan is played here: it may hang, and here it is said where."""


class SharedPlayer(Player):
    """A player whose plans others have played ahead."""

    def __init__(self, program, world, source, where, there):
        super().__init__(program, world)
        self.there = there
        self.head = marshal.dumps({"source": source, "world": world, "where": where})
        self.size, self.lost, self.recalled = 2 * FEWEST, "", 0
        self.reset()
        there.unpin()

    def reset(self):
        """Nothing is noted or under way."""
        self.noted, self.under_way, self.back = deque(), deque(), deque()

    def remembers(self):
        """A memory that knows states by their hash alone; what was handed out before is of no use
        any more."""
        self.reset()
        self.memory = Hashed()
        return self.memory

    def foresee(self, roads, bound, deadline):
        """These will be played, after all that were noted before."""
        if self.lost or stage.with_tasks:
            return
        trace = stage.trace
        self.noted.extend((trace, at, number, cost) for at, number, cost, _ in roads)
        self.limits = bound, deadline
        self.hand_out()

    def hand_out(self):
        """Keep every machine busy, as far as there are plans."""
        machines = len(self.there.machines)
        while len(self.noted) >= FEWEST and len(self.under_way) < AHEAD * machines:
            share = max(FEWEST, min(self.size, len(self.noted) // machines))
            items = [self.noted.popleft() for _ in range(min(share, len(self.noted)))]
            plans = [([*trace[:at], number], cost) for trace, at, number, cost in items]
            bound, deadline = self.limits
            left = (
                PATIENCE if deadline is None else max(0.1, deadline - time.perf_counter()) * 3 / 4
            )
            batch = {"plans": plans, "hot": list(self.hot), "odd": list(self.odd), "bound": bound}
            batch |= {"every_order": self.every_order, "seconds": left}
            answer = self.there.ask(self.head, marshal.dumps(batch))
            self.under_way.append((answer, [plan for plan, _ in plans], time.perf_counter()))

    def play(self, plan=(), recorder=None, **limits):
        """What came out of this plan elsewhere; where that is not known, play it."""
        record = self.recall(list(plan)) if plan and limits.get("branch") else None
        if record is None:
            return super().play(plan, recorder, **limits)
        self.runs += 1
        self.recalled += 1
        ending, because, trace, options, seen, last, output = record
        kept, cut = self.memory.asked(seen, options, last)
        stage.trace, stage.options, stage.output = trace, kept, Printed.elsewhere(output)
        stage.learned, stage.whole = set(), True
        return ("cut", "") if cut else (ending, because)

    def recall(self, plan):
        """What came out of a plan, or None: it was not handed out, or brought news, or the cluster
        is lost."""
        if not self.back and self.under_way:
            self.fetch()
        if self.back and self.back[0][0] == plan:
            return self.back.popleft()[1]
        if self.noted and not self.back and not self.under_way:
            self.noted.popleft()  # it is played here
        return None

    def fetch(self):
        """Wait for the next batch; nothing hangs meanwhile, as far as anybody can tell."""
        answer, plans, _ = self.under_way.popleft()
        begin, records = time.perf_counter(), None
        while (
            not answer.done() and self.there.is_there() and time.perf_counter() < begin + PATIENCE
        ):
            self.runs += 1
            time.sleep(0.002)
        try:
            if not answer.done():
                raise TimeoutError("no answer")
            seconds, data = answer.result()
            records = marshal.loads(data)
            if isinstance(records, str):
                raise RuntimeError(records)
            self.size = int(max(FEWEST, min(MOST, len(plans) * BATCH_SECONDS / max(seconds, 1e-3))))
        except Exception as problem:
            told = str(problem) if type(problem) in (RuntimeError, TimeoutError) else ""
            self.lost = told or type(problem).__name__
            records = [None] * len(plans)
            self.under_way.clear(), self.noted.clear()
        self.back.extend(zip(plans, records, strict=True))
        if not self.lost:
            self.hand_out()


class Hashed(dict):
    """States by the hash of what they are: the same number on every machine."""

    def get(self, key, default=None):
        return super().get(hash(key), default)

    def __setitem__(self, key, value):
        super().__setitem__(hash(key), value)

    def asked(self, seen, options, last):
        """The options whose state is new, and whether the run comes to a state that is not; as the
        stage asks itself."""
        find, put = super().get, super().__setitem__
        kept, at = [], 0
        states = zip(*(seen[part::4] for part in range(4)), [*seen[7::4], last], strict=False)
        for number, mask, used, before, after in states:
            known, new = find(number), True
            if known is None:
                put(number, [(mask, used)])
            else:
                for slept, price in known:
                    if price <= used and not slept & ~mask:
                        new = False
                        break
                else:
                    known.append((mask, used))
            if after > before:  # it was asked about an option
                if new:
                    kept.append(options[at])
                at += 1
            elif not new:
                return kept, True
        return kept, False


class Helpers:
    """The machines of a cluster, to play for one search: `ask` gives a future of (seconds,
    answer)."""

    def __init__(self, cluster):
        self.client, self.machines, self.turn = cluster.client, list(cluster.places.values()), 0
        hosts = [place.rpartition(":")[0] for place in self.machines]
        self.cores = [hosts[:at].count(host) for at, host in enumerate(hosts)]
        self.key = f"search-{os.getpid()}-{time.time_ns()}"
        self.allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None

    def unpin(self):
        """A search alone stays on one core; this one leaves the cores to those who play."""
        if self.allowed:
            os.sched_setaffinity(0, self.allowed)

    def ask(self, head, batch):
        """Hand a batch to the next machine; another one takes it if that machine is lost."""
        at, self.turn = self.turn, (self.turn + 1) % len(self.machines)
        where = {"workers": [self.machines[at]], "allow_other_workers": True, "pure": False}
        return self.client.submit(played, self.key, head, batch, self.cores[at], **where)

    def is_there(self):
        """Whether the scheduler still answers."""
        return self.client.status == "running"

    def dismiss(self):
        """End the processes of the search on every machine; those of a cluster that is lost end by
        themselves."""
        with suppress(Exception):
            if self.is_there():
                self.client.run(dismissed, self.key, on_error="ignore")


@contextmanager
def helpers(address):
    """The `Helpers` of the cluster at this address, or None: the search is alone."""
    if not address:
        yield None
        return
    from pvt.tools import cluster

    with cluster.joined(address) as there:
        found = Helpers(there)
        try:
            yield found
        finally:
            found.dismiss()


# -- on a machine of the cluster -------------------------------------------------------------------

HELPERS = {}
"""What is searched -> the process that plays for it here."""


def played(key, head, batch, core):
    """Let this machine's process for that search play a batch; (seconds, what came out)."""
    import threading

    begin = time.perf_counter()
    process, turn = HELPERS.get(key) or HELPERS.setdefault(key, (helper(core), threading.Lock()))
    with turn:
        if not hasattr(process, "told"):
            process.told = exchange(process, head)
        data = exchange(process, batch)
    return time.perf_counter() - begin, data


def helper(core):
    """A process of its own: a program that crashes or blocks does not harm the machine's worker."""
    import subprocess
    from pathlib import Path

    import pvt

    root = str(Path(pvt.__file__).parents[1])
    command = [sys.executable, "-P", "-m", "pvt.stepper.helping", str(core)]
    environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": root, "PYTHONUTF8": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, **pipes, env=environment, bufsize=0)


def exchange(process, message):
    """Send a message as it is; give back the answer as it is."""
    from pvt.stepper.helping import exactly

    view = memoryview(len(message).to_bytes(8, "big") + message)
    while view:
        view = view[process.stdin.write(view) :]
    head = exactly(process.stdout, 8)
    data = head and exactly(process.stdout, int.from_bytes(head, "big"))
    if not data:
        raise RuntimeError("the process that played has ended")
    return data


def dismissed(key):
    """End this machine's process for that search."""
    if key in HELPERS:
        process, _ = HELPERS.pop(key)
        process.kill()
        process.stdin.close(), process.stdout.close()
        process.wait()
