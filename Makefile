# Steentje: 'make run' opens a demo school, 'make test' checks everything. Needs Python 3.11 and make.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
PORT ?= 8000
IN := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test coverage lint quick fmt migrations messages paper bench faults effort pins clean set-up set-up-dev

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: ## set up what is missing, open the demo school on http://localhost:8000 (PORT=...)
	@began=$$(date +%s); $(PYTHON) bin/set_up.py && exec $(IN) -m noblame.run --port $(PORT) --since $$began

test: set-up-dev ## the quick checks, then all tests (QUICK=no leaves the checks out; COVERAGE=1 measures)
	@if [ "$(QUICK)" != no ]; then $(IN) bin/lint.py; fi
	@COVERAGE="$(COVERAGE)" $(IN) bin/tests.py --without "$(WITHOUT)" $(ARGS)

lint: set-up-dev ## the quick checks: format, lint, types, imports, migrations, deployment, translations
	@$(IN) bin/lint.py

coverage: ## all tests, and which lines and branches they run, into coverage.json (slower)
	@$(MAKE) --no-print-directory test QUICK=no COVERAGE=1

quick: set-up-dev ## the tests without the browser
	@$(IN) -m pytest -n 2 -m "not browser" $(ARGS)

fmt: set-up-dev ## format the Python, CSS and JavaScript files and the templates
	@.venv/bin/ruff check --select I --fix --quiet .
	@.venv/bin/ruff format .
	@.venv/bin/oxfmt static/css static/js
	@.venv/bin/djangofmt templates

migrations: set-up-dev ## write a migration for what changed in cases/models/ (NAME=what_changed)
	@$(IN) -c "import noblame.testing, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'noblame.settings'; \
	  from django.core.management import execute_from_command_line as run; \
	  run(['manage.py', 'makemigrations', 'cases', *(['--name', '$(NAME)'] if '$(NAME)' else [])])"
	@.venv/bin/ruff check --select I --fix --quiet cases/migrations && .venv/bin/ruff format --quiet cases/migrations

messages: set-up-dev ## bring locale/nl up to date with the texts in the code, then compile
	@$(IN) bin/check_messages.py --write
	@$(IN) bin/compile_messages.py

paper: set-up-dev ## images of every kind of paper into paper/, to look through (ONLY=slips)
	@$(IN) bin/paper.py --only "$(ONLY)"

bench: set-up-dev ## the benchmarks (minutes)
	@for each in benchmarks/bench_*.py; do [ -e "$$each" ] && $(IN) "$$each" || exit 1; done

faults: set-up-dev ## workers killed, brokers, disk and mail servers gone, clocks that jump: full numbers (40 minutes)
	@STEENTJE_FAULTS=full $(IN) -m pytest -s -p no:xdist cases/tests/reminders/test_faults.py \
	  cases/tests/reminders/test_soak.py cases/tests/outages $(ARGS)

effort: set-up-dev ## count loads, fields, clicks and keys of entering one case in the browser
	@$(IN) benchmarks/effort.py

pins: ## write requirements*.txt from requirements/*.in; versions stay (UPGRADE=1: the newest ones)
	@# In an environment of its own, and without this machine's pip settings: only the registry's own files count.
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && $(PYTHON) -m venv "$$folder" && \
	"$$folder/bin/pip" install -q pip-tools && export PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= && \
	for each in run: dev:-dev; do "$$folder/bin/pip-compile" -q $(if $(UPGRADE),--upgrade) --generate-hashes \
	  --no-header --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	  -o requirements$${each#*:}.txt requirements/$${each%:*}.in && \
	  sed -i "1i # Pinned: written by 'make pins' from the .in file in requirements/ that fits. Change that one." \
	  requirements$${each#*:}.txt || exit 1; done

clean: ## remove the virtual environment and what can be made again; the data in var/ stays
	@rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis var/static
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete

set-up:
	@$(PYTHON) bin/set_up.py

set-up-dev:
	@$(PYTHON) bin/set_up.py --dev
