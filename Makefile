# make demo    sets up .venv and starts the demo         make test    sets up .venv and passes the tests
# make check   style, types, import contracts            make clean   takes .venv and what tools left behind away again
#
# Needs Python 3.11 or newer (with venv), make and git. Everything installed is pinned in constraints.txt.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
PINS := pyproject.toml constraints.txt

# Another interpreter: make PYTHON=/usr/bin/python3.12 demo
# One that is named is taken, also where another one has made .venv; one that cannot is refused, never passed over.
PYTHON ?=
WHO := import ensurepip, sys, venv; sys.version_info < (3, 11) and sys.exit(1); print(sys.version.split()[0], sys._base_executable)
ifneq ($(PYTHON),)
ifeq ($(filter help clean,$(MAKECMDGOALS)),)
ASKED := $(shell "$(PYTHON)" -c '$(WHO)' 2>/dev/null)
ifeq ($(ASKED),)
$(error PYTHON=$(PYTHON) is no Python 3.11 or newer with its venv module)
endif
ifneq ($(ASKED),$(shell cat $(VENV)/.python 2>/dev/null))
$(shell rm -f $(VENV)/.python)
endif
endif
endif

.PHONY: help demo test check format pictures commands messages pins clean
.DELETE_ON_ERROR:

help:
	@sed -n '1,4s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.runtime
	@$(BIN)/tuicrm demo

test: $(VENV)/.dev
	@sh scripts/openssh.sh
	@sh scripts/mail_servers.sh
	@sh scripts/libreoffice.sh
	@sh scripts/shells.sh
	@# What pytest makes of a file is kept, or each of its processes makes it anew.
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 4 --dist worksteal -q -rs

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# A shim of pyenv answers to python3.13 without having it, and Debian's python3 may come without venv: ask each, don't just look.
$(VENV)/.python:
	@for python in $(if $(PYTHON),"$(PYTHON)",python3.14 python3.13 python3.12 python3.11 python3 python); do \
	  who=$$("$$python" -c '$(WHO)' 2>/dev/null) || continue; \
	  echo "Setting up $(VENV) with $$("$$python" --version)"; \
	  "$$python" -m venv --clear $(VENV) && echo "$$who" > $@ && exit 0; \
	done; \
	echo "tuicrm needs Python 3.11 or newer with its venv module; none was found." >&2; \
	echo "Install it (on Debian and Ubuntu: apt install python3 python3-venv) or name one: make PYTHON=/path/to/python3 …" >&2; \
	exit 1

# Without build isolation, so that the build backend is the pinned one too.
$(VENV)/.runtime: $(VENV)/.python $(PINS)
	@echo "Installing tuicrm into $(VENV)"
	@$(PIP) install -c constraints.txt hatchling editables setuptools
	@$(PIP) install -c constraints.txt --no-build-isolation -e .
	@# Where PYTHONDONTWRITEBYTECODE is set, every start would compile 137 modules anew: 200 ms.
	@$(BIN)/python -m compileall -q tuicrm
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "Installing the tools for development into $(VENV)"
	@$(PIP) install -c constraints.txt --no-build-isolation -e '.[dev]'
	@# What the extra caldav brings along runs at each start of Python, wanted or not: 15 ms. It is not needed (niquests).
	@rm -f $(VENV)/lib/python*/site-packages/urllib3_future.pth
	@touch $@

# README's pictures, the recording of its first minute and its keys, from the demo and the action table.
pictures: $(VENV)/.runtime
	$(BIN)/python -m scripts.pictures
	$(BIN)/python -m scripts.recording
	$(BIN)/python -m scripts.readme_keys

# The words of the command line: for completion, and as a manual page.
commands: $(VENV)/.runtime
	$(BIN)/python -m scripts.commands
	$(BIN)/python -m scripts.man_page

# The texts for translation, and the compiled catalogues.
messages: $(VENV)/.runtime
	$(BIN)/python -m scripts.messages

# Writes constraints.txt anew from what pyproject.toml allows today.
pins:
	@sh scripts/pins.sh > constraints.new && mv constraints.new constraints.txt

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
