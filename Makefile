# The words of the house. `make run` and `make test` need python3, make and a package index, and nothing else.
PYTHON ?= python3
VENV   ?= .venv
TORCH  ?= cpu
BIN    := $(VENV)/bin
# The whole suite is held to its branch coverage; a part of it, named by PYTEST_ARGS, is not. Each process takes a file at
# a time, in their own order: by the number of tests, the two that take minutes alone would come last.
COVERAGE := -n auto --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered --cov-fail-under=95
STAMP  := $(VENV)/.installed-$(TORCH)
# Twice quiet: errors only, since some indexes make pip warn once for every package.
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
.PHONY: help install run test check bench docs lock clean

help:
	@echo "make install make .venv and put everything into it; the words below do so first"
	@echo "make run     a whole night on examples/"
	@echo "make test    all tests; PYTEST_ARGS='-k feeds' for some"
	@echo "make check   ruff, mypy --strict, import-linter"
	@echo "make bench   the figures of docs/benchmarks.md"
	@echo "make docs    check that every command and setting is documented"
	@echo "make lock    renew requirements.lock"
	@echo "make clean   remove the caches and the site, which the next run makes anew"
	@echo "TORCH=gpu    takes the package index's own build of PyTorch: docs/install.md"

# An environment whose pip does not answer is half made, or its Python is gone: making it again mends both.
$(STAMP): pyproject.toml requirements.lock tools/install_torch.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is not Python 3.11 or later; remedy: make PYTHON=python3.13, or where yours is" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "$(PYTHON) cannot make environments; remedy on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV): some minutes, 1 to 2 GB with the CPU build of PyTorch" >&2
	@TORCH=$(TORCH) $(BIN)/python tools/install_torch.py
	@$(PIP) install -c requirements.lock -e '.[dev]'
	@touch $@

install: $(STAMP)

run: $(STAMP)
	@$(BIN)/python examples/night.py

test: $(STAMP)
	$(BIN)/python -m pytest $(if $(PYTEST_ARGS),$(PYTEST_ARGS),$(COVERAGE))

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m benchmarks

docs: $(STAMP)
	$(BIN)/python -m pytest tests/slipway/test_docs.py

lock: $(STAMP)
	$(BIN)/python tools/lock.py

clean:
	rm -rf .slipway/cache site
