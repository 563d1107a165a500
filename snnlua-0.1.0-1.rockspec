rockspec_format = "3.0"
package = "snnlua"
version = "0.1.0-1"
source = { url = "." }
description = {
  summary = "Spiking neural networks: a C engine with a Lua face",
  detailed = [[
Neurons, synapses, connections, plasticity and encoders of spiking neural
networks on tensors, written in C11 and used from Lua 5.4. Needs OpenBLAS,
SLEEF, Random123 and zlib; libpng and jansson are optional.]],
  license = "MIT",
  labels = { "neural-network", "simulation", "spiking", "tensor" },
}
dependencies = { "lua >= 5.4, < 5.5" }
test_dependencies = { "busted" }
build = {
  type = "make",
  build_target = "all",
  build_variables = { CFLAGS = "$(CFLAGS)", LUA = "$(LUA)" },
  install_target = "install",
  install_variables = { PREFIX = "$(PREFIX)", BINDIR = "$(BINDIR)", LIBDIR = "$(LIBDIR)" },
}
test = { type = "busted" }
