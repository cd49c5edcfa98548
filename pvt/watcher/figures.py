"""The figures of a run from which a diagnosis is made: who waited for what, how much, and where."""

import os
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain

from pvt.watcher import outside
from pvt.watcher.standstill import LIMITED, OPEN, StandStill, stand_still

BLOCKED = 0.05  # seconds: a step of a task that takes longer blocks the loop
OFTEN = 0.5  # of a loop's life: so much blocked by shorter steps is as bad as by long ones
KINDS = ("Lock(", "Condition(", "Semaphore(")  # what a line that makes a lock holds
# `def go(lock=Lock()):` or `class Box:` at the begin of a line, to its end where it goes on
HEAD = re.compile(r"^\s*((async\s+)?def\s.*?(\)\s*(->[^:]*)?:|$)|class\s[^:]*:)")
ACTIVE = 0.5  # of a span of time: from here on a worker is at work in it
STUCK = 0.4  # seconds: waits in a circle that are younger may come to an end
PART = 0.25  # of a run: workers that are at work for less do not hold it up
NEARLY = 0.8  # of a run: until then they must have work
OVERLAP = 0.02  # seconds by which one pool may begin before the end of the one before
SATURATED = 0.7  # of a stretch: who computes for so much of it needs a core, not more helpers
RUNNING = ("python", "c", "ready", "gil")
PROCESSES = ("the end of a process", "a process")  # in notes of waits
SLEEPS = 0.9  # of the tail: the last worker only sleeps
PASSES = 0.7  # times that a thread wakes others, for each of its waits
CLIENTS = 2  # for each thread that serves: with fewer it is not short of threads
SEVERAL = 3  # pieces of work in the tail: it is no long one
RESTS = 0.2  # of a server's time: from here on it has time for more clients
MOMENT = 0.02  # of a span: who is at work for more is given something to do
QUEUE = "a queue"  # in notes of waits
IN_QUEUE = "one of the things that go back into a queue, as connections do"
IN_CONDITION = "one of the things that are handed out with a condition"
HANDING_OUT = (IN_QUEUE, IN_CONDITION)  # no locks of the program: what does a lock's work
DATABASE = "the lock of a database of SQLite"
SPANS = 40  # into which a run is cut to see who is at work


@dataclass
class Worker:
    """A lane in figures."""

    name: str
    kind: str
    process: int
    begin: float
    end: float
    seconds: dict
    own: bool = False  # it has a GIL of its own
    listens: bool = False  # it reads what another process of the program writes
    servant: bool = False  # it only sends and receives for a pool or a queue

    @property
    def life(self):
        return sum(self.seconds.values()) or 1e-9

    def share(self, *states):
        return sum(self.seconds.get(state, 0.0) for state in states) / self.life

    @property
    def wanting(self):
        """The share of its life in which it ran, or would have with a core and the GIL."""
        return self.share("python", "c", "ready", "gil")


@dataclass
class Lock:
    """A lock for which somebody waited."""

    name: str
    place: str
    waits: dict  # worker -> seconds
    longest: float = 0.0
    holder: str = ""


@dataclass
class Pool:
    """A pool of threads or processes: its size, and how many pieces of work lay waiting on
    average."""

    name: str
    size: int
    backlog: float
    seconds: float
    waiting: float  # the share of its workers' time in which they waited
    kind: str = "thread"
    ready: float = 0.0  # the share in which they could have run and had no core
    by_hand: bool = False  # workers of the program's own, that take from one queue
    end: float = 0.0  # when its last piece was done
    pieces: int = 0  # that came back, where that is known
    each: float = 0.0  # seconds for which its workers ran, for each of them
    idle: float = 0.0  # the share in which they waited for the next
    clients: int = 0  # threads that it serves, and that wait for it


