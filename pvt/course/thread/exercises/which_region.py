"""Read a process's map: `which_region(address, lines)` says what lies at an address.

`address` is a whole number; `lines` are the lines of /proc/PID/maps, such as
`7f1c2000-7f1c5000 r-xp 00000000 08:01 1234   /usr/lib/libc.so`. Return the name at the end of the line whose
region holds the address, "" if that region has no name, and None if no region holds it.
"""

import ctypes
import os

from pvt.tools.learner import learners_function

ARGUMENTS = ("address", "lines")
LINES = """\
00400000-00408000 r-xp 00000000 08:01 11                         /usr/bin/shop
00408000-0040a000 rw-p 00008000 08:01 11                         /usr/bin/shop
0a000000-0a100000 rw-p 00000000 00:00 0                          [heap]
7f100000-7f900000 rw-p 00000000 00:00 0
7f900000-7fa00000 r-xp 00000000 08:01 12                         /opt/my shop/libtill.so
7ffd0000-7fff0000 rw-p 00000000 00:00 0                          [stack]""".splitlines()
CASES = {
    "inside": (0x0A0000F0, "[heap]"),
    "the first address of a region": (0x7FFD0000, "[stack]"),
    "a path with a space in it": (0x7F900010, "/opt/my shop/libtill.so"),
    "the end of a region, where the next begins": (0x7F900000, "/opt/my shop/libtill.so"),
    "the end of a region, with nothing behind it": (0x0A100000, None),
    "a region without a name": (0x7F100010, ""),
    "a hole": (0x20000000, None),
    "below all regions": (0, None),
}
HINTS = {
    "inside": "Two comparisons are needed: begin <= address < end.",
    "a path with a space in it": "Split the line into six fields at most: line.split(maxsplit=5).",
    "the first address of a region": "A region holds its first address: begin <= address.",
    "the end of a region, where the next begins": "The end is the first address that is not in it: address < end.",
    "the end of a region, with nothing behind it": "The end is the first address that is not in it: address < end.",
    "a region without a name": 'It is mapped, but its line ends after five fields: return "".',
    "a hole": "No region holds it: return None. A process that goes there is killed by SIGSEGV.",
    "below all regions": "No region holds it: return None. This is the famous null pointer.",
}


def run(*, source, name):
    which_region = learners_function(source, name)
    for case, (address, expected) in CASES.items():
        yield row(case, address, expected, which_region(address, list(LINES)))
    if os.path.exists("/proc/self/maps"):
        yield real(which_region)


def real(which_region):
    """A function of the C library, in the map of this very process."""
    address = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value
    with open("/proc/self/maps") as file:
        lines = file.read().splitlines()
    held = [
        line
        for line in lines
        if int(line.split("-")[0], 16) <= address < int(line.split("-")[1].split()[0], 16)
    ]
    expected = (held[0].split(maxsplit=5) + [""])[5] if held else None
    return row("getpid of the C library", address, expected, which_region(address, lines))


def row(case, address, expected, got):
    answer = None if got is None else str(got)
    return {
        "case": case,
        "address": hex(address),
        "expected": expected,
        "got": answer,
        "kind": type(got).__name__,
    }


def judge(rows):
    for row in rows:
        if row["kind"] not in ("str", "NoneType"):
            return (
                False,
                f"A name or None is wanted; it returned {row['got']}, of type {row['kind']}.",
            )
        if row["got"] != row["expected"]:
            return (
                False,
                f"At {row['address']} ({row['case']}) it said {row['got']!r}, not {row['expected']!r}. {hint(row)}",
            )
    return (
        True,
        f"all {len(rows)} addresses are found: {rows[-1]['case']} lies in {rows[-1]['got']}.",
    )


def hint(row):
    """What is likely wrong."""
    if row["got"] is None:
        return (
            "Are both ends read as hexadecimal, int(text, 16)?"
            if row["case"] == "inside"
            else HINTS.get(row["case"], "")
        )
    if row["got"] and "00:00" in row["got"]:
        return "Only the name at the end of the line is wanted."
    return HINTS.get(row["case"], "")
