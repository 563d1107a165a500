-- Helpers of the specs that walk all models of a family: each class is made
-- from its own list of arguments.
local snn = require "snn"
local fails = require("spec.support").fails

local models = {}

---The names of the classes right below a parent, sorted.
function models.below(parent)
  local found = {}
  for name, class in pairs(snn) do
    local meta = type(class) == "table" and getmetatable(class)
    if meta and meta.parent == parent then found[#found + 1] = name end
  end
  table.sort(found)
  return found
end

---Is the class below the parent?
function models.is_below(class, parent)
  while class do
    if class == parent then return true end
    class = (getmetatable(class) or {}).parent
  end
  return false
end

---The value that a descriptor gives as an example of an argument, made anew.
---@param argument table of `class.arguments`
---@param which? "example"|"other"
function models.example(argument, which)
  local text = assert(argument[which or "example"], "no example of " .. argument.name)
  return assert(load("local snn = ... return " .. text, "=" .. argument.name))(snn)
end

---Whether a class has an argument of that name.
function models.has(class, name)
  for _, argument in ipairs(class.arguments) do
    if argument.name == name then return true end
  end
  return false
end

---The arguments of a class: those without a default as their examples, and changes.
function models.arguments(class, changes)
  local args = {}
  for _, argument in ipairs(class.arguments) do
    local is_given = changes
      and (changes[argument.name] ~= nil or changes[argument.either or argument.name] ~= nil)
    if not argument.optional and not is_given then
      args[argument.name] = models.example(argument)
    end
  end
  for name, value in pairs(changes or {}) do args[name] = value end
  return args
end

---How to make a class: { arguments = function, object = function }.
---@param class table
function models.maker(class)
  local make = {}
  function make.arguments(changes) return models.arguments(class, changes) end
  function make.object(changes) return class(make.arguments(changes)) end
  return make
end

---All of a module's state as nested lists.
function models.state(module)
  local out = {}
  for path, tensor in pairs(module:state_dict()) do out[path] = tensor:totable() end
  return out
end

local OUT_OF_RANGE = {
  ["greater than 0"] = { 0, -1 }, ["at least 0"] = { -1 }, ["not 0"] = { 0 },
  ["greater than 0 and at most 1"] = { 0, 1.5 },
}

local function refuses(kind, make, argument, value)
  fails(kind, "'" .. argument.name .. "'", make, { [argument.name] = value })
end

local function refuses_wrong_values(make, argument)
  for _, value in ipairs(OUT_OF_RANGE[argument.range] or {}) do
    refuses("ValueError", make, argument, value)
  end
  if argument.type == "number" then
    refuses("ValueError", make, argument, 0 / 0)
    refuses("ValueError", make, argument, 1 / 0)
    refuses("TypeError", make, argument, "1")
  elseif argument.type == "integer" then
    refuses("TypeError", make, argument, 1.5)
    refuses("TypeError", make, argument, {})
  elseif argument.type == "boolean" then
    refuses("TypeError", make, argument, 1)
  end
end

local claims = {}

claims["is documented"] = function(class)
  for _, key in ipairs { "summary", "equations", "source" } do
    if #class[key] <= 5 then error("no " .. key) end
  end
  for _, argument in ipairs(class.arguments) do
    if #argument.doc <= 3 then error("no doc of " .. argument.name) end
    if not (argument.example and argument.other) then error("no example of " .. argument.name) end
  end
end

claims["names a missing argument"] = function(class, make)
  for _, argument in ipairs(class.arguments) do
    if not argument.optional then
      local args = make.arguments()
      args[argument.name] = nil
      fails("TypeError", "'" .. argument.name .. "' is missing", class, args)
    end
  end
end

claims["names an unknown argument, and the nearest one"] = function(class, make)
  local known = {}
  for _, argument in ipairs(class.arguments) do known[argument.name] = true end
  for _, argument in ipairs(class.arguments) do
    -- nearer to that of one than to that of several
    local near = known[argument.name .. "s"] and "x" .. argument.name or argument.name .. "x"
    fails("TypeError", "unknown argument '" .. near .. "' (did you mean '" .. argument.name
      .. "'?)", make.object, { [near] = 1 })
  end
  fails("TypeError", "unknown argument 'nothing_like_that'", make.object,
    { nothing_like_that = 1 })
end

-- An initial value beside what it is of: `bias_init` with `bias`.
claims["takes the examples of each argument"] = function(class, make)
  local by_name = {}
  for _, argument in ipairs(class.arguments) do by_name[argument.name] = argument end
  for _, argument in ipairs(class.arguments) do
    local of = by_name[argument.name:match "^(.*)_init$"]
    for _, which in ipairs { "example", "other" } do
      local args = { [argument.name] = models.example(argument, which) }
      if of and of.optional then args[of.name] = models.example(of, "example") end
      make.object(args)
    end
  end
end

claims["names an argument out of its range or of the wrong type"] = function(class, make)
  for _, argument in ipairs(class.arguments) do refuses_wrong_values(make.object, argument) end
end

---What holds for the description of every class: text -> function(), for `it`.
---@param class table
---@param make { object: fun(changes?: table), arguments: fun(): table }
function models.claims(class, make)
  local out = {}
  for text, claim in pairs(claims) do
    out[text] = function() claim(class, make) end
  end
  return out
end

return models
