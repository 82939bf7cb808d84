# Every command that a person runs. `make` lists them; CI runs the same ones.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help setup run test check bench soak demo bundle contract fmt lint clean

help: ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1\t\2/' | expand -t 12

setup: ## Install what is missing and build the interface (run, test and the others do it themselves)
	@scripts/setup.sh

run: setup ## Build and open the application (without a display: under Xvfb, with a screenshot)
	@scripts/run.sh

test: setup ## Everything: formats, lints, types, unit tests, journeys in the real window
	@scripts/test.sh

check: setup ## The fast part: formats, lints, types, architecture
	@scripts/check.sh

bench: setup ## Measure speed at the design load
	@scripts/bench.sh

soak: setup ## The long tests at their full sizes, some hours
	@scripts/soak.sh

demo: setup ## Drive the real window through a day in the demo clinic; pictures of it in artifacts/demo/
	@scripts/demo.sh

bundle: setup ## Make the installable package for this system
	@scripts/bundle.sh

contract: ## Generate ui/src/lib/backend/contract.ts from the commands
	@mkdir -p ui/dist
	@UPDATE_CONTRACT=1 cargo test -q --locked -p clinic-desktop the_contract_of_the_interface_is_up_to_date

fmt: ## Format the Rust code
	@cargo fmt --all

lint: setup ## Lint the Rust code; warnings fail
	@cargo clippy --workspace --all-targets --locked -- -D warnings

clean: ## Remove everything that was built
	@cargo clean
	@rm -rf ui/dist ui/node_modules artifacts gen
