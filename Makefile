# `make report` sets itself up and runs the shipped study; `make help` lists the rest.

STUDY ?= heart-failure
VBHC := .venv/bin/vbhc
PYTHON_HERE := .venv/bin/python
# Without those that run notebooks, open a browser or hold the installed packages against the lock.
QUICK_TESTS := $(addprefix tests/,files instruments interviews statistics publish study cleaning)
# Keyed to what the lock and pyproject.toml say, not to when they were written.
READY := .venv/ready-$(shell cat requirements.lock pyproject.toml | cksum | cut -d ' ' -f 1)

.DEFAULT_GOAL := help
.PHONY: help report check audit site pdf diff new data lab course course-lite notebooks synthetic test test-lowest test-newest fuzz lint bench simulate lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

report: $(READY) ## run what changed in STUDY (heart-failure) and write reports/STUDY/index.html
	@$(VBHC) run $(STUDY) $(ARGS)

check: $(READY) ## read everything of STUDY, run nothing, list all problems
	@$(VBHC) check $(STUDY)

audit: $(READY) ## read the finished report of STUDY as an outsider would, list what should not be in it
	@$(VBHC) audit $(STUDY)

site: $(READY) ## write reports/index.html over all finished reports
	@$(VBHC) site

pdf: $(READY) ## print the report of STUDY to reports/pdf/STUDY/ (needs Chromium)
	@$(VBHC) pdf $(STUDY)

diff: $(READY) ## compare two finished reports or runs folders: make diff A=folder B=folder
	@test -n "$(A)" && test -n "$(B)" || { echo "name both: make diff A=reports/one B=reports/other" >&2; exit 2; }
	@$(VBHC) diff "$(A)" "$(B)"

new: $(READY) ## lay out a study of your own: make new STUDY=my-study [FROM="answers.sav costs.xlsx"]
	@$(if $(filter file,$(origin STUDY)),echo "name it: make new STUDY=my-study" >&2; exit 2,$(VBHC) new $(STUDY) $(if $(FROM),--from $(FROM)))

data: $(READY) ## put published raw files in place: make data STUDY=nhs-hip [FROM=folder]
	@$(VBHC) data $(STUDY) $(if $(FROM),--from "$(FROM)")

lab: $(READY) ## open JupyterLab on copies of the notebooks, in lab/ (ARGS="--no-browser" and the like)
	@$(VBHC) lab $(ARGS)

course: $(READY) ## write the ten lessons to course/: for students, for teachers, for a browser
	@$(PYTHON_HERE) -m vbhc.teaching course

course-lite: $(READY) ## write course/lite/: lessons that run in a browser (needs npm and the extra `lite`)
	@$(PYTHON_HERE) -m vbhc.teaching lite

notebooks: $(READY) ## run the committed notebooks again and keep their outputs
	@$(VBHC) notebooks
	@$(PYTHON_HERE) -m vbhc.teaching keep

synthetic: $(READY) ## make the raw files of the shipped synthetic studies again
	@$(PYTHON_HERE) -m vbhc.synthetic

