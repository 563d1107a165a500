-- Training of examples/quickstart.lua from a plain Lua loop, in turns with two
-- programs written by hand for it: one of the same steps (yardstick_plain.c) and
-- one that rearranges them (yardstick_quickstart.c). Each run is from the same
-- pictures and untrained weights. And its evaluation.
-- `--data DIR` takes pictures of MNIST instead of drawn digits.
local snn = require "snn"
local bench = require "spec.bench.support.harness"

local RUNS <const>, STEPS <const> = 5, 250
local PLAIN <const>, REARRANGED <const> = "yardstick_plain", "yardstick_quickstart"
-- batch size, samples of a run for each side
local CASES <const> = { { 1, { [10] = 60, [20] = 40, [40] = 20 } },
  { 20, { [10] = 400, [20] = 200, [40] = 100 } }, { 100, { [10] = 500, [20] = 300, [40] = 200 } } }
local MOST <const> = 500

-- ---- the model, as in the example ----

local function all(value) return function(w) return snn.full(w.shape, value) end end

local function network(side, batch)
  local shape, charge = { side, side }, snn.DeltaCurrent.partialconstructor
  local layer = snn.Layer()
  layer:add_neuron("exc", snn.ALIF { shape = shape, step_time = 1, rest_v = -65, reset_v = -60,
    thresh_eq_v = -52, refrac_t = 5, tc_membrane = 100, tc_adaptation = 1e7,
    spike_increment = 0.05 })
  layer:add_neuron("inh", snn.LIF { shape = shape, step_time = 1, rest_v = -60, reset_v = -45,
    thresh_v = -40, refrac_t = 2, time_constant = 75 })
  local enc = layer:add_connection("enc", snn.LinearDense { in_shape = { 28, 28 },
    out_shape = shape, step_time = 1, synapse = charge { spike_charge = 100 },
    weight_init = function(w) return snn.rescale(snn.rand(w.shape), 0, 0.3) end })
  layer:add_connection("trig", snn.LinearDirect { shape = shape, step_time = 1,
    synapse = charge { spike_charge = 75 }, weight_init = all(22.5) })
  layer:add_connection("inh", snn.LinearLateral { shape = shape, step_time = 1,
    synapse = charge { spike_charge = 100 }, weight_init = all(-180) })
  function layer:wiring(inputs)
    return { exc = inputs.enc or inputs.inh, inh = inputs.trig }
  end
  enc.updater = enc:defaultupdater()
  enc.updater.weight:upperbound(snn.functional.bound_upper_multiplicative, 1)
  snn.Clamping { module = enc.updater, attr = "parent.weight", min = 0 }:register()
  local trainer = snn.STDP { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30 }
  trainer:register_cell("enc", layer:add_cell("enc", "exc"))
  for _, neuron in layer:named_neurons() do neuron.batchsz = batch end
  for _, connection in layer:named_connections() do connection.batchsz = batch end
  return { layer = layer, trainer = trainer, enc = enc,
    normalize = snn.Normalization { module = enc, attr = "weight", order = 1, dim = -1,
      scale = 78.4 },
    encoder = snn.HomogeneousPoissonEncoder { steps = STEPS, step_time = 1, frequency = 128 } }
end

