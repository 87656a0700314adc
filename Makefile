# Needs Rust (cargo), Python 3.11 or later, and make; everything else is fetched by their package
# managers, Python's into a private environment in .venv.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# One set of features everywhere, so that dependencies are built once.
FEATURES := --all-features
VENV := $(CURDIR)/.venv
PEERS := $(CURDIR)/.venv-peers
ENGINES := $(CURDIR)/.venv-engines
# The extension is built for this interpreter and never linked against it.
export PYO3_PYTHON := $(VENV)/bin/python
test-engines bench-batches: PYO3_PYTHON := $(ENGINES)/bin/python
bench-peers: PYO3_PYTHON := $(PEERS)/bin/python
export PYO3_BUILD_EXTENSION_MODULE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Property tests draw the same cases at every run; set it to something else to look further.
export PROPTEST_RNG_SEED ?= 2017

.PHONY: help demo test test-engines lint rust python docs stories package validate fuzz bench bench-peers bench-batches bench-table clean

help: ## Show what can be made.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1|\2/' | column -t -s '|'

demo: ## A synthetic city, its hotspots and the report: the whole road in one command.
	cargo run --profile quick $(FEATURES) --bin brandpunt -- demo --out out/demo

test: lint rust python docs package ## Everything that must pass.
	@echo "all tests passed"

# --- Python environment -------------------------------------------------------------------------

# The first interpreter that is new enough.
FIND_PYTHON = for candidate in python3 python python3.{15,14,13,12,11}; do \
	if "$$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	echo "$$candidate"; exit; fi; done; echo "no Python 3.11 or later found" >&2; exit 1

$(VENV)/.ready: python/requirements-test.txt
	"$$($(FIND_PYTHON))" -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --requirement python/requirements-test.txt
	touch $@

$(PEERS)/.ready: benches/peers/requirements.txt
	"$$($(FIND_PYTHON))" -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --requirement benches/peers/requirements.txt
	touch $@

$(ENGINES)/.ready: python/requirements-engines.txt
	"$$($(FIND_PYTHON))" -m venv $(ENGINES)
	$(ENGINES)/bin/python -m pip install --quiet --requirement python/requirements-engines.txt
	touch $@

# --- Checks -------------------------------------------------------------------------------------

lint: $(VENV)/.ready ## Formatting, lints, types and documentation.
	cargo fmt --all --check
	cargo clippy --workspace --all-targets $(FEATURES) -- -D warnings
	cargo clippy --no-default-features -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps $(FEATURES)
	cd python && $(VENV)/bin/ruff check --config pyproject.toml . ../benches
	cd python && $(VENV)/bin/ruff format --config pyproject.toml --check . ../benches

rust: ## Tests of the crate: units, properties, golden numbers, examples, benchmarks run once.
	if cargo nextest --version >/dev/null 2>&1; \
	then cargo nextest run $(FEATURES); \
	else cargo test $(FEATURES) --lib --bins --tests; fi
	cargo test $(FEATURES) --doc
	cargo test $(FEATURES) --bench '*' -- --test

python: $(VENV)/.ready ## Build the extension for development; check its types and test it.
	cd python && VIRTUAL_ENV=$(VENV) $(VENV)/bin/maturin develop --quiet
	cd python && $(VENV)/bin/mypy
	cd python && $(VENV)/bin/python -W ignore -m mypy.stubtest brandpunt._brandpunt
	cd python && $(VENV)/bin/python -m pytest

test-engines: $(ENGINES)/.ready ## Frames of Spark and Dask beside one process; Spark needs Java 17.
	cd python && $(ENGINES)/bin/maturin build --profile quick --quiet --out ../target/engines
	$(ENGINES)/bin/python -m pip install --quiet --force-reinstall --no-deps target/engines/brandpunt-*.whl
	cd python/engines && $(ENGINES)/bin/python -m pytest -c ../pyproject.toml --rootdir . -p no:cacheprovider --override-ini addopts=-ra .

docs: $(VENV)/.ready ## The documentation of the Python package: target/docs/index.html.
	rm -rf target/docs
	$(VENV)/bin/python -W ignore -m sphinx --fail-on-warning --keep-going --quiet python/docs target/docs

stories: $(VENV)/.ready ## Run the notebooks and store what they print and draw.
	PYTHONWARNINGS=ignore::RuntimeWarning $(VENV)/bin/python python/examples/store.py