@dataclass
class Block:
    """A line that blocked an event loop."""

    place: str
    task: str
    seconds: float
    longest: float
    count: int
    loop: float  # seconds for which the loop lived
    others: int  # tasks that waited for something due meanwhile
    tasks: int = 1  # that came to this line


@dataclass
class Figures:
    """Everything that a diagnosis may use; seconds, bytes, cores."""

    seconds: float
    cores: int
    cores_busy: float
    workers: list = field(default_factory=list)
    gil: bool = True
    locks: list = field(default_factory=list)
    pools: list = field(default_factory=list)
    blocks: list = field(default_factory=list)
    pickling: float = 0.0  # seconds spent making bytes of objects and back
    pickled: int = 0  # bytes
    sending: float = 0.0  # seconds on a core spent sending them
    one_by_one: float = 0.0  # of the time in which workers ran, the part in which one did
    messages: int = 0  # objects of which bytes were made
    tail: float = 0.0  # seconds at the end with one worker active, after more were
    tail_worker: str = ""
    sizes: dict = field(default_factory=dict)  # name of a process -> private bytes
    longest: tuple | None = None  # (worker, seconds, state, what)
    others: float = 0.0  # cores that other programs took
    traced: bool = True
    silent: bool = False  # one of its Pythons took no notes
    circle: list = field(default_factory=list)  # (worker, lock, who held it): a deadlock
    stuck: float = 0.0  # seconds that it lasted
    still: StandStill | None = None  # nobody could go on any more


def figures(seen, bins, lanes):
    """The `Figures` of what was seen."""
    workers = [
        Worker(
            *(one.name, one.kind, one.process, one.begin, one.end, one.seconds, one.own),
            listens(seen, one),
            one.servant,
        )
        for one in lanes
    ]
    names = {one.number: one.name for one in lanes if one.kind != "task"}
    busy = max(seen.last.get("processor") or 0.0, sum(one.looks[-1][1] for one in threads(seen)))
    tail, tail_worker = straggler(bins, lanes, seen)
    return Figures(
        seconds=seen.end,
        cores=seen.cores,
        cores_busy=busy / seen.end if seen.end else 0.0,
        workers=workers,
        gil=all(process.gil for process in seen.processes.values()),
        locks=by_waits(
            locks(seen, names, {one.name: one.seconds.get("lock", 0.0) for one in workers}),
            given_back(seen, names),
            handed_out(seen, names),
            databases(bins, lanes),
        ),
        pools=pools(seen, bins, lanes),
        blocks=blocks(seen, lanes),
        pickling=sum(one[3] for one in seen.pickles if one[4] != "send"),
        pickled=sum(one[5] for one in seen.pickles if one[4] == "dumps"),
        sending=sum(one[3] for one in seen.pickles if one[4] == "send"),
        messages=sum(one[6] for one in seen.pickles if one[4] == "dumps"),
        one_by_one=one_by_one(bins, lanes),
        tail=tail,
        tail_worker=tail_worker,
        sizes=sizes(seen, lanes),
        longest=longest(seen, names),
        others=seen.last.get("others") or 0.0,
        traced=seen.last.get("traced", True),
        silent=any(
            not one.noted and "python" in one.command and not outside.servant(one.command)
            for one in seen.processes.values()
        ),
        **deadlock(seen, names),
        still=stand_still(seen, lanes),
    )


def deadlock(seen, names):
    """Who still waited for a lock whose holder waited too, in a circle, when the run was ended."""
    if seen.ended_by_itself:
        return {}
    waits = {
        number: (begin - seen.begin, lock_name(seen, what), holder)
        for number, (begin, _, known, state, what, holder, _) in seen.open.items()
        if state == "lock" and {number, holder} <= names.keys()
        if known - seen.begin > seen.end - OPEN
        if not (isinstance(what, str) and what.endswith(LIMITED))
    }
    for first in waits:
        circle = []
        while first in waits and first not in circle:
            circle.append(first)
            first = waits[first][2]
        if first in circle:
            circle = circle[circle.index(first) :]
            lasted = seen.end - max(waits[one][0] for one in circle)
            told = [(names[one], waits[one][1], names[waits[one][2]]) for one in circle]
            if lasted > STUCK:
                return {"circle": told, "stuck": lasted}
    return {}


