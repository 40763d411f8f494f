"""The command as a process of its own: its own arguments, folder, environment, streams and exit code.

It is forked from a process that has imported the command and done nothing else, since importing takes
longer than most commands do. `test_cli` starts it as a shell does, too.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["secondline.interfaces.cli.app"])
# Of each stream: number of its descriptor, name of its file, how that is opened, how Python treats errors.
STREAMS = (
    (0, "stdin", os.O_RDONLY, "r", "strict"),
    (1, "stdout", os.O_WRONLY | os.O_APPEND, "w", "strict"),
    (2, "stderr", os.O_WRONLY | os.O_APPEND, "w", "backslashreplace"),
)


def run(*arguments, stdin=b"", cwd=None, environment=None, timeout=60):
    """Run the command; return what it printed and its exit code.

    Args:
        environment: every variable of it; None for those of the tests.

    Raises:
        subprocess.TimeoutExpired: it did not end in time; it is ended.
    """
    command = ("secondline", *arguments)
    with tempfile.TemporaryDirectory() as folder:
        for _, name, *_ in STREAMS:
            Path(folder, name).write_bytes(stdin if name == "stdin" else b"")
        variables = dict(os.environ) if environment is None else environment
        given = (command, folder, cwd or Path.cwd(), variables)
        process = PROCESSES.Process(target=_be_the_command, args=given)
        process.start()
        process.join(timeout)
        if process.is_alive():
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(command, timeout)
        printed = [Path(folder, name).read_bytes() for name in ("stdout", "stderr")]
    return subprocess.CompletedProcess(command, process.exitcode, *printed)


def _be_the_command(command, folder, cwd, environment):
    os.environ.clear()
    os.environ.update(environment)
    for number, name, way, mode, errors in STREAMS:
        opened = os.open(Path(folder, name), way)
        os.dup2(opened, number)
        os.close(opened)
        setattr(sys, name, open(number, mode, encoding="utf-8", errors=errors, closefd=False))  # noqa: SIM115
    os.chdir(cwd)
    sys.argv = list(command)
    runpy.run_module("secondline", run_name="__main__")


def started(*arguments, environment=None, stdin=b"", timeout=60):
    """Run the command as a shell starts it: with a Python of its own, in more of an environment."""
    return subprocess.run(
        [sys.executable, "-m", "secondline", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, **(environment or {})},
        timeout=timeout,
    )


def failed(process, code, message):
    assert process.returncode == code
    assert message in process.stderr.decode()
    assert b"Traceback" not in process.stderr
    assert process.stdout == b""
