# snnlua: build, tests, checks. `make help` lists the targets.

# ---- settings (make NAME=value) ----
# the C compiler: gcc or clang
ifeq ($(origin CC),default)
CC      := gcc
endif
# optimisation; the sanitised build sets its own
OPT     ?= -O3 -g
# optimisation across files, but for kernels, where the compiler does it; or none
ifeq ($(origin LTO),undefined)
LTO     := $(shell echo 'int main(void) { return 0; }' | \
           $(CC) -flto=auto -x c - -o /dev/null 2>/dev/null && echo -flto=auto)
endif
# -Werror makes warnings errors
WERROR  ?=
# more flags for the compiler and the linker, e.g. a sanitiser
EXTRA   ?=
# where debug information goes: apart, into NAME.debug beside each product, where
# gdb, valgrind and perf find it, or inside (sanitisers' reports want it there)
SYMBOLS ?= $(if $(findstring -fsanitize,$(EXTRA) $(CFLAGS)),inside,$(if \
           $(shell command -v $(OBJCOPY) 2>/dev/null),apart,inside))
OBJCOPY ?= objcopy
# where objects and products go
BUILD   ?= build
# where `make install` puts the program and the module
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
LIBDIR  ?= $(PREFIX)/lib/lua/5.4
# put before PREFIX, for packagers
DESTDIR ?=
# the stock interpreter: embeds the Lua files, runs the specs
LUA     ?= lua5.4
# what `make test`, `make san` run: files or folders of specs
SPECS   ?= spec
# more arguments for the specs' runner, e.g. --filter=LIF
BUSTED_FLAGS ?=
# which benchmarks `make bench` runs: names below spec/bench
BENCH   ?= *
# arguments of the quickstart, e.g. ARGS='--side 5', or of the benchmarks
ARGS    ?=
# parallel jobs of the targets that build and run
JOBS    ?= $(shell nproc)
# V=1 shows whole commands
V       ?=

# ---- flags ----
# results must not depend on the instruction set: no contraction, no fast-math
STRICT  := -ffp-contract=off -fno-math-errno -fno-trapping-math
# gcc for x86 clears structs by `rep stos`, which takes its time to begin (in
# kernels it is the better way)
TUNE    := -mmemset-strategy=unrolled_loop:512:noalign,libcall:-1:noalign
TUNE    := $(shell echo 'int x;' | $(CC) $(TUNE) -x c - -S -o /dev/null 2>/dev/null && echo $(TUNE))
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wvla \
           -Wmissing-prototypes -Wcast-qual
# clang tells of each loop that it does not vectorise though it may
WARN    += -Wno-pass-failed
ARCH    := $(shell $(CC) -dumpmachine 2>/dev/null)
# does the compiler find this header?
HASH    := \#
FOUND    = $(shell echo '$(HASH)include <$(1)>' | $(CC) -E -x c - >/dev/null 2>&1 && echo yes)
LUA_INC := $(firstword $(wildcard /usr/include/lua5.4 /usr/local/include/lua5.4))
LUA_A   := $(shell $(CC) -print-file-name=liblua5.4.a 2>/dev/null)
LIBS    := -lsleef -lz -lpthread -lm -ldl
# optional libraries: without one its feature answers with a message
ifeq ($(call FOUND,png.h),yes)
DEFS    += -DSNN_HAVE_PNG
LIBS    += -lpng
endif
ifeq ($(call FOUND,jansson.h),yes)
DEFS    += -DSNN_HAVE_JANSSON
PROGRAM_LIBS += -ljansson
endif
ifeq ($(call FOUND,libdeflate.h),yes)
DEFS    += -DSNN_HAVE_DEFLATE
LIBS    += -ldeflate
endif
ifeq ($(call FOUND,sha2.h),yes)
DEFS    += -DSNN_HAVE_MD
LIBS    += -lmd
endif
ifeq ($(call FOUND,histedit.h),yes)
DEFS    += -DSNN_HAVE_EDIT
PROGRAM_LIBS += -ledit
endif