def listens(seen, lane):
    """Whether a thread mostly reads files or pipes, in a process that has started others: then it
    waits for these.
    """
    read = lane.seconds.get("io", 0.0)
    if not read or lane.kind == "task" or lane.number not in seen.threads:
        return False
    noted = sum(end - begin for begin, end, state, *_ in seen.threads[lane.number].waits
                if state == "io")  # fmt: skip
    return noted < 0.5 * read and any(
        one.parent == lane.process and not outside.servant(one.command)
        for one in seen.processes.values()
    )


def threads(seen):
    """Threads of the program with counts, the recorder's left out."""
    for one in seen.threads.values():
        if one.looks and one.number not in seen.processes[one.process].helpers:
            yield one


def place(seen, spot):
    """A line as a person would name it; lines of other files with the file."""
    if not spot:
        return ""
    file, line = spot[0], spot[1]
    return f"line {line} of {file.replace(chr(92), '/').rsplit('/', 1)[-1]}"


def locks(seen, names, waited):
    """The locks for which somebody waited; `waited`: seconds of each worker that were neither
    running nor ready, which the waits that it noted cannot exceed.
    """
    found, holders = {}, defaultdict(Counter)

    def waited_for(thread, what, seconds):
        """Add a wait; the lock."""
        label = what if isinstance(what, str) else place(seen, what)
        if label not in found:
            found[label] = Lock(lock_name(seen, what), label, {})
        worker, waits = names.get(thread.number, thread.name), found[label].waits
        waits[worker] = waits.get(worker, 0.0) + seconds
        return found[label]

    for thread in threads(seen):
        for begin, end, state, what, holder, _ in thread.waits:
            if state == "lock":
                lock = waited_for(thread, what, end - begin)
                lock.longest = max(lock.longest, end - begin)
                if holder in names and holder != thread.number:  # that would be an old note
                    holders[lock.place][names[holder]] += end - begin
        for _, state, what, seconds, _ in thread.shorts:
            if state == "lock":
                waited_for(thread, what, seconds)
    for label, counts in holders.items():
        found[label].holder = counts.most_common(1)[0][0]
    noted = Counter()
    for lock in found.values():
        noted.update(lock.waits)
    for lock in found.values():
        for worker, seconds in lock.waits.items():
            lock.waits[worker] = seconds * min(1.0, waited.get(worker, 0.0) / noted[worker])
    return list(found.values())


def by_waits(*locks):
    """All these locks, the one with the longest waits together first."""
    return sorted(chain(*locks), key=lambda lock: -sum(lock.waits.values()))


def given_back(seen, names):
    """Queues into which is put back what was taken: who waits there, waits for another to have
    done with it, as at a semaphore.
    """
    found = []
    queues = Counter(worker for takers in seen.takers.values() for worker in takers)
    for queue, takers in seen.takers.items():
        if seen.backs[queue] <= 0.5 * sum(one[2] for one in takers.values()):
            continue
        lock = Lock(IN_QUEUE, "", {})
        for number in takers.keys() & names.keys() & seen.threads.keys():
            waits = [wait[1] - wait[0] for wait in seen.threads[number].waits if wait[3] == QUEUE]
            if queues[number] == 1 and waits:  # else it may have been another queue
                lock.waits[names[number]] = sum(waits)
                lock.longest = max(lock.longest, *waits)
        found.append(lock)
    return found


