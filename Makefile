# Two commands set everything up: `make demo` and `make test`. Both make .venv first.
PYTHON ?= python3
REPO ?= .
BIN := .venv/bin

.PHONY: help demo up down test check format bench new-platform clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: .venv/installed  ## the main job, offline: sample boards and one repository (REPO=path-or-url)
	@$(BIN)/internflow demo "$(REPO)"

up: .venv/installed  ## Postgres, Prefect, the app and the api on this machine, until Ctrl-C
	@$(BIN)/internflow up

down: .venv/installed  ## stop an `up` that runs in another terminal
	@$(BIN)/internflow down

test: .venv/installed  ## every test
	@$(BIN)/pytest

check: .venv/installed  ## lint, types, contracts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache
	@$(BIN)/sqlfluff lint dbt --processes 1 --disable-progress-bar

format: .venv/installed  ## format the Python code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: .venv/installed  ## measure; figures go to docs/benchmarks.md
	@$(BIN)/python -m benchmarks

new-platform: .venv/installed  ## write the files of a new job platform (NAME=vendor)
	@$(BIN)/python -m crawlers.new_platform "$(NAME)"

clean:  ## remove the environment and all data of this checkout
	rm -rf .venv .internflow dbt/target
