"""Many random programs, each searched by the engine and by the oracle under one Python.

Where the engine says that nothing is proved, and finds less than the oracle, that is no difference:
what it says is true."""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import async_generator
import generator

EVERY = 9
"""So many preemptions mean every order of turns in programs as small as these."""
HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def compared(interpreter, seeds, most=400, timeout=300):
    """For each seed: the text, the oracle's answer and the engine's, as dictionaries.

    The engine is asked for as many preemptions as the oracle has got to with at most `most`
    schedules."""
    sources = [generator.program(seed) for seed in seeds]
    words = ["--most", str(most), "--impatient"]
    expected = asked(interpreter, "oracle.py", sources, words, timeout)
    questions = [
        {"source": source, "preemptions": answer["bound"]}
        for source, answer in zip(sources, expected, strict=True)
    ]
    found = asked(interpreter, "searched.py", questions, [], timeout)
    return list(zip(seeds, sources, expected, found, strict=True))


def asked(interpreter, script, question, words, timeout):
    """The answers of one of the scripts beside this one."""
    done = subprocess.run(
        [interpreter, str(HERE / script), *words],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"},
    )
    if done.returncode:
        raise RuntimeError(
            f"{script} under {interpreter} ended with {done.returncode}: {done.stderr[-2000:]}"
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


def differing(rows):
    """A sentence for each program of which engine and oracle do not say the same."""
    for seed, source, expected, found in rows:
        only_oracle = [one for one in expected["endings"] if one not in found["endings"]]
        only_engine = [one for one in found["endings"] if one not in expected["endings"]]
        admitted = "nothing is proved" in found["because"]
        missing = only_oracle or not found["complete"]
        if only_engine or (missing and not admitted):
            yield (
                f"seed {seed}, {expected.get('bound', 'all')} preemptions: only the oracle finds {only_oracle}, only "
                f"the engine {only_engine}; the engine says: {found['because']}\n{source}"
            )


def compared_tasks(interpreter, seeds, most=150, timeout=300):
    """The same for asyncio programs of at most `most` orders of turns; those with more are left
    out."""
    sources = [async_generator.program(seed) for seed in seeds]
    expected = asked(interpreter, "async_oracle.py", sources, ["--most", str(most)], timeout)
    rows = [row for row in zip(seeds, sources, expected, strict=True) if row[2]["whole"]]
    questions = [{"source": source, "preemptions": EVERY} for _, source, _ in rows]
    found = asked(interpreter, "searched.py", questions, [], timeout)
    return [(*row, answer) for row, answer in zip(rows, found, strict=True)]
