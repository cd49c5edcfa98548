"""The memory of a process as the operating system lists it: one dict per region, from
/proc/PID/smaps or maps.

Every region belongs to a part of the textbook's picture (code, data, heap, stack) or to one that it
leaves out: libraries, files, mapped (memory asked for piecemeal; Python keeps its objects there),
reserved, kernel.
"""

import os
import re

PARTS = (
    "code",
    "data",
    "heap",
    "mapped",
    "files",
    "libraries",
    "reserved",
    "stack",
    "kernel",
)  # bottom to top
KEYS = ("part", "name", "begin", "end", "bytes", "resident", "rights")
READINGS = 4
"""The kernel gives the list piece by piece: where regions change meanwhile, one may be left out."""
HEAD = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+ *(.*)")


def regions(pid, stacks=None):
    """The regions, lowest first; addresses in hexadecimal. Empty where there is no /proc, or not
    for us.

    `stacks`: thread's name -> (an address on its stack, the lowest one or None). The region that
    holds it gets the part "stack" and that name. Newer systems list stacks that lie side by side as
    one region: it is cut where the next stack begins.
    """
    for _ in range(READINGS):
        found = read(pid, stacks or {})
        named = {region["name"] for region in found if region["part"] == "stack"}
        if not found or named >= {*(stacks or {})}:
            break
    return found


def read(pid, stacks):
    """The regions as they are listed now."""
    found, program = [], os.path.realpath(f"/proc/{pid}/exe")
    for line in lines(f"/proc/{pid}/smaps") or lines(f"/proc/{pid}/maps"):
        if head := HEAD.fullmatch(line):
            begin, end, rights, path = head.groups()
            bounds = (f"0x{begin}", f"0x{end}", int(end, 16) - int(begin, 16))
            region = dict(zip(KEYS, ("", path, *bounds, None, rights), strict=True))
            found.append(region | {"part": part_of(region, found[-1] if found else None, program)})
        elif line.startswith("Rss:"):
            found[-1]["resident"] = int(line.split()[1]) * 1024
    return [piece for region in found for piece in pieces(region, stacks)]


def pieces(region, stacks):
    """A region that holds stacks, cut into one for each; how much of a piece is resident is not
    listed. Any other region as it is."""
    inside = sorted((*where, name) for name, where in stacks.items() if holds(region, where[0]))
    if not inside:
        return [region]
    names = [name for _, _, name in inside]
    cuts = [lowest for _, lowest, _ in inside[1:]]
    if not cuts or None in cuts:
        return [region | {"part": "stack", "name": names[0]}]
    ends = [int(region["begin"], 16), *cuts, int(region["end"], 16)]
    return [
        region
        | {"part": "stack", "name": name, "resident": None}
        | {"begin": hex(begin), "end": hex(end), "bytes": end - begin}
        for name, begin, end in zip(names, ends, ends[1:], strict=False)
    ]


def lines(path):
    try:
        with open(path) as file:
            return file.read().splitlines()
    except OSError:
        return []


def holds(region, address):
    """Whether the address lies in the region; its end is the first that does not."""
    return int(region["begin"], 16) <= address < int(region["end"], 16)


def part_of(region, below, program):
    """The part that a region belongs to. Data that begins as zero has no file; it lies right
    behind the program's."""
    path, writable = region["name"], "w" in region["rights"]
    if path in ("[heap]", "[stack]"):
        return path.strip("[]")
    if path == program:
        return "data" if writable else "code"
    if path.startswith("[v"):
        return "kernel"
    if path.startswith("/"):
        return "libraries" if ".so" in path else "files"
    if writable and below and below["part"] == "data" and below["end"] == region["begin"]:
        return "data"
    return "mapped" if writable else "reserved"
