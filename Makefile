# Every target does its own set-up and is safe to repeat. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
DEMO ?= results/demo
ROOTS ?= 1
SEEDS ?= 100
SEEDS_REPORTS ?= 50
SEEDS_VERSIONS ?= 40
SEEDS_FINDINGS ?= 100
POINTS_FINDINGS ?= 200
SEEDS_SCREENING ?= 40
BUDGET ?= 150
KILLS ?= 201
RUNS ?= 100000
BLOCKS ?= 4096
WORLDS ?= 100
REPEATS ?= 400
JOBS ?= 2
BROWSER := $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name) 2>/dev/null)))
FIREFOX := $(firstword $(foreach name,firefox-esr firefox,$(shell command -v $(name) 2>/dev/null)))

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(STAMP) ## make the virtual environment from the lock file

# The first Python of at least 3.11 on the path that starts and can make environments.
$(STAMP): requirements.lock pyproject.toml
	@for name in $${PYTHON:-python3.11 python3.12 python3.13 python3 python}; do \
	  if "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    python=$$name; break; fi; done; \
	if [ -z "$${python:-}" ]; then \
	  echo "No Python 3.11 or later with venv was found on the path. Install one (Debian: python3 and python3-venv)," >&2; \
	  echo "or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; fi; \
	echo "Setting up $(VENV) with $$("$$python" --version) ..."; \
	test -x $(BIN)/python || "$$python" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: demo
demo: $(STAMP) ## 4 arms x 200 seeds x 20 years of fergana, with the report
	$(BIN)/thalweg compare --replace region=fergana arms=none,data_sharing,joint_committee,full seeds=200 years=20 out=$(DEMO)
	@$(BIN)/thalweg digest $(DEMO)

.PHONY: lint
lint: $(STAMP) ## linters, types and the borders between packages
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

.PHONY: compiled
compiled: $(STAMP) ## compile the model, so that what follows need not
	@$(BIN)/thalweg compare --replace region=fergana arms=none,full seeds=2 years=1 out=$(VENV)/warm >/dev/null

.PHONY: check
check: $(STAMP) ## the fast subset of the tests, under 90 seconds once the model is compiled
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint compiled
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile -m "not slow and not browser"

.PHONY: test
test: $(STAMP) ## everything: linters, types, borders, tests, rules without JIT, bounds checks, patterns
	@$(if $(BROWSER),true,echo "Chromium was not found: the browser tests did not run (package chromium)."; test -z "$${THALWEG_REQUIRE_BROWSER:-}")
	@$(if $(FIREFOX),true,echo "Firefox was not found: its smoke test did not run (package firefox-esr)."; test -z "$${THALWEG_REQUIRE_BROWSER:-}")
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint compiled
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(if $(BROWSER),,-m "not browser")
	@$(MAKE) --no-print-directory -j2 --output-sync=target twin-with-bounds rules-with-bounds rules-without-compiler
	@echo "published patterns, on few and short histories:"
	$(BIN)/thalweg validate --quick out=results/validation-quick

.PHONY: rules-without-compiler rules-with-bounds twin-with-bounds
rules-without-compiler: $(STAMP)
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q tests/rules
rules-with-bounds: $(STAMP)
	NUMBA_BOUNDSCHECK=1 $(BIN)/python -m pytest -q tests/rules
twin-with-bounds: $(STAMP)
	NUMBA_BOUNDSCHECK=1 $(BIN)/python -m pytest -q tests/test_twin.py -m "not slow"

.PHONY: chaos
chaos: $(STAMP) ## kill -9 over and over, KILLS=201, on local threads, joblib and Dask: always one digest (half an hour on two cores)
	$(BIN)/python -m tests.chaos $(KILLS)

.PHONY: intervals
intervals: $(STAMP) ## measure intervals and verdicts of sensitivity on functions with known answers, REPEATS=400 (minutes)
	$(BIN)/python -m tests.interval_coverage $(REPEATS)

.PHONY: planted
planted: $(STAMP) ## 100 worlds with a planted cause: trace must name at least 95 (a few minutes)
	$(BIN)/python -m experiments.planted 100

.PHONY: same-bits
same-bits: $(STAMP) ## compare every bit with an older checkout OLD=DIR, and keep in docs/same_bits.json that they are equal
	$(BIN)/python -m experiments.same_bits $(OLD)

.PHONY: docs
docs: $(STAMP) ## regenerate docs/reference and the tables of docs/odd.md and the README from the declarations
	$(BIN)/python -m experiments.document

.PHONY: site
site: $(STAMP) ## the pages of docs/ as a site that needs no network; writes results/site/index.html
	rm -rf results/site
	$(BIN)/python -m sphinx -q -W --keep-going -b html -d build/site docs results/site
	@echo "site: results/site/index.html"

