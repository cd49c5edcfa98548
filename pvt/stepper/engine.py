"""The stage: real threads of which exactly one moves, and a plan that says which.

There is no scheduler thread.  A worker calls `point` before it touches something that another worker may touch; there
that very worker looks at the plan and, only if another is to go on, hands the baton over and sleeps.  A step without
a switch costs no thread switch.

A plan is a list of worker numbers, one for each step: chosen, then the access at which the worker stands, then on to
just before the next point.  A new worker runs up to its first point at once.  `trace` is the plan that was carried out;
`options` are the roads not taken: place in the trace, worker, preemptions in all, whether it is likely to show a mistake.

Why it proves nothing that is false:
  What is a point.  Accesses of synchronisation (locks, queues, starts, joins …) always are.  An access of data is one
      if its label (the name of an attribute, a global, a kind of container) is *hot*: two workers were seen to touch
      one such thing, one of them writing, and nothing that is synchronised lay between (vector clocks).  When a new
      label becomes hot, the search begins again.  Moving a preemption that stands before a cold access to the
      worker's next point changes nothing, or shows the race in that run.
  Sleep.  A worker that is preempted before an access, and gets the turn back before anybody has touched what it was
      about to touch, might as well have been preempted after it, at the same price: that run is cut.
  Memory.  A prefix is a set of accesses, each with the accesses it depends on.  Each worker carries the hash (64 bits)
      of its own causal past; equal sums of hashes are equal states.  A state from which all was tried that can be tried
      with at least as many preemptions left, and no worker more asleep, is not tried again.
"""

import sys
import time
import weakref
from _thread import allocate_lock, get_ident, start_new_thread
from contextvars import Context

from pvt.stepper.printed import Printed
from pvt.stepper.stops import SOURCE_NAME, ProgramError, Stop, failure, line_of, refusal
from pvt.stepper.turns import Turns

WORLDS = ("language", "interpreter")
RUNAWAY = 200
REMEMBERED = 4_000
"""Points of one run up to which states are remembered and every road not taken is noted; later only
some are."""
TURN = 500_000
"""Points after which a worker that never blocks lets others in: a fair schedule of loops that wait
for each other."""


ALIVE = "who is alive"
LIVES = "which objects still live"
RESTS = 2
"""So often in a row a worker goes on after a sleep, free of charge, while another could."""
CIRCLES = 5_000
"""Points between two looks for workers that wait for each other while another goes on for ever."""


def has_gil():
    """Whether only one thread at a time runs bytecode in this interpreter."""
    return getattr(sys, "_is_gil_enabled", lambda: True)()


class Op:
    """What a worker is about to do: the thing it touches, and whether it can."""

    __slots__ = (
        "final",
        "free",
        "holder",
        "key",
        "label",
        "ready",
        "sync",
        "thing",
        "why",
        "write",
    )

    def __init__(self, key, label, write, thing=None, ready=None, why=None, holder=None, free=False, sync=False,
                 final=False):  # fmt: skip
        self.final = final
        self.key, self.label, self.write, self.thing = key, label, write, thing
        self.ready, self.why, self.holder, self.free, self.sync = ready, why, holder, free, sync


BEGIN = Op(None, "begin", False)
"""What a worker is about to do when nothing is known of it yet."""


class Worker:
    """One thread of the program, or one task: its number, what it is about to do, its causal
    past."""

    def __init__(self, number, name, call=None, daemon=False):
        self.number, self.name, self.call, self.daemon = number, name, call, daemon
        self.bit = 1 << number if number >= 0 else 0
        self.baton = self.boss = self.thread = None
        self.op, self.done, self.asleep, self.open = BEGIN, False, False, True
        self.clock, self.hash, self.own = {number: 1}, hash((number, "worker")), 0
        self.rounds, self.local = {}, {}
        self.holds, self.had = 0, set()  # how many locks; what it has touched: see `amid`
        self.within, self.touched = [], ""
        self.drawn = 0  # of the system's random numbers: see `chance`
        self.looks, self.jumps, self.circling = 0, 0, {}  # at the clock: see `rounds`
        self.seen = None
        self.library = None  # what of a library it has called last: see `files`
        self.host, self.said, self.task, self.waits = self, f"thread {number}", None, ""
        self.slept = 0  # rounds of a loop that sleeps for ever
        self.born = None  # file and line of the program that has started it

    def able(self):
        """Whether it can make a step."""
        return not self.done and (self.op.ready is None or self.op.ready())


