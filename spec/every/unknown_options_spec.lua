-- Options that are not there: every function and method that takes a table of them
-- refuses an unknown key and names it.
local snn = require "snn"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"
local support = require "spec.support"

local NAME <const> = "nothing_like_that"

-- ------------------------------------------------------------- what takes options

-- Paths of functions whose annotations have a parameter of options, "Class.method"
-- for methods.
local function annotated()
  local found = {}
  local LOCALS <const> = { Record = "RecordTensor", Pool = "MonitorPool", Trainer = "CellTrainer" }
  local FILES <const> = "lua/meta/*.lua lua/meta/classes/*.lua lua/snn/*.lua lua/snn/*/*.lua"
  for path in io.popen("ls " .. FILES):lines() do
    local takes = false
    for line in io.lines(path) do
      takes = takes or line:find "^%-%-%-@param options" ~= nil
      local name, params = line:match "^function ([%w_.:]+)(%b())"
      -- no script's
      local is_own = name and (name:find "^tools%." or path:find "/prompt/" or path:find "/show/")
      if name and not is_own and (takes or params:find "options%)") then
        name = name:gsub("^snn%.", ""):gsub(":", ".")
        local first, rest = name:match "^(%w+)%.(.+)$"
        if LOCALS[first] then name = LOCALS[first] .. "." .. rest end
        found[name] = true
      end
      if not line:find "^%-%-%-" then takes = false end
    end
  end
  return found
end

-- ------------------------------------------------------------- calls

local t <const>, x <const> = snn.ones(2), snn.ones(1, 2)

local function dense()
  return models.maker(snn.LinearDense).object { in_shape = 2, out_shape = 2 }
end
local function lif() return models.maker(snn.LIF).object { shape = 2 } end
local function reducer() return snn.PassthroughReducer { step_time = 1 } end
local function monitor() return snn.OutputMonitor { module = lif(), reducer = reducer() } end
local function events()
  return snn.StateMonitor { module = lif(), attr = "spike", events = true }
end
local function serial() return snn.Serial { connection = dense(), neuron = lif() } end
local function learning()
  local connection = dense()
  connection.updater = connection:defaultupdater()
  return connection
end
local function hook()
  return snn.StateHook { module = dense() }
end
local function classifier() return snn.MaxRateClassifier { shape = 2, num_classes = 2 } end
local function recurrent()
  return snn.RecurrentSerial { feedfwd_connection = dense(), feedfwd_neuron = lif(),
    lateral_connection = dense(), feedback_connection = dense(), feedback_neuron = lif() }
end
local function record()
  local r = snn.RecordTensor { step_time = 1, duration = 3 }
  r:push(t)
  return r
end

