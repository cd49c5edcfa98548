"""Sentences about a run, each with its figure and the chapter that explains it; the most important
first.

Each rule looks at the `Figures` and gives None, or a finding with its weight: about which part of
the run's time it explains. Rules for what is wrong come before "all is well", and that before
"nothing" and "unknown".
"""

from bisect import bisect_left
from dataclasses import replace
from typing import NamedTuple

from pvt.watcher.figures import DATABASE, HANDING_OUT, crew

# id -> (chapter's notebook, claim)
LESSONS = {
    "gil-bound": ("06_gil", "gil.cpu-threads"),
    "lock-bound": ("04_race", "lock.cost"),
    "pool-too-small": ("07_birth", "pool.size-waiting"),
    "loop-blocked": ("12_server", "server.heavy"),
    "oversubscribed": ("11_choose", "choose.too-many"),
    "pickling": ("03_talk", "talk.pickling"),
    "straggler": ("06_gil", "gil.cpu-processes"),
    "memory": ("10_limits", "limits.10000-processes"),
    "io-fine": ("06_gil", "gil.io-threads"),
    "cpu-fine": ("06_gil", "gil.cpu-processes"),
    "nothing": (None, None),
    "unknown": (None, None),
}
WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
WELL = 0.01  # weights of what is not a fault
MOST = 3  # sentences
OTHERS = 0.3  # cores taken by other programs: from here on they are mentioned
UNEVEN = 0.4  # of the run, with one worker at work: only unequal pieces make it so long
LONGER = 1.85  # times as long as any other; equal work on two cores of one machine took 1.76 times
BRIEF = 0.05  # of the run: who lived shorter does not decide what is said of it
SOME = 0.1  # of a worker's life: so much of it is no accident
TOGETHER = 1.3  # waits at the same time, on average: with fewer they come one after the other
ALONE = 0.8  # of the time in which workers computed: then they did not do so at once
FULL = 0.85  # of all cores: more processes would have none
ROOM = 0.4  # cores that nobody used: who could have run had one
LITTLE = 1000  # bytes: a smaller message takes as long as an empty one
MANY, TINY = 300, 0.0005  # pieces of work; seconds at each, in which none can be sent
SHORT = 0.15  # seconds: too short a run to say anything


class Finding(NamedTuple):
    """A diagnosis: its id, its sentence, and about which part of the time it explains."""

    id: str
    text: str
    weight: float
    lesson: tuple  # (notebook, claim), or (None, None)


def diagnose(figures):
    """One to three findings, the most important first."""
    if not figures.seconds:  # it did not come to begin
        return [finding("unknown", 0.0, "Nothing was seen of it: it did not begin.")]
    found = [one for rule in RULES if (one := rule(figures))]
    faults = sorted(found, key=lambda one: -one.weight)
    return (faults or [fine(figures)])[:MOST]


def finding(name, weight, text, lesson=None):
    """A finding whose sentence ends with its chapter and claim."""
    notebook, claim = lesson = lesson or LESSONS[name]
    if notebook:
        text = f"{text.rstrip('.')} ({notebook[:2]}, {claim})."
    return Finding(name, text, weight, lesson)


def share(part):
    return f"{100 * part:.0f} %"


def counted(number, thing, plural=None):
    """Two threads; 12 threads."""
    text = WORDS[number] if number < len(WORDS) else f"{number:,}"
    return f"{text} {thing if number == 1 else plural or thing + 's'}"


def busy(figures):
    return (
        f"{figures.cores_busy:.1f} of {figures.cores} {'core' if figures.cores == 1 else 'cores'}"
    )


