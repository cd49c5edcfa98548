"""The stand-ins have every public name of what they stand for, on each Python; what cannot be
honoured says so."""

import pytest
from pythons import VERSIONS, ask

MODULES = (
    "threading",
    "queue",
    "concurrent.futures",
    "time",
    "random",
    "_thread",
    "secrets",
    "uuid",
)
KINDS = {"threading": ("Lock", "RLock", "Condition", "Event", "Semaphore", "BoundedSemaphore", "Barrier", "Thread"),
         "queue": ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue"),
         "concurrent.futures": ("Future", "ThreadPoolExecutor")}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_no_public_name_is_missing(version):
    answers = ask(version, "names", modules=MODULES, kinds=KINDS)
    assert {row["module"]: row["missing"] for row in answers if row["missing"]} == {}


def test_what_cannot_be_honoured_says_so():
    from pythons import HERE

    rows = ask(HERE, "search", source="import threading\nthreading.settrace(print)\n")
    assert "line 2: threading.settrace is not supported here" in rows[-1]["because"]
