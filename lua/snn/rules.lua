-- The rules of trainers on tensors, for what is not event driven in C
-- (src/train): TRAINER -> function (unit) -> pos, neg, the terms for the
-- updater, either of which may be nil. All samples stand side by side until the
-- batch is reduced: data in the receptive shape (B, weight..., r) are summed
-- over r.
local snn, _, tools = ...

local rules = {}

local fail = tools.fail

-- ------------------------------------------------------------- units

local NAMED = {
  sum = function(t, dim) return t:sum(dim) end,
  mean = function(t, dim) return t:mean(dim) end,
  max = function(t, dim) return t:amax(dim) end,
  min = function(t, dim) return t:amin(dim) end,
}

-- Where samples may go to either side, the mean would be over few of them.
local SUMMED = {
  MSTDP = true, MSTDPET = true, DelayAdjustedMSTDP = true, DelayAdjustedMSTDPD = true,
}

-- What a rule sees: connection, state, call (what the trainer was called with:
-- signal, scale, target), param (the name of the parameter) and the methods below.
local Unit = {}
Unit.__index = Unit

-- What a reduction gives must be as the parameter, whose samples it has joined.
function Unit:reduce(t)
  local rule = self.rule
  local given = self.state.batch_reduction or (SUMMED[rule] and "sum") or "mean"
  local named = NAMED[type(given) == "string" and tools.lower(given) or given]
  if named and t.shape[1] == 1 then return t:squeeze(1) end
  local result = (named or given)(t, 1)
  if not tools.is_tensor(result) then
    fail("TypeError", "%s: 'batch_reduction' must return a tensor, got %s", rule,
      tools.describe(result))
  end
  local want = table.concat(t.shape, ", ", 2)
  local got = table.concat(result.shape, ", ")
  if got ~= want then
    fail("ValueError", "%s: 'batch_reduction' must return a tensor of shape {%s}, got {%s}", rule,
      want, got)
  end
  return result
end

function Unit:peek(name) return tools.unit_monitor(self.handle, name):peek() end

-- What a monitor has of the neurons.
function Unit:post(name)
  return self.connection:postsyn_receptive(self:peek(name):to(self.connection.dtype))
end

-- What a monitor has of the inputs, `ago` ms before: as it arrived, or looked up
-- where it is delayed by now.
function Unit:pre(name, ago)
  local connection, state = self.connection, self.state
  local monitor = tools.unit_monitor(self.handle, name)
  local data
  if state.delayed and (connection.delayedby or 0) > 0 then
    local selector = connection.selector
    if ago then selector = selector + ago end
    data = monitor:view(selector, state.interp_tolerance or 0)
  elseif ago then
    data = monitor:view(ago)
  else
    data = monitor:peek()
  end
  return connection:presyn_receptive(data:to(connection.dtype))
end

-- The sum over the receptive dimension, of a tensor nobody else holds.
local function received(t)
  return t.shape[t.ndim] == 1 and t:squeeze(-1) or t:sum(-1)
end

-- The same; NaN counts as 0.
local function nansum(t)
  return t:masked_fill(t:isnan(), 0):sum(-1)
end

-- ------------------------------------------------------------- two terms

-- Terms a, b >= 0 (B, weight...) on the sides that their signs say.
local function sides(a, a_is_pos, b, b_is_pos)
  if a_is_pos and b_is_pos then return a + b, nil end
  if not a_is_pos and not b_is_pos then return nil, a + b end
  if a_is_pos then return a, b end
  return b, a
end

