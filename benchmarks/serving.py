"""How fast are the pages, and how much memory do they take? `make bench-serving`.

It starts `secondline serve` with one worker for each of two cores, asks varied questions one after
another as a browser does, then lets the load tool hey (in Debian: apt-get install hey) send many
requests at once. The load tool runs on the same two cores, and takes its share of them.
"""

import contextlib
import http.client
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from speed import QUESTIONS as ASKED

CORES = 2
SECONDS = 10  # of each load
AT_ONCE = 30  # connections of the load tool
RATE = 300  # requests a second that the ask page is held to
QUESTIONS = (
    *ASKED,
    "Survival after relapsed rhabdomyosarcoma",
    "8-year-old, marrow relapse of ALL 20 months after diagnosis, already had blinatumomab",
    "Which factors decide the outlook after relapse of neuroblastoma?",
    "Is high-dose therapy supported at relapse of soft-tissue sarcoma?",
    "Our son's neuroblastoma came back. What happens now?",
    "What is a clinical trial, and should we join one?",
)
READERS = ("clinician", "family")
FORM = "application/x-www-form-urlencoded"


@contextlib.contextmanager
def served() -> Iterator[tuple[int, list[int]]]:
    """Start the pages on a free port; yield it, and the numbers of the processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "secondline", "serve", "--workers", str(CORES), "--port"]
    process = subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        started = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
        yield port, [process.pid, *map(int, started.split())]
    finally:
        process.terminate()
        process.wait(timeout=30)


class Browser:
    """Asks as a browser does: one connection that stays open, compression, a cookie, a token."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        _, headers, page = self.sent("GET", "/", {"accept-encoding": "identity"})
        self.cookie = (headers["set-cookie"] or "").partition(";")[0]
        (self.token,) = set(re.findall(r'name="token" value="(\w+)"', page.decode()))

    def sent(
        self, method: str, address: str, headers: dict[str, str], body: str | None = None
    ) -> tuple[float, http.client.HTTPMessage, bytes]:
        """Return the milliseconds to the last byte, the headers and the body as it travels."""
        begin = time.perf_counter()
        self.connection.request(method, address, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        taken = 1000 * (time.perf_counter() - begin)
        if response.status != 200:
            raise SystemExit(f"{method} {address}: status {response.status}")
        return taken, response.headers, content

    def form(self, question: str, reader: str) -> str:
        """Return the body of the form of a question."""
        return urlencode({"token": self.token, "question": question, "reader": reader})

    def ask(self, question: str, reader: str) -> float:
        """Ask, and return the milliseconds until the whole page is here."""
        headers = {"content-type": FORM, "cookie": self.cookie, "accept-encoding": "gzip"}
        return self.sent("POST", "/", headers, self.form(question, reader))[0]


def row(name: str, value: float, unit: str, bound: str = "") -> None:
    """Print one figure, and what it is held to."""
    print(f"{name:<52} {value:10.1f} {unit:<12} {bound}")


def processor_time(processes: list[int]) -> float:
    """Return the milliseconds of a processor that processes have taken so far.

    Other programs on the machine make an answer late; they do not change this.
    """
    fields = (Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2] for pid in processes)
    ticks = sum(int(told.split()[11]) + int(told.split()[12]) for told in fields)
    return 1000 * ticks / os.sysconf("SC_CLK_TCK")


def answers(browser: Browser, processes: list[int]) -> None:
    """Print how long the page of an answer takes, over questions and readers, warm."""
    for reader in READERS:
        for question in QUESTIONS:
            browser.ask(question, reader)
        before = processor_time(processes)
        times = [browser.ask(question, reader) for question in QUESTIONS for _ in range(10)]
        taken = (processor_time(processes) - before) / len(times)
        row(f"page of an answer, {reader}, median", median(times), "ms", "below 50")
        row(f"page of an answer, {reader}, 95th percentile", quantiles(times, n=20)[-1], "ms")
        row(f"page of an answer, {reader}, processor time, mean", taken, "ms")


def first_load(browser: Browser) -> None:
    """Print how much travels for the first page, with its style sheet and scripts."""
    gzip = {"accept-encoding": "gzip"}
    page = browser.sent("GET", "/", {"accept-encoding": "identity"})[2].decode()
    addresses = ["/", *re.findall(r'(?:href|src)="(/static/[^"]+)"', page)]
    total = sum(len(browser.sent("GET", each, gzip)[2]) for each in addresses)
    row("first load, compressed", total / 1000, "kB", "below 150")


def load(port: int, *options: str) -> tuple[float, float, float]:
    """Let hey send requests; return requests a second, median and 99th percentile in ms."""
    command = [
        "hey",
        "-z",
        f"{SECONDS}s",
        "-c",
        str(AT_ONCE),
        *options,
        f"http://127.0.0.1:{port}/",
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    others = set(re.findall(r"\[(\d+)\]\s+\d+ responses", told)) - {"200"}
    if others or "Error distribution" in told:
        raise SystemExit(f"hey was not answered with pages alone:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    shares = dict(re.findall(r"(\d+)% in ([\d.]+) secs", told))
    if rate is None or "99" not in shares:
        raise SystemExit(f"hey printed something else than expected:\n{told}")
    return float(rate[1]), 1000 * float(shares["50"]), 1000 * float(shares["99"])


def under_load(port: int, browser: Browser) -> None:
    """Print what the server does under many requests at once."""
    held = load(port, "-q", str(RATE / AT_ONCE))
    row(f"ask page at {RATE} requests a second: answered", held[0], "a second")
    row(f"ask page at {RATE} requests a second: median", held[1], "ms")
    row(f"ask page at {RATE} requests a second: 99th percentile", held[2], "ms", "below 150")
    most = load(port)
    row("ask page, as many as it can", most[0], "a second", f"at least {RATE}")
    row("ask page, as many as it can: 99th percentile", most[2], "ms")
    for reader in READERS:
        with tempfile.NamedTemporaryFile("w") as body:
            body.write(browser.form("Survival after relapsed rhabdomyosarcoma", reader))
            body.flush()
            post = ("-m", "POST", "-T", FORM, "-H", f"Cookie: {browser.cookie}", "-D", body.name)
            rate, middle, slow = load(port, *post)
        row(f"answers, {reader}, as many as it can", rate, "a second")
        row(f"answers, {reader}, {AT_ONCE} at once: median", middle, "ms")
        row(f"answers, {reader}, {AT_ONCE} at once: 99th percentile", slow, "ms")


def memory(processes: list[int]) -> float:
    """Return the MB of processes together; what they share counts once (PSS)."""
    rollups = (Path(f"/proc/{pid}/smaps_rollup").read_text("ascii") for pid in processes)
    return sum(int(re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)[0]) for text in rollups) / 1000


def main() -> None:
    """Print all figures."""
    if shutil.which("hey") is None:
        raise SystemExit("The load tool hey is missing. Install it: apt-get install hey")
    if not Path("/proc/self/smaps_rollup").exists():
        raise SystemExit("The memory that processes share can be measured on Linux only.")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    cores = len(os.sched_getaffinity(0))
    print(f"{platform.machine()}, {cores} cores, Python {platform.python_version()}")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    with served() as (port, processes):
        browser = Browser(port)
        row("memory of the server at start", memory(processes), "MB", "below 300")
        first_load(browser)
        answers(browser, processes)
        under_load(port, browser)
        row("memory of the server after the load", memory(processes), "MB", "below 300")


if __name__ == "__main__":
    main()
