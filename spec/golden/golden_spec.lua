-- Plays the recorded cases that cases.lua names; each is one `it`.
local CASES = require "spec.golden.cases"

-- component of a file -> function(case, file) that raises at the first
-- difference
local players = {}
for _, name in ipairs { "parts", "layers", "registry", "learning", "functions" } do
  for component, play in pairs(require("spec.golden." .. name)) do players[component] = play end
end

local function is_like(name, pattern)
  local first = pattern:match("^(.*)%*$")
  return name == pattern or (first ~= nil and name:sub(1, #first) == first)
end

local function is_chosen(name, patterns)
  local keeps, kept = false, false
  for i = 2, #patterns do
    local dropped = patterns[i]:match("^!(.*)$")
    if dropped and is_like(name, dropped) then return false end
    keeps = keeps or not dropped
    kept = kept or is_like(name, patterns[i])
  end
  return kept or not keeps
end

for _, patterns in ipairs(CASES) do
  local file = dofile("spec/golden/data/" .. patterns[1] .. ".lua")
  local play = players[file.component] or players[patterns[1]:match("^[^_]+")]
  describe("recorded " .. patterns[1], function()
    for _, case in ipairs(file.cases) do
      -- where the recorded library contradicts its documentation, the latter holds
      if is_chosen(case.name, patterns) and case.variant ~= "reference" then
        it(case.name, function() play(case, file) end)
      end
    end
  end)
end
