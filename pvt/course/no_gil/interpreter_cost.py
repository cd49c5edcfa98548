"""What does an interpreter cost, to be born and to be talked to? Beside threads and processes, in one run.

Each kind echoes bytes through a pair of pipes; so the difference between them is no difference of the way. Beside it
stand the ways that threads and interpreters have for themselves: a queue of the library.
"""

import os
import queue
import subprocess
import sys
import threading
import time

from pvt import timing
from pvt.claims import Claim
from pvt.course.no_gil import compared
from pvt.tools import interpreters

QUESTION = "What does an interpreter cost?"
OUTCOMES = (
    "About as much as a thread",
    "Between ten threads and a new process",
    "More than a new process",
)
NEEDS = ("fork",)  # pipes that another program inherits
SECONDS = 3.0
ROUNDS, BUDGET = 8, 1.5  # rounds at most, seconds for births and for talk
TIMES = {
    "thread, queue": 200,
    "interpreter, queue": 3,
}  # round trips of a measurement; of pipes 100
ECHO = """
import os
while byte := os.read({there}, 1):
    os.write({back}, byte)
os.close({there}), os.close({back})
"""
ECHO_QUEUE = "while (item := there.get()) is not None: back.put(item)"


def a_thread():
    worker = threading.Thread()
    worker.start()
    worker.join()


def an_interpreter():
    one = interpreters.create()
    one.exec("pass")
    one.close()


def a_process():
    subprocess.run([sys.executable, "-c", "pass"], check=True)


BIRTHS = {"thread": a_thread, "interpreter": an_interpreter, "new process": a_process}
STUDY = tuple(BIRTHS.values())


def run():
    yield from compared.able_rows("interpreter_cost")


def here():
    with_queue = ["interpreter, queue"] if library() else []
    for number, what in timing.interleaved(BIRTHS, ROUNDS, BUDGET):
        begin = time.perf_counter()
        BIRTHS[what]()
        yield {
            "round": number,
            "what": "birth",
            "way": what,
            "seconds": time.perf_counter() - begin,
        }
    for number, way in timing.interleaved([*WAYS, *with_queue], ROUNDS, BUDGET):
        yield {"round": number, "what": "talk", "way": way, "seconds": trip(way)}


def library():
    """The library's module, or None."""
    try:
        from concurrent import interpreters as module
    except ImportError:
        return None
    return module


def trip(way):
    """Seconds of one round trip, the mean of some, with a partner that is started first and ended after it."""
    times = TIMES.get(way, 100)
    ask, end = (by_queue if way.endswith("queue") else by_pipe)(way.partition(",")[0])
    ask()  # it is there
    begin = time.perf_counter()
    for _ in range(times):
        ask()
    seconds = (time.perf_counter() - begin) / times
    end()
    return seconds


def by_pipe(kind):
    """(ask once, end) of a partner behind two pipes."""
    far_in, near_out = os.pipe()
    near_in, far_out = os.pipe()
    text = ECHO.format(there=far_in, back=far_out)
    if kind == "process":
        partner = subprocess.Popen([sys.executable, "-c", text], pass_fds=(far_in, far_out))
        os.close(far_in), os.close(far_out)
        wait = partner.wait
    elif kind == "interpreter":
        wait = interpreters.in_thread(text).join
    else:
        partner = threading.Thread(target=exec, args=(text,))
        partner.start()
        wait = partner.join

    def ask():
        os.write(near_out, b"?")
        os.read(near_in, 1)

    def end():
        os.close(near_out)
        wait()
        os.close(near_in)

    return ask, end


def by_queue(kind):
    """(ask once, end) of a partner behind two queues of its own kind."""
    if kind == "thread":
        there, back = queue.SimpleQueue(), queue.SimpleQueue()
        partner = threading.Thread(target=exec, args=(ECHO_QUEUE, {"there": there, "back": back}))
    else:
        there, back = library().create_queue(), library().create_queue()
        other = interpreters.create()
        other.prepare_main({"there": there, "back": back})
        partner = threading.Thread(target=other.exec, args=(ECHO_QUEUE,))
    partner.start()

    def ask():
        there.put(1)
        back.get()

    def end():
        there.put(None)
        partner.join()
        if kind == "interpreter":
            other.close()

    return ask, end