def gil_bound(figures):
    workers = [one for one in crew(figures.workers) if not one.own]
    lasting = [one for one in workers if one.life > BRIEF * figures.seconds]
    # where none lasts, those that take turns are judged together
    found = most_for_gil(figures, lasting, span) or most_for_gil(
        figures, [without_core(figures, one) for one in workers], overlap
    )
    if found is None or no_core_left(figures, workers):
        return None
    weight, mine = found
    life = sum(one.life for one in mine)
    lock = seconds(mine, "lock") / life
    held = f"{share(lock)} for a lock whose holder needs the GIL too"
    waited = f"{share(seconds(mine, 'gil') / life)} of their time for the GIL"
    if seconds(mine, "gil") < 0.01 * life and lock > 0.05:
        waited = held.replace(" for", " of their time for", 1)
    elif lock > 0.05:
        waited += f" and {held}"
    text = (
        f"{at_a_time(figures, mine)} kept {busy(figures)} busy and waited {waited}:"
        " this is computing in Python."
    )
    more = "Processes or a Python without a GIL would use the other cores."
    if figures.cores == 2:
        more = "Processes or a Python without a GIL would use the other core."
    if figures.cores == 1:
        more = "There is only one core here, so processes would not help."
    return finding("gil-bound", weight, f"{text} {more}")


def most_for_gil(figures, workers, lived):
    """(weight, threads) of the processes whose threads waited for their GIL, None if none did;
    the weight is the heaviest one's, and `lived` gives the seconds of the run that they concern.
    """
    found = []
    for process in {one.process for one in workers}:
        mine = [one for one in workers if one.process == process]
        locked = figures.gil and saturated(mine) and seconds(mine, "lock") > 0.1 * span(mine)
        waits = ("gil", "lock") if locked else ("gil",)
        wants = ("python", "ready", *waits) if locked else ("python", *waits)
        mine = [one for one in mine if one.share(*wants) > 0.3 * (1.0 - one.share("ready"))]
        python, other = seconds(mine, "python"), seconds(mine, "c")
        waited, ready = seconds(mine, *waits), seconds(mine, "ready")
        life = lived(mine)
        # also who has the GIL may have no core
        much = python + ready > 0.5 * life and python > other and waited > 0.25 * (python + waited)
        if len(mine) < 2 or life < BRIEF * figures.seconds or not much or waited < 0.1 * ready:
            continue
        found.append((waited / (python + waited) * min(1.0, life / figures.seconds), mine))
    if not found:
        return None
    return max(weight for weight, _ in found), [one for _, mine in found for one in mine]


def no_core_left(figures, workers):
    """Whether the processes of the program have use for all cores already."""
    alike = [one for one in workers if one.wanting > 0.3]
    whole, wanted = span(alike), []
    for process in {one.process for one in alike}:
        mine = [one for one in alike if one.process == process]
        wanted.append(min(span(mine), sum(one.wanting * one.life for one in mine)))
    many = sum(one > BRIEF * whole for one in wanted) > 1 and sum(wanted) > FULL * (
        figures.cores * whole
    )
    return figures.cores > 1 and (many or figures.cores_busy > FULL * figures.cores)


def without_core(figures, worker):
    """The worker; who is brief is seen only a few times, and if it seems to be ready while a core
    is free, it waits for the GIL.
    """
    room = figures.cores - figures.cores_busy - figures.others
    if room < ROOM or not figures.gil:
        return worker
    states = dict(worker.seconds)
    states["gil"] = states.get("gil", 0.0) + states.pop("ready", 0.0)
    return replace(worker, seconds=states)


def at_a_time(figures, threads):
    """Two threads; 80 brief threads, about two at a time."""
    processes = len({one.process for one in threads})
    if processes > 1:
        return f"{counted(len(threads), 'thread')} in {counted(processes, '', 'processes').lower()}"
    if any(one.life > BRIEF * figures.seconds for one in threads):
        return counted(len(threads), "thread")
    number = max(2, round(sum(one.life for one in threads) / overlap(threads)))
    word = WORDS[number].lower() if number < len(WORDS) else f"{number:,}"
    return f"{counted(len(threads), 'brief thread')}, about {word} at a time,"


