# Every target sets up what it needs. The first start makes .venv from the lock file.
PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?= -n 2
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
# `make check` looks at the settings of a real installation: TLS in front, no debugging.
PRODUCTION := DEBUG=0 BEHIND_TLS=1 ALLOWED_HOSTS=soc.example.org
CHECKS := check-format check-lint check-types check-imports check-migrations check-deploy check-schema check-diagrams

export PORT
.PHONY: run test check prove bench lock setup $(CHECKS)
.DELETE_ON_ERROR:

# exec: make's shell becomes the launcher, so that a signal to the group reaches it and ends everything.
run: setup
	@exec $(BIN)/python -m socplatform.launch run

test: setup
	@$(BIN)/python -m socplatform.launch browser alertmanager
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(CHECKS)

prove: setup
	@$(BIN)/python -m tests.prove

# ROWS=10000 for a short one; FIGURES="list get" for some of the figures only.
bench: setup
	@$(BIN)/python -m tests.bench $(FIGURES)

check-format: setup
	$(BIN)/ruff format --check .

check-lint: setup
	$(BIN)/ruff check .

check-types: setup
	DATABASE_URL=$${DATABASE_URL:-postgresql://nobody/none} $(BIN)/mypy  # reads the settings only

check-imports: setup
	$(BIN)/lint-imports

check-migrations: setup
	$(BIN)/python manage.py makemigrations --check --dry-run

check-deploy: setup
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

check-schema: setup
	@mkdir -p .data && chmod 700 .data
	$(BIN)/python manage.py spectacular --validate --file .data/openapi.yaml
	@diff -u docs/openapi.yaml .data/openapi.yaml || { \
		echo "docs/openapi.yaml is not what the code serves; write it anew:"; \
		echo "  $(BIN)/python manage.py spectacular --file docs/openapi.yaml"; exit 1; }

check-diagrams: setup
	$(BIN)/python manage.py workflow_diagrams --check

lock: setup
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --extra dev --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header \
		--output-file requirements.lock pyproject.toml

setup: $(INSTALLED)

$(INSTALLED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "The platform needs Python 3.11 or newer. Install one and name it: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "Python could not make $(VENV). On Debian and Ubuntu install the package python3-venv, then try again."; exit 1; }
	@echo "Installing what requirements.lock names into $(VENV)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@
