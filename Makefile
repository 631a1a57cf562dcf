# The commands that users and CI need. `make help` lists them.
STACK ?= staging
PYTHON ?= python3
# The real OCI provider on the sandbox's cloud, instead of the stand-in (docs/sandbox.md).
COMMA := ,
REALLY := $(if $(REAL),SANDBOX_PROVIDERS="$$SANDBOX_PROVIDERS$(COMMA)oci=real")
BIN := .venv/bin
READY := .venv/.ready

# Container images often set this variable. Without bytecode, every run spends seconds to compile the SDKs' modules again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up down preview policies policy-engine test prove lint format traffic bench docs screenshots snapshots setup clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  STACK=name selects the stack for up, down, preview, policies and traffic (default: staging)."
	@echo "  SECONDS=n ends \`make traffic\` after n seconds."
	@echo "  REAL=1 uses the real OCI provider, if it is installed, instead of the stand-in."
	@echo "  VERBOSE=1 prints each step of the engine, and every section of the report."

setup: $(READY) ## Create the environment from the lock file (the other commands do this too)

$(READY): requirements.lock bootstrap.lock pyproject.toml tools/setup.sh
	@PYTHON="$(PYTHON)" sh tools/setup.sh
	@touch $(READY)

up: $(READY) ## Deploy the stack to the sandbox and show a summary
	@$(REALLY) $(BIN)/python -m tools.make_up $(STACK) $(if $(VERBOSE),--verbose)

down: $(READY) ## Destroy the stack on the sandbox (UNPROTECT=1: protected resources too)
	@$(REALLY) $(BIN)/python -m tools.make_down $(STACK) $(if $(UNPROTECT),--unprotect) $(if $(VERBOSE),--verbose)

preview: $(READY) ## Preview the stack on the sandbox, check it against the policies, and report what it means
	@$(REALLY) $(BIN)/python -m tools.make_preview $(STACK) $(if $(VERBOSE),--verbose)

policy-engine: policies/.venv/.ready ## Install the policy pack's packages: then the engine runs the policies itself

policies/.venv/.ready: policies/requirements.lock
	@$(PYTHON) -m venv --clear policies/.venv
	@policies/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

policies: $(READY) ## Check the deployed stack on the sandbox against the policies
	@$(BIN)/python -m tools.make_policies $(STACK)

test: $(READY) ## Run all tests except the long ones
	@$(BIN)/python -m tools.make_test

prove: $(READY) ## Run the long tests with real parts, such as a Kubernetes API server
	@$(BIN)/python -m tools.make_prove

lint: $(READY) ## Run all linters and type checkers
	@$(BIN)/python -m tools.make_lint

format: $(READY) ## Format the code
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

traffic: $(READY) ## Run the models' path of the stack here, with fake engines, until Ctrl-C
	@$(BIN)/python -m tests.traffic.live $(STACK) $(if $(SECONDS),--seconds $(SECONDS))

bench: $(READY) ## Measure times and memory, and print what was compared
	@$(BIN)/python -m tests.bench

docs: $(READY) ## Regenerate the reference pages, the runbooks, the alarms, the CIS table, the policies, the pictures and the settings schema
	@$(BIN)/python -m tools.component_docs
	@$(BIN)/python -m tools.policy_page
	@$(BIN)/python -m tools.runbooks
	@$(BIN)/python -m tools.alarm_catalogue
	@$(BIN)/python -m tools.cis_page
	@$(BIN)/python -m tools.pictures
	@$(BIN)/playground schema

screenshots: $(READY) ## Take the pictures of the report's page again, in headless Chromium
	@$(BIN)/python -m tools.screenshots

snapshots: $(READY) ## Regenerate the snapshots of all stacks
	@$(BIN)/python -m tests.infra.snapshots

clean: ## Remove the environment and the sandbox's data
	rm -rf .venv .tools .sandbox .cache policies/.venv
