# Every command a user or CI needs. `make help` lists them.
STACK ?= staging
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# Container images often set this; without bytecode every run compiles a thousand modules of the SDKs anew, for seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up down preview test prove lint format bench docs snapshots setup clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  STACK=name chooses the stack for up, down and preview (default staging)."
	@echo "  VERBOSE=1 shows each of the engine's steps off a terminal too."

setup: $(READY) ## Create the environment from the lock file (every other command does this too)

$(READY): requirements.lock bootstrap.lock pyproject.toml tools/setup.sh
	@PYTHON="$(PYTHON)" sh tools/setup.sh
	@touch $(READY)

up: $(READY) ## Put the whole stack on the sandbox and show a summary
	@$(BIN)/python -m tools.make_up $(STACK) $(if $(VERBOSE),--verbose)

down: $(READY) ## Destroy the stack on the sandbox; with UNPROTECT=1 what is protected too
	@$(BIN)/python -m tools.make_down $(STACK) $(if $(UNPROTECT),--unprotect) $(if $(VERBOSE),--verbose)

preview: $(READY) ## Preview the stack on the sandbox, and show what it costs, over budget first
	@$(BIN)/sandbox preview --stack $(STACK) && $(BIN)/playground report $(STACK)

test: $(READY) ## Run every test but the long proofs
	@$(BIN)/python -m tools.make_test

prove: $(READY) ## Run the long proofs with real parts, a Kubernetes API server among them
	@$(BIN)/python -m tools.make_prove

lint: $(READY) ## Run every linter and type checker
	@$(BIN)/python -m tools.make_lint

format: $(READY) ## Format the code
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

bench: $(READY) ## Print the figures, with what was compared
	@$(BIN)/python -m tests.bench

docs: $(READY) ## Generate the component reference and the settings schema anew
	@$(BIN)/python -m tools.component_docs
	@$(BIN)/playground schema

snapshots: $(READY) ## Write the snapshots of every stack's resources anew
	@$(BIN)/python -m tests.infra.snapshots

clean: ## Remove the environment and the sandbox
	rm -rf .venv .tools .sandbox .cache
