"""Work for every core, with rows on the way: what does the live picture cost it?"""

import multiprocessing
import time

QUESTION, SECONDS = "How long does fixed work take?", 2.0


def run(*, cores=2, work=120):
    """`work` pieces on each core; the seconds of each piece, as its worker measured them."""
    context = multiprocessing.get_context("fork")
    rows = context.SimpleQueue()
    crowd = [context.Process(target=pieces, args=(work, rows)) for _ in range(cores)]
    for worker in crowd:
        worker.start()
    for number in range(cores * work):
        yield {"piece": number, "seconds": rows.get()}


def pieces(work, rows):
    for _ in range(work):
        begin = time.perf_counter()
        sum(range(1_500_000))
        rows.put(time.perf_counter() - begin)


def draw(ax, rows):
    ax.plot([row["piece"] for row in rows], [row["seconds"] for row in rows], ".", color="process")


def sentence(rows):
    return f"{len(rows)} pieces."