-- path -> a call with these options
local CALLS <const> = {
  tensor = function(o) return snn.tensor(1, o) end,
  full = function(o) return snn.full(2, 1, o) end,
  eye = function(o) return snn.eye(2, o) end,
  arange = function(o) return snn.arange(3, o) end,
  linspace = function(o) return snn.linspace(0, 1, 2, o) end,
  zeros = function(o) return snn.zeros(2, o) end,
  ones = function(o) return snn.ones(2, o) end,
  empty = function(o) return snn.empty(2, o) end,
  rand = function(o) return snn.rand(2, o) end,
  randn = function(o) return snn.randn(2, o) end,
  randperm = function(o) return snn.randperm(2, o) end,
  bernoulli = function(o) return snn.bernoulli(0.5, 2, o) end,
  poisson = function(o) return snn.poisson(t, o) end,
  zeros_like = function(o) return snn.zeros_like(t, o) end,
  ones_like = function(o) return snn.ones_like(t, o) end,
  empty_like = function(o) return snn.empty_like(t, o) end,
  full_like = function(o) return snn.full_like(t, 1, o) end,
  rand_like = function(o) return snn.rand_like(t, o) end,
  randn_like = function(o) return snn.randn_like(t, o) end,
  randint_like = function(o) return snn.randint_like(t, 0, 3, o) end,
  uniform = function(o) return snn.uniform(0, 1, 2, o) end,
  normal = function(o) return snn.normal(0, 1, 2, o) end,
  randint = function(o) return snn.randint(0, 3, 2, o) end,
  normalize = function(o) return snn.normalize(t, 1, o) end,
  load_npy = function(o) return snn.load_npy("no.npy", o) end,
  load_npz = function(o) return snn.load_npz("no.npz", nil, o) end,
  save = function(o) return snn.save("no/no", {}, o) end,
  load = function(o) return snn.load("no/no", {}, o) end,
  arguments = function(o)
    o.args = {}
    return snn.arguments(o)
  end,
  checkpoint = function(o)
    o.path, o.objects = "no/no", {}
    return snn.checkpoint(o)
  end,
  save_safetensors = function(o) return snn.save_safetensors("no/no", {}, o) end,
  save_png = function(o) return snn.save_png("no/no", snn.ones(2, 2), o) end,
  rescale = function(o) return snn.rescale(t, 0, 1, o) end,
  exponential_smoothing = function(o)
    o.alpha = 0.5
    return snn.exponential_smoothing(t, nil, o)
  end,
  holt_linear_smoothing = function(o)
    o.alpha, o.beta = 0.5, 0.5
    return snn.holt_linear_smoothing(t, nil, nil, o)
  end,
  isi = function(o) return snn.isi(x, 1, o) end,
  progress = function(o) return snn.progress({}, o) end,
  ["plot.raster"] = function(o) return snn.plot.raster(x, o) end,
  ["plot.line"] = function(o) return snn.plot.line(t, nil, o) end,
  ["plot.hist"] = function(o) return snn.plot.hist(t, o) end,
  ["plot.image"] = function(o) return snn.plot.image(x, o) end,
  ["data.idx"] = function(o) return snn.data.idx("no", o) end,
  ["data.mnist"] = function(o) return snn.data.mnist("no", o) end,
  ["Connector.bytes"] = function(o) return snn.connect.one_to_one():bytes(2, 2, o) end,
  ["connect.where"] = function(o) return snn.connect.where(print, o) end,
  ["data.glyphs"] = function(o) return snn.data.glyphs(o) end,
  ["data.loader"] = function(o)
    o.batch_size = 1
    return snn.data.loader(snn.data.glyphs { n = 1 }, o)
  end,
  ["Tensor.quantile"] = function(o) return t:quantile(0.5, 1, false, o) end,
  ["Tensor.unique"] = function(o) return t:unique(o) end,
  ["Tensor.bincount"] = function(o) return t:bincount(o) end,
  ["Neuron.forward"] = function(o) return lif():forward(x, o) end,
  ["Neuron.clear"] = function(o) return lif():clear(o) end,
  ["Connection.update"] = function(o) return learning():update(o) end,
  ["Layer.update"] = function(o) return serial():update(o) end,
  ["Layer.clear"] = function(o) return serial():clear(o) end,
  ["Layer.forward of its neurons"] = function(o)
    local layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc } end }
    layer:add_connection("enc", dense())
    layer:add_neuron("exc", lif())
    return layer({ enc = x }, { neuron_kwargs = { exc = o } })
  end,
  ["Layer.connect"] = function(o)
    local layer = snn.Layer()
    layer:add_neuron("exc", lif())
    return layer:connect("exc", "exc", dense(), o)
  end,
  ["SpikeRecorder.init"] = function(o) return snn.SpikeRecorder(lif(), o) end,
  ["SpikeRecorder.pairs"] = function(o) return snn.SpikeRecorder(lif()):pairs(o) end,
  ["SpikeRecorder.rate"] = function(o) return snn.SpikeRecorder(lif()):rate(o) end,
  ["SpikeRecorder.times"] = function(o) return snn.SpikeRecorder(lif()):times(o) end,
  ["SpikeRecorder.trains"] = function(o) return snn.SpikeRecorder(lif()):trains(o) end,
  ["Monitor.rate"] = function(o) return events():rate(o) end,
  ["Monitor.times"] = function(o) return events():times(o) end,
  ["Monitor.trains"] = function(o) return events():trains(o) end,
  ["RecurrentSerial.clear"] = function(o) return recurrent():clear(o) end,
  ["MaxRateClassifier.forward"] = function(o) return classifier()(x, nil, o) end,
  ["MaxRateClassifier.regress"] = function(o) return classifier():regress(x, o) end,
  ["MaxRateClassifier.classify"] = function(o) return classifier():classify(x, o) end,
  ["Reducer.clear"] = function(o) return reducer():clear(o) end,
  ["RecordReducer.clear"] = function(o)
    return snn.RecordReducer { step_time = 1 }:clear(o)
  end,
  ["RecordTensor.select"] = function(o) return record():select(1, nil, o) end,
  ["RecordTensor.insert"] = function(o)
    return record():insert(t, 1, snn.functional.extrap_neighbors, o)
  end,
  ["RecordTensor.initialize"] = function(o)
    return snn.RecordTensor { step_time = 1 }:initialize(2, o)
  end,
  ["StateHook.forward"] = function(o) return hook():forward(o) end,
  ["Module.register_forward_hook"] = function(o)
    return lif():register_forward_hook(function() end, o)
  end,
  ["Module.register_forward_pre_hook"] = function(o)
    return lif():register_forward_pre_hook(function() end, o)
  end,
  ["Module.load_state_dict"] = function(o) return lif():load_state_dict({}, o) end,
  ["Monitor.forward"] = function(o)
    return snn.StateMonitor { module = lif(), reducer = reducer(), attr = "voltage" }:forward(o)
  end,
  ["Monitor.clear"] = function(o) return monitor():clear(o) end,
  ["MonitorPool.clear"] = function(o) return snn.MonitorPool():clear(o) end,
  ["CellTrainer.update"] = function(o) return snn.CellTrainer():update(o) end,
}

