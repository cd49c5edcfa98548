"""Threads and tasks become lanes: how many seconds of each state fall into each bin of time.

In each bin the kernel's counts come first: seconds on a core, seconds ready without one. The rest
was blocked, and is shared among the noted waits; what no note explains is named by the call in
which the thread was seen. Seconds on a core are Python's or C's by the share of probes that found
the GIL free.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from pvt.watcher import outside
from pvt.watcher.seen import FREE

STATES = {
    "python": "running Python",
    "c": "running C without the GIL",
    "gil": "waiting for the GIL",
    "lock": "waiting for a lock",
    "worker": "waiting for another worker",
    "io": "waiting for the network or a file",
    "asleep": "asleep",
    "ready": "ready, without a core",
    "unknown": "not known here",
}
FINEST = 0.01  # seconds of a bin at least
FEWEST_BINS, MOST_BINS, MOST_CELLS = 200, 1500, 24_000  # bins of a lane, bins of all lanes
WINDOW = 0.4  # seconds over which probes of the GIL are counted
KINDS = {outside.IO: "io", outside.SLEEP: "asleep", outside.CHILD: "worker", outside.GIL: "gil"}
RIVAL = 0.05  # of its life on a core: from here on others may wait for the GIL because of it
CLOSING = ("(shutdown_asyncgens)", "(shutdown_default_executor)")  # asyncio's own, at the end
RUNNING = ("python", "c", "gil", "ready")
RAN = 0.3  # of a bin: a thread that was less in these states did not run in it
FEWEST = 4  # probes: with fewer in a window, those of the whole run count
INTERPRETERS = (
    "interpreters/__init__.py",
    "futures/interpreter.py",
)  # who is in there runs another interpreter


@dataclass
class Lane:
    """A thread or a task over time: `cells[state][bin]` seconds; begin and end in seconds since the
    start.
    """

    name: str
    kind: str
    process: int
    number: int
    begin: float
    end: float
    cells: dict = field(default_factory=dict)
    own: bool = False  # it runs an interpreter of its own, with its own GIL
    servant: bool = False  # it only sends and receives for a pool or a queue
    database: list | None = None  # seconds in each bin for which it waited for a locked database

    @property
    def seconds(self):
        return {state: sum(cells) for state, cells in self.cells.items()}

    @property
    def shares(self):
        """The share of each state in the life of this lane."""
        seconds = self.seconds
        total = sum(seconds.values())
        return {state: value / total for state, value in seconds.items()} if total > 0 else {}


class Bins:
    """A span of time cut into equal pieces: fewer where there are many lanes to fill."""

    def __init__(self, end, lanes=1):
        most = min(MOST_BINS, max(FEWEST_BINS, MOST_CELLS // max(1, lanes)))
        self.width = max(FINEST, end / most)
        self.count = max(1, int(end / self.width) + 1)
        self.window = max(1, round(WINDOW / self.width))  # bins in a window

    def empty(self):
        return [0.0] * self.count

    def of(self, cells, state):
        """The bins of a state; empty ones if it had none."""
        if state not in cells:
            cells[state] = self.empty()
        return cells[state]

    def add(self, cells, begin, end, amount):
        """Spread an amount evenly over the bins from begin to end."""
        first, last = max(0, int(begin / self.width)), min(self.count - 1, int(end / self.width))
        if first >= last or end <= begin:
            cells[min(first, self.count - 1)] += amount
            return
        each = amount / (end - begin)
        cells[first] += each * ((first + 1) * self.width - begin)
        for at in range(first + 1, last):
            cells[at] += each * self.width
        cells[last] += each * (end - last * self.width)


def lanes(seen):
    """(the `Bins`, the lanes of threads and tasks, those of the same process together)."""
    threads = [one for one in seen.threads.values() if shown(seen, one)]
    bins = Bins(seen.end, len(threads))
    threads.sort(
        key=lambda one: (
            seen.processes[one.process].begin or 0.0,
            one.process,
            one.begin,
            one.number,
        )
    )
    known, counts = [], Counter()
    for process in dict.fromkeys(one.process for one in threads):
        mine = [one for one in threads if one.process == process]
        used = {one.number: Used(bins, one) for one in mine}
        split = Split(seen.processes[process], bins, used)
        rivals = [one for one in mine if one.number not in split.own and runs(one, used)]
        for one in mine:
            lane = Lane(name(seen, one, counts), "thread", process, one.number, one.begin, one.end)
            if process != seen.main and one.number == process:
                lane.kind = "process"
            lane.own, lane.servant = one.number in split.own, one.servant
            alone = lane.own or not seen.processes[process].gil or rivals in ([], [one])
            contended = not alone
            lane.cells = composed(bins, one, used[one.number], split, contended)
            if seen.processes[process].sqlite:
                lane.database = for_database(bins, one, lane)
            known.append(lane)
            known += tasks(bins, seen, one, lane, counts)
    return bins, known


def runs(thread, used):
    """Whether a thread runs enough to be in the way of others."""
    return used[thread.number].total > RIVAL * (thread.end - thread.begin)


def shown(seen, thread):
    """Whether a thread belongs in the picture: not the recorder's, not an idle servant of Python's
    own.
    """
    process = seen.processes.get(thread.process)
    if process is None or thread.number in process.helpers or not (thread.looks or thread.name):
        return False
    if outside.servant(process.command) and process.called in ("", "MainProcess"):
        return False
    if (
        not thread.name and thread.number != thread.process
    ):  # not one of Python's: only if it does something
        return len(thread.looks) > 1 and thread.looks[-1][1] - thread.looks[0][1] > 0.01 * max(
            0.1, thread.end - thread.begin
        )
    return True


def name(seen, thread, counts):
    """What a lane is called; equal names are numbered."""
    process = seen.processes[thread.process]
    own = thread.name or f"thread {thread.number}"
    if thread.process != seen.main:
        called = (
            process.called
            if process.called not in ("", "MainProcess")
            else program(process.command)
        )
        called = f"{called} ({thread.process})"
        own = called if thread.number == thread.process else f"{called} · {own}"
    return numbered(own, counts)


def numbered(own, counts):
    name = own
    while counts[name]:  # "w #2" may be somebody's own name
        counts[own] += 1
        name = f"{own} #{counts[own]}"
    counts[name] += 1
    return name


def program(command):
    """The short name of a command."""
    words = command.split()
    script = next(
        (word for word in words[1:] if word.endswith(".py")), words[0] if words else "process"
    )
    return script.rsplit("/", 1)[-1]


class Used:
    """What the kernel counted for a thread, bin by bin."""

    def __init__(self, bins, thread):
        self.ran, self.ready = bins.empty(), bins.empty()
        self.blocked, self.total = {}, 0.0
        self.window = bins.window
        self.waited = {
            int(at / bins.width) // self.window
            for at, _, _, call in thread.looks
            if call in (outside.GIL, outside.FUTEX)
        }
        self.blind = (
            not any(look[3] != outside.RUNS for look in thread.looks) and len(thread.looks) < 2
        )
        before = (thread.begin, 0.0, 0.0, outside.RUNS)
        late = thread.looks and thread.looks[0][0] - thread.begin > 0.2 + thread.looks[0][1]
        if late and not self.blind:
            before = (
                thread.looks[0][0],
                *thread.looks[0][1:],
            )  # it was there before: its past is not this run's
        for look in thread.looks:
            if (
                bins.width > FINEST
                and look[0] - before[0] < 0.6 * bins.width
                and look[3] == before[3]
            ):
                continue  # a long run: one look in each bin is enough
            self.between(bins, before, look)
            before = look
        if thread.looks and before[0] < thread.looks[-1][0]:
            self.between(bins, before, thread.looks[-1])
            before = thread.looks[-1]
        if thread.end > before[0]:
            self.between(bins, before, (thread.end, *before[1:]))

    def wanted_gil(self, at):
        """Whether a look about this bin found it in a wait of the kind that the GIL makes."""
        return not self.waited.isdisjoint(range(at // self.window - 1, at // self.window + 2))

    def between(self, bins, one, other):
        """From one look to the next."""
        (begin, ran, ready, call), (end, ran_then, ready_then, call_then) = one, other
        passed = end - begin
        ran, ready = max(0.0, ran_then - ran), max(0.0, ready_then - ready)
        self.total += ran
        if ran:
            bins.add(self.ran, max(0.0, end - max(passed, ran)), end, ran)
        if ready:  # it is counted when it ends: it may have begun before the last look
            early = ran + ready > passed
            until = end - ran if early else end
            bins.add(self.ready, max(0.0, until - ready if early else begin), until, ready)
        if (left := passed - ran - ready) > 0:
            kind = call_then if call_then != outside.RUNS else call
            kind = outside.UNKNOWN if self.blind else kind
            bins.add(bins.of(self.blocked, kind), begin, end, left)


class Split:
    """Which part of the time on a core was Python's, in each window of a process."""

    def __init__(self, process, bins, used):
        self.width = bins.window
        self.process, self.used = process, used
        self.free_lines = self.lines(bins)
        count = bins.count // self.width + 1
        self.shares = {number: [0.0] * count for number in used}
        self.none = not process.noted
        self.own = self.interpreters()
        free = self.free(bins, count)
        for window in range(count):
            span = range(window * self.width, min(bins.count, (window + 1) * self.width))
            self.window(window, span, bins.width * len(span), free[window])

    def free(self, bins, count):
        """The share of probes in each window that found the GIL free; None where there was none."""
        counts = [[0, 0] for _ in range(count)]
        for at, late, _ in self.process.probes:
            window = min(count - 1, int(at / bins.width) // self.width)
            counts[window][0] += late < FREE
            counts[window][1] += 1
        free, all_ = map(sum, zip(*counts, strict=True))
        whole = free / all_ if all_ else None
        return [free / all_ if all_ >= FEWEST else whole for free, all_ in counts]

    def lines(self, bins):
        """Places in which a thread was on a core while the GIL was free, more often than not."""
        free, all_ = Counter(), Counter()
        for at, late, places in self.process.probes:
            at_bin = min(bins.count - 1, int(at / bins.width))
            for thread, place in places.items():
                if thread in self.used and self.used[thread].ran[at_bin] > 0.5 * bins.width:
                    all_[place] += 1
                    free[place] += late < FREE
        return {place for place, count in free.items() if count >= 3 and count > 0.6 * all_[place]}

    def window(self, window, span, width, free):
        """Share out the time for which the GIL was held among those that were on a core."""
        mine = {number: used for number, used in self.used.items() if number not in self.own}
        cores = {number: sum(used.ran[at] for at in span) for number, used in mine.items()}
        total = sum(cores.values())
        if self.none or total <= 0:
            return
        held = width * (1.0 - (free or 0.0)) if self.process.gil and free is not None else total
        weights = {
            number: cores[number] * (1.0 - self.in_c(number, span, width)) for number in cores
        }
        if sum(weights.values()) <= 0:
            weights = cores
        left, remaining = min(held, total), sum(weights.values())
        for number in sorted(weights, key=lambda one: cores[one] / (weights[one] or 1e-9)):
            mine = min(cores[number], left * weights[number] / remaining) if remaining > 0 else 0.0
            left, remaining = left - mine, remaining - weights[number]
            self.shares[number][window] = mine / cores[number] if cores[number] else 0.0

    def in_c(self, number, span, width):
        """The share of looks at this thread's frames that found it in a place that runs without the
        GIL.
        """
        if not self.free_lines or len(self.used) == 1:
            return 0.0
        begin = span.start * width / max(1, len(span))
        probes = self.process.probes
        first = bisect_left(probes, begin, key=lambda probe: probe[0])
        places = []
        for at, _, found in probes[first:]:
            if at > begin + width:
                break
            if number in found:
                places.append(found[number] in self.free_lines)
        return sum(places) / len(places) if places else 0.0

    def interpreters(self):
        """Threads that run another interpreter of the process, with a GIL of its own."""
        calls = {
            number for number, place in self.process.places.items() if place[3] in INTERPRETERS
        }
        found, all_ = Counter(), Counter()
        for _, _, places in self.process.probes:
            all_.update(places.keys())
            found.update(thread for thread, place in places.items() if place in calls)
        return {thread for thread, count in found.items() if count > 0.3 * all_[thread]}

    def python(self, number, at):
        if number in self.own:
            return 1.0
        return self.shares[number][at // self.width]


def composed(bins, thread, used, split, contended):
    """The cells of a thread."""
    noted = {}
    for begin, end, state, *_ in thread.waits:
        bins.add(bins.of(noted, state), begin, end, end - begin)
    for until, state, _, seconds, _ in thread.shorts:
        bins.add(bins.of(noted, state), max(thread.begin, until - 0.06), until, seconds)
    cells = {}
    first, last = int(thread.begin / bins.width), min(bins.count - 1, int(thread.end / bins.width))
    for at in range(first, last + 1):
        alive = min(thread.end, (at + 1) * bins.width) - max(thread.begin, at * bins.width)
        for state, seconds in filled(at, alive, used, noted, split, thread.number, contended):
            if seconds > 0:
                bins.of(cells, state)[at] += seconds
    return cells


def for_database(bins, thread, lane):
    """Move to "lock" what a thread slept without having asked for it, and give it, bin by bin:
    SQLite sleeps so, again and again, while another has locked the database.
    """
    slept, asked = lane.cells.get("asleep"), bins.empty()
    if not slept:
        return None
    for begin, end, state, *_ in thread.waits:
        if state == "asleep":
            bins.add(asked, begin, end, end - begin)
    for until, state, _, seconds, _ in thread.shorts:
        if state == "asleep":
            bins.add(asked, max(thread.begin, until - 0.06), until, seconds)
    # a sleep lasts a little longer than was asked for
    moved = [
        max(0.0, one - other) if other < 0.5 * one else 0.0
        for one, other in zip(slept, asked, strict=True)
    ]
    locked = bins.of(lane.cells, "lock")
    for at, seconds in enumerate(moved):
        slept[at] -= seconds
        locked[at] += seconds
    return moved


def filled(at, alive, used, noted, split, number, contended):
    """(state, seconds) of one bin; together as long as the thread lived in it."""
    ran = min(used.ran[at], alive)
    ready = min(used.ready[at], alive - ran)
    rest = alive - ran - ready
    running = {kind for kind, cells in used.blocked.items() if cells[at] > 0} <= {outside.RUNS}
    alone = not contended or not used.wanted_gil(at)
    if running and alone and not any(cells[at] for cells in noted.values()):
        # ready all the time, and not counted: the counts come late, or the machine had no core
        ran, ready, rest = (
            (ran + rest, ready, 0.0) if rest < 0.5 * ran else (ran, ready + rest, 0.0)
        )
    if split.none:
        yield "unknown", ran
    else:
        yield "python", ran * split.python(number, at)
        yield "c", ran * (1.0 - split.python(number, at))
    yield "ready", ready
    waits = {state: cells[at] for state, cells in noted.items() if cells[at] > 0}
    total = sum(waits.values())
    scale = rest / total if total > rest or total > 0.8 * rest > 0 else 1.0
    for state, seconds in waits.items():
        yield state, seconds * scale
    left = rest - total * scale
    blocked = {kind: cells[at] for kind, cells in used.blocked.items() if cells[at] > 0}
    if left <= 0:
        return
    if waits:  # a lock's futex in a bin with a noted wait is that wait
        blocked.pop(outside.FUTEX, None)
    if not contended and outside.GIL in blocked:  # the recorder had it for a moment
        yield "python", min(left, blocked[outside.GIL])
        left -= min(left, blocked.pop(outside.GIL))
    named = {kind: seconds for kind, seconds in blocked.items() if kind != outside.RUNS} or blocked
    among = sum(named.values())
    if not among:
        yield ("gil" if contended else "unknown"), left
    for kind, seconds in named.items():
        yield (
            KINDS.get(kind, "gil" if kind == outside.RUNS and contended else "unknown"),
            left * seconds / among,
        )


def tasks(bins, seen, thread, lane, counts):
    """The lanes of the tasks in a thread's loop."""
    found = {}
    for process, number, task, called, begin, end, waits, _ in seen.steps:
        mine = process == thread.process and number == thread.number and task
        if mine and not called.endswith(CLOSING):
            found.setdefault((task, called), []).append((begin, end, waits))
    for (task, called), steps in found.items():
        last = steps[-1]
        until = last[1] if last[2] == "ended" else lane.end
        one = Lane(
            numbered(f"task {called}", counts), "task", thread.process, task, steps[0][0], until
        )
        one.cells = stepped(bins, thread, lane, steps, until)
        yield one


def stepped(bins, thread, lane, steps, until):
    """The cells of a task: its steps are what its thread did, the rest is what it waited for."""
    cells = {}

    def add(state, begin, end):
        if end > begin:
            bins.add(bins.of(cells, state), begin, end, end - begin)

    following = [step[0] for step in steps[1:]] + [until]
    begins = [wait[0] for wait in thread.waits]
    for (begin, end, waits), then in zip(steps, following, strict=True):
        blocked = end - begin > 0.001 and [
            wait
            for wait in thread.waits[
                max(0, bisect_left(begins, begin) - 1) : bisect_left(begins, end)
            ]
            if wait[0] >= begin - 1e-4 and wait[1] <= end + 1e-4
        ]
        at = begin
        for wait in blocked or ():
            for part in as_thread(bins, lane, at, wait[0]):
                add(*part)
            add(wait[2], wait[0], wait[1])
            at = wait[1]
        for part in as_thread(bins, lane, at, end):
            add(*part)
        add(waits if waits != "ended" else "worker", end, then)
    return cells


def as_thread(bins, lane, begin, end):
    """(state, begin, end) of the parts of a step: it ran, except in those bins, all its own, in
    which its thread hardly did.
    """
    whole = range(int(begin / bins.width) + 1, min(bins.count, int(end / bins.width)))
    at = begin
    for spot in whole:
        amounts = {state: cells[spot] for state, cells in lane.cells.items() if cells[spot] > 0}
        ran = {state: amounts[state] for state in RUNNING if state in amounts}
        if sum(ran.values()) < RAN * sum(amounts.values()):
            yield on_core(bins, lane, at), at, spot * bins.width
            at = (spot + 1) * bins.width
            yield max(amounts, key=amounts.get), spot * bins.width, at
    yield on_core(bins, lane, at), at, end


def on_core(bins, lane, at):
    """Whether the thread ran Python or C in this bin."""
    spot = min(bins.count - 1, int(at / bins.width))
    amounts = {state: lane.cells[state][spot] for state in ("python", "c") if state in lane.cells}
    return max(amounts, key=amounts.get) if amounts else "python"


def stretches(bins, lane):
    """(from, to, state) of a lane: in each bin the state that takes most of it, equal neighbours
    joined.
    """
    found = []
    for at in range(
        int(lane.begin / bins.width), min(bins.count - 1, int(lane.end / bins.width)) + 1
    ):
        amounts = {state: cells[at] for state, cells in lane.cells.items() if cells[at] > 0}
        if not amounts:
            continue
        state = max(amounts, key=amounts.get)
        begin, end = max(lane.begin, at * bins.width), min(lane.end, (at + 1) * bins.width)
        if found and found[-1][2] == state and abs(found[-1][1] - begin) < 1e-9:
            found[-1] = (found[-1][0], end, state)
        else:
            found.append((begin, end, state))
    return found
