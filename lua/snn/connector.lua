-- Connectors: what the functions of snn.connect give. One says which inputs reach
-- which outputs, of any sizes; which ones that are is drawn when it is used. It does
-- not change. What each kind draws is in lua/snn/connect.lua.
local _, _, tools = ...

local fail = tools.fail

-- What connectors are, by the empty table that stands for one: { kind =, args =, names =,
-- draw = function(self, job), expected = function(self, job) }, is_large where it holds
-- something for each pair. A job has the sizes of both sides, inputs and outputs, and their
-- shapes, in_shape and out_shape.
local held = setmetatable({}, { __mode = "k" })

local meta = { __name = "Connector" }

--- Which inputs reach which outputs: what a snn.LinearSparse is made of. It is a description;
--- each use draws a network anew, from the library's generator: the same one after
--- the same `snn.manual_seed`, for any number of threads. `a + b` has the pairs of both, a
--- pair of both once.
--- ```lua
--- local connector = snn.connect.bernoulli { p = 0.5, self = false }
--- print(connector)
--- print(connector + snn.connect.one_to_one())
--- ```
---@class snn.Connector
--- which function of snn.connect has made it; "union", "without"
--- ```lua
--- print(snn.connect.one_to_one().kind)
--- ```
---@field kind string
local Connector = {}

-- ------------------------------------------------------------- sizes

-- A size, or the sizes of a grid, as a list and their product.
local function shape_of(where, name, value)
  if math.type(value) == nil and type(value) ~= "table" then
    tools.wrong_argument(where, name, "an integer or a list of integers", value)
  end
  local list, count = type(value) == "table" and value or { value }, 1
  if #list == 0 then
    fail("ValueError", "%s: '%s' must have at least one size", where, name)
  end
  local sizes = {}
  for i = 1, #list do
    local size = math.type(list[i]) and math.tointeger(list[i])
    if not size or size < 0 or size >= 1 << 31 then
      fail(size and "ValueError" or "TypeError",
        "%s: '%s' must have sizes from 0 up to 2^31, got %s", where, name, tools.describe(list[i]))
    end
    sizes[i], count = size, count * size
  end
  if count < 0 or count >= 1 << 31 then
    fail("ValueError", "%s: '%s' has 2^31 elements or more", where, name)
  end
  return sizes, count
end

local function job_of(where, inputs, outputs)
  local job = {}
  job.in_shape, job.inputs = shape_of(where, "inputs", inputs)
  job.out_shape, job.outputs = shape_of(where, "outputs", outputs)
  return job
end

-- ------------------------------------------------------------- objects

local function self_of(object, where)
  local self = held[object]
  if self then return self end
  fail("TypeError", "%s: 'self' must be a Connector, got %s", where, tools.describe(object))
end

local function new(fields)
  local object = setmetatable({}, meta)
  held[object] = fields
  return object
end

local METHODS <const> = { "bytes", "expected", "pairs", "without" }

