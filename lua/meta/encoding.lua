---@meta
-- Annotations of the encoders as functions of snn.functional (lua/snn/encoding.lua makes
-- them), for editors (LuaCATS) and for help: rates in Hz to spikes with time first, or an
-- iterator over the steps.
-- luacheck: ignore

--- Trains of Poisson processes whose rates are given in Hz, without a limit from above:
--- exponential intervals in continuous time, at least `refrac` long. Inputs (batch, ...) give
--- spikes (steps, batch, ...).
---
--- ValueError: a rate is negative or not finite; with `compensate`, on unless false, the
--- largest rate times `refrac` is above 1000.
--- ```lua
--- local spikes = snn.functional.homogeneous_poisson_exp_interval(
---   snn.tensor { { 0, 50, 200 } }, 1000, 1, { refrac = 2 })
--- print(spikes:sum(1)) -- spikes in a second
--- ```
---@param inputs snn.Tensor rates, Hz
---@param steps integer length of the trains
---@param step_time number ms
---@param options? { refrac?: number, compensate?: boolean, generator?: snn.Generator } refrac,
---  ms, is step_time unless given; compensate: the rate stays in spite of it
---@return snn.Tensor spikes bool, (steps, batch, ...)
function snn.functional.homogeneous_poisson_exp_interval(inputs, steps, step_time, options) end

--- An iterator over the steps of Poisson trains with a refractory time: one tensor (batch, ...)
--- of spikes a step, so that long trains need no memory.
---
--- ValueError: a rate is negative or not finite; with `compensate`, on unless false, the
--- largest rate times `refrac` is above 1000.
--- ```lua
--- local count = 0
--- for spikes in snn.functional.homogeneous_poisson_exp_interval_online(
---   snn.tensor { { 0, 50, 200 } }, 1000, 1) do count = count + spikes end
--- print(count)
--- ```
---@param inputs snn.Tensor rates, Hz, (batch, ...)
---@param steps integer after which it ends
---@param step_time number ms
---@param options? { refrac?: number, compensate?: boolean, generator?: snn.Generator } refrac,
---  ms, is step_time unless given; compensate: the rate stays in spite of it
---@return fun(): snn.Tensor? next bool
function snn.functional.homogeneous_poisson_exp_interval_online(inputs, steps, step_time,
  options) end

--- Trains in which each step has a spike with the probability min(rate step_time / 1000, 1):
--- Poisson processes as long as that is small. Rates (batch, ...) give spikes (steps, batch,
--- ...). ValueError: a rate is negative or not finite.
--- ```lua
--- local spikes = snn.functional.homogenous_poisson_bernoulli_approx(
---   snn.tensor { { 0, 50, 200 } }, 1000, 1)
--- print(spikes:sum(1)) -- spikes in a second
--- ```
---@param inputs snn.Tensor rates, Hz
---@param steps integer length of the trains
---@param step_time number ms
---@param options? { generator?: snn.Generator }
---@return snn.Tensor spikes bool, (steps, batch, ...)
function snn.functional.homogenous_poisson_bernoulli_approx(inputs, steps, step_time, options) end

--- An iterator over steps in each of which there is a spike with the probability
--- min(rate step_time / 1000, 1): a tensor of the inputs' shape at a time. ValueError: a rate
--- is negative or not finite.
--- ```lua
--- local count = 0
--- for spikes in snn.functional.homogenous_poisson_bernoulli_approx_online(
---   snn.tensor { { 0, 50, 200 } }, 1000, 1) do count = count + spikes end
--- print(count)
--- ```
---@param inputs snn.Tensor rates, Hz, (batch, ...)
---@param steps integer after which it ends
---@param step_time number ms
---@param options? { generator?: snn.Generator }
---@return fun(): snn.Tensor? next bool
function snn.functional.homogenous_poisson_bernoulli_approx_online(inputs, steps, step_time,
  options) end

--- Trains whose intervals are Poisson distributed whole numbers of steps, at least 1, of the
--- mean 1000 / (rate step_time): more regular than a Poisson process. Rates (batch, ...) give
--- spikes (steps, batch, ...). ValueError: a rate is negative or not finite.
--- ```lua
--- local spikes = snn.functional.poisson_interval(snn.tensor { { 0, 50, 200 } }, 1000, 1)
--- print(spikes:sum(1)) -- spikes in a second
--- ```
---@param inputs snn.Tensor rates, Hz
---@param steps integer length of the trains
---@param step_time number ms
---@param options? { generator?: snn.Generator }
---@return snn.Tensor spikes bool, (steps, batch, ...)
function snn.functional.poisson_interval(inputs, steps, step_time, options) end

--- An iterator over the steps of trains with Poisson distributed intervals: a tensor of the
--- inputs' shape at a time. ValueError: a rate is negative or not finite.
--- ```lua
--- local steps = snn.functional.poisson_interval_online(snn.tensor { { 200 } }, 10, 1)
--- for spikes in steps do io.write(spikes:any():item() and "|" or ".") end
--- ```
---@param inputs snn.Tensor rates, Hz, (batch, ...)
---@param steps integer after which it ends
---@param step_time number ms
---@param options? { generator?: snn.Generator }
---@return fun(): snn.Tensor? next bool
function snn.functional.poisson_interval_online(inputs, steps, step_time, options) end
