# One entry for everything: a fresh machine needs Python >= 3.11, make and a network.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.simgait-setup
# Pages need none of simgait's own packages, so their tools live apart and are there in seconds.
DOCS_VENV := .venv-docs
DOCS_STAMP := $(DOCS_VENV)/.simgait-setup
WORKERS ?= 2
# A worker keeps neighbouring tests, which share what is made for their file, and takes from the
# other's when its own are done.
PARALLEL := -n $(WORKERS) --dist worksteal
TESTS ?= tests
LEAST_COVERAGE ?= 90
# Every file is checked against the lock's hashes. Wheels only: building one would fetch tools that
# no lock names, and run code of the package's own. The lock is whole, so pip resolves nothing: an
# older pip (23.2) does not see that `coverage[toml]` is the lock's `coverage`, and wants the newest.
# Twice quiet: errors are told, warnings are not, of this machine's own pip settings and its PATH.
PIP := -m pip install --quiet --quiet --disable-pip-version-check --no-deps
INSTALL := $(PIP) --require-hashes --only-binary :all:

.PHONY: setup demo test lint test-slow test-browser golden-renew fuzz coverage scorecard docs docs-serve lock third-party clean

setup: $(STAMP)

# setuptools comes from the lock, so the editable install builds with it and downloads nothing.
$(STAMP): requirements-dev.lock pyproject.toml setup.py
	@$(PYTHON) -c '' >/dev/null 2>&1 || { \
	  echo "simgait needs Python >= 3.11, and '$(PYTHON)' was not found or does not run; install it, or name yours: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "simgait needs Python >= 3.11, but '$(PYTHON)' is $$($(PYTHON) -V 2>&1); name a newer one: make setup PYTHON=python3.12" >&2; exit 1; }
	@echo "setting simgait up in $(VENV), once: downloads and installs the packages that it needs; this takes some minutes, more on a slow network, and says nothing meanwhile ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python $(INSTALL) -r requirements-dev.lock
	@$(BIN)/python $(PIP) --no-build-isolation -e .
	@touch $(STAMP)

demo: setup
	$(BIN)/simgait demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --num-workers $(WORKERS)
	$(BIN)/lint-imports
	$(BIN)/vulture

test: lint
	$(BIN)/python -m pytest $(PARALLEL) -m "not slow"

test-slow: setup
	$(BIN)/python -m pytest $(PARALLEL) -m slow

# The pages in a real browser, which has to be installed already. Playwright (165 MB with its Node)
# comes on top of `make setup`; without it, or without a browser, these tests are skipped elsewhere.
test-browser: setup
	$(BIN)/python $(INSTALL) -r requirements-browser.lock
	$(BIN)/python -m pytest tests/benchmark/test_page_browser.py tests/benchmark/test_page_replay.py tests/report/trial/test_player.py

# After a change that is meant to move what is measured: prints what moved, and pins it.
golden-renew: setup
	$(BIN)/python -m tests.golden.renew
	$(BIN)/python -m tests.examples.renew

# Damaged, odd and hostile inputs for every reader; another draw: make fuzz FUZZ="--seed 7"
fuzz: setup
	$(BIN)/python -m tests.fuzz --workers $(WORKERS) $(FUZZ)

# The same tests as `make test`, counted line by line; one part: make coverage TESTS=tests/gait LEAST_COVERAGE=0
coverage: setup
	$(BIN)/python -m pytest $(PARALLEL) -m "not slow" --cov --cov-report=term:skip-covered \
	  --cov-report=html --cov-report=xml --cov-fail-under=$(LEAST_COVERAGE) $(TESTS)

scorecard: setup
	$(BIN)/simgait scorecard

docs: $(DOCS_STAMP)
	NO_MKDOCS_2_WARNING=1 $(DOCS_VENV)/bin/python -m mkdocs build --quiet --strict
	@! grep -rnoE '<(script|link|img|iframe)[^>]+(src|href)="(https?:)?//[^"]*' site --include='*.html' || { \
	  echo "the site must load nothing from elsewhere" >&2; exit 1; }

docs-serve: $(DOCS_STAMP)
	$(DOCS_VENV)/bin/python -m mkdocs serve

$(DOCS_STAMP): requirements-docs.lock
	@$(DOCS_VENV)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(DOCS_VENV)
	$(DOCS_VENV)/bin/python $(INSTALL) -r requirements-docs.lock
	@touch $(DOCS_STAMP)

# Maintainers only: renew the locks from pyproject.toml (names, versions and hashes, no addresses);
# newest versions: make lock LOCK=--upgrade. Then `make third-party`.
lock: setup
	$(BIN)/python scripts/lock.py $(LOCK)

# Licences are read from the packages' own metadata, so all of the lock is installed.
third-party: setup
	$(BIN)/python $(PIP) -r requirements.lock
	$(BIN)/python scripts/third_party.py

clean:
	rm -rf build dist site htmlcov coverage.xml .coverage .coverage.* *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
