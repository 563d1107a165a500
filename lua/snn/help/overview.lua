-- Help on the library as a whole: its names, by what they are.
local _, load = ...

local render = load "snn.help.render"

local overview = {}

local HEAD <const> = "snn: spiking neural networks. ?snn.LIF tells of a name, ??snn.LIF its "
  .. "source, apropos \"trace\" looks for words in all texts."

local FAMILIES <const> = { "Neuron", "Synapse", "Connection", "Encoder", "Reducer",
  "IndependentCellTrainer", "Layer", "Monitor" }

-- The family of a class by what its entry says of the classes above.
local function families(list)
  local names, out = load "snn.help.names", {}
  for _, item in ipairs(list) do
    local class = item.kind == "class" and item.value
    while class do
      local up = names.of_value(list, class)
      for _, family in ipairs(FAMILIES) do
        if up and up.name == family and not out[item.name] then out[item.name] = family end
      end
      class = names.parent(class)
    end
  end
  return out
end

---@param list table[] all items
---@param width integer
---@param color boolean|nil
function overview.text(list, width, color)
  local family, groups = families(list), {}
  local function add(group, name)
    groups[group] = groups[group] or {}
    table.insert(groups[group], name)
  end
  for _, item in ipairs(list) do
    if item.kind == "class" then
      add(family[item.name] or item.is_plain and "Objects" or "Other classes", item.name)
    elseif item.kind == "table" then
      add("Tables", item.name)
    elseif item.kind == "function" and not item.name:find "%." then
      add("Functions", item.name)
    end
  end
  local rows = {}
  for _, name in ipairs(FAMILIES) do
    rows[#rows + 1] = { name, table.concat(groups[name] or {}, ", ") }
  end
  for _, name in ipairs { "Other classes", "Objects", "Functions", "Tables" } do
    rows[#rows + 1] = { name, table.concat(groups[name] or {}, ", ") }
  end
  return render.entry({ title = HEAD, members = rows }, width, color)
end

return overview
