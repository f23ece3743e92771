# Two commands do everything: `make demo` and `make test`. Both install what is missing first.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BUILD := swift build
# Tests in processes of their own: what speaks to itself over the loopback, or to peers in other languages, would wait for
# threads that the tests that compute keep busy.
APART := CrashTests ExampleTests GerbangRemoteTests 'GerbangServerTests|GerbangTests\.' SOAPPeerTests \
	'GerbangHTTPTests|GerbangClientTests|GerbangRegistrationTests' AgencyTests AdapterConformanceTests
empty :=
space := $(empty) $(empty)
TOGETHER := $(subst $(space),|,$(subst ',,$(strip $(APART))))

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: deps
deps:
	@.ci/install-dependencies

.PHONY: build
build: deps ## Build everything (debug)
	@echo "Building. The first build compiles all dependencies and takes several minutes; later ones take seconds."
	@$(BUILD)

.PHONY: demo
demo: build ## Run the gateway against simulated agencies and show that nothing is lost or done twice
	@"$$($(BUILD) --show-bin-path)/gerbang" demo $(if $(KEEP),--keep)

.PHONY: test
test: deps ## Run all tests (KILLS=500 for a longer crash test)
	@echo "Building the tests. The first build takes several minutes; later ones take seconds."
	@$(BUILD) --build-tests
	@for tests in $(APART); do \
		echo "== $$tests"; \
		GERBANG_CRASH_KILLS=$(or $(KILLS),100) swift test --skip-build --filter "$$tests" || exit 1; \
	done
	@swift test --skip-build --skip '$(TOGETHER)'

.PHONY: bench
bench: deps ## Run the benchmarks (release build)
	@Tests/Benchmarks/run

.PHONY: tsan
tsan: deps ## Run the tests of the modules that wrap C under the thread sanitizer
	@TSAN_OPTIONS="suppressions=$(CURDIR)/.ci/tsan-suppressions" swift test --scratch-path .build-tsan --sanitize thread \
		--filter 'GerbangHTTPTests|GerbangXMLTests|GerbangSchemaTests|GerbangTestingTests'

.PHONY: format
format: ## Format all Swift files
	@git ls-files '*.swift' | xargs swift format format --in-place --parallel

.PHONY: lint
lint: ## Check formatting, import direction and documentation
	@.ci/check-format
	@.ci/check-imports
	@.ci/check-docs
