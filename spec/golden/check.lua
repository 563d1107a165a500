-- Comparing results with recorded values: an error at the first difference.
-- Spikes, names and shapes must be equal, other numbers near:
-- |got - want| <= 1e-5 + 1e-4 |want|.
local value = require "spec.golden.value"

local check = {}

local ABSOLUTE, RELATIVE = 1e-5, 1e-4

local function text(v)
  if type(v) == "number" then return ("%.9g"):format(v) end
  if type(v) ~= "table" then return tostring(v):sub(1, 160) end
  local parts = {}
  for i = 1, math.min(#v, 8) do parts[i] = text(v[i]) end
  return "{" .. table.concat(parts, ", ") .. (#v > 8 and ", ..." or "") .. "}"
end

local function fail(field, want, got)
  error(("%s: expected %s, got %s"):format(field, text(want), text(got)), 0)
end
check.fail = fail

---Runs fn(step, i) on the recorded steps; errors say at which one.
function check.steps(steps, fn)
  for i, step in ipairs(steps) do
    local ok, err = pcall(fn, step, i)
    if not ok then error(("step %d: %s"):format(i, tostring(err)), 0) end
  end
end

local function is_near(got, want, exact)
  if type(got) ~= "number" then return false end
  if want ~= want or got ~= got then return want ~= want and got ~= got end
  if got == want then return true end
  if exact or math.abs(want) == math.huge then return false end
  return math.abs(got - want) <= ABSOLUTE + RELATIVE * math.abs(want)
end

local function is_same_list(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do
    if a[i] ~= b[i] then return false end
  end
  return true
end

local function flatten(v, out)
  if type(v) == "table" then
    for i = 1, #v do flatten(v[i], out) end
  else
    out[#out + 1] = v == true and 1 or v == false and 0 or v
  end
  return out
end

---Shape and flat list of numbers of a tensor, a number or a list.
function check.numbers(v)
  if type(v) == "userdata" then return v.shape, flatten(v:totable(), {}) end
  if type(v) == "table" then return { #v }, flatten(v, {}) end
  return {}, flatten(v, {})
end

local function tensor(field, got, want, exact)
  if got == nil then fail(field, "tensor " .. text(want.shape), "nil") end
  local shape, data = check.numbers(got)
  if not is_same_list(shape, want.shape) then fail(field .. " shape", want.shape, shape) end
  if #data ~= #want.data then fail(field .. " size", #want.data, #data) end
  for i, w in ipairs(want.data) do
    w = value.number(w)
    if not is_near(data[i], w, exact) then
      fail(("%s[%d of %d]"):format(field, i, #data), w, data[i])
    end
  end
end

---`want` is a recorded tensor or number, a list of exact values, "none" or a
---name.
function check.value(field, got, want, exact)
  if want == "none" then
    if got ~= nil then fail(field, "nil", got) end
  elseif value.is_tensor(want) then
    tensor(field, got, want, exact)
  elseif type(want) == "table" then
    if got == nil then fail(field, want, got) end
    local _, data = check.numbers(got)
    if not is_same_list(data, want) then fail(field, want, data) end
  elseif type(value.number(want)) == "number" then
    local _, data = check.numbers(got)
    if #data ~= 1 or not is_near(data[1], value.number(want), exact) then fail(field, want, got) end
  elseif got ~= want then
    fail(field, want, got)
  end
end

-- Spikes are exact; a rate of them is an average.
local function is_spike(field) return field:find("spike") ~= nil and not field:find("rate") end

---The entries of a table, or the fields of an object, that `expect` names.
function check.fields(object, expect, prefix)
  local names = {}
  for name in pairs(expect) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local field = prefix and prefix .. "." .. name or name
    check.value(field, object[name], expect[name], is_spike(field))
  end
end

---The entries of a table but for one.
function check.without(t, name)
  local out = {}
  for k, v in pairs(t) do
    if k ~= name then out[k] = v end
  end
  return out
end

return check
