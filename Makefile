# Two commands do all set-up on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.9
OUT ?= out

# Python that may keep no bytecode would compile the library anew in each of the suite's many processes.
unexport PYTHONDONTWRITEBYTECODE
# Threads of linear algebra on matrices as small as ours do little but wait for each other, at full speed.
export OPENBLAS_NUM_THREADS := 1

.PHONY: setup run test test-snabb test-grundlig lint lab dashboard bench lock sample docs supply pictures clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / — /'

setup: $(VENV)/.setup ## makes .venv with everything pinned

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v >= (3, 11) else "planbok needs Python 3.11 or later, this is %d.%d; try: make PYTHON=python3.11 ..." % v)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(VENV)/.setup: requirements.lock pyproject.toml | $(VENV)/.python
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.setup
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements-test.lock
	@touch $@

run: $(VENV)/.setup ## runs the example plan and prints the path of its index.html
	$(BIN)/planbok run exempel --out $(OUT)

test: $(VENV)/.test ## runs the whole test suite, notebooks included
	@sh tests/install_tools.sh
	$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

QUICK := lib $(wildcard tests/test_*_examples.py tests/test_*_properties.py) $(patsubst %,tests/test_%.py,broken_files \
  budget_edges calendar disclosure docs documents home_faults ledger_engine numbers plan privacy published_figures rules \
  scenario scenario_figures staffing_targets tables workspace)
test-snabb: $(VENV)/.test ## unit, property (fewer examples) and example tests, with doctests
	$(BIN)/pytest -n auto --dist worksteal -p no:nbval --hypothesis-profile=snabb -o addopts="--doctest-modules --import-mode=importlib --strict-markers" $(QUICK)

test-grundlig: $(VENV)/.test ## property tests, with many more examples than `make test` draws
	$(BIN)/pytest -n auto --dist worksteal -p no:nbval --hypothesis-profile=grundlig -m hypothesis -o addopts="--import-mode=importlib --strict-markers" tests

lint: $(VENV)/.test ## ruff, import-linter, types, notebook hygiene
	$(BIN)/ruff check lib tests data bench docs
	$(BIN)/ruff format --check lib tests data bench docs
	$(BIN)/lint-imports --config pyproject.toml
	$(BIN)/mypy
	$(BIN)/python tests/notebook_hygiene.py

lab: $(VENV)/.setup ## JupyterLab on the start page, for this machine only, asking nothing of the network
	$(BIN)/planbok lab $(LAB)

dashboard: $(VENV)/.dashboard ## a notebook for a meeting, with the code hidden, for this machine only
	$(BIN)/planbok dashboard $(NOTEBOOK)

$(VENV)/.dashboard: $(VENV)/.setup
	$(UV) pip install --quiet --python $(BIN)/python -c requirements.lock -e ".[dashboard]"
	@touch $@

bench: $(VENV)/.test ## benchmarks, as ratios within one run
	$(BIN)/pytest bench -s -p no:cacheprovider

docs: $(VENV)/.setup ## prints the tables' reference and the register into docs/
	$(BIN)/python docs/make_docs.py

supply: $(VENV)/.setup ## prints the licences and the SBOM of what is installed into docs/
	$(BIN)/python docs/make_supply_chain.py

pictures: $(VENV)/.test ## takes the README's pictures of the product anew, from the sample
	$(BIN)/python docs/make_pictures.py

sample: $(VENV)/.setup ## rebuilds the synthetic rows of data/sample from their seed
	$(BIN)/python data/make_sample.py

# What kernels and completion do without: a debugger, and a parser of whole libraries.
LEFT_OUT := $(foreach name,debugpy jedi parso,--no-emit-package $(name))
lock: $(VENV)/.python ## pins new versions of everything, within pyproject.toml's bounds
	$(UV) pip compile --quiet --upgrade pyproject.toml --universal --generate-hashes --no-header --no-annotate --no-emit-index-url $(LEFT_OUT) --python-version 3.11 -o requirements.lock
	$(UV) pip compile --quiet --upgrade pyproject.toml --extra test --universal --generate-hashes --no-header --no-annotate --no-emit-index-url $(LEFT_OUT) --python-version 3.11 -c requirements.lock -o requirements-test.lock

clean: ## removes what was built, not what was made with it
	rm -rf $(VENV)
