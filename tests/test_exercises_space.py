"""The exercises on maps and limits: typical wrong answers, and what is said to each."""

import sys

import pytest

import pvt
from pvt import host

FIND = """
def which_region(address, lines):
    for line in lines:
        fields = line.split(maxsplit=5)
        begin, end = (int(text, 16) for text in fields[0].split("-"))
        if begin <= address < end:
            return fields[5] if len(fields) == 6 else ""
"""


def test_the_reader_of_maps_passes():
    answer = pvt.check("which_region", FIND)
    assert answer.passed, answer.because


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("< end", "<= end", "The end is the first address that is not in it"),
        ("begin <=", "begin <", "A region holds its first address"),
        ("maxsplit=5", "", "Split the line into six fields at most"),
        ('if len(fields) == 6 else ""', "if len(fields) == 6 else None", "its line ends after five fields"),
        ("return fields[5]", "return line #", "Only the name at the end of the line is wanted"),
        ("return fields[5]", "return fields #", "it returned a list"),
        ("begin <= address < end", "begin <= address", "Two comparisons are needed"),
        ("(text, 16)", "(text)", "it raised ValueError"),
    ],
)
def test_a_wrong_reader_is_explained(right, wrong, said):
    assert right in FIND
    answer = pvt.check("which_region", FIND.replace(right, wrong))
    assert not answer.passed
    assert said in answer.because


LIMIT = """
import resource
def prepare():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))
"""
limits = pytest.mark.skipif(host.lacking(("resource limits",)) is not None, reason="needs resource limits")


@limits
def test_the_locked_worker_passes():
    answer = pvt.check("lock_in", LIMIT)
    assert answer.passed, answer.because


@limits
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def prepare():\n    pass\n", "Nothing was refused"),
        (LIMIT.replace("(64, 64)", "(64, resource.getrlimit(resource.RLIMIT_NOFILE)[1])"), "lower the hard limit too"),
        (LIMIT.replace("(64, 64)", "(8, 8)"), "RLIMIT_NOFILE is too tight"),
        (LIMIT.replace("300 << 20", "1 << 20"), "too tight"),
        (LIMIT.replace("    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n", ""), "still gets its files"),
        (LIMIT.replace("RLIMIT_AS", "RLIMIT_STACK"), "still gets its memory"),
        ("def prepare():\n    raise SystemExit\n", "prepare ended the whole process"),
    ],
)
def test_a_loose_lock_is_explained(text, said):
    if "RLIMIT_STACK" in text and sys.platform != "linux":
        pytest.skip("the memory is checked on Linux only")
    answer = pvt.check("lock_in", text)
    assert not answer.passed
    assert said in answer.because
