-- Biclique: the layer in which every connection drives every group of neurons.
local snn, _, tools = ...

local Layer, registry = snn.Layer, tools.registry

local fail = tools.fail

--- All connections, combined, into each group of neurons.
--- ```lua
--- local function dense(n)
---   return snn.LinearDense { in_shape = n, out_shape = 2, step_time = 1,
---     synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- end
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -59 }
--- local layer = snn.Biclique { connections = { { "a", dense(3) }, { "b", dense(1) } },
---   neurons = { { "out", neuron } }, combine = "sum" }
--- print(layer({ a = snn.ones(1, 3):gt(0), b = snn.ones(1, 1):gt(0) }).out)
--- ```
---@class snn.Biclique: snn.Layer
local Biclique = snn.class("Biclique", Layer)
Biclique.__optional = {}
snn.Biclique = Biclique
tools.fix_registry(Biclique, "Biclique")

-- ------------------------------------------------------------- combining

local function fold(list, op)
  local out = list[1]
  for i = 2, #list do out = op(out, list[i]) end
  return out
end

local function add(a, b) return a + b end

local COMBINE = {
  sum = function(list) return fold(list, add) end,
  mean = function(list) return fold(list, add) / #list end,
  prod = function(list) return fold(list, function(a, b) return a * b end) end,
  min = function(list) return fold(list, function(a, b) return a:minimum(b) end) end,
  max = function(list) return fold(list, function(a, b) return a:maximum(b) end) end,
}

-- No broadcasting between connections.
local function check_shapes(names, list)
  local first = table.concat(list[1].shape, ", ")
  for i = 2, #list do
    local shape = table.concat(list[i].shape, ", ")
    if shape ~= first then
      fail("ValueError", "forward: connection '%s' gives shape {%s}, '%s' gives {%s}, to be "
        .. "combined they must be the same", names[1], first, names[i], shape)
    end
  end
end

local function read_combine(combine)
  if combine == nil then return COMBINE.sum end
  if type(combine) == "function" then return nil, combine end
  if type(combine) ~= "string" then
    fail("TypeError", "Biclique: 'combine' must be a name or a function, got %s",
      tools.describe(combine))
  end
  local named = COMBINE[tools.lower(combine)]
  if not named then
    local near = tools.nearest(tools.lower(combine), { "sum", "mean", "prod", "min", "max" })
    fail("ValueError", "Biclique: 'combine' is '%s', allowed are sum, mean, prod, min and max%s",
      combine, near and (" (did you mean '%s'?)"):format(near) or "")
  end
  return named
end

-- ------------------------------------------------------------- construction

