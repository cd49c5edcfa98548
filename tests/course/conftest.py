"""The Pythons that the chapters' claims are decided by: this one and the newest. `make soak`
takes all."""

import pytest

from pvt import host


@pytest.fixture(params=("this", "newest"))
def python(request):
    """None for this Python; the path of the newest other one that is on this machine."""
    if request.param == "this":
        return None
    others = {path: version for path, version in host.pythons().items() if "t" not in version}
    if not others:
        pytest.skip("no other Python is on this machine")
    return max(others, key=lambda path: [int(part) for part in others[path].split(".")[:2]])
