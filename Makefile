# Everything is run from here; `make help` lists it. What is installed goes into .venv, from the lock files.

PY := .venv/bin/python
UV ?= uv
# More than the two cores this is meant for: a test often waits, for a disk, a socket or a page. A file is never divided,
# so that what is costly to prepare is prepared once.
WORKERS ?= 3
CODE := bot adapters storage migrations tests tools $(wildcard bench)
COVERAGE_ARGS := --cov --cov-report=
# What pytest and Python compile is kept: made anew, the tests alone cost each worker ten seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run demo test test-long check format lint coverage-gate gate-machine gate-kills bench soak messages lock \
	install install-dev clean

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; \
		do printf '%-20s %s\n' "$$name" "$$what"; done

run: install ## install what is locked and serve the room in the browser
	@.venv/bin/twoyes serve

demo: install ## play the story in the terminal; ARGS="--ending declined" chooses another end
	@.venv/bin/twoyes demo $(ARGS)

test: install-dev ## run the tests; ARGS="-k consent" chooses some
	@$(PY) -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(if $(COVERAGE),$(COVERAGE_ARGS)) $(ARGS)

test-long: install-dev ## the variants that `make test` leaves out: more endings, sizes and schemes
	@$(PY) -m pytest -m long --numprocesses $(WORKERS) --dist loadfile $(ARGS)

check: lint ## everything a change has to pass: style, types, layers, files, tests, coverage
	@$(MAKE) --no-print-directory test COVERAGE=1
	@$(MAKE) --no-print-directory coverage-gate

lint: install-dev ## style, types, layers and files, without the tests
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy $(CODE)
	.venv/bin/lint-imports --no-logo
	$(PY) tools/check_files.py

format: install-dev ## let ruff write what it can
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

coverage-gate: install-dev ## judge the coverage that `make test COVERAGE=1` measured
	$(PY) -m coverage report --include='bot/domain/*' --fail-under=100 --show-missing
	$(PY) -m coverage report --fail-under=93

gate-machine: install-dev ## the state machines at length: 5,000 runs of 50 steps, and every state and script there is
	HYPOTHESIS_PROFILE=ci $(PY) -m pytest tests/unit -m machine -p no:cacheprovider -o faulthandler_timeout=1200 $(ARGS)

gate-kills: install-dev ## 500 kills from a warm parent and 20 cold starts; nothing may be lost or posted twice
	$(PY) -m tests.faults.kills --kills 500 --cold 20

soak: install-dev ## the fault tests for hours; ARGS="--help" for how long
	$(PY) -m tests.faults.soak $(ARGS)

bench: install-dev ## measure the ratios that bench/README.md reports
	$(PY) -m bench $(ARGS)

messages: install-dev ## collect the texts and compile the translations
	$(PY) tools/messages.py

install: ## the locked dependencies, into .venv
	@tools/bootstrap.sh run

install-dev: ## and those of the tests
	@tools/bootstrap.sh dev

# Neither an index's address nor this machine's paths may get into a lock file, hence the flags.
LOCKING = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --extra build pyproject.toml
lock: ## write the lock files anew; UPGRADE=1 takes the newest versions
	@command -v $(UV) >/dev/null || { echo 'make lock, alone of all targets, needs uv: install it, or say where it is with UV=/path/to/uv.' >&2; exit 1; }
	$(LOCKING) $(if $(UPGRADE),--upgrade) --output-file requirements.lock
	$(LOCKING) $(if $(UPGRADE),--upgrade) --extra dev --constraints requirements.lock --output-file requirements-dev.lock

clean: ## remove .venv and everything that can be made again
	rm -rf .venv .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
