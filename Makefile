# One Makefile for people and for CI: `make run`, `make demo`, `make test`, `make check`, `make bench`.
# Everything it needs it installs itself; a second call finds its stamps and does nothing.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name))))
VENV := .venv
STAMPS := $(VENV)/stamps
BIN := $(VENV)/bin
SHARE := $(VENV)/share/mantel
DEMO_HOME ?= $(HOME)/.local/share/mantel-demo
TORCH := 2.13.0
# What llama.cpp is built for: cpu, vulkan or cuda. Without a word it stays what it is; a new venv gets cpu.
LLAMA ?= $(or $(patsubst llama-%,%,$(notdir $(firstword $(wildcard $(STAMPS)/llama-*)))),cpu)
LLAMA_FLAGS_vulkan := -DGGML_VULKAN=on
LLAMA_FLAGS_cuda := -DGGML_CUDA=on
$(if $(filter $(LLAMA),cpu vulkan cuda),,$(error LLAMA is cpu, vulkan or cuda, not “$(LLAMA)”))

.PHONY: help run demo test check bench setup clean
help:
	@echo "make run [PHOTOS=folder]   install what is missing and serve Mantel on http://127.0.0.1:8080"
	@echo "make demo                  the same with drawn sample pictures and the sample vision model"
	@echo "make test                  every test that needs no disk image and no network"
	@echo "make check                 linters, types, layers and documentation only"
	@echo "make setup LLAMA=vulkan    build llama.cpp for a GPU (NVIDIA: cuda; back: cpu); docs/guide/models.md says what it needs"
	@echo "make bench                 benchmarks, as ratios against a baseline of the same run"

run: setup
	@exec $(BIN)/mantel serve $(if $(PHOTOS),--photos "$(abspath $(PHOTOS))")

demo: setup $(STAMPS)/checks $(SHARE)/sample-pictures/.drawn $(SHARE)/sample-models/picture-embedder/model.json
	@mkdir -p "$(DEMO_HOME)/models/sample" "$(DEMO_HOME)/models/picture-embedder"
	@cp -u tests/models/sample/* "$(DEMO_HOME)/models/sample/"
	@cp -u $(SHARE)/sample-models/picture-embedder/* "$(DEMO_HOME)/models/picture-embedder/"
	@echo "This is the sample library: drawn pictures, and sample models that know nothing but them."
	@MANTEL_VISION_MODEL=sample exec $(BIN)/mantel serve --home "$(DEMO_HOME)" --photos "$(abspath $(SHARE))/sample-pictures"

# Tests run in a network namespace of their own, where nothing but loopback exists.
test: setup $(STAMPS)/checks $(SHARE)/sample-models/picture-embedder/model.json
	@$(BIN)/python .ci/offline.py $(BIN)/python -m pytest --numprocesses=auto --dist=loadfile $(TESTS)

check: setup $(STAMPS)/checks
	@$(BIN)/python .ci/offline.py $(BIN)/python -m pytest tests/test_linters.py tests/test_layers.py tests/test_docs.py

bench: setup $(STAMPS)/checks
	@$(BIN)/python .ci/offline.py $(BIN)/python -m tests.bench

setup: $(STAMPS)/system $(STAMPS)/python $(STAMPS)/llama-$(LLAMA) $(SHARE)/models/text-embedder/model.json $(SHARE)/models/faces/model.json \
  $(SHARE)/places.npz

$(STAMPS)/system: image/packages-run.txt .ci/system-packages
	@.ci/system-packages image/packages-run.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/checks: image/packages-check.txt .ci/system-packages $(STAMPS)/python
	@.ci/system-packages image/packages-check.txt
	@mkdir -p $(STAMPS) && touch $@

# --no-deps: the lock is complete, and leaves out on purpose what pyproject.toml's overrides say.
$(STAMPS)/python: requirements.lock pyproject.toml .ci/pip.lock | $(STAMPS)/system
	@test -n "$(PYTHON)" || { echo "Mantel needs Python 3.11 to 3.13 (Debian: apt-get install python3 python3-venv)." >&2; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r .ci/pip.lock
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet "torch==$(TORCH)"
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $@

# The lock's lines for llama.cpp alone, newer only when they changed.
$(STAMPS)/llama.lock: $(STAMPS)/python
	@awk '/^[^ ]/ {ours = /^llama-cpp-python==/} ours' requirements.lock > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# The step above has built it for the processor; for a GPU, or for the processor again, it is built anew.
$(STAMPS)/llama-$(LLAMA): $(STAMPS)/llama.lock
	$(if $(filter-out llama-cpu,llama-$(LLAMA) $(notdir $(wildcard $(STAMPS)/llama-*))),CMAKE_ARGS="$(LLAMA_FLAGS_$(LLAMA))" \
	  $(BIN)/python -m pip install --quiet --require-hashes --no-deps --no-cache-dir --force-reinstall -r $<)
	@rm -f $(STAMPS)/llama-cpu $(STAMPS)/llama-vulkan $(STAMPS)/llama-cuda
	@touch $@

$(SHARE)/models/text-embedder/model.json: $(STAMPS)/python appliance/adapters/models.py
	@mkdir -p $(SHARE)/models
	$(BIN)/python -W ignore -m appliance.adapters.models export $(SHARE)/models/text-embedder
	@touch $@

# Two files of a source archive whose hash is pinned; what else is in it, a landmark model that may not be used, is not kept.
$(SHARE)/models/faces/model.json: $(STAMPS)/python .ci/face-models.lock appliance/adapters/facefinder_models.py
	@archive=$$(mktemp -d) && trap 'rm -rf "$$archive"' EXIT && \
	  TMPDIR=$$archive PYTHONWARNINGS=ignore $(BIN)/python -m pip download --quiet --require-hashes --no-deps --no-binary :all: --no-build-isolation --no-cache-dir \
	    --dest $$archive -r .ci/face-models.lock && \
	  $(BIN)/python -m appliance.adapters.facefinder_models $$archive/face_recognition_models-*.tar.gz $(@D)
	@touch $@

# The towns of the world, read once instead of at every start.
$(SHARE)/places.npz: $(STAMPS)/python appliance/adapters/place_towns.py appliance/adapters/place_names.py
	$(BIN)/python -m appliance.adapters.places_prepared $@
	@touch $@

# The sample picture model lies apart from the models that every home sees: tests and the demo alone take it.
$(SHARE)/sample-models/picture-embedder/model.json: $(STAMPS)/python appliance/adapters/picture_export.py tests/models/sample-pictures/model.safetensors
	$(BIN)/python -W ignore -m appliance.adapters.picture_export export tests/models/sample-pictures $(@D)
	@touch $@

$(SHARE)/sample-pictures/.drawn: $(STAMPS)/checks tests/models/draw_library.py
	$(BIN)/python -m tests.models.draw_library $(SHARE)/sample-pictures
	@touch $@

requirements.lock: pyproject.toml
	@echo "pyproject.toml is newer than the lock; if a dependency changed, run: make lock" && touch $@

.PHONY: lock
lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group prepare --group check --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) build *.egg-info
