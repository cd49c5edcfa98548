"""How many times as fast is shared work, and how many cores did it use? Over rows of seconds and
processor seconds.

Each row tells round, worker ("main" is one alone), workers, seconds, used (processor seconds of
all), job and cores.
"""

from pvt import timing

FASTER = 1.2  # a speed-up worth the name
CALM = 0.9  # the share of a core that one alone has, undisturbed
ONE, TWO = 1.15, 1.3  # cores in use: at most this by one at a time, at least this by two at once
FEWEST = 3  # rounds that a verdict needs


def computes(rows):
    return rows[0]["job"] in ("Python", "C")


def rounds(rows):
    """The rows of the main thread that can be compared with, by round; the first round warms up."""
    known = [row for row in rows if row["seconds"] and row["worker"] == "main"]
    return {row["round"]: row for row in known if row["round"] or rows[-1]["round"] == 0}


def calm(rows):
    """The rounds in which nobody disturbed the main thread."""
    return {
        at
        for at, row in rounds(rows).items()
        if not computes(rows) or row["used"] > CALM * row["seconds"]
    }


def pairs(rows, worker, size):
    """(the main thread's row, the row of `size` workers) of each calm round, or of all if none
    was calm."""
    main, chosen = rounds(rows), calm(rows) or rounds(rows)
    mine = [
        row for row in rows if (row["worker"], row["workers"]) == (worker, size) and row["seconds"]
    ]
    return [(main[row["round"]], row) for row in mine if row["round"] in chosen]


def gain(rows, worker, size):
    """The speed-ups of `size` workers against the main thread, round by round; None before the
    first."""
    return timing.spread(
        main["seconds"] / row["seconds"] for main, row in pairs(rows, worker, size)
    )


def best(rows, worker):
    """The number of workers, above one, with the highest speed-up; None before the first."""
    tried = {row["workers"] for row in rows if row["worker"] == worker and row["workers"] > 1}
    known = {size: found.middle for size in tried if (found := gain(rows, worker, size))}
    return max(known, key=known.get, default=None)


def in_use(rows, worker, size):
    """How many cores `size` workers kept busy on average, round by round."""
    return timing.spread(row["used"] / row["seconds"] for _, row in pairs(rows, worker, size))


def faster(rows, worker):
    """Whether more of these workers are faster than one; None if that is unclear.

    Of work that computes, the cores in use decide first: beyond them, it is the processor that
    changed its speed. Two that give hardly more than one are no cores of our own: a virtual
    machine, or two threads of one real core.
    """
    if not (size := best(rows, worker)):
        return None
    found, used = gain(rows, worker, size), in_use(rows, worker, size)
    if computes(rows) and used.upper < ONE:
        return False
    if computes(rows) and used.middle > TWO and found.middle > FASTER:  # others only take away
        return True
    if shared(rows, worker):
        return True if quickest(rows, worker) > FASTER * timing.CLEAR else None
    return found.above(FASTER)


def seconds(rows, worker):
    """What the main thread took and what these workers took, round by round."""
    known = pairs(rows, worker, best(rows, worker))
    return [[row["seconds"] for row in kind] for kind in zip(*known, strict=True)]


def quickest(rows, worker):
    """How many times as fast the quickest round of these workers was as the main thread's
    quickest."""
    return timing.quickest(*seconds(rows, worker))


def shared(rows, worker):
    """Whether these workers computed on two cores at once, which gave hardly more than one."""
    size = best(rows, worker)
    return (
        computes(rows)
        and in_use(rows, worker, size).middle > TWO
        and gain(rows, worker, size).middle <= FASTER
    )


def text(rows, worker):
    """The speed-up in words, with its spread, and for work that computes the cores in use."""
    size = best(rows, worker)
    if not size:
        return f"{worker}: not measured yet"
    found, cores_used = gain(rows, worker, size), in_use(rows, worker, size)
    busy = f", {cores_used.middle:.1f} cores in use" if computes(rows) else ""
    if shared(rows, worker):
        busy += f", the quickest round {quickest(rows, worker):.2f} times"
    workers = f"{size} {worker}{'e' * worker.endswith('s')}s"
    return (
        f"{workers} {found.middle:.2f} times as fast ({found.lower:.2f} to {found.upper:.2f}){busy}"
    )


def spoken_cores(rows):
    return f"{rows[0]['cores']} core{'s' * (rows[0]['cores'] != 1)}"


def law(alone, workers):
    """Amdahl's law: the share that one must do alone stays, the rest is divided."""
    return 1 / (alone + (1 - alone) / workers)


def amdahl(rows, size):
    """The most that the law allows `size` workers here: who computes needs a core."""
    return law(rows[0]["alone"] / 100, min(size, rows[0]["cores"]) if computes(rows) else size)


def hindered(rows, worker, answer):
    """Why this run cannot tell that these workers are no faster, or None. Whoever is faster needs
    no excuse.

    Processes are the control: if they had two cores, then threads could have had them too.
    """
    others = timing.others(rows)
    needed = min(rows[0]["cores"], max(row["workers"] for row in rows))
    if rows[0]["cores"] < 2:
        return "one core: here nothing can run at the same time"
    if answer is True or (worker != "process" and had_two(rows)):
        return None
    if others is None:
        return "it is unknown whether this machine is busy"
    if needed - others < 1.7:
        return f"the machine is busy: others took {others:.1f} of the cores needed here"
    if worker != "process":
        return "processes did not have two cores either"
    return (
        "two cores were in use and gave hardly more than one: they are not ours alone"
        if shared(rows, worker)
        else None
    )


def disturbed(rows, worker):
    """Why these workers, kept on one core, tell nothing, or None."""
    size = best(rows, worker)
    if size and in_use(rows, worker, size).middle > CALM:
        return None
    return "the machine is busy: others used this core too"


def had_two(rows):
    """Whether processes kept more than one core busy in most rounds."""
    size = best(rows, "process")
    return bool(size) and in_use(rows, "process", size).middle > TWO


def unclear(rows, worker, answer, one_core=False):
    """Why this run tells nothing about these workers, or None."""
    hindrance = disturbed(rows, worker) if one_core else hindered(rows, worker, answer)
    if not hindrance and len(calm(rows)) < FEWEST:
        return "the machine is busy: the main thread seldom had a core to itself"
    return hindrance


def outcome(rows, worker):
    """Whether more of these workers are faster; None also where the run does not tell. Where there
    is one core to use, that is the reason and no hindrance."""
    answer = faster(rows, worker)
    if answer is False and rows[0]["cores"] > 1:
        return None if unclear(rows, worker, answer, rows[0]["pinned"]) else False
    return answer


def decided(worker, wanted, one_core=False):
    """A check: are more of these workers faster, as `wanted`?"""

    def check(rows):
        answer, told = faster(rows, worker), text(rows, worker)
        hindrance = unclear(rows, worker, answer, one_core)
        if hindrance or answer is None:
            return None, f"{hindrance or 'too close to call'}. {told}."
        return answer is wanted, f"{told}{lock(rows, worker, answer)}."

    return check


def lock(rows, worker, answer):
    """What a free-threaded build has to do with it."""
    return (
        "; this Python runs without a GIL"
        if worker == "thread" and answer and not rows[0]["gil"]
        else ""
    )