# A wheel from the source distribution shows that the latter is whole.
package: $(VENV)/.ready ## Source distribution, a wheel built from it, the crate, and a look inside.
	rm -rf target/package-python
	$(VENV)/bin/python python/third_party.py python/licenses/THIRD-PARTY.txt
	cd python && $(VENV)/bin/maturin sdist --out ../target/package-python
	PATH="$(VENV)/bin:$$PATH" CARGO_TARGET_DIR=$(CURDIR)/target $(VENV)/bin/python -m pip wheel --quiet --no-deps \
		--no-build-isolation --config-settings=build-args="--profile dev" \
		--wheel-dir target/package-python target/package-python/brandpunt-*.tar.gz
	cd python && BRANDPUNT_PACKAGES=$(CURDIR)/target/package-python $(VENV)/bin/python -m pytest -q tests/test_distribution.py
	cargo package --quiet --allow-dirty --package brandpunt $(FEATURES)

# --- Statistical validity -----------------------------------------------------------------------

validate: ## The validity protocol in full: size, power, coverage, uniformity; prints its tables.
	cargo test --profile quick $(FEATURES) --test validity -- --ignored --nocapture --test-threads=1

# --- Fuzzing ------------------------------------------------------------------------------------

# The instrumentation of libFuzzer, which stable Rust offers; needs a C++ compiler beside Rust.
FUZZ_FLAGS := -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
	-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
	-Cllvm-args=-sanitizer-coverage-trace-compares
FUZZ_TARGETS ?= $(notdir $(wildcard tests/fuzz/seeds/*))
# Seconds per target.
FUZZ_TIME ?= 60

fuzz: ## Every fuzzer for a minute; what is found is kept in tests/fuzz/crashers and replayed by `make test`.
	host=$$(rustc -vV | sed -n 's/^host: //p'); \
	RUSTFLAGS="$(FUZZ_FLAGS)" cargo build --quiet --release --target "$$host" \
		--manifest-path tests/fuzz/Cargo.toml --target-dir target/fuzz; \
	failed=; \
	for name in $(FUZZ_TARGETS); do \
		mkdir -p "target/fuzz/corpus/$$name" "tests/fuzz/crashers/$$name"; \
		BRANDPUNT_FUZZ=$$name "target/fuzz/$$host/release/brandpunt-fuzz" -max_total_time=$(FUZZ_TIME) \
			-timeout=20 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
			-artifact_prefix="tests/fuzz/crashers/$$name/" "target/fuzz/corpus/$$name" "tests/fuzz/seeds/$$name" \
			> "target/fuzz/$$name.log" 2>&1 || { failed="$$failed $$name"; tail -40 "target/fuzz/$$name.log"; }; \
		rmdir "tests/fuzz/crashers/$$name" 2>/dev/null || true; \
		echo "$$name: $$(sed -n 's/^stat::number_of_executed_units: *//p' "target/fuzz/$$name.log") executions"; \
	done; \
	if [ -n "$$failed" ]; then echo "broken:$$failed" >&2; exit 1; fi

# --- Speed --------------------------------------------------------------------------------------

bench: ## Each part beside its naive baseline, with an equality check inside.
	cargo bench $(FEATURES) --bench '*'

bench-peers: $(PEERS)/.ready ## Beside geopandas, esda, scikit-learn, scipy, KDEpy and libpysal.
	cd python && $(PEERS)/bin/maturin build --release --quiet --out ../target/peers
	$(PEERS)/bin/python -m pip install --quiet --force-reinstall --no-deps target/peers/brandpunt-*.whl
	cd benches/peers && for script in bench_*.py; do $(PEERS)/bin/python "$$script"; done

bench-batches: $(ENGINES)/.ready ## Ten million reports through one process: rows per second, and memory.
	cd python && $(ENGINES)/bin/maturin build --release --quiet --out ../target/engines
	$(ENGINES)/bin/python -m pip install --quiet --force-reinstall --no-deps target/engines/brandpunt-*.whl
	$(ENGINES)/bin/python benches/batches.py

bench-table: ## The table of the README, from the last run of `make bench`.
	@"$$($(FIND_PYTHON))" benches/table.py

clean: ## Remove everything that was made.
	rm -rf target out .venv .venv-peers .venv-engines
