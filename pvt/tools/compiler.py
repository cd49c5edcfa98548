"""A C compiler, where there is one."""

import subprocess
from shutil import which

COMPILERS = ("cc", "gcc", "clang")


def compiled(source, target, *options):
    """Compile a file of C; None if that went well, else why there is nothing, in words."""
    compiler = next(filter(which, COMPILERS), None)
    if not compiler:
        return "no C compiler was found here"
    command = [compiler, "-O2", *options, source, "-o", target]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return f"the C compiler here, {compiler}, failed"
    return None
