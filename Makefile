# Every target sets itself up; all that has to be there is Python 3.11 or newer with its venv module.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format train-embedder train-speech audit licences sbom clean

help:
	@echo "make demo             ingest the sample study, ask it three questions, serve it (ARGS=--no-serve: end instead)"
	@echo "make test             run the tests (ARGS=… goes to pytest)"
	@echo "make check            lint, formatting, types, import contracts"
	@echo "make audit            look for known vulnerabilities of the locked packages"
	@echo "make licences         write docs/licences.md anew"
	@echo "make sbom             write sbom.cdx.json, the bill of materials (CycloneDX)"
	@echo "make format           put the code into shape"
	@echo "make train-embedder   train the bundled embedder anew"
	@echo "make train-speech     train the speech model of the tests anew (needs espeak-ng)"
	@echo "make clean            remove what the other targets made"

setup: $(READY)

demo: $(READY)
	@$(BIN)/verbatim demo $(ARGS)

test: $(READY)
	$(BIN)/python -m pytest $(ARGS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory audit || echo "vulnerabilities are known, or the audit broke off: see above; make audit fails for it, make check goes on" >&2

# Without a network it says so and goes on at once.
audit: $(READY)
	@if $(BIN)/python -c 'import urllib.request; urllib.request.urlopen("https://api.osv.dev/", timeout=3)' 2>&1 | grep -q 'URLError\|timed out'; then \
		echo "no vulnerabilities looked for: api.osv.dev cannot be reached" >&2; \
	else \
		$(BIN)/pip-audit --vulnerability-service osv --disable-pip --no-deps --progress-spinner off --requirement constraints.txt; \
	fi

licences: $(READY)
	@$(BIN)/python docs/licences.py

sbom: $(READY)
	@$(BIN)/cyclonedx-py environment --output-format JSON --output-file sbom.cdx.json $(BIN)/python
	@echo "sbom.cdx.json" >&2

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train-embedder: $(READY)
	$(BIN)/python -m training.train_embedder $(ARGS)

train-speech: $(READY)
	$(PIP_INSTALL) -r training/speech/requirements.txt
	MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000 OMP_NUM_THREADS=1 $(BIN)/python -m training.speech all $(ARGS)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Compiled once here, as pip does with what it installs, commands start faster also where Python may not write bytecode.
# torch goes first and alone, so that a wheel at hand, such as the small one for CPUs, is taken before any other.
$(READY): pyproject.toml constraints.txt
	@echo "Setting up $(VENV): a few minutes the first time" >&2
	@for python in python3 python3.11 python3.12 python3.13 python3.14; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
		python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or newer is needed and was not found: install it, for example with: apt install python3" >&2; \
		exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$python lacks its venv module: install it, for example with: apt install python3-venv" >&2; \
		exit 1; \
	fi; \
	"$$python" -m venv $(VENV)
	@$(PIP_INSTALL) "$$(grep '^torch==' constraints.txt)"
	@$(PIP_INSTALL) --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/python -m compileall -q app ingest migrations
	@touch $@
