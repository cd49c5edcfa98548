"""A cluster in a process of its own, for tests: `with a_cluster.of(2) as (address, pids): …`."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def of(machines):
    """The address of a scheduler, and the process ids of it and of its machines; all end with
    the `with`."""
    words = [sys.executable, __file__, str(machines)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    place = os.environ | {
        "TMPDIR": tempfile.gettempdir()
    }  # the test run's own folder, for dask's files
    with subprocess.Popen(words, **pipes, cwd=ROOT, env=place) as house:
        try:
            yield json.loads(house.stdout.readline())
        finally:
            house.stdin.close()
            house.wait(30)


def main(machines):
    from pvt.tools import cluster

    with cluster.launched(machines) as processes:
        with processes.client():  # until they are there
            pass
        pids = [processes.scheduler.pid, *(one.pid for one in processes.machines.values())]
        print(json.dumps([processes.place, pids]), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(int(sys.argv[1]))
