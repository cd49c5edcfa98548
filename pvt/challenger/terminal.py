"""`python -m pvt challenge FILE`, or `--command "uvicorn app:app --port {port}"` for any program
that listens."""

import json
import sys

from pvt import progress
from pvt.challenger import asking
from pvt.challenger.trials import SCALES, TRIALS
from pvt.terminal import Parser


def main(words):
    """Put a server through the trials. The exit status: 0 none failed, 1 one failed or was not
    reached, 2 usage error."""
    parser = Parser(prog="pvt challenge", description="Your server against ours: seven trials.")
    parser.add_argument("file", nargs="?", help="a Python file with a function serve(port)")
    parser.add_argument(
        "--command", help='any program that listens, such as "uvicorn app:app --port {port}"'
    )
    parser.add_argument(
        "--beside", help='the course\'s servers to try as well: "all", "none", or names with commas'
    )
    parser.add_argument(
        "--most", type=int, default=1_000, choices=SCALES[1:], help="connections of the ladder"
    )
    parser.add_argument("--seconds", type=float, default=asking.SECONDS, help="time limit")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    chosen = parser.parse_args(words)
    entry = asking.Entry(
        chosen.file, chosen.command, None, chosen.beside, chosen.most, chosen.seconds
    )
    total = len(TRIALS) * (1 + len(entry.beside))

    def tell(row, running):
        if row and chosen.json:
            print(json.dumps({"row": row}), flush=True)
        elif row:
            done = sum(one["trial"] in TRIALS for one in running.rows)
            progress.in_terminal(done / total, f"{row['server']}: {row['trial']}")

    done = entry.challenged(tell=tell)
    progress.gone()
    if chosen.json:
        print(json.dumps({"ending": done.ending, "seconds": done.seconds}))
    else:
        print(done)
    if done.ending != "finished" and done.noise:
        print(done.noise, file=sys.stderr)
    return 0 if done.whole and done.ending == "finished" and not done.failed else 1