function meta:__index(key)
  local self_ = self_of(self, "Connector")
  if key == "kind" then return self_.kind end
  if Connector[key] then return Connector[key] end
  local names = table.move(METHODS, 1, #METHODS, 1, { "kind" })
  for _, name in ipairs(self_.names) do
    if key == name then return self_.args[key] end
    names[#names + 1] = name
  end
  local near = type(key) == "string" and tools.nearest(key, names)
  fail("AttributeError", "Connector has no field '%s'%s", tools.text(key),
    near and (" (did you mean '%s'?)"):format(near) or "")
end

function meta.__newindex(_, key)
  fail("AttributeError", "Connector: '%s' cannot be set: a connector does not change",
    tools.text(key))
end

-- { p = 0.1, self = false }
local function args_text(self)
  local parts = {}
  for _, name in ipairs(self.names) do
    local value = self.args[name]
    if type(value) == "string" then value = ('"%s"'):format(value) end
    if tools.is_tensor(value) then
      value = ("tensor{%s}"):format(table.concat(value.shape, ", "))
    elseif type(value) == "table" then
      local words = {}
      for i, v in ipairs(value) do words[i] = tools.format("%s", v) end
      value = ("{ %s }"):format(table.concat(words, ", "))
    elseif type(value) == "function" then
      value = "function"
    end
    if value ~= nil then parts[#parts + 1] = tools.format("%s = %s", name, value) end
  end
  return #parts > 0 and (" { %s }"):format(table.concat(parts, ", ")) or " {}"
end

local function text_of(self)
  if self.text then return self.text() end
  if self.kind == "union" then
    return ("%s + %s"):format(text_of(held[self.a]), text_of(held[self.b]))
  elseif self.kind == "without" then
    local a = text_of(held[self.a])
    if held[self.a].kind == "union" then a = ("(%s)"):format(a) end
    return ("%s:without(%s)"):format(a, text_of(held[self.b]))
  end
  return ("snn.connect.%s%s"):format(self.kind, args_text(self))
end

function meta:__tostring() return text_of(self_of(self, "tostring")) end

-- ------------------------------------------------------------- two of them

local function check_other(where, name, value)
  if held[value] then return end
  tools.wrong_argument(where, name, "a connector, as the functions of snn.connect give", value)
end

-- How likely a pair is, of a connector.
local function share_of(object, job)
  local pairs_ = job.inputs * job.outputs
  return pairs_ == 0 and 0 or math.min(held[object]:expected(job) / pairs_, 1)
end

local function space_of(self, job)
  for _, part in ipairs { self.a, self.b } do
    local space = held[part].space and held[part]:space(job)
    if space then return space end
  end
end

local TWO <const> = {
  union = {
    draw = function(self, job)
      return tools.connect.join(held[self.a]:draw(job), held[self.b]:draw(job))
    end,
    expected = function(self, job)
      local a, b = share_of(self.a, job), share_of(self.b, job)
      return (a + b - a * b) * job.inputs * job.outputs
    end,
  },
  without = {
    draw = function(self, job)
      return tools.connect.without(held[self.a]:draw(job), held[self.b]:draw(job))
    end,
    expected = function(self, job)
      return held[self.a]:expected(job) * (1 - share_of(self.b, job))
    end,
  },
}

local function of_two(kind, a, b)
  return new { kind = kind, a = a, b = b, names = {}, args = {}, space = space_of,
    is_large = held[a].is_large or held[b].is_large,
    draw = TWO[kind].draw, expected = TWO[kind].expected }
end

function meta.__add(a, b)
  check_other("Connector", "a", a)
  check_other("Connector", "b", b)
  return of_two("union", a, b)
end

--- The pairs of this connector that the other one does not have.
--- ```lua
--- local connector = snn.connect.all_to_all():without(snn.connect.one_to_one())
--- print(connector:expected(3, 3))
--- ```
---@param other snn.Connector drawn as often as this one: with random numbers of its own
---@return snn.Connector
function Connector:without(other)
  self_of(self, "without")
  check_other("without", "other", other)
  return of_two("without", self, other)
end

-- ------------------------------------------------------------- use

--- Draws the network: the number of the input and of the output of each synapse, from 1,
--- sorted by input. ValueError: there is none of these sizes.
--- ```lua
--- local pre, post = snn.connect.fixed_out_degree { n = 1 }:pairs(3, 4)
--- print(pre, post)
--- ```
---@param inputs integer|integer[] how many, or the sizes of their grid
---@param outputs integer|integer[]
---@return snn.Tensor pre int64, as many elements as synapses
---@return snn.Tensor post int64
function Connector:pairs(inputs, outputs)
  local job = job_of("pairs", inputs, outputs)
  return tools.connect.indices(self_of(self, "pairs"):draw(job))
end

--- How many synapses are to be expected, without drawing them. Where a function decides, it is
--- asked of a part of large networks.
--- ```lua
--- print(snn.connect.bernoulli { p = 0.002 }:expected(40000, 40000))
--- ```
---@param inputs integer|integer[] how many, or the sizes of their grid
---@param outputs integer|integer[]
---@return number
function Connector:expected(inputs, outputs)
  return self_of(self, "expected"):expected(job_of("expected", inputs, outputs))
end

local OPTIONS <const> = { "dtype", "delay", "trained" }
local REAL <const> = { float32 = 4, float64 = 8 }

local function option(options, name)
  local value = options[name]
  if value ~= nil and type(value) ~= "boolean" then
    tools.wrong_argument("bytes", name, "true or false", value)
  end
  return value
end

--- The memory, in bytes, that a snn.LinearSparse of such synapses is expected to take: for each
--- its output (4) and weight, for each input where its synapses begin (8).
--- ```lua
--- local connector = snn.connect.bernoulli { p = 0.002 }
--- print(connector:bytes(40000, 40000))
--- print(connector:bytes(40000, 40000, { trained = true }))
--- ```
---@param inputs integer|integer[] how many, or the sizes of their grid
---@param outputs integer|integer[]
---@param options? { dtype?: string, delay?: boolean, trained?: boolean } of the weights
---  ("float32"); true: with a delay for each synapse; true: with what rules need to go through
---  the synapses of an output
---@return integer
function Connector:bytes(inputs, outputs, options)
  local self_ = self_of(self, "bytes")
  local job = job_of("bytes", inputs, outputs)
  options = tools.options("bytes", options, OPTIONS)
  local real = REAL[options.dtype or "float32"]
  if not real then
    fail("ValueError", "bytes: 'dtype' must be \"float32\" or \"float64\", got %s",
      tools.describe(options.dtype))
  end
  local each, rows = 4 + real, 8 * (job.inputs + 1)
  if option(options, "delay") then each = each + real end
  if option(options, "trained") then each, rows = each + 8, rows + 8 * (job.outputs + 1) end
  return math.ceil(self_:expected(job)) * each + rows
end

-- ------------------------------------------------------------- for the library

-- A pattern of the connector; its distances, or nil.
local function draw(object, where, in_shape, out_shape)
  if not held[object] then
    local maker = tools.is_tensor(object) and "mask(t)" or type(object) == "string"
      and "pairs(file)" or type(object) == "number" and "bernoulli { p = ... }"
    tools.wrong_argument(where, "synapses", "a connector, as the functions of snn.connect give"
      .. (maker and ": snn.connect." .. maker or ""), object)
  end
  return held[object]:draw(job_of(where, in_shape, out_shape))
end

local function distances(object, pattern, in_shape, out_shape)
  local self = held[object]
  local space = self.space and self:space(job_of("distance", in_shape, out_shape))
  return space and tools.connect.distances(pattern, space)
end

-- In which order what comes with the pairs lies in memory: places of pairs that were given;
-- nil where they are in that order already.
local function order_of(object)
  local self = held[object]
  return self and self.order and self:order()
end

tools.connectors = {
  new = new, order = order_of, draw = draw, distances = distances,
  is = function(value) return held[value] ~= nil end,
  is_large = function(value) return held[value] ~= nil and held[value].is_large end,
}

