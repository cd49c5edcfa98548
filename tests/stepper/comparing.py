"""Many random programs, each searched by the engine and by the oracle under one Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generator

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def compared(interpreter, seeds, most=400, timeout=300):
    """For each seed: the text, the oracle's answer and the engine's, as dictionaries.

    The engine is asked for as many preemptions as the oracle has got to with at most `most` schedules.
    """
    sources = [generator.program(seed) for seed in seeds]
    words = ["--most", str(most), "--impatient"]
    expected = asked(interpreter, "oracle.py", sources, words, timeout)
    questions = [
        {"source": source, "preemptions": answer["bound"]} for source, answer in zip(sources, expected, strict=True)
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
        raise RuntimeError(f"{script} under {interpreter} ended with {done.returncode}: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def differing(rows):
    """A sentence for each program of which engine and oracle do not say the same."""
    for seed, source, expected, found in rows:
        only_oracle = [one for one in expected["endings"] if one not in found["endings"]]
        only_engine = [one for one in found["endings"] if one not in expected["endings"]]
        if only_oracle or only_engine or not found["complete"]:
            yield (
                f"seed {seed}, {expected['bound']} preemptions: only the oracle finds {only_oracle}, only the engine "
                f"{only_engine}; the engine says: {found['because']}\n{source}"
            )
