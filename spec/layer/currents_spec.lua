-- A layer without a wiring of its own gives neurons the sum of currents, which are made piece
-- by piece where they are weighted sums (src/layer/currents.c): the bits are those of a
-- wiring that adds them.
local snn = require "snn"
local support = require "spec.support"

local N <const> = 400

local MODELS <const> = {
  lif = function(args)
    args.rest_v, args.reset_v, args.thresh_v, args.refrac_t, args.time_constant =
      -49, -60, -50, 5, 20
    return snn.LIF(args)
  end,
  each = function(args)
    args.rest_v, args.reset_v, args.refrac_t, args.time_constant = -49, -60, 5, 20
    args.thresh_v = snn.linspace(-50, -48, N)
    return snn.LIF(args)
  end,
  adapting = function(args) -- takes its input as a tensor
    args.rest_v, args.reset_v, args.thresh_eq_v, args.refrac_t = -49, -60, -50, 5
    args.tc_membrane, args.tc_adaptation, args.spike_increment = 20, 50, 0.2
    return snn.ALIF(args)
  end,
}

local function exponential(charge)
  return snn.SingleExponentialCurrent.partialconstructor { spike_charge = charge,
    time_constant = 5 }
end

-- Groups a and b; connections from a to both, of several kinds.
local function layer_of(model, options)
  snn.manual_seed(3)
  local layer = snn.Layer()
  local function args(more)
    local all = { step_time = 0.5, batch_size = options.batch, dtype = options.dtype }
    for key, value in pairs(more) do all[key] = value end
    return all
  end
  layer:add_neuron("a", MODELS[model](args { shape = N }))
  layer:add_neuron("b", MODELS.lif(args { shape = N }))
  layer.neurons.a.voltage = -60 + 10.5 * snn.rand(options.batch, N)
  local function connect(name, to, maker, more)
    more.in_shape, more.out_shape, more.weight_init = N, N, function(w) return w - 0.4 end
    layer:connect("a", to, maker(args(more)), { name = name })
  end
  connect("few", "a", snn.LinearSparse, { synapses = snn.connect.bernoulli { p = 0.004 },
    synapse = exponential(5), bias = true })
  connect("late", "a", snn.LinearSparse, { synapses = snn.connect.bernoulli { p = 0.004 },
    synapse = exponential(9), delay = 3, delay_init = 1.5 })
  connect("now", "a", snn.LinearSparse, { synapses = snn.connect.bernoulli { p = 0.004 },
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } })
  connect("many", "a", snn.LinearSparse, { synapses = snn.connect.bernoulli { p = 0.3 },
    synapse = exponential(0.2) })
  connect("on", "b", snn.LinearSparse, { synapses = snn.connect.bernoulli { p = 0.01 },
    synapse = exponential(20) })
  return layer
end

local function add(_, c)
  return { a = c.few + c.late + c.now + c.many, b = c.on }
end

local function run(layer, steps)
  local spikes = {}
  for t = 1, steps do
    local out = layer {}
    spikes[t] = snn.stack { out.a, out.b }
  end
  return snn.stack(spikes), layer.neurons.a.voltage:clone(), layer.neurons.b.voltage:clone()
end

local function same(a, b) assert.is_true(a:equal(b)) end

describe("currents of a layer without a wiring", function()
  for model in pairs(MODELS) do
    it("are the sum of them: " .. model, function()
      for _, options in ipairs { { batch = 1 }, { batch = 3 }, { batch = 1, dtype = "float64" } } do
        local wired = layer_of(model, options)
        wired.wiring = add
        local spikes, a, b = run(wired, 50)
        assert.is_true(spikes:sum():item() > 100)
        for _, threads in ipairs { 1, 4, 2 } do
          snn.set_num_threads(threads)
          local got, at_a, at_b = run(layer_of(model, options), 50)
          same(spikes, got)
          same(a, at_a)
          same(b, at_b)
        end
      end
    end)
  end

  it("may be of one connection under two names", function()
    local function make()
      snn.manual_seed(5)
      local layer = snn.Layer()
      layer:add_neuron("a", MODELS.lif { shape = N, step_time = 0.5 })
      layer.neurons.a.voltage = -60 + 10.5 * snn.rand(1, N)
      local connection = snn.LinearSparse { in_shape = N, out_shape = N, step_time = 0.5,
        synapses = snn.connect.bernoulli { p = 0.005 }, synapse = exponential(5) }
      layer:connect("a", "a", connection, { name = "one" })
      layer:connect("a", "a", connection, { name = "two" })
      return layer
    end
    local wired = make()
    function wired.wiring(_, c) return { a = c.one + c.two } end
    local got, want = make(), wired
    for _ = 1, 60 do same(want {}.a, got {}.a) end
    same(want.neurons.a.voltage, got.neurons.a.voltage)
  end)

  it("leave all as it was where another connection's input is wrong", function()
    local one, other = layer_of("lif", { batch = 1 }), layer_of("lif", { batch = 1 })
    run(one, 20)
    run(other, 20)
    for _ = 1, 30 do
      support.fails("ValueError", "shape", one, { on = snn.zeros(1, N + 1) })
      same(other {}.a, one {}.a)
    end
    for name, connection in pairs(one.connections) do
      for key, value in pairs(connection:state_dict()) do
        same(other.connections[name]:state_dict()[key], value)
      end
    end
  end)

  it("are seen where NaN is looked for", function()
    local layer = layer_of("lif", { batch = 1 })
    run(layer, 10)
    layer.connections.few.weight = layer.connections.few.weight * (0 / 0)
    snn.detect_anomaly(true)
    local ok, err = pcall(run, layer, 30)
    snn.detect_anomaly(false)
    assert.is_false(ok)
    assert.is_truthy(tostring(err):find "current of connection")
  end)
end)
