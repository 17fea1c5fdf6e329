# Everything sets itself up: only Python 3.11 or newer and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROCESSORS ?= $(shell getconf _NPROCESSORS_ONLN)
DIR ?= ../shared/opendata/mirror
.DEFAULT_GOAL := help

.PHONY: help
help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A changed lock installs anew, an unchanged one costs nothing. A lock is complete, so pip resolves nothing (--no-deps).
# `make run` needs the first lock only; what tests, documentation and other machines need besides is in the second.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, found $$($(PYTHON) --version); try make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned dependencies into $(VENV) (about a minute, once) ..."
	@$(INSTALL) --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(INSTALL) --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready
	@echo "Installing what tests and documentation need besides (about a minute, once) ..."
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

.PHONY: setup
setup: $(VENV)/.ready ## Install the pinned dependencies into .venv

.PHONY: setup-dev
setup-dev: $(VENV)/.ready-dev ## Install the tools of tests, documentation and scale as well

.PHONY: setup-scale
setup-scale: setup ## Install what a warehouse in a lake and work through Dask need besides
	@$(INSTALL) --require-hashes -r requirements-scale.lock

.PHONY: run
run: setup ## Refresh the bundled sample edition, freeze 2018-2020, show the progress of the fifteen goals
	@$(BIN)/sectorakkoord refresh --edition sample --snapshots 2018-2020
	@$(BIN)/sectorakkoord progress 2018 2020
	@$(BIN)/sectorakkoord next

.PHONY: mirror
mirror: setup ## Do the same on real files: make mirror DIR=folder
	@$(BIN)/sectorakkoord refresh --edition mirror --from "$(DIR)" --snapshots 2018-2020
	@$(BIN)/sectorakkoord progress 2018 2020
	@$(BIN)/sectorakkoord next

.PHONY: wheel
wheel: setup ## Build the wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation -w dist .

.PHONY: sbom
sbom: setup ## Write the bill of materials of wheel and image into dist/, as CycloneDX JSON
	@mkdir -p dist && $(BIN)/python -m tests.tools.sbom > dist/sbom.cdx.json

.PHONY: schedule
schedule: setup ## Start a Prefect server and a worker in the background, with all schedules and alerts: make schedule EDITION=live
	@$(BIN)/sectorakkoord schedule $(if $(EDITION),--edition $(EDITION))

.PHONY: unschedule
unschedule: setup ## Stop just that server and worker
	@$(BIN)/sectorakkoord unschedule

QUICK = -m "not slow and not scale and not long" -n $(PROCESSORS) --dist loadfile --no-loadscope-reorder

.PHONY: test
test: setup-dev ## Run the unit and integration tests, one process for each processor
	@$(BIN)/python -m pytest -q tests/unit tests/integration $(QUICK)

.PHONY: test-e2e
test-e2e: setup-dev ## Run the command line, flows, browsers and servers as people use them
	@$(BIN)/python -m pytest -q tests/e2e $(QUICK)

.PHONY: test-long
test-long: setup-dev ## Run the long proofs
	@$(BIN)/python -m pytest -q -m long

.PHONY: scale-test
scale-test: setup-dev ## Prove the lake: PostgreSQL, an S3 server, a Prefect server and two workers on loopback
	@$(BIN)/python -m pytest -q -m scale --durations=0 --durations-min=5

.PHONY: test-slow
test-slow: setup-dev ## Kill at random, run a real schedule, follow the documentation to the letter
	@$(BIN)/python -m pytest -q -m slow --durations=0 --durations-min=5

.PHONY: test-versions
test-versions: setup-dev ## Prove that other Pythons at hand give the same hash
	@$(BIN)/python -m pytest -q -m long tests/e2e/test_python_versions.py

.PHONY: fuzz
fuzz: setup-dev ## Mutate real files in bytes and in meaning, and look for wrong figures: make fuzz CASES=10000 SEED=1
	@$(BIN)/python -m tests.tools.fuzz --cases $(or $(CASES),1000) --seed $(or $(SEED),1)

.PHONY: proof
proof: setup-dev ## Make the figures of docs/proof.md, short or long, all or some: make proof PARTS="kills damage" LONG=1
	@$(BIN)/python -m tests.tools.proof $(PARTS) $(if $(LONG),--long)

.PHONY: mutate
mutate: setup-dev ## Break the laws in a copy of the code and see which tests notice: make mutate LAWS="fold gate" WAYS=12
	@$(BIN)/python -m tests.tools.mutate $(LAWS) --ways $(or $(WAYS),12)

.PHONY: bench
bench: setup-dev ## Measure speed and memory, as figures and ratios of one run
	@$(BIN)/python -m tests.tools.bench --mirror "$(DIR)"

.PHONY: bench-peers
bench-peers: setup-dev ## Read the same 100 MB with sown bad lines by other tools, each installed in an environment of its own
	@$(BIN)/python -m tests.tools.bench_peers --mirror "$(DIR)" $(if $(KEEP),--environments "$(KEEP)")

.PHONY: bench-growth
bench-growth: setup-dev ## Measure what one machine holds: growing samples, a lake, pupil-level rows (some ten minutes)
	@$(BIN)/python -m tests.tools.bench_slopes --mirror "$(DIR)"
	@$(BIN)/python -m tests.tools.bench_growth

.PHONY: fake-publishers
fake-publishers: setup-dev ## Play the publishers on this machine: make fake-publishers FROM=folder
	@$(BIN)/python -m tests.fakes $(if $(FROM),--from "$(FROM)")

.PHONY: screenshots
screenshots: setup-dev ## Take pictures of every kind of page of the report, into the data directory
	@$(BIN)/python -m tests.tools.screenshots

.PHONY: docs
docs: setup-dev ## Build the documentation site into build/site, strictly and without the network
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	@echo "Documentation: build/site/index.html"

.PHONY: check
check: setup-dev ## Format, lint, types and guards, as before every commit
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/lint-imports && $(BIN)/mypy
	@$(BIN)/yamllint --strict . && $(BIN)/hadolint Containerfile
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml && $(BIN)/check-jsonschema --quiet --builtin-schema vendor.citation-file-format CITATION.cff && $(BIN)/python -m tests.tools.guards && $(BIN)/python -m tests.tools.words && $(BIN)/python -m tests.tools.size

.PHONY: hooks
hooks: setup-dev ## Have git run `make check` before every commit
	@$(BIN)/pre-commit install

COMPILE = uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	--no-emit-find-links --python-version 3.11 pyproject.toml

.PHONY: lock
lock: ## Pin the dependencies anew (needs uv)
	$(COMPILE) --extra build -o requirements.lock
	$(COMPILE) --extra build --extra scale -c requirements.lock -o requirements-scale.lock
	$(COMPILE) --all-extras -c requirements.lock -c requirements-scale.lock -o requirements-dev.lock
