"""The command as a real process."""

import subprocess
import sys


def run(*arguments, stdin=b""):
    return subprocess.run(
        [sys.executable, "-m", "secondline", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
    )


def failed(process, code, message):
    assert process.returncode == code
    assert message in process.stderr.decode()
    assert b"Traceback" not in process.stderr
    assert process.stdout == b""
