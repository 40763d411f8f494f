"""`secondline serve` with sign-in, behind a small proxy that ends TLS, as in a hospital."""

import contextlib
import datetime
import ipaddress
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from openid_provider import CLIENT_ID, CLIENT_SECRET

EXPECTED = (
    "WARNING secondline.web: sign-in refused: its state is unknown, over, or of another browser",
)


def certified(folder):
    """Return TLS with a certificate that was made for this test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pages of the tests")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "certificate.pem"
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def pump(source, target):
    """Pass on what one side says, until it has said all."""
    with contextlib.suppress(OSError, ValueError):
        while data := source.recv(65_536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def pass_on(plain, tls, port):
    """Take one connection to the server; the handshake is in the thread of the connection."""
    with (
        contextlib.suppress(OSError),
        tls.wrap_socket(plain, server_side=True) as outer,
        socket.create_connection(("127.0.0.1", port)) as inner,
    ):
        back = threading.Thread(target=pump, args=(inner, outer), daemon=True)
        back.start()
        pump(outer, inner)
        back.join(20)


def listen(listening, tls, port):
    with contextlib.suppress(OSError):
        while True:
            plain, _ = listening.accept()
            threading.Thread(target=pass_on, args=(plain, tls, port), daemon=True).start()


@contextlib.contextmanager
def served_behind_tls(provider, store, *options):
    """Serve the pages; yield their public address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as outer:
        origin = f"https://127.0.0.1:{outer.getsockname()[1]}"
        secret = Path(folder) / "secret"
        secret.write_text(CLIENT_SECRET, "utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", "secondline", "serve", "--port", str(port), "--store", store,
             "--issuer", provider.issuer, "--client-id", CLIENT_ID,
             "--client-secret-file", str(secret), "--public-address", origin, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ},
        )  # fmt: skip
        tls = certified(Path(folder))
        threading.Thread(target=listen, args=(outer, tls, port), daemon=True).start()
        try:
            wait_until_served(port, process)
            yield origin
        finally:
            process.terminate()
            _, logged = process.communicate(timeout=120)
    for line in logged.decode().splitlines():
        assert line in EXPECTED, "nobody's name and nothing that was asked is logged"


def wait_until_served(port, process):
    for _ in range(1_200):
        assert process.poll() is None, process.stderr.read().decode()
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start within two minutes")


def sign_in_at(page, login):
    """Sign in as people do: the button here, the login there."""
    page.goto("/")
    page.get_by_role("button", name="Sign in at").click()
    page.get_by_label("Login").fill(login)
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_role("link", name=f"{login}@hospital.example").wait_for()
