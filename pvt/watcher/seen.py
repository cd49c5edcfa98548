"""What was sent from the child, sorted: processes, threads, their looks and notes.

Nothing is concluded yet.
"""

import json
from collections import Counter
from dataclasses import dataclass, field

LONGEST = 60  # characters of a name
FREE = 0.0007  # seconds: a probe that is later than this found the GIL held


@dataclass
class Thread:
    """A thread of the program; times in seconds since its start."""

    number: int
    process: int
    name: str = ""
    begin: float | None = None
    end: float | None = None
    looks: list = field(
        default_factory=list
    )  # (at, seconds on a core, seconds ready, kind of call)
    waits: list = field(default_factory=list)  # (begin, end, state, what, holder, place)
    shorts: list = field(default_factory=list)  # (until, state, what, seconds, count)
    last: float = 0.0  # when it was last seen alive
    servant: bool = False  # a pool of processes, or a queue, sends and receives with it

    @property
    def known(self):
        return self.begin is not None


@dataclass
class Process:
    """A process of the program."""

    number: int
    parent: int = 0
    command: str = ""
    called: str = ""
    gil: bool = True
    sqlite: bool = False  # whether it has imported sqlite3
    noted: bool = False  # whether notes came from inside
    begin: float | None = None
    probes: list = field(default_factory=list)  # (at, seconds late, {thread: place})
    places: dict = field(default_factory=dict)  # number -> (file, line, function, file inside)
    helpers: set = field(default_factory=set)  # threads of the recorder
    sizes: list = field(default_factory=list)  # private bytes


@dataclass
class Gate:
    """What a thread did at a condition: waits, seconds, the longest, and how often it woke others;
    and the program's lines in which it did so."""

    waits: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    wakes: int = 0
    lines: set = field(default_factory=set)
    woke_in: set = field(default_factory=set)


