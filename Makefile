# One entry for everything: a fresh machine needs Python >= 3.11, make and a network.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.simgait-setup
WORKERS ?= 2

.PHONY: setup demo test lint test-slow golden-renew scorecard lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml setup.py
	@$(PYTHON) -c '' >/dev/null 2>&1 || { \
	  echo "simgait needs Python >= 3.11, and '$(PYTHON)' was not found or does not run; install it, or name yours: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "simgait needs Python >= 3.11, but '$(PYTHON)' is $$($(PYTHON) -V 2>&1); name a newer one: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(STAMP)

demo: setup
	$(BIN)/simgait demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow"

test-slow: setup
	$(BIN)/python -m pytest -n $(WORKERS) -m slow

# After a change that is meant to move what is measured: prints what moved, and pins it.
golden-renew: setup
	$(BIN)/python -m tests.golden.renew

scorecard: setup
	$(BIN)/simgait scorecard

# Maintainers only: renew the lock from pyproject.toml (needs uv; names and versions, no addresses).
lock:
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --constraint scripts/lock_constraints.txt \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
