-- Classes of scripts that the specs of this folder share.
local snn = require "snn"

local own = {}

--- Leaky neurons as LIF computes them, and how often each has spiked.
own.Leaky = snn.class("Leaky", snn.Neuron)
own.Leaky.states = {
  trace = { of = "neuron", unit = "mV", doc = "what decays", init = 2 },
  spikes = { of = "shape", type = "int64", stays = true },
}

function own.Leaky.init(self, args)
  snn.Neuron.init(self, { shape = args.shape, step_time = args.step_time or 1,
    batch_size = args.batch_size, dtype = args.dtype, rest_v = -60 })
  self.tau, self.thresh = args.tau or 20, args.thresh or -50
end

function own.Leaky:forward(input)
  local decay = math.exp(-self.dt / self.tau)
  local voltage = -60 + (self.voltage + 60) * decay + input * (1 - decay)
  local spikes = voltage:ge(self.thresh)
  self.voltage = voltage:masked_fill(spikes, -60)
  self.trace = self.trace * 0.5 + spikes
  self.spikes = self.spikes + spikes:to("int64"):sum(1)
  return spikes
end

--- Currents that decay, as those of SingleExponentialCurrent with a charge of
--- 30 tau.
own.Decaying = snn.class("Decaying", snn.Synapse)
own.Decaying.states = { left = { of = "input", unit = "nA" } }

function own.Decaying.init(self, args)
  snn.Synapse.init(self, { shape = args.shape, step_time = args.step_time, delay = args.delay,
    batch_size = args.batch_size, dtype = args.dtype })
  self.tau = args.tau or 10
end

function own.Decaying:forward(spikes)
  self.left = self.left * math.exp(-self.dt / self.tau) + spikes:to(self.dtype) * 30
  return self.left
end

--- The currents of LinearDense, halved.
own.Half = snn.class("Half", snn.Connection)
own.Half.states = { calls = { of = "one", type = "int64" } }

function own.Half:forward(spikes)
  self.calls = self.calls + 1
  return self.synapse(spikes):matmul(self.weight:transpose(1, 2)) * 0.5
end

function own.delta() return snn.DeltaCurrent.partialconstructor { spike_charge = 30 } end

--- Asserts that fn() raises an error of this kind (nil: of any) that holds text.
function own.fails(fn, kind, text)
  local ok, err = pcall(fn)
  if ok then error("no error came", 2) end
  if not tostring(err):find(text, 1, true) or kind and err.kind ~= kind then
    error(("wanted %s '%s', got %s"):format(kind, text, tostring(err)), 2)
  end
end

return own