def overlap(workers):
    """Seconds in which two or more of these workers lived."""
    changes = [(one.begin, 1) for one in workers] + [(one.end, -1) for one in workers]
    total, count, before = 0.0, 0, 0.0
    for at, change in sorted(changes):
        total += at - before if count > 1 else 0.0
        count, before = count + change, at
    return total


def seconds(workers, *states):
    """Seconds of all these workers in these states."""
    return sum(one.seconds.get(state, 0.0) for one in workers for state in states)


def span(workers):
    """Seconds from the begin of the first to the end of the last."""
    if not workers:
        return 0.0
    return max(one.end for one in workers) - min(one.begin for one in workers)


def saturated(threads):
    """Whether somebody among these threads of a process computed in Python nearly all the time.

    A lock that they share then costs little: without it they would wait for the GIL.
    """
    active = [one for one in threads if one.share("worker") < 0.7]
    python, ready = seconds(active, "python"), seconds(active, "ready")
    much = python + ready > 0.7 * span(active) and python > 2 * seconds(active, "c")
    return much and seconds(active, "asleep", "io") < 0.3 * span(active)


def one_gil(figures, workers):
    """Whether these are threads that share one GIL and keep it busy."""
    return share_gil(figures, workers) and saturated(workers)


def share_gil(figures, workers):
    """Whether these are threads of one process, with one GIL for all of them."""
    shared = len({one.process for one in workers}) == 1 and not any(one.own for one in workers)
    return figures.gil and shared


def deadlock(figures):
    if not figures.circle:
        return None
    waits = ", and ".join(
        f"{worker} waited for {named(lock)}, which {holder} held"
        for worker, lock, holder in figures.circle
    )
    text = (
        f"For the last {figures.stuck:.2f} s nobody of these could go on: {waits}. This is a"
        " deadlock. Take the locks in one order everywhere."
    )
    if len(figures.circle) == 1:
        worker, lock, _ = figures.circle[0]
        text = (
            f"{worker} waited for {named(lock)}, which it held itself: this never ends. Use an"
            " RLock, or take it once."
        )
    return finding("lock-bound", 1.0, text, ("05_deadlock", "deadlock.two-orders"))


def standstill(figures):
    still = figures.still
    if still is None or figures.circle:
        return None
    begin = f"For the last {still.seconds:.2f} s nobody could go on:"
    if still.locks:
        others = f", and {few(still.others)} for another worker" if still.others else ""
        text = (
            f"{begin} {few(still.locks)} waited for a lock{others}. The lock is never let go:"
            " this is a deadlock. Take it once, and several locks in one order everywhere."
        )
        return finding("lock-bound", 1.0, text, ("05_deadlock", "deadlock.two-orders"))
    if still.pool:
        text = (
            f"{begin} all {counted(still.pool, 'thread').lower()} of the pool waited for other"
            f" pieces of work, and {still.queued:,} lay in its queue with nobody to begin them."
            " Let no piece wait for another of its own pool, or make the pool larger."
        )
        return finding("pool-too-small", 1.0, text)
    text = (
        f"For the last {still.seconds:.2f} s nobody was at work: {few(still.others)} waited for"
        " another worker. What was to end this is not known: perhaps a sign that came too early."
    )
    return finding("unknown", 1.0, text)


def few(names):
    """Names in a sentence; only their number where they are many."""
    if len(names) > 3:
        return counted(len(names), "worker").lower()
    names = [name.removeprefix("task ") for name in names]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def named(lock):
    """A lock in the middle of a sentence."""
    plain = lock.startswith(("a ", "one of")) or "lock" in lock.lower()
    return lock if plain else f"the lock {lock}"


