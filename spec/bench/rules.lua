-- Time of a step with rules that have delays, kernels or rates, beside one with STDP
-- of the same run: a share of the limit below 1 is more than three times that. With a
-- name and a number of steps it does these alone, for counts of instructions:
--
--   valgrind --tool=callgrind build/snnlua spec/bench/rules.lua KernelSTDP 120
local snn = require "snn"

local INPUTS <const>, OUTPUTS <const>, DELAY <const> = 784, 100, 20
local PRE <const>, POST <const> = 0.03, 0.01 -- share that spikes in a step
local STEPS <const> = 50                     -- drawn at first, then repeated

local PAIR <const> = { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30 }
local TIMES <const> = { lr_pos = 5e-4, lr_neg = -5e-6, tc_pos = 30, tc_neg = 30 }
local KERNELS <const> = {
  kernel_post = snn.functional.exp_stdp_post_kernel,
  kernel_pre = snn.functional.exp_stdp_pre_kernel,
  kernel_post_kwargs = { learning_rate = 5e-4, time_constant = 30 },
  kernel_pre_kwargs = { learning_rate = -5e-6, time_constant = 30 },
}
local SCRIPTED <const> = {
  kernel_post = function(t) return (t * 1e-4):clamp(0, 1) end,
  kernel_pre = function(t) return (t * 1e-4):clamp(-1, 0) end,
}

local function learned(args)
  local out = { delayed = true }
  for name, value in pairs(args) do out[name] = value end
  return out
end

local RULES <const> = {
  { "STDP", "STDP", PAIR },
  { "STDP, delays", "STDP", PAIR, delay = true },
  { "STDP, delayed", "STDP", learned(PAIR), delay = true },
  { "MSTDP, delayed", "MSTDP", learned(PAIR), delay = true, reward = 0.5 },
  { "KernelSTDP", "KernelSTDP", KERNELS },
  { "KernelSTDP, delayed", "KernelSTDP", learned(KERNELS), delay = true },
  { "KernelSTDP in Lua", "KernelSTDP", SCRIPTED },
  { "DelayAdjustedSTDP", "DelayAdjustedSTDP", TIMES, delay = true },
  { "DelayAdjustedMSTDP", "DelayAdjustedMSTDP", TIMES, delay = true, reward = 0.5 },
  { "DelayAdjustedSTDPD", "DelayAdjustedSTDPD", TIMES, delay = true },
  { "LinearHomeostasis", "LinearHomeostasis", { plasticity = 1e-5, target = 0.01 } },
}

-- A function that does the next step, and the connection that learns.
local function network(rule)
  snn.manual_seed(1)
  local connection = snn.LinearDense { in_shape = INPUTS, out_shape = OUTPUTS, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    delay = rule.delay and DELAY or nil,
    delay_init = rule.delay and function(d) return (d * DELAY):round() end or nil }
  local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
    shape = OUTPUTS, step_time = 1, rest_v = -60, thresh_v = -50 } }
  connection.updater = connection:defaultupdater()
  local trainer = snn[rule[2]](rule[3])
  trainer:register_cell("only", layer.cell)
  local pre, post, step = {}, {}, 0
  for i = 1, STEPS do
    pre[i] = snn.rand(1, INPUTS):lt(PRE)
    post[i] = { neuron_kwargs = { override = snn.rand(1, OUTPUTS):lt(POST) } }
  end
  return function()
    step = step % STEPS + 1
    layer:forward(pre[step], post[step])
    if rule.reward then trainer(rule.reward) else trainer() end
    connection:update()
  end, connection
end

snn.warnings(false) -- delays that learning moves outside
local name, count = ...
if math.tointeger(count) then
  for _, rule in ipairs(RULES) do
    if rule[1] == name then
      local step = network(rule)
      for _ = 1, math.tointeger(count) do step() end
    end
  end
  return
end

local bench = require "spec.bench.support.harness"
local cases = {}
for i, rule in ipairs(RULES) do
  local step, connection = network(rule)
  cases[i] = { name = rule[1], unit = "step", fn = step,
    sizes = { inputs = INPUTS, outputs = OUTPUTS, batch = 1 },
    limit = function(median) return 3 * median "STDP", "three times STDP" end,
    check = function()
      for _ = 1, STEPS do step() end
      return connection.weight:sum():item()
    end }
end
bench.compare("rules", cases)
