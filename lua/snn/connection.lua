-- Synapses and connections: the parts in Lua. Initial parameters, shapes of
-- views for trainers, partial constructors.
local snn, _, tools = ...

local fail = tools.fail

-- ------------------------------------------------------------- synapses

-- Unknown names are told here, not only where a connection is made. A class of a
-- script takes what it likes.
local function check_known(class, args)
  local arguments = rawget(class, "arguments")
  if not arguments then return end
  local known, names = {}, {}
  for i, argument in ipairs(arguments) do
    known[argument.name], names[i] = true, argument.name
  end
  for key in next, args do
    if not known[key] then tools.unknown_argument("partialconstructor", tools.text(key), names) end
  end
end

local function partial(class, args)
  if type(args) ~= "table" then
    fail("TypeError", "partialconstructor: arguments come in one table of names, got %s",
      tools.describe(args))
  end
  check_known(class, args)
  local given = {}
  for k, v in next, args do given[k] = v end
  return function(shape, step_time, delay, batch_size, dtype)
    local all = {
      shape = shape, step_time = step_time, delay = delay, batch_size = batch_size, dtype = dtype,
    }
    for k, v in pairs(given) do all[k] = v end
    return class(all)
  end
end

-- Synapse.partialconstructor(args): a function that makes this synapse once shape,
-- step and batch are known, for the argument `synapse` of a connection.
local function partial_of(class)
  return function(args) return partial(class, args) end
end

tools.partialconstructor(snn.Synapse, partial_of)
for _, name in ipairs(tools.models.synapse) do
  tools.partialconstructor(snn[name], partial_of)
end

-- ------------------------------------------------------------- parameters

local FORMS <const> = 'a number, { "uniform", low, high }, { "normal", mean, std }, a tensor or a '
  .. "function"

local function is_finite(v) return type(v) == "number" and v - v == 0 end

-- { "uniform", low, high } and { "normal", mean, std } of the parameter's shape.
local function drawn(where, argument, init, now)
  local word, a, b = init[1], init[2], init[3]
  word = type(word) == "string" and tools.lower(word) or word
  local draw = word == "uniform" and snn.uniform or word == "normal" and snn.normal
  if not draw or #init ~= 3 or not is_finite(a) or not is_finite(b) then
    tools.wrong_argument(where, argument, FORMS, init)
  elseif word == "uniform" and a > b then
    fail("ValueError", "%s: '%s' draws from %g up to %g, which is less", where, argument, a, b)
  elseif word == "normal" and b < 0 then
    fail("ValueError", "%s: '%s' has the standard deviation %g, which must be at least 0", where,
      argument, b)
  end
  if a == b and word == "uniform" then return snn.full(now.shape, a, { dtype = now.dtype }) end
  return draw(a, b, now.shape, { dtype = now.dtype })
end

local function computed(where, argument, init, given)
  local value = init(given)
  if not tools.is_tensor(value) then
    fail("TypeError", "%s: '%s' must return a tensor, got %s", where, argument,
      tools.describe(value))
  end
  return value
end

-- What an argument weight_init gives.
-- A function is called with `given`, or a copy of what there is.
function tools.initial(connection, name, init, given)
  if init == nil then return end
  local where, argument, now = tools.class_name(connection), name .. "_init", connection[name]
  if tools.is_tensor(init) then
    connection[name] = init
  elseif is_finite(init) then -- a delay that all share stays one number
    local one = snn.full({}, init, { dtype = now.dtype })
    connection[name] = one:expand(table.unpack(now.shape))
  elseif type(init) == "table" then
    connection[name] = drawn(where, argument, init, now)
  elseif type(init) == "function" then
    connection[name] = computed(where, argument, init, given or now:clone())
  else
    tools.wrong_argument(where, argument, FORMS, init)
  end
end

