"""What does one thread pay? The same five loops under both builds, taken in turn, by one thread that is alone.

Without a GIL each object needs more care: who counts its references, who may change it now. The price is that of two
builds of one version: between two versions there are other differences too, and then nothing is decided.
"""

import time

from pvt import timing
from pvt.claims import Claim
from pvt.course.no_gil import compared
from pvt.course.no_gil.compared import FREE, GIL
from pvt.tools import elsewhere

QUESTION = "What does a single thread pay?"
OUTCOMES = ("It is slower without a GIL", "It is as fast", "It is faster without a GIL")
SECONDS = 4.0
ROUNDS, TIMES = 4, 3  # visits to each Python, and how often it measures in each
LIMIT = 1.03  # times as long: less is no difference


class Thing:
    def __init__(self):
        self.number = 0


def one_more(number):
    return number + 1


def loop(times):
    for _ in range(times):
        pass


def calls(times):
    number = 0
    for _ in range(times):
        number = one_more(number)


def attributes(times):
    thing = Thing()
    for _ in range(times):
        thing.number += 1


def lists(times):
    numbers = []
    for number in range(times):
        numbers.append(number)
    return sum(numbers)


def dicts(times):
    counts = {}
    for number in range(times):
        counts[number & 63] = counts.get(number & 63, 0) + 1


WORK = {
    "loop": (loop, 400_000),
    "call": (calls, 100_000),
    "attribute": (attributes, 100_000),
    "list": (lists, 100_000),
    "dict": (dicts, 60_000),
}
STUDY = tuple(work for work, _ in WORK.values())


def run():
    found = elsewhere.builds()
    if FREE not in found:  # both are recorded: a price is that of one build beside the other
        yield from compared.recorded("free_price")
        return
    for number in range(1, ROUNDS + 1):
        for build, (version, path) in found.items():
            for row in elsewhere.rows(path, "pvt.course.no_gil.free_price", "here"):
                yield {"build": build, "python": version, "recorded": False, "visit": number, **row}


def here():
    """Nanoseconds for one turn of each loop, the quickest of a few."""
    for name, (work, times) in WORK.items():
        work(times // 10)  # warm
        seconds = []
        for _ in range(TIMES):
            begin = time.perf_counter()
            work(times)
            seconds.append(time.perf_counter() - begin)
        yield {"work": name, "each": min(seconds) / times}


def prices(rows, name=None):
    """How many times as long the free-threaded build takes, for one loop or for all."""
    many = [
        [row["each"] for row in compared.of(rows, build) if row["work"] == work]
        for work in (WORK if name is None else [name])
        for build in (FREE, GIL)
    ]
    pairs = [timing.quickest(*pair) for pair in zip(many[::2], many[1::2], strict=True)]
    return timing.spread(pairs)


def outcome(rows):
    found = prices(rows)
    if not found or rows[-1]["recorded"] or not alike(rows):
        return None
    if found.middle > LIMIT:
        return OUTCOMES[0]
    return OUTCOMES[2 if found.middle < 1 / LIMIT else 1]


def alike(rows):
    """Whether both are builds of one version, so that the GIL is what differs."""
    versions = {
        build: row["python"].rstrip("t")
        for build in (GIL, FREE)
        for row in compared.of(rows, build)
    }
    return len(versions) == 2 and len(set(versions.values())) == 1


def sentence(rows):
    found = prices(rows)
    if not found:
        return f"{compared.spoken(rows, rows[-1]['build'])} is being timed."
    return f"{compared.spoken(rows, FREE)} against {compared.spoken(rows, GIL)}: {in_words(rows)}."


def in_words(rows):
    parts = [f"{name} {found.middle:.2f}" for name in WORK if (found := prices(rows, name))]
    return f"times as long: {', '.join(parts)}"


def draw(ax, rows):
    """Two bars for each loop: the quickest turn under each build."""
    for at, name in enumerate(WORK):
        for side, build in enumerate((GIL, FREE)):
            each = [row["each"] for row in compared.of(rows, build) if row["work"] == name]
            if each:
                look = {
                    "color": compared.LOOKS[build],
                    "label": None if at else compared.short(rows, build),
                }
                ax.bar(at + (side - 0.5) * 0.38, min(each) * 1e9, 0.36, **look)
    ax.set(ylabel="one turn, ns", xticks=range(len(WORK)))
    ax.set_xticklabels(list(WORK))


def slower(rows):
    found = prices(rows)
    if not found:
        return None, f"two builds of one version are needed; {compared.GET} gets one without a GIL."
    text = f"{compared.spoken(rows, FREE)} against {compared.spoken(rows, GIL)}, {in_words(rows)}."
    if rows[0]["recorded"]:
        return None, f"no free-threaded Python was found here; {compared.GET} gets one. {text}"
    if not alike(rows):
        return None, f"these are not two builds of one version, so other things differ too. {text}"
    if 1 / LIMIT < found.middle < LIMIT:
        return None, f"too close to call. {text}"
    return found.middle > LIMIT, text


CLAIMS = [Claim("nogil.single-thread", "A single thread is slower without a GIL.", {}, slower)]
