# make run: set everything up and serve. make test: run all tests on SQLite and on PostgreSQL.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST
RUN := .venv/.run-ready
DEV := .venv/.dev-ready

.PHONY: run startable test e2e lint bench drill mutants audit messages lock clean

run: startable $(RUN) .env
	@umask 077 && $(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_baseline
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(BIN)/python manage.py demo_accounts --address http://$(HOST):$(PORT)/
	@umask 077 && exec $(BIN)/python -m archiveportal.management.serving $(HOST):$(PORT)

startable:
	@$(PYTHON) -I archiveportal/management/startable.py "$(HOST)" "$(PORT)"

test: $(DEV)
	$(BIN)/python -m tests.run_all

e2e: $(DEV)
	$(BIN)/pytest -m e2e tests/e2e

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHONPATH=. $(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/oxlint --deny-warnings static/js
	$(BIN)/python -m tests.checks

bench: $(DEV)
	$(BIN)/python -m tests.benchmarks

drill: $(DEV)
	$(BIN)/python -m tests.drills

mutants: $(DEV)
	$(BIN)/python -m tests.mutants

audit: $(DEV)
	$(BIN)/python -m tests.audit

messages: $(DEV)
	$(BIN)/python -m tests.messages

lock: $(DEV)
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --output-file requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --allow-unsafe --output-file requirements-dev.txt requirements-dev.in

clean:
	rm -rf .venv var

.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "The venv module of Python is missing (Debian: python3-venv)."; exit 1; }

$(RUN): requirements.txt | .venv
	@echo "Installing the portal's packages ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

$(DEV): requirements-dev.txt | .venv
	@echo "Installing the packages for development ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@ $(RUN)

.env: | .venv
	@umask 077 && $(BIN)/python -c 'import secrets; print("LOCAL=1\nSECRET_KEY=" + secrets.token_urlsafe(50))' > .env
