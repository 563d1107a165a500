-- `snnlua new NAME`: an experiment to begin with. It is a whole one, that runs as it is:
-- numbers with units, a network that learns, checkpoints, a result; comments say what is
-- meant to be changed.
local FAILED <const> = 1 -- exit code

local TEXT <const> = [=[
-- NAME: an experiment with a network of spiking neurons.
--
--   snnlua NAME.lua                                begins
--   snnlua --resume NAME.safetensors NAME.lua      goes on where it was stopped
--   snnlua -i NAME.lua                             runs, then gives you the prompt
--
-- At the prompt: ?snn.LIF tells of a name, layer shows the network, :help lists commands.
local snn = require "snn"

local option = snn.arguments {
  about = "Twenty inputs of which half fire together; one neuron learns which.",
  { "seed", 1, "of all random numbers" },
  { "epochs", 20, "how often the inputs are shown" },
}
snn.manual_seed(option.seed)

-- ------------------------------------------------------------- the network

local DT <const>, DURATION <const> = 1.0, 200 -- ms; of a presentation
local INPUTS <const> = 20

local layer = snn.Layer()

-- All inputs to one neuron. A spike is a current for one step: 150 pC / 1 ms = 150 nA.
local enc = layer:add_connection("enc", snn.LinearDense {
  in_shape = INPUTS, out_shape = 1, step_time = DT,
  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 150 },
  weight_init = { "uniform", 0.1, 0.3 },
})
local exc = layer:add_neuron("exc", snn.LIF {
  shape = 1, step_time = DT, rest_v = -65, reset_v = -65, thresh_v = -52, -- mV
  refrac_t = 3, time_constant = 20, -- ms
})

-- Which neurons get what the connections put out. It runs in each step, may read any
-- state of the layer, and may be replaced while the network runs.
function layer:wiring(inputs) return { exc = inputs.enc } end

-- ------------------------------------------------------------- learning

enc.updater = enc:defaultupdater()
enc.updater.weight:fullbound(snn.functional.bound_multiplicative, 1, 0) -- weights stay in [0, 1]
-- What came shortly before a spike of the neuron gains, what comes long after it loses.
local stdp = snn.STDP { lr_post = 0.02, lr_pre = -0.015, tc_pre = 5, tc_post = 40 } -- ms
stdp:register_cell("enc", layer:add_cell("enc", "exc"))

-- ------------------------------------------------------------- the run

-- The first half of the inputs fires at 30 Hz, all at once; the others each by
-- themselves, at the same rate.
local function presentation()
  local together = snn.rand(DURATION, 1, 1):lt(30 * DT / 1000):expand(DURATION, 1, INPUTS // 2)
  local alone = snn.rand(DURATION, 1, INPUTS // 2):lt(30 * DT / 1000)
  return snn.cat({ together, alone }, 3) -- (steps, batch, inputs)
end

-- Saves every 5 epochs; a run that was stopped goes on where it was, to the same bits.
local checkpoint = snn.checkpoint { path = "NAME.safetensors", every = 5,
  objects = { layer = layer, stdp = stdp } }

for epoch = checkpoint.step + 1, option.epochs do
  local spikes = 0
  local x = presentation()
  for step = 1, DURATION do
    spikes = spikes + layer { enc = x[step] }.exc:sum():item()
    stdp()
    layer:update()
  end
  layer:clear()
  stdp:clear()
  print(("epoch %d: %d spikes of the neuron"):format(epoch, spikes))
  checkpoint()
end

-- ------------------------------------------------------------- the result

local half = INPUTS // 2
local TEXT <const> = "weights of inputs that fire together %.2f, of the others %.2f"
print(TEXT:format(enc.weight:slice(2, 1, half):mean():item(),
  enc.weight:slice(2, half + 1, INPUTS):mean():item()))
]=]

-- A name that is a file's and can stand in a comment.
local function check(name)
  if not name then return "needs a name" end
  if name:find "%c" or name:sub(-1) == "/" then return "'" .. name .. "' is no name of a file" end
end

return function(args)
  local wrong = check(args[1]) or (args[2] and "takes one name, got also '" .. args[2] .. "'")
  if wrong then return wrong end
  local path = args[1]:gsub("%.lua$", "") .. ".lua"
  local name = path:match "([^/]+)%.lua$"
  if not name then return "'" .. args[1] .. "' is no name of a file" end
  local there = io.open(path)
  if there then
    there:close()
    return ("'%s' is there already; choose another name"):format(path), FAILED
  end
  local file, why = io.open(path, "w")
  if not file then return ("cannot write %s"):format(why), FAILED end
  file:write((TEXT:gsub("NAME", (name:gsub("%%", "%%%%")))))
  file:close()
  print(("%s: run it with `snnlua %s`"):format(path, path))
end