class Stage(Turns):
    """Runs one program again and again, each time after another plan."""

    BEGIN, REMEMBERED = BEGIN, REMEMBERED
    operation = Op

    def __init__(self):
        self.home = allocate_lock()
        self.home.acquire()
        self.real = {}
        self.beat, self.observer = 0, None
        self.before = {}  # what programs have exchanged in the library: see `settings`
        self.hot, self.learned, self.odd = set(), set(), set()
        self.builtins, self.modules = {}, {}
        self.name_of = lambda thing: ""
        self.world, self.free_world = "language", True
        self.deadline = None
        self.rest()

    def rest(self):
        """No run is going on."""
        self.over, self.alone, self.me = False, True, Worker(-1, "the beginning")
        self.live, self.workers = [], []
        self.trace, self.options, self.memory, self.plan = [], [], {}, []
        self.seen, self.records, self.syncs, self.alias = {}, {}, {}, {}
        self.lives, self.ends, self.weak = {}, frozenset(), []  # see `lives`
        self.light = None  # what is kept of things where an end is seen: see `kept`
        self.borgs = set()  # types of which an object has been given another __dict__
        self.changes = self.raised = self.past = 0
        self.ending, self.because, self.choices, self.now = None, "", [], 0.0
        self.gave_up, self.exited = [], ""
        self.pressed = self.interrupted = False  # by Ctrl-C: see `rounds`
        self.forever = frozenset()  # lines of loops that only Ctrl-C ends
        self.exits, self.finalizers = [], []  # what is called at the end: see `exits`
        self.ticks = self.slept = 0  # looks at the clock, and sleeps: see `clocks`
        self.limit = self.used = self.touched = self.still = self.rested = 0
        self.onward, self.branch, self.cut = True, False, False
        self.assumed, self.doubts = {}, set()
        self.output, self.futures, self.mains, self.over_main = Printed(), [], 0, False
        self.named_pools = 0
        self.named_threads, self.numbers, self.left = 0, {}, False
        self.hashes, self.hashed = {}, 0  # of objects that have none of their own: see `hashes`
        self.fast = False
        self.begin_tasks()

    def assume(self, name, text):
        """Note what is taken for one step; the result says so."""
        self.assumed.setdefault(name, text)

    # -- one run -----------------------------------------------------------------------------------

    def begin(
        self,
        plan=(),
        limit=1_000_000,
        branch=False,
        onward=True,
        memory=None,
        price=0,
        bound=0,
        touches=0,
        deadline=None,
        rotate=False,
    ):
        """Get ready for a run after `plan`.  `onward`: go on by oneself where the plan ends."""
        assumed, doubts = self.assumed, self.doubts
        self.rest()
        self.assumed, self.doubts = assumed, doubts
        self.plan, self.limit, self.branch, self.onward = plan, limit, branch, onward
        self.memory = {} if memory is None else memory
        self.used, self.bound, self.most, self.deadline = price, bound, touches, deadline
        self.rotate = rotate
        self.whole, self.stride, self.fast = True, 64, False

    def worker(self, name, call, daemon=False):
        """A new worker; the next number is its own."""
        worker = Worker(len(self.workers), name, call, daemon)
        self.workers.append(worker)
        return worker

    def go(self, first):
        """From the driving thread: let these workers run to the end; gives the ending."""
        home = self.me
        home.baton = self.home
        self.alone = len(first) < 2
        try:
            for worker in first:
                self.start(worker)
                if self.over:
                    break
            else:
                home.done = True
                chosen = self.elect(home)
                if chosen is not None:
                    self.pass_to(chosen)
                    self.home.acquire()
        except Stop:
            pass
        if self.over:
            self.sweep()
        self.me, self.alone = home, True
        return self.ending

    def sweep(self):
        """End all workers that are still on the stage, one after the other."""
        for worker in self.workers:
            while worker.baton is not None and not worker.done:
                worker.boss = None
                self.me = worker
                worker.baton.release()
                self.home.acquire()

    def start(self, worker):
        """Let a new worker run up to its first point."""
        me = self.me
        if worker.number not in self.real:
            self.real[worker.number] = self.hire()
        worker.clock = {**me.clock, worker.number: 1}
        me.clock[me.number] = me.clock.get(me.number, 0) + 1
        worker.hash = hash((me.hash, worker.number, "born"))
        before, me.hash = me.hash, hash((me.hash, worker.number, "start"))
        self.past += worker.hash + me.hash - before
        worker.baton = self.real[worker.number][0]
        worker.ident = self.real[worker.number][1]
        self.live.append(worker)
        self.alone = self.alone and me.number < 0
        self.changes += 1
        worker.boss = me
        self.pass_to(worker)
        me.baton.acquire()
        if self.over:
            raise Stop

    def hire(self):
        """A thread of the interpreter, used again in later runs."""
        baton, told = allocate_lock(), allocate_lock()
        baton.acquire()
        told.acquire()
        ident = []

        def work():
            ident.append(get_ident())
            told.release()
            while True:
                baton.acquire()
                if self.perform() is not None:
                    return

        start_new_thread(work, ())
        told.acquire()
        return baton, ident[0]

    def perform(self):
        """In a worker's thread: all that it does."""
        me = self.me
        try:
            if self.over:
                raise Stop
            Context().run(me.call)
        except Stop:
            pass
        except ProgramError as error:
            self.end("error", str(error))
        except ModuleNotFoundError as error:
            self.end(
                "error", f"line {line_of(error)}: {error} here: install it, or take the import out"
            )
        except BaseException as error:
            self.failed(me, error)
        else:
            if ALIVE in self.hot:
                self.last(me, "end", key=("end", me.number))
            elif not me.daemon and any(worker.daemon for worker in self.live):
                self.last(me, "end")
        if self.me is me:
            self.leave(me)
        me = None

    def failed(self, me, error):
        """A worker ends by an exception of the program, if it did not come as it cleaned up after
        what the stage has refused."""
        if refused := refusal(error):
            return self.end("error", str(refused))
        try:
            self.last(me, "fail", failure(error, me.number, self.lines_of, me.born))
        except Exception as problem:  # in the program's own objects, as they are looked at
            self.end("error", f"its objects cannot be shown: {type(problem).__name__}: {problem}")

    def last(self, me, label, because="", key=None):
        """A point before what ends the run for all, or what others look at: they may have gone on
        before."""
        try:
            self.point(Op(key, label, True, sync=key is not None, final=True))
            if because:
                self.end("broken", because)
        except Stop:
            pass

    ordinary, modules_made, lines_of = False, {}, {}

    def leave(self, me):
        """The worker has finished: say who goes on, or send the baton home."""
        me.done = True
        if me in self.live:
            self.live.remove(me)
        if me.number < self.mains and not any(worker.number < self.mains for worker in self.live):
            self.over_main = True
        if self.observer:
            self.observer.finished(me)
        if self.over:
            return self.home.release()
        self.executed(me, Op(("end", me.number), "end", True, sync=True))
        if me.boss is not None:
            boss, me.boss = me.boss, None
            self.me = boss
            return boss.baton.release()
        chosen = self.elect(me)
        if self.over or chosen is None:
            return self.home.release()
        return self.pass_to(chosen)

    def pass_to(self, worker):
        """Hand the baton over."""
        self.me = worker
        worker.baton.release()

    def end(self, ending, because=""):
        """Set how the run ended; only the first word counts."""
        if not self.over:
            if self.observer:
                self.observer.ended()
            self.over, self.ending, self.because = True, ending, because

    # -- points ------------------------------------------------------------------------------------

    def point(self, op):
        """Called in the running worker before an access; returns when the worker may do it."""
        if self.over:
            self.unwind()
        me = self.me
        self.beat += 1
        if self.alone:
            return self.unasked(op)
        me.op = op
        if self.observer and self.observer.standing(me):
            return self.executed(me, op)
        boss = me.boss
        if boss is not None:
            me.boss = None
            self.me = boss
            boss.baton.release()
            me.baton.acquire()
            if self.over:
                raise Stop
        else:
            chosen = self.elect(me)
            if self.over:
                raise Stop
            if chosen is not me:
                self.me = chosen
                chosen.baton.release()
                me.baton.acquire()
                if self.over:
                    raise Stop
        me.open = op.sync
        if self.observer:
            self.observer.chosen(me)
        self.executed(me, op)
        me.op = BEGIN

    def unasked(self, op):
        """What setup() and safe() do: nobody else is there, and nothing may wait."""
        if op.ready is not None and not op.ready():
            if self.me.number < 0:
                raise ProgramError(
                    f"setup() and safe() must not wait, but one of them is {op.why()}"
                )
            self.end("deadlock", f"no thread can go on: thread {self.me.number} is {op.why()}")
            raise Stop

    def elect(self, me):
        """Who goes on, when `me` stands at a point or has finished; None at the end of the run."""
        live, trace, plan = self.live, self.trace, self.plan
        if me.done and not any(not worker.daemon for worker in live):
            self.end("finished")
            return None
        able = [worker for worker in live if worker.op.ready is None or worker.op.ready()]
        if not able:
            self.end(*self.stuck())
            return None
        at = len(trace)
        mine = not me.done and me in able
        may = not mine or self.free_world or me.open or me.op.sync
        stays = mine and not me.op.free
        if at < len(plan):
            chosen = self.planned(plan[at], at, me, able, may)
            if chosen is None:
                return None
        elif not self.onward:
            self.choices = sorted(worker.number for worker in able) if may else [me.number]
            said = " or ".join(f"thread {number}" for number in self.choices)
            self.end("stepping", f"the schedule ends here: next can be {said}")
            return None
        else:
            chosen = self.unplanned(at, me, able, may, stays)
            if chosen is None:
                return None
        if chosen is me:
            self.rested += not stays
        else:
            self.still, self.rested = at, 0
            if stays and at < len(plan) and at < REMEMBERED and not me.op.final:
                me.asleep = True
        if at == REMEMBERED:
            for worker in live:
                worker.asleep = False
            self.fast = self.observer is None and self.onward and self.free_world
        trace.append(chosen.number)
        return chosen

    def planned(self, number, at, me, able, may):
        """The worker that the plan names, if it can go on."""
        chosen = self.workers[number] if 0 <= number < len(self.workers) else None
        if chosen is not None and chosen in able:
            if chosen is me or may:
                return chosen
            self.end(
                "impossible",
                f"step {at + 1}: this interpreter lets no other thread in here, only {me.number}",
            )
        else:
            self.end("impossible", f"step {at + 1}: thread {number} {self.state(number)}")
        return None

    def unplanned(self, at, me, able, may, stays):
        """Where the plan has ended: stay if possible, else the next in turn; note the roads not
        taken."""
        if at >= self.limit:
            self.end(*self.exhausted(at))
            return None
        if at and not at % CIRCLES and any(self.circle(worker) for worker in self.live):
            self.end(*self.exhausted(at))
            return None
        if not at & 1023 and self.deadline is not None and time.perf_counter() > self.deadline:
            self.end("time", self.place())
            return None
        if len(able) == 1 or (stays and not may):
            chosen = me if stays else able[0]
        elif stays and at - self.still < TURN and not self.rotate:
            chosen = me
        else:
            number = me.number
            order = sorted(able, key=lambda w: (w is me, w.asleep, w.number <= number, w.number))
            chosen = order[0]
        if chosen.asleep and self.branch:
            if me not in able or stays or self.polls(me, able):
                self.all_asleep(at, me, able, stays)
                return None
            chosen = me  # whoever else could go on has done so before, in other runs
        if self.branch:
            self.note(at, me, able if may else [chosen], stays, chosen)
            if self.over:
                return None
        return chosen

    def note(self, at, me, able, stays, chosen):
        """Remember the state that is chosen, and the others as options, unless all that follows was
        tried already."""
        if at >= REMEMBERED:
            return self.sample(at, able, stays, chosen)
        mask, used = self.sleepers(), self.used
        if len(able) > 1:
            slept = mask | me.bit if stays else mask
            price = used + 1 if stays else used
            likely = stays and self.amid(me)
            for worker in able:
                if worker is chosen or worker.asleep:
                    continue
                cost = used + 1 if worker is me and self.polls(me, able) else price
                if cost <= self.bound and self.new(worker, slept, cost):
                    self.options.append((at, worker.number, cost, likely))
        chosen.had.add(chosen.op.key)
        if not self.new(chosen, mask, used):
            self.cut = True
            self.end("cut")
        return None

    def amid(self, me):
        """Whether a preemption here is likely to show a mistake: the worker has touched the same
        before, or wants a lock while it holds another."""
        return me.holds > 0 if me.op.sync else me.op.key in me.had

    def all_asleep(self, at, me, able, stays):
        """All others sleep: the run ends; but if the worker may go on at a price, that is noted."""
        cost = self.used + 1
        if me in able and not stays and cost <= self.bound and self.new(me, self.sleepers(), cost):
            self.options.append((at, me.number, cost, False))
        self.cut = True
        self.end("cut")

    def sleepers(self):
        """The bits of the workers that sleep."""
        mask = 0
        for worker in self.live:
            if worker.asleep:
                mask |= worker.bit
        return mask

    def polls(self, me, able):
        """Whether a worker that has slept may not go on for nothing: all others sleep as well, or
        it did so before.

        Else a loop that looks again and again would be tried with every number of rounds.
        """
        return self.rested >= RESTS or all(worker.op.free for worker in able if worker is not me)

    def sample(self, at, able, stays, chosen):
        """Far into a long run: note a few roads, ever fewer."""
        self.whole = False
        if at % self.stride == 0:
            price = self.used + 1 if stays else self.used
            if price <= self.bound:
                self.options += [
                    (at, worker.number, price, False) for worker in able if worker is not chosen
                ]
            if len(self.options) > 3 * REMEMBERED:
                self.stride *= 2

    whole, stride, fast, rotate = True, 64, False, False

    def new(self, worker, mask, used):
        """Whether what follows when this worker makes its step is not yet covered; then it is from
        now on."""
        memory = self.memory
        past = self.past - worker.hash + self.after(worker, worker.op)
        key = past, worker.number, len(self.live), *self.ready_state()
        mask &= ~worker.bit
        known = memory.get(key)
        if known is None:
            memory[key] = [(mask, used)]
            return True
        for before, price in known:
            if price <= used and not before & ~mask:
                return False
        known.append((mask, used))
        return True

    def after(self, worker, op):
        """The hash of a worker's causal past once it has done this."""
        record = self.records.get(op.key)
        if record is None:
            return hash((worker.hash, op.label, op.write))
        if op.write:
            return hash((worker.hash, op.label, record[0], record[1]))
        return hash((worker.hash, op.label, record[0]))

    def executed(self, me, op):
        """The worker does it now: what depends on what, and whose sleep is over."""
        key, write = op.key, op.write
        if self.fast:
            self.changes += write
            if op.sync and key is not None:
                self.synchronise(me, key)
            return
        before, made = me.hash, self.after(me, op)
        me.hash = made
        self.past += made - before
        if key is None:
            return
        record = self.records.get(key)
        if record is None:
            thing = self.kept(key, op.thing)
            self.records[key] = [made, 0, thing] if write else [0, made, thing]
        elif write:
            record[0], record[1] = made, 0
        else:
            record[1] = record[1] + made & 0xFFFFFFFFFFFFFFFF
        for worker in self.live:
            if worker.asleep and (
                worker is me or (worker.op.key == key and (write or worker.op.write))
            ):
                worker.asleep = False
        if write:
            self.changes += 1
        if op.sync:
            self.synchronise(me, key)

    def synchronise(self, me, key):
        """Vector clocks: what was done before by those who had it comes before what is done after
        by me."""
        mine, other = me.clock, self.syncs.get(key)
        if other:
            for number, clock in other.items():
                if mine.get(number, 0) < clock:
                    mine[number] = clock
        self.syncs[key] = dict(mine)
        mine[me.number] += 1

    # -- data --------------------------------------------------------------------------------------

    def touch(self, thing, name, label, write):
        """The running worker is about to read or write a piece of data: a point if its label is
        hot."""
        self.access(thing, name, label, write)
        if self.light is not None:
            self.me.touched = label
            if label in self.ends:  # an object may end after this, and a weak reference sees it
                self.access(self.lives, LIVES, LIVES, True)

    def access(self, thing, name, label, write):
        """One access of `touch`."""
        if self.over:
            self.unwind()
        key = (id(thing), name)
        if label in self.hot:
            if self.loops and len(self.live) == 1:  # between two turns of tasks nobody comes in
                if self.observer:
                    self.observer.passing(self.me, Op(key, label, write, thing))
                self.executed(self.me, Op(key, label, write, thing))
            elif not self.fast or not self.goes_on(write):
                self.point(Op(key, label, write, thing))
            return
        if self.observer and not self.alone:
            self.observer.passing(self.me, Op(key, label, write, thing))
        if write:
            self.changes += 1
        self.touched += 1
        if not self.touched & 255:  # now and then
            self.beat += 1
            if self.most:
                self.enough()
            if not self.touched & 8191 and any(self.circle(worker) for worker in self.live):
                self.end(*self.exhausted(len(self.trace)))
                raise Stop
            if not self.touched & 65535:
                self.point(Op(None, "still running", False))
            if self.deadline is not None and time.perf_counter() > self.deadline:
                self.end("time", self.place())
                raise Stop
        me = self.me
        number, clock = me.number, me.clock
        seen = self.seen.get(key)
        if seen is None:
            thing = self.kept(key, thing)
            self.seen[key] = (
                [thing, number, clock[number], {}]
                if write
                else [thing, -1, 0, {number: clock[number]}]
            )
            return
        wrote = seen[1]
        if wrote != number and wrote >= 0 and clock.get(wrote, 0) < seen[2]:
            self.learned.add(label)
        if write:
            if seen[3]:
                for other, at in seen[3].items():
                    if other != number and clock.get(other, 0) < at:
                        self.learned.add(label)
                seen[3].clear()
            seen[1], seen[2] = number, clock[number]
        else:
            seen[3][number] = clock[number]

    def goes_on(self, write):
        """Far into a long run: the running worker goes on without a look at the others; False now
        and then."""
        trace = self.trace
        at, number = len(trace), self.me.number
        if at < len(self.plan):
            if self.plan[at] != number:
                return False
        elif not at & 63:
            return False
        if at - self.still >= TURN:
            return False
        self.beat += 1
        trace.append(number)
        if write:
            self.changes += 1
        return True

    def enough(self):
        """Of a run that only learns what is shared: a worker that goes on and on lets others
        begin."""
        if self.touched > self.most:
            self.end("time", "enough was seen")
            raise Stop
        if not self.touched & 2047:
            self.pause("still running")

    # -- synchronisation ---------------------------------------------------------------------------

    def sync(
        self, thing, label, ready=None, why=None, holder=None, free=False, write=True, key=None
    ):
        """A point of a stand-in: a lock, a queue, a start.  Blocks while the predicate is not
        true."""
        key = id(thing) if key is None else key
        self.point(Op(key, label, write, thing, ready, why, holder, free, True))

    def kept(self, key, thing):
        """What is kept of a thing that was touched, so that its number stays its own: the thing, or
        where weak references look at the ends of things a weak reference, by which it can end."""
        if self.light is None or type(key) is not tuple or key[0] != id(thing):
            return thing  # a lock and its like are few, and stay
        known = self.light.get(key[0])
        if known is None:
            known = self.light[key[0]] = (referred(self, thing), [])
        known[1].append(key)
        return known[0]

    def keep_weakly(self):
        """From now on things may end although they were touched."""
        if self.light is None:
            self.light = {}
            for known, place in ((self.seen, 0), (self.records, 2)):
                for key, each in known.items():
                    each[place] = self.kept(key, each[place])

    def touch_names(self):
        """A thread gets a number for its name."""
        if not self.alone:
            self.touch(self, "thread names", "thread names", True)

    def learn(self, label):
        """Something was seen that asks for more points: it is hot from the next run on."""
        if label not in self.hot and not self.alone:
            self.learned.add(label)
        return label in self.hot

    def count(self, name):
        """From now on this is looked at, in every run: an attribute that a class or a module gives,
        what a method changes, what ends an object."""
        self.odd.add(name)
        self.learned.add(f"class {name}")

    def inside(self, thing, label, write):
        """A stand-in touches its own data, as a part of the step that it has just synchronised."""
        me = self.me
        me.clock[me.number] -= 1
        try:
            self.touch(thing, None, label, write)
        finally:
            me.clock[me.number] += 1

    def silent(self, thing, label, key=None):
        """Something that cannot be missed by others and lets them go on: no point of its own."""
        if self.over:
            self.unwind()
        if self.observer and not self.alone:
            self.observer.passing(self.me, Op(id(thing), label, True, thing, sync=True))
        if not self.alone:
            self.executed(
                self.me, Op(id(thing) if key is None else key, label, True, thing, sync=True)
            )

    def pass_time(self, seconds):
        """The clock stands still but for this."""
        self.now += seconds

    def give_up(self, seconds):
        """The worker that runs has waited for so long, and what it waited for has not come."""
        self.now += max(seconds, 0)
        self.slept += 1
        if self.observer:
            self.gave_up.append((self.me.said, getattr(self.me, "spot", None)))

    def pause(self, why):
        """Let others go first, free of charge: a sleep."""
        self.point(Op(None, "pause", False, None, None, lambda: why, None, True, True))

    # -- words -------------------------------------------------------------------------------------

    def still_here(self):
        """A loop goes round: the run may be over, or its time."""
        if self.over:
            self.unwind()
        self.beat += 1
        if (
            not self.beat & 4095
            and self.deadline is not None
            and time.perf_counter() > self.deadline
        ):
            self.end("time", self.place())
            raise Stop

    def place(self):
        """Where the running worker is, in words."""
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != SOURCE_NAME:
            frame = frame.f_back
        who = (
            f"thread {self.me.number}"
            if self.me.number >= 0
            else "what comes before or after the threads"
        )
        asleep = self.seat.asleep() if self.seat else ""
        return f"{who} is in line {frame.f_lineno}{asleep}" if frame else ""

    def state(self, number):
        """What keeps a worker from going on, in words; an empty string if nothing does."""
        if not 0 <= number < len(self.workers):
            return f"does not exist: there are threads 0 to {len(self.workers) - 1}"
        worker = self.workers[number]
        if worker.done:
            return "has finished"
        if worker.baton is None:
            return self.off_stage(worker)
        self.asked = number
        return "" if worker.able() else f"is {worker.op.why()}{self.across(worker)}"

    asked = None

    def exhausted(self, at):
        """The step limit is reached: no verdict, unless some workers wait for each other in a
        circle."""
        circle = next((ring for worker in self.live if (ring := self.circle(worker))), None)
        if circle is None:
            return "endless", f"after {at:,} steps {self.place()}"
        stories = [f"{worker.said} {self.state(worker.number)}" for worker in circle]
        return "deadlock", "some threads can never go on: " + "; ".join(stories)

    def circle(self, worker):
        """The workers of which each waits for the next, back to one of them."""
        ring = []
        while worker is not None and worker not in ring and not worker.able() and worker.op.holder:
            ring.append(worker)
            worker = worker.op.holder()
        return ring if worker in ring else None

    def stuck(self):
        """No worker can go on."""
        left = [worker for worker in self.live if not worker.daemon]
        if self.interrupted and all(worker.op.label == "spin" for worker in left):
            return "finished", ""
        stories = [
            f"{worker.said} {self.state(worker.number)}"
            for worker in self.live
            if not worker.daemon
        ]
        return "deadlock", "no thread can go on: " + "; ".join(stories)

    # -- the end of a run that is given up ---------------------------------------------------------

    def unwind(self):
        """Raise through the program; a program that swallows it again and again gets a new thread
        in its place."""
        self.raised += 1
        if self.raised > RUNAWAY and self.me is not None and self.me.number >= 0:
            me = self.me
            self.real[me.number] = self.hire()
            self.raised = 0
            self.leave(me)
            for_ever = allocate_lock()
            for_ever.acquire()
            for_ever.acquire()
        raise Stop


def referred(stage, thing):
    """A weak reference to a thing, at whose end all that is known by its number is forgotten; the
    thing where it cannot be referred to weakly."""
    number, light = id(thing), stage.light

    def ended(_):
        if light is stage.light:
            for key in light.pop(number)[1]:
                stage.seen.pop(key, None)
                stage.records.pop(key, None)

    try:
        return weakref.ref(thing, ended)
    except TypeError:
        return thing


stage = Stage()
"""The one stage of this process."""