-- The samples in which the signal is >= 0, < 0.
local function split_samples(signal)
  local up, down = {}, {}
  for i, v in ipairs(signal:flatten():totable()) do
    local side = v >= 0 and up or down
    side[#side + 1] = i
  end
  return up, down
end

local function pick(t, samples)
  if #samples == 0 then return nil end
  return t:index_select(1, snn.tensor(samples, { dtype = "int64" }))
end

-- Joins what is there of the two and reduces it.
local function join(unit, a, b)
  local list = { a or b, a and b }
  if #list == 0 then return nil end
  return unit:reduce(#list == 1 and list[1] or snn.cat(list, 1))
end

-- One signal for each sample: its sign turns the sides around.
local function by_sample(unit, a, a_is_pos, b, b_is_pos)
  local signal = unit.call.signal
  local strength = (signal * unit.call.scale):abs():to(a.dtype)
  local shape = { a.shape[1] }
  for i = 2, a.ndim do shape[i] = 1 end
  strength = strength:reshape(shape)
  a, b = a * strength, b * strength
  local up, down = split_samples(signal)
  local function on(is_pos)
    return join(unit, pick(a, a_is_pos == is_pos and up or down),
      pick(b, b_is_pos == is_pos and up or down))
  end
  return on(true), on(false)
end

-- The terms of two parts with their learning rates, modulated where the trainer
-- was called with a signal.
local function two_terms(unit, a, lr_a, b, lr_b)
  local signal = unit.call.signal
  if tools.is_tensor(signal) then return by_sample(unit, a, lr_a >= 0, b, lr_b >= 0) end
  a, b = unit:reduce(a), unit:reduce(b)
  if not signal then return sides(a, lr_a >= 0, b, lr_b >= 0) end
  local strength = math.abs(signal * unit.call.scale)
  return sides(a * strength, lr_a * signal >= 0, b * strength, lr_b * signal >= 0)
end

-- ------------------------------------------------------------- pairs, triplets

function rules.STDP(unit)
  local of_post = received(unit:post "spike_post" * unit:pre "trace_pre")
  local of_pre = received(unit:pre "spike_pre" * unit:post "trace_post")
  return two_terms(unit, of_post, unit.state.lr_post, of_pre, unit.state.lr_pre)
end

rules.MSTDP = rules.STDP

-- What is added to a slow trace, and the rate whose sign counts: gains_of in
-- src/train/triplet_stdp.c.
local BEYOND <const> = 2 ^ 24

local function alone_of(pair, triplet)
  local is_beyond = math.abs(triplet) > BEYOND * math.abs(pair)
  return is_beyond and math.abs(pair / triplet) or 1, pair ~= 0 and pair or triplet
end

-- What a slow trace of a step ago is worth now.
local function kept(unit, dt, tc)
  local mode = unit.state.slow_interp_mode or "previous"
  return tools.lower(mode) == "expdecay" and math.exp(-dt / tc) or 1
end

function rules.TripletSTDP(unit)
  local state, connection = unit.state, unit.connection
  local slow = tools.unit_monitor(unit.handle, "trace_post_slow")
  local dt = slow.dt -- of the recorded steps
  local slow_post = connection:postsyn_receptive(slow:view(dt))
    * kept(unit, dt, state.tc_post_slow)
  local slow_pre = unit:pre("trace_pre_slow", dt) * kept(unit, dt, state.tc_pre_slow)
  local alone_post, rate_post = alone_of(state.lr_post_pair, state.lr_post_triplet)
  local alone_pre, rate_pre = alone_of(state.lr_pre_pair, state.lr_pre_triplet)
  local of_post = ((slow_post + alone_post) * unit:post "spike_post"
    * unit:pre "trace_pre_fast"):sum(-1)
  local of_pre = ((slow_pre + alone_pre) * unit:pre "spike_pre"
    * unit:post "trace_post_fast"):sum(-1)
  return two_terms(unit, of_post, rate_post, of_pre, rate_pre)
end

-- ------------------------------------------------------------- times of events

-- t_post - t_pre of the last spikes, from the times since them.
local function difference(unit)
  return unit:pre "spike_pre" - unit:post "spike_post"
end

local function adjusted(unit)
  local delay = unit.connection.delay
  if delay == nil then
    fail("RuntimeError", "%s: the cell's connection has no delays; make it with 'delay'",
      unit.rule)
  end
  return difference(unit) - delay:unsqueeze(-1)
end

-- |lr| exp(-|t| / tc) where the mask holds.
local function decaying(t, mask, lr, tc)
  return nansum((t:abs() / -tc):exp() * mask:to(t.dtype) * math.abs(lr))
end

local function adjusted_weights(unit)
  local state, t = unit.state, adjusted(unit)
  local causal = decaying(t, t:ge(0), state.lr_pos, state.tc_pos)
  local acausal = decaying(t, t:lt(0), state.lr_neg, state.tc_neg)
  return two_terms(unit, causal, state.lr_pos, acausal, state.lr_neg)
end

local function adjusted_delays(unit)
  local state, t = unit.state, adjusted(unit)
  local causal = decaying(t, t:ge(0), state.lr_neg, state.tc_neg)
  local acausal = decaying(t, t:lt(0), state.lr_pos, state.tc_pos)
  return two_terms(unit, causal, state.lr_neg, acausal, state.lr_pos)
end

rules.DelayAdjustedSTDP, rules.DelayAdjustedMSTDP = adjusted_weights, adjusted_weights
rules.DelayAdjustedSTDPD, rules.DelayAdjustedMSTDPD = adjusted_delays, adjusted_delays

local function apply_kernel(unit, name, t)
  local out = unit.state[name](t, unit.state[name .. "_kwargs"] or {})
  if not tools.is_tensor(out) then
    fail("TypeError", "%s: '%s' must return a tensor, got %s", unit.rule, name,
      tools.describe(out))
  elseif table.concat(out.shape, ", ") ~= table.concat(t.shape, ", ") then
    fail("ValueError", "%s: '%s' must return a tensor of shape {%s}, got {%s}", unit.rule, name,
      table.concat(t.shape, ", "), table.concat(out.shape, ", "))
  end
  out = out:masked_fill(t:isnan():logical_and(out:isnan()), 0)
  if out:isfinite():all():item() then return out end
  local i = out:flatten():isfinite():logical_not():nonzero()[1][1]
  fail("ValueError", "%s: '%s' must return finite numbers, got %s for t = %s ms", unit.rule, name,
    out:flatten()[i], t:flatten()[i])
end

local function kernels(unit, t)
  local a, b = apply_kernel(unit, "kernel_post", t), apply_kernel(unit, "kernel_pre", t)
  local function part(x, limit) return unit:reduce(x[limit](x, 0):sum(-1)) end
  return part(a, "maximum") + part(b, "maximum"), -(part(a, "minimum") + part(b, "minimum"))
end

function rules.KernelSTDP(unit) return kernels(unit, difference(unit)) end
function rules.DelayAdjustedKernelSTDP(unit) return kernels(unit, adjusted(unit)) end
rules.DelayAdjustedKernelSTDPD = rules.DelayAdjustedKernelSTDP

-- ------------------------------------------------------------- homeostasis

local function target_of(unit, rate)
  local target = unit.call.target
  if target == nil then target = unit.state.target end
  if target == nil then
    fail("RuntimeError", "LinearHomeostasis: there is no target: give one to the trainer, to "
      .. "register_cell or to the call, trainer{ target = 0.1 }")
  elseif not tools.is_tensor(target) then
    return target
  end
  local got, want = target.shape, rate.shape
  local fits = #got == #want and (got[1] == 1 or got[1] == want[1])
  for i = 2, #want do fits = fits and got[i] == want[i] end
  if not fits then
    fail("ValueError", "LinearHomeostasis: 'target' has shape {%s}, allowed are {%s} and 1 in "
      .. "place of the batch", table.concat(got, ", "), table.concat(want, ", "))
  end
  return target:to(rate.dtype)
end

function rules.LinearHomeostasis(unit)
  local connection, state = unit.connection, unit.state
  local rate = unit:peek "spike_rate"
  local target = target_of(unit, rate)
  local k = connection:postsyn_receptive((-rate + target) / target):mean(-1)
  k = k * (unit.param == "delay" and -state.plasticity or state.plasticity)
  if not k:isfinite():all():item() then
    fail("ValueError", "LinearHomeostasis: 'target' and 'plasticity' must make changes within %s, "
      .. "got a plasticity of %s and a target of %s", k.dtype, state.plasticity, target)
  end
  local up, down = unit:reduce(k:maximum(0)), unit:reduce(-k:minimum(0))
  if unit.param == "bias" then return connection:like_bias(up), connection:like_bias(down) end
  local shape = connection[unit.param].shape
  return up:expand(shape):contiguous(), down:expand(shape):contiguous()
end

-- ------------------------------------------------------------- pairs remembered

-- TRAINER -> function (unit): after each record of the unit's monitors, where
-- there are no events of it (src/train/eligibility.c).
local following = {}

function following.MSTDPET(unit)
  tools.remember(unit.handle,
    received(unit:pre "trace_pre" * unit:post "spike_post"),
    received(unit:post "trace_post" * unit:pre "spike_pre"))
end

local function eligibility(unit, name)
  local z = unit:peek(name)
  if not z then
    fail("RuntimeError", "MSTDPET: the layer has made no step since the cell was registered or "
      .. "the trainer cleared")
  end
  return z
end

function rules.MSTDPET(unit)
  return two_terms(unit, eligibility(unit, "elig_post"), unit.state.lr_post,
    eligibility(unit, "elig_pre"), unit.state.lr_pre)
end

-- ------------------------------------------------------------- calls from C

local function unit_of(handle, call)
  local links = tools.links(handle)
  return setmetatable({
    handle = handle, rule = links.rule, connection = links.cell.connection, state = links.state,
    param = links.param, call = call,
  }, Unit)
end

--- The terms of a unit, pos and neg, either of which may be nil; what the
--- trainer was called with follows the rule's name.
function tools.reduce_unit(handle, rule, signal, scale, target)
  return rules[rule](unit_of(handle, { signal = signal, scale = scale, target = target }))
end

--- After the unit's monitors have recorded.
function tools.follow_unit(handle)
  local unit = unit_of(handle)
  following[unit.rule](unit)
end