-- Spikes of a batch of pictures.
local function present(net, x)
  local layer, trainer = net.layer, net.trainer
  local count = snn.zeros(#x, table.unpack(layer.neurons.exc.shape))
  for spikes in net.encoder:steps_of(x) do
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
  return count:sum():item()
end

-- Seconds and spikes of all samples.
local function show(net, pictures, batch)
  local fired, start = 0, snn.clock()
  for x in snn.data.loader(pictures, { batch_size = batch }) do
    fired = fired + present(net, x)
    if net.layer.training then net.normalize { force = true } end
  end
  return snn.clock() - start, math.tointeger(fired)
end

-- ---- pictures ----

local function pictures_of(folder)
  if not folder then return snn.data.glyphs { n = MOST, seed = 1 } end
  local ok, set = pcall(snn.data.mnist, folder, { train = true })
  if not ok then set = snn.data.mnist(folder, { train = false }) end
  return set:slice(1, MOST)
end

-- The yardstick reads files of MNIST: it gets these pictures as such.
local function save(folder, pictures)
  local file <close> = assert(io.open(folder .. "/train-images-idx3-ubyte", "wb"))
  file:write((">I4I4I4I4"):pack(0x803, #pictures.images, 28, 28))
  for _, x in ipairs((pictures.images * 255 + 0.5):reshape(#pictures.images, -1):totable()) do
    for i = 1, #x do x[i] = string.char(math.floor(x[i])) end
    file:write(table.concat(x))
  end
end

-- ---- runs ----

-- Seconds a sample and spikes; of `count` programs at once, the slowest.
local function yardstick(name, folder, case, count)
  local path = assert(arg[-1], "run by `make bench BENCH=quickstart`"):gsub("[^/]*$", name)
  local command = ("%s --data %s --side %d --batch %d --samples %d"):format(path, folder,
    case.side, case.batch, case.samples)
  local pipe <close> = assert(io.popen(command .. (" & " .. command):rep(count - 1) .. "; wait"))
  local slowest, fired = 0, nil
  for text in pipe:lines() do
    slowest = math.max(slowest, tonumber(text:match('"ms_per_sample": ([%d.]+)')) / 1000)
    fired = tonumber(text:match('"spikes": (%d+)'))
  end
  if not fired then error(path .. " has told no times", 0) end
  return slowest, fired
end

local function line(name, case, times, more)
  table.sort(times)
  local out = { workload = "quickstart", case = name, threads = snn.get_num_threads(),
    dtype = "float32",
    sizes = { side = case.side, batch = case.batch, samples = case.samples }, unit = "s a sample",
    min = times[1], median = times[(#times + 1) // 2], max = times[#times], runs = #times }
  for key, value in pairs(more) do out[key] = value end
  bench.emit(out)
  return out.median
end

-- A fresh network's seconds a sample, and its spikes.
local function train(case, set)
  snn.manual_seed(1)
  local net = network(case.side, case.batch)
  net.normalize { force = true }
  local taken, fired = show(net, set, case.batch)
  return taken / case.samples, fired, net
end

local function compare(case, folder, pictures, source)
  local set, net = pictures:slice(1, case.samples), nil
  local own, other, fired = {}, {}, 0
  local by_hand = { [PLAIN] = { times = {} }, [REARRANGED] = { times = {} } }
  for i = 1, RUNS do
    own[i], fired, net = train(case, set)
    for name, hand in pairs(by_hand) do
      hand.times[i], hand.fired = yardstick(name, folder, case, 1)
    end
  end
  local sum = net.enc.weight:to("float64"):sum():item()
  net.layer:eval()
  for i = 1, RUNS do other[i] = show(net, set, case.batch) / case.samples end
  table.sort(own)
  local median, ratio = own[(RUNS + 1) // 2], {}
  for _, name in ipairs { PLAIN, REARRANGED } do
    local hand = by_hand[name]
    ratio[name] = median / line(name .. ", " .. source, case, hand.times, { check = hand.fired })
  end
  line("training, " .. source, case, own, { check = fired, weight_sum = sum,
    ratio_plain = ratio[PLAIN], ratio_rearranged = ratio[REARRANGED], peak_kb = bench.peak() })
  line("evaluation, " .. source, case, other, {})
end

-- What a second thread gains, beside what the machine has to give: two programs
-- at once do twice the work.
local function share(case, folder, pictures, source)
  local set = pictures:slice(1, case.samples)
  local one, two, hand_one, hand_two, fired = {}, {}, {}, {}, nil
  for i = 1, RUNS do
    snn.set_num_threads(1)
    one[i] = train(case, set)
    snn.set_num_threads(2)
    two[i], fired = train(case, set)
    hand_one[i] = yardstick(PLAIN, folder, case, 1)
    hand_two[i] = yardstick(PLAIN, folder, case, 2)
  end
  local middle = (RUNS + 1) // 2
  for _, times in ipairs { one, two, hand_one, hand_two } do table.sort(times) end
  local gain, most = one[middle] / two[middle], 2 * hand_one[middle] / hand_two[middle]
  line("two threads, " .. source, case, two,
    { check = fired, gain = gain, most = most, share = gain / most })
  snn.set_num_threads(1)
end

local folder <const> = os.tmpname()
os.remove(folder)
assert(os.execute("mkdir " .. folder))
local data <const> = arg[1] == "--data" and arg[2] or nil
local source <const> = data and "mnist" or "glyphs"
local pictures = pictures_of(data)
save(folder, pictures)
snn.set_num_threads(1)
for _, case in ipairs(CASES) do
  for _, side in ipairs { 10, 20, 40 } do
    compare({ batch = case[1], side = side, samples = case[2][side] }, folder, pictures, source)
  end
end
for _, case in ipairs { { batch = 1, side = 10, samples = 60 },
  { batch = 20, side = 10, samples = 400 }, { batch = 20, side = 20, samples = 200 } } do
  share(case, folder, pictures, source)
end
os.execute("rm -r " .. folder)
