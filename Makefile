# Everything here needs Python 3.11, 3.12 or 3.13, and makes for itself whatever else it needs.
# PYTHON=...  the Python to use (the first that fits)     PORT=...  where `make serve` and `make watch` listen (8000, or the next one free)

BIN := .venv/bin
.DEFAULT_GOAL := book
.PHONY: book test lint serve watch pdf zip budgets wheel lock rule chapter clean distclean help browsers setup

book: setup  ## build the book in _build/html, running the chapters that changed
	@$(BIN)/python -m tools.book

test: browsers book lint  ## build the book, check the style, run every test
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --maxfail=30 --junitxml=_build/tests.xml

lint: setup  ## check style, types and spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/codespell

serve: book  ## build the book and show it on localhost
	@$(BIN)/python -m tools.serve $(PORT)

watch: setup  ## show the book on localhost, and build and show it anew after each save
	@$(BIN)/python -m tools.watch $(PORT)

pdf: book  ## print the whole book from the site, in _build/gradient-ascent.pdf
	@$(BIN)/python -m tools.pdf

zip: book  ## pack the site as one file, in _build/gradient-ascent-book.zip
	@$(BIN)/python -m tools.zip

budgets: setup  ## measure build times and page weights against their budgets
	@$(BIN)/python -m tools.budgets

wheel: setup  ## build the package in dist, and try it where nothing else is installed
	@$(BIN)/python -m tools.wheel

lock: setup  ## resolve every version anew and write the locks
	@$(BIN)/python -m tools.lock

rule: setup  ## begin a rule; NAME=RAdam, as its paper writes it
	@$(BIN)/python -m tools.skeleton rule "$(NAME)"

chapter: setup  ## begin a chapter; NAME=part/name
	@$(BIN)/python -m tools.skeleton chapter "$(NAME)"

clean:  ## remove what was built
	rm -rf _build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

distclean: clean  ## remove what was installed as well
	rm -rf .venv web/node_modules *.egg-info

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*##/\1:/p' Makefile | awk -F': *' '{ printf "  make %-10s %s\n", $$1, $$2 }'

browsers: setup  ## get Chromium and Firefox for the tests, where they are missing
	@$(BIN)/python -m tools.browsers

setup:
	@sh tools/setup.sh $(PYTHON)
