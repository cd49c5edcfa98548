"""What a watched process notes is written, whatever its threads do meanwhile."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from pvt import watcher

INSIDE = Path(watcher.__file__).parent / "inside"
EACH, THREADS = 6_000, 3
NOTING = f"""\
import sys, threading
sys.path.insert(0, {str(INSIDE)!r})
import pvt_notes as notes
notes.State.folder = sys.argv[1]
sys.setswitchinterval(1e-6)
def work(name):
    for number in range({EACH}):
        notes.waited(0.0, 0.002, "asleep", "")
        notes.waited(0.0, 0.0001, "lock", f"{{name}} {{number}}")
threads = [threading.Thread(target=work, args=(name,)) for name in range({THREADS})]
for one in threads: one.start()
while any(one.is_alive() for one in threads): notes.flush()
notes.flush()
"""


def test_no_wait_is_lost_while_the_notes_are_written(tmp_path):
    """New short waits come all the time: a walk over them failed, and all the notes beside them
    were lost."""
    subprocess.run([sys.executable, "-c", NOTING, tmp_path], check=True, timeout=60)
    (file,) = tmp_path.iterdir()
    kinds = Counter(json.loads(line)[0] for line in file.read_text().splitlines())
    assert kinds["wait"] == EACH * THREADS
