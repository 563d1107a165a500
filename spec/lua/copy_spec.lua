-- Copies: Module:to in another dtype and in the same one, snn.copy, Module:with.
local snn = require "snn"
local models = require "spec.every.models"
local near = require "spec.near"
local support = require "spec.support"

-- What a module is driven by in a step: a real input of its shape, or spikes.
local DRIVE = {
  Neuron = function(m, t)
    return snn.full(m.batchedshape, 20 + 5 * (t % 3), { dtype = m.dtype })
  end,
  Synapse = function(m, t) return snn.full(m.batchedshape, 1):gt(t % 2) end,
  Connection = function(m, t) return snn.full(m.batched_inshape, 1):gt(t % 2) end,
  Reducer = false, -- takes two
}

local function drive(family, m, from, to)
  local out
  for t = from, to do
    if family == "Reducer" then
      m(snn.full({ 2, 3 }, t % 2), snn.full({ 2, 3 }, 1):gt(t % 2))
      out = m:peek()
    else
      out = m(DRIVE[family](m, t))
    end
  end
  return out
end

for family in pairs(DRIVE) do
  for _, name in ipairs(models.below(snn[family])) do
    local class = snn[name]
    if rawget(class, "arguments") then
      describe("a copy of " .. name, function()
        local module

        before_each(function()
          module = class(models.arguments(class))
          drive(family, module, 1, 7)
        end)

        it("in its own dtype goes on alike, in bits, and by itself", function()
          local copy = module:to "float32"
          assert.equal(tostring(module), tostring(copy))
          local before = models.state(module)
          local out = drive(family, copy, 8, 15)
          assert.same(before, models.state(module))
          assert.same(out:totable(), drive(family, module, 8, 15):totable())
          assert.same(models.state(copy), models.state(module))
        end)

        it("in float64 has its state, as close as float32 goes", function()
          local copy = module:to "float64"
          if family ~= "Reducer" then assert.equal("float64", copy.dtype) end
          for path, t in pairs(copy:state_dict()) do
            local old = module:state_dict()[path]
            local is_held = old and path ~= "fine" -- beside a state, as the engine wants it
            if is_held and old.dtype == "float32" then
              assert.equal("float64", t.dtype, path)
            end
            if old then near(old:to "float64", t:to "float64", 1e-5) end
          end
          near(drive(family, module, 8, 9):to "float64", drive(family, copy, 8, 9):to "float64",
            1e-3)
        end)
      end)
    end
  end
end

