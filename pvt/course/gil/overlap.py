"""How much of several timelines lies over one another? A timeline is a list of (begin, end), in
order."""

from itertools import pairwise


def levels(lanes):
    """(begin, end, how many run) for each stretch of time between two changes."""
    changes = sorted(
        (at, step) for lane in lanes for begin, end in lane for at, step in ((begin, 1), (end, -1))
    )
    running = 0
    for (at, step), (after, _) in pairwise(changes):
        running += step
        if after > at:
            yield at, after, running


def together(lanes):
    """The stretches in which two or more run."""
    return [(begin, end) for begin, end, running in levels(lanes) if running > 1]


def at_once(lanes):
    """The share of the time, of that in which anybody runs, in which two or more do."""
    some = sum(end - begin for begin, end, running in levels(lanes) if running)
    return sum(end - begin for begin, end in together(lanes)) / some if some else 0.0


def under_way(lanes):
    """The same for the time from each one's first beginning to its last end."""
    return at_once([[(lane[0][0], lane[-1][1])] for lane in lanes if lane])
