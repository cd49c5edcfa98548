"""Processes seen from outside: what is below one, and the end of it."""

import psutil


def tree(pid):
    """The process and all its descendants, as far as they live."""
    try:
        root = psutil.Process(pid)
        return [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return []


def kill(processes):
    """Kill them all; psutil knows a process from a newer one with its number."""
    for process in processes:
        try:
            process.kill()
        except psutil.Error:
            continue