describe("Module:to", function()
  local function synapse()
    return snn.SingleExponentialCurrent.partialconstructor { spike_charge = 400, time_constant = 5 }
  end
  local function dense(i, o)
    return snn.LinearDense { in_shape = i, out_shape = o, step_time = 1, bias = true, delay = 2,
      synapse = synapse(), batch_size = 2 }
  end
  local function lif(n)
    return snn.LIF { shape = n, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -52,
      refrac_t = 2, time_constant = 20, batch_size = 2 }
  end

  before_each(function() snn.manual_seed(4) end)

  local function same(one, other, inputs)
    for _ = 1, 12 do
      local x = inputs()
      local a, b = table.pack(one(table.unpack(x))), table.pack(other(table.unpack(x)))
      for i = 1, a.n do
        if type(a[i]) == "table" then
          for name, t in pairs(a[i]) do assert.same(t:totable(), b[i][name]:totable()) end
        else
          assert.same(a[i]:totable(), b[i]:totable())
        end
      end
    end
  end

  it("copies a layer with wiring, cells, modes and a script's fields", function()
    local layer = snn.Layer {
      wiring = function(self, inputs) return { n = inputs.c * self.gain } end,
    }
    layer:add_connection("c", dense(3, 2))
    layer:add_neuron("n", lif(2))
    layer:add_cell("c", "n")
    layer.gain = snn.tensor { 0.5, 1 }
    layer.neurons.n:eval()
    layer { c = snn.rand(2, 3):lt(0.5) }
    local copy = layer:to "float64"
    assert.equal("float64", copy.gain.dtype)
    assert.is_false(copy.neurons.n.training)
    assert.is_true(copy.connections.c.training)
    assert.equal(copy.connections.c, copy:get_cell("c", "n").connection)
    assert.are_not.equal(layer.connections.c, copy.connections.c)
    local narrow = layer:to "float32"
    same(layer, narrow, function() return { { c = snn.rand(2, 3):lt(0.5) } } end)
  end)

  it("copies layers of a fixed shape", function()
    local function spikes() return { snn.rand(2, 3):lt(0.5) } end
    local serial = snn.Serial { connection = dense(3, 2), neuron = lif(2),
      transform = function(x) return x * 0.8 end }
    serial(table.unpack(spikes()))
    same(serial, serial:to "float32", spikes)
    local biclique = snn.Biclique {
      connections = { { "a", dense(3, 2) }, { "b", dense(3, 2), function(x) return x * 2 end } },
      neurons = { { "x", lif(2) }, { "y", lif(2), function(x) return x * 0.3 end } },
      combine = "max",
    }
    local copy = biclique:to "float32"
    same(biclique, copy, function()
      return { { a = snn.rand(2, 3):lt(0.5), b = snn.rand(2, 3):lt(0.5) } }
    end)
    support.fails("RuntimeError", "", copy.add_neuron, copy, "z", lif(2))
    local recurrent = snn.RecurrentSerial {
      feedfwd_connection = dense(3, 2), lateral_connection = dense(2, 2),
      feedback_connection = dense(2, 2), feedfwd_neuron = lif(2), feedback_neuron = lif(2),
      feedback_out_transform = function(x) return x * 0.5 end,
    }
    recurrent(table.unpack(spikes()))
    same(recurrent, recurrent:to "float32", spikes)
  end)

  it("copies objects of scripts' classes without their init", function()
    local inits = 0
    local Model = snn.class "Model"
    function Model:init(n)
      snn.Module.init(self)
      inits = inits + 1
      self.body, self.list = lif(n), { snn.ones(2), "text" }
      self.again, self.scale = self.body, snn.tensor { 2, 3 }
    end
    function Model:forward(x) return self.body(x * self.scale) end
    local model = Model(2)
    local copy = model:to "float64"
    assert.equal(1, inits)
    assert.equal(copy.body, copy.again)
    assert.equal("float64", copy.scale.dtype)
    assert.equal("float64", copy.list[1].dtype)
    assert.equal("text", copy.list[2])
    assert.same({ { false, false }, { false, false } },
      copy(snn.ones({ 2, 2 }, { dtype = "float64" })):totable())
  end)

  it("copies a script's neuron below one of the library, and its reducers", function()
    local Own = snn.class("Own", snn.LIF)
    function Own:forward(x) return snn.LIF.forward(self, x * self.gain) end
    local own = Own { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -52,
      refrac_t = 2, time_constant = 20 }
    own.gain = 3
    local copy = own:to "float64"
    copy(snn.full({ 1, 2 }, 1, { dtype = "float64" }))
    own(snn.full({ 1, 2 }, 1))
    near(own.voltage:to "float64", copy.voltage, 1e-5)
    local Sum = snn.class("Sum", snn.FoldReducer)
    function Sum:fold(x, s) return s and s + x or x end -- luacheck: no self
    local sum = Sum { step_time = 1, duration = 2 }
    sum(snn.ones(2))
    local other = sum:to "float64"
    sum(snn.ones(2))
    other(snn.ones({ 2 }, { dtype = "float64" }))
    near(sum:dump():to "float64", other:dump())
    local z = snn.EligibilityTraceReducer { step_time = 1, time_constant = 3, obs_reshape = print,
      cond_reshape = print }
    assert.equal(3, z:to("float64").time_constant)
  end)

  it("copies models whose step is a script's, with the states that they declare", function()
    local Leaky = snn.class("Leaky", snn.Neuron)
    Leaky.states = { u = { of = "neuron", init = 1 } }
    function Leaky:init(args)
      snn.Neuron.init(self, { shape = args.shape, step_time = 1, rest_v = -60 })
      self.gain = args.gain
    end
    function Leaky:forward(x)
      self.u = self.u * 0.5 + x * self.gain
      return self.u:gt(3)
    end
    local Scaled = snn.class("Scaled", snn.Synapse)
    function Scaled:init(args) -- luacheck: no self
      local gain = args.gain
      args.gain = nil
      snn.Synapse.init(self, args)
      self.gain = gain
    end
    function Scaled:forward(x) return x:to(self.dtype) * self.gain end
    local serial = snn.Serial {
      connection = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1, delay = 2,
        synapse = Scaled.partialconstructor { gain = 3 } },
      neuron = Leaky { shape = 2, gain = 0.5 },
    }
    local x = snn.tensor { { true, false, true } }
    serial(x)
    local copy = serial:to "float64"
    assert.equal("float64", copy.neuron.u.dtype)
    assert.equal(3, copy.synapse.gain)
    for _ = 1, 4 do
      serial(x)
      copy(x)
      near(serial.neuron.u:to "float64", copy.neuron.u, 1e-5)
    end
  end)

  it("copies encoders with their generators, and classifiers", function()
    local encoder = snn.PoissonIntervalEncoder { steps = 30, step_time = 1, frequency = 90,
      generator = snn.Generator { seed = 5 } }
    encoder(snn.ones(1, 9))
    local copy = encoder:to "float64"
    assert.are_not.equal(encoder.generator, copy.generator)
    assert.is_true(encoder(snn.ones(1, 9)):equal(copy(snn.ones(1, 9))))
    local classifier = snn.MaxRateClassifier { shape = 3, num_classes = 2, decay = 0.1 }
    classifier:update(snn.rand(4, 3), snn.tensor({ 1, 2, 1, 2 }, { dtype = "int64" }))
    assert.is_true(classifier.rates:equal(classifier:to("float32").rates))
  end)

  it("leaves updaters, hooks and monitors where they are", function()
    local c = dense(3, 2)
    c.updater = c:defaultupdater()
    local seen = 0
    c:register_forward_hook(function() seen = seen + 1 end)
    local copy = c:to "float32"
    copy(snn.ones(2, 3):gt(0))
    assert.equal(0, seen)
    assert.is_nil(copy.updater)
  end)

  it("says what it cannot copy, and what is wrong", function()
    local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }
    local n = lif(2)
    local model = snn.class("Model")()
    for _, bound in ipairs {
      trainer, snn.Clamping { module = n, attr = "voltage", max = 0 }, snn.MonitorPool(),
      snn.OutputMonitor { module = n, reducer = snn.PassthroughReducer { step_time = 1 } },
      snn.Hook { posthook = print },
    } do
      support.fails("TypeError", "cannot be copied", bound.to, bound, "float64")
      model.part = bound
      support.fails("TypeError", "cannot be copied", model.to, model, "float64")
    end
    support.fails("ValueError", "'dtype' must be 'float32' or 'float64', got 'int64'", n.to, n,
      "int64")
    support.fails("TypeError", "'dtype' must be 'float32' or 'float64'", n.to, n, 64)
    support.fails("TypeError", "to", n.to, 3)
  end)
