"""The answers of frontrun (PyPI, 0.7.0) about programs with setup, THREADS and safe, in the form of
searched.py.

Run under a Python that has frontrun: a JSON list of programs in, a line for each out.  The text is
executed anew for every run, so that module-level locks and globals are new too."""

import json
import os
import sys
import tempfile
import time
import types
from pathlib import Path


def answer(source, preemptions, seconds=60.0, first=False):
    """What frontrun finds: "broken", "deadlock", "safe", or "error" with its sentence."""
    import frontrun

    path = Path(tempfile.mkdtemp()) / "program.py"
    path.write_text(source, encoding="utf-8")
    code = compile(source, str(path), "exec")

    failures = []

    def setup():
        failures.clear()
        module = types.ModuleType("program")
        sys.modules["program"] = module
        exec(code, module.__dict__)
        return module, module.setup()

    def worker(number):
        def work(state):
            module, shared = state
            function = module.THREADS[number]
            try:
                function(shared) if function.__code__.co_argcount else function()
            except Exception as error:  # frontrun would end without a word on how far it was
                failures.append(error)

        return work

    def invariant(state):
        module, shared = state
        if failures:
            return False
        safe = getattr(module, "safe", None)
        return True if safe is None else bool(safe(shared) if safe.__code__.co_argcount else safe())

    count = len(setup()[0].THREADS)
    began = time.perf_counter()
    try:
        result = frontrun.explore(
            setup,
            [worker(number) for number in range(count)],
            invariant,
            preemption_bound=preemptions,
            stop_on_first=first,
            total_timeout=seconds,
            reproduce_on_failure=0,
            detect_io=False,
            clock="virtual",
            deadlock_timeout=1.0,
        )
        ending, schedules, because = told(result)
    except Exception as error:
        ending, schedules, because = "error", 0, f"{type(error).__name__}: {error}"
    spent = time.perf_counter() - began
    complete = ending == "safe" and spent < seconds
    return {
        "ending": ending,
        "schedules": schedules,
        "seconds": spent,
        "complete": complete,
        "because": because[:200],
    }


def told(result):
    """Ending, number of schedules and reason from frontrun's result."""
    text = str(getattr(result, "explanation", "") or "")
    schedules = getattr(result, "num_explored", 0)
    if result.property_holds:
        return "safe", schedules, text
    return ("deadlock" if "deadlock" in text.lower() else "broken"), schedules, text


if __name__ == "__main__":
    for program in json.load(sys.stdin):
        print(json.dumps(answer(**program)), flush=True)
    sys.stdout.flush()
    os._exit(0)
