# What the README says, for people who like make. `make check` is what CI runs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: play test check deep bench soak schema pictures clean

play: .venv/play
	$(BIN)/handoff

test: .venv/test
	$(BIN)/python -m pytest

check: .venv/check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

deep: .venv/test
	HANDOFF_DEEP=1 $(BIN)/python -m pytest

bench: .venv/test
	$(BIN)/python -m tests.bench

soak: .venv/test
	$(BIN)/python -m tests.soak --kills 200
	$(BIN)/python -m tests.appending
	$(BIN)/python -m tests.killing

pictures: .venv/test
	$(BIN)/python -m tests.tools.pictures

schema: .venv/test
	$(BIN)/python -m simulator.schema

.venv/play: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q .
	touch $@

.venv/test: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e '.[test]'
	touch $@

.venv/check: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -e '.[test,dev]'
	touch $@

clean:
	rm -rf .venv