--- Arguments of a connection whose initial values are of what it has: without `delay` a number
--- is the longest one too. What else would be of no use is told.
function tools.initial_args(where, args)
  if type(args) ~= "table" or tools.metatable(args) then return args end
  local delay = args.delay_init
  if args.bias_init and args.bias == nil then
    fail("ValueError", "%s: 'bias_init' is of a bias, and there is none: bias = true", where)
  elseif not delay or delay == 0 or args.delay ~= nil then
    return args
  elseif not is_finite(delay) or delay < 0 then
    fail("ValueError", "%s: 'delay_init' is of delays, and there are none: 'delay' says the "
      .. "longest, ms", where)
  end
  local given = {}
  for k, v in next, args do given[k] = v end
  given.delay = delay
  return given
end

-- `name`: of a class of the library.
local function add_init(class, name)
  local construct = class.init
  local function build(self, args)
    if name then args = tools.initial_args(name, args) end
    construct(self, args)
    for _, row in ipairs(class.state) do
      local now = row.saved and self[row.name]
      if now then
        if row.unit ~= "ms" then self[row.name] = snn.rand(now.shape, { dtype = self.dtype }) end
        tools.initial(self, row.name, args[row.name .. "_init"])
      end
    end
  end
  function class.init(self, args) return tools.atomic({ self }, build, self, args) end
end

for _, name in ipairs(tools.models.connection) do
  if name ~= "LinearSparse" then add_init(snn[name], name) end -- lua/snn/sparse.lua
end
add_init(snn.Connection) -- for classes of scripts

-- ------------------------------------------------------------- scripts' synapses

-- Currents (B, inputs) to currents (B, outputs), by how the connection says that it
-- does so (tools.spread).
local SPREAD = {}

function SPREAD.matrix(connection, currents)
  return currents:matmul(connection.weight:transpose(1, 2))
end

function SPREAD.elements(connection, currents) return currents * connection.weight end

function SPREAD.rows(connection, currents) return tools.spread_rows(connection, currents) end

local function check_shape(where, what, tensor, want)
  local got, text = table.concat(tensor.shape, ", "), table.concat(want, ", ")
  if got ~= text then
    fail("ValueError", "%s: %s has shape {%s}, the connection wants {%s}", where, what, got, text)
  end
end

--- The step of a connection whose synapse is a script's: it is called like any
--- module, and what it returns goes through the weights.
function tools.through_synapse(connection, spikes, ...)
  local name, inputs = tools.class_name(connection), connection:insize()
  check_shape(name, "the input", spikes, connection.batched_inshape)
  local spread = SPREAD[tools.spread(connection)]
  if not spread or (connection.delayedby or 0) > 0 then
    fail("RuntimeError", "%s: a synapse of a script's class serves linear connections without "
      .. "delays", name)
  end
  local currents = connection.synapse(spikes:reshape(-1, inputs), ...)
  if not tools.is_tensor(currents) then
    fail("TypeError", "%s: the synapse must give a tensor, got %s", name, tools.describe(currents))
  end
  check_shape(name, "what the synapse gave", currents, { connection.batchsz, inputs })
  local out = spread(connection, currents:to(connection.dtype))
  if connection.biased then out = out + connection.bias end
  return out:reshape(connection.batched_outshape)
end

-- ------------------------------------------------------------- shapes

