-- Every class that the library gives to scripts is saved whole: an object that is made
-- anew, runs another way and is loaded goes on in the same bits as the one that was saved.
local snn = require "snn"
local live = require "spec.every.live"
local saved = require "spec.every.saved"
local folder = require "spec.io.folder"
local state = require "spec.atomic.state"
local twin = require "spec.twin"

-- All that can be seen of the objects.
local function seen(objects)
  local world = {}
  for name, object in pairs(objects) do
    if type(object) == "userdata" then world[name] = object end
  end
  local out = state.of(world)
  for name, object in pairs(world) do
    local ok, is_on = pcall(function() return object.registered end)
    if ok then out[name .. ":registered"] = tostring(is_on) end
  end
  return out
end

local function steps(recipe, objects, n)
  local out = {}
  for i = 1, n do
    local given = table.pack(live.quietly(recipe.step, objects))
    for k = 1, given.n do given[k] = given[k] == nil and "nil" or live.bits(given[k]) end
    out[i] = table.concat(given, " ")
  end
  return out
end

-- The steps before the save; 1 ends where a monitor or hook is off.
local BEFORE <const>, OTHERS <const>, AFTER <const> = 6, 4, 4

---The recipe's objects are saved, others loaded: the paths at which they differ then, and
---whether they still do some steps later.
local function resume(recipe)
  local path = folder.name()
  snn.manual_seed(3)
  local a = recipe.build()
  steps(recipe, a, BEFORE)
  local held = recipe.held and recipe.held(a)
  snn.save(path, a)
  assert(held or not recipe.held)
  local at_save = seen(a)
  local wanted = steps(recipe, a, AFTER)
  snn.manual_seed(17)
  local b = recipe.build()
  steps(recipe, b, OTHERS)
  live.quietly(snn.load, path, b)
  if recipe.loaded then recipe.loaded(b) end
  os.remove(path)
  local differ = state.differences(at_save, seen(b)) or {}
  local given = steps(recipe, b, AFTER)
  for i, text in ipairs(wanted) do
    if text ~= given[i] then differ[#differ + 1] = "what step " .. i .. " gives" end
  end
  table.move(state.differences(seen(a), seen(b)) or {}, 1, 99, #differ + 1, differ)
  return differ
end

describe("a class that is saved", function()
  for _, name in ipairs(saved.names()) do
    it("goes on in bits: " .. name, function()
      local recipe = saved.recipe(name)
      assert(recipe, name .. " is neither saved here nor said to have no objects of its own")
      assert.are.same({}, resume(recipe))
    end)
  end
end)

-- ------------------------------------------------------------- this walk can fail

-- Classes whose part is that something else is told before the load, or that a walk
-- finds what is below them.
local TOLD <const> = { "MonitorPool", "RecordReducer", "Module", "Updater", "Connection" }

describe("the part of a class in what is saved", function()
  local told, classes = {}, {}
  for _, name in ipairs(TOLD) do told[snn[name]] = true end
  for _, name in ipairs(saved.names()) do
    local class = snn[name]
    if twin.tools.saved_by[class] and not told[class] then classes[#classes + 1] = name end
  end
  if twin.tools.saved_by[snn.Monitor] then classes[#classes + 1] = "Monitor" end

  for _, name in ipairs(classes) do
    it("is missed where it is left out: " .. name, function()
      local how = twin.tools.saved_by[snn[name]]
      local load = how.load
      how.load = function() end
      local ok, differ = pcall(resume, saved.recipe(saved.MADE_OF[name] or name))
      how.load = load
      assert(ok, differ)
      assert.is_true(#differ > 0)
    end)
  end
end)
