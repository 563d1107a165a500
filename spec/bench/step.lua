-- What a step of a connection costs: over the share of inputs that spike, and over
-- how long its delays are, from 10^3 to 10^6 neurons, sparse and dense, with a
-- synapse that forgets at once and one that decays. Each input has 20 synapses:
-- the sparse connection spreads them over as many outputs as there are inputs, the
-- dense one has 20 outputs.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local DEGREE <const>, STEPS <const> = 20, 20 -- synapses of an input; steps drawn
local SHARES <const>, DELAYS <const> = { 0, 0.001, 0.01, 0.1, 1 }, { 1, 20, 200 }
local SHARE_OF_DELAYS <const> = 0.01

local SYNAPSES <const> = {
  delta = function() return snn.DeltaCurrent.partialconstructor { spike_charge = 1 } end,
  exponential = function()
    return snn.SingleExponentialCurrent.partialconstructor { spike_charge = 1, time_constant = 5 }
  end,
}

local MAKERS <const> = {
  sparse = function(args, neurons)
    args.in_shape, args.out_shape = neurons, neurons
    args.synapses = snn.connect.fixed_out_degree { n = DEGREE }
    return snn.LinearSparse(args)
  end,
  dense = function(args, neurons)
    args.in_shape, args.out_shape = neurons, DEGREE
    return snn.LinearDense(args)
  end,
}

-- Delays of 1 to so many steps, each synapse's own; none where it is 0.
local function connection_of(kind, synapse, neurons, delay)
  local args = { step_time = 1, synapse = SYNAPSES[synapse](), weight_init = 0.5 }
  if delay > 0 then
    args.delay = delay
    args.delay_init = function(d) return (snn.rand(d.shape) * delay):floor() + 1 end
  end
  return MAKERS[kind](args, neurons)
end

local function case_of(connection, sizes, share, delay)
  local pre, step, spikes = {}, 0, 0
  for i = 1, STEPS do
    pre[i] = snn.rand(1, sizes.neurons):lt(share)
    spikes = spikes + pre[i]:sum():item()
  end
  local function fn()
    step = step % STEPS + 1
    return connection(pre[step])
  end
  local all = { share = share, delay = delay }
  for name, value in pairs(sizes) do all[name] = value end
  local name = ("%s, %s, %g spike, delays to %d"):format(sizes.kind, sizes.synapse, share, delay)
  return { name = name, unit = "step", sizes = all, events = spikes * DEGREE // STEPS, fn = fn,
    check = function()
      connection:clear()
      local sum = 0
      for _ = 1, STEPS do sum = sum + fn():sum():item() end
      return sum
    end }
end

local function measure(kind, synapse, neurons)
  local sizes, cases = { kind = kind, synapse = synapse, neurons = neurons }, {}
  local connection = connection_of(kind, synapse, neurons, 0)
  for i, share in ipairs(SHARES) do cases[i] = case_of(connection, sizes, share, 0) end
  bench.compare("step", cases)
  for _, delay in ipairs(DELAYS) do
    if kind == "dense" and neurons * delay > 1e8 then break end -- takes a minute to make
    connection = connection_of(kind, synapse, neurons, delay)
    bench.compare("step", { case_of(connection, sizes, SHARE_OF_DELAYS, delay) })
  end
end

for power = 3, 6 do
  for _, kind in ipairs { "sparse", "dense" } do
    for _, synapse in ipairs { "delta", "exponential" } do
      snn.manual_seed(1)
      measure(kind, synapse, math.tointeger(10 ^ power))
      collectgarbage()
    end
  end
end