--- Weights between inputs, which have synapses, and outputs: spikes to the currents of neurons.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
---   bias = true, delay = 3, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- connection.updater = connection:defaultupdater()
--- connection(snn.tensor { { true, false, true } })
--- print(connection.weight)
--- ```
---@class snn.Connection: snn.Module
--- of a LinearSparse: input x 2^32 + output of each synapse, from 0, in the order of the
--- weights; loading a state takes them over
--- ```lua
--- local connection = snn.LinearSparse { in_shape = 3, out_shape = 3, step_time = 1,
---   synapses = snn.connect.one_to_one(),
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- print(connection.pairs)
--- ```
---@field pairs? snn.Tensor
--- of a LinearSparse: a number of its pairs and shapes, by which damaged pairs are refused
--- ```lua
--- local connection = snn.LinearSparse { in_shape = 3, out_shape = 3, step_time = 1,
---   synapses = snn.connect.one_to_one(),
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- print(connection.pairs_hash)
--- ```
---@field pairs_hash? snn.Tensor
local Connection = snn.Connection
-- These check `self`.
local insize, outsize = Connection.insize, Connection.outsize

local function check_tensor(where, t, sizes)
  if not tools.is_tensor(t) then
    tools.wrong_argument(where, "t", "a tensor", t)
  end
  if sizes and (t.ndim == 0 or t.numel % sizes ~= 0) then
    fail("ValueError", "%s: the tensor has shape {%s}, rows of %d elements are wanted", where,
      table.concat(t.shape, ", "), sizes)
  end
end

--- Inputs (B, in...) as the synapse sees them, (B, inputs).
--- ```lua
--- -- as snn.Connection:
--- print(connection:like_synaptic(snn.ones(1, 3)))
--- ```
---@param t snn.Tensor
---@return snn.Tensor
function Connection:like_synaptic(t)
  check_tensor("like_synaptic", t, insize(self))
  return t:reshape(-1, insize(self))
end

--- A tensor of the synapse, (B, inputs), in the shape of inputs, (B, in...).
--- ```lua
--- -- as snn.Connection:
--- print(connection:like_input(snn.ones(1, 3)))
--- ```
---@param t snn.Tensor
---@return snn.Tensor
function Connection:like_input(t)
  check_tensor("like_input", t, insize(self))
  return t:reshape(-1, table.unpack(self.inshape))
end

--- A reduced update, (outputs, ...), in the shape of the bias, (outputs).
--- ```lua
--- -- as snn.Connection:
--- print(connection:like_bias(snn.ones(2, 1)))
--- ```
---@param t snn.Tensor
---@return snn.Tensor
function Connection:like_bias(t)
  local outputs = outsize(self)
  check_tensor("like_bias", t)
  if t.numel ~= outputs then
    fail("ValueError", "like_bias: the tensor has %d elements, one for each of %d outputs is "
      .. "wanted", t.numel, outputs)
  end
  return t:reshape(outputs)
end

-- ------------------------------------------------------------- convolution

---@class snn.Conv2D: snn.Connection
local Conv2D = snn.Conv2D

--- Inputs (B, C, H, W) as patches, (B, K, L).
--- ```lua
--- local connection = snn.Conv2D { height = 3, width = 3, channels = 1, filters = 2,
---   kernel = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- print(connection:like_synaptic(snn.arange(9):reshape(1, 1, 3, 3)))
--- ```
---@param t snn.Tensor
---@return snn.Tensor
function Conv2D:like_synaptic(t) return tools.unfold(self, t) end

--- Patches (B, K, L) as inputs, (B, C, H, W): the mean of all uses of an input.
--- ```lua
--- local connection = snn.Conv2D { height = 3, width = 3, channels = 1, filters = 2,
---   kernel = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- print(connection:like_input(snn.ones(1, 4, 4)).shape[4])
--- ```
---@param t snn.Tensor
---@return snn.Tensor
function Conv2D:like_input(t) return tools.fold(self, t) end

--- A reduced update, (F, 1, 1, 1), in the shape of the bias, (F).
--- ```lua
--- local connection = snn.Conv2D { height = 3, width = 3, channels = 1, filters = 2,
---   kernel = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- print(connection:like_bias(snn.ones(2, 1, 1, 1)))
--- ```
---@param t snn.Tensor
---@return snn.Tensor
function Conv2D:like_bias(t)
  tools.check_object(self, Conv2D, "like_bias", "self")
  local filters = self.filters
  check_tensor("like_bias", t)
  if t.numel ~= filters then
    fail("ValueError", "like_bias: the tensor has shape {%s}, wanted is one element for each of "
      .. "%d filters", table.concat(t.shape, ", "), filters)
  end
  return t:reshape(filters)
end
