-- Plays the recorded cases of the files that cases.lua names; each is one `it`.
local FILES = require "spec.golden.cases"

-- component of a file -> function(case, file) that raises at the first
-- difference
local players = {}
for _, name in ipairs { "parts", "layers", "registry", "learning", "observe", "functions" } do
  for component, play in pairs(require("spec.golden." .. name)) do players[component] = play end
end

local snn = require "snn"

-- Cases about what is warned of; in all others a warning is an error.
local function is_warned(case)
  return case.graded
end

---Plays a case with warnings as errors, but where they are due.
local function strictly(play, case, file)
  local mode = snn.warnings(not is_warned(case) and "error" or false)
  local ok, err = pcall(play, case, file)
  snn.warnings(mode)
  if not ok then error(err, 0) end
end

for _, name in ipairs(FILES) do
  local file = dofile("spec/golden/data/" .. name .. ".lua")
  local play = players[file.component] or players[name:match("^[^_]+")]
  describe("recorded " .. name, function()
    for _, case in ipairs(file.cases) do
      -- where the recorded library contradicts its documentation, the latter holds
      if case.variant ~= "reference" then
        it(case.name, function() strictly(play, case, file) end)
      end
    end
  end)
end

describe("the recorded files", function()
  it("are all played", function()
    local listed = {}
    for _, name in ipairs(FILES) do listed[name .. ".lua"] = true end
    local pipe = assert(io.popen("ls spec/golden/data"))
    for name in pipe:lines() do assert.is_true(listed[name], name) end
    pipe:close()
  end)
end)