def lock_bound(figures):
    if figures.circle or (figures.still and figures.still.locks):
        return None
    lives = {one.name: one.life for one in crew(figures.workers)}
    for lock in figures.locks:
        mine = {
            name: seconds
            for name, seconds in lock.waits.items()
            if seconds > 0.1 * lives.get(name, 1e9)
        }
        waited, life = sum(mine.values()), sum(lives[name] for name in mine)
        if not mine or waited < 0.25 * life:
            continue
        if len(mine) == 1 and not kept_out(figures, lock, *mine.items()):
            continue
        if lock.name in HANDING_OUT and figures.cores_busy > FULL * figures.cores:
            continue
        concerned = mine if len(mine) > 1 else {*mine, lock.holder}
        if one_gil(figures, [one for one in crew(figures.workers) if one.name in concerned]):
            continue
        made = f", made in {lock.place}" if lock.place and lock.place != lock.name else ""
        held = f", most of it held by {lock.holder}" if lock.holder else ""
        advice = "one lock lets one worker at a time pass. Hold it for a shorter time,"
        if "semaphore" in lock.name:
            advice = (
                "it lets only so many pass at a time. Let more pass, hold it for a shorter time,"
            )
        end = " or split what it guards."
        if lock.name == DATABASE:
            advice = "only one at a time can write there. Commit sooner, and do what takes"
            end = " long before the transaction begins."
        if lock.name in HANDING_OUT:
            advice = "only so many are in use at a time. Put more there, or keep them"
            end = " for a shorter time."
        text = (
            f"{counted(len(mine), 'worker')} waited {share(waited / life)} of"
            f" {'its' if len(mine) == 1 else 'their'} time for"
            f" {named(lock.name)}{made}, at most {lock.longest:.2f} s at once{held}: {advice}{end}"
        )
        return finding(
            "lock-bound", waited / life * min(1.0, life / len(mine) / figures.seconds), text
        )
    return None


def kept_out(figures, lock, waiter):
    """Whether the one worker that waits for a lock is held up by another that has it mostly, and
    not for as long as that one has work: then it would wait for its end, too.
    """
    name, seconds = waiter
    life = next(one.life for one in figures.workers if one.name == name)
    other = lock.holder not in ("", name) or lock.name == "a lock between processes"
    once = name.startswith("MainThread") and lock.longest > 0.7 * seconds
    idle = figures.cores_busy < 0.8 * figures.cores
    much = seconds > 0.5 * life and seconds > 0.25 * figures.seconds
    return other and much and idle and not once


def tasks_locked(figures):
    mine = [one for one in figures.workers if one.kind == "task" and one.share("lock") > 0.3]
    if len(mine) < 2 or (figures.still and figures.still.locks):
        return None
    life = sum(one.life for one in mine)
    waited = seconds(mine, "lock") / life
    text = (
        f"{counted(len(mine), 'task')} waited {share(waited)} of their time for a lock or a"
        " semaphore of asyncio: it lets only so many pass at a time. Hold it for a shorter time,"
        " across fewer awaits, or split what it guards."
    )
    return finding("lock-bound", waited * min(1.0, life / len(mine) / figures.seconds), text)


def pool_too_small(figures):
    for pool in sorted(figures.pools, key=lambda pool: -pool.backlog):
        idle = figures.cores_busy < 0.8 * figures.cores
        waits = pool.waiting > 0.6 * (1.0 - pool.ready)  # what it did when others left it a core
        if pool.backlog < max(1.0, 0.5 * pool.size) or not waits or not idle:
            continue
        plural = {"thread": "threads", "process": "processes", "task": "tasks"}[pool.kind]
        workers = pool.kind if pool.size == 1 else plural
        text = (
            f"The pool of {pool.size} had {pool.backlog:.1f} pieces of work waiting on average,"
            f" while its {workers} waited {share(pool.waiting)} of the time and kept"
            f" {busy(figures)} busy. A larger pool would wait for more of them at once."
        )
        if pool.by_hand:
            text = (
                f"{counted(pool.size, pool.kind, plural)} took pieces of work from one queue, in"
                f" which {pool.backlog:.1f} lay waiting on average. They waited"
                f" {share(pool.waiting)} of the time and kept {busy(figures)} busy: more of them"
                " would wait for more at once."
            )
        if pool.clients:
            text = (
                f"{counted(pool.size, pool.kind, plural)} served {pool.clients} clients, of which"
                f" {pool.backlog:.1f} waited for their turn on average. They waited"
                f" {share(pool.waiting)} of the time and kept {busy(figures)} busy: more of them"
                " would serve more clients at once."
            )
        if pool.size == 1:
            text = text.replace(" They waited", " It waited").replace("more of them", "more")
        weight = (
            pool.backlog / (pool.backlog + pool.size) * min(1.0, pool.seconds / figures.seconds)
        )
        return finding("pool-too-small", weight, text)
    return None