end)

describe("snn.copy", function()
  it("copies tensors, modules, and tables of them", function()
    local t = snn.ones(2)
    local n = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -52,
      refrac_t = 2, time_constant = 20, dtype = "float64" }
    n(snn.full({ 1, 2 }, 30, { dtype = "float64" }))
    local copy = snn.copy { t = t, list = { n, n }, word = "x", fn = print }
    t:fill_(5)
    assert.same({ 1, 1 }, copy.t:totable())
    assert.equal(copy.list[1], copy.list[2])
    assert.are_not.equal(n, copy.list[1])
    assert.equal("float64", copy.list[1].dtype)
    assert.is_true(n.voltage:equal(copy.list[1].voltage))
    assert.same({ "x", print }, { copy.word, copy.fn })
    assert.equal(3, snn.copy(3))
    support.fails("TypeError", "'object' is missing", snn.copy)
  end)
end)

describe("Module:with", function()
  for family in pairs(DRIVE) do
    for _, name in ipairs(models.below(snn[family])) do
      local class = snn[name]
      for _, argument in ipairs(rawget(class, "arguments") or {}) do
        if not argument.name:find "_init$" and argument.name ~= "synapse" then
          it(("is %s with another %s"):format(name, argument.name), function()
            local args = models.arguments(class)
            local changed = models.example(argument, "other")
            local used = class(args)
            drive(family, used, 1, 3)
            snn.manual_seed(2)
            local has, fresh = pcall(class, models.arguments(class, { [argument.name] = changed }))
            snn.manual_seed(2)
            local got, with = pcall(used.with, used, { [argument.name] = changed })
            assert.equal(has, got, tostring(with))
            if has then
              assert.equal(tostring(fresh), tostring(with))
              assert.same(models.state(fresh), models.state(with))
            end
          end)
        end
      end
    end
  end

  it("has a script's fields, and shares what it is given", function()
    local Own = snn.class("Own", snn.LIF)
    function Own:init(args)
      snn.LIF.init(self, args)
      self.gain = 3
    end
    local own = Own { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -52,
      refrac_t = 2, time_constant = 20 }
    own.gain = 5
    local with = own:with { thresh_v = -40 }
    assert.same({ 5, -40, -60 }, { with.gain, with.thresh_v, with.rest_v })
    local clamp = snn.Clamping { module = own, attr = "voltage", max = 0 }
    local other = clamp:with { max = -70 }
    other { force = true }
    assert.equal(-70, own.voltage[1][1])
    assert.equal(0, clamp.max)
    local stdp = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }
    assert.same({ 2, -1 }, { stdp:with({ lr_post = 2 }).lr_post, stdp:with({}).lr_pre })
  end)

  it("names what is wrong", function()
    local n = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -52 }
    support.fails("TypeError", "did you mean 'thresh_v'", n.with, n, { tresh_v = 1 })
    support.fails("TypeError", "'changes' must be a table of arguments", n.with, n, 1)
    support.fails("ValueError", "'rest_v' must be less", n.with, n, { rest_v = 1 })
    local layer = snn.Layer()
    support.fails("TypeError", "has no arguments of its own", layer.with, layer, {})
  end)
end)
