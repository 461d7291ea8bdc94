# Needs make (3.81 or newer), a POSIX shell and Python 3.11 or newer with venv. Nothing else:
# every target sets up what it needs by itself, and again only when the lock or pyproject changes.

VENV   ?= .venv
PYTHON ?= python3.13 python3.12 python3.11 python3
ROSTER ?= shanghai
TESTS  ?=

BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PYTEST := pytest --numprocesses auto --maxprocesses 4
PIP    := -m pip --disable-pip-version-check --no-input
PAGE   := src/fairlot/public/page
MODULES := $(PAGE)/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help demo test page bundle lint types proof bench lock test-oldest clean

help: ## list what can be made
	@awk -F ': .*## ' '/^[a-z-]+: .*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo: $(READY) ## make a public draw from the example roster, check it, and say where the notice is
	@mkdir -p demo
	@$(BIN)/fairlot demo --roster $(ROSTER) --out demo/$(ROSTER)-$$(date +%Y%m%d-%H%M%S)

test: $(READY) ## run all tests but the slow proofs (TESTS=tests/sampling for some of them)
	@$(BIN)/$(PYTEST) $(TESTS)

page: $(READY) $(MODULES) ## run the page's tests in headless Chromium, and check its bundle
	@FAIRLOT_PAGE=1 $(BIN)/$(PYTEST) -m "page and not slow" $(or $(TESTS),tests/page)

bundle: $(MODULES) ## build the page's bundle anew
	@node $(PAGE)/build.mjs

lint: $(READY) ## check the style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY) ## check the types
	@$(BIN)/mypy

proof: $(READY) ## run the slow proofs, those of the page where there is a Chromium
	@$(BIN)/$(PYTEST) -m slow

bench: $(READY) ## print the figures of benchmarks/
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

# Pins that still fit are kept; remove requirements.lock first to take the newest of everything.
lock: ## write requirements.lock anew from pyproject.toml
	@$(call new_venv,build/lock,$(PYTHON))
	@build/lock/bin/python $(PIP) install --quiet uv
	@build/lock/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet \
	  --output-file requirements.lock

test-oldest: ## run the tests with the oldest supported dependencies
	@$(call new_venv,build/oldest,python3.11)
	@build/oldest/bin/python $(PIP) install --constraint constraints-oldest.txt --editable ".[dev]"
	@build/oldest/bin/$(PYTEST) $(TESTS)

clean: ## remove what the other targets made, .venv excepted
	@rm -rf build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis $(PAGE)/node_modules
	@find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# .unfinished becomes .ready at the very end: a set-up that was interrupted is begun anew.
$(READY): requirements.lock pyproject.toml
	@rm -f $@
	@$(reusable) || { $(call new_venv,$(VENV),$(PYTHON)); }
	@touch $(VENV)/.unfinished
	@$(BIN)/python $(PIP) install --require-hashes -r requirements.lock
	@$(BIN)/python $(PIP) install --no-deps --no-build-isolation --editable .
	@mv $(VENV)/.unfinished $@

$(MODULES): $(PAGE)/package-lock.json
	@command -v npm >/dev/null || { \
	  echo "the page is built with npm; on Debian or Ubuntu: apt install npm" >&2; \
	  echo "页面的构建需要 npm；Debian 或 Ubuntu 请运行 apt install npm" >&2; exit 1; }
	@npm ci --prefix $(PAGE) --ignore-scripts --no-audit --no-fund --silent

recent   = import sys; sys.exit(sys.version_info < (3, 11))
reusable = test ! -e $(VENV)/.unfinished && $(BIN)/python -c '$(recent)' 2>/dev/null && \
           $(BIN)/python -m pip --version >/dev/null 2>&1

# $(1) the folder, $(2) the interpreters to try in turn
define new_venv
found=; bare=; \
for python in $(2); do \
  if "$$python" -c '$(recent)' 2>/dev/null; then \
    if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then found=$$python; break; fi; \
    bare=$$python; \
  fi; \
done; \
if [ -n "$$(ls -A "$(1)" 2>/dev/null)" ] && [ ! -e "$(1)/pyvenv.cfg" ]; then \
  echo "$(1) is there and is no virtual environment: name another, as in make test VENV=build/env" >&2; \
  exit 1; \
elif [ -n "$$found" ]; then \
  echo "setting up $(1) with $$("$$found" --version): a minute or more, once"; \
  "$$found" -m venv --clear "$(1)"; \
elif [ -n "$$bare" ]; then \
  echo "$$bare cannot make a virtual environment; on Debian or Ubuntu: apt install python3-venv" >&2; \
  echo "$$bare 缺少 venv 模块；Debian 或 Ubuntu 请运行 apt install python3-venv" >&2; \
  exit 1; \
else \
  echo "fairlot needs Python 3.11 or newer; none of these is: $(2)" >&2; \
  echo "  name it, as in make test PYTHON=/opt/python3.13/bin/python3" >&2; \
  echo "fairlot 需要 Python 3.11 或更新版本；可用 PYTHON= 指定解释器路径" >&2; \
  exit 1; \
fi
endef
