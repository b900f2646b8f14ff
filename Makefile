# Mews: everything starts here. `make run` needs Python 3.11 or newer, git and make; the rest it fetches itself.
# Steps leave stamps in .venv/ and var/, so that a second run does only what has changed.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
STAMPS := var/stamps

export HOST PORT

SOURCES := $(shell find static/css static/js static/editor static/img templates scripts/assets -type f 2>/dev/null) scripts/build_assets.mjs
ICON_SOURCES := $(shell find studio -name '*.py' -o -name '*.yaml' 2>/dev/null)
MIGRATIONS := $(shell find studio -path '*/migrations/*.py' 2>/dev/null)

.PHONY: run demo test check bench screenshots conformance behaviours-report falco-facts clean setup assets lock setup-dev

run: setup assets  ## start Mews on HOST:PORT, as on a server of one machine
	@$(PY) -m studio.supervisor

demo:  ## the same with sample people and rules, in a database of their own
	@$(MAKE) --no-print-directory run VAR_DIR="$(CURDIR)/var/demo" DEMO=1

test: setup-dev assets  ## every test
	@$(PY) -m pytest -n $${TEST_WORKERS:-2} --dist worksteal -q $(ARGS)

check: setup-dev  ## style, types, import rules, templates, dependencies
	@$(PY) scripts/check.py

bench: setup-dev  ## measure what has a promised time
	@$(PY) scripts/bench.py; status=$$?; for one in scripts/bench_*.py; do echo "== $$one"; $(PY) $$one || status=1; done; exit $$status

screenshots: setup-dev assets  ## pictures for the README, made from a running Mews
	@$(PY) scripts/screenshots.py

conformance: setup-dev  ## the engine against the recorded answers of Falco, where they are at hand
	@$(PY) scripts/conformance.py $(ARGS)

behaviours-report: setup-dev  ## write docs/behaviours.md anew from the behaviour library
	@$(PY) scripts/behaviours_report.py

falco-facts: setup-dev  ## follow a Falco release: FALCO=/path/to/falco or SAVED=folder (docs/falco-release.md); else write the tables anew
	@$(PY) scripts/falco_facts.py $(if $(FALCO),--falco "$(FALCO)") $(if $(SAVED),--saved "$(SAVED)") $(if $(DATE),--date "$(DATE)") $(ARGS)

lock: setup-dev  ## write requirements/*.txt anew from requirements/*.in
	@$(PY) scripts/lock.py

clean:  ## take away what was built; the database and the secret stay
	rm -rf static/dist var/static var/stamps .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache node_modules $(VENV)

setup: $(VENV)/runtime.stamp
setup-dev: $(VENV)/dev.stamp
assets: $(STAMPS)/assets

$(PY):
	@$(PYTHON) scripts/bootstrap.py $(VENV)

$(VENV)/runtime.stamp: requirements/runtime.txt | $(PY)
	@$(PY) scripts/install.py requirements/runtime.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(PY)
	@$(PY) scripts/install.py requirements/dev.txt
	@touch $@ $(VENV)/runtime.stamp

$(STAMPS)/node: package.json package-lock.json .npmrc scripts/node.py | $(VENV)/runtime.stamp
	@$(PY) scripts/node.py npm ci --ignore-scripts --no-audit --no-fund
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/assets: $(STAMPS)/node $(SOURCES) $(ICON_SOURCES)
	@$(PY) scripts/node.py node scripts/build_assets.mjs
	@mkdir -p $(STAMPS) && touch $@
