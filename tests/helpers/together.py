"""Which tests pytest-xdist gives to one worker: those that share a kernel or the runs of an
experiment.

By name, because the groups of pytest-xdist 3.8 (`--dist loadgroup`) are lost under pytest 9.2.
"""

import re

from xdist.scheduler import LoadScopeScheduling


class Scheduling(LoadScopeScheduling):
    """Whole groups, the largest first, to whichever worker is free."""

    def _split_scope(self, nodeid):
        return group(nodeid)


def group(name):
    """A notebook, the claims of a file under one Python, or the smallest run of an experiment;
    else one test alone."""
    file, _, test = name.partition("::")
    param = re.search(r"\[(.*)\]$", test)
    if file.endswith(".ipynb"):
        return file
    if "/test_claims_" in file:
        return f"{file} {'newest' if param and param[1] == 'newest' else 'this'}"
    if file.endswith("/test_experiments.py") and param:
        return f"{file} {param[1]}"
    return name
