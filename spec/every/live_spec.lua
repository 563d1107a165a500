-- Arguments are live: each of every class, from the descriptors, can be assigned
-- and then counts as if the object had been made so; or it says what to do.
local snn = require "snn"
local live = require "spec.every.live"
local models = require "spec.every.models"
local support = require "spec.support"

local function assign(object, name, value) object[name] = value end

-- What is wrong for an argument of this type or range.
local WRONG = {
  ["greater than 0"] = { 0, -1 }, ["at least 0"] = { -1 }, ["not 0"] = { 0 },
}
local OF_TYPE = {
  number = { "1", 0 / 0, {} }, integer = { 1.5, "1" }, boolean = { 1, "true" },
  string = { 1, "no" },
  ["number or tensor"] = { "1", 0 / 0, { 1, 2, 3 } }, any = {},
}

local function wrong_values(argument)
  local values = {}
  for _, list in ipairs { WRONG[argument.range] or {}, OF_TYPE[argument.type] or {} } do
    table.move(list, 1, #list, #values + 1, values)
  end
  return values
end

local walk = {}

function walk.fixed(family, class, argument)
  local object = live.make(family, class, argument.name, {})
  local target = live.target(family, object)
  local before = live.bits { tostring(target[argument.name]) }
  local ok, err = pcall(assign, target, argument.name, models.example(argument, "other"))
  if ok then error("can be assigned", 0) end
  assert.equal("AttributeError", err.kind, tostring(err))
  local advice = argument.set_as and "set '" .. argument.set_as .. "'" or "make a new "
  if not err.message:find(advice, 1, true) then error("no advice: " .. err.message, 0) end
  if type(target[argument.name]) ~= "table" then
    assert.equal(before, live.bits { tostring(target[argument.name]) })
  end
end

-- The name under which it is assigned.
local function field_of(argument) return argument.set_as or argument.name end

local function changed(family, class, argument)
  local name = argument.name
  local object = live.make(family, class, name, { [name] = models.example(argument) })
  local fresh = live.make(family, class, name, { [name] = models.example(argument, "other") })
  return object, fresh, live.target(family, object)
end

-- Assigned before the first step, what was set up by the old one cleared.
function walk.at_first(family, class, argument)
  local object, fresh, target = changed(family, class, argument)
  live.quietly(assign, target, field_of(argument), models.example(argument, "other"))
  family.clear(object)
  assert.equal(live.drive(family, fresh), live.drive(family, object))
end

function walk.in_the_middle(family, class, argument)
  local object, fresh, target = changed(family, class, argument)
  live.drive(family, object)
  family.clear(object)
  live.quietly(assign, target, field_of(argument), models.example(argument, "other"))
  family.clear(object)
  assert.equal(live.drive(family, fresh), live.drive(family, object))
end

function walk.has_an_effect(family, class, argument)
  local object, _, target = changed(family, class, argument)
  local other = changed(family, class, argument)
  for _, o in ipairs { object, other } do live.drive(family, o) end
  live.quietly(assign, target, field_of(argument), models.example(argument, "other"))
  if live.drive(family, object) == live.drive(family, other) then
    error("no effect in any step", 0)
  end
end

function walk.is_refused(family, class, argument)
  local name = field_of(argument)
  local object, target, state
  for _, value in ipairs(wrong_values(argument)) do
    local ok, wanted = pcall(live.make, family, class, argument.name, { [argument.name] = value })
    if not ok then
      if not object then -- one for all values: each leaves it as it was
        object = live.make(family, class, argument.name, {})
        target = live.target(family, object)
        live.drive(family, object)
        state = live.state(target)
      end
      local done, err = pcall(assign, target, name, value)
      if done then error(("takes %s"):format(value), 0) end
      assert.equal(wanted.kind, err.kind)
      local is_named = wanted.message:find("'" .. argument.name .. "'", 1, true)
      if is_named and not err.message:find("'" .. name .. "'", 1, true) then
        error(err.message, 0)
      end
      assert.equal(state, live.state(target))
    end
  end
end

-- May the argument be given as it is?
function walk.keeps_its_own(family, class, argument)
  local object, _, target = changed(family, class, argument)
  local other = changed(family, class, argument)
  local value = target[argument.name]
  if value ~= nil then assign(target, field_of(argument), value) end
  assert.equal(live.drive(family, other), live.drive(family, object))
end

-- Another object with this argument changed alone: what followed it follows it.
function walk.is_taken_by_with(family, class, argument)
  local base = live.make(family, class, argument.name, {})
  local fresh = live.make(family, class, argument.name,
    { [argument.name] = models.example(argument, "other") })
  local other = base:with { [argument.name] = models.example(argument, "other") }
  assert.equal(live.drive(family, fresh), live.drive(family, other))
end

local CLAIMS = {
  { "counts in the middle as if it was made so, after a clear", walk.in_the_middle },
  { "is refused as by the constructor, and nothing changes", walk.is_refused },
}
-- The same calls in another order: nothing new for a sanitised program, which is slower.
if support.cpath then
  table.move({
    { "counts as if it was made so", walk.at_first },
    { "has an effect on the next steps", walk.has_an_effect },
    { "may be given as it is", walk.keeps_its_own },
  }, 1, 3, #CLAIMS + 1, CLAIMS)
end

for _, family in ipairs(live.families) do
  for _, name in ipairs(live.classes(family)) do
    local class = snn[name]

    describe(name, function()
      for _, argument in ipairs(class.arguments) do
        -- which module: spec/lua/hooks_spec.lua, monitor_spec.lua
        if argument.name == "module" then goto next end
        if argument.fixed then
          it(argument.name .. " says that it is fixed", function()
            walk.fixed(family, class, argument)
          end)
        end
        if not (argument.fixed or (family.skip or {})[argument.name])
          or argument.set_as == "dt" then
          for _, claim in ipairs(CLAIMS) do
            it(("%s: %s"):format(argument.name, claim[1]), function()
              claim[2](family, class, argument)
            end)
          end
          if family.is_alone then
            it(argument.name .. ": is taken by with", function()
              walk.is_taken_by_with(family, class, argument)
            end)
          end
        end
        ::next::
      end
    end)
  end
end
