"""What a hub needs: memory, processes and cores of each notebook while all of it runs by itself
(hub.md says what follows).

Memory is the proportional set size: a page that several processes share is counted once. Peaks
between two samples, 0.1 s apart, are missed.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from pvt import processes

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PAUSE, SECONDS = 0.1, 240  # between two samples; for a cell, at most
LEARNERS, NODES = 300, 10
AT_ONCE = 1 / 3  # share of a class that runs something at the same moment: an assumption
MB = 10**6


def table():
    os.environ["PVT_AUTORUN"] = "1"
    print("| notebook | kernel, MB | peak, MB | processes | threads | cores, mean |")
    print("|---|---|---|---|---|---|")
    looks = {}
    for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        one = looks[path.stem] = look(path)
        figures = (f"{one['idle'] / MB:.0f}", f"{one['memory'] / MB:.0f}", one["processes"])
        print(
            "",
            path.stem,
            *figures,
            one["threads"],
            f"{one['cores']:.1f}",
            "",
            sep=" | ",
            flush=True,
        )
    served = server()
    print(f"\nJupyterLab's server, without kernels: {served / MB:.0f} MB")
    needed(served, list(looks.values()))


def needed(served, looks):
    """What follows for a class."""
    each, peak = (max(one[key] for one in looks) for key in ("idle", "memory"))
    usual = sorted(one["memory"] for one in looks)[len(looks) // 2]
    processes = max(one["processes"] for one in looks)
    pod = LEARNERS // NODES
    running = round(pod * AT_ONCE)
    node = pod * (served + each) + running * (usual - each) + (peak - usual)
    print(f"{pod} learners a node, of whom {running} run something at once:")
    print(f"  a pod at rest {(served + each) / MB:.0f} MB, at most {(served + peak) / MB:.0f} MB")
    print(f"  a node {node / 1e9:.1f} GB, one of them in the hungriest notebook")
    print(
        f"  processes of a pod at most {processes + 1}; of a node {pod * 2 + processes * running}"
    )


def look(path):
    """Execute a notebook and look at its kernel and all below it."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=SECONDS, resources={"metadata": {"path": str(NOTEBOOKS)}}
    )
    peak = {"memory": 0, "processes": 0, "threads": 0}
    done, used = threading.Event(), {}
    with client.setup_kernel():
        pid, begin = client.km.provisioner.pid, time.monotonic()
        watching = threading.Thread(target=watch, args=(pid, peak, used, done))
        watching.start()
        for at, cell in enumerate(notebook.cells):
            client.execute_cell(cell, at)
        seconds = time.monotonic() - begin
        done.set()
        watching.join()
        idle = weight([psutil.Process(pid)])
    return peak | {"idle": idle, "cores": sum(used.values()) / seconds}


def watch(pid, peak, used, done):
    """Keep the greatest of each figure, and the seconds of each process on a core."""
    while not done.wait(PAUSE):
        mine, threads = processes.tree(pid), 0
        for process in mine:
            try:
                times = process.cpu_times()
                used[process.pid] = times.user + times.system
                threads += process.num_threads()
            except psutil.Error:
                continue
        now = {"memory": weight(mine), "processes": len(mine), "threads": threads}
        peak.update({key: max(peak[key], value) for key, value in now.items()})


def weight(mine):
    """Proportional set size of some processes in bytes; where the system has none, the resident
    one."""
    total = 0
    for process in mine:
        try:
            told = process.memory_full_info()
            total += getattr(told, "pss", told.rss)
        except psutil.Error:
            continue
    return total


def server():
    """Bytes of a JupyterLab that has shown its page and has no kernel."""
    with tempfile.TemporaryDirectory() as home:
        folders = ["CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"]
        private = {f"JUPYTER_{name}": str(Path(home, name)) for name in folders}
        words = "--no-browser --ip=127.0.0.1 --port=0 --allow-root --IdentityProvider.token=t"
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *words.split(), f"--ServerApp.root_dir={home}"],
            env=os.environ | private,
            stderr=subprocess.DEVNULL,
        )
        try:
            shown(Path(home, "RUNTIME_DIR"))
            return weight(processes.tree(process.pid))
        finally:
            process.terminate()
            process.wait(20)


def shown(folder):
    """Fetch the first page, as soon as there is one."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for path in folder.glob("jpserver-*.json"):
            port = path.read_text().partition('"port": ')[2].partition(",")[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/lab?token=t", timeout=30) as page:
                return page.read()
        time.sleep(0.3)
    raise RuntimeError("JupyterLab did not start")
