"""A language model's endpoint on this machine that does what a test tells it to do."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Endpoint:
    """What was asked of it, and what it does next.

    Attributes:
        act: called with the handler, which has the request as `asked`.
        requests: the bodies received, as JSON.
        targets: method and path of every request.
        keys: the Authorization headers.
        over: set when the test is over, for those that never answer.
    """

    def __init__(self):
        self.act = None
        self.requests = []
        self.targets = []
        self.keys = []
        self.over = threading.Event()
        self.url = ""

    def sentences(self):
        """Return the texts of all sentences that were sent to be reworded."""
        sent = (json.loads(r["messages"][1]["content"]) for r in self.requests)
        return [s["text"] for content in sent for s in content.get("sentences", ())]


@contextmanager
def endpoint():
    state = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            self.asked = json.loads(self.rfile.read(length))
            state.targets.append(f"{self.command} {self.path}")
            state.requests.append(self.asked)
            state.keys.append(self.headers.get("Authorization"))
            state.act(self)

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False  # one that never answers must not hold up the end

        def handle_error(self, *_):
            pass  # the other side has left, as it should

    server = Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield state
    finally:
        state.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def send(handler, body, status=200, **headers):
    """Send a whole reply; `body` is bytes."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def completion(text):
    """Return a chat completion with this text."""
    message = {"role": "assistant", "content": text}
    return json.dumps({"object": "chat.completion", "choices": [{"message": message}]}).encode()


def saying(text):
    """Act: reply with this text, whatever was asked."""
    return lambda handler: send(handler, completion(text))


def rewording(change):
    """Act: reply with every sentence changed by a function of its text."""

    def act(handler):
        asked = json.loads(handler.asked["messages"][1]["content"])
        told = [{"id": s["id"], "text": change(s["text"])} for s in asked.get("sentences", ())]
        send(handler, completion(json.dumps({"sentences": told})))

    return act
