-- A spiking network learns to tell digits apart without being told what they
-- are, in the manner of Diehl & Cook (2015), "Unsupervised learning of digit
-- recognition using spike-timing-dependent plasticity". An excitatory neuron
-- that fires draws its weights towards the picture (STDP) and holds all others
-- back through its inhibitory partner, so that neurons come to stand for
-- different digits. Labels only tell, afterwards, which digit a neuron is for.
local snn = require "snn"
local option = snn.arguments { about = "A spiking network learns digits without labels.",
  { "data", nil, "folder of MNIST's files; without it digits are drawn", value = "DIR" },
  { "side", 10, "neurons on a side of the square" }, { "batch", 20, "pictures side by side" },
  { "samples", 4000, "pictures to train with" }, { "test", 1000, "others to test with" },
  { "seed", 1, "of all random numbers" }, { "threads", snn.get_num_threads(), "to work with" } }
snn.set_num_threads(option.threads)
snn.manual_seed(option.seed)

-- ---- network ----

local dt <const>, steps <const> = 1.0, 250 -- ms; steps that a picture is shown
local shape <const> = { option.side, option.side }
local charge = snn.DeltaCurrent.partialconstructor -- of a spike, pC

local layer = snn.Layer()
layer:add_neuron("exc", snn.ALIF { shape = shape, step_time = dt, rest_v = -65, reset_v = -60,
  thresh_eq_v = -52, refrac_t = 5, tc_membrane = 100, -- mV, ms
  tc_adaptation = 1e7, spike_increment = 0.1 }) -- the threshold rises with each spike
layer:add_neuron("inh", snn.LIF { shape = shape, step_time = dt, rest_v = -60, reset_v = -45,
  thresh_v = -40, refrac_t = 2, time_constant = 75 })

-- pixels to exc; each exc to its inh; each inh to all exc but its own
local function drawn(w) return snn.rescale(snn.rand(w.shape), 0, 0.3) end
local function all(value) return function(w) return snn.full(w.shape, value) end end
local enc = layer:add_connection("enc", snn.LinearDense { in_shape = { 28, 28 },
  out_shape = shape, step_time = dt, synapse = charge { spike_charge = 100 }, weight_init = drawn })
layer:add_connection("trig", snn.LinearDirect { shape = shape, step_time = dt,
  synapse = charge { spike_charge = 75 }, weight_init = all(22.5) })
layer:add_connection("inh", snn.LinearLateral { shape = shape, step_time = dt,
  synapse = charge { spike_charge = 100 }, weight_init = all(-180) })

-- Which neurons get what the connections put out. Change it and see!
function layer:wiring(inputs)
  return { exc = inputs.enc or inputs.inh, inh = inputs.trig }
end

-- ---- learning ----

enc.updater = enc:defaultupdater()
enc.updater.weight:upperbound(snn.functional.bound_upper_multiplicative, 1)
snn.Clamping { module = enc.updater, attr = "parent.weight", min = 0 }:register()
local trainer = snn.STDP { lr_post = 1e-3, lr_pre = -5e-5, tc_post = 30, tc_pre = 15 } -- ms
trainer:register_cell("enc", layer:add_cell("enc", "exc"))
local normalize = snn.Normalization { module = enc, attr = "weight", order = 1, dim = -1,
  scale = 78.4 } -- a neuron's weights sum to 0.1 for a pixel
local encoder = snn.HomogeneousPoissonEncoder { steps = steps, step_time = dt, frequency = 128 }
local classifier = snn.MaxRateClassifier { shape = shape, num_classes = 10, decay = 3e-3 }

-- Shows pictures side by side; the spikes of each excitatory neuron in a step.
local function present(x)
  local count = snn.zeros(#x, shape[1], shape[2])
  for _, neuron in layer:named_neurons() do neuron.batchsz = #x end
  for _, connection in layer:named_connections() do connection.batchsz = #x end
  for spikes in encoder:steps_of(x) do
    local fired = layer { enc = spikes }.exc
    count:add_(fired)
    layer { inh = layer { trig = fired }.inh }
    if layer.training then
      trainer()
      layer:update()
    end
  end
  layer:clear()
  trainer:clear()
  return count / steps
end

local function mnist(is_train) -- nil where there are no such files
  local ok, set = pcall(snn.data.mnist, option.data, { train = is_train })
  if not ok and not set.message:find("none of the files") then error(set, 0) end
  return ok and set or nil
end

-- What to train and to test with; one of MNIST's two sets is enough for both.
local function sets(n, m)
  local one, other = option.data and mnist(true), option.data and mnist(false)
  if one and other then return one:slice(1, n), other:slice(1, m) end
  if not option.data then one = snn.data.glyphs { n = n + m, seed = option.seed } end
  one = one or other or error("no files of MNIST in " .. option.data, 0)
  return one:slice(1, n), one:slice(n + 1, n + m)
end

-- ---- run ----

local train, test = sets(option.samples, option.test)
local size = { batch_size = option.batch }
local rates, labels, fired, right, start = {}, {}, 0, 0, snn.clock()
normalize { force = true }
for x, y in snn.progress(snn.data.loader(train, size), { desc = "train" }) do
  rates[#rates + 1], labels[#labels + 1] = present(x), y
  fired = fired + rates[#rates]:sum():item() * steps / #train
  normalize { force = true }
  if #rates == 10 then
    classifier:update(snn.cat(rates, 1), snn.cat(labels, 1))
    rates, labels = {}, {}
  end
end
if #rates > 0 then classifier:update(snn.cat(rates, 1), snn.cat(labels, 1)) end
local speed = #train / (snn.clock() - start)

layer:eval()
for x, y in snn.progress(snn.data.loader(test, size), { desc = "test" }) do
  right = right + classifier(present(x)):eq(y):sum():item() / #test
end

local fields = enc.weight:reshape(-1, 28, 28) -- a picture of each neuron's weights
local ok, why = pcall(snn.save_png, "quickstart.png", fields, { columns = option.side })
print(("%s\n%.1f spikes a sample"):format(ok and "receptive fields: quickstart.png" or why, fired))
if #test > 0 then print(("accuracy %.1f %%"):format(100 * right)) end
print(("%.1f samples/s"):format(speed))