FLAGS    = -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden $(OPT) \
           $(STRICT) $(WARN) $(WERROR) $(EXTRA) $(DEFS) -Isrc -I$(LUA_INC) \
           $(CPPFLAGS) $(CFLAGS)
COMPILE  = $(CC) $(FLAGS) -MMD -MP -c
LINK     = $(CC) $(OPT) $(TUNE) $(STRICT) $(LTO) $(EXTRA) $(CFLAGS) $(LDFLAGS)

# ---- sources ----
PROGRAM := $(wildcard src/app/*.c)
SOURCES := $(filter-out $(PROGRAM),$(wildcard src/*/*.c src/*/*/*.c))
# files with kernels are built once per instruction set (src/util/isa.h); each
# of them does its work without the others, and takes the most time to optimise
KERNELS := $(shell grep -lE 'each_(real|type)\.h|SNN_ISA_NAME' $(SOURCES))
LEVELS  := $(if $(filter x86_64%,$(ARCH)),v3 v4)
MAIN    := $(PROGRAM:src/%.c=$(BUILD)/%.o)
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/%.o) \
           $(foreach l,$(LEVELS),$(KERNELS:src/%.c=$(BUILD)/%.$(l).o)) \
           $(BUILD)/embedded.o
# these two take a quarter of all the compiler's time: begun last, one processor
# ends them while the others wait
SLOW    := $(filter $(BUILD)/kernel/reduce.% $(BUILD)/neuron/adapt.%,$(OBJECTS))
OBJECTS := $(SLOW) $(filter-out $(SLOW),$(OBJECTS))
# the engine without Lua, and the program that tests it
ENGINE  := $(filter-out $(BUILD)/bind/% $(BUILD)/embedded.o,$(OBJECTS))
TESTS   := $(patsubst %.c,$(BUILD)/%.o,$(wildcard spec/engine/*.c))
LUA_SRC := $(wildcard lua/*.lua lua/snn/*.lua lua/snn/*/*.lua lua/meta/*.lua)

# a command, told in short
, := ,
do       = @mkdir -p $(@D); $(if $(V),set -x,echo '  $(1)  $@'); $(2)

# what the program does around functions of Lua's (src/app/interrupt.c)
WRAPPED := $(patsubst %,-Wl$(,)--wrap=%,lua_resume lua_resetthread lua_closethread lua_sethook)

# ---- products ----
all: $(BUILD)/snnlua $(BUILD)/snn.so ## program and module, in build/

$(BUILD)/snnlua: $(MAIN) $(OBJECTS) $(BUILD)/link.is
	$(call do,LINK,$(LINK) -Wl$(,)-E $(WRAPPED) -o $@ $(MAIN) $(OBJECTS) $(LUA_A) $(LIBS) $(PROGRAM_LIBS))
	$(part)

$(BUILD)/snn.so: $(OBJECTS) $(BUILD)/link.is
	$(call do,LINK,$(LINK) -shared -Wl$(,)-z$(,)nodelete -o $@ $(OBJECTS) $(LIBS))
	$(part)

part     = @$(if $(filter apart,$(SYMBOLS)),$(OBJCOPY) --only-keep-debug $@ $@.debug && \
           $(OBJCOPY) --strip-unneeded --add-gnu-debuglink=$@.debug $@,rm -f $@.debug)

# what spec/engine tests, below src/bind/: if it knew Lua, it would not link
$(BUILD)/engine: $(TESTS) $(ENGINE) $(BUILD)/link.is
	$(call do,LINK,$(LINK) -o $@ $(TESTS) $(ENGINE) $(LIBS))

$(BUILD)/spec/engine/%.o: spec/engine/%.c $(BUILD)/compile.is
	$(call do,CC,$(COMPILE) $(LTO) -o $@ $<)

# mutated files against the reader, by the engine alone
$(BUILD)/mutate: $(BUILD)/spec/mutate/mutate.o $(ENGINE) $(BUILD)/link.is
	$(call do,LINK,$(LINK) -o $@ $(filter %.o,$^) $(LIBS))

$(BUILD)/spec/mutate/%.o: spec/mutate/%.c $(BUILD)/compile.is
	$(call do,CC,$(COMPILE) -o $@ $<)

# system calls that fail: loaded before all other libraries
$(BUILD)/faults.so: spec/faults/faults.c $(BUILD)/compile.is
	$(call do,CC,$(CC) -std=c11 -D_GNU_SOURCE -O1 $(WARN) $(WERROR) -fPIC -shared -I$(LUA_INC) -o $@ $< -ldl)

# what benchmarks are held against, made for this very processor
$(BUILD)/yardstick.so: spec/bench/support/yardstick.c $(BUILD)/compile.is
	$(call do,CC,$(CC) -std=c11 -D_GNU_SOURCE -O3 -march=native $(WARN) -fPIC -shared -I$(LUA_INC) -o $@ $< -lopenblas)

$(BUILD)/embedded.c: src/embed.lua $(LUA_SRC) $(BUILD)/lua.is
	$(call do,LUA,$(LUA) src/embed.lua $(LUA_SRC) > $@.new && mv $@.new $@)

$(BUILD)/embedded.o: $(BUILD)/embedded.c $(BUILD)/compile.is
	$(call do,CC,$(COMPILE) -o $@ $<)

$(BUILD)/%.o: src/%.c $(BUILD)/compile.is
	$(call do,CC,$(COMPILE) $(if $(filter $<,$(KERNELS)),,$(TUNE) $(LTO)) -o $@ $<)

$(BUILD)/%.v3.o: src/%.c $(BUILD)/compile.is
	$(call do,CC,$(COMPILE) -DSNN_ISA=v3 -march=x86-64-v3 -o $@ $<)

$(BUILD)/%.v4.o: src/%.c $(BUILD)/compile.is
	$(call do,CC,$(COMPILE) -DSNN_ISA=v4 -march=x86-64-v4 -mprefer-vector-width=512 -o $@ $<)

# what the quickstart is measured against, for this machine alone
NATIVE   = $(CC) -std=c11 -D_GNU_SOURCE $(WARN) -O3 -march=native \
           -mprefer-vector-width=512 -fno-math-errno -Ispec/bench
YARD     = spec/bench/support/quickstart.c spec/bench/support/quickstart.h

$(BUILD)/yardstick_quickstart $(BUILD)/yardstick_plain: $(BUILD)/%: \
    spec/bench/%.c $(YARD)
	$(call do,CC,$(NATIVE) $(if $(findstring plain,$@),,-ffast-math) -o $@ \
	    $(filter %.c,$^) -lz -lm)

# a network as a plain C program, beside which peers.lua runs the library
$(BUILD)/peer_networks: spec/bench/peers/networks.c
	$(call do,CC,$(NATIVE) -o $@ $< -lm)

# NAME.is holds what something was made with, flags or a list of files: its
# date changes only when they do
remember = @mkdir -p $(@D); echo '$(subst ','\'',$(1))' | cmp -s - $@ || \
           echo '$(subst ','\'',$(1))' > $@

$(BUILD)/compile.is: FORCE
	@$(if $(LUA_INC),,echo "Lua 5.4's headers are missing: make setup" >&2; exit 1)
	$(call remember,$(COMPILE) $(TUNE) $(LTO))

$(BUILD)/link.is: FORCE
	$(call remember,$(LINK) $(MAIN) $(OBJECTS) $(TESTS) $(LIBS) $(PROGRAM_LIBS) $(SYMBOLS))

# for editors (clangd looks for it there) and other tools: how each file is
# compiled, for the instruction set that all processors have
build/compile_commands.json: $(BUILD)/compile.is $(BUILD)/link.is
	@mkdir -p $(@D)
	@for f in $(PROGRAM) $(SOURCES) $(wildcard spec/engine/*.c); do \
	    printf '{ "directory": "%s", "file": "%s", "command": "%s %s" },\n' \
	        '$(CURDIR)' "$$f" '$(subst ','\'',$(subst ",\",$(strip $(COMPILE))))' "$$f"; \
	done | sed '1s/^/[/; $$s/,$$/]/' > $@

$(BUILD)/lua.is: FORCE
	$(call remember,$(LUA_SRC))

# ---- running ----
# Libraries are looked for when make starts: what follows a set-up is a make
# of its own.
AGAIN    = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))
# specs find the program and the module by these
ENV      = SNN_PROGRAM='$(abspath $(BUILD)/snnlua)' \
           SNN_CPATH='$(abspath $(BUILD))/?.so' LUA_PATH='./?.lua;;'
BUSTED   = /usr/bin/busted -o plainTerminal -p _spec $(BUSTED_FLAGS)
# specs, in processes side by side and an environment of their own
RUN      = sh spec/run.sh $(JOBS) '$(1)'
# by a stock interpreter with the module
TEST     = $(ENV) LUA_CPATH='$(BUILD)/?.so;;' $(call RUN,$(1)) $(LUA) $(BUSTED)
SANITISE = OPT='-O1 -g' LTO= EXTRA='-fsanitize=address$(,)undefined$(,)float-cast-overflow \
           -fno-sanitize-recover=all -fno-omit-frame-pointer'

quickstart: setup ## set up, build, train a network on digits
	+@$(AGAIN) $(BUILD)/snnlua
	$(BUILD)/snnlua examples/quickstart.lua $(ARGS)

# the engine's own tests belong to all specs, and to spec/engine
ALONE    = $(filter spec spec/ spec/engine%,$(SPECS))
TESTED   = $(filter-out spec/engine%,$(SPECS))
# what specs of files run: the reader against mutations, calls that fail
BESIDE   = $(if $(filter spec spec/ spec/mutate%,$(SPECS)),$(BUILD)/mutate) \
           $(if $(filter spec spec/ spec/faults%,$(SPECS)),$(BUILD)/faults.so)

test: setup-test ## set up, build, run the specs
	+@$(AGAIN) all $(if $(ALONE),$(BUILD)/engine) $(BESIDE)
	$(if $(ALONE),$(BUILD)/engine)
	$(if $(TESTED),$(call TEST,$(TESTED)))

engine: ## the tests of the engine without Lua, spec/engine
	+@$(AGAIN) $(BUILD)/engine
	$(BUILD)/engine

# objects of their own: a change of flags would make all others anew
dev: BUILD = build/dev
dev: ## build/dev/snnlua in seconds after an edit; build/compile_commands.json
	+@$(AGAIN) all build/compile_commands.json BUILD=$(BUILD) OPT='-O1 -g' LTO= SYMBOLS=inside

# gcc's objects serve the structure specs; of clang there are only its warnings,
# for which it need not optimise. What cppcheck says of three things is wrong here: it reads 0x1p63 as 0, takes any
# `a[i] || i < j` for a late check of i, and does not follow what is filled
# field by field or in an earlier turn of a loop (gcc's warnings do).
check: BUILD = build/check
check: setup-check ## set up, warnings as errors, linters, the sources' structure
	+@$(AGAIN) all $(BUILD)/engine CC=gcc WERROR=-Werror BUILD=$(BUILD)
	@if command -v clang >/dev/null; then \
	    warn='xargs -n 8 -P $(JOBS) clang -fsyntax-only $(FLAGS) -Werror'; \
	    echo $(PROGRAM) $(SOURCES) $(wildcard spec/engine/*.c) | $$warn && \
	    for l in $(LEVELS); do \
	        echo $(KERNELS) | $$warn -DSNN_ISA=$$l -march=x86-64-$$l || exit 1; \
	    done; \
	else echo 'clang is not installed: warnings of gcc only'; fi
	@mkdir -p $(BUILD)/cppcheck
	cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 -j $(JOBS) \
	    --enable=warning,portability --suppress=missingIncludeSystem \
	    --suppress=incorrectLogicOperator --suppress=arrayIndexThenCheck \
	    --suppress=ctuuninitvar --suppress=legacyUninitvar \
	    --cppcheck-build-dir=$(BUILD)/cppcheck --library=.cppcheck.cfg -Isrc $(DEFS) src
	luacheck --no-color --quiet $(wildcard lua examples spec) src/embed.lua src/meta.lua
	$(call TEST,spec/every/structure_spec.lua)

# no module: a stock interpreter cannot load a sanitised one
san: BUILD = build/san
san: setup-test ## the specs inside a program built with ASan and UBSan
	+@$(AGAIN) $(BUILD)/snnlua $(if $(ALONE),$(BUILD)/engine) $(BESIDE) $(SANITISE) BUILD=$(BUILD)
	$(if $(ALONE),$(BUILD)/engine)
	$(if $(TESTED),$(ENV) SNN_CPATH='' ASAN_OPTIONS=allocator_may_return_null=1 \
	    $(call RUN,$(TESTED)) $(BUILD)/snnlua $(BUSTED))

# Threads in the engine, then under scripts, with the kernels of one instruction set:
# of another they share out their work alike. TSan wants memory to lie as it knows
# it, which Linux's randomisation of addresses may not do.
FIXED    = TSAN_OPTIONS='halt_on_error=1 $(TSAN_OPTIONS)' \
           $(shell setarch -R true 2>/dev/null && echo setarch -R)

tsan: BUILD = build/tsan
tsan: SPECS = spec/bind/process/threads_spec.lua spec/tensor/bits_spec.lua spec/update/pairs_spec.lua
tsan: setup-test ## data races: the engine and threaded specs built with TSan
	+@$(AGAIN) $(BUILD)/snnlua $(BUILD)/engine BUILD=$(BUILD) OPT='-O1 -g' LTO= LEVELS= \
	    EXTRA='-fsanitize=thread -fno-omit-frame-pointer -DSNN_V1_ALONE'
	$(FIXED) $(BUILD)/engine
	$(ENV) SNN_CPATH='' $(FIXED) $(call RUN,$(SPECS)) $(BUILD)/snnlua $(BUSTED)

oom: setup-test ## fail each allocation of small scripts in turn
	+@$(AGAIN) all
	SNN_OOM_STRIDE=1 $(call TEST,spec/oom)

faults: ## fail each system call of each saver in turn
	+@$(AGAIN) all $(BUILD)/faults.so
	$(ENV) LUA_CPATH='$(BUILD)/?.so;;' LD_PRELOAD='$(abspath $(BUILD)/faults.so)' \
	    $(BUILD)/snnlua spec/faults/run.lua

# each a script of its own, `long-NAME`, that prints its figures
LONG     = resume twins kills mutations saving atomic fuzz
LONG_RUNS ?= 2000
long: $(addprefix long-,$(LONG)) ## the rounds that are too long for the specs

long-resume: all
	$(ENV) $(BUILD)/snnlua spec/resume/resume.lua 1 $(LONG_RUNS)

# sparse networks beside dense ones
long-twins: all
	$(ENV) $(BUILD)/snnlua spec/sparse/twins.lua 1 $(LONG_RUNS)

# processes that are killed while they save
long-kills: all
	$(ENV) $(BUILD)/snnlua spec/io/kills.lua 1000 $$(date +%s) $(BUILD)/kills

# files that are cut, flipped and rewritten
long-mutations: all $(BUILD)/mutate
	$(BUILD)/mutate $$(date +%s) 10000000
	$(ENV) $(BUILD)/snnlua spec/mutate/saved.lua $$(date +%s) 20000

# calls that fail at each place that there is
long-atomic: all
	$(ENV) SNN_ATOMIC=all $(BUILD)/snnlua spec/atomic/walk.lua

# random calls of everything
long-fuzz: all
	$(ENV) SNN_FUZZ_ROUNDS=20000 SNN_FUZZ_SEED=$$(date +%s) $(BUILD)/snnlua spec/fuzz/fuzz.lua

# a gigabyte against `cp` and fsync
long-saving: all
	$(BUILD)/snnlua spec/bench/support/saving.lua $(BUILD)

# no word of theirs among the lines
bench-parts: $(BUILD)/snnlua $(BUILD)/yardstick.so \
    $(BUILD)/yardstick_quickstart $(BUILD)/yardstick_plain \
    $(BUILD)/peer_networks
	@:

# a line of JSON for each case, kept in build/bench/ for the report
bench: setup-bench ## benchmarks, or one: BENCH=name ARGS='--data DIR'
	+@$(AGAIN) bench-parts >&2
	@mkdir -p $(BUILD)/bench
	@for f in $(BENCH:%=spec/bench/%.lua); do \
	    lines=$(BUILD)/bench/$$(basename $$f .lua).jsonl; \
	    LUA_PATH='./?.lua;;' LUA_CPATH='$(BUILD)/?.so;;' SNN_BENCH_LINES=$$lines.new \
	        $(BUILD)/snnlua $$f $(ARGS) && mv $$lines.new $$lines || exit 1; \
	done

# the benchmarks that the table is of; with BENCH=name the others' lines are those of
# their last run, and with BENCH=step alone the table of steps is made anew
bench-report: BENCH = quickstart neuron linear_dense conv2d delay encoder plasticity event \
    memory sparse_memory wiring tensor matmul numpy step
bench-report: bench ## benchmarks, and their table into README.md
	$(BUILD)/snnlua spec/bench/support/report.lua README.md $(BUILD)/bench/*.jsonl

meta: all ## write lua/meta/classes/ and the README's list of models, as classes are now
	@mkdir -p lua/meta/classes
	$(BUILD)/snnlua src/meta.lua

# what the program tells of its command line, where shells and `man` look for it
SHARE    = $(DESTDIR)$(PREFIX)/share
TOLD     = $(BUILD)/snnlua help
install: all ## the program, the module, its man page, completions, annotations
	install -D -m 755 $(BUILD)/snnlua '$(DESTDIR)$(BINDIR)/snnlua'
	install -D -m 755 $(BUILD)/snn.so '$(DESTDIR)$(LIBDIR)/snn.so'
	@mkdir -p '$(SHARE)/man/man1' '$(SHARE)/bash-completion/completions' \
	    '$(SHARE)/zsh/site-functions' '$(SHARE)/fish/vendor_completions.d' \
	    '$(SHARE)/snnlua/meta/classes'
	$(TOLD) man > '$(SHARE)/man/man1/snnlua.1'
	$(TOLD) completion bash > '$(SHARE)/bash-completion/completions/snnlua'
	$(TOLD) completion zsh > '$(SHARE)/zsh/site-functions/_snnlua'
	$(TOLD) completion fish > '$(SHARE)/fish/vendor_completions.d/snnlua.fish'
	install -m 644 lua/meta/*.lua '$(SHARE)/snnlua/meta'
	install -m 644 lua/meta/classes/*.lua '$(SHARE)/snnlua/meta/classes'

setup: ## install the Debian packages that are missing
	@sh src/setup.sh

setup-test setup-check setup-bench: setup-%:
	@sh src/setup.sh $*

clean: ## remove what was built
	rm -rf build $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

FORCE:
.PHONY: all dev quickstart test engine check san tsan oom faults long bench bench-parts bench-report meta install setup setup-test \
        setup-check setup-bench clean help FORCE
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
-include $(OBJECTS:.o=.d) $(MAIN:.o=.d) $(TESTS:.o=.d) $(BUILD)/spec/mutate/mutate.d
