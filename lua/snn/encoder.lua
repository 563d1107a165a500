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

local function check_places(_, values)
  local i, place = 1, place_of(values, 1)
  while place do
    local text = check_place(i, place)
    if text then return text end
    i = i + 1
    place = place_of(values, i)
  end
end

local function load_places(encoder, values)
  local text = check_places(encoder, values)
  if text then fail("ValueError", "%s: %s", tools.describe(encoder), text) end
  local first, last
  local i, place = 1, place_of(values, 1)
  while place do
    if last then last.next = place else first = place end
    last, i = place, i + 1
    place = place_of(values, i)
  end
  tools.links(encoder).places = first
end

-- Those that go on, then those that were loaded and have not gone on yet.
local function save_places(encoder)
  local values, n = {}, 0
  local function add(place)
    n = n + 1
    for _, name in ipairs(PLACE) do
      values[("train.%d.%s"):format(n, name)] = place[name]
    end
  end
  for _, running in ipairs(tools.running()) do
    if running.of == encoder then add(tools.train_place(running.train, running.again)) end
  end
  local place = tools.links(encoder).places
  while place do
    add(place)
    place = place.next
  end
  return values
end

---@class snn.Encoder
local Encoder = snn.Encoder

tools.saves(Encoder, { save = save_places, load = load_places, check = check_places })

local function forget(encoder)
  tools.links(encoder).places = nil
  return tools.clear_states(encoder)
end

--- Forgets the train that a loaded file is in the middle of: the next `steps_of` is a
--- train of its own. States that its class declares begin anew.
function Encoder:clear()
  tools.check_object(self, Encoder, "clear", "self")
  return tools.atomic({ self }, forget, self)
end
