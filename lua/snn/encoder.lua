-- Encoders: where their trains go on that were saved in the middle of their steps
-- (src/bind/models/train.c).
local snn, _, tools = ...

local fail = tools.fail

-- A train is made again from its stream of random numbers, from which the steps that it
-- has given are left out; or the file has the steps that are left (`rest`).
local PLACE <const> = { "intensities", "seed", "stream", "step", "rest" }

local function place_of(values, i)
  local place, found = {}, false
  for _, name in ipairs(PLACE) do
    local value = values[("train.%d.%s"):format(i, name)]
    place[name], found = value, found or value ~= nil
  end
  return found and place or nil
end

local function check_place(i, place)
  for _, name in ipairs(PLACE) do
    local value = place[name]
    local is_good = value == nil or math.type(value) == "integer"
    if name == "rest" and value ~= nil then
      is_good = tools.is_tensor(value) and value.ndim > 0
    end
    if not is_good then
      return ("its train.%d.%s cannot be %s"):format(i, name, tools.describe(value))
    end
  end
  if not place.intensities or (place.step or -1) < 0 and not place.rest then
    return ("its train.%d is not whole"):format(i)
  end
end

local function places_of(values)
  local list = {}
  repeat list[#list + 1] = place_of(values, #list + 1)
  until not place_of(values, #list + 1)
  return list
end

local function check_places(_, values)
  local text
  for i, place in ipairs(places_of(values)) do text = text or check_place(i, place) end
  return text
end

-- Those of trains that go on.
local function places_now(encoder)
  local list = {}
  for _, running in ipairs(tools.running()) do
    if running.of == encoder then
      local place = tools.train_place(running.train, running.again)
      place.in_loop = running.in_loop
      list[#list + 1] = place
    end
  end
  return list
end

local function load_places(encoder, values)
  local text = check_places(encoder, values)
  if text then fail("ValueError", "%s: %s", tools.describe(encoder), text) end
  local list = places_of(values)
  tools.links(encoder).places = tools.waiting(list, places_now(encoder), PLACE)
end

-- Those that go on, then those that were loaded and have not gone on yet.
local function save_places(encoder)
  local values, list = {}, places_now(encoder)
  local place = tools.links(encoder).places
  while place do
    list[#list + 1], place = place, place.next
  end
  for i, one in ipairs(list) do
    for _, name in ipairs(PLACE) do values[("train.%d.%s"):format(i, name)] = one[name] end
  end
  return values
end

--- Numbers in [0, 1] to trains of spikes, (steps, B, ...).
--- ```lua
--- local encoder = snn.LatencyEncoder { steps = 8, step_time = 1 }
--- print(encoder(snn.tensor { { 0.9, 0.3 } }):sum(1))
--- ```
---@class snn.Encoder
local Encoder = snn.Encoder

tools.saves(Encoder, { save = save_places, load = load_places, check = check_places })

local function forget(encoder)
  tools.links(encoder).places = nil
  return tools.clear_states(encoder)
end

--- Forgets the train that a loaded file is in the middle of: the next `steps_of` is a
--- train of its own. States that its class declares begin anew.
--- ```lua
--- -- as snn.Encoder:
--- encoder:clear()
--- print(encoder(snn.tensor { { 0.9, 0.3 } }).dtype)
--- ```
function Encoder:clear()
  tools.check_object(self, Encoder, "clear", "self")
  return tools.atomic({ self }, forget, self)
end
