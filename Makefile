# Everything starts from python3 (with its venv module) and make: each target sets up .venv first, from the pinned
# requirements, and a second run costs no time. `make` alone lists the targets.
#
#   PORT=8000              where `make serve` listens
#   ARGS="--verbose"       more arguments for the command behind a target
#   PYTHON=python3.13      the interpreter to set .venv up with

PORT ?= 8000
ARGS ?=
OUT ?= build/screenshots
PYTHON ?=
export PYTHON

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help serve build test screenshots lint format bench wheel web lock clean runtime dev

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r target text; do \
		printf '%-16s %s\n' "$$target" "$$text"; done

serve: runtime ## build what is not built yet, and serve it on http://127.0.0.1:8000/ (PORT=…)
	@$(BIN)/therascape serve --port $(PORT) $(ARGS)

build: runtime ## build a release of the graph from the seeds
	@$(BIN)/therascape build $(ARGS)

test: dev ## run the tests (ARGS="-k words tests/graph")
	@$(BIN)/python -m pytest -q -n auto --dist loadfile $(ARGS)

screenshots: dev ## take pictures of every page, to be looked at (OUT=build/screenshots)
	@$(BIN)/python -m tests.browser.screenshots $(OUT) $(ARGS)

lint: dev ## check format, style, types, import order, generated files and documentation
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m ontology.generate --check
	$(BIN)/python .ci/check_web.py
	$(BIN)/python -m pytest -q tests/docs/test_links.py tests/docs/test_reference.py

format: dev ## put the code into the house format, and mend what can be mended by rule
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	$(BIN)/python .ci/check_web.py --write

bench: dev ## run the benchmarks
	@$(BIN)/python -m bench $(ARGS)

wheel: dev ## build the wheel into dist/ and try it in an environment of its own
	@$(BIN)/python .ci/check_wheel.py $(ARGS)

web: runtime ## make the styles and scripts of the pages, if their sources have changed
	@$(BIN)/python hatch_build.py

lock: dev ## pin the requirements again (ARGS=--upgrade for newer versions)
	@$(BIN)/python .ci/lock.py $(ARGS)

clean: ## remove the environment, caches and built wheels; built releases in .therascape stay
	rm -rf "$${XDG_CACHE_HOME:-$$HOME/.cache}/therascape"
	rm -rf .venv build dist service/static/built web/node_modules .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find ontology graph service seeds tests bench .ci -name __pycache__ -type d -prune -exec rm -rf {} +

runtime dev:
	@.ci/setup.sh $@
