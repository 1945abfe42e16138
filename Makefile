# `make demo` builds the graph of the seed listings and its pages; `make test` runs every check.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint types imports servers tests docs neo4j neo4j-stop clean

# Installed anew when a file of the package changes; the checks import the checkout itself.
.venv/demo.stamp: pyproject.toml $(shell git ls-files kg extractors cypher seeds)
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check .
	touch $@

.venv/test.stamp: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check '.[dev]'
	touch $@

demo: .venv/demo.stamp
	@$(BIN)/kg build seeds/listings
	@$(BIN)/kg export html -o site
	@echo 'try:  $(BIN)/kg find mmlu'
	@echo '      $(BIN)/kg results --dataset MMLU'
	@echo '      $(BIN)/kg show "retrieval augmented generation"'

test: lint types imports servers tests

lint: .venv/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/test.stamp
	$(BIN)/mypy

imports: .venv/test.stamp
	$(BIN)/lint-imports

tests: .venv/test.stamp
	$(BIN)/python -m pytest

# Neo4j with its Browser on this machine: fetched once, then started.
neo4j:
	@server/neo4j fetch
	@server/neo4j start

neo4j-stop:
	@server/neo4j stop

# The servers that the tests start: the LTS and the newest. Without Maven their tests are skipped.
servers:
	@if command -v mvn >/dev/null; then server/neo4j fetch && NEO4J_VERSION=2026.08.1 server/neo4j fetch; fi

# The command reference and the transcripts in the README, written anew from the commands themselves.
docs: .venv/test.stamp
	$(BIN)/python -m tests.update_docs

clean:
	rm -rf .venv build dist *.egg-info kg-out site