-- Rules that take options take the same.
for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  CALLS[name .. ".forward"] = function(o)
    local rule = models.maker(snn[name]).object()
    if name == "LinearHomeostasis" then return rule(o) end
    if trainers.is_modulated(name) then return rule(1, o) end
    support.fails("TypeError", "is an argument too many (it takes 0)", rule, o)
    error { kind = "TypeError", message = "unknown option '" .. NAME .. "': it takes none" }
  end
end

-- Functions on tensors, all of one family alike: what they must have.
local NEEDED <const> = {
  time_constant = 5, rate_constant = 0.2, step_time = 1, decay = 0.5, amplitude = 1, scale = 1,
  target = 1, learning_rate = 1, matchfn = function(o) return o:gt(0) end, rest_v = -60,
  thresh_v = -50, refrac_t = 2, reset_v = -65, resistance = 1, crit_v = -50, affinity = 1,
  rheobase_v = -50, sharpness = 1, v_slope = 1, v_intercept = 0, voltage_coupling = 1,
  spike_increment = 1, adapt_rate = 1, rebound_rate = 1,
}
local ARGUMENTS <const> = {
  interp_ = { t, t, 0.5, 1 }, extrap_ = { t, 0.5, t, t, 1 }, exp_stdp = { t },
  adaptive_currents_linear = { x, t, t:gt(0) }, adaptive_thresholds_linear_voltage = { x, t },
  adaptive_thresholds_linear_spike = { x, t:gt(0) },
  adaptive_thresholds_constant_spike = { x, t:gt(0) },
  voltage_integration = { t, t }, voltage_thresholding = { t, t, snn.functional.mean },
  bound_lower_ = { t, t, 0 }, bound_upper_ = { t, t, 1 }, bound_ = { t, t, t, 1, 0 },
  homogeneous_poisson = { x, 4, 1 }, homogenous_poisson = { x, 4, 1 },
  inhomogeneous_poisson = { x, 1 }, poisson_interval = { x, 4, 1 },
}

-- Adds what is missing until nothing is; raises the last error.
local function fill_in(fn, args, options)
  local given = table.move(args, 1, #args, 1, {})
  given[#given + 1] = options
  local ok, err
  for _ = 1, 20 do
    ok, err = pcall(fn, table.unpack(given))
    local name = not ok and tostring(err):match "missing: '([%w_]+)'"
      or not ok and tostring(err):match "argument '([%w_]+)' is missing"
    if not name then break end
    options[name] = assert(NEEDED[name], name)
  end
  if not ok then error(err, 0) end
end

local function add_family(prefix, of, args_of)
  for key, fn in pairs(of) do
    local args = args_of(key)
    if args then CALLS[prefix .. key] = function(o) return fill_in(fn, args, o) end end
  end
end

add_family("trace.", snn.trace, function(key)
  return key:find "scaled$" and { t, t } or { t, t }
end)
add_family("functional.", snn.functional, function(key)
  local best
  for prefix in pairs(ARGUMENTS) do
    if key:find("^" .. prefix) and #prefix > #(best or "") then best = prefix end
  end
  if best then return ARGUMENTS[best] end
  if key:find "sum" or key:find "mean" or key:find "m[ai][nx]" or key:find "median"
    or key:find "quantile" then
    return { t, 1, false }
  end
end)

for name, connector in pairs(snn.connect) do
  CALLS["connect." .. name] = CALLS["connect." .. name] or name ~= "mask" and connector or nil
end

-- Their other keys reach the wiring.
local FREE <const> = { ["Layer.forward"] = true, ["Layer.wiring"] = true }

describe("an unknown option", function()
  for path, call in pairs(CALLS) do
    it("of " .. path .. " is refused", function()
      local ok, err = pcall(call, { [NAME] = 1 })
      assert.is_false(ok)
      assert.equal("TypeError", err.kind or err)
      assert.truthy(err.message:find("unknown %a+ '" .. NAME .. "'"), err.message)
    end)
  end

  it("is looked for in every function that takes options", function()
    local missing = {}
    for path in pairs(annotated()) do
      if not CALLS[path] and not FREE[path] then missing[#missing + 1] = path end
    end
    table.sort(missing)
    assert.same({}, missing)
  end)

  it("of a synapse's partial constructor is refused before there is a connection", function()
    for _, name in ipairs(models.below(snn.Synapse)) do
      support.fails("TypeError", "unknown argument 'spike_chrage'",
        snn[name].partialconstructor, { spike_chrage = 1 })
    end
  end)

  it("names the nearest one", function()
    support.fails("TypeError", "unknown option 'keep_adaption' (did you mean 'keep_adaptations'?)",
      lif().clear, lif(), { keep_adaption = true })
    support.fails("TypeError", "unknown option 'clera' (did you mean 'clear'?)", serial().update,
      serial(), { clera = true })
  end)
end)