def loop_blocked(figures):
    mine = [block for block in figures.blocks if block.others]
    if not mine:
        return None
    total, life = sum(block.seconds for block in mine), max(block.loop for block in mine)
    if total < 0.1 * life:
        return None
    worst = mine[0]
    who = f"{counted(worst.tasks, 'task').lower()}" if worst.tasks > 1 else worst.task
    where = f"{worst.place} (in {who})" if worst.place else who
    times = "once" if worst.count == 1 else f"{worst.count} times"
    text = (
        f"The event loop stood still for {total:.2f} of {life:.2f} s: {where} blocked it {times},"
        " up to"
        f" {worst.longest:.2f} s at a time, and {counted(worst.others, 'other task').lower()} had"
        " to wait."
        " Await what waits, or give it to asyncio.to_thread; what computes belongs in a process."
    )
    return finding("loop-blocked", min(1.0, 1.5 * total / figures.seconds), text)


def oversubscribed(figures):
    lanes = [
        one
        for one in crew(figures.workers)
        if one.share("python", "c", "ready", "gil", "unknown") > 0.5
    ]
    wanted = sum(
        one.seconds.get(state, 0.0)
        for one in lanes
        for state in ("python", "c", "ready", "unknown")
    )
    ready = sum(one.seconds.get("ready", 0.0) for one in lanes)
    at_once = wanted / figures.seconds  # who waits for the GIL does not compete for a core
    # Together they can use one core, unless they are ready without ever waiting for the GIL.
    for_gil = seconds(lanes, "gil", "lock")  # who holds the lock needs the GIL to let it go
    if (
        len(lanes) < max(3, 2 * figures.cores)
        or ready < 0.3 * wanted
        or at_once < 1.5 * figures.cores
        or (one_gil(figures, lanes) and for_gil > 0.1 * ready)
    ):
        return None
    text = (
        f"{counted(len(lanes), 'worker')} wanted {counted(figures.cores, 'core').lower()}:"
        f" {share(ready / wanted)} of"
        " the time in which they could have run they were ready and had none. More workers than"
        " cores do not get"
        " more computing done."
    )
    return finding(
        "oversubscribed", ready / wanted * min(1.0, wanted / figures.seconds / figures.cores), text
    )


def pickling(figures):
    used = figures.cores_busy * figures.seconds
    small = figures.messages >= MANY and figures.pickled < LITTLE * figures.messages
    took = figures.pickling + (figures.sending if small else 0.0)
    if took < 0.1 * max(1.0, figures.seconds) or took < 0.25 * used:
        return None
    if small and tiny_pieces(figures):  # that says more
        return None
    text = (
        f"Processes spent {took:.1f} s, {share(min(1.0, took / used))} of all the time on a core,"
    )
    if small:
        each = figures.pickled / figures.messages
        text += (
            f" making, sending and reading {figures.messages:,} messages of about {each:,.0f}"
            " bytes each (pickling): each takes its time, however little is in it. Send less"
            " often, and more at once."
        )
    else:
        text += (
            f" turning {figures.pickled / 1e6:,.0f} MB of objects into bytes and back (pickling)."
            " Send less: names of files, ranges, or shared memory."
        )
    return finding("pickling", min(1.0, took / max(used, figures.seconds)), text)


