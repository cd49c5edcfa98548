"""The C twin of `pingpong.py`: switch.c, which shows Python's share where a compiler is found."""

import os

from pvt import timing
from pvt.course.switch import pingpong
from pvt.tools import compiler

SOURCE = os.path.join(os.path.dirname(__file__), "switch.c")


def compiled(folder):
    """(the path of the program, None), or (None, why there is none)."""
    import subprocess

    program = os.path.join(folder, "switch")
    if why := compiler.compiled(SOURCE, program, "-pthread"):
        return None, why
    try:
        command = [program, "thread", "-1", "-1", "8"]
        subprocess.run(command, check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None, "the compiled program failed"
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
