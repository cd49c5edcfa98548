"""Lanes drawn over time: in each column the parts of the states lie on one another, each with colour and hatch."""

import base64
from html import escape
from typing import NamedTuple

from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from pvt import figure, host
from pvt.watcher.lanes import STATES

# state -> (ground, hatch): running dark, trouble red with a mark, harmless waits light. Processes run in their orange.
LOOK = {
    "python": ("#0072b2", ""),
    "c": ("#7fb8d8", "//"),
    "gil": ("#c1272d", "xxx"),
    "lock": ("#f2b5a0", "\\\\\\"),
    "ready": ("#f0e442", "|||"),
    "worker": ("#d9d9d9", ""),
    "io": ("#cfe8df", "..."),
    "asleep": ("#ffffff", ""),
    "unknown": ("#ffffff", "xx"),
}
PROCESS = {"python": ("#b35900", ""), "c": ("#e0b080", "//")}
COLUMNS, MOST = 320, 72  # columns at most, lanes at most
WIDTH, DPI, HEIGHT = 9.0, 100, 0.74  # inches, of a lane's pitch
WHOLE = 0.9  # a state with more than this part of a column takes all of it
NAMED = 6  # lanes that the sentence names


class Drawn(NamedTuple):
    """A PNG of its own size and the sentence that says what it shows."""

    png: bytes
    sentence: str
    height: float

    def __repr__(self):
        return self.sentence

    def _repr_html_(self):
        data = base64.b64encode(self.png).decode()
        size = f'width="{WIDTH * DPI:.0f}" height="{self.height * DPI:.0f}" style="max-width:100%;height:auto"'
        return f'<img src="data:image/png;base64,{data}" {size} alt="{escape(self.sentence, quote=True)}">'


def picture(watched, begin=0.0, end=None):
    """The picture of a stretch of a run. Raises ValueError for a stretch that is none."""
    end = watched.seconds if end is None else end
    if not 0 <= begin < end:
        from pvt.problem import Problem

        raise Problem(f"from {begin} to {end} is no stretch; allowed: 0 <= from < to, in seconds.")
    drawn = drawing(watched, begin, end)
    return Drawn(figure.png(drawn), sentence(watched, begin, end), drawn.get_figheight())


def drawing(watched, begin, end):
    """The `Figure`."""
    lanes = watched.lanes[:MOST]
    pitch = 0.38 if len(lanes) <= 16 else 0.2
    drawn = Figure(
        figsize=(WIDTH, 1.75 + pitch * max(2, len(lanes))), dpi=DPI, layout="constrained"
    )
    ax = drawn.add_subplot()
    figure.style(ax, "Who ran, who waited, and for what?")
    ax.grid(visible=False)
    used = []
    for key, boxes in gathered(watched.bins, lanes, begin, end).items():
        ground, hatch = (PROCESS if key[0] else LOOK)[key[1]]
        used.append(key)
        ax.add_collection(
            PolyCollection(
                boxes, facecolor=ground, edgecolor="#444444", linewidth=0.0, hatch=hatch, zorder=2
            )
        )
    for row, lane in enumerate(lanes):  # a thin frame: white is asleep, nothing is not there
        left, right = max(begin, lane.begin), min(end, lane.end)
        if right > left:
            ax.plot(
                [left, right, right, left, left],
                box_y(row),
                color="#888888",
                linewidth=0.5,
                zorder=3,
            )
    ax.set_xlim(begin, end)
    ax.set_ylim(len(lanes) - 0.4, -0.6)
    ax.set_yticks(
        range(len(lanes)),
        [short(lane.name) for lane in lanes],
        fontsize=9 if len(lanes) <= 16 else 7,
    )
    ax.set_xlabel("seconds since the start")
    legend(drawn, used)
    machine = host.summary(watched.host) if watched.host else ""
    more = (
        f"{len(watched.lanes) - MOST} more lanes are not drawn · "
        if len(watched.lanes) > MOST
        else ""
    )
    ax.set_title(more + machine, loc="right", fontsize=8, color="ink")
    return drawn


