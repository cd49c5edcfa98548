"""A slow network, made real: this process and all that it starts move into a network of their own.

A network namespace of Linux is empty but for its own loopback. There the kernel lets only so many
bytes a second through (`tc tbf`), and keeps each packet for a while (`tc netem`). It lives as long
as its processes, and nothing outside is touched.
"""

import os
import subprocess

from pvt.problem import Missing

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
BURST = 256 << 10  # bytes that may go at once: more than the largest packet of a loopback


def slow(megabits=None, delay_ms=0):
    """From now on all traffic is on a wire of so many megabits a second, with this delay each way.

    Call it before there are threads. Raises Missing where the system does not allow it.
    """
    alone()
    done(["ip", "link", "set", "lo", "up"], "iproute2")
    parent = "root"
    if delay_ms:
        delay = ["netem", "delay", f"{delay_ms}ms", "limit", "100000"]
        done(
            ["tc", "qdisc", "add", "dev", "lo", "root", "handle", "1:", *delay],
            "a kernel with netem",
        )
        parent = "parent 1:"
    if megabits:
        rate = ["tbf", "rate", f"{megabits}mbit", "burst", str(BURST), "latency", "2s"]
        done(["tc", "qdisc", "add", "dev", "lo", *parent.split(), *rate], "a kernel with tbf")


def alone():
    """Move into a network namespace of our own; where we are not root, into a user namespace as
    well."""
    try:
        import ctypes

        unshare = ctypes.CDLL(None, use_errno=True).unshare
    except (OSError, AttributeError):
        raise Missing("network namespaces, which only Linux has") from None
    if unshare(CLONE_NEWNET) and unshare(CLONE_NEWUSER | CLONE_NEWNET):
        why = os.strerror(ctypes.get_errno())
        raise Missing(f"the right to make a network namespace ({why})")


def done(command, need):
    """Run it. Raises Missing, with what it needs, where it fails."""
    try:
        ended = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        raise Missing(f"the commands ip and tc ({command[0]} is not installed)") from None
    if ended.returncode:
        why = ended.stderr.strip().splitlines()
        raise Missing(
            f"{need} (it says: {why[0].removeprefix('Error: ').rstrip('.') if why else 'nothing'})"
        )
