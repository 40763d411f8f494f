"""`secondline serve`: on this machine only, and a clear message where it cannot start."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from secondline.interfaces.web.own_address import is_loopback


def serve(*options):
    return subprocess.run(
        [sys.executable, "-m", "secondline", "serve", *options],
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "hospital.example"])
def test_an_address_that_others_reach_is_refused(host):
    result = serve("--host", host)
    assert result.returncode == 2
    assert b"there is no sign-in" in result.stderr and b"docs/howto/sign-in.md" in result.stderr
    assert b"Serving" not in result.stdout


def test_a_port_that_is_taken_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = serve("--port", str(taken.getsockname()[1]))
    assert result.returncode == 2
    assert b"cannot be used" in result.stderr and b"--port" in result.stderr
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("port", ["0", "65536", "many"])
def test_a_port_that_is_none_is_refused(port):
    assert serve("--port", port).returncode == 2


def test_loopback_addresses():
    assert all(map(is_loopback, ("127.0.0.1", "127.0.0.2", "::1", "localhost")))
    assert not any(map(is_loopback, ("", "10.0.0.1", "2001:db8::1", "127.0.0.1.example")))


def test_a_name_that_nobody_enrolled_is_refused_before_anything_is_served(tmp_path):
    result = serve("--as", "Ada Okafor", "--store", str(tmp_path / "log.db"))
    assert result.returncode == 2
    assert b"nobody is enrolled yet" in result.stderr
    assert b'secondline review user add "Ada Okafor"' in result.stderr
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("workers", ["0", "65", "many"])
def test_a_number_of_workers_that_is_none_is_refused(workers):
    assert serve("--workers", workers).returncode == 2


# A server that runs


@contextlib.contextmanager
def running(*options, stop=signal.SIGTERM, environment=None):
    """Start the command, yield its port and process, and hold its end against a clean one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "secondline", "serve", "--port", str(port), *options]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    try:
        for _ in range(1_200):  # a first start makes the index; a busy machine takes its time
            assert process.poll() is None, process.stderr.read().decode()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield port, process
    finally:
        process.send_signal(stop)
        _, logged = process.communicate(timeout=120)
    assert process.returncode == 0
    assert logged == b"", "it stops without a word, and logs nothing of what was asked"


def read(port, address="/"):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=60) as response:
        return response.read()


def sent(port, request):
    """Open a connection, send the beginning of something, and leave it open."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(request)
    return connection


HALF_SENT = (
    b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n",  # answered, and kept open for the next
    b"GET / HTT",
    b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded"
    b"\r\ncontent-length: 100\r\n\r\nquestion=SECR",
    b"",
)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_while_connections_are_open(stop):
    with running("--workers", "2", stop=stop) as (port, process):
        assert b"secondline" in read(port)
        left_open = [sent(port, half) for half in HALF_SENT * 5]
        workers = children_once_started(process.pid, 2)
    for connection in left_open:
        connection.close()
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def children_once_started(pid, number):
    """Return the workers of a server that answers: the first may do so before the last is there."""
    for _ in range(600):
        if len(found := children(pid)) == number:
            return found
        time.sleep(0.1)
    pytest.fail(f"{number} workers were expected; found {found}")


def children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()


def test_a_worker_that_is_killed_is_replaced():
    with running() as (port, process):
        (worker,) = children_once_started(process.pid, 1)
        os.kill(int(worker), signal.SIGKILL)
        for _ in range(300):
            with contextlib.suppress(OSError):
                if b"secondline" in read(port):
                    break
            time.sleep(0.1)
        assert children(process.pid) != [worker]


def test_a_second_server_on_the_same_port_is_refused():
    with running() as (port, _):
        second = serve("--port", str(port))
        assert second.returncode == 2
        assert b"cannot be used" in second.stderr and b"Serving" not in second.stdout
        assert b"secondline" in read(port)


def test_too_many_headers_are_refused_and_slow_ones_cut_off():
    with running() as (port, _):
        large = sent(port, b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"x" * 100_000)
        with large, contextlib.suppress(ConnectionError):
            large.sendall(b"x" * 100_000 + b"\r\n\r\n")
            assert large.recv(100)[9:12] in {b"400", b"431", b""}
        with sent(port, b"GET / HTTP/1.1\r\nhost: local") as slow:
            slow.settimeout(60)
            with contextlib.suppress(ConnectionError):
                assert not re.match(rb"HTTP/1.1 2", slow.recv(100))


def test_it_serves_where_nothing_can_be_kept(tmp_path):
    """A cache folder that cannot be written, as on a full disk, costs time and nothing else."""
    file = tmp_path / "file"
    file.write_text("no folder")
    with running(environment={"SECONDLINE_HOME": str(file)}) as (port, _):
        assert b"secondline" in read(port)


def test_memory_stays_below_300_mb():
    """What the processes take together, what they share counted once (PSS)."""
    with running("--workers", "2") as (port, process):
        for _ in range(50):
            read(port, "/evidence")
        processes = (process.pid, *children(process.pid))
        assert sum(map(proportional, processes)) < 300_000


def proportional(pid):
    """Return the memory of a process in kB, shared pages divided by those who share them."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if not rollup.exists():
        pytest.skip("this system does not tell how memory is shared")
    return int(re.search(r"^Pss:\s+(\d+) kB", rollup.read_text("ascii"), re.MULTILINE)[1])
