# What people do with this repository. `make` alone explains itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# A folder of data sets beside the clone saves the download.
ifndef DELTARULE_DATA
ifneq ($(wildcard ../shared/data/.),)
export DELTARULE_DATA := $(abspath ../shared/data)
endif
endif

PACKAGES := tools/install_packages.sh
STUDY_FLAGS := $(strip $(STUDY) $(if $(SEEDS),--seeds $(SEEDS)) $(ARGS))

# $(call build,PRESET): everything, tests included; not the benchmarks, which need a package more
define build
cmake --preset $(1) -DDELTARULE_TESTS=ON -DDELTARULE_BENCHMARKS=OFF >/dev/null
cmake --build --preset $(1)
endef

# $(call run_tests,PRESET)
run_tests = ctest --preset $(1) -j2 --timeout 300 --progress

.PHONY: help
help:
	@echo "make study   train, check and tabulate the whole report: out/paper/report.html"
	@echo "make build   only build the program: build/deltarule"
	@echo "make test    build, check layers and layout, run all tests"
	@echo
	@echo "make format  lay out the C++ code as .clang-format says"
	@echo "make lint    look for mistakes with clang-tidy"
	@echo "make asan    run the tests with address and undefined-behavior sanitizers"
	@echo "make tsan    run the tests with the thread sanitizer"
	@echo "make bench   time each kernel by itself: bench/README.md"
	@echo "make peers   time the same training in PyTorch, scikit-learn and others: bench/peers/README.md"
	@echo "make clean   remove what was built; out/ stays"
	@echo
	@echo "Each installs the Debian packages it lacks first (root or sudo), and says which and why."
	@echo
	@echo "make study SEEDS=10                  more seeds, narrower intervals"
	@echo "make study ARGS=--quick              one seed, few epochs, under half a minute"
	@echo "make study STUDY=studies/mine.toml   a study of your own"
	@echo "DELTARULE_DATA=FOLDER                where FOLDER/mnist lies, if not to be downloaded"

# A fresh build folder leaves the tests out, so that their packages are not needed either.
.PHONY: build
build:
	@$(PACKAGES) build
	cmake --preset release $(if $(wildcard build/CMakeCache.txt),,-DDELTARULE_TESTS=OFF) >/dev/null
	cmake --build --preset release --target deltarule

.PHONY: study
study: build
	build/deltarule study $(STUDY_FLAGS)

.PHONY: test
test:
	@$(PACKAGES) build test
	$(call build,release)
	tools/check_layers.py
	tools/check_format.sh
	$(call run_tests,release)

.PHONY: asan
asan:
	@$(PACKAGES) build test
	$(call build,asan)
	$(call run_tests,asan)

.PHONY: tsan
tsan:
	@$(PACKAGES) build test
	$(call build,tsan)
	$(call run_tests,tsan)

.PHONY: lint
lint:
	@$(PACKAGES) build test lint
	$(call build,release)
	tools/lint.sh

.PHONY: format
format:
	@$(PACKAGES) test
	tools/sources.sh '*.h' '*.cc' | xargs clang-format -i

.PHONY: bench
bench:
	@$(PACKAGES) build bench
	cmake --preset release -DDELTARULE_BENCHMARKS=ON \
	  $(if $(wildcard build/CMakeCache.txt),,-DDELTARULE_TESTS=OFF) >/dev/null
	cmake --build --preset release --target kernels_benchmark
	build/kernels_benchmark $(ARGS)

# What it installs and builds goes into build-peers (6 GB with PyTorch), which `make clean` leaves.
.PHONY: peers
peers: build
	@$(PACKAGES) peers
	bench/peers/run.py $(ARGS)

.PHONY: clean
clean:
	rm -rf build build-debug build-asan build-tsan
