# Everything sets up what it needs: a virtual environment beside the checkout, with the development dependencies.
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.PHONY: demo test lint check benchmark generate clean

$(READY): pyproject.toml tools/requirements-dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --requirement tools/requirements-dev.txt
	touch $@

demo: $(READY)  ## lint the example estate; findings are what it is for, so the exit code 1 is expected
	@$(BIN)/ekslint check fixtures/estates/shop --as-of 2026-11-21 --output-format full || test $$? -eq 1

test: $(READY)  ## all tests
	$(BIN)/python -m pytest

lint: $(READY)  ## ruff, mypy, import-linter, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/generate.py --check

check: test lint

generate: $(READY)  ## the index of the rules, and their documentation
	$(BIN)/python tools/generate.py

benchmark: $(READY)
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist
