# Every target works on a fresh machine: it makes .venv first, and fetches what the pages need.
SHELL := /bin/bash
PYTHON ?= python3
BIN := $(CURDIR)/.venv/bin
PORT ?= 8000
# pytest's arguments, as in: make test PYTEST="-k frontier"
PYTEST ?=
export PATH := $(BIN):$(PATH)
# what `make grade` grades, where to, and limits such as --seconds 30 --memory 1024
ASSIGNMENT ?= hw1
SUBMISSIONS ?= submissions
OUT ?= grades.csv
leaderboard: OUT := leaderboard.csv
LIMITS ?=
# how many logs and calls `make fuzz` tries, and its seed
LOGS ?= 1000000
CALLS ?= 30000
SEED ?= 1
# the book's date is that of its commit; pictures of two builds are the same bytes
export SOURCE_DATE_EPOCH ?= $(or $(shell git log -1 --format=%ct 2>/dev/null),1767225600)
export MPLBACKEND := agg
# Where bytecode may not be kept, each of the many processes here compiles SciPy anew: 3 seconds.
unexport PYTHONDONTWRITEBYTECODE

# SOLUTIONS=no builds the edition for classes, without solutions, into a folder of its own.
SOLUTIONS ?= yes
export ARBOOK_SOLUTIONS := $(SOLUTIONS)
# INSTRUCTOR=yes adds the pages for lecturers.
INSTRUCTOR ?= no
EDITION := $(if $(filter yes,$(INSTRUCTOR)),_build/instructor,$(if $(filter no,$(SOLUTIONS)),_build/no-solutions))
TOC := $(if $(filter yes,$(INSTRUCTOR)),_build/instructor-toc.yml,_toc.yml)
MADE := $(if $(EDITION),$(EDITION)/)_build
HTML := $(MADE)/html

BOOK := jupyter-book build . -n --toc $(TOC) $(if $(EDITION),--path-output $(EDITION))
BUILD := $(BOOK) -W --keep-going
PAPER := $(or $(EDITION),_build)/paper
ON_PAPER := jupyter-book build . -n --toc $(PAPER)/toc.yml --path-output $(PAPER)

.DEFAULT_GOAL := help
.PHONY: help book build pdf epub linkcheck serve lab test check test-live test-lowest test-engines fuzz mutants bench \
  dist lock clean coursework grade leaderboard
.DELETE_ON_ERROR:

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | column -t -s @

book: build  ## build the book and open it (SOLUTIONS=no, INSTRUCTOR=yes: other editions)
	@echo; echo "The book: $(CURDIR)/$(HTML)/index.html"
	@if [ -z "$$CI" ]; then \
	  if [ "$$(uname)" = Darwin ]; then open $(HTML)/index.html; \
	  elif [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] && command -v xdg-open >/dev/null; then xdg-open $(HTML)/index.html; fi; fi

# A build that failed reads every page again next time: warnings are given when a page is read.
build: .venv/ready _build/assets.ready $(TOC)
	@$(BUILD) 2> >(grep -v 'IPKernelApp. WARNING' >&2) || { rm -rf $(MADE)/.doctrees; exit 1; }
	@python live/build.py $(HTML)

# The book on one page, printed; and for e-readers. Both have answers and an index at the back, so they are read by
# themselves. The last build puts them beside the pages.
pdf: build $(PAPER)/toc.yml  ## the book as a PDF (needs Chromium), and links to it
	$(ON_PAPER) --builder singlehtml
	python -m assets.pdf $(PAPER)/_build/singlehtml $(MADE)/publication/autoresearch.pdf
	@$(BUILD) -q

epub: build $(PAPER)/toc.yml  ## the book for e-readers, and links to it
	$(ON_PAPER) --builder custom --custom-builder epub
	mkdir -p $(MADE)/publication && cp $(PAPER)/_build/epub/autoresearch.epub $(MADE)/publication/
	@$(BUILD) -q

linkcheck: build  ## follow the book's links to other sites
	$(BOOK) --builder linkcheck

serve: build  ## build the book and serve it on http://127.0.0.1:8000 (PORT=...)
	@echo "http://127.0.0.1:$(PORT)/ (Ctrl-C ends it)"
	@python -m http.server --bind 127.0.0.1 --directory $(HTML) $(PORT)

lab: .venv/ready  ## open the chapters as live notebooks in JupyterLab
	jupyter lab --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/chapters/01-update-rule.md

# Tests are several processes: threads of linear algebra would only wait for each other's.
test test-live test-lowest test-engines: export OPENBLAS_NUM_THREADS ?= 1

test: check build  ## style, types, unit tests, and the built book in a browser
	pytest -n 4 --dist worksteal --ignore=tests/engines --ignore=tests/live $(PYTEST)

