# Everything runs in .venv, which the first target makes; it is renewed when pyproject.toml has changed.
PYTHON ?= python3
BIN := .venv/bin

.SILENT:
.PHONY: chat test check bench bench-nudges faults clean

chat: .venv/installed
	$(BIN)/waymark chat

test: check
	$(BIN)/pytest --numprocesses auto --dist worksteal

check: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/waymark check knowledge/ai-careers

bench: .venv/installed-dev
	$(BIN)/python benchmarks/run.py
	echo
	$(BIN)/python -W ignore -m benchmarks.slack_answers

bench-nudges: .venv/installed-dev
	$(BIN)/python -m benchmarks.nudges.run

faults: .venv/installed-dev
	$(BIN)/python -m benchmarks.faults

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find bot adapters tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo 'Waymark needs Python 3.11 or newer; say which: make $(MAKECMDGOALS) PYTHON=python3.12' >&2; exit 2; }
	$(PYTHON) -m venv .venv >&2 || { rm -rf .venv; echo '$(PYTHON) cannot make a virtual environment.' \
	'On Debian and Ubuntu install it first: sudo apt install python3-venv' >&2; exit 2; }

.venv/installed: pyproject.toml | .venv/bin/python
	echo 'Installing Waymark into .venv (once, about a minute) ...' >&2
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . >&2
	touch $@

.venv/installed-dev: pyproject.toml | .venv/bin/python
	echo 'Installing Waymark and its tools into .venv (once, about a minute) ...' >&2
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' >&2
	touch $@ .venv/installed
