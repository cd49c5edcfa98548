"""Lanes drawn over time: in each column the parts of the states lie on one another, each with
colour and hatch.
"""

import numpy as np
from matplotlib import colors
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from pvt import figure, host
from pvt.watcher.lanes import STATES

PAPER = "none"  # white by day, black by night
# The dots of the lanes are the same by day and by night. So must the legend be: its blue and orange
# are a shade off the course's, which a dark theme exchanges.
# state -> (ground, mark): running dark, trouble marked, harmless waits light
LOOK = {
    "python": ("#0072b3", ""),
    "c": ("#7fb8d8", "//"),
    "gil": ("#c1272d", "xx"),
    "lock": ("#f2b5a0", "\\\\"),
    "ready": ("#f0e442", "||"),
    "worker": ("#d9d9d9", ""),
    "io": ("#cfe8df", ".."),
    "asleep": (PAPER, ""),
    "unknown": (PAPER, "xx"),
}
PROCESS = LOOK | {"python": ("#b35a00", ""), "c": ("#e0b080", "//")}
KINDS = {
    (own, state): look
    for own, looks in ((False, LOOK), (True, PROCESS))
    for state, look in looks.items()
}
MARK = "#444444"  # lines and dots on a ground
EDGE = "#888888"  # the frame of a lane, and marks on the paper itself
MOST = 72  # lanes at most
SHORTEST = 0.02  # seconds of a picture
WIDTH, DPI = 9.0, 100  # inches, dots per inch
ABOVE, BESIDE, BELOW, ENTRY = 0.42, 0.16, 0.62, 0.21  # inches; one line of the legend
COLUMNS = 3  # of the legend
ACROSS, COLUMN = 720, 2  # dots of a lane from its begin to its end, and of one column of it
TILE = 8  # dots after which a mark repeats
WHOLE = 0.9  # a state with more than this part of a column takes all of it
NAMED = 6  # lanes that the sentence names


def picture(watched, begin=0.0, end=None):
    """The picture of a stretch of a run. Raises ValueError for a stretch that is none."""
    end = max(watched.seconds, SHORTEST) if end is None else end  # it may not have begun
    if not 0 <= begin < end:
        from pvt.problem import Problem

        raise Problem(f"from {begin} to {end} is no stretch; allowed: 0 <= from < to, in seconds.")
    drawn = drawing(watched, begin, end)
    svg = figure.svg(drawn)
    return figure.Picture(b"" if svg else figure.png(drawn), sentence(watched, begin, end), svg)


