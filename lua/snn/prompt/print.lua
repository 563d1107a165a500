-- How the prompt prints values: as snn shows objects (lua/snn/show/), text as it is.
local _, load_file, tools = ...
local _ENV <const> = tools.prompt_env

local values = {}

local PLAIN <const> = { string = true, number = true, boolean = true, ["nil"] = true }

local shower -- what lua/snn/show/show.lua returns, once something was shown

local function show(value)
  if PLAIN[type(value)] then return tostring(value) end
  shower = shower or load_file "snn.show.show"
  local terminal = tools.terminal()
  return shower(value, { width = terminal.width, color = terminal.color })
end

---Values beside each other, as lua5.4 prints them; those of several lines below each other.
function values.print(session, list)
  local texts, has_lines = {}, false
  for i = 1, list.n do
    texts[i] = show(list[i])
    has_lines = has_lines or texts[i]:find("\n", 1, true) ~= nil
  end
  session.write(table.concat(texts, has_lines and "\n" or "\t") .. "\n")
end

local WIDTHS <const> = { float32 = 4, float64 = 8, int64 = 8, bool = 1 }

---The bytes of a tensor's elements, 0 of all else.
function values.bytes(value)
  if type(value) ~= "userdata" then return 0 end
  local ok, bytes = pcall(function() return value.numel * (WIDTHS[tostring(value.dtype)] or 8) end)
  return ok and math.tointeger(bytes) or 0
end

return values
