-- Euler steps against a reference that takes steps of order 4: errors halve
-- with the step. (Runge, Kutta: the classical scheme, in plain Lua.)
local snn = require "snn"

local convergence = {}

local function shifted(state, slope, h)
  local out = {}
  for i = 1, #state do out[i] = state[i] + h * slope[i] end
  return out
end

---The state after `time` ms, by n steps of order 4.
---@param state number[]
---@param slope fun(state: number[]): number[] per ms
local function reference(state, slope, time, n)
  local h = time / n
  for _ = 1, n do
    local a = slope(state)
    local b = slope(shifted(state, a, h / 2))
    local c = slope(shifted(state, b, h / 2))
    local d = slope(shifted(state, c, h))
    local mean = {}
    for i = 1, #state do mean[i] = (a[i] + 2 * b[i] + 2 * c[i] + d[i]) / 6 end
    state = shifted(state, mean, h)
  end
  return state
end

---The state (voltage, adaptations...) of the first neuron.
local function read(neuron)
  local state = { neuron.voltage[1][1] }
  local ok, adaptation = pcall(function() return neuron.current_adaptation end)
  for k = 1, ok and #adaptation[1] or 0 do state[k + 1] = adaptation[1][k] end
  return state
end

---For each part of the state the ratios of the errors at step times dt, dt/2,
---dt/4, dt/8 after `time` ms: about 2 where the steps are of order 1.
---@param make fun(dt: number): snn.Neuron one neuron, float64
---@param slope fun(state: number[]): number[]
---@param current number nA
---@param start number mV
function convergence.ratios(make, slope, current, start, time)
  local errors, exact = {}, nil
  for halving = 0, 3 do
    local dt = 0.1 / 2 ^ halving
    local neuron = make(dt)
    neuron.voltage = snn.full({ 1, 1 }, start, { dtype = "float64" })
    exact = exact or reference(read(neuron), slope, time, 4000)
    local input = snn.full({ 1, 1 }, current, { dtype = "float64" })
    for _ = 1, math.floor(time / dt + 0.5) do neuron(input) end
    errors[#errors + 1] = read(neuron)
    for i, value in ipairs(exact) do errors[#errors][i] = math.abs(errors[#errors][i] - value) end
  end
  local ratios = {}
  for i = 1, #exact do
    for k = 1, 3 do ratios[#ratios + 1] = errors[k][i] / errors[k + 1][i] end
  end
  return ratios
end

return convergence
