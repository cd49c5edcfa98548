"""Verdicts of every machine of a cluster: each decides every claim with its own runs; a record for
each machine.

A machine decides experiment by experiment, in a process of its own, which dies with the worker that
started it. Workers on the same host take turns, for they would measure each other. What a lost
machine has not decided is "not decided".
"""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pvt import ledger, recorded
from pvt.claims import UNDECIDED
from pvt.problem import Missing, Problem
from pvt.procfs import PR_SET_PDEATHSIG, prctl
from pvt.tools import cluster

GLANCE = 0.1  # seconds between looks at whether a machine is still there
LOST = "the machine was lost, or did not answer."


def records(address, pairs, tell):
    """Machine -> its `Record`, for the claims of these (experiment, claim) pairs. `tell(machine,
    entry)` as they come.

    Raises Problem where there is no such cluster.
    """
    try:
        with cluster.joined(address) as there:
            return decided(there, pairs, tell)
    except Missing as missing:
        raise Problem(f"deciding claims on a cluster needs {missing}.") from None


def decided(there, pairs, tell):
    """Ask every machine for every experiment, host by host at the same time."""
    experiments, hosts = {}, {}
    for name, claim in pairs:
        experiments.setdefault(name, []).append(claim)
    for machine, place in there.places.items():
        hosts.setdefault(place.rpartition(":")[0], []).append(machine)
    found, turn = {}, threading.Lock()

    def on_host(machines):
        for claims in experiments.values():
            for machine in machines:
                record = answer(there, machine, [claim.id for claim in claims])
                with turn:
                    note(found, machine, record, claims, tell)

    with ThreadPoolExecutor(len(hosts)) as pool:
        list(pool.map(on_host, hosts.values()))
    return {machine: found[machine] for machine in there.names}


def note(found, machine, record, claims, tell):
    """Put what a machine has answered, or None, to what it has said before."""
    entries = record.entries if record else [lost(claim) for claim in claims]
    known = found.get(machine)
    if known is None or (record and not known.command):
        head = record or recorded.begun("")
        found[machine] = head._replace(entries=[*(known.entries if known else ()), *entries])
    else:
        known.entries.extend(entries)
    for entry in entries:
        tell(machine, entry)


def answer(there, machine, claims):
    """The record that a machine gives, or None where it is lost, or the scheduler is."""
    try:
        future = there.client.submit(ask, claims, **there.on(machine))
        while not future.done():
            if not is_there(there, machine):
                return None
            time.sleep(GLANCE)
        return recorded.parsed(future.result(), "the answer of a machine")
    except Exception:  # cancelled, or a text that is no record
        return None


def is_there(there, machine):
    """Whether the scheduler still knows this machine."""
    running = there.client.status == "running"
    return running and there.places[machine] in cluster.workers(there.client)


def lost(claim):
    """The entry of a claim that a lost machine has not decided."""
    return ledger.Entry(claim.id, claim.says, UNDECIDED, LOST, 0.0)


def ask(claims):
    """On a machine of the cluster: decide these claims; what `python -m pvt verdicts --json`
    prints."""
    root = str(Path(__file__).parents[1])
    command = [sys.executable, "-P", "-m", "pvt.everywhere", *claims]
    hidden = {"PVT_CLUSTER", "PVT_RECORD"}
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    environment |= {"PYTHONPATH": root, "PYTHONUTF8": "1", "PVT_RECORD": "off"}
    return subprocess.run(command, env=environment, capture_output=True, text=True).stdout


def main(claims):
    """Decide them and print the record; end with whoever has asked."""
    from pvt.terminal import verdicts

    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    return verdicts([*claims, "--json"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
