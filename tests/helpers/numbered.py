"""Rows for the tests of `elsewhere`, which another Python imports: the standard library only."""

import sys

from pvt import host


def numbered(count=2, ending=None):
    """Some rows, then an end."""
    for number in range(count):
        yield {"number": number, "python": host.version()}
    if ending is not None:
        sys.exit(ending)
    return 0.5
