"""Servers: the ladder, and our load generator beside wrk and ab at 100 connections (uvicorn too,
where installed)."""

import importlib.util
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pvt
from pvt.course.server.servers import possible
from pvt.course.server.servers.load import Crowd
from pvt.course.server.servers.service import Service

CLIENTS = 100
APP = """async def app(scope, receive, send):
    if scope["type"] == "http":
        head = [(b"content-length", b"24")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"from process 0         \\n"})
"""


def table():
    run = pvt.run("ladder", most=10_000, seconds=90)
    print("server           connections    held   lost  requests/s  p99 ms  MiB  threads")
    for row in run.rows:
        lost = row["lost"] + row["failed"] + row["refused"] + row["unanswered"]
        fields = f"{row['connections']:11,} {row['held']:7,} {lost:6,} {row['rate']:11,.0f}"
        late = 1e3 * (row["slowest"] or 0)
        print(
            f"{row['server']:16} {fields} {late:7.1f} {(row['memory'] or 0) >> 20:4}"
            f" {row['threads'] or 0:8,}"
        )
    print(
        f"\nrequests/s at {CLIENTS} connections (one_at_a_time: 1)    ours      wrk       ab  "
        " errors of wrk and ab"
    )
    for name in possible():
        with Service(name, threads=128, cap=128) as service:
            compare(name, service.port, 1 if name == "one_at_a_time" else CLIENTS)
    if importlib.util.find_spec("uvicorn"):
        with uvicorn() as port:
            compare("uvicorn", port, CLIENTS, ours=False)


def compare(name, port, clients, ours=True):
    """Two rounds in turns; the better of each, since others only take away."""
    best, errors = {}, []
    for _ in range(2):
        fields = {
            "ours": own(port, clients) if ours else None,
            "wrk": wrk(port, clients),
            "ab": ab(port, clients),
        }
        for tool, answer in fields.items():
            rate, error = answer or (0.0, "")
            best[tool] = max(best.get(tool, 0.0), rate)
            errors += [error] if error else []
    figures = "".join(f"{best[tool]:9,.0f}" for tool in ("ours", "wrk", "ab"))
    print(f"{name:46} {figures}   {'; '.join(errors) or 'none'}", flush=True)


def own(port, clients):
    with Crowd(port) as crowd:
        crowd.open(clients)
        asked = crowd.ask(1.0)
    return asked.rate, f"{asked.failed} failed" if asked.failed else ""


def wrk(port, clients):
    if not shutil.which("wrk"):
        return None
    text = output("wrk", "-t1", f"-c{clients}", "-d1", f"http://127.0.0.1:{port}/")
    return number(r"Requests/sec: +([\d.]+)", text), " ".join(
        re.findall(r"Socket errors.*|Non-2xx.*", text)
    )


def ab(port, clients):
    if not shutil.which("ab"):
        return None
    text = output("ab", "-k", "-q", "-c", str(clients), "-n", "10000", f"http://127.0.0.1:{port}/")
    wrong = re.findall(r"Failed requests: +[1-9]\d*|Non-2xx.*|apr_.*", text)
    return number(r"Requests per second: +([\d.]+)", text), " ".join(wrong)


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def number(pattern, text):
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0


@contextmanager
def uvicorn():
    """A production server with the same answer, in one process; its port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    start = f"{APP}\nimport uvicorn\nuvicorn.run(app, port={port}, log_level='critical')"
    with subprocess.Popen([sys.executable, "-c", start]) as process:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port
        process.terminate()