def tiny_pieces(figures):
    """Pieces that are done sooner than they are sent, as long as somebody is busy sending them."""
    parent = [one for one in figures.workers if one.kind == "thread"]
    sends = sum(one.wanting * one.life for one in parent)
    for pool in figures.pools:
        many = pool.kind == "process" and pool.pieces >= MANY and pool.each < TINY
        waits = pool.idle > 0.5 * (1.0 - pool.ready) and sends > 0.5 * pool.seconds
        if not many or not waits or pool.seconds < 0.4 * figures.seconds:
            continue
        text = (
            f"The pool's processes ran {1000 * pool.each:.2f} ms for each of {pool.pieces:,}"
            f" pieces of work and waited {share(pool.idle)} of their time for the next: sending"
            " takes longer than the work. Send more at once: larger pieces, or a chunksize."
        )
        return finding("pickling", pool.idle * min(1.0, pool.seconds / figures.seconds), text)
    return None


def straggler(figures):
    part = figures.tail / figures.seconds if figures.seconds else 0.0
    task = any(one.kind == "task" and one.name == figures.tail_worker for one in figures.workers)
    # Equal pieces end unequally where one core is slower, or others take a part of it.
    unequal = longer(figures, task)
    least = min(0.35, max(0.2, 0.15 + figures.others)) if unequal else UNEVEN
    if figures.tail < 0.1 or part < least or (figures.others > OTHERS and not unequal):
        return None
    if not longer(figures, task) if task else figures.cores < 2:
        return None
    text = (
        f"For the last {figures.tail:.2f} of {figures.seconds:.2f} s only"
        f" {figures.tail_worker.removeprefix('task ')} was at work: one long"
        " piece at the end while the other workers are idle. Begin with the longest piece, or cut"
        " the work into"
        " smaller ones."
    )
    return finding("straggler", part / 2, text)


def longer(figures, task=False):
    """Whether the last worker worked so much longer than any other that no core explains it."""
    alike = [one for one in figures.workers if (one.kind == "task") == task]
    took = {one.name: one.life * (1.0 - one.share("worker") - one.share("ready")) for one in alike}
    last = took.pop(figures.tail_worker, 0.0)
    return last > LONGER * max(took.values(), default=last)


def memory(figures):
    sizes = sorted(figures.sizes.values())
    if len(sizes) < 2 or sizes[0] < 64 << 20 or sum(sizes) < 256 << 20:
        return None
    text = (
        f"{counted(len(sizes), 'process', 'processes')} held"
        f" {sizes[len(sizes) // 2] / 2**20:,.0f} MiB each that they"
        f" share with no other, {sum(sizes) / 2**20:,.0f} MiB together: each further process"
        " takes as much again."
        " Threads, or shared memory, hold it once."
    )
    return finding("memory", 0.2, text)


