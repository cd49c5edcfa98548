"""The half of the stage that knows tasks: whose turn comes next, and what follows from what.

A task is a worker without a thread of its own: while its turn goes on it stands in the place of
its loop's worker.  Its causal past is kept as a thread's is: data by what is touched, asyncio's
own objects by `tell`, and whatever makes a task ready (`Cause`).  So orders of turns that touch
nothing in common lead to equal states, and only one of them is carried on.  What the loop itself
will do next (what is ready in which order, which timers run) belongs to the state too.
"""

import time

from pvt.stepper.stops import Stop


class Cause:
    """Who made something ready: the causal past at that moment."""

    __slots__ = ("clock", "hash")

    def __init__(self, hash_, clock):
        self.hash, self.clock = hash_, clock


class Turns:
    """Choosing among tasks."""

    def begin_tasks(self):
        """No loop yet."""
        self.loops, self.with_tasks = [], False

    def task(self, name):
        """A new worker for a task; the running worker comes before all that it does."""
        made, me = self.worker(name, None), self.me
        made.clock = {**me.clock, made.number: 1}
        me.clock[me.number] = me.clock.get(me.number, 0) + 1
        made.hash = hash((me.hash, made.number, "born"))
        self.past += made.hash
        self.remember(me, hash((me.hash, made.number, "start")))
        made.said, self.alone, self.with_tasks = name, False, True
        return made

    def cause(self):
        """The running worker makes something ready."""
        me = self.me
        made = Cause(me.hash, dict(me.clock))
        me.clock[me.number] = me.clock.get(me.number, 0) + 1
        return made

    def remember(self, worker, made):
        """The worker's causal past is now this."""
        self.past += made - worker.hash
        worker.hash = made

    def caused(self, worker, cause):
        """What the worker does now comes after this."""
        self.remember(worker, hash((worker.hash, cause.hash)))
        mine = worker.clock
        for number, clock in cause.clock.items():
            if mine.get(number, 0) < clock:
                mine[number] = clock

    def choose(self, workers):
        """Which of these goes next: an entry of the schedule; all but the first are deviations."""
        if self.over:
            self.unwind()
        self.beat += 1
        self.glance()
        at = len(self.trace)
        chosen = workers[0]
        if at < len(self.plan):
            chosen = next((each for each in workers if each.number == self.plan[at]), None)
            if chosen is None:
                self.end("impossible", f"step {at + 1}: task {self.plan[at]} is not ready")
        elif not self.onward:
            self.choices = sorted(each.number for each in workers)
            names = " or ".join(each.name for each in workers)
            self.end("stepping", f"the schedule ends here: next can be {names}")
        elif at >= self.limit:
            self.end("endless", f"after {at:,} steps {chosen.name} goes on")
        elif self.branch and at >= self.REMEMBERED:
            self.whole = False
        elif self.branch:
            self.branches(at, workers)
        if self.over:
            raise Stop
        self.trace.append(chosen.number)
        return chosen

    def branches(self, at, workers):
        """Note the turns that are not taken, unless all that follows was tried already."""
        state = hash((self.past, len(self.workers), *self.ready_state()))
        price = self.used if self.every_order else self.used + 1
        for worker in workers[1:]:
            if price <= self.bound and self.unknown(("turn", worker.number, state), price):
                self.options.append((at, worker.number, price, False))
        if not self.unknown(("turn", workers[0].number, state), self.used):
            self.cut = True
            self.end("cut")

    def unknown(self, key, price):
        """Whether what follows is not yet covered; then it is from now on."""
        known = self.memory.get(key)
        if known is not None and known <= price:
            return False
        self.memory[key] = price
        return True

    def ready_state(self):
        """What the loops will do by themselves."""
        return [loop.state(not self.every_order) for loop in self.loops]

    def enter(self, task):
        """The task's turn begins, in the place of its loop's worker; gives that worker."""
        outer = self.me
        task.baton, task.ident, task.host = outer.baton, outer.ident, outer.host
        self.stand_in(outer, task)
        return outer

    def leave_turn(self, task, outer):
        """The turn is over."""
        task.baton = None
        if self.me is task:
            self.stand_in(task, outer)

    def stand_in(self, before, after):
        """One worker takes the place of another in the same thread."""
        if before in self.live:
            self.live[self.live.index(before)] = after
        self.me = after

    def off_stage(self, worker):
        """What keeps a worker that has no thread now: a task between turns, a timer."""
        if worker.task is None:
            return worker.waits or "has not started"
        return f"awaits {self.seat.awaited(worker.task)}"

    def across(self, worker):
        """The rest of the sentence where a task waits for a lock that one of its own loop holds."""
        holder = worker.op.holder and worker.op.holder()
        if worker.task is None or holder is None or holder.task is None or holder is worker:
            return ""
        if holder.host is not worker.host or holder.done:
            return ""
        return (
            f" while it awaits {self.seat.awaited(holder.task)}: this stops the loop with all its tasks, so "
            f"{holder.said} never goes on (in coroutines, use asyncio.Lock)"
        )

    def glance(self):
        """Look at the time limit: turns of one task alone are no entries of the schedule."""
        if self.deadline is not None and time.perf_counter() > self.deadline:
            self.end("time", "the time limit was reached")
            raise Stop

    def abandon_tasks(self):
        """After a run: what is left of its loops is closed, without a word."""
        over, self.over = self.over, True
        for loop in self.loops:
            loop.abandon()
        self.loops, self.over = [], over
        if self.seat is not None:
            self.seat.close()
            self.seat = None

    seat, every_order = None, False

    def look(self, thing, label):
        """The running worker looks at something of asyncio's: others may do so before or after."""
        if not self.alone and not self.over:
            self.executed(self.me, self.operation(id(thing), label, False, thing))

    def tell(self, thing, label):
        """The running worker does something to one of asyncio's objects."""
        if not self.alone and not self.over:
            self.executed(self.me, self.operation(id(thing), label, True, thing))
