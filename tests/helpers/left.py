"""Processes that a test has left behind."""

import time

import psutil


def below():
    """All processes below this one that live, and do not just wait to be collected."""
    return [process for process in psutil.Process().children(recursive=True) if lives(process)]


def lives(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def assert_gone(before=()):
    """Fails if a process below this one, other than those, still lives after a while."""
    until = time.monotonic() + 5
    while left := [process for process in below() if process not in before]:
        assert time.monotonic() < until, left
        time.sleep(0.02)
