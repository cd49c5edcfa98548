"""Every server: right answers, no harm from malformed requests, time limits, restarts, and
nothing left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from pvt import course
from pvt.course.server.servers import NAMES, Rules, find, possible
from pvt.course.server.servers.asking import request
from pvt.course.server.servers.load import Crowd
from pvt.course.server.servers.protocol import MOST, Inbox, Refused
from pvt.course.server.servers.service import Service
from pvt.problem import Problem
from pvt.procfs import tree

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.fixture(params=NAMES)
def name(request):
    if request.param not in possible():
        pytest.skip(f"{request.param} cannot run here")
    return request.param


def talk(port, *pieces, answers=1):
    """Send pieces, then read `count` answers, or to the end; all that came."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client, suppress(OSError):
        for piece in pieces:
            client.sendall(piece)
        while data := client.recv(1 << 16):
            got += data
            if got.count(b"HTTP/1.1 ") == got.count(b" \n") >= answers:
                break
    return got


def alive(pids):
    """Those that still run: an orphan that is dead may wait a second until it is collected."""
    found = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            found += [pid] if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE else []
    return found


MALFORMED = [
    (b"",),
    (b"GET / HT",),
    (b"\x00\xff\xfe garbage \r\n\r\n",),
    (b"GET /\r\n\r\n",),
    (b"GET / HTTP/1.1\r\nno colon\r\n\r\n",),
    (b"POST / HTTP/1.1\r\n\r\n",),
    (b"GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",),
    (b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",),
    (b"GET /?wait=nan HTTP/1.1\r\n\r\n",),
    (b"GET /?work=1e99 HTTP/1.1\r\n\r\n",),
    (b"GET /" + b"x" * 3 * MOST,),
    (b"GET / HTTP/1.1\r\nX: " + b"y" * MOST + b"\r\n\r\n",),
    (b"GET /segfault HTTP/1.1\r\n\r\n",),
    (b"GET /raise HTTP/1.1\r\n\r\n",),
    (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",),
    (request() * 3,),
    (request()[:9], request()[9:]),
    (request(keep=False) + request(),),
    (b"\r\n\r\n" * 50,),
    (b"GET / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",),
]


def test_malformed_requests_leave_it_serving(name):
    """Twenty kinds, each ten times, half of them half-closed."""
    with Service(name, slow=0.2) as service:
        for number in range(10):
            for pieces in MALFORMED:
                with (
                    socket.create_connection(("127.0.0.1", service.port), timeout=5) as client,
                    suppress(OSError),
                ):
                    for piece in pieces:
                        client.sendall(piece)
                    if number % 2:
                        client.shutdown(socket.SHUT_WR)
                    client.setblocking(False)
                    client.recv(1 << 16)
        with Crowd(service.port) as crowd:
            assert crowd.open(1, 10.0) == 1
            assert crowd.ask().failed == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request(), b"200"),
        (request("/nowhere"), b"404"),
        (request("/segfault"), b"404"),
        (b"POST / HTTP/1.1\r\n\r\n", b"405"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 2 * MOST, b"431"),
        (b"GET / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n", b"413"),
    ],
)
def test_each_request_gets_its_status(name, sent, status):
    with Service(name) as service:
        assert talk(service.port, sent).startswith(b"HTTP/1.1 " + status)


