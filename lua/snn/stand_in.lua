-- Modules of scripts as connections or neurons of a layer: any module that has a
-- forward, and tells its shapes by fields. In the engine a stand-in has its place,
-- an object of a class below Connection or Neuron: shapes, batch size and step
-- time, and the spikes of the last step. The layer calls the module itself.
local snn, _, tools = ...

local fail = tools.fail

local Neurons = snn.class("ModuleNeurons", snn.Neuron)
local Connection = snn.class("ModuleConnection", tools.BareConnection)

local function field(module, name)
  local ok, value = pcall(function() return module[name] end)
  if ok then return value end
end

-- What the module says, else all of the layer's parts, else `otherwise`.
local function setting(layer, where, module, name, otherwise)
  local value = field(module, name) or layer[name] or otherwise
  if value == nil then
    fail("RuntimeError", "%s: the module needs a field '%s', as the layer has no other parts "
      .. "whose it could take", where, name)
  end
  return value
end

local function silent(shape, step_time, delay, batch_size, dtype)
  return snn.DeltaPlusCurrent { shape = shape, step_time = step_time, delay = delay,
    batch_size = batch_size, dtype = dtype, spike_charge = 1 }
end

local MAKE = {}

function MAKE.neuron(layer, where, module)
  return Neurons { shape = field(module, "shape"),
    step_time = setting(layer, where, module, "dt"),
    batch_size = setting(layer, where, module, "batchsz", 1) }
end

function MAKE.connection(layer, where, module)
  return Connection { in_shape = field(module, "inshape"), out_shape = field(module, "outshape"),
    step_time = setting(layer, where, module, "dt"), synapse = silent,
    batch_size = setting(layer, where, module, "batchsz", 1) }
end

local NEEDS = {
  neuron = { "a Neuron", "field 'shape'", "shape" },
  connection = { "a Connection", "fields 'inshape' and 'outshape'", "inshape", "outshape" },
}
local OTHERS = { "Neuron", "Connection", "Synapse", "Encoder", "Reducer" }

-- A script's module that is no model of another family.
local function is_free(module)
  if not tools.is_module(module) or not tools.is_scripted(module) then return false end
  for _, name in ipairs(OTHERS) do
    if tools.is_instance(module, snn[name]) then return false end
  end
  return true
end

--- The stand-in of a module, a new one unless it has one; TypeError where it tells
--- no shapes.
function tools.stand_in(layer, what, module, where)
  local needs = NEEDS[what]
  where = where or "add_" .. what
  if not is_free(module) then tools.wrong_argument(where, what, needs[1], module) end
  local known = tools.links(module)["stand_in_" .. what]
  if known then return known end
  for i = 3, #needs do
    if field(module, needs[i]) == nil or field(module, "forward") == nil then
      tools.wrong_argument(where, what, ("%s, or a module with a forward and the %s"):format(
        needs[1], needs[2]), module)
    end
  end
  return MAKE[what](layer, where, module)
end

--- Another batch size or step time of a module is that of its stand-in.
function tools.assign_stand_in(module, name, value)
  local links = tools.links(module)
  for _, what in ipairs { "connection", "neuron" } do
    local other = links["stand_in_" .. what]
    if other then other[name] = value end
  end
end

-- With the module itself what is kept of it in its layers.
tools.saves(snn.Module, {
  children = function(module)
    local links, list = tools.links(module), {}
    for _, what in ipairs { "connection", "neuron" } do
      local other = links["stand_in_" .. what]
      if other then list[#list + 1] = { "as_" .. what, other } end
    end
    return list
  end,
})
