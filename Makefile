.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
DATA ?= data
DEMO := services/notices/demo
LOCK := .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet

.PHONY: help setup setup-dev run test check bench chaos verify-letters schemas lock clean

help: ## Diese Übersicht
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/:.*## /\t/' | expand -t 18

setup: ## .venv mit dem Befehl rathaus vorbereiten
	@tools/setup.sh run

setup-dev:
	@tools/setup.sh dev

run: setup ## Das ganze Rathaus starten und 2.100 Bescheide versenden (Simulator); mit ONCE=1 danach beenden
	@.venv/bin/rathaus levy run $(DEMO)/umlage-2026.csv --statute $(DEMO)/satzung-2026.toml --release --data $(DATA) $(if $(ONCE),,--serve)

test: check ## Alles prüfen und alle Tests ausführen
	$(PYTHON) -m pytest -n 2 --dist loadfile -q --ignore tests/chaos

check: setup-dev ## Format, Lint, Typen und Schichten prüfen
	.venv/bin/ruff format --check --quiet
	.venv/bin/ruff check --quiet
	$(PYTHON) -m pyright
	.venv/bin/lint-imports

bench: setup-dev ## Jede veröffentlichte Zahl nachmessen
	$(PYTHON) -m bench

chaos: setup-dev ## Prozesse mit SIGKILL beenden, bis nichts mehr verloren gehen kann
	$(PYTHON) -m pytest -q tests/chaos

verify-letters: setup-dev ## Alle Briefe in DATA/letters mit veraPDF, qpdf und poppler prüfen
	$(PYTHON) tools/verify_letters/verify_letters.py $(DATA)/letters

schemas: setup-dev ## Schemata und AsyncAPI der Verträge neu erzeugen
	$(PYTHON) tools/generate_contracts.py

lock: setup-dev ## Die Versionen in requirements/ neu festschreiben
	echo uv | .venv/bin/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet --output-file requirements/uv.txt
	$(LOCK) --all-extras --output-file requirements/dev.txt
	$(LOCK) --extra notices --extra mailgateway --extra rathaus --extra simulators --constraint requirements/dev.txt --output-file requirements/run.txt

clean: ## .venv und Zwischenergebnisse entfernen; DATA bleibt
	rm -rf .venv .ruff_cache .hypothesis .import_linter_cache build
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
