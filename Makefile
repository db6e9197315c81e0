.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
DATA ?= data
DEMO := services/notices/demo
LOCK := .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet

.PHONY: help setup setup-dev run test check bench chaos verify-letters schemas release-schemas lock clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/:.*## /\t/' | expand -t 18

setup: ## Prepare .venv with the rathaus command in it
	@tools/setup.sh run

setup-dev:
	@tools/setup.sh dev

run: setup ## Start the whole town hall and post 2,100 demo notices (simulated provider); ONCE=1 ends after the report
	@.venv/bin/rathaus levy run $(DEMO)/umlage-2026.csv --statute $(DEMO)/satzung-2026.toml --release --data $(DATA) $(if $(ONCE),,--serve)

test: check ## All checks and all tests
	$(PYTHON) -m pytest -n 3 --dist loadfile -q --ignore tests/chaos

check: setup-dev ## Format, lint, types and layers
	.venv/bin/ruff format --check --quiet
	.venv/bin/ruff check --quiet
	$(PYTHON) -m pyright
	.venv/bin/lint-imports

bench: setup-dev ## Measure every published figure beside its baseline or bar
	$(PYTHON) -m bench

chaos: setup-dev ## Kill processes at random while letters and alerts go out
	$(PYTHON) -m pytest -q tests/chaos

verify-letters: setup-dev ## Ask veraPDF, qpdf and poppler about every letter in DATA/letters
	$(PYTHON) tools/verify_letters/verify_letters.py $(DATA)/letters

schemas: setup-dev ## Generate what follows from the contracts: schemas, AsyncAPI, catalogue page, numbers in docs
	$(PYTHON) tools/generate_contracts.py
	$(PYTHON) tools/generate_guarantees.py

release-schemas: setup-dev ## Note the schemas as released: from now on nothing may break them
	$(PYTHON) tools/generate_contracts.py --check
	$(PYTHON) tools/check_compatibility.py
	rm -rf contracts/released
	cp -r contracts/schemas contracts/released

lock: setup-dev ## Renew the pinned versions in requirements/
	echo uv | .venv/bin/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet --output-file requirements/uv.txt
	$(LOCK) --all-extras --output-file requirements/dev.txt
	$(LOCK) --extra notices --extra mailgateway --extra intake --extra subscriptions --extra appointments --extra portal --extra rathaus --extra simulators --constraint requirements/dev.txt --output-file requirements/run.txt

clean: ## Remove .venv and intermediate files; DATA stays
	rm -rf .venv .ruff_cache .hypothesis .import_linter_cache build
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