class Seen:
    """All that is known of a run after its rows."""

    def __init__(self, rows, text=None):
        """`text`: the program's, where it is no file any more."""
        self.text = text
        self.processes, self.threads, self.steps, self.items, self.pickles = {}, {}, [], [], []
        self.pools, self.jobs = {}, {}  # by (process, pool)
        # queue -> worker -> [begin, end, pieces, seconds at them, × what waited, least that waited]
        self.takers = {}
        self.done = {}  # worker -> [(when, pieces from queues that it had done until then), …]
        self.gates = {}  # condition -> thread -> what `note_gates` says of it
        self.served = {}  # address -> {"accept": threads, "connect": threads}
        self.left, self.backs = {}, Counter()  # queue -> (when, what lay in it), what was put back
        self.out, self.err, self.start, self.last = [], [], None, {}
        self.cores, self.main, self.looked, self.open = 1, None, {}, {}
        self.begin = self.end = 0.0
        self.lacks = ""  # an executor that the program was to have, and its Python does not know
        for row in rows:
            self.take(row)
        self.close()

    def take(self, row):
        if "looks" in row:
            self.looks(row["at"] - self.begin, row["looks"])
        elif "notes" in row:
            for line in row["notes"].splitlines():
                self.note(self.process(row["process"]), json.loads(line))
        elif "out" in row or "err" in row:
            (self.out if "out" in row else self.err).append(row.get("out") or row.get("err") or "")
        elif "sizes" in row:
            for number, size in row["sizes"].items():
                self.process(int(number)).sizes.append(size)
        elif "command" in row:
            one = self.process(row["process"])
            one.parent, one.command = row["parent"], row["command"]
            one.begin = one.begin if one.begin is not None else row["at"] - self.begin
        elif "cores" in row:
            self.begin, self.cores, self.main = row["begin"], row["cores"], row["pid"]
        elif "ending" in row:
            self.last, self.end = row, row["end"] - self.begin

    @property
    def ended_by_itself(self):
        """Whether nobody ended the run: no limit, no signal, and not who watched it."""
        return bool(self.last) and not self.last["ending"] and self.last["code"] >= 0

    def process(self, number):
        return self.processes.setdefault(number, Process(number))

    def thread(self, number, process):
        return self.threads.setdefault(number, Thread(number, process))

    def looks(self, at, looks):
        self.end = max(self.end, at)
        for process, alive, *fresh in looks:
            before = self.looked.get(process)
            for number in alive:
                self.thread(number, process).last = at
            for number, ran, ready, call in fresh:
                mine = self.threads[number].looks
                if mine and before is not None and mine[-1][0] < before:
                    mine.append((before, *mine[-1][1:]))  # it was still so at the look before
                mine.append((at, ran, ready, call))
            self.looked[process] = at

    def note(self, process, note):
        kind, *rest = note
        if method := getattr(self, f"note_{kind.split()[0]}", None):
            method(process, *rest)
        process.noted = True

    def note_process(self, process, at, pid, parent, thread, gil, version, forked=None):
        process.parent, process.gil = parent, gil
        one = self.thread(thread, pid)
        one.begin, one.name = at - self.begin, "MainThread"
        process.begin = min(process.begin if process.begin is not None else one.begin, one.begin)

    def note_called(self, process, name):
        process.called = name

    def note_thread(self, process, number, at, name):
        one = self.thread(number, process.number)
        one.begin, one.name = at - self.begin, plain(name)

    def note_servant(self, process, number):
        self.thread(number, process.number).servant = True

    def note_probe(self, process, at, *more):
        if not more:  # which thread the recorder's own is
            process.helpers.add(at)
            return
        late, delayed, places = more
        if late > FREE:  # a part of the time it may have had no core
            late = max(0.0, late - delayed)
        process.probes.append((at - self.begin, late, dict(places)))

    def note_name(self, process, number, name):
        self.thread(number, process.number).name = plain(name)

    def note_lacks(self, process, name):
        self.lacks = name

    def note_end(self, process, number, at, used, name):
        one = self.thread(number, process.number)
        one.end, one.name = at - self.begin, plain(name)
        before = one.looks[-1] if one.looks else (one.begin or 0.0, 0.0, 0.0, "r")
        one.looks.append((max(one.end, before[0]), max(used, before[1]), before[2], "r"))

    def note_wait(self, process, number, begin, end, state, what, holder, place):
        if self.open.get(number, (None,))[0] == begin:
            del self.open[number]
        wait = (begin - self.begin, end - self.begin, state, what, holder, place)
        self.thread(number, process.number).waits.append(wait)

    def note_open(self, process, number, begin, *more):
        self.open[number] = (begin, process.number, *more)

    def note_short(self, process, at, number, state, what, seconds, count):
        self.thread(number, process.number).shorts.append(
            (at - self.begin, state, what, seconds, count)
        )

    def note_step(self, process, thread, number, name, begin, end, waits, kept=()):
        """`kept`: the numbers of the tasks that it kept waiting."""
        span = begin - self.begin, end - self.begin
        self.steps.append((process.number, thread, number, name, *span, waits, kept))

    def note_item(self, process, pool, given, begin, end, thread):
        self.items.append(
            (process.number, pool, given - self.begin, begin - self.begin, end - self.begin, thread)
        )

    def note_pool(self, process, pool, size, workers):
        _, before = self.pools.get((process.number, pool), (0, set()))
        self.pools[process.number, pool] = (size, before | set(workers))

    def note_job(self, process, pool, given, end):
        jobs = self.jobs.setdefault((process.number, pool), [])
        jobs.append((given - self.begin, end - self.begin))

    def note_took(self, process, queue, worker, begin, end, pieces, *counts):
        span = begin - self.begin, end - self.begin
        takers = self.takers.setdefault(known(process, queue), {})
        one = takers.setdefault(worker, [*span, 0, 0.0, 0.0, counts[-1]])
        one[1] = span[1]
        one[2:5] = [old + new for old, new in zip(one[2:5], (pieces, *counts[:2]), strict=True)]
        one[5] = min(one[5], counts[2])
        self.done.setdefault(worker, []).append((span[1], pieces))

    def note_left(self, process, queue, at, size):
        before = self.left.get(known(process, queue), (0.0, 0))
        self.left[known(process, queue)] = max(before, (at - self.begin, size))

    def note_back(self, process, queue, count):
        self.backs[known(process, queue)] += count

    def note_gate(self, process, gate, thread, waits, seconds, longest, line, wakes, woke):
        one = self.gates.setdefault((process.number, gate), {}).setdefault(thread, Gate())
        one.waits, one.wakes = one.waits + waits, one.wakes + wakes
        one.seconds += seconds
        one.longest = max(one.longest, longest)
        if line:
            one.lines.add(tuple(line))
        if woke:
            one.woke_in.add(tuple(woke))

    def note_served(self, process, thread, what, address):
        self.served.setdefault(address, {"accept": set(), "connect": set()})[what].add(thread)

    def note_sqlite(self, process):
        process.sqlite = True

    def note_pickle(self, process, thread, begin, seconds, what, size, count=1):
        begin -= self.begin
        self.pickles.append((process.number, thread, begin, seconds, what, size, count))

    def note_place(self, process, number, *place):
        process.places[number] = tuple(place)

    def close(self):
        """Waits that had not ended when the run did go on to its end. Threads of a process that
        was gone before it said who it is, by a command or a note, are left out."""
        self.threads = {
            number: one for number, one in self.threads.items() if one.process in self.processes
        }
        for number, (begin, process, _, state, what, holder, place) in self.open.items():
            one = self.thread(number, process)
            one.waits.append(
                (begin - self.begin, max(one.last, begin - self.begin), state, what, holder, place)
            )
        for one in self.threads.values():
            one.looks.sort(key=lambda look: look[:2])
            if one.begin is None:
                one.begin = one.looks[0][0] if one.looks else one.last
            if one.end is None:
                one.end = max(one.last, one.begin)


def known(process, queue):
    """What tells a queue from all others: between processes it has a name, else a number."""
    return queue if isinstance(queue, str) else (process.number, queue)


def plain(name):
    """A name on one line, short enough for a table."""
    text = "".join(one if one.isprintable() else " " for one in str(name))
    return " ".join(text.split())[:LONGEST]