-- Checks the list `{ {name, object [, fn]}, ... }`; returns it.
local function read_parts(args, key)
  local list = args[key]
  if type(list) ~= "table" then
    fail("TypeError", "Biclique: '%s' must be a list of { name, object [, function] }, got %s", key,
      tools.describe(list))
  elseif #list == 0 then
    fail("ValueError", "Biclique: '%s' is empty, one entry or more is wanted", key)
  end
  for i, part in ipairs(list) do
    local fn = type(part) == "table" and part[3]
    if type(part) ~= "table" then
      fail("TypeError", "Biclique: entry %d of '%s' must be a list { name, object [, function] }, "
        .. "got %s", i, key, tools.describe(part))
    elseif #part < 2 or #part > 3 then
      fail("ValueError", "Biclique: entry %d of '%s' has %d elements, wanted are { name, object "
        .. "[, function] }", i, key, #part)
    elseif fn and type(fn) ~= "function" then
      fail("TypeError", "Biclique: the third element of entry %d of '%s' must be a function, "
        .. "got %s", i, key, tools.describe(fn))
    end
  end
  return list
end

local function build(self, parts, connections, neurons)
  Layer.init(self)
  tools.links(self).biclique = parts
  for _, part in ipairs(connections) do
    registry.add_connection(self, part[1], part[2])
    parts.post_input[part[1]] = part[3]
  end
  for _, part in ipairs(neurons) do
    registry.add_neuron(self, part[1], part[2])
    parts.pre_output[part[1]] = part[3]
  end
  for _, c in ipairs(connections) do
    for _, n in ipairs(neurons) do registry.add_cell(self, c[1], n[1]) end
  end
end

--- `snn.Biclique{ connections = {{name, connection [, fn]}, ...}, neurons =
--- {{name, neuron [, fn]}, ...}, combine = "sum" }`. The function of a
--- connection is applied to its current, that of a neuron to what it gets.
--- `combine` is a name (sum, mean, prod, min, max) or a function of a table
--- name -> current and of forward's other options.
--- ```lua
--- -- as snn.Biclique:
--- for name in layer:named_connections() do print(name) end
--- ```
---@param args { connections: table, neurons: table, combine?: string|function }
function Biclique.init(self, args)
  args = tools.options("Biclique", args, { "connections", "neurons", "combine" })
  tools.require("Biclique", args, { "connections", "a list of { name, connection [, function] }",
    "neurons", "a list of { name, neuron [, function] }" })
  local named, free = read_combine(args.combine)
  local connections = read_parts(args, "connections")
  local neurons = read_parts(args, "neurons")
  local parts = { named = named, free = free, combine = args.combine or "sum",
    post_input = {}, pre_output = {} }
  return tools.atomic({ self }, build, self, parts, connections, neurons)
end

local function parts_of(layer, where)
  local parts = tools.links(layer, Layer, where).biclique
  if not parts then fail("RuntimeError", "%s: the Biclique is not finished", where) end
  return parts
end

local function set_combine(parts, value, named, free)
  parts.combine, parts.named, parts.free = value, named, free
end

Biclique.__get = { combine = function(self) return parts_of(self, "combine").combine end }
Biclique.__set = {
  combine = function(self, value)
    if value == snn.none then value = "sum" end
    if value == nil then
      tools.wrong_argument("Biclique", "combine", "a name or a function", nil)
    end
    local parts, named, free = parts_of(self, "combine"), read_combine(value)
    return tools.atomic({ parts }, set_combine, parts, value, named, free)
  end,
}

tools.live_layer(Biclique, "Biclique", {
  { "connections", nil, true, type = "list", part = true,
    doc = "{ name, connection [, function of its current] }, ..." },
  { "neurons", nil, true, type = "list", part = true,
    doc = "{ name, neurons [, function of what they get] }, ..." },
  { "combine", type = "string or function", default = "sum",
    doc = "sum, mean, prod, min, max, or a function of currents by name" },
})

-- ------------------------------------------------------------- wiring

-- The currents of the connections that ran, in the order of registration.
local function transformed(layer, inputs, parts)
  local names, list, map = {}, {}, {}
  for name in layer:named_connections() do
    local current, fn = inputs[name], parts.post_input[name]
    if current then
      current = fn and fn(current) or current
      names[#names + 1], list[#list + 1], map[name] = name, current, current
    end
  end
  return names, list, map
end

local function combine(layer, inputs, kwargs, parts)
  local names, list, map = transformed(layer, inputs, parts)
  if parts.free then return parts.free(map, kwargs) end
  tools.takes_no_options(kwargs)
  if #list == 0 then fail("ValueError", "forward: no connection has an input") end
  for i, current in ipairs(list) do
    if not tools.is_tensor(current) then
      fail("TypeError", "forward: the function of connection '%s' must give a tensor, got %s",
        names[i], tools.describe(current))
    end
  end
  check_shapes(names, list)
  return parts.named(list)
end

function Biclique:wiring(inputs, kwargs)
  local parts, out = parts_of(self, "wiring"), {}
  if type(inputs) ~= "table" then
    fail("TypeError", "wiring: 'inputs' must be a table, got %s", tools.describe(inputs))
  end
  local current = combine(self, inputs, kwargs, parts)
  for name in self:named_neurons() do
    local fn = parts.pre_output[name]
    if fn then out[name] = fn(current) else out[name] = current end
  end
  return out
end
