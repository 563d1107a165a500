-- Neurons, synapses and connections.
local check = require "spec.golden.check"
local value = require "spec.golden.value"

local function set(object, s) object[s.attr] = value.argument("value", s.value) end
local function clear(object, s) value.invoke(object, "clear", value.args(s.kwargs)) end

local NEURON = {
  set = set,
  clear = clear,
  train = function(neuron) neuron:train() end,
  eval = function(neuron) neuron:eval() end,
}

local function neuron(case, file)
  local group = value.build(file.component, case.args)
  group:train(case.training == 1)
  check.steps(case.steps, function(s)
    if s.op then
      NEURON[s.op](group, s)
    else
      local spike = value.call(group, { value.tensor(s.input) }, value.args(s.kwargs))
      check.value("returned spike", spike, s.expect.spike, true)
    end
    check.fields(group, s.expect or {})
  end)
end

local AT = { "current", "spike", "pos_current", "neg_current" }

local function check_history(group, query)
  local selector = value.tensor(query.selector)
  for _, name in ipairs(AT) do
    local method = name .. "_at"
    if query[name] then
      check.value(method, group[method](group, selector), query[name], name == "spike")
    end
  end
end

local function synapse(case, file)
  local group = value.build(file.component, case.args)
  check.fields(group, { dt = case.dt, delay = case.delay })
  check.steps(case.steps, function(s)
    if s.op then
      clear(group, s)
    else
      local current = value.call(group, value.tensors(s.inputs))
      check.value("returned current", current, s.expect.out or s.expect.current)
    end
    check.fields(group, check.without(s.expect, "out"))
    for _, query in ipairs(s.at or {}) do check_history(group, query) end
  end)
end

local PROPERTY = {
  insize = function(c) return c:insize() end,
  outsize = function(c) return c:outsize() end,
  synapse_shape = function(c) return c.synapse.shape end,
  stored_weight = function(c) return c.weight end,
  stored_delay = function(c) return c.delay end,
}

local function connection(case, file)
  local c = value.connection { class = file.component, args = case.args, params = case.params }
  for name, want in pairs(case.props) do
    local got
    if PROPERTY[name] then got = PROPERTY[name](c) else got = c[name] end
    check.value(name, got, want)
  end
  check.steps(case.steps, function(s)
    if s.op then
      clear(c, s)
    else
      check.value("returned output", value.call(c, value.tensors(s.inputs)), s.expect.out)
    end
    check.fields(c, check.without(s.expect or {}, "out"))
  end)
  for i, r in ipairs(case.reshape) do
    local input = value.tensor(r.input, r.boolean == 1 and "bool" or nil)
    check.value(("%s, row %d"):format(r.fn, i), c[r.fn](c, input), r.expect)
  end
end

return {
  LIF = neuron, ALIF = neuron, GLIF1 = neuron, GLIF2 = neuron, QIF = neuron, Izhikevich = neuron,
  EIF = neuron, AdEx = neuron, ExactNeuron = neuron,
  DeltaCurrent = synapse, DeltaPlusCurrent = synapse, SingleExponentialCurrent = synapse,
  DoubleExponentialCurrent = synapse,
  LinearDense = connection, LinearDirect = connection, LinearLateral = connection,
  Conv2D = connection,
}
