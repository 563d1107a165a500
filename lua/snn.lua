-- The Lua half of snn: runs once, after the parts in C are in the table. Each
-- file below lua/snn/ is a chunk that takes (snn, load, tools) as `...`: tools
-- holds what these files alone need from C (src/bind/lua/tools.c).
local _, load = ...

local FILES = {
  "math", "functional", "dynamics", "encoding", "reduction", "trace", "spikes", "stats",
  "provenance", "saved", "module", "module_lists", "class", "states", "record",
  "connector", "connect", "connection", "sparse",
  "stand_in", "live", "layer", "layer_connect", "serial", "biclique", "recurrent_serial",
  "hook", "hooks", "reducers",
  "monitor_clock", "monitor_store", "monitor_settings", "monitor", "monitor_kinds",
  "spike_recorder", "monitor_events", "observable", "pool", "running", "encoder",
  "trainer", "trainer_args", "settings", "trainer_monitors",
  "copy", "data", "progress", "saving", "plot", "prompting", "command",
  "helping",
}

for _, name in ipairs(FILES) do load("snn." .. name) end