test: lint ## run all tests (sets up on first use)
	$(VBHC) run heart-failure --quiet
	$(VBHC) run hip-hospitals --only 05 --quiet
	$(VBHC) run professionals --only 04c --quiet
	$(PYTHON_HERE) -m pytest -n 2 --dist loadscope --no-loadscope-reorder tests
	$(PYTHON_HERE) -m pytest -n 2 --dist loadscope --nbval --nbval-current-env --nbval-sanitize-with tests/nbval_sanitize.cfg notebooks/*.ipynb $(wildcard notebooks/more/*.ipynb) notebooks/teaching/*.ipynb

# A report made by these versions is stale for the locked ones, so that the next `make report` runs again.
define test_on # name, which versions, which Python
	uv venv --quiet --clear --python '$(3)' .venv-$(1)
	uv pip install --quiet --python .venv-$(1)/bin/python --resolution $(2) --upgrade --editable '.[test]'
	.venv-$(1)/bin/vbhc run heart-failure --quiet
	.venv-$(1)/bin/python -m pytest -n 2 --dist loadgroup $(QUICK_TESTS)
endef

test-lowest: ## run the default study and the quick tests on the lowest versions that pyproject.toml allows (needs uv)
	$(call test_on,lowest,lowest-direct,3.11)

test-newest: ## run the default study and the quick tests on the newest versions there are (needs uv)
	$(call test_on,newest,highest,>=3.11)

fuzz: $(READY) ## spoil shipped studies in 1,000 ways (N=250:500: a part) and hold vbhc check to telling each
	@PYTHONPATH=tests/makers $(PYTHON_HERE) -m mutants $(or $(N),1000)

lint: $(READY) ## check style and types, and that no module imports from a floor above
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports --no-logo
	.venv/bin/mypy --no-error-summary

bench: $(READY) ## time a full run of STUDY and one with nothing changed, then the library's slow parts
	@$(PYTHON_HERE) bench/time_run.py $(STUDY)
	@for script in $(wildcard bench/bench_*.py); do $(PYTHON_HERE) $$script || exit 1; done

simulate: $(READY) ## coverage of every interval and size of every test (about twenty minutes)
	@$(PYTHON_HERE) -m vbhc.simulate $(ARGS)

lock: ## choose the newest fitting versions again and write requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" --quiet --upgrade --output-file requirements.lock

clean: ## delete what was made: clean/, runs/ and reports; raw data and .venv stay
	@$(if $(wildcard $(VBHC)),$(VBHC) clean,rm -rf data/*/clean data/*/runs reports)

# Set-up: the newest Python that fits, the locked packages (by uv where it is or can be had, else by pip), then the
# library itself, editable. All beside .venv, in .venv.new, which takes its place when it is whole: a set-up that was
# killed begins anew, or, just before its end, is finished.
define SET_UP
set -eu
new=.venv.new
python=$$new/bin/python
ready=$$new/$${1#.venv/}
fits() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
if [ ! -e "$$ready" ]; then
  found=
  for candidate in $${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    if fits "$$candidate"; then found=$$candidate; break; fi
  done
  if [ -z "$$found" ]; then
    echo "vbhc needs Python 3.11 or newer; found: $$(python3 --version 2>&1 || echo none). Set PYTHON=/path/to/python" >&2
    exit 1
  fi
  echo "Setting up .venv with $$("$$found" --version), once for these versions; this takes up to three minutes"
  rm -rf $$new
  "$$found" -m venv $$new && $$python -m pip --version >/dev/null || {
    echo "no venv with pip: install your system's python3-venv package" >&2
    exit 1
  }
  uv=
  if command -v uv >/dev/null 2>&1; then uv=uv
  elif $$python -m pip install --quiet --disable-pip-version-check uv >/dev/null 2>&1; then uv=$$new/bin/uv
  fi
  # As pip does, so that no start of Python has to compile what it imports.
  export UV_COMPILE_BYTECODE=1
  # uv may fail, and was once seen to put all packages where .venv.new comes from: pip then does it again.
  install() { "$$@" --require-hashes -r requirements.lock && "$$@" --no-deps -e . && whole; }
  whole() {
    [ -e $$new/bin/vbhc ] || return 1
    lacks=$$($$python -m pip --disable-pip-version-check check) || { echo "$$lacks" >&2; return 1; }
  }
  { [ -n "$$uv" ] && install "$$uv" pip install --quiet --python $$python; } ||
    install $$python -m pip install --quiet --disable-pip-version-check
  # Scripts name the folder that they were made in.
  $$python -c 'from pathlib import Path
for path in [*Path(".venv.new/bin").iterdir(), Path(".venv.new/pyvenv.cfg")]:
    text = b"" if path.is_symlink() or not path.is_file() else path.read_bytes()
    if b".venv.new" in text and b"\0" not in text: path.write_bytes(text.replace(b".venv.new", b".venv"))'
  touch "$$ready"
fi
rm -rf .venv.old
if [ -e .venv ]; then mv .venv .venv.old; fi
mv $$new .venv
rm -rf .venv.old
endef
export SET_UP

$(READY):
	@sh -c "$$SET_UP" set-up $@
