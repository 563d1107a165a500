-- How often the neurons of the library fire at a constant current: their f-I
-- curves. All begin to fire at about 10 nA and have a membrane of 20 ms, so that
-- what differs is the model. A group holds one neuron for each current. Neurons
-- that adapt fire fast at first and settle at a lower rate; for them both are
-- shown. ExactNeuron is missing: it fires when it is told to.
local snn = require "snn"
snn.arguments { about = "Rates of all neurons at constant currents." }

local dt <const>, duration <const> = 0.05, 1000 -- ms
local currents <const> = snn.tensor { 5, 9, 11, 12, 15, 20, 30, 40 } -- nA
local n <const> = #currents
local rest <const>, refrac <const>, tc <const> = -65, 2, 20 -- mV, ms, ms

-- With a resistance of 1 MOhm (the default) 1 nA lifts the voltage by 1 mV in the end.
local adaptation <const> = { tc_adaptation = 100, voltage_coupling = 0.1, spike_increment = 2 }
local models <const> = { -- ms, mV; adaptation of currents in uS, nA
  { "LIF", reset_v = rest, thresh_v = -55, time_constant = tc },
  { "ALIF", reset_v = rest, thresh_eq_v = -55, tc_membrane = tc, tc_adaptation = 100,
    spike_increment = 1 },
  { "GLIF1", reset_v = rest, thresh_v = -55, time_constant = tc },
  { "GLIF2", reset_v_add = 5, reset_v_mul = 0.5, thresh_eq_v = -55, tc_membrane = tc,
    rc_adaptation = { 1 / 100, 1 / 10 }, spike_increment = { 1, 2 } }, -- 1/ms, mV
  { "QIF", reset_v = rest, crit_v = -55, affinity = 0.4, thresh_v = -30, time_constant = tc },
  { "Izhikevich", reset_v = rest, crit_v = -55, affinity = 0.4, thresh_v = -30, tc_membrane = tc,
    adaptation },
  { "EIF", reset_v = rest, rheobase_v = -53, sharpness = 2, thresh_v = -30, time_constant = tc },
  { "AdEx", reset_v = rest, rheobase_v = -53, sharpness = 2, thresh_v = -30, tc_membrane = tc,
    adaptation },
}

local function made(model)
  local args = { shape = n, step_time = dt, rest_v = rest, refrac_t = refrac }
  for _, part in ipairs { model, model[2] } do
    for name, value in pairs(part) do
      if type(name) == "string" then args[name] = value end
    end
  end
  return snn[model[1]](args)
end

-- The rates by the first and by the last interval between two spikes, Hz.
local function rates(neuron)
  local input, zero = currents:unsqueeze(1), snn.zeros(n)
  local last_spike, first, last = zero, zero, zero -- ms
  for step = 1, duration / dt do
    local now, fired = step * dt, neuron(input):squeeze(1)
    last = fired:logical_and(last_spike:gt(0)):where(now - last_spike, last)
    first = first:eq(0):where(last, first)
    last_spike = fired:where(now, last_spike)
  end
  return first:gt(0):where(1000 / first, zero), last:gt(0):where(1000 / last, zero)
end

-- ---- result: a table ----

local function print_row(name, values)
  local cells = {}
  for i = 1, n do cells[i] = ("%7.1f"):format(values[i]) end
  print(("%-24s%s"):format(name, table.concat(cells)))
end

print_row("current (nA)", currents)
for _, model in ipairs(models) do
  local neuron = made(model)
  local first, last = rates(neuron)
  local name = model[1]
  if first:sub(last):abs():max():item() < 0.01 * last:max():item() then
    print_row(name .. " (Hz)", last)
  else
    print_row(name .. ", at first (Hz)", first)
    print_row(name .. ", settled (Hz)", last)
  end
end

-- What the equation of the LIF gives: refrac + tc ln(I / (I - 10 nA)) from spike to spike.
local above = currents:gt(10)
local law = 1000 / (refrac + tc * (currents / (currents - 10)):log())
print_row("LIF, by its law (Hz)", above:where(law, 0))