def handed_out(seen, names):
    """Conditions with which things are handed out: who waits there, at one line, also wakes
    another, at one line, as often as it has waited, when it gives its thing back.

    Those who make and those who take wait in different lines; at a barrier the last one wakes all.
    """
    found = []
    for gate in seen.gates.values():
        waiting = {one: mine for one, mine in gate.items() if mine.waits and one in names}
        lines = set().union(*(mine.lines for mine in gate.values()))
        woke_in = set().union(*(mine.woke_in for mine in gate.values()))
        passes = all(mine.wakes >= PASSES * mine.waits for mine in waiting.values())
        if len(waiting) < 2 or len(gate) < 3 or len(lines) > 1 or len(woke_in) > 1 or not passes:
            continue
        lock = Lock(IN_CONDITION, "", {})
        for number, mine in waiting.items():
            lock.waits[names[number]] = mine.seconds
            lock.longest = max(lock.longest, mine.longest)
        found.append(lock)
    return found


def databases(bins, lanes):
    """The lock of a database, if somebody waited for one."""
    lock = Lock(DATABASE, "", {})
    for lane in lanes:
        if lane.database and sum(lane.database) > bins.width:
            lock.waits[lane.name] = sum(lane.database)
            lock.longest = max(lock.longest, in_a_row(bins, lane.database))
    return [lock] if lock.waits else []


def in_a_row(bins, cells):
    """The most seconds in neighbouring bins of which each is filled for the greater part."""
    most = now = 0.0
    for seconds in cells:
        now = now + seconds if seconds > 0.5 * bins.width else 0.0
        most = max(most, now)
    return most


def lock_name(seen, what):
    """The name to which a lock was bound when it was made, if its line says so."""
    if isinstance(what, str):
        return what
    try:
        if seen.text is None or os.path.exists(what[0]):
            with open(what[0], encoding="utf-8", errors="replace") as file:
                text = file.readlines()[what[1] - 1]
        else:
            text = seen.text.splitlines()[what[1] - 1]
    except (OSError, IndexError):
        return "a lock"
    return bound(text) or "a lock"


def bound(text):
    """The name to which a line binds a lock that it makes; "" if it does not say."""
    text = HEAD.sub("", text, count=1)  # what the header binds is an argument
    parts = [one for one in text.split(";") if any(kind in one for kind in KINDS)]
    left, equals, right = parts[0].partition("=") if parts else ("", "", "")
    names, values = left.split(","), right.split(",")
    if not equals or not left.strip() or not any(kind in right for kind in KINDS):
        return ""
    made = [name for name, value in zip(names, values, strict=False) if "Lock(" in value]
    if len(names) == len(values) > 1 and len(made) == 1:  # ledger, guard = {}, Lock()
        return made[0].strip()
    names = [name.partition(":")[0].strip() for name in names]
    if right.lstrip()[:1] in "[{(" or len(names) > 1:
        return f"one of the locks {', '.join(names)}"
    return names[0]


def pools(seen, bins, lanes):
    """Pools, and what lay in their queues."""
    found = []
    for process, name in dict.fromkeys((item[0], item[1]) for item in seen.items if item[1]):
        items = [item for item in seen.items if item[:2] == (process, name)]
        begin, end = min(item[2] for item in items), max(item[4] for item in items)
        if end <= begin:
            continue
        workers = {item[5] for item in items}
        mine = [one for one in lanes if one.number in workers and one.kind == "thread"]
        queued = sum(item[3] - item[2] for item in items) / (end - begin)
        size = len(workers)
        states = {"waiting": share(mine, "io", "asleep", "worker"), "ready": share(mine, "ready")}
        found.append(Pool(name, size, queued, end - begin, **states))
    found += [pool for key in seen.jobs if (pool := returned(seen, key, lanes))]
    return found + list(by_hand(seen, bins, lanes)) + list(servers(seen, bins, lanes))


