-- snn.functional: what neurons are made of, as functions on tensors - the step
-- of a membrane voltage, its threshold, and adaptations. Shapes: voltages, currents, spikes and
-- refracs are (batch, shape...), adaptations (shape..., K); results of the
-- adaptive_ functions are (batch, shape..., K), not reduced over the batch. A
-- constant is a number or a tensor that broadcasts. ms, mV, nA, MOhm, uS. Results
-- below the smallest normal number are 0, as the state of neurons.
local snn, _, tools = ...
local functional = snn.functional

local fail = tools.fail

local function check_tensor(where, name, value)
  if tools.is_tensor(value) then return end
  tools.wrong_argument(where, name, "a tensor", value)
end

local function check_value(where, name, value)
  if tools.is_tensor(value) or type(value) == "number" then return end
  tools.wrong_argument(where, name, "a number or a tensor", value)
end

---The options, of which `constants` must be there and `optional` may be: a
---number or a tensor each, snn.none as if absent.
local function read(where, options, constants, optional)
  local known = table.move(optional or {}, 1, #(optional or {}), #constants + 1,
    table.move(constants, 1, #constants, 1, {}))
  local given = {}
  for name, value in pairs(tools.options(where, options, known, constants)) do
    if value ~= snn.none then given[name] = value end
  end
  for _, name in ipairs(constants) do check_value(where, name, given[name]) end
  for _, name in ipairs(optional or {}) do
    if given[name] ~= nil then check_value(where, name, given[name]) end
  end
  return given
end

---exp() of a number or a tensor.
local function exp(x) return type(x) == "number" and math.exp(x) or x:exp() end

---(batch, shape...) against (shape..., K).
local function per_neuron(t) return t:unsqueeze(-1) end

---`after`, but `before` where a refractory time is left.
local function unless_held(refracs, before, after)
  after = tools.alive(after)
  if refracs == nil then return after end
  return per_neuron(refracs:gt(0)):where(before, after)
end

---What the spikes of a step add.
local function grown(adaptations, spikes, increment)
  return adaptations + per_neuron(spikes:ne(0):to(adaptations.dtype)) * increment
end

-- ------------------------------------------------------------- adaptations

--- Adaptation currents, nA, after a step: they follow the voltage, by an Euler step, and grow with
--- each spike.
---
---     tc da/dt = voltage_coupling (V - rest_v) - a
---     a = a + spike_increment at a spike
---
--- Where a refractory time is left (`refracs`) only the spike counts. K currents of each neuron
--- give (batch, shape..., K), not yet reduced over the batch.
--- ```lua
--- local voltages = snn.tensor { { -50, -60 } }
--- local spikes = snn.tensor { { false, true } }
--- print(snn.functional.adaptive_currents_linear(snn.zeros(2, 1), voltages, spikes,
---   { step_time = 1, rest_v = -60, time_constant = 10, voltage_coupling = 0.5,
---     spike_increment = 2 }))
--- ```
---@param adaptations snn.Tensor a, (shape..., K), nA
---@param voltages snn.Tensor V, (batch, shape...), mV
---@param spikes snn.Tensor (batch, shape...)
---@param options { step_time: number, rest_v: number|snn.Tensor, time_constant: number|snn.Tensor,
---  voltage_coupling: number|snn.Tensor, spike_increment: number|snn.Tensor,
---  refracs?: snn.Tensor } step_time (ms), rest_v (mV),
---  time_constant tc (ms), voltage_coupling (uS), spike_increment (nA), refracs (ms)
---@return snn.Tensor adaptations (batch, shape..., K), nA
function functional.adaptive_currents_linear(adaptations, voltages, spikes, options)
  local where = "adaptive_currents_linear"
  check_tensor(where, "adaptations", adaptations)
  check_tensor(where, "voltages", voltages)
  check_tensor(where, "spikes", spikes)
  local o = read(where, options, { "step_time", "rest_v", "time_constant", "voltage_coupling",
    "spike_increment" }, { "refracs" })
  local pull = per_neuron(voltages - o.rest_v) * o.voltage_coupling - adaptations
  local after = adaptations + pull * (o.step_time / o.time_constant)
  return grown(unless_held(o.refracs, adaptations, after), spikes, o.spike_increment)
end

local SPIKE <const> = { "step_time", "time_constant", "spike_increment" }

local function decayed_and_grown(where, adaptations, spikes, options, optional)
  check_tensor(where, "adaptations", adaptations)
  check_tensor(where, "spikes", spikes)
  local o = read(where, options, SPIKE, optional)
  local after = adaptations * exp(-o.step_time / o.time_constant)
  after = unless_held(o.refracs, adaptations, after)
  if o.spike_scale ~= nil then
    after = per_neuron(spikes:ne(0)):where(after * o.spike_scale, after)
  end
  return grown(after, spikes, o.spike_increment)
end

--- Adaptations of thresholds, mV, after a step: they decay, and at a spike are scaled and grow.
---
---     a = a exp(-step_time / time_constant)
---     a = spike_scale a + spike_increment at a spike
---
--- Where a refractory time is left (`refracs`) nothing decays. The result is (batch, shape..., K).
--- ```lua
--- local spikes = snn.tensor { { false, true } }
--- print(snn.functional.adaptive_thresholds_linear_spike(snn.full({ 2, 1 }, 4), spikes,
---   { step_time = 1, time_constant = 10, spike_scale = 0.5, spike_increment = 1 }))
--- ```
---@param adaptations snn.Tensor a, (shape..., K), mV
---@param spikes snn.Tensor (batch, shape...)
---@param options { step_time: number, time_constant: number|snn.Tensor,
---  spike_increment: number|snn.Tensor, spike_scale?: number|snn.Tensor,
---  refracs?: snn.Tensor } step_time and time_constant (ms), spike_increment
---  (mV), spike_scale (a factor, 1 when absent), refracs (ms)
---@return snn.Tensor adaptations (batch, shape..., K), mV
function functional.adaptive_thresholds_linear_spike(adaptations, spikes, options)
  return decayed_and_grown("adaptive_thresholds_linear_spike", adaptations, spikes, options,
    { "spike_scale", "refracs" })
end

--- Adaptations of thresholds, mV, after a step: they decay, and grow by a constant with each
--- spike.
---
---     a = a exp(-step_time / time_constant)
---     a = a + spike_increment at a spike
---
--- Where a refractory time is left (`refracs`) nothing decays. The result is (batch, shape..., K).
--- ```lua
--- local spikes = snn.tensor { { false, true } }
--- print(snn.functional.adaptive_thresholds_constant_spike(snn.full({ 2, 1 }, 4), spikes,
---   { step_time = 1, time_constant = 10, spike_increment = 1 }))
--- ```
---@param adaptations snn.Tensor a, (shape..., K), mV
---@param spikes snn.Tensor (batch, shape...)
---@param options { step_time: number, time_constant: number|snn.Tensor,
---  spike_increment: number|snn.Tensor, refracs?: snn.Tensor } step_time and
---  time_constant (ms), spike_increment (mV), refracs (ms)
---@return snn.Tensor adaptations (batch, shape..., K), mV
function functional.adaptive_thresholds_constant_spike(adaptations, spikes, options)
  return decayed_and_grown("adaptive_thresholds_constant_spike", adaptations, spikes, options,
    { "refracs" })
end

--- Adaptations of thresholds, mV, after an Euler step in which they follow the voltage.
---
---     da/dt = adapt_rate (V - rest_v) - rebound_rate a
---
--- Where there are `spikes` they are then at least adapt_reset_min; both options are needed for
--- that. Where a refractory time is left (`refracs`) they stay. The result is (batch, shape..., K).
--- ```lua
--- local voltages = snn.tensor { { -50, -60 } }
--- print(snn.functional.adaptive_thresholds_linear_voltage(snn.ones(2, 1), voltages,
---   { step_time = 1, rest_v = -60, adapt_rate = 0.1, rebound_rate = 0.05 }))
--- ```
---@param adaptations snn.Tensor a, (shape..., K), mV
---@param voltages snn.Tensor V, (batch, shape...), mV
---@param options { step_time: number, rest_v: number|snn.Tensor, adapt_rate: number|snn.Tensor,
---  rebound_rate: number|snn.Tensor, adapt_reset_min?: number|snn.Tensor,
---  spikes?: snn.Tensor, refracs?: snn.Tensor } step_time (ms), rest_v (mV),
---  adapt_rate and rebound_rate (1 / ms), adapt_reset_min (mV), spikes, refracs (ms)
---@return snn.Tensor adaptations (batch, shape..., K), mV
function functional.adaptive_thresholds_linear_voltage(adaptations, voltages, options)
  local where = "adaptive_thresholds_linear_voltage"
  check_tensor(where, "adaptations", adaptations)
  check_tensor(where, "voltages", voltages)
  local o = read(where, options, { "step_time", "rest_v", "adapt_rate", "rebound_rate" },
    { "adapt_reset_min", "spikes", "refracs" })
  local pull = per_neuron(voltages - o.rest_v) * o.adapt_rate - adaptations * o.rebound_rate
  local after = unless_held(o.refracs, adaptations, adaptations + pull * o.step_time)
  if o.adapt_reset_min == nil or o.spikes == nil then return after end
  local least = o.adapt_reset_min
  if type(least) == "number" then least = snn.full({}, least, { dtype = after.dtype }) end
  return per_neuron(o.spikes:ne(0)):where(after:maximum(least), after)
end

--- Input currents less the sum of each neuron's adaptation currents, nA.
--- ```lua
--- local adaptations = snn.tensor { { 1, 0 }, { 2, 0.5 } } -- 2 neurons, 2 currents each
--- print(snn.functional.apply_adaptive_currents(snn.tensor { { 5, 5 } }, adaptations))
--- ```
---@param current snn.Tensor (batch, shape...), nA
---@param adaptations snn.Tensor (shape..., K), nA
---@return snn.Tensor current (batch, shape...), nA
function functional.apply_adaptive_currents(current, adaptations)
  check_tensor("apply_adaptive_currents", "current", current)
  check_tensor("apply_adaptive_currents", "adaptations", adaptations)
  return current - adaptations:sum(-1)
end

--- Thresholds raised by the sum of each neuron's adaptations, mV.
--- ```lua
--- local adaptations = snn.tensor { { 1, 1 }, { 2, 0.5 } } -- 2 neurons, 2 adaptations each
--- print(snn.functional.apply_adaptive_thresholds(-50, adaptations))
--- ```
---@param threshold number|snn.Tensor without adaptation, mV
---@param adaptations snn.Tensor (shape..., K), mV
---@return snn.Tensor threshold (shape...), mV
function functional.apply_adaptive_thresholds(threshold, adaptations)
  check_value("apply_adaptive_thresholds", "threshold", threshold)
  check_tensor("apply_adaptive_thresholds", "adaptations", adaptations)
  return threshold + adaptations:sum(-1)
end

-- ------------------------------------------------------------- voltages

---Adds snn.functional.voltage_integration_<name>: law(I, V, constants), the
---constants those of the membrane and the ones named.
local function integration(name, constants, law)
  local where = "voltage_integration_" .. name
  local all = table.move(constants, 1, #constants, 5,
    { "step_time", "time_constant", "rest_v", "resistance" })
  functional[where] = function(masked_inputs, voltages, options)
    check_tensor(where, "masked_inputs", masked_inputs)
    check_tensor(where, "voltages", voltages)
    return tools.alive(law(masked_inputs, voltages, read(where, options, all)))
  end
end

-- tc dV/dt = -(V - rest_v) + R I, exactly
integration("linear", {}, function(I, V, c)
  local driven = I * c.resistance
  return (V - c.rest_v - driven) * exp(-c.step_time / c.time_constant) + c.rest_v + driven
end)

-- tc dV/dt = affinity (V - rest_v) (V - crit_v) + R I, by an Euler step
integration("quadratic", { "crit_v", "affinity" }, function(I, V, c)
  local drift = (V - c.rest_v) * c.affinity * (V - c.crit_v)
  return V + (drift + I * c.resistance) * (c.step_time / c.time_constant)
end)

-- tc dV/dt = -(V - rest_v) + sharpness exp((V - rheobase_v) / sharpness) + R I,
-- by an Euler step
integration("exponential", { "rheobase_v", "sharpness" }, function(I, V, c)
  local growth = ((V - c.rheobase_v) / c.sharpness):exp() * c.sharpness
  return V + (growth - V + c.rest_v + I * c.resistance) * (c.step_time / c.time_constant)
end)

-- ------------------------------------------------------------- thresholds

---As much of a refractory time, in steps, is as if it were over: what rounding
---leaves of a time that steps divide must not hold a neuron for one more.
local REST <const> = 1e-3

---A number as a tensor of `like`'s dtype, a tensor as it is.
local function as_tensor(value, like)
  if tools.is_tensor(value) then return value end
  return snn.full({}, value, { dtype = like.dtype })
end

---Adds snn.functional.voltage_thresholding_<name>: where a voltage that is not held
---reaches its threshold there is a spike, reset(V, constants) takes the voltage's
---place and refrac_t begins.
local function thresholding(name, constants, reset)
  local where = "voltage_thresholding_" .. name
  local all = table.move(constants, 1, #constants, 4, { "step_time", "thresh_v", "refrac_t" })
  functional[where] = function(inputs, refracs, dynamics, options)
    check_tensor(where, "inputs", inputs)
    check_tensor(where, "refracs", refracs)
    if type(dynamics) ~= "function" then
      tools.wrong_argument(where, "dynamics", "a function", dynamics)
    end
    local o = read(where, options, all, { "voltages" })
    if o.voltages ~= nil then check_tensor(where, "voltages", o.voltages) end
    local left = refracs - o.step_time
    local is_free = left:le(o.step_time * REST)
    local V = dynamics(is_free:where(inputs, as_tensor(0, inputs)))
    if not tools.is_tensor(V) then
      fail("TypeError", "%s: 'dynamics' must return a tensor, got %s", where, tools.describe(V))
    end
    if o.voltages ~= nil then V = is_free:where(V, o.voltages) end
    local spikes = is_free:logical_and(V:ge(o.thresh_v))
    left = is_free:where(as_tensor(0, left), left)
    return spikes, spikes:where(as_tensor(reset(V, o), V), V),
      spikes:where(as_tensor(o.refrac_t, left), left)
  end
end

-- V = reset_v
thresholding("constant", { "reset_v" }, function(_, c) return c.reset_v end)

-- V = rest_v + v_slope (V - rest_v) - v_intercept
thresholding("linear", { "rest_v", "v_slope", "v_intercept" }, function(V, c)
  return (V - c.rest_v) * c.v_slope + c.rest_v - c.v_intercept
end)
