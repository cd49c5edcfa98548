"""Updates that get lost: two ways to update what is shared, each by threads and by processes,
round by round."""

import time

WORKERS = {"thread": "threads", "process": "processes"}


def rounds(ways, least, patience, one_round):
    """Rows of `one_round(kind, way)` for all: `least` rounds, and more until both kinds have lost
    by the first way.

    After `patience` seconds no further round begins.
    """
    begin, losers, number = time.perf_counter(), set(), 0
    while number < least or (len(losers) < 2 and time.perf_counter() - begin < patience):
        number += 1
        for way in ways:
            for kind in WORKERS:
                row = one_round(kind, way)
                yield {"round": number, "way": way, "workers_are": kind, **row}
                if row["lost"] and way == ways[0]:
                    losers.add(kind)


def together(worker_type, work, arguments):
    """Start a worker for each of these arguments, and wait for all; the workers, and seconds
    from start to end."""
    crowd = [worker_type(target=work, args=each) for each in arguments]
    begin = time.perf_counter()
    for worker in crowd:
        worker.start()
    for worker in crowd:
        worker.join()
    return crowd, time.perf_counter() - begin


def counts(expected, counted):
    return {"expected": expected, "counted": counted, "lost": expected - counted}


def lost(rows, kind, way):
    """How many updates are missing and how many were made."""
    mine = [row for row in rows if row["workers_are"] == kind and row["way"] == way]
    return sum(row["lost"] for row in mine), sum(row["expected"] for row in mine)


def sentence(rows, ways, what):
    """What each way lost by each kind of worker, as far as they have been tried."""
    parts = []
    for way in ways:
        known = {kind: lost(rows, kind, way) for kind in WORKERS}
        shares = [
            f"{gone / all_:.1%} by {WORKERS[kind]}" for kind, (gone, all_) in known.items() if all_
        ]
        parts += [f"{way}, {' and '.join(shares)}"] if shares else []
    return f"Lost {what}: {'; '.join(parts)}."


def draw(ax, rows, ways, what):
    """Four bars: what each way lost, in per cent of all updates."""
    bars = [(kind, way) for way in ways for kind in WORKERS]
    for at, (kind, way) in enumerate(bars):
        gone, all_ = lost(rows, kind, way)
        if all_:
            share = 100 * gone / all_
            ax.bar(at, share, color=kind, hatch="//" if gone else "", edgecolor="white")
            label = f"{gone:,} lost\nof {all_:,}"
            ax.annotate(label, (at, share), ha="center", va="bottom", fontsize=10)
    ax.set(ylabel=f"{what} lost, %", ylim=(0, 112), yticks=range(0, 101, 20))
    ax.set(xticks=range(len(bars)), xlim=(-0.6, len(bars) - 0.4))
    ax.set_xticklabels([f"{WORKERS[kind]},\n{way}" for kind, way in bars])


def healed(rows, way, what):
    """(whether nothing was lost this way, what each kind of worker lost in words)."""
    gone = {kind: lost(rows, kind, way) for kind in WORKERS}
    text = ", ".join(
        f"{WORKERS[kind]} lost {missing:,} of {all_:,} {what}"
        for kind, (missing, all_) in gone.items()
    )
    return not any(missing for missing, _ in gone.values()), text