def servers(seen, bins, lanes):
    """Threads that serve clients of the same program, one at a time each, and have no rest."""
    threads = {one.number: one for one in lanes if one.kind != "task"}
    for sides in seen.served.values():
        serve = [threads[one] for one in sides["accept"] if one in threads]
        ask = [threads[one] for one in sides["connect"] - sides["accept"] if one in threads]
        if not serve or len(ask) < CLIENTS * len(serve):
            continue
        begin, end = min(one.begin for one in ask), max(one.end for one in ask)
        both = within(bins, serve, begin, end)
        total, seconds = sum(both.values()) or 1e-9, (end - begin) or 1e-9
        backlog = sum(within(bins, ask, begin, end, "io").values()) / seconds - len(serve)
        if both["io"] > RESTS * total or seconds < PART * seen.end:
            continue  # it waits for clients, too, or for others that do the work
        waiting = sum(both[state] for state in ("io", "asleep", "worker")) / total
        yield Pool(
            *("a server", len(serve), backlog, seconds, waiting, "thread"),
            ready=both["ready"] / total,
            end=end,
            clients=len(ask),
        )


def by_hand(seen, bins, lanes):
    """Pools without a class: workers that take one piece after the other from one queue.

    They hold up the program if they last nearly to its end and nobody else is busy meanwhile.
    """
    known = {item[5] for item in seen.items}.union(*(workers for _, workers in seen.pools.values()))
    found = [pool for queue in seen.takers if (pool := worked_off(seen, bins, lanes, queue, known))]
    for pool in in_turn(found):
        end = pool.end + went_on(seen, bins, lanes, pool.end)
        if pool.seconds > PART * seen.end and pool.end > NEARLY * end:
            yield pool


def went_on(seen, bins, lanes, since):
    """Seconds for which the program went on, less those in which its main thread had no core: on a
    busy machine it takes long to end."""
    main = [one for one in lanes if one.number == seen.main]
    return max(0.0, seen.end - since - within(bins, main, since, seen.end, "ready")["ready"])


def worked_off(seen, bins, lanes, queue, known):
    """The workers of a queue as a pool, if it held work and they were at it most of the time;
    `known` are those of pools with a class."""
    takers = {
        one: taken for one, taken in seen.takers[queue].items() if one not in known and taken[2] > 1
    }
    mine = [one for one in lanes if one.number in takers]
    if not mine:
        return None
    begins, ends, pieces, worked, weighted, least = zip(*takers.values(), strict=True)
    begin, size = min(begins), len(takers)
    # the end of a worker's last piece is not known: nothing was taken after it
    end = min(max(ends) + sum(worked) / sum(pieces), seen.end)
    at, left = seen.left.get(queue, (0.0, 0))
    if seen.ended_by_itself and at >= max(ends) and left > size:
        return None  # what still lies there was no work: names, tokens, buffers
    if seen.backs[queue] > 0.5 * sum(pieces):
        return None  # connections, which are given back
    held_up = stood_still(seen, mine[0], begin, end) if mine[0].kind == "task" else 0.0
    at_work = sum(max(0.0, seconds - held_up) for seconds in worked)
    if at_work < 0.5 * (max(ends) - begin) * size or busy_beside(
        seen, bins, lanes, mine, begin, end
    ):
        return None
    backlog = sum(weighted) / sum(worked)
    if seen.ended_by_itself:  # words that tell the workers to stop lie there to the last
        backlog -= min(least)
    total = sum(within(bins, mine, begin, end).values()) or 1e-9
    waiting = sum(within(bins, mine, begin, end, "io", "asleep").values()) + for_processes(
        seen, mine, begin, end
    )
    ready = sum(within(bins, mine, begin, end, "ready").values())
    return Pool(
        f"queue {queue}",
        size,
        backlog,
        end - begin,
        waiting / total,
        mine[0].kind,
        ready / total,
        by_hand=True,
        end=end,
    )


def within(bins, lanes, begin, end, *states):
    """Seconds of each of these states, or of all, in a stretch of time of these lanes."""
    found = Counter()
    first, last = int(begin / bins.width), int(end / bins.width) + 1
    for lane in lanes:
        for state in states or lane.cells:
            found[state] += sum(lane.cells.get(state, ())[first:last])
    return found


