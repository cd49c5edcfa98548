"""What belongs to the whole process is shared by all threads, and is put back before each run."""

import pytest

import pvt

TWICE = """\
import io, json, sys, threading, warnings
from contextlib import redirect_stdout
from unittest import mock
lock = threading.Lock()
class Shop:
    open = staticmethod(lambda: 0)
def work(n):
{work}
threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2)]
{before}
for one in threads: one.start()
for one in threads: one.join()
{after}
"""
PRINTED = "\n".join(
    [
        "    buffer = io.StringIO()",
        "    with redirect_stdout(buffer): print('hello', n)",
        "    assert buffer.getvalue() == f'hello {n}\\n'",
    ]
)
WORK = {
    "redirect_stdout": ("", PRINTED, ""),
    "catch_warnings": (
        "found = list(warnings.filters)",
        "    with warnings.catch_warnings(): warnings.simplefilter('error')",
        "assert warnings.filters == found",
    ),
    "mock.patch": (
        "",
        "    with mock.patch.object(Shop, 'open', lambda: n): assert Shop.open() == n",
        "assert Shop.open() == 0",
    ),
    "a function exchanged": (
        "real = json.dumps",
        "    kept = json.dumps\n    json.dumps = lambda: n\n    json.dumps = kept",
        "assert json.dumps is real",
    ),
    "the limit of recursion": (
        "",
        "    sys.setrecursionlimit(1000 + n)\n    assert sys.getrecursionlimit() == 1000 + n",
        "",
    ),
}


def program(before, work, after):
    return TWICE.format(before=before, work=work, after=after)


@pytest.mark.parametrize("name", WORK)
def test_two_threads_that_set_it_are_found(name):
    text = program(*WORK[name])
    found = pvt.search(text)
    assert "broken" in found.endings
    assert pvt.replay(text, found.schedules["broken"]).ending == "broken"


@pytest.mark.parametrize("name", WORK)
def test_under_a_lock_it_is_safe(name):
    before, work, after = WORK[name]
    inner = "\n".join("    " + line for line in work.split("\n"))
    found = pvt.search(program(before, f"    with lock:\n{inner}", after))
    assert set(found.endings) == {"safe"}


def test_what_one_run_sets_is_put_back_before_the_next():
    before = (
        "assert not hasattr(json, 'mine')\njson.mine = 1\nwarnings.simplefilter('error')\nint.x"
    )
    found = pvt.search(program(before.replace("\nint.x", ""), "    assert json.mine == 1", ""))
    assert found.complete and set(found.endings) == {"safe"}


def test_print_goes_where_stdout_leads():
    """One thread alone: it printed into the output, and was accused."""
    text = program("", PRINTED, "").replace("(1, 2)", "(1,)")
    found = pvt.search(text)
    assert found.complete and set(found.endings) == {"safe"} and list(found.outputs) in ([], [""])


def test_the_environment_and_the_path_are_as_they_were_before_each_run():
    found = pvt.search(
        """\
import os, sys, threading
assert "PVT_TEST" not in os.environ and "pvt_test" not in sys.path
lock = threading.Lock()
def work(n):
    with lock:
        os.environ["PVT_TEST"] = str(n)
        sys.path.append("pvt_test")
threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2)]
for one in threads: one.start()
for one in threads: one.join()
"""
    )
    assert dict(found.items()) == {"safe": 2}, found