def drawing(watched, begin, end):
    """The `Figure`."""
    lanes = watched.lanes[:MOST]
    pitch, size = (0.38, 9) if len(lanes) <= 16 else (0.2, 7)
    dots, used = painted(watched.bins, lanes, begin, end, round(pitch * DPI))
    entries = legend(used)
    # The place of everything is known: matplotlib's own layout would draw each name three times.
    high, below = pitch * max(2, len(lanes)), BELOW + ENTRY * -(-len(entries) // COLUMNS)
    height = ABOVE + high + below
    drawn = Figure(figsize=(WIDTH, height), dpi=DPI)
    names = [short(lane.name) for lane in lanes]
    left = wide(drawn, names, size) + BESIDE
    ax = drawn.add_axes((left / WIDTH, below / height, 1 - (left + BESIDE) / WIDTH, high / height))
    figure.style(ax, "Who ran, who waited, and for what?")
    ax.grid(visible=False)
    if lanes:
        ax.imshow(
            dots,
            extent=(begin, end, len(lanes) - 0.5, -0.5),
            aspect="auto",
            interpolation="nearest",
        )
    ax.set_xlim(begin, end)
    ax.set_ylim(len(lanes) - 0.4, -0.6)
    ax.set_yticks([])
    for row, name in enumerate(names):
        ax.text(
            -0.008,
            row,
            name,
            size=size,
            ha="right",
            va="center",
            transform=ax.get_yaxis_transform(),
        )
    ax.set_xlabel("seconds since the start")
    drawn.legend(
        handles=entries,
        loc="lower left",
        ncols=COLUMNS,
        fontsize=9,
        frameon=False,
        borderaxespad=0.2,
    )
    machine = host.summary(watched.host) if watched.host else ""
    more = (
        f"{len(watched.lanes) - MOST} more lanes are not drawn · "
        if len(watched.lanes) > MOST
        else ""
    )
    ax.set_title(more + machine, loc="right", fontsize=8, color="ink")
    return drawn


def short(name, most=34):
    return name if len(name) <= most else f"{name[: most - 1]}…"


def painted(bins, lanes, begin, end, pitch):
    """(the lanes as dots, the (process?, state) pairs among them)."""
    grounds = np.array([rgba(ground) for ground, _ in KINDS.values()], dtype=np.uint8)
    lines = np.array([rgba(edge(ground)) for ground, _ in KINDS.values()], dtype=np.uint8)
    marks = np.array([tile(hatch) for _, hatch in KINDS.values()])
    high, gap = round(0.74 * pitch), round(0.13 * pitch)
    dots = np.zeros((pitch * len(lanes), ACROSS, 4), dtype=np.uint8)
    edges = np.linspace(begin, end, ACROSS // COLUMN + 1)
    y, x = np.mgrid[0:high, 0:ACROSS]
    used = set()
    for row, lane in enumerate(lanes):
        alive = np.repeat((edges[1:] > lane.begin) & (edges[:-1] < lane.end), COLUMN)
        which = np.repeat(stacked(bins, lane, edges, high), COLUMN, axis=1)
        part = grounds[which]
        marked = marks[which, y % TILE, x % TILE]
        part[marked] = lines[which][marked]
        part[[0, -1]] = rgba(EDGE)  # a thin frame: empty is asleep, without a frame it is not there
        place = dots[row * pitch + gap : row * pitch + gap + high]
        place[:, alive] = part[:, alive]
        used.update(list(KINDS)[number] for number in np.unique(which[:, alive]))
    return dots, used


def stacked(bins, lane, edges, high):
    """Which of KINDS has each dot of a lane, by columns: the parts of a column lie on one another,
    ground up.
    """
    time = np.arange(bins.count + 1) * bins.width
    parts = np.zeros((len(STATES), len(edges) - 1))
    for number, state in enumerate(LOOK):
        if state in lane.cells:
            sums = np.concatenate([[0.0], np.cumsum(lane.cells[state])])
            parts[number] = np.diff(np.interp(edges, time, sums))
    parts /= np.maximum(parts.sum(axis=0), 1e-12)
    whole = parts.max(axis=0) > WHOLE
    parts[:, whole] = parts[:, whole] == parts[:, whole].max(axis=0)
    tops = np.cumsum(parts, axis=0)
    level = (high - 0.5 - np.arange(high)) / high
    which = (level[:, None, None] > tops[None, :-1]).sum(axis=1)
    return which + len(LOOK) * (lane.kind == "process")


def rgba(colour):
    return tuple(round(255 * part) for part in colors.to_rgba(colour))


def edge(ground):
    """The colour of marks and frames on a ground."""
    return EDGE if ground == PAPER else MARK


def tile(hatch):
    """The dots of a mark, repeated every TILE dots both ways."""
    y, x = np.mgrid[0:TILE, 0:TILE]
    rising, falling = (x + y) % TILE < 2, (x - y) % TILE < 2
    known = {
        "": np.zeros((TILE, TILE), bool),
        "//": rising,
        "\\\\": falling,
        "xx": rising | falling,
        "||": x % (TILE // 2) < 1,
        "..": (x % TILE < 2) & (y % TILE < 2),
    }
    return known[hatch]


def wide(drawn, names, size):
    """Inches of the widest of these names."""
    longest = sorted(names, key=len)[-3:]
    texts = [drawn.text(0, 0, name, size=size) for name in longest]
    inches = max((text.get_window_extent().width / DPI for text in texts), default=0.0)
    for text in texts:
        text.remove()
    return inches


def legend(used):
    """One entry for each state that is there; what processes do not colour stands once."""
    handles, listed = [], set()
    for (own, state), (ground, hatch) in sorted(
        KINDS.items(), key=lambda one: list(LOOK).index(one[0][1])
    ):
        if (own, state) in used and (state, ground) not in listed:
            listed.add((state, ground))
            text = STATES[state] + " (process)" * (own and ground != LOOK[state][0])
            look = {"facecolor": ground, "hatch": 2 * hatch, "edgecolor": edge(ground)}
            look["linewidth"] = 0.5
            handles.append(Patch(**look, label=text))
    return handles


def sentence(watched, begin, end):
    """What the picture shows, for those who do not see it."""
    span = "" if begin == 0 and end >= watched.seconds else f" from {begin:.2f} to {end:.2f} s"
    sentences = []
    for lane in watched.lanes[:NAMED]:
        parts = sorted(lane.shares.items(), key=lambda pair: -pair[1])[:2]
        sentences.append(
            f"{lane.name}: "
            + ", ".join(f"{STATES[state]} {100 * part:.0f} %" for state, part in parts)
        )
    more = f"; and {len(watched.lanes) - NAMED} more" if len(watched.lanes) > NAMED else ""
    found = " ".join(one.text for one in watched.diagnosis)
    return (
        f"{len(watched.lanes)} lanes over {watched.seconds:.2f} s{span}."
        f" {'; '.join(sentences)}{more}. {found}"
    )