def for_processes(seen, lanes, begin, end):
    """Seconds for which threads waited for processes that they had started."""
    return sum(
        max(0.0, min(wait[1], end) - max(wait[0], begin))
        for lane in lanes
        if lane.kind != "task" and lane.number in seen.threads
        for wait in seen.threads[lane.number].waits
        if wait[3] in PROCESSES
    )


def stood_still(seen, task, begin, end):
    """Seconds for which the loop of a task was blocked."""
    threads = {step[1] for step in seen.steps if step[:3:2] == (task.process, task.number)}
    return sum(
        max(0.0, min(step[5], end) - max(step[4], begin))
        for step in seen.steps
        if step[0] == task.process and step[1] in threads
        if step[5] - step[4] >= BLOCKED or step[7]
    )


def busy_beside(seen, bins, lanes, mine, begin, end):
    """Whether another worker computed meanwhile nearly all the time: that one holds up the
    program.
    """
    numbers = {one.number for one in mine}
    for one in lanes:
        if one.kind != "task" and one.number not in numbers:
            ran = within(bins, [one], begin, end, *RUNNING)
            if sum(ran.values()) > SATURATED * (end - begin):
                return True
    return False


def in_turn(pools):
    """Pools of one size, each after the other's end, as one."""
    found = []
    for pool in sorted(pools, key=lambda pool: pool.end - pool.seconds):
        for before in found:
            alike = (before.size, before.kind) == (pool.size, pool.kind)
            if alike and before.end <= pool.end - pool.seconds + OVERLAP:
                both = before.seconds + pool.seconds
                for name in ("backlog", "waiting", "ready"):
                    old, new = (getattr(one, name) * one.seconds for one in (before, pool))
                    setattr(before, name, (old + new) / both)
                before.seconds, before.end = both, pool.end
                break
        else:
            found.append(pool)
    return found


def returned(seen, key, lanes):
    """A pool of which is known when each piece was given and came back. The first in is the first
    that is begun, as soon as a worker has nothing else to do.
    """
    size, workers = seen.pools[key]
    given, ends = map(sorted, zip(*seen.jobs[key], strict=True))
    if ends[-1] <= given[0]:
        return None
    begins = [max(one, ends[at - size] if at >= size else one) for at, one in enumerate(given)]
    seconds = ends[-1] - given[0]
    queued = sum(begin - one for begin, one in zip(begins, given, strict=True)) / seconds
    mine = [one for one in lanes if one.number in workers and one.kind != "task"]
    kind = "process" if any(one.kind == "process" for one in mine) else "thread"
    # a process that waits for its next piece is idle, and more of them would be too
    waits = ("io", "asleep") if kind == "process" else ("io", "asleep", "worker")
    waiting, ready = share(mine, *waits), share(mine, "ready")
    ran = sum(one.seconds.get(state, 0.0) for one in mine for state in ("python", "c"))
    return Pool(
        *(f"pool {key[1]}", size, queued, seconds, waiting, kind, ready),
        pieces=len(ends),
        each=ran / len(ends),
        idle=share(mine, "worker"),
    )


def share(lanes, *states):
    """The share of these states in the time of these lanes."""
    total = sum(sum(one.seconds.values()) for one in lanes) or 1e-9
    return sum(one.seconds.get(state, 0.0) for one in lanes for state in states) / total


