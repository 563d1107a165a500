-- A run that may be stopped at any time, by Ctrl-C, a crash or a cluster's clock, and
-- goes on where it saved last, to the same bits as if nothing had happened. A small
-- network learns digits without labels, as in quickstart.lua, for some epochs.
--
--   snnlua examples/checkpoint.lua                                   begins
--   snnlua --resume checkpoint.safetensors examples/checkpoint.lua   goes on
--   snnlua inspect checkpoint.safetensors                            what is in the file
local snn = require "snn"

local option = snn.arguments { about = "A run that may be stopped at any time and goes on.",
  { "epochs", 3, "how often all pictures are shown" }, { "samples", 1000, "pictures" } }
snn.manual_seed(1)

-- ------------------------------------------------------------- the network

local N <const>, DT <const>, STEPS <const> = 40, 1, 100 -- neurons; ms; of a picture

local layer = snn.Layer {
  wiring = function(_, inputs) return { exc = inputs.enc + inputs.lateral } end,
}
local enc = layer:add_connection("enc", snn.LinearDense { in_shape = { 28, 28 }, out_shape = N,
  step_time = DT, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
  weight_init = function(w) return 0.3 * snn.rand(w.shape) end })
layer:add_connection("lateral", snn.LinearLateral { shape = N, step_time = DT,
  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
  weight_init = function(w) return snn.full(w.shape, -120) end })
local exc = layer:add_neuron("exc", snn.ALIF { shape = N, step_time = DT, rest_v = -65,
  reset_v = -60, thresh_eq_v = -52, refrac_t = 5, tc_membrane = 100, tc_adaptation = 1e7,
  spike_increment = 0.1 }) -- mV, ms

enc.updater = enc:defaultupdater()
enc.updater.weight:upperbound(snn.functional.bound_upper_multiplicative, 1)
snn.Clamping { module = enc.updater, attr = "parent.weight", min = 0 }:register()
local trainer = snn.STDP { lr_post = 1e-3, lr_pre = -1e-5, tc_post = 30, tc_pre = 30 }
trainer:register_cell("enc", layer:add_cell("enc", "exc"))
local normalize = snn.Normalization { module = enc, attr = "weight", order = 1, dim = -1,
  scale = 78.4 } -- a neuron's weights sum to 0.1 for a pixel
normalize { force = true }

local encoder = snn.HomogeneousPoissonEncoder { steps = STEPS, step_time = DT, frequency = 128 }
local classifier = snn.MaxRateClassifier { shape = N, num_classes = 10, decay = 1e-3 }

-- Shows pictures side by side; the neurons' spikes in a step.
local function present(x)
  local count = snn.zeros(#x, N)
  for _, member in layer:named_connections() do member.batchsz = #x end
  exc.batchsz = #x
  for spikes in encoder:steps_of(x) do
    count:add_(layer { enc = spikes, lateral = exc.spike }.exc)
    trainer()
    layer:update()
  end
  layer:clear()
  trainer:clear()
  return count / STEPS
end

-- ------------------------------------------------------------- the run

local digits = snn.data.glyphs { n = option.samples, seed = 1 }
local batches = snn.data.loader(digits, { batch_size = 20, shuffle = true })

-- All that changes while it runs: also the script's own numbers, in a table.
local run = { epoch = 1, right = 0 }
local checkpoint = snn.checkpoint {
  path = "checkpoint.safetensors", every = 10, keep = 2,
  objects = { layer = layer, trainer = trainer, encoder = encoder, classifier = classifier,
    batches = batches, run = run },
}
if checkpoint.step > 0 then print(("goes on behind batch %d"):format(checkpoint.step)) end

for epoch = run.epoch, option.epochs do
  for x, y in batches do -- the first time behind the batch of the file
    local rates = present(x)
    normalize { force = true }
    run.right = run.right + classifier(rates):eq(y):sum():item()
    classifier:update(rates, y)
    checkpoint()
  end
  print(("epoch %d: %.1f %% right"):format(epoch, 100 * run.right / #digits))
  run.epoch, run.right = epoch + 1, 0
end
checkpoint:save()
