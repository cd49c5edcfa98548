"""Processes seen from outside: what is below one, how much memory it holds, and the end of it."""

import psutil


def tree(pid):
    """The process and all its descendants, as far as they live."""
    try:
        root = psutil.Process(pid)
        return [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return []


def resident(process):
    """The resident memory of a process in bytes; 0 if it is gone."""
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def kill(processes):
    """Kill them all; psutil knows a process from a newer one with its number."""
    for process in processes:
        try:
            process.kill()
        except psutil.Error:
            continue
