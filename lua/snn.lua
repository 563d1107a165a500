-- The Lua half of snn: runs once, after the parts in C are in the table. Each
-- file below lua/snn/ is a chunk that takes (snn, load) as `...`.
local _, load = ...

local FILES = {}

for _, name in ipairs(FILES) do load("snn." .. name) end
