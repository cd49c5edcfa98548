# make lab: open the first notebook.  make test: all tests.  make book: all as a static site.  make slides: as slides.  The first call makes .venv.
PYTHON ?= python3
VENV = .venv/bin/python
NEW = import sys; sys.exit(sys.version_info < (3, 11) and "pvt needs Python 3.11 or newer, this is " + sys.version.split()[0] + ": try make PYTHON=python3.12 lab")
CLUSTER = $(VENV) -c 'import distributed' 2>/dev/null || if command -v uv >/dev/null; then uv pip install -q --python .venv -c constraints.txt -e '.[cluster]'; else $(VENV) -m pip install -q -c constraints.txt -e '.[cluster]'; fi
NO_VENV = echo "$(PYTHON) cannot make a virtual environment: install its venv package (Debian: apt install python3-venv)"

lab: .venv
	$(VENV) -m jupyterlab --notebook-dir=notebooks --LabApp.default_url=/lab/tree/00_start_here.ipynb $(if $(filter 0,$(shell id -u)),--allow-root)

test: .venv
	$(CLUSTER)
	$(VENV) -m tests

soak: .venv
	$(CLUSTER)
	$(VENV) -m tests soak

bench: .venv
	$(VENV) -m tests.bench

verdicts: .venv
	$(VENV) -m pvt verdicts

tidy: .venv
	.venv/bin/ruff check --fix . && .venv/bin/ruff format .
	$(VENV) -m jupyter nbconvert --log-level=WARN --clear-output --inplace notebooks/*.ipynb

book: .venv
	$(CLUSTER)
	$(VENV) -c 'import myst_nb, sphinx_book_theme' 2>/dev/null || if command -v uv >/dev/null; then uv pip install -q --python .venv -c constraints.txt -e '.[book]'; else $(VENV) -m pip install -q -c constraints.txt -e '.[book]'; fi
	$(VENV) -m sphinx -q -W --keep-going -j 1 -c notebooks/book -b html notebooks build/book && echo "open build/book/index.html"

slides: .venv
	$(CLUSTER)
	$(VENV) notebooks/book/slides.py build/slides $(ONLY)

binder:
	@test -n "$(REPO)" || { echo "say which repository: make binder REPO=owner/name"; exit 1; }
	sed -i.old 's|\(mybinder.org/v2/gh/\)[^/]*/[^/]*/|\1$(REPO)/|' README.md && rm README.md.old
	sed -i.old 's|\(git+https://github.com/\)[^/]*/[^"\\]*|\1$(REPO)|' notebooks/*.ipynb && rm notebooks/*.old

.venv: .venv/made

.venv/made: pyproject.toml constraints.txt
	@$(PYTHON) -c '$(NEW)' && { $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || command -v uv >/dev/null || { $(NO_VENV); exit 1; }; }
	if command -v uv >/dev/null; then uv venv -q --clear --python $(PYTHON) .venv && uv pip install -q --python .venv --compile-bytecode -c constraints.txt -e '.[test]'; else $(PYTHON) -m venv --clear .venv && $(VENV) -m pip install -q -c constraints.txt -e '.[test]'; fi || { rm -rf .venv; exit 1; }
	@touch .venv/made

.PHONY: lab test soak bench verdicts tidy book slides binder