WAYS = ("thread, queue", "thread, pipe", "interpreter, pipe", "process, pipe")


def seconds(rows, what, way):
    """What each round took; the first warms up."""
    return [
        row["seconds"] for row in rows if (row["what"], row["way"]) == (what, way) and row["round"]
    ]


def outcome(rows):
    born = [seconds(rows, "birth", way) for way in BIRTHS]
    if not all(born):
        return None
    threads = timing.beyond(born[1], born[0], 10)
    process = timing.beyond(born[1], born[2], 1)
    if None in (threads, process):
        return None
    return OUTCOMES[2 if process else 1 if threads else 0]


def in_words(rows, what):
    parts = [
        f"{way} {timing.text(found.middle)}"
        for way in dict.fromkeys(row["way"] for row in rows if row["what"] == what)
        if (found := timing.spread(seconds(rows, what, way)))
    ]
    return ", ".join(parts) or "not measured yet"


def sentence(rows):
    return (
        f"{compared.whose(rows)}. Start: {ends(rows, 'birth')}. Round trip: {ends(rows, 'talk')}."
    )


def ends(rows, what):
    """The cheapest way and the most expensive one, in words."""
    ways = dict.fromkeys(row["way"] for row in rows if row["what"] == what)
    known = [
        (found.middle, way) for way in ways if (found := timing.spread(seconds(rows, what, way)))
    ]
    return timing.ends(known) or "not measured yet"


def draw(ax, rows):
    """Bars on a logarithmic scale: births first, then round trips."""
    bars = [("birth", way) for way in BIRTHS]
    bars += [
        ("talk", way) for way in dict.fromkeys(row["way"] for row in rows if row["what"] == "talk")
    ]
    for at, (what, way) in enumerate(bars):
        if found := timing.spread(seconds(rows, what, way)):
            colour = {"t": "thread", "i": "other"}.get(way[0], "process")
            ax.bar(at, found.middle, 0.7, color=colour)
            ax.annotate(
                timing.text(found.middle), (at, found.middle), ha="center", va="bottom", fontsize=9
            )
    ax.axvline(len(BIRTHS) - 0.5, color="#dddddd", linewidth=0.8)
    ax.set(yscale="log", ylabel="to start and end | a round trip", xticks=range(len(bars)))
    ax.set_yticks([1e-6, 1e-4, 1e-2], ["1 µs", "100 µs", "10 ms"])
    ax.set_ylim(1e-6, 1)
    ax.set_xticklabels([way.replace(" ", "\n", 1) for _, way in bars], fontsize=9)
    ax.minorticks_off()


def longer(what, slow, fast, limit):
    """A check: does the one take more than `limit` times as long as the other?"""

    def check(rows):
        pair = seconds(rows, what, slow), seconds(rows, what, fast)
        return timing.beyond(*pair, limit) if all(pair) else None, f"{in_words(rows, what)}."

    return check


def queue_like_a_pipe(rows):
    """A check: does the interpreters' queue answer within ten times what a pipe takes?"""
    if not seconds(rows, "talk", "interpreter, queue"):
        return None, "this Python's library has no queue for interpreters."
    slower, because = longer("talk", "interpreter, queue", "interpreter, pipe", 10)(rows)
    return None if slower is None else not slower, because


CLAIMS = [
    Claim(
        "interpreters.birth",
        "To start an interpreter takes longer than to start ten threads.",
        {},
        compared.interpreters(longer("birth", "interpreter", "thread", 10)),
    ),
    Claim(
        "interpreters.lighter",
        "To start a new Python process takes longer than to start an interpreter.",
        {},
        compared.interpreters(longer("birth", "new process", "interpreter", 1)),
    ),
    Claim(
        "interpreters.queue",
        "Through the library's queue, an interpreter answers about as fast as through a pipe.",
        {},
        compared.interpreters(queue_like_a_pipe),
    ),
]
