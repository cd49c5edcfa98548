"""sys.stdout as a stream of text over one of bytes, and names that stand-ins lack."""

import pytest

import pvt

TWO = """\
import io, os, sys, threading
lock = threading.Lock()
def out():
    {work}
threads = [threading.Thread(target=out) for _ in range(2)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""
BYTES = "sys.stdout.buffer.write(b'a'); sys.stdout.buffer.write(b'b'); sys.stdout.flush()"
RIGHT = {
    "bytes": (f"with lock: {BYTES}", {"abab"}),
    "settings": ("sys.stdout.reconfigure(encoding='utf-8', errors='replace')", set()),
    "what it is": (
        "assert sys.stdout.writable() and not sys.stdout.closed and not sys.stdout.readable()",
        set(),
    ),
    "as text": (
        "assert (sys.stdout.encoding, sys.stdout.errors, sys.stderr.errors) =="
        " ('utf-8', 'strict', 'backslashreplace')",
        set(),
    ),
    "no file": (
        "try: sys.stdout.fileno()\n    except io.UnsupportedOperation: print('none')",
        {"none\nnone\n"},
    ),
    "errors, as bytes": ("sys.stderr.buffer.write(b'bad'); print(3, file=sys.stderr)", set()),
}
WRONG = {
    "text as bytes": ("sys.stdout.buffer.write('a')", "a bytes-like object is required"),
    "a number as text": ("sys.stdout.write(3)", "must be str, not int"),
    "after its end": ("sys.stdout.write('a'); sys.stdout.close()", "I/O operation on closed file"),
}
LACKING = {
    "sys.stdout.detach": "sys.stdout.detach()",
    "Event._flag": "threading.Event()._flag",
    "Condition._waiters": "len(threading.Condition()._waiters)",
    "Thread._started": "threading.current_thread()._started",
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_a_stream_of_text_has(name):
    work, texts = RIGHT[name]
    found = pvt.search(TWO.format(work=work))
    assert found.bad is None and found.complete and set(found.outputs) == texts


def test_bytes_are_output_that_others_come_between():
    assert set(pvt.search(TWO.format(work=BYTES)).outputs) == {"abab", "aabb"}


@pytest.mark.parametrize("name", WRONG)
def test_what_fails_with_the_real_one(name):
    work, reason = WRONG[name]
    found = pvt.search(TWO.format(work=work))
    assert found.bad == "broken" and reason in found.reasons["broken"]


@pytest.mark.parametrize("name", LACKING)
def test_a_name_that_is_lacking_is_no_fault_of_the_program(name):
    found = pvt.search(TWO.format(work=LACKING[name]))
    assert set(found.endings) == {"error"} and not found.complete
    assert f"line 4: {name} is not supported here" in found.because


def test_a_name_of_the_programs_own_is_its_own():
    text = """\
import threading
class Flag(threading.Event):
    def __init__(self):
        super().__init__()
        self._flag = 3
flag = Flag()
def work():
    flag._flag += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for each in threads:
    each.start()
for each in threads:
    each.join()
assert flag._flag == 5
"""
    assert pvt.search(text).bad == "broken"
    locked = text.replace("    flag._flag += 1", "    with lock:\n        flag._flag += 1")
    found = pvt.search(locked.replace("flag = Flag()", "flag, lock = Flag(), threading.Lock()"))
    assert found.bad is None and found.complete
    found = pvt.search(text.replace("flag._flag +=", "flag.flog +="))
    assert "no attribute 'flog'" in found.reasons["broken"]
