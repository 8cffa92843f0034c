# The commands of this project. `make` lists them.
PORT ?= 8000
# What `make test` runs: all of it, or e.g. TESTS=tests/moderation.
TESTS ?= tests
export PYTHON

tooling := config/tooling
python := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test check bench chaos soak interop lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Serve the Warsaw consultation with demonstration answers on http://127.0.0.1:8000 (PORT= overrides)
	@$(tooling)/environment run
	@exec .venv/bin/consult develop --port $(PORT)

test: ## Run the tests on SQLite and PostgreSQL and in a browser; what cannot run is listed (TESTS= narrows, EVERYTHING=1 widens)
	@$(tooling)/environment test
	@$(tooling)/chromium
	$(python) -m pytest -n logical --maxprocesses 4 --dist worksteal -rs $(if $(EVERYTHING),--everything) $(TESTS)

check: ## Check lint, format, types and import contracts
	@$(tooling)/environment check
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy
	.venv/bin/lint-imports --no-logo

bench: ## Measure: run every script in benchmarks/ but the soak
	@$(tooling)/environment test
	@for script in $(filter-out benchmarks/soak.py,$(wildcard benchmarks/*.py)); do \
		echo "== $$script"; $(python) $$script || exit 1; \
	done

chaos: ## Kill processes and fill disks while the program works: tests/chaos
	@$(tooling)/environment test
	$(python) -m pytest -rs tests/chaos

soak: ## Use it steadily for ten minutes and see that nothing grows or is lost (SOAK_MINUTES=)
	@$(tooling)/environment test
	$(python) benchmarks/soak.py

interop: ## Open exports with programs of others: LibreOffice, PSPP, qpdf, and veraPDF where it is installed
	@$(tooling)/environment test
	@$(tooling)/programs
	$(python) -m pytest -rs tests/interop

lock: ## Resolve the dependencies anew into config/locks (needs uv)
	@$(tooling)/lock

clean: ## Remove the environment and what tools left behind; data in var/ stays
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