.PHONY: validation
validation: $(STAMP) ## score the model against published patterns and keep the scorecard (minutes)
	$(BIN)/thalweg validate --roots $(ROOTS) out=results/validation || true
	cp results/validation/scorecard.json docs/validation.json
	$(BIN)/python -m experiments.document

.PHONY: calibration
calibration: $(STAMP) ## fit the free parameters to the patterns and keep the set of fits (BUDGET=150: forty minutes on two cores)
	$(BIN)/thalweg calibrate --budget $(BUDGET) out=results/calibration
	mkdir -p configs/parameters
	rm -f configs/parameters/fit_*.yaml
	cp results/calibration/parameters/fit_*.yaml configs/parameters/
	cp results/calibration/calibration.json docs/calibration.json
	$(BIN)/python -m experiments.document

.PHONY: mechanisms
mechanisms: $(STAMP) ## measure every mechanism alone and in the full package, and all left to the towns, SEEDS=100 (10 minutes on two cores); writes docs/mechanisms.*
	$(BIN)/python -m experiments.mechanism_effects seeds=$(SEEDS)

.PHONY: versions
versions: $(STAMP) ## the same against none, under every fit and other set of parameters that ships, SEEDS_VERSIONS=40 (2 minutes a set); writes docs/versions.json
	$(BIN)/python -m experiments.version_effects seeds=$(SEEDS_VERSIONS)

.PHONY: findings
findings: $(STAMP) ## every mechanism in every real region under every model, SEEDS_FINDINGS=100 (an hour and a half on two cores, goes on where it stopped), then under which conditions, POINTS_FINDINGS=200 (half an hour); writes docs/findings*
	$(BIN)/python -m experiments.findings seeds=$(SEEDS_FINDINGS)
	$(BIN)/python -m experiments.findings_conditions points=$(POINTS_FINDINGS)

.PHONY: screening
screening: $(STAMP) ## every parameter alone at both ends of its range, SEEDS_SCREENING=40 (100,000 histories: hours on two cores, goes on where it stopped); writes docs/screening.json for thalweg explain
	$(BIN)/python -m experiments.screening seeds=$(SEEDS_SCREENING)

# Names of the regions that come with Thalweg and are places.
PLACES = $(BIN)/thalweg regions --json | $(BIN)/python -c 'import json, sys; print(*(r["region"] for r in json.load(sys.stdin)["regions"] if r["from"] == "Thalweg" and r["region"] != "synthetic"))'

.PHONY: reports
reports: $(STAMP) ## every arm in every real region, SEEDS_REPORTS=50 (about 8 minutes on two cores); writes results/reports/REGION
	@regions=$$($(PLACES)); for region in $$regions; do \
	  $(BIN)/thalweg compare --replace region=$$region arms=all seeds=$(SEEDS_REPORTS) \
	    out=results/reports/$$region || [ $$? = 3 ]; done # 3: some runs failed, said in the report

.PHONY: bench
bench: $(STAMP) ## measure speed against the plain Mesa twin and the bars; writes benchmarks/bench.json and docs/benchmarks.md
	$(BIN)/python -m benchmarks

.PHONY: bench-sweep
bench-sweep: $(STAMP) ## measure a whole sweep of RUNS=100000 against the bare ensemble (half an hour); writes benchmarks/sweep.json and docs/benchmarks.md
	$(BIN)/python -m benchmarks.sweep $(RUNS)

.PHONY: bench-study
bench-study: $(STAMP) ## plan, price, run and analyse a study of twenty assumptions, BLOCKS=4096 (1.8 million runs); writes benchmarks/study.json and docs/benchmarks.md
	$(BIN)/python -m benchmarks.study $(BLOCKS)

.PHONY: bench-report
bench-report: $(STAMP) ## open a real study's report and a sweep's in headless Chromium: bytes, words, charts, heap, paper (a minute or two); writes benchmarks/report.json and docs/benchmarks.md
	$(BIN)/python -m benchmarks.report

.PHONY: discovery
discovery: $(STAMP) ## how often `thalweg discover` finds a planted box, and one where none is, in WORLDS=100 (minutes)
	PYTHONPATH=. $(BIN)/python tests/planted_conditions.py $(WORLDS)

.PHONY: lock
lock: $(STAMP) ## resolve requirements.lock again (versions and hashes, no addresses)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade \
	  --output-file requirements.lock pyproject.toml

.PHONY: clean
clean: ## remove the environment, caches and the demo's results
	rm -rf $(VENV) $(DEMO) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist build
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
