-- Time of a step of connections whose weights have delays of their own, beside
-- the same without delays.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local SHARE <const>, STEPS <const> = 0.03, 50 -- of inputs that spike; steps drawn

local function case_of(name, delay, inputs, outputs, batch)
  local args = { step_time = 1, batch_size = batch, delay = delay,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  if name == "LinearDense" then
    args.in_shape, args.out_shape = inputs, outputs
  else
    args.shape = inputs
  end
  if delay then
    args.delay_init = function(d) return snn.uniform(0, delay, d.shape) end
  end
  local connection, pre, step = snn[name](args), {}, 0
  for i = 1, STEPS do pre[i] = snn.rand(batch, inputs):lt(SHARE) end
  local function forward()
    step = step % STEPS + 1
    return connection(pre[step])
  end
  return { name = delay and ("%s, delays to %d steps"):format(name, delay) or name, unit = "step",
    sizes = { inputs = inputs, outputs = outputs, batch = batch, delay = delay or 0 },
    fn = forward, check = function()
      local sum = 0
      for _ = 1, STEPS do sum = sum + forward():sum():item() end
      return sum
    end }
end

for _, shape in ipairs { { "LinearDense", 784, 100, 1 }, { "LinearDense", 784, 100, 20 },
  { "LinearDirect", 10000, 10000, 1 } } do
  snn.manual_seed(1)
  local name, inputs, outputs, batch = table.unpack(shape)
  local cases = {}
  for _, delay in ipairs { 0, 5, 20 } do
    table.insert(cases, case_of(name, delay > 0 and delay or nil, inputs, outputs, batch))
  end
  bench.compare("delay", cases)
end
