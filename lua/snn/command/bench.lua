-- `snnlua bench [SECONDS]`: what a step of small networks costs on this machine, in a few
-- seconds; the benchmarks that are held against yardsticks are in spec/bench.
local snn, _, tools = ...

local MOST <const> = 3600 -- s
local ROUNDS <const> = 11 -- whose median is told

local function spikes_of(batch, n, share) return snn.rand(batch, n):lt(share) end

-- A network of Diehl & Cook's kind, and whether it learns.
local function network(batch, neurons, learns)
  local layer = snn.Layer { wiring = function(_, i) return { exc = i.enc } end }
  local enc = layer:add_connection("enc", snn.LinearDense { in_shape = 784, out_shape = neurons,
    step_time = 1, batch_size = batch, weight_init = { "uniform", 0, 0.3 },
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 } })
  layer:add_neuron("exc", snn.ALIF { shape = neurons, step_time = 1, batch_size = batch,
    rest_v = -65, reset_v = -60, thresh_eq_v = -52, refrac_t = 5, tc_membrane = 100,
    tc_adaptation = 1e7, spike_increment = 0.05 })
  local trainer
  if learns then
    enc.updater = enc:defaultupdater()
    trainer = snn.STDP { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30 }
    trainer:register_cell("enc", layer:add_cell("enc", "exc"))
  end
  local x = spikes_of(batch, 784, 0.02)
  return function()
    layer { enc = x }
    if trainer then
      trainer()
      layer:update()
    end
  end
end

local CASES <const> = {
  { "784 inputs at 2 % to 100 neurons", function() return network(1, 100, false) end },
  { "the same with STDP", function() return network(1, 100, true) end },
  { "the same, a batch of 20", function() return network(20, 100, true) end },
  { "784 inputs to 1,000 neurons, STDP", function() return network(1, 1000, true) end },
  { "10,000 LIF neurons, no input", function()
    local lif = snn.LIF { shape = 10000, step_time = 1, rest_v = -65, reset_v = -65,
      thresh_v = -50, refrac_t = 2, time_constant = 20 }
    local current = snn.rand(1, 10000) * 20
    return function() lif(current) end
  end },
}

-- Microseconds a step: the median of rounds.
local function measure(step, seconds)
  local start, count = snn.clock(), 0
  repeat
    step()
    count = count + 1
  until snn.clock() - start > seconds / (ROUNDS + 1)
  local times = {}
  for round = 1, ROUNDS do
    local begin = snn.clock()
    for _ = 1, count do step() end
    times[round] = (snn.clock() - begin) / count * 1e6
  end
  table.sort(times)
  return times[(ROUNDS + 1) // 2]
end

return function(args)
  local seconds = tonumber(args[1] or 1)
  if not seconds or not (seconds > 0 and seconds <= MOST) then
    return ("takes a number of seconds up to %d, got '%s'"):format(MOST, args[1])
  end
  if args[2] then return "takes one number, got also '" .. args[2] .. "'" end
  snn.manual_seed(1)
  local machine = tools.machine()
  print(("snnlua %s, %s threads, %s; microseconds a step"):format(machine.version,
    machine.threads, machine.processor or "processor not known"))
  for _, case in ipairs(CASES) do
    print(("%-36s %10s"):format(case[1], tools.fixed(measure(case[2](), seconds), 1)))
  end
end
