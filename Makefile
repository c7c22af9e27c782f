# `make` lists what there is to do. Everything it needs beside a Python of 3.11 to 3.13 it installs here, in
# .venv* and .cache.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

SAM := PATH="$(CURDIR)/.venv-sam/bin:$$PATH" SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam

# The processor that the stack is deployed with, as the first deployment wrote it down; else the template's default.
SAVED_ARCHITECTURE := $(shell sed -n 's/^parameter_overrides.*[ "]Architecture=[\\"]*\(arm64\|x86_64\).*/\1/p' samconfig.toml)
ARCHITECTURE ?= $(or $(SAVED_ARCHITECTURE),arm64)
# Saved parameters are asked for again by themselves; naming one here would make SAM forget the others.
GUIDED = --guided $(if $(SAVED_ARCHITECTURE),,--parameter-overrides Architecture=$(ARCHITECTURE))

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-19s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Set up .venv here; the command line is then .venv/bin/paylink
	@tools/venv.sh .venv requirements/dev.lock 3.13 3.12 3.11
	@.venv/bin/python -c 'import paylink_cli, tomllib, importlib.metadata as installed; \
	  assert installed.version("paylink") == tomllib.load(open("pyproject.toml", "rb"))["project"]["version"]' 2>/dev/null || \
	  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .

.PHONY: setup-sam
setup-sam:
	@tools/venv.sh .venv-sam requirements/sam.lock 3.13 3.12 3.11
	@if tools/find-python.sh 3.13 >/dev/null 2>&1; then tools/venv.sh .venv-runtime requirements/runtime.lock 3.13; fi

.PHONY: setup-checks
setup-checks:
	@tools/venv.sh .venv-checks requirements/checks.lock 3.13 3.12 3.11

.PHONY: demo
demo: setup ## Run everything here, with a shop and a stand-in for the gateway: make demo ARGS="--port 8080"
	@.venv/bin/paylink local --seed storefront/example-links.json --shop storefront/example $(ARGS)

.PHONY: test
test: setup setup-sam setup-checks ## Check and test everything
	@.venv/bin/python tests/stages.py

.PHONY: lint
lint: setup ## Check format, style, types and who imports whom
	@.venv/bin/python tests/stages.py format lint types imports

.PHONY: fmt
fmt: setup ## Format the code and mend what can be mended
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

.PHONY: validate
validate: setup-sam ## Check template.yaml
	@AWS_DEFAULT_REGION=$${AWS_DEFAULT_REGION:-eu-central-1} $(SAM) validate --lint

.PHONY: build
build: setup-sam ## Build the functions and their layer
	@if [ -n "$(SAVED_ARCHITECTURE)" ] && [ "$(SAVED_ARCHITECTURE)" != "$(ARCHITECTURE)" ]; then \
	  echo "the stack runs on $(SAVED_ARCHITECTURE): change Architecture in samconfig.toml first" >&2; exit 2; fi
	@$(SAM) build --parameter-overrides Architecture=$(ARCHITECTURE)
	@"$$(tools/find-python.sh 3.13)" tools/finish_build.py .aws-sam/build

.PHONY: bench
bench: setup setup-sam ## Measure everything against its bounds (half an hour), or some of it: make bench SECTIONS="cold size"
	@tools/venv.sh .venv-bench requirements/bench.lock 3.13
	@tools/venv.sh .venv-peers requirements/peers.lock 3.13
	@PYTHONPATH=.:layers/paylink:tools:tests .venv-bench/bin/python -m bench $(SECTIONS)

.PHONY: proofs
proofs: proof-exactly-once proof-outages proof-callbacks mutants ## All proofs at full length; they write or hold the documents under docs/proofs

.PHONY: proof-exactly-once
proof-exactly-once: setup ## Strike every call of every payment: make proof-exactly-once WALKS=5200 SEED=1, into docs/proofs/exactly-once.md
	@PYTHONPATH=tests:layers/paylink:tools .venv/bin/python -m proofs.exactly_once --walks $(or $(WALKS),5200) \
	  --seed $(or $(SEED),1) --write docs/proofs/exactly-once.md

.PHONY: proof-outages
proof-outages: setup ## Live through each outage, and hold docs/proofs/outages.md against what everyone sees
	@.venv/bin/pytest --quiet tests/proofs/outages

.PHONY: proof-callbacks
proof-callbacks: setup ## Send altered callbacks to the function: make proof-callbacks COUNT=100000, into docs/proofs/callbacks.md
	@PYTHONPATH=tests:layers/paylink:tools .venv/bin/python -m proofs.callbacks $(or $(COUNT),100000) $(SEED) --write

.PHONY: fuzz-api
fuzz-api: setup ## Run docs/api/openapi.yaml against the local system for longer: make fuzz-api SECONDS=300 (for each tag)
	@PAYLINK_FUZZ_SECONDS=$(or $(SECONDS),300) .venv/bin/pytest --quiet tests/integration/api/test_schemathesis.py

.PHONY: mutants
mutants: setup ## Test the tests of the pure parts with mutants (a quarter of an hour), into docs/proofs/mutants.md
	@tools/venv.sh .venv-mutants requirements/mutants.lock 3.13 3.12
	@mkdir -p .cache
	@.venv-mutants/bin/python tests/proofs/mutants/generate.py layers/paylink/paylink/freedompay/signature.py \
	  layers/paylink/paylink/domain/[a-z]*.py >.cache/mutants.jsonl
	@rm -f .cache/mutants-met.jsonl
	@.venv/bin/python tests/proofs/mutants/run.py .cache/mutants.jsonl .cache/mutants-met.jsonl
	@.venv/bin/python tests/proofs/mutants/report.py .cache/mutants-met.jsonl .cache/mutants.jsonl

.PHONY: deploy
deploy: build ## Build and deploy; the first time it asks for the parameters
	@$(SAM) deploy $(if $(SAVED_ARCHITECTURE),,$(GUIDED))

.PHONY: deploy-guided
deploy-guided: build ## Deploy and ask for every parameter again
	@$(SAM) deploy $(GUIDED)

.PHONY: start-api
start-api: setup setup-sam ## The demo through `sam local start-api`, in containers: PORT=3000 make start-api
	@$(SAM) build --parameter-overrides Architecture=x86_64
	@tools/start-api.sh --seed storefront/example-links.json $(ARGS)

.PHONY: release-storefront
release-storefront: setup ## Release storefront/paylink.js under its VERSION, to be served for good (needs npm)
	@.venv/bin/python tools/release_storefront.py

.PHONY: lock
lock: ## Renew the locks: the newest versions that pyproject.toml and requirements/*.in allow
	@tools/lock.sh

.PHONY: clean
clean: ## Remove what was built, fetched and installed here
	@if [ -d .cache/lambda-image ]; then tools/lambda-image.sh down; fi
	@rm -rf .aws-sam .cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .venv .venv-*
