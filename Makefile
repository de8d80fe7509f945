# The two commands a newcomer types are `make run` and `make test`; each does all its own set-up.
# Only Python 3.11, pip and make are needed; what else a test wants is installed where that is possible.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run test lint bench system clean

run: .venv/ready
	$(BIN)/crowsnest demo

test: .venv/ready system lint
	$(BIN)/pytest -n 2 --dist loadgroup

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready system
	$(BIN)/python -m bench

# A JDK with Maven (the real Elasticsearch), Chromium (browser tests) and PostgreSQL (the ledger's other home).
system:
	@sh scripts/system-packages.sh

.venv/ready: requirements.lock pyproject.toml
	@sh scripts/venv.sh "$(PYTHON)"
	@touch $@

clean:
	rm -rf .venv .build build *.egg-info
