-- Learning by spike timing, without and with a reward: Florian (2007), "Reinforcement
-- learning through modulation of spike-timing-dependent synaptic plasticity", figure
-- 1. One synapse sees four spikes on either side; the reward is 1 for the first
-- 100 ms and -1 for the next. STDP takes no notice of the reward. MSTDP multiplies
-- each change by the reward of its moment. MSTDPET keeps changes in an eligibility
-- trace that fades over 25 ms, and the reward of later moments acts on it.
local snn = require "snn"
snn.arguments { about = "Learning by spike timing with a reward: Florian (2007), figure 1." }

local dt <const>, duration <const>, reversal <const> = 1.0, 200, 100 -- ms
local spikes <const> = { before = { 10, 85, 115, 135 }, behind = { 15, 75, 110, 140 } } -- ms
local rules <const> = { "STDP", "MSTDP", "MSTDPET" }

local function learning(rule)
  return { lr_post = 0.2, lr_pre = -0.2, tc_post = 20, tc_pre = 20, -- ms
    tc_eligibility = rule == "MSTDPET" and 25 or nil }
end

-- ---- a synapse for each rule ----

local subjects = {}
for i, rule in ipairs(rules) do
  local synapse = snn.LinearDirect { shape = 1, step_time = dt,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    weight_init = function(w) return snn.full(w.shape, 0.2) end }
  local target = snn.ExactNeuron { shape = 1, step_time = dt, rest_v = -60, thresh_v = -40 } -- mV
  local layer = snn.Serial { connection = synapse, neuron = target }
  synapse.updater = synapse:defaultupdater()
  local trainer = snn[rule](learning(rule))
  trainer:register_cell("only", layer.cell)
  subjects[i] = { rule = rule, layer = layer, trainer = trainer, synapse = synapse }
end

local function spike_at(ms, side)
  for _, at in ipairs(spikes[side]) do
    if at == ms then return snn.ones(1, 1) end
  end
  return snn.zeros(1, 1)
end

-- ---- 200 ms ----

local curves = {} -- name -> value in each ms
local function record(name, value)
  curves[name] = curves[name] or {}
  table.insert(curves[name], value:item())
end

for ms = 1, duration do
  local before, behind = spike_at(ms, "before"), spike_at(ms, "behind")
  local reward = ms <= reversal and 1 or -1
  for _, subject in ipairs(subjects) do
    subject.layer(before, { neuron_kwargs = { override = behind } })
    if subject.rule == "STDP" then subject.trainer() else subject.trainer(reward) end
    subject.layer:update()
    record(subject.rule, subject.synapse.weight)
  end
  local function trace(of, name) return subjects[of].trainer:get_monitor("only", name):peek() end
  record("spikes before", before)
  record("spikes behind", behind)
  record("trace of spikes before", trace(2, "trace_pre"))
  record("trace of spikes behind", -trace(2, "trace_post"))
  record("eligibility", trace(3, "elig_post") - trace(3, "elig_pre"))
end

-- ---- result: the weights, a table, and the figure ----

print("time (ms)  " .. table.concat(rules, "     "))
for ms = 20, duration, 20 do
  print(("%9d%8.4f%9.4f%9.4f"):format(ms, curves.STDP[ms], curves.MSTDP[ms], curves.MSTDPET[ms]))
end

local height <const> = 60 -- pixels for each curve
local row, pictures = snn.arange(height):view(height, 1), {}
for _, name in ipairs { "spikes before", "trace of spikes before", "spikes behind",
  "trace of spikes behind", "eligibility", "STDP", "MSTDP", "MSTDPET" } do
  local values = snn.tensor(curves[name])
  values = snn.stack({ values, values, values, values }, 2):flatten() -- 4 pixels for each ms
  local y = (snn.rescale(-values, 0, 1) * (height - 1)):round()
  local before = snn.cat({ y:slice(1, 1, 1), y:slice(1, 1, -2) }, 1) -- one pixel to the left
  pictures[#pictures + 1] = row:ge(y:minimum(before)):logical_and(row:le(y:maximum(before)))
end
local figure = snn.stack(pictures, 1)
local ok, why = pcall(snn.save_png, "florian.png", figure, { columns = 1 })
print(ok and "figure: florian.png" or why)