check: .venv/ready node_modules/ready  ## style and types, in seconds
	ruff check .
	ruff format --check .
	mypy
	npm run --silent check

test-live: build _build/pyodide/ready  ## Python in the browser, and the book on paper and in two equal builds
	pytest -n 3 --dist worksteal tests/live $(PYTEST)

test-lowest: _build/lowest/ready  ## unit tests with the oldest versions that arbook allows
	MPLBACKEND=agg _build/lowest/bin/python -m pytest -q -p no:cacheprovider -W ignore::DeprecationWarning $(LOWEST) $(PYTEST)

test-engines: build  ## the explorers in Chromium, Firefox and WebKit
	pytest -n 3 --dist worksteal tests/engines $(PYTEST)

coursework: .venv/ready  ## make the assignments: student versions, solutions, autograders
	python -m coursework.generate

grade: .venv/ready  ## grade a folder: ASSIGNMENT=hw1 SUBMISSIONS=folder OUT=grades.csv
	@python -m coursework.grade "$(ASSIGNMENT)" "$(SUBMISSIONS)" --out "$(OUT)" $(LIMITS)

fuzz: export PYTHONPATH := tests
fuzz: .venv/ready  ## mutated logs, junk calls, hostile submissions (LOGS=1000000 CALLS=30000 SEED=1)
	python -m fuzz.calls $(CALLS) --seed $(SEED)
	python -m fuzz.logs $(LOGS) --seed $(SEED)
	python -m fuzz.grading

leaderboard: .venv/ready  ## rank capstones by true improvement on fresh tasks: SUBMISSIONS=folder OUT=leaderboard.csv
	@python -m coursework.leaderboard "$(SUBMISSIONS)" --out "$(OUT)" $(LIMITS)

mutants: .venv/ready  ## break one decision at a time, and see that a test fails
	python tests/mutants.py

bench: build  ## measure the package and the pages
	python -m benchmarks

dist: .venv/ready  ## the package as it is released: source and wheel, and the wheel tried
	rm -rf _build/dist && python -m build --outdir _build/dist
	$(PYTHON) -m venv --clear _build/dist-tried
	_build/dist-tried/bin/python -m pip install -q --disable-pip-version-check _build/dist/*.whl
	_build/dist-tried/bin/arbook log arbook/data/h100-mar8.csv

# For every system and version of Python at once; a version stays until its requirement or UPGRADE=--upgrade moves it.
LOCKED := --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet $(UPGRADE)
lock:  ## lock anew: requirements.lock, live/requirements.lock and package-lock.json (UPGRADE=--upgrade)
	rm -rf _build/lock && $(PYTHON) -m venv _build/lock && _build/lock/bin/pip install -q uv==0.13.9
	_build/lock/bin/uv pip compile $(LOCKED) requirements.txt -o requirements.lock
	_build/lock/bin/uv pip compile $(LOCKED) --no-deps live/requirements.txt -c requirements.lock -o live/requirements.lock
	npm install --package-lock-only --ignore-scripts

clean:  ## remove everything that was made
	rm -rf _build node_modules .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- what the targets stand on

PIP := .venv/bin/python -m pip install -q --disable-pip-version-check

# Python packages, each the very file that was locked; Node.js (always the pinned one), and notebooks as the view of Markdown in Lab.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	$(PIP) --no-compile --require-hashes -r requirements.lock
	$(PIP) --no-compile --no-deps --no-build-isolation -e .
	.venv/bin/python assets/tools.py
	touch $@

# As the browser's Python has them; the tests that need no browser, Node.js, kernel or long simulation.
LOWEST := $(addsuffix .py,$(addprefix tests/,model/test_rule model/test_measures model/test_run plots/test_plots test_package)) \
  --deselect tests/plots/test_plots.py::test_a_kernel_shows_each_figure_once_as_svg
_build/lowest/ready: tests/lowest.txt pyproject.toml
	rm -rf _build/lowest && $(PYTHON) -m venv _build/lowest
	_build/lowest/bin/python -m pip install -q --disable-pip-version-check -r tests/lowest.txt \
	  $$(grep -oE '^(pytest|hypothesis)==[^ ]+' requirements.txt) -e .
	touch $@

node_modules/ready: package-lock.json .venv/ready
	npm ci --ignore-scripts --loglevel=error
	touch $@

_build/assets.ready: node_modules/ready $(wildcard assets/* live/*)
	node assets/build.mjs
	touch $@

_build/pyodide/ready: node_modules/ready live/get_pyodide.py live/pyodide.json
	python live/get_pyodide.py _build/pyodide
	touch $@

$(PAPER)/toc.yml: $(TOC) appendix/paper/toc.yml
	mkdir -p $(PAPER)
	cat $^ > $@

_build/instructor-toc.yml: _toc.yml appendix/instructors/toc.yml
	mkdir -p _build
	cat $^ > $@
