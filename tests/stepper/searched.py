"""The engine's answers in the oracle's form: run under any Python, a JSON list of programs in, a
line for each out.

A program is {"source": …, "preemptions": …} (and perhaps "seconds", "first").  An answer has
"endings" ([ending, text printed]; only a safe ending keeps its text), "complete", "schedules",
"seconds", "because", "assumed", "reasons" (by ending) and "needed" (preemptions by ending).
"""

import gc
import json
import os
import sys


def answer(source, preemptions, seconds=60.0, first=False):
    """What a search finds; `first`: only up to the first bad ending."""
    from pvt.stepper.searching import run

    rows = list(run(source=source, preemptions=preemptions, seconds=seconds, first=first))
    needed = {row["ending"]: row["preemptions"] for row in rows if row["kind"] == "ending"}
    kinds = {row["ending"]: row["because"] for row in rows if row["kind"] == "ending"}
    texts = [row["output"] for row in rows if row["kind"] == "output"]
    endings = [[kind, ""] for kind in kinds if kind != "safe"]
    if "safe" in kinds:
        endings += [["safe", text] for text in texts or [""]]
    last = rows[-1]
    told = {key: last[key] for key in ("complete", "schedules", "seconds", "because", "assumed")}
    return {"endings": sorted(endings), "reasons": kinds, "needed": needed, **told}


if __name__ == "__main__":
    gc.disable()
    for program in json.load(sys.stdin):
        print(json.dumps(answer(**program)), flush=True)
    sys.stdout.flush()
    os._exit(0)