def test_pipelined_requests_are_answered_in_order(name):
    with Service(name) as service:
        got = talk(
            service.port,
            request("/?wait=20") + request("/nowhere") + request(keep=False),
            answers=3,
        )
    assert [part[:3] for part in got.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200"]


def test_the_slow_and_the_silent_are_closed(name):
    with Service(name, slow=0.3, silent=0.3) as service:
        for piece in (b"GET / HT", request()):
            with socket.create_connection(("127.0.0.1", service.port), timeout=5) as client:
                client.sendall(piece)
                with suppress(ConnectionResetError):
                    while client.recv(4_096):
                        pass


def test_it_listens_on_this_machine_only(name):
    with (
        Service(name) as service,
        pytest.raises(ConnectionRefusedError),
    ):  # another address of the same machine
        socket.create_connection(("127.0.0.2", service.port), timeout=1)


def test_it_takes_its_processes_and_its_port_along(name):
    with Service(name, threads=4) as service, Crowd(service.port) as crowd:
        crowd.open(4, 0.3)
        port, pids = service.port, tree(service.process.pid)
    assert not alive(pids)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


@pytest.mark.parametrize("name", ["prefork_loops", "prefork_threads"])
@pytest.mark.parametrize("number", ["SIGKILL", "SIGSTOP"])
def test_a_dead_or_hanging_worker_is_replaced(name, number):
    if name not in possible():
        pytest.skip(f"{name} cannot run here")
    with Service(name, processes=2, hung=1.0) as service:
        with Crowd(service.port) as crowd:
            crowd.open(8)
        before = set(tree(service.process.pid))
        victim = max(before - {service.process.pid})
        os.kill(victim, getattr(signal, number))
        until = time.monotonic() + 20
        while victim in tree(service.process.pid) or len(tree(service.process.pid)) < 3:
            assert time.monotonic() < until
            time.sleep(0.02)
        with Crowd(service.port) as crowd:
            assert crowd.open(8, 5.0) == 8


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="prctl is Linux's")
def test_no_worker_outlives_a_killed_server():
    with Service("prefork_loops", processes=2) as service:
        with Crowd(service.port) as crowd:
            crowd.open(4)
        pids = tree(service.process.pid)
        service.process.kill()
        service.process.wait()
        until = time.monotonic() + 5
        while alive(pids):
            assert time.monotonic() < until


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")
def test_who_ends_a_server_while_a_child_is_born_ends_the_child():
    code = """
import os, signal, time
from pvt.course.server.servers import supervisor
fork = os.fork
def interrupted():
    if process := fork():
        os.kill(os.getpid(), signal.SIGTERM)
    return process
def leave(*_):
    print(len(supervisor.LIVING), flush=True)
    supervisor.end_all()
    os._exit(0)
os.fork = interrupted
signal.signal(signal.SIGTERM, leave)
supervisor.born(lambda: time.sleep(60))
"""
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=20
    )
    assert answer.stdout == "1\n"


def test_serve_prints_its_address_and_ends_with_ctrl_c():
    command = [
        sys.executable,
        "-m",
        "pvt",
        "serve",
        "prefork-loops" if os.name != "nt" else "event-loop",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        address = process.stdout.readline().split()[2]
        assert talk(int(address.rstrip("/").rpartition(":")[2]), request()).startswith(
            b"HTTP/1.1 200"
        )
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


@pytest.mark.parametrize("words", [["nope"], ["event-loop", "--port", "70000"], []])
def test_serve_explains_what_it_cannot_do(words):
    command = [sys.executable, "-m", "pvt", "serve", *words]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=20)
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="the limits of files are Unix's")
def test_with_few_files_it_scales_down_and_says_so():
    code = (
        "import resource, json; resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200));"
        "from pvt.course.server import ladder; rows = list(ladder.run(server='event_loop',"
        " most=1_000));"
        "print(json.dumps([rows[-1], ladder.sentence(rows)]))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    row, text = json.loads(answer.stdout)
    assert row["held"] == row["connections"] == 140
    assert "this process may open only 200 files" in text


def test_bytes_in_pieces_are_the_same_requests():
    whole, pieces = Inbox(), Inbox()
    sent = request("/?wait=3") + request("/x", keep=False)
    whole.feed(sent)
    found = []
    for byte in sent:
        pieces.feed(bytes([byte]))
        found += [one] if (one := pieces.next()) else []
    assert found == [whole.next(), whole.next()]
    assert found[0].wait == 0.003


def test_a_large_request_is_refused_while_it_comes():
    inbox = Inbox()
    inbox.feed(b"x" * (MOST + 1))
    with pytest.raises(Refused):
        inbox.next()


def test_an_unknown_server_is_named():
    with pytest.raises(Problem, match="there is no server 'x'"):
        find("x")


def test_servers_are_no_experiments():
    assert not set(NAMES) & set(course.names())
    assert Rules().threads == 64
