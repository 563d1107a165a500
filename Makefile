# snnlua: build, tests, checks. `make help` lists the targets.

# ---- settings ----
CC      ?= gcc
# optimisation; the sanitised and the coverage builds set their own
OPT     ?= -O3 -g
# results must not depend on the instruction set: no contraction, no fast-math
STRICT  := -ffp-contract=off -fno-math-errno -fno-trapping-math
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wvla \
           -Wmissing-prototypes -Wcast-qual
# where objects and products go
BUILD   ?= build
PREFIX  ?= /usr/local
LUA     ?= lua5.4

# ---- libraries ----
LUA_INC := $(firstword $(wildcard /usr/include/lua5.4 /usr/local/include/lua5.4))
ARCH    := $(shell $(CC) -dumpmachine)
LUA_A   := $(firstword $(wildcard /usr/lib/$(ARCH)/liblua5.4.a /usr/lib/*/liblua5.4.a))
LIBS    := -lopenblas -lsleef -lz -lpthread -lm -ldl
# optional ones: without them the feature answers with a message
HAVE     = $(if $(wildcard /usr/include/$(1) /usr/include/$(ARCH)/$(1)),1)
ifeq ($(call HAVE,png.h),1)
DEFS    += -DSNN_HAVE_PNG
LIBS    += -lpng
endif
ifeq ($(call HAVE,jansson.h),1)
DEFS    += -DSNN_HAVE_JANSSON
LIBS    += -ljansson
endif
ifeq ($(call HAVE,histedit.h),1)
DEFS    += -DSNN_HAVE_EDIT
PROGRAM_LIBS += -ledit
endif

CFLAGS  += -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden $(OPT) $(STRICT) \
           $(WARN) $(DEFS) -Isrc -I$(LUA_INC) -MMD -MP

# ---- sources ----
SOURCES := $(filter-out src/main.c,$(wildcard src/*/*.c))
# files with kernels are built once per instruction set (src/util/isa.h)
KERNELS := $(shell grep -lE 'each_(real|type)\.h|SNN_ISA_NAME' $(SOURCES))
LEVELS  := $(if $(filter x86_64%,$(ARCH)),v3 v4)
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/%.o) \
           $(foreach l,$(LEVELS),$(KERNELS:src/%.c=$(BUILD)/%.$(l).o)) \
           $(BUILD)/embedded.o
LUA_SRC := $(wildcard lua/*.lua lua/snn/*.lua)

all: $(BUILD)/snnlua $(BUILD)/snn.so

$(BUILD)/snnlua: $(BUILD)/main.o $(OBJECTS)
	$(CC) $(OPT) $(LDFLAGS) -Wl,-E -o $@ $^ $(LUA_A) $(LIBS) $(PROGRAM_LIBS)

$(BUILD)/snn.so: $(OBJECTS)
	$(CC) $(OPT) $(LDFLAGS) -shared -Wl,-z,nodelete -o $@ $^ $(LIBS)

$(BUILD)/embedded.c: src/embed.lua $(LUA_SRC)
	@mkdir -p $(@D)
	$(LUA) src/embed.lua $(LUA_SRC) > $@.new && mv $@.new $@

$(BUILD)/embedded.o: $(BUILD)/embedded.c
	$(CC) $(CFLAGS) -c -o $@ $<

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

$(BUILD)/%.v3.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -DSNN_ISA=v3 -march=x86-64-v3 -c -o $@ $<

$(BUILD)/%.v4.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -DSNN_ISA=v4 -march=x86-64-v4 -mprefer-vector-width=512 -c -o $@ $<

clean:
	rm -rf $(BUILD)

.PHONY: all clean

.DEFAULT_GOAL := all
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
