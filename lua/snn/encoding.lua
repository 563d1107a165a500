-- snn.functional: encoders as functions on rates in Hz, without a limit from above.
-- Whole trains come with time first, (steps, batch, ...); the `_online` ones are
-- iterators over steps (batch, ...), as encoder:steps_of is. All take `generator`, a
-- snn.Generator, among their options. Names are Inferno's, with its `homogenous`.
local snn, _, tools = ...
local functional = snn.functional

local fail = tools.fail

-- An encoder of intensities from 0 to 1: the rates divided by the largest, which is
-- its frequency. In float64, where that is exact to the last digit of a float32.
local function scaled(where, inputs)
  if not tools.is_tensor(inputs) then tools.wrong_argument(where, "inputs", "a tensor", inputs) end
  local rates = inputs:to("float64")
  if rates.numel == 0 then return rates, 0 end
  local highest = rates:max():item()
  if not (rates:ge(0):all():item() and highest < math.huge) then
    fail("ValueError", "%s: 'inputs' must be rates in Hz, finite and at least 0", where)
  elseif highest == 0 then
    return rates, 0
  end
  return rates / highest, highest
end

local REFRACTORY <const> = { "refrac", "compensate", "generator" }
local PLAIN <const> = { "generator" }

---Adds snn.functional.<name> and <name>_online by the encoder of that class.
local function define(name, class, known)
  local function encoder(where, inputs, steps, step_time, options)
    options = tools.options(where, options, known)
    local intensities, frequency = scaled(where, inputs)
    local args = { steps = steps, step_time = step_time, frequency = frequency }
    for _, option in ipairs(known) do args[option] = options[option] end
    return snn[class](args), intensities
  end
  functional[name] = function(inputs, steps, step_time, options)
    local made, intensities = encoder(name, inputs, steps, step_time, options)
    return made(intensities)
  end
  functional[name .. "_online"] = function(inputs, steps, step_time, options)
    local made, intensities = encoder(name .. "_online", inputs, steps, step_time, options)
    return made:steps_of(intensities)
  end
end

define("homogeneous_poisson_exp_interval", "HomogeneousPoissonEncoder", REFRACTORY)
define("homogenous_poisson_bernoulli_approx", "HomogeneousPoissonApproxEncoder", PLAIN)
define("poisson_interval", "PoissonIntervalEncoder", PLAIN)

--- Spikes of rates that change from step to step: (steps, batch, ...) in Hz give as many spikes, in
--- each step with the probability min(rate step_time / 1000, 1). ValueError: a rate is negative.
--- ```lua
--- local rates = snn.linspace(0, 200, 1000):unsqueeze(2) -- up to 200 Hz in a second
--- local spikes = snn.functional.inhomogeneous_poisson_bernoulli_approx(rates, 1)
--- print(spikes:narrow(1, 1, 500):sum(), spikes:narrow(1, 501, 500):sum())
--- ```
---@param inputs snn.Tensor rates, Hz
---@param step_time number ms
---@param options? { generator?: snn.Generator }
---@return snn.Tensor spikes bool, (steps, batch, ...)
function functional.inhomogeneous_poisson_bernoulli_approx(inputs, step_time, options)
  local where = "inhomogeneous_poisson_bernoulli_approx"
  options = tools.options(where, options, PLAIN)
  if not tools.is_tensor(inputs) then tools.wrong_argument(where, "inputs", "a tensor", inputs) end
  if type(step_time) ~= "number" then
    tools.wrong_argument(where, "step_time", "a number", step_time)
  elseif not (step_time > 0 and step_time < math.huge) then
    fail("ValueError", "%s: 'step_time' must be greater than 0 ms, got %g", where, step_time)
  end
  local rates = inputs:to("float64")
  if not rates:ge(0):all():item() then
    fail("ValueError", "%s: 'inputs' must be rates in Hz, at least 0", where)
  end
  return tools.bernoulli((rates * (step_time / 1000)):clamp(0, 1), options.generator)
end
