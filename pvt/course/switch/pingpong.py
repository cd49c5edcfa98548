"""Two partners hand one byte to and fro over two pipes: what does a hand-over cost, and did the
kernel really switch?

A partner that waits for the byte sleeps, so the kernel must switch to the other one. Whether it
did, only the kernel knows: it counts the switches of each task, voluntary (it had to wait) and
involuntary (another was let in). A time counts as the cost of a switch only where these counts show
one switch for each hand-over. Partners that never sleep look faster than any switch can be. Writing
and reading cost too, switch or no switch: this is measured beside it, with both ends of one pipe in
the same hands, and subtracted. What is left is one waking and one switch.
"""

import os
import threading
import time

from pvt import host, procfs, timing

WARM = 20  # hand-overs before the clock starts
PAGES = 256  # looked at in one turn: more than the first level of a TLB holds, less than the second
BUSY = 0.5  # cores: if others took as many, noise is their fault
UNCOUNTED = (
    "the kernel did not count one switch for each hand-over here, so no time here is that"
    " of a switch."
)
AGREES = (0.95, 1.1)  # switches counted for each hand-over: with fewer or more, no figure


def ping(mouth, ear, times):
    for _ in range(times):
        os.write(mouth, b"x")
        os.read(ear, 1)


def pong(ear, mouth):
    while byte := os.read(ear, 1):
        os.write(mouth, byte)


def ping_and_touch(mouth, ear, times, block):
    for _ in range(times):
        os.write(mouth, b"x")
        os.read(ear, 1)
        look(block)


def pong_and_touch(ear, mouth, block):
    while byte := os.read(ear, 1):
        look(block)
        os.write(mouth, byte)


def look(block):
    """Read a byte of PAGES pages, spread over the block, on a different line of each: what the
    TLB must find again."""
    return block[:: len(block) // PAGES + 64]


def by_thread(work):
    worker = threading.Thread(target=work)
    worker.start()
    return worker.native_id, worker.join


def by_process(work):
    worker = os.fork()
    if worker == 0:
        try:
            work()
        finally:
            os._exit(0)
    return worker, lambda: os.waitpid(worker, 0)


STARTS = {"thread": by_thread, "process": by_process}
PLACES = {"together": "on one core", "apart": "between two cores", "free": "not pinned"}
ALLOWED = timing.allowed()  # before anything is pinned
STUDY = (ping, pong, by_thread, by_process)


class Partner:
    """A thread or a process that gives back every byte, kept on these cores; `with` ends it.

    A process writes to every page of `block` first, and so has a copy of its own. With `between`
    both partners look at pages of their block in every turn; otherwise they leave it alone.
    """

    def __init__(self, worker, cores, block=b"", between=False):
        (ear, self.mouth), (self.ear, mouth) = os.pipe(), os.pipe()
        self.block = block if between else b""

        def work():
            if worker == "process":
                os.close(self.mouth), os.close(self.ear)
                touch(block)
            timing.pin(*cores)
            pong_and_touch(ear, mouth, self.block) if self.block else pong(ear, mouth)
            os.close(ear), os.close(mouth)

        self.task, self.join = STARTS[worker](work)
        if (
            worker == "process"
        ):  # each end in one process only: else neither would see that the other has ended
            os.close(ear), os.close(mouth)

    def __enter__(self):
        play(self.mouth, self.ear, WARM, self.block)
        return self

    def __exit__(self, *_):
        os.close(self.mouth)
        self.join()
        os.close(self.ear)

    def measured(self, handovers):
        """What `handovers` to this partner cost, and what the kernel counted meanwhile."""
        before = switches(self.task)
        begin = time.perf_counter()
        play(self.mouth, self.ear, handovers // 2, self.block)
        seconds = (time.perf_counter() - begin) / handovers
        counted = [late - early for late, early in zip(switches(self.task), before, strict=True)]
        pipe = min(
            without_switch(handovers // 8, self.block) for _ in range(4)
        )  # what disturbs can only add
        return figures(handovers, seconds, pipe, *counted)


def places():
    """Where the partners may be: two cores only where we may use two."""
    return tuple(PLACES) if min(host.cores(), len(ALLOWED)) > 1 else ("together",)


def cores(number, place):
    """The cores for the starter and for its partner in this round: the last two, by turns, for
    others may need one."""
    one, other = (ALLOWED[-2:] * 3)[number % 2 :][:2]
    return {"together": ([one], [one]), "apart": ([one], [other]), "free": (ALLOWED, ALLOWED)}[
        place
    ]


def measured(worker, mine, theirs, handovers):
    """What `handovers` cost from this thread, on cores `mine`, to a new partner. Pins the
    calling thread."""
    timing.pin(*mine)
    with Partner(worker, theirs) as partner:
        return partner.measured(handovers)


def figures(handovers, seconds, pipe, voluntary, involuntary):
    """Seconds for one hand-over, for all in it but the switch, and for the switch: None if not
    one was counted."""
    agrees = AGREES[0] <= (voluntary + involuntary) / handovers <= AGREES[1]
    row = {"handovers": handovers, "voluntary": voluntary, "involuntary": involuntary}
    return row | {"seconds": seconds, "pipe": pipe, "switch": seconds - pipe if agrees else None}


def play(mouth, ear, times, block):
    """The starter's side, with a look at the block in every turn where there is one."""
    ping_and_touch(mouth, ear, times, block) if block else ping(mouth, ear, times)


def without_switch(times, block=b""):
    """Seconds to write and read a byte of a pipe that nobody else has, and to look at the block
    where there is one."""
    ear, mouth = os.pipe()
    play(mouth, ear, WARM, block)
    begin = time.perf_counter()
    play(mouth, ear, times, block)
    seconds = (time.perf_counter() - begin) / times
    os.close(ear), os.close(mouth)
    return seconds


def switches(task):
    """The kernel's counts of switches so far, [voluntary, involuntary], of the calling thread
    and a task together."""
    both = [procfs.switches(threading.get_native_id()), procfs.switches(task)]
    return [sum(pair) for pair in zip(*both, strict=True)]


def touch(block):
    """Write to every page, so that the memory is really there."""
    for at in range(0, len(block), 4096):
        block[at] = 1


def quickest(values):
    """The `timing.Spread` of the quicker half: what disturbs a hand-over can only make it longer.
    None if none is left.

    None among the values (a hand-over that was not counted) is left out, unless these are the most:
    then so is all.
    """
    known = sorted(value for value in values if value is not None)
    if len(known) <= len(values) / 2:
        return None
    return timing.spread(known[: (len(known) + 1) // 2])


def blame(rows):
    """Why there is no verdict: others were busy, or the rounds differ for an unknown reason."""
    taken = timing.others(rows) or 0
    if taken > BUSY:
        return f"busy: others took {taken:.1f} of the cores needed here."
    return "noisy: the rounds differ too much."