def fine(figures):
    """What is said where no rule found a fault."""
    workers = judged(figures)
    total = active(workers) or 1e-9
    unknown = sum(one.seconds.get("unknown", 0.0) for one in workers)
    ran = sum(
        one.seconds.get(state, 0.0) for one in workers for state in ("python", "c", "unknown")
    )
    ready = sum(one.seconds.get("ready", 0.0) for one in workers)
    much = unknown > 0.4 * total or (unknown + ready > 0.3 * total and unknown > 0.5 * ran)
    if not workers or (much and span(workers) > SHORT):
        return not_known(figures, unknown / total if workers else 1.0)
    if span(workers) < SHORT:
        return finding(
            "nothing", 0.0, f"It took {figures.seconds:.2f} s: too short to say more than that."
        )
    if one_after_the_other(figures, workers):
        return turns(figures, workers)
    computing = [one for one in workers if one.wanting > 0.6]
    held = sum(one.wanting * one.life for one in computing)
    if held < 0.3 * sum(one.wanting * one.life for one in workers):
        computing = []  # what a few of them do says little of the others
    if computing and figures.others > OTHERS and ready > 0.3 * (ran + ready):
        return no_core(figures, computing)
    wanted = sum(one.wanting * one.life for one in workers) / figures.seconds
    # beside others, or on unequal cores, equal pieces end unequally, and whoever is left wants one
    alone = figures.tail > 0.2 * figures.seconds
    enough = 0.6 if figures.others > OTHERS or alone else 0.7
    if wanted > enough * min(figures.cores, max(2, len(computing))) and computing:
        text = (
            f"{counted(len(computing), 'worker')} kept {busy(figures)} busy, and nothing held"
            " them up: more workers would not be faster. Less work, or more cores, would."
        )
        if alone:
            text += (
                f" For the last {figures.tail:.2f} s only {figures.tail_worker} was at work: it had"
                " a little more to do, or less of a core."
            )
        return finding("cpu-fine", WELL, text)
    if len(computing) == 1 and held > 0.6 * figures.seconds:
        text = (
            f"One worker computed {share(computing[0].share('python', 'c'))} of its time and"
            " nothing held it up; it"
            f" kept {busy(figures)} busy. Divided among processes, the work could use the"
            f" {'other' if figures.cores == 2 else 'others'}."
        )
        return finding("cpu-fine", WELL, text)
    waiting = [one for one in figures.workers if waits_mostly(one) or waits_in_turn(one)]
    if any(one.kind == "task" for one in waiting):  # the thread of the loop waits for its tasks
        waiting = [one for one in waiting if one.name != "MainThread"]
    if waiting and figures.cores_busy < 0.5 * figures.cores:
        return waits_well(figures, waiting)
    return finding(
        "nothing",
        0.0,
        f"Nothing stands out: {busy(figures)} busy, no lock, pool or loop in the way.",
    )


def one_after_the_other(figures, workers):
    """Whether several workers computed, each while the others had nothing to do."""
    mine = at_turns(workers)
    ran = sum(one.wanting * one.life for one in mine)
    waits = all(one.share("worker") > 0.8 for one in workers if one.name == "MainThread")
    even = figures.tail < 0.2 * figures.seconds  # else it is the longest piece that is alone
    return (
        len(mine) > 1
        and even
        and waits
        and figures.one_by_one > ALONE
        and ran > 0.5 * figures.seconds
    )


def at_turns(workers):
    """The workers that computed for more than a moment, without the main thread."""
    most = max((one.wanting * one.life for one in workers), default=0.0)
    return [
        one
        for one in workers
        if one.name != "MainThread" and one.wanting * one.life > max(0.02, SOME * most)
    ]


def turns(figures, workers):
    """Pieces of work that could have been done at once."""
    mine = at_turns(workers)
    text = (
        f"{counted(len(mine), 'worker')} computed one after the other: for"
        f" {share(figures.one_by_one)} of the time in which any of them computed it was only one,"
        f" and {busy(figures)} busy. Start all pieces of work first, and only then wait for their"
        " results, as map() does"
    )
    threads = figures.gil and share_gil(figures, mine)
    return finding(
        "cpu-fine",
        WELL,
        f"{text}; in processes, for threads that compute in Python share one GIL."
        if threads and seconds(mine, "python") > seconds(mine, "c")
        else f"{text}.",
    )


def judged(figures):
    """The workers of which is spoken: those that last, if they did the most."""
    workers = crew(figures.workers)
    lasting = [one for one in workers if one.life > BRIEF * figures.seconds]
    return lasting if 2 * active(lasting) >= active(workers) else workers


def active(workers):
    """Seconds in which these workers did not wait for others."""
    return sum(one.life * (1.0 - one.share("worker")) for one in workers)


def waits_mostly(worker):
    """Whether a worker sleeps or reads most of its time, but for that in which it had no core."""
    return worker.share("io", "asleep") > max(0.3, 0.7 * (1.0 - worker.share("ready")))


