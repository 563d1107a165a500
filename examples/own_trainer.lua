-- A learning rule of one's own. At a postsynaptic spike each weight moves by how
-- much more its input has fired lately than a target says:
--
--   dw = lr (x_pre - target) at a postsynaptic spike
--
-- (Diehl & Cook 2015, without the weight dependence). One neuron sees 16 inputs,
-- of which the first 8 fire together; the rule finds them.
--
--   snnlua examples/own_trainer.lua
local snn = require "snn"
snn.arguments { about = "A learning rule of one's own." }

-- ------------------------------------------------------------- the rule

local TargetTrace = snn.class("TargetTrace", snn.IndependentCellTrainer)

function TargetTrace.init(self, args)
  snn.IndependentCellTrainer.init(self)
  self.lr, self.target, self.tc = args.lr, args.target, args.tc
end

function TargetTrace:register_cell(name, cell)
  local dt = cell.connection.dt
  self:add_cell(name, cell, {}, { "weight" })
  self:add_monitor(name, "trace", "connection.synspike", snn.StateMonitor.partialconstructor {
    reducer = snn.CumulativeTraceReducer { step_time = dt, time_constant = self.tc,
      amplitude = 1, target = true } })
  self:add_monitor(name, "spike", "neuron.spike", snn.StateMonitor.partialconstructor {
    reducer = snn.PassthroughReducer { step_time = dt } })
  return self:get_unit(name)
end

function TargetTrace:forward()
  for cell, _, monitors in self:units() do
    local c = cell.connection
    local pre = c:presyn_receptive(monitors.trace:peek() - self.target)
    local post = c:postsyn_receptive(monitors.spike:peek():to(c.dtype))
    local change = (pre * post):sum(-1):mean(1) * self.lr
    c.updater.weight = { change:maximum(0), -change:minimum(0) }
  end
end

-- ------------------------------------------------------------- the network

snn.manual_seed(1)
local STEPS, INPUTS = 4000, 16

local connection = snn.LinearDense { in_shape = INPUTS, out_shape = 1, step_time = 1,
  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 40 },
  weight_init = function(w) return w * 0.2 + 0.4 end }
local neuron = snn.LIF { shape = 1, step_time = 1, rest_v = -65, reset_v = -70, thresh_v = -52,
  refrac_t = 3, time_constant = 20 }
local layer = snn.Serial { connection = connection, neuron = neuron }

connection.updater = connection:defaultupdater()
connection.updater.weight:fullbound(snn.functional.bound_multiplicative, 1, 0)

local trainer = TargetTrace { lr = 0.02, target = 0.4, tc = 10 }
trainer:register_cell("only", layer.cell)

-- Each input fires at random at 10 Hz; 50 times a second the first half fires
-- together.
local function inputs()
  local spikes = snn.rand(1, INPUTS):lt(0.01)
  if snn.rand(1)[1] < 0.05 then spikes = spikes:logical_or(snn.arange(INPUTS):lt(INPUTS / 2)) end
  return spikes
end

local fired = 0
for _ = 1, STEPS do
  fired = fired + layer(inputs()):sum():item()
  trainer()
  layer:update()
end

-- ------------------------------------------------------------- the result

print(("%d ms, %d spikes of the neuron"):format(STEPS, fired))
for i, w in ipairs(connection.weight:flatten():totable()) do
  print(("input %2d  weight %.2f  %s"):format(i, w, ("#"):rep(math.floor(w * 40 + 0.5))))
end