def blocks(seen, lanes):
    """The lines that blocked a loop, the worst first."""
    found, tasks = {}, {}
    for process, thread in dict.fromkeys(step[:2] for step in seen.steps):
        mine = [step for step in seen.steps if step[:2] == (process, thread)]
        life = max(step[5] for step in mine) - min(step[4] for step in mine) or 1e-9
        for step in blocking(mine, life):
            spot = blocking_line(seen, process, thread, step[4], step[5])
            short = step[5] - step[4] < BLOCKED
            others = len(step[7] if short else delayed(mine, step))
            key = (process, thread, spot or step[3])
            block = found.setdefault(key, Block(spot, step[3], 0.0, 0.0, 0, life, 0))
            block.seconds += step[5] - step[4]
            block.longest = max(block.longest, step[5] - step[4])
            block.count += 1
            block.others = max(block.others, others)
            tasks.setdefault(key, set()).add(step[3])
            block.tasks = len(tasks[key])
    return sorted(found.values(), key=lambda block: -block.seconds)


def blocking(steps, life):
    """The steps of a loop that block it: the long ones, and shorter ones that kept tasks waiting,
    where it does little else all its life.
    """
    long = [step for step in steps if step[5] - step[4] >= BLOCKED]
    both = [step for step in steps if step[5] - step[4] >= BLOCKED or step[7]]
    often = sum(step[5] - step[4] for step in both) > OFTEN * life
    return both if often else long


def delayed(steps, blocking):
    """Tasks that a step kept waiting: noted as such, or they waited for something due before it and
    went on after it.
    """
    before, after = {}, set()
    for _, _, task, _, begin, end, waits, _ in steps:
        if not task or task == blocking[2]:
            continue
        if end <= blocking[4] + 1e-6:
            before[task] = waits
        elif begin >= blocking[5] - 1e-6:
            after.add(task)
    due = {task for task, waits in before.items() if waits in ("asleep", "io", "lock")} & after
    return due.union(blocking[7])


def blocking_line(seen, process, thread, begin, end):
    """The program's line in which a step of a loop spent its time: of the longest noted wait, or of
    most probes.
    """
    one = seen.threads.get(thread)
    waits = one.waits if one else []
    first = bisect_left(waits, begin - 1e-3, key=lambda wait: wait[0])
    last = bisect_right(waits, end, key=lambda wait: wait[0])
    waits = [wait for wait in waits[first:last] if wait[1] <= end + 1e-3]
    if waits and (most := max(waits, key=lambda wait: wait[1] - wait[0]))[1] - most[0] > 0.5 * (
        end - begin
    ):
        return place(seen, most[5])
    counts = Counter()
    probes = seen.processes[process].probes
    first = bisect_left(probes, begin, key=lambda probe: probe[0])
    for _, _, places in probes[first : bisect_right(probes, end, key=lambda probe: probe[0])]:
        if thread in places:
            counts[places[thread]] += 1
    known = seen.processes[process].places
    if counts and (number := counts.most_common(1)[0][0]) in known:
        return place(seen, known[number][:2])
    return ""


def straggler(bins, lanes, seen):
    """(seconds at the end in which one worker of several was at work, its name)."""
    crew = [
        one
        for one in lanes
        if one.kind != "task" and not one.servant and not one.name.startswith("MainThread")
    ]
    tail, name = alone(bins, crew)
    if name:
        others = [one for one in lanes if one.kind != "task" and one not in crew]
        last = next(one for one in crew if one.name == name)
        span = range(max(0, bins.count - round(tail / bins.width)), bins.count)
        pieces = sum(many for at, many in seen.done.get(last.number, ()) if at > seen.end - tail)
        passed_on = pieces >= SEVERAL or any(
            lives_on(bins, one, span) for one in crew if one != last
        )
        if passed_on or beside(bins, others, last, span):
            return 0.0, ""
        return tail, name
    tasks = [one for one in lanes if one.kind == "task"]
    tail, name = alone(bins, tasks)
    rest = range(int((seen.end - tail) / bins.width) + 1, bins.count)
    meanwhile = sum(at_work(one, rest) for one in tasks if one.name != name)
    if name in {f"task {called}" for called in mains_of_loops(seen)} or meanwhile > 0.1 * tail:
        return 0.0, ""  # tasks that work in turn end together
    return tail, name


