.DEFAULT_GOAL := help
PORT ?= 8000
MINUTES ?= 5
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

help: ## what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: $(VENV)/.run ## set everything up, serve Leadline on http://127.0.0.1:8000 (or PORT=...) with leads flowing
	@exec $(BIN)/leadline serve --sample --port $(PORT)

test: $(VENV)/.dev ## set everything up and run the tests
	$(BIN)/python -m pytest

lint: $(VENV)/.dev ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.bench ## measure: ratios between things run in turn
	for script in $$(grep -l __main__ bench/*.py); do $(BIN)/python -m bench.$$(basename $$script .py) || exit 1; done

fuzz: $(VENV)/.dev ## durable-rules against the evaluator on playbooks and leads by chance, for MINUTES=5
	$(BIN)/python -m tests.rules.fuzz $(MINUTES)

clean: ## remove the environment; var/ (your data) stays
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Leadline needs Python 3.11 or later; name one with make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint]'
	@touch $@ $(VENV)/.run

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

.PHONY: help run test lint bench fuzz clean
