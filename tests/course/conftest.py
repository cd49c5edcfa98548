"""The Python that the chapters' claims are decided by: the newest found. This one decides them in
the notebooks, and here in `make soak`."""

import pytest

from pvt import host


@pytest.fixture(params=(pytest.param("this", marks=pytest.mark.soak), "newest"))
def python(request):
    """None for this Python, also where there is no other; the path of the newest other one."""
    if request.param == "this":
        return None
    others = {path: version for path, version in host.pythons().items() if "t" not in version}
    if not others:
        return None
    return max(others, key=lambda path: [int(part) for part in others[path].split(".")[:2]])
