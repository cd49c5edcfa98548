"""The C twin of `pingpong.py`: switch.c, which shows Python's share where a compiler is found."""

import os

from pvt import timing
from pvt.course.switch import pingpong

SOURCE = os.path.join(os.path.dirname(__file__), "switch.c")
COMPILERS = ("cc", "gcc", "clang")


def compiled(folder):
    """(the path of the program, None), or (None, why there is none)."""
    import subprocess
    from shutil import which

    compiler = next(filter(which, COMPILERS), None)
    if not compiler:
        return None, "no C compiler was found here"
    program = os.path.join(folder, "switch")
    try:
        for command in (
            [compiler, "-O2", "-pthread", SOURCE, "-o", program],
            [program, "thread", "-1", "-1", "8"],
        ):
            subprocess.run(command, check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None, f"the C compiler here, {compiler}, failed"
    return program, None


def measured(program, worker, mine, theirs, handovers):
    """As `pingpong.measured`; several cores to choose from leave it to the kernel (-1)."""
    import subprocess

    timing.pin(*pingpong.ALLOWED)
    cores = (str(some[0]) if len(some) == 1 else "-1" for some in (mine, theirs))
    seconds, pipe, *counts = subprocess.check_output(
        [program, worker, *cores, str(handovers)], text=True
    ).split()
    return pingpong.figures(handovers, float(seconds), float(pipe), *map(int, counts))