def beside(bins, others, last, span):
    """Whether another than the workers ran through most of the tail, or did anything of its own
    while the last worker only slept: then nobody waits for a long piece of that one.
    """
    seconds = bins.width * len(span)
    sleeps = amount(last, span, "asleep") > SLEEPS * seconds
    return any(
        amount(one, span, *RUNNING) > ACTIVE * seconds
        or (sleeps and at_work(one, span) > ACTIVE * seconds)
        for one in others
    )


def lives_on(bins, lane, span):
    """Whether a worker is at work for a moment again and again: a later stage that is given what
    the last worker makes.
    """
    tenth = max(1, len(span) // 10)
    parts = [span[at : at + tenth] for at in range(0, len(span), tenth)]
    least = MOMENT * bins.width * tenth
    return sum(at_work(lane, part) > least for part in parts) > NEARLY * len(parts)


def one_by_one(bins, lanes):
    """Of the time in which workers ran, without the main thread, the part in which only one did."""
    mine = [
        one
        for one in lanes
        if one.kind != "task" and not one.servant and not one.name.startswith("MainThread")
    ]
    ran = alone = 0.0
    for at in range(bins.count):
        each = [amount(one, range(at, at + 1), *RUNNING) for one in mine]
        ran += sum(each)
        alone += max(each, default=0.0)
    return alone / ran if ran else 0.0


def amount(lane, span, *states):
    """Seconds of these states in a span of bins."""
    return sum(sum(lane.cells.get(state, ())[span.start : span.stop]) for state in states)


def mains_of_loops(seen):
    """The names of the tasks with which the loops began."""
    firsts = {}
    for step in seen.steps:
        if step[2]:
            firsts.setdefault(step[:2], step[3])
    return firsts.values()


def alone(bins, crew):
    """(seconds at the end in which one of several workers was at work, its name)."""
    step = max(1, bins.count // SPANS)
    spans = [range(at, min(at + step, bins.count)) for at in range(0, bins.count, step)]
    busy = [
        {one.name for one in crew if at_work(one, span) > ACTIVE * bins.width * len(span)}
        for span in spans
    ]
    while busy and not busy[-1]:
        busy.pop()
    if not busy or len(busy[-1]) != 1:
        return 0.0, ""
    last, begin, blemishes = busy[-1], len(busy), 0
    for at in range(len(busy) - 1, -1, -1):
        blemishes += busy[at] != last
        if blemishes > 0.1 * (len(busy) - at) + 1:
            break
        if busy[at] == last:
            begin = at
    if not any(len(names) > 1 for names in busy[:begin]):
        return 0.0, ""
    return (len(busy) - begin) * step * bins.width, next(iter(last))


def at_work(lane, span):
    """Seconds of a span of bins in which a lane did not wait for other workers."""
    return sum(
        cells[at]
        for state, cells in lane.cells.items()
        if state not in ("worker", "unknown")
        for at in span
    )


def sizes(seen, lanes):
    """What each further process held for itself at most."""
    known = {one.number: one.name for one in lanes if one.kind == "process"}
    return {
        known[number]: max(one.sizes)
        for number, one in seen.processes.items()
        if number in known and one.sizes
    }


def longest(seen, names):
    """The longest single wait for anything but sleep or the end of another."""
    waits = [
        (end - begin, names[thread.number], state, what)
        for thread in threads(seen)
        if thread.number in names
        for begin, end, state, what, *_ in thread.waits
        if state != "asleep" and not (isinstance(what, str) and what.startswith("the end of"))
    ]
    if not waits:
        return None
    seconds, worker, state, what = max(waits, key=lambda wait: wait[:2])
    return worker, seconds, state, what if isinstance(what, str) else lock_name(seen, what)


def crew(workers):
    """Threads and processes, without tasks and without what only sends and receives for them."""
    return [one for one in workers if one.kind != "task" and not one.servant]
