-- snn.stats: distributions. Arguments are tensors or numbers and broadcast;
-- results are real, as of element operations. The first argument of a
-- probability is where it is asked for, `support`; the parameters follow.
-- Probabilities are worked out in float64 and rounded, so that differences of
-- large terms lose no digits in float32.
local snn, _, tools = ...

--- Distributions: densities, their logarithms, moments, random numbers. Arguments are tensors
--- or numbers and broadcast; results are float64 where an argument is, else float32.
--- ```lua
--- print(snn.stats.Poisson.pmf(snn.arange(0, 4), 2))
--- print(snn.stats.Normal.cdf(snn.tensor { -1, 0, 1 }, 0, 1))
--- ```
---@class snn.stats
snn.stats = { Poisson = {}, Normal = {}, LogNormal = {} }

--- The Poisson distribution: how many events there are, K, where `rate` are expected.
--- ```lua
--- local counts = snn.stats.Poisson.sample(snn.full({ 1000 }, 4))
--- print(counts:mean(), counts:var())
--- ```
---@class snn.stats.Poisson
local Poisson <const> = snn.stats.Poisson

--- The normal (Gaussian) distribution with the mean `loc` and the standard deviation `scale`.
--- ```lua
--- local x = snn.stats.Normal.sample(snn.full({ 1000 }, -60), 5)
--- print(x:mean(), x:std())
--- ```
---@class snn.stats.Normal
local Normal <const> = snn.stats.Normal

--- The log-normal distribution: X > 0 whose logarithm is normal with the mean `loc` and the
--- standard deviation `scale`, as are synaptic weights and firing rates of cortex.
--- ```lua
--- local x = snn.stats.LogNormal.sample(snn.full({ 1000 }, 0), 0.5)
--- print(x:amin():item() > 0, x:median(), x:log():std())
--- ```
---@class snn.stats.LogNormal
local LogNormal <const> = snn.stats.LogNormal

-- ------------------------------------------------------------- arguments

local NAMES <const> = {
  support_rate = { "support", "rate" },
  rate = { "rate" },
  support_loc_scale = { "support", "loc", "scale" },
  loc_scale = { "loc", "scale" },
  loc = { "loc" },
  scale = { "scale" },
  mean_variance = { "mean", "variance" },
}