def box_y(row):
    top, bottom = row - HEIGHT / 2, row + HEIGHT / 2
    return [bottom, bottom, top, top, bottom]


def short(name, most=34):
    return name if len(name) <= most else f"{name[: most - 1]}…"


def gathered(bins, lanes, begin, end):
    """(process?, state) -> boxes, neighbours of one height joined."""
    found = {}
    first, last = int(begin / bins.width), min(bins.count - 1, int(end / bins.width))
    step = max(1, (last - first + 1) // COLUMNS)
    for row, lane in enumerate(lanes):
        open_ = {}
        for at in range(first, last + 1, step):
            left, right = (
                max(begin, lane.begin, at * bins.width),
                min(end, lane.end, (at + step) * bins.width),
            )
            parts = column(lane, at, min(at + step, bins.count)) if right > left else {}
            for state in {*open_} - {*parts}:
                close(found, lane, row, state, open_.pop(state))
            for state, (low, high) in parts.items():
                before = open_.get(state)
                if before and abs(before[1] - left) < 1e-9 and before[2:] == (low, high):
                    open_[state] = (before[0], right, low, high)
                    continue
                if before:
                    close(found, lane, row, state, before)
                open_[state] = (left, right, low, high)
        for state, box in open_.items():
            close(found, lane, row, state, box)
    return found


def close(found, lane, row, state, box):
    """Keep a box that is done."""
    left, right, low, high = box
    top, bottom = row + HEIGHT / 2 - HEIGHT * high, row + HEIGHT / 2 - HEIGHT * low
    own = lane.kind == "process" and state in PROCESS
    found.setdefault((own, state), []).append(
        [(left, bottom), (right, bottom), (right, top), (left, top)]
    )


def column(lane, at, until):
    """state -> (low, high) parts of one column, from the ground up."""
    amounts = {state: sum(lane.cells[state][at:until]) for state in LOOK if state in lane.cells}
    total = sum(amounts.values())
    if not total:
        return {}
    most = max(amounts, key=amounts.get)
    if amounts[most] > WHOLE * total:
        return {most: (0.0, 1.0)}
    parts, low = {}, 0.0
    for state, amount in amounts.items():
        if amount > 0.03 * total:
            high = round(min(1.0, low + amount / total), 2)
            parts[state] = (low, high)
            low = high
    return parts


def legend(drawn, used):
    """One entry for each state that is there."""
    order = [(own, state) for state in LOOK for own in (False, True) if (own, state) in used]
    handles = []
    for own, state in order:
        ground, hatch = (PROCESS if own else LOOK)[state]
        said = f"{STATES[state]}{' (process)' if own else ''}"
        handles.append(
            Patch(facecolor=ground, hatch=hatch, edgecolor="#444444", linewidth=0.5, label=said)
        )
    drawn.legend(handles=handles, loc="outside lower left", ncols=3, fontsize=9, frameon=False)


def sentence(watched, begin, end):
    """What the picture shows, for those who do not see it."""
    span = "" if begin == 0 and end >= watched.seconds else f" from {begin:.2f} to {end:.2f} s"
    said = []
    for lane in watched.lanes[:NAMED]:
        parts = sorted(lane.shares.items(), key=lambda pair: -pair[1])[:2]
        said.append(
            f"{lane.name}: "
            + ", ".join(f"{STATES[state]} {100 * part:.0f} %" for state, part in parts)
        )
    more = f"; and {len(watched.lanes) - NAMED} more" if len(watched.lanes) > NAMED else ""
    found = " ".join(one.text for one in watched.diagnosis)
    return f"{len(watched.lanes)} lanes over {watched.seconds:.2f} s{span}. {'; '.join(said)}{more}. {found}"