def waits_in_turn(worker):
    """Whether a worker now sleeps or reads, and now waits for others that do."""
    both = worker.share("io", "asleep", "worker") > max(0.3, 0.7 * (1.0 - worker.share("ready")))
    return both and worker.share("io", "asleep") > SOME


def no_core(figures, computing):
    """Other programs had the cores."""
    life = sum(one.life for one in computing)
    held = "Nothing of their own held them up"
    python = seconds(computing, "python") > seconds(computing, "c")
    if len(computing) > 1 and python and share_gil(figures, computing):
        held = "They share one GIL, too, with which one at a time computes in Python"
    text = (
        f"{counted(len(computing), 'worker')} had a core for"
        f" {share(seconds(computing, 'python', 'c', 'unknown') / life)} of the time and were ready"
        f" without one for {share(seconds(computing, 'ready') / life)}: other programs took"
        f" {figures.others:.1f} cores. {held}; watch again when the others are quiet."
    )
    if len(computing) == 1:
        text = text.replace("and were", "and was").replace("their own held them", "its own held it")
    return finding("cpu-fine", WELL, text)


def not_known(figures, part):
    why = "programs that are no Python, and calls such as flock, do not say what they wait for"
    if figures.silent:
        why = "one of its Pythons took no notes (started with -I, -S or -E?)"
    if not figures.traced:
        why = "this system does not show in which call a thread waits"
    return finding(
        "unknown", 0.0, f"What the workers did is not known for {share(part)} of their time: {why}."
    )


def waits_well(figures, waiting):
    """Waiting is right; whether it overlaps is the question."""
    waiting = [one for one in waiting if not one.listens] or waiting  # they wait for the others
    together = at_once(waiting)
    seconds = sum(one.share("io", "asleep") * one.life for one in together)
    one_by_one = len(together) < 2 or seconds / figures.seconds < TOGETHER
    told = waiting if one_by_one else together
    kind = "tasks" if all(one.kind == "task" for one in told) else "workers"
    life = sum(one.life for one in told)
    part = sum(one.share("io", "asleep") * one.life for one in told) / life
    for_others = sum(one.share("worker") * one.life for one in told) / life
    if one_by_one:
        whose = "its" if len(told) == 1 else "their"
        text = (
            f"{counted(len(told), kind[:-1])} waited {share(part)} of {whose} time, one wait"
            " after the other. Waiting needs no core: several threads or tasks could wait at once."
        )
    else:
        text = (
            f"{counted(len(told), kind[:-1])} waited {share(part)} of their time, at the same"
            " time, and needed"
            f" {busy(figures)}: threads or tasks are right for that."
        )
    if for_others > SOME and len(told) > 1 and one_by_one:
        text += (
            f" For another {share(for_others)} they waited for work, or for one another: where the"
            " pieces do not need each other, start all of them first, and only then wait for their"
            " results."
        )
    elif for_others > SOME and len(told) > 1:
        text += (
            f" For another {share(for_others)} they waited for others: what they share, or where"
            " they meet, sets the pace."
        )
    return finding("io-fine", WELL, text)


def at_once(workers):
    """Those of these workers who lived beside others of them for most of their time."""
    changes = [(one.begin, 1) for one in workers] + [(one.end, -1) for one in workers]
    times, lived, count, before = [], [], 0, 0.0  # lived: seconds of all of them until then
    for at, change in sorted(changes):
        times.append(at)
        lived.append((lived[-1] if lived else 0.0) + count * (at - before))
        count, before = count + change, at

    def beside(one):
        of_all = lived[bisect_left(times, one.end)] - lived[bisect_left(times, one.begin)]
        return of_all - (one.end - one.begin)

    return [one for one in workers if beside(one) > 0.5 * (one.end - one.begin)]


RULES = (
    deadlock,
    standstill,
    gil_bound,
    lock_bound,
    tasks_locked,
    pool_too_small,
    loop_blocked,
    oversubscribed,
    pickling,
    tiny_pieces,
    straggler,
    memory,
)