---The values as real tensors of `given`, or: float64 where one of them is, else
---float32; and that dtype, in front.
local function typed(given, where, names, ...)
  local values, dtype, missing = { ... }, "float32", {}
  for i, name in ipairs(NAMES[names]) do
    local value = values[i]
    if tools.is_tensor(value) then
      if value.dtype == "float64" then dtype = "float64" end
    elseif value == nil then
      table.move({ name, "a number or a tensor" }, 1, 2, #missing + 1, missing)
    elseif type(value) ~= "number" then
      tools.wrong_argument(where, name, "a number or a tensor", value)
    end
  end
  if #missing > 0 then tools.missing(where, missing) end
  given = given or dtype
  for i in ipairs(NAMES[names]) do
    local value = values[i]
    values[i] = tools.is_tensor(value) and value:to(given) or snn.tensor(value, { dtype = given })
  end
  return dtype, table.unpack(values)
end

---The values in the dtype of the result.
local function reals(...) return select(2, typed(nil, ...)) end

---The dtype of the result, and the values in float64.
local function doubles(...) return typed("float64", ...) end

local LOG_TAU <const> = math.log(2 * math.pi)

---`value` where the condition holds, else x.
local function set(x, condition, value) return condition:where(value, x) end

-- ------------------------------------------------------------- Poisson

--- Logarithm of the probability of exactly k events, also where the probability itself is too
--- small for a number.
---
---     log P(K = k) = k log(rate) - rate - log(k!)
---
--- -infinity where k is below 0; between whole numbers k! is gamma(k + 1).
--- ```lua
--- print(snn.stats.Poisson.logpmf(snn.tensor { 0, 4, 1000 }, 4))
--- ```
---@param support snn.Tensor|number k, the number of events
---@param rate snn.Tensor|number expected number of events
---@return snn.Tensor
function Poisson.logpmf(support, rate)
  local dtype, k, r = doubles("Poisson.logpmf", "support_rate", support, rate)
  return k:log_poisson(r):to(dtype)
end

--- Probability of exactly k events.
---
---     P(K = k) = rate^k exp(-rate) / k!
---
--- 0 where k is below 0; between whole numbers k! is gamma(k + 1).
--- ```lua
--- print(snn.stats.Poisson.pmf(snn.tensor { 0, 2, 4 }, 4))
--- ```
---@param support snn.Tensor|number k, the number of events
---@param rate snn.Tensor|number expected number of events
---@return snn.Tensor
function Poisson.pmf(support, rate)
  local dtype, k, r = doubles("Poisson.pmf", "support_rate", support, rate)
  return k:log_poisson(r):exp():to(dtype)
end

---Whether no number of a distribution is as low.
local function is_below(k, rate) return k:lt(0):logical_and(rate:ge(0)) end

--- Probability of at most k events, P(K <= k); k is rounded down.
--- ```lua
--- print(snn.stats.Poisson.cdf(snn.tensor { 0, 4, 20 }, 4))
--- ```
---@param support snn.Tensor|number k, the number of events
---@param rate snn.Tensor|number expected number of events
---@return snn.Tensor
function Poisson.cdf(support, rate)
  local dtype, k, r = doubles("Poisson.cdf", "support_rate", support, rate)
  return set((k + 1):floor():gammaincc(r), is_below(k, r), 0):to(dtype)
end

--- Logarithm of the probability of at most k events, log P(K <= k), exact also far below the rate;
--- k is rounded down.
--- ```lua
--- print(snn.stats.Poisson.logcdf(snn.tensor { 0, 100 }, 1000))
--- ```
---@param support snn.Tensor|number k, the number of events
---@param rate snn.Tensor|number expected number of events
---@return snn.Tensor
function Poisson.logcdf(support, rate)
  local dtype, k, r = doubles("Poisson.logcdf", "support_rate", support, rate)
  return set((k + 1):floor():log_gammaincc(r), is_below(k, r), -math.huge):to(dtype)
end

--- Expected number of events: the rate.
--- ```lua
--- print(snn.stats.Poisson.mean(snn.tensor { 0.5, 4 }))
--- ```
---@param rate snn.Tensor|number expected number of events
---@return snn.Tensor
function Poisson.mean(rate) return (reals("Poisson.mean", "rate", rate)):clone() end

--- Variance of the number of events: the rate too, so that variance / mean (the Fano factor) is 1.
--- ```lua
--- local rate = snn.tensor { 0.5, 4 }
--- print(snn.stats.Poisson.variance(rate) / snn.stats.Poisson.mean(rate))
--- ```
---@param rate snn.Tensor|number expected number of events
---@return snn.Tensor
function Poisson.variance(rate) return (reals("Poisson.variance", "rate", rate)):clone() end

--- Random numbers of events, one for each element of `rate`: whole numbers as reals.
--- ```lua
--- print(snn.stats.Poisson.sample(snn.tensor { 0, 0.5, 4, 100 }))
--- ```
---@param rate snn.Tensor|number expected number of events
---@return snn.Tensor
function Poisson.sample(rate) return snn.poisson((reals("Poisson.sample", "rate", rate))) end

-- ------------------------------------------------------------- Normal

---(x - loc) / scale, also where the difference is too large for float64.
local function standard(x, m, s)
  local d = x - m
  return set(d / s, d:isinf(), (x / 2 - m / 2) / s * 2)
end

--- Logarithm of the normal density at x, exact also far from `loc`.
---
---     log p(x) = -log(scale) - (log(2 pi) + ((x - loc) / scale)^2) / 2
--- ```lua
--- print(snn.stats.Normal.logpdf(snn.tensor { 0, 1, 100 }, 0, 1))
--- ```
---@param support snn.Tensor|number x
---@param loc snn.Tensor|number mean
---@param scale snn.Tensor|number standard deviation
---@return snn.Tensor
function Normal.logpdf(support, loc, scale)
  local dtype, x, m, s = doubles("Normal.logpdf", "support_loc_scale", support, loc, scale)
  return (-s:log() - (standard(x, m, s) ^ 2 + LOG_TAU) / 2):to(dtype)
end

--- Density of the normal distribution at x.
---
---     p(x) = exp(-((x - loc) / scale)^2 / 2) / (scale sqrt(2 pi))
--- ```lua
--- print(snn.stats.Normal.pdf(snn.tensor { -1, 0, 1 }, 0, 1))
--- ```
---@param support snn.Tensor|number x
---@param loc snn.Tensor|number mean
---@param scale snn.Tensor|number standard deviation
---@return snn.Tensor
function Normal.pdf(support, loc, scale)
  local dtype, x, m, s = doubles("Normal.pdf", "support_loc_scale", support, loc, scale)
  return ((standard(x, m, s) ^ 2 / -2):exp() / s / math.sqrt(2 * math.pi)):to(dtype)
end

---Of z = (x - loc) / scale; no digits are lost in the lower tail.
local function standard_cdf(z) return (z * -math.sqrt(0.5)):erfc() / 2 end

--- Probability that a normal number is at most x.
---
---     P(X <= x) = (1 + erf((x - loc) / (scale sqrt(2)))) / 2
--- ```lua
--- print(snn.stats.Normal.cdf(snn.tensor { -1.96, 0, 1.96 }, 0, 1))
--- ```
---@param support snn.Tensor|number x
---@param loc snn.Tensor|number mean
---@param scale snn.Tensor|number standard deviation
---@return snn.Tensor
function Normal.cdf(support, loc, scale)
  local dtype, x, m, s = doubles("Normal.cdf", "support_loc_scale", support, loc, scale)
  return standard_cdf(standard(x, m, s)):to(dtype)
end

--- Logarithm of the probability that a normal number is at most x, exact also deep in the lower
--- tail, where that probability is 0 as a number.
--- ```lua
--- print(snn.stats.Normal.logcdf(snn.tensor { -40, -1, 0 }, 0, 1))
--- ```
---@param support snn.Tensor|number x
---@param loc snn.Tensor|number mean
---@param scale snn.Tensor|number standard deviation
---@return snn.Tensor
function Normal.logcdf(support, loc, scale)
  local dtype, x, m, s = doubles("Normal.logcdf", "support_loc_scale", support, loc, scale)
  return standard(x, m, s):log_ndtr():to(dtype)
end

--- Mean of a normal distribution: `loc`, as a tensor.
--- ```lua
--- print(snn.stats.Normal.mean(snn.tensor { -60, -55 }))
--- ```
---@param loc snn.Tensor|number mean
---@return snn.Tensor
function Normal.mean(loc) return (reals("Normal.mean", "loc", loc)):clone() end

--- Variance of a normal distribution: scale^2.
--- ```lua
--- print(snn.stats.Normal.variance(snn.tensor { 1, 5 }))
--- ```
---@param scale snn.Tensor|number standard deviation
---@return snn.Tensor
function Normal.variance(scale) return (reals("Normal.variance", "scale", scale)) ^ 2 end

--- `loc` and `scale` of the normal distribution of this mean and variance: the mean, and
--- sqrt(variance).
--- ```lua
--- print(snn.stats.Normal.params_mv(-60, 25))
--- ```
---@param mean snn.Tensor|number of the numbers themselves
---@param variance snn.Tensor|number of the numbers themselves
---@return snn.Tensor loc
---@return snn.Tensor scale
function Normal.params_mv(mean, variance)
  local m, v = reals("Normal.params_mv", "mean_variance", mean, variance)
  return m:clone(), v:sqrt()
end

---Normal numbers, one for each element of the shape of loc and scale.
local function sample(loc, scale)
  local zeros = (loc + scale) * 0
  return snn.randn(zeros.shape, { dtype = zeros.dtype }) * scale + loc
end

--- Normal random numbers, one for each element of what `loc` and `scale` broadcast to.
--- ```lua
--- print(snn.stats.Normal.sample(snn.tensor { -60, 0, 60 }, 5))
--- ```
---@param loc snn.Tensor|number mean
---@param scale snn.Tensor|number standard deviation
---@return snn.Tensor
function Normal.sample(loc, scale)
  return sample(reals("Normal.sample", "loc_scale", loc, scale))
end

--- Normal random numbers of a mean and a variance, one for each element of what these broadcast
--- to.
--- ```lua
--- local x = snn.stats.Normal.sample_mv(snn.full({ 1000 }, -60), 25)
--- print(x:mean(), x:var())
--- ```
---@param mean snn.Tensor|number of the numbers themselves
---@param variance snn.Tensor|number of the numbers themselves
---@return snn.Tensor
function Normal.sample_mv(mean, variance)
  local m, v = reals("Normal.sample_mv", "mean_variance", mean, variance)
  return sample(Normal.params_mv(m, v))
end

-- ------------------------------------------------------------- LogNormal

---log x; there are no numbers below 0, as if they were 0.
local function log_of(x) return set(x, x:lt(0), 0):log() end

---log p(x): -infinity at 0, where it is the difference of two infinities.
local function log_density(x, m, s)
  local log_x = log_of(x)
  local density = -s:log() - log_x - (standard(log_x, m, s) ^ 2 + LOG_TAU) / 2
  return set(density, log_x:eq(-math.huge):logical_and(s:gt(0)), -math.huge)
end

--- Logarithm of the log-normal density at x; -infinity at 0 and below.
---
---     log p(x) = -log(x scale) - (log(2 pi) + z^2) / 2
---     z = (log(x) - loc) / scale
--- ```lua
--- print(snn.stats.LogNormal.logpdf(snn.tensor { 0, 1, 2 }, 0, 0.5))
--- ```
---@param support snn.Tensor|number x, below 0 as 0
---@param loc snn.Tensor|number mean of log X
---@param scale snn.Tensor|number standard deviation of log X
---@return snn.Tensor
function LogNormal.logpdf(support, loc, scale)
  local dtype, x, m, s = doubles("LogNormal.logpdf", "support_loc_scale", support, loc, scale)
  return log_density(x, m, s):to(dtype)
end

--- Density of the log-normal distribution at x, 0 from 0 down.
---
---     p(x) = exp(-((log(x) - loc) / scale)^2 / 2) / (x scale sqrt(2 pi))
--- ```lua
--- print(snn.stats.LogNormal.pdf(snn.tensor { 0, 1, 2 }, 0, 0.5))
--- ```
---@param support snn.Tensor|number x, below 0 as 0
---@param loc snn.Tensor|number mean of log X
---@param scale snn.Tensor|number standard deviation of log X
---@return snn.Tensor
function LogNormal.pdf(support, loc, scale)
  local dtype, x, m, s = doubles("LogNormal.pdf", "support_loc_scale", support, loc, scale)
  return log_density(x, m, s):exp():to(dtype)
end

--- Probability that a log-normal number is at most x.
---
---     P(X <= x) = (1 + erf((log(x) - loc) / (scale sqrt(2)))) / 2
--- ```lua
--- print(snn.stats.LogNormal.cdf(snn.tensor { 0, 1, 2 }, 0, 0.5))
--- ```
---@param support snn.Tensor|number x, below 0 as 0
---@param loc snn.Tensor|number mean of log X
---@param scale snn.Tensor|number standard deviation of log X
---@return snn.Tensor
function LogNormal.cdf(support, loc, scale)
  local dtype, x, m, s = doubles("LogNormal.cdf", "support_loc_scale", support, loc, scale)
  return standard_cdf(standard(log_of(x), m, s)):to(dtype)
end

--- Logarithm of the probability that a log-normal number is at most x, exact also near 0.
--- ```lua
--- print(snn.stats.LogNormal.logcdf(snn.tensor { 1e-9, 1, 2 }, 0, 0.5))
--- ```
---@param support snn.Tensor|number x, below 0 as 0
---@param loc snn.Tensor|number mean of log X
---@param scale snn.Tensor|number standard deviation of log X
---@return snn.Tensor
function LogNormal.logcdf(support, loc, scale)
  local dtype, x, m, s = doubles("LogNormal.logcdf", "support_loc_scale", support, loc, scale)
  return standard(log_of(x), m, s):log_ndtr():to(dtype)
end

--- Mean of log-normal numbers, above their median exp(loc).
---
---     exp(loc + scale^2 / 2)
--- ```lua
--- print(snn.stats.LogNormal.mean(0, snn.tensor { 0.1, 0.5, 1 }))
--- ```
---@param loc snn.Tensor|number mean of log X
---@param scale snn.Tensor|number standard deviation of log X
---@return snn.Tensor
function LogNormal.mean(loc, scale)
  local m, s = reals("LogNormal.mean", "loc_scale", loc, scale)
  return (m + s ^ 2 / 2):exp()
end

--- Variance of log-normal numbers.
---
---     (exp(scale^2) - 1) exp(2 loc + scale^2)
--- ```lua
--- print(snn.stats.LogNormal.variance(0, snn.tensor { 0.1, 0.5, 1 }))
--- ```
---@param loc snn.Tensor|number mean of log X
---@param scale snn.Tensor|number standard deviation of log X
---@return snn.Tensor
function LogNormal.variance(loc, scale)
  local m, s = reals("LogNormal.variance", "loc_scale", loc, scale)
  return (s ^ 2):expm1() * (m * 2 + s ^ 2):exp()
end

--- `loc` and `scale` of the log-normal distribution of this mean and variance.
---
---     loc   = log(mean^2 / sqrt(mean^2 + variance))
---     scale = sqrt(log(1 + variance / mean^2))
--- ```lua
--- local loc, scale = snn.stats.LogNormal.params_mv(0.3, 0.01)
--- print(loc, scale)
--- print(snn.stats.LogNormal.mean(loc, scale), snn.stats.LogNormal.variance(loc, scale))
--- ```
---@param mean snn.Tensor|number of the numbers themselves, > 0
---@param variance snn.Tensor|number of the numbers themselves
---@return snn.Tensor loc
---@return snn.Tensor scale
function LogNormal.params_mv(mean, variance)
  local m, v = reals("LogNormal.params_mv", "mean_variance", mean, variance)
  local log_ratio = (v / m ^ 2):log1p()
  return m:log() - log_ratio / 2, log_ratio:sqrt()
end

--- Log-normal random numbers, one for each element of what `loc` and `scale` broadcast to.
--- ```lua
--- print(snn.stats.LogNormal.sample(snn.zeros(4), 0.5))
--- ```
---@param loc snn.Tensor|number mean of log X
---@param scale snn.Tensor|number standard deviation of log X
---@return snn.Tensor
function LogNormal.sample(loc, scale)
  return sample(reals("LogNormal.sample", "loc_scale", loc, scale)):exp()
end

--- Log-normal random numbers of a mean and a variance, as for weights that must not be negative;
--- one for each element of what these broadcast to.
--- ```lua
--- local weights = snn.stats.LogNormal.sample_mv(snn.full({ 1000 }, 0.3), 0.01)
--- print(weights:mean(), weights:var(), weights:amin())
--- ```
---@param mean snn.Tensor|number of the numbers themselves, > 0
---@param variance snn.Tensor|number of the numbers themselves
---@return snn.Tensor
function LogNormal.sample_mv(mean, variance)
  local m, v = reals("LogNormal.sample_mv", "mean_variance", mean, variance)
  return sample(LogNormal.params_mv(m, v)):exp()
end
