-- Recorded values as values of snn: tensors, arguments, objects.
local snn = require "snn"

local value = {}

local function set(words)
  local t = {}
  for word in words:gmatch("%S+") do t[word] = true end
  return t
end

-- 0 and 1 are false and true under these keys
local BOOL = set [[bias delayed refrac_lock adapt keep_adaptations capture_intermediate compensate
  keepdim time_first online proportional logits spike_overbound as_prehook train_update
  eval_update prepend clear force submodules inclusive keepshape trainable_feedback]]
local FUNCTION = set [[transform adjust matchfn criterion feedfwd_out_transform
  lateral_out_transform feedback_out_transform lateral_in_transform feedback_in_transform]]
local KERNEL = set "kernel_post kernel_pre"
-- "inf" and "nan" are names under these keys
local NAMES = set "initial"
-- "none" is snn.none under these keys, elsewhere it is an absent one
local KEEPS_NONE = set "current_overbound spike_overbound logits"
-- no argument of snn: it changes no value
local DROPPED = set "inplace"
local SPECIAL = { nan = 0 / 0, inf = math.huge, ["-inf"] = -math.huge }

---A recorded number, which may be the name of a special one.
function value.number(v) return SPECIAL[v] or v end

---Is this a recorded tensor?
function value.is_tensor(v) return type(v) == "table" and v.shape ~= nil and v.data ~= nil end

-- ---- tensors ----

---@param record { shape: integer[], data: number[] }
---@param dtype? string "float32" by default
---@param offset? number added to each element
---@return snn.Tensor
function value.tensor(record, dtype, offset)
  local data = {}
  for i, v in ipairs(record.data) do
    v = value.number(v)
    if dtype == "bool" then data[i] = v ~= 0 else data[i] = v + (offset or 0) end
  end
  local options = { dtype = dtype or "float32" }
  if #data == 0 then return snn.zeros(record.shape, options) end
  return snn.tensor(data, options):reshape(record.shape)
end

function value.tensors(list)
  local out = {}
  for i, record in ipairs(list) do out[i] = value.tensor(record) end
  return out
end

-- ---- functions ----

local MAKERS = {
  scale = function(k) return function(x) return x * k end end,
  offset = function(k) return function(x) return x + k end end,
  gt = function(k) return function(x) return x:gt(k) end end,
  ge = function(k) return function(x) return x:ge(k) end end,
  le = function(k) return function(x) return x:le(k) end end,
  abs_gt = function(k) return function(x) return x:abs():gt(k) end end,
}

local PLAIN = {
  negate = function(x) return -x end,
  ["true"] = function(x) return x:ne(0) end,
  ["x>0"] = function(x) return x:gt(0) end,
}

---A function that is recorded as text: "scale:2", "negate"; nil stays nil.
function value.fn(text)
  if text == nil or PLAIN[text] then return PLAIN[text] end
  local maker, k = text:match("^([%a_]+):(.+)$")
  return assert(MAKERS[maker], "unknown function " .. text)(tonumber(k))
end

-- ---- arguments ----

---A dimension counted from 0 as one counted from 1.
local function dim(d)
  if type(d) == "number" then return d >= 0 and d + 1 or d end
  local out = {}
  for i, v in ipairs(d) do out[i] = dim(v) end
  return out
end

local function synapse(spec)
  local args = {}
  for k, v in pairs(spec) do
    if k ~= "class" then args[k] = v end
  end
  return snn[spec.class].partialconstructor(value.args(args))
end

---One argument by its key.
function value.argument(key, v)
  if v == "none" then return KEEPS_NONE[key] and snn.none or nil end
  if BOOL[key] and (v == 0 or v == 1) then return v == 1 end
  if key == "dim" then return dim(v) end
  if key == "synapse" then return synapse(v) end
  if key == "target" and v == "true" then return true end
  if NAMES[key] then return v end
  if FUNCTION[key] and type(v) == "string" then return value.fn(v) end
  if KERNEL[key] then return snn.functional[v] end
  if value.is_tensor(v) then return value.tensor(v, key == "override" and "bool" or nil) end
  if type(v) == "table" then return value.args(v) end
  return value.number(v)
end

---A table of arguments; nil stays nil.
function value.args(t)
  if t == nil then return nil end
  local out = {}
  for k, v in pairs(t) do
    if not DROPPED[k] then out[k] = value.argument(k, v) end
  end
  return out
end

-- ---- objects ----

function value.build(class, args) return snn[class](value.args(args or {})) end

---{ class, args, params } as a connection with its parameters set.
function value.connection(spec)
  local connection = value.build(spec.class, spec.args)
  for _, name in ipairs { "weight", "bias", "delay" } do
    local param = spec.params and spec.params[name]
    if param then connection[name] = value.tensor(param) end
  end
  return connection
end

---Sets the bound { kind, fn, max, min, kwargs } on an accumulator.
function value.bound(accumulator, b)
  local fn, kwargs = snn.functional[b.fn], value.args(b.kwargs or {})
  if b.kind == "fullbound" then
    accumulator:fullbound(fn, b.max, b.min, kwargs)
  elseif b.kind == "upperbound" then
    accumulator:upperbound(fn, b.max, kwargs)
  else
    accumulator:lowerbound(fn, b.min, kwargs)
  end
end

-- ---- calls ----

---object(list..., options), without a nil at the end; list.n tells the length of
---one with holes.
function value.call(object, list, options)
  local n = list.n or #list
  local args = table.move(list, 1, n, 1, {})
  if options ~= nil then
    n = n + 1
    args[n] = options
  end
  return object(table.unpack(args, 1, n))
end

---object:method(options), without a nil at the end.
function value.invoke(object, method, options)
  if options == nil then return object[method](object) end
  return object[method](object, options)
end

return value
