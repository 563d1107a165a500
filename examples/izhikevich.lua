-- Seven ways to fire that cortical and thalamic neurons have, from one model with
-- four numbers: Izhikevich (2003), "Simple model of spiking neurons", figure 2.
-- The paper's model is dv/dt = 0.04 v^2 + 5 v + 140 - u + I, du/dt = a (b v - u);
-- at 30 mV v becomes c and u grows by d. Here u is counted from b rest_v (w below),
-- so that 0.04 (v - rest_v) (v - crit_v) - w + I + 70 b - 14 is the same.
local snn = require "snn"
snn.arguments { about = "Seven ways to fire: Izhikevich (2003), figure 2." }

local dt <const> = 0.1 -- ms
local duration <const>, from <const> = 320, 20 -- ms; the current is switched on at `from`

-- name, a (1/ms), b, c (mV), d; currents: before, from 20 ms on, in a pulse
local patterns <const> = {
  { "regular spiking", 0.02, 0.2, -65, 8, 0, 10 },
  { "intrinsically bursting", 0.02, 0.2, -55, 4, 0, 10 },
  { "chattering", 0.02, 0.2, -50, 2, 0, 10 },
  { "fast spiking", 0.1, 0.2, -65, 2, 0, 10 },
  { "low-threshold spiking", 0.02, 0.25, -65, 2, 0, 10 },
  { "rebound burst (thalamic)", 0.02, 0.25, -65, 0.05, -10, 0 },
  { "resonator", 0.1, 0.26, -65, 2, 0, 0.2, 8 },
}
local pulse <const>, pulse_width <const> = 170, 4 -- ms

-- ---- the voltage of each in every step ----

local function traced(pattern)
  local _, a, b, c, d, at_first, later, in_pulse = table.unpack(pattern)
  local neuron = snn.Izhikevich { shape = 1, step_time = dt, rest_v = -70, crit_v = -55,
    affinity = 0.04, reset_v = c, thresh_v = 30, refrac_t = 0, tc_membrane = 1, -- mV, ms
    tc_adaptation = 1 / a, voltage_coupling = b, spike_increment = d }
  local voltages, spikes = {}, {}
  for step = 1 - 1000 / dt, duration / dt do -- a second to settle, not shown
    local ms = step * dt
    local current = ms < from and at_first or later
    if in_pulse and ms >= pulse and ms < pulse + pulse_width then current = current + in_pulse end
    local fired = neuron(snn.full({ 1, 1 }, current + 70 * b - 14)):item()
    if step > 0 then
      voltages[step] = fired and 30 or neuron.voltage:item() -- draw the peak
      if fired then spikes[#spikes + 1] = ms end
    end
  end
  return voltages, spikes
end

-- The shortest and the longest interval between two spikes, ms.
local function intervals(spikes)
  local shortest, longest
  for i = 2, #spikes do
    local interval = spikes[i] - spikes[i - 1]
    shortest, longest = math.min(shortest or interval, interval), math.max(longest or 0, interval)
  end
  return shortest, longest
end

local rows = {}
print("                          spikes  intervals (ms)")
for i, pattern in ipairs(patterns) do
  local voltages, spikes = traced(pattern)
  local shortest, longest = intervals(spikes)
  rows[i] = voltages
  print(("%-25s %6d  %s"):format(pattern[1], #spikes,
    shortest and ("%.1f to %.1f"):format(shortest, longest) or "-"))
end

-- ---- result: one curve below the other ----

local height <const>, top <const>, bottom <const> = 60, 35, -95 -- pixels; mV
local y = ((top - snn.tensor(rows)) / (top - bottom) * (height - 1)):round()
y = y:reshape(#patterns, 1, -1, 4) -- four steps share a column of pixels
local highest, lowest = y:amin(-1), y:amax(-1)
local row = snn.arange(height):view(height, 1)
local curves = row:ge(highest):logical_and(row:le(lowest))
local ok, why = pcall(snn.save_png, "izhikevich.png", curves, { columns = 1 })
print(ok and "voltages: izhikevich.png" or why)
