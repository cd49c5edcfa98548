"""Is the experiment's pipe as fast as a pipe can be here? Run `python tests/bench/talk.py`; `make
bench` does.

The same pipe by the experiment, by two `dd` and by a small C program, in turn, five times, in the
same minute. The experiment moves 1 MB messages with a receipt for each; the others stream blocks of
1 MB.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
MB, BLOCKS, RUNS = 1_000_000, 400, 5
PROGRAM = r"""
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
int main(int count, char **words) {
    size_t size = 1000000, blocks = atol(words[1]);
    char *block = aligned_alloc(4096, size);
    int ends[2];
    memset(block, 1, size);
    if (pipe(ends)) return 1;
    if (fork() == 0) {
        close(ends[1]);
        while (read(ends[0], block, size) > 0);
        _exit(0);
    }
    close(ends[0]);
    for (size_t number = 0; number < blocks; number++)
        for (size_t done = 0; done < size;) {
            ssize_t more = write(ends[1], block + done, size - done);
            if (more < 0) return 1;
            done += more;
        }
    close(ends[1]);
    wait(NULL);
    return 0;
}
"""


def by_experiment():
    """Bytes a second of the experiment's own functions, sender and receiver on any core."""
    import os

    from pvt.course.talk import ways

    meeting = ways.Meeting(MB, len)
    message, deliver = os.urandom(MB), meeting.order("pipe", MB, BLOCKS)
    begin = time.perf_counter()
    for _ in range(BLOCKS):
        deliver(message)
    seconds = time.perf_counter() - begin
    meeting.answer("pipe")
    meeting.end()
    return BLOCKS * MB / seconds


def by_dd():
    """Bytes a second from one dd into another."""
    begin = time.perf_counter()
    quiet = {"stderr": subprocess.DEVNULL}
    source = subprocess.Popen(
        ["dd", "if=/dev/zero", "bs=1M", f"count={BLOCKS}"], stdout=subprocess.PIPE, **quiet
    )
    subprocess.run(["dd", "of=/dev/null", "bs=1M"], stdin=source.stdout, check=True, **quiet)
    source.stdout.close()
    source.wait()
    return BLOCKS * MB / (time.perf_counter() - begin)


def by_c(program):
    """Bytes a second of the C program."""
    begin = time.perf_counter()
    subprocess.run([program, str(BLOCKS)], check=True)
    return BLOCKS * MB / (time.perf_counter() - begin)


def compiled(folder):
    """The path of the C program, or None where no compiler is found."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if not compiler:
        return None
    source, program = Path(folder, "pipe.c"), Path(folder, "pipe")
    source.write_text(PROGRAM)
    subprocess.run([compiler, "-O2", str(source), "-o", str(program)], check=True)
    return str(program)


def table():
    """Print minimum, median and maximum of each, in GB/s, and how the experiment compares."""
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(folder)
        measures = {"experiment": by_experiment, "dd | dd": by_dd if shutil.which("dd") else None}
        measures["C program"] = (lambda: by_c(program)) if program else None
        found = {name: [] for name, measure in measures.items() if measure}
        for _ in range(RUNS):
            for name in found:
                found[name].append(measures[name]() / 1e9)
    print(f"{'a pipe, blocks of 1 MB':24} {'min':>6} {'median':>6} {'max':>6}  GB/s")
    for name, rates in found.items():
        print(f"{name:24} {min(rates):6.2f} {median(rates):6.2f} {max(rates):6.2f}")
    for name in measures:
        if name not in found:
            print(f"{name:24} not found here")
        elif name != "experiment":
            print(
                f"experiment against {name}:"
                f" {median(found['experiment']) / median(found[name]):.2f}"
            )


if __name__ == "__main__":
    table()
