-- What the fuzzer has found, one by one: errors of Lua's core from inside of the
-- library, and calls that failed when half of their work was done.
local snn = require "snn"
local fails = require("spec.support").fails

local function lif(batch)
  return snn.LIF {
    shape = 3, step_time = 1, batch_size = batch, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20,
  }
end

local function dense()
  return snn.LinearDense {
    in_shape = 4, out_shape = 3, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
  }
end

local function network()
  local layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc } end }
  layer:add_connection("enc", dense())
  layer:add_neuron("exc", lif())
  return layer
end

describe("layers", function()
  it("check self in every method", function()
    for _, method in ipairs { "add_connection", "get_neuron", "add_cell", "named_cells", "clear",
      "named_synapses", "children" } do
      fails("TypeError", "'self' must be a Layer, got number 5", snn.Layer[method], 5)
    end
  end)

  it("call a wiring that is a function only", function()
    local layer = network()
    layer.wiring = 5
    fails("TypeError", "'wiring' must be a function, got number 5", layer, { enc = snn.ones(1, 4) })
  end)

  it("clear nothing when an option is wrong", function()
    local layer = network()
    layer { enc = snn.ones(1, 4) }
    local voltage = layer.neurons.exc.voltage
    fails("TypeError", "did you mean 'keep_adaptations'", layer.clear, layer,
      { keep_adaptaions = true })
    fails("TypeError", "'submodules' must be true or false", layer.clear, layer,
      { submodules = 1 })
    assert.is_true(layer.neurons.exc.voltage:equal(voltage))
    assert.is_true(layer.connections.enc.synspike:all():item())
  end)
end)

describe("Serial", function()
  it("reads its fields of a Serial only", function()
    for _, get in pairs(snn.Serial.__get) do
      fails("TypeError", "must be a Layer, got number 5", get, 5)
      fails("RuntimeError", "is not finished", get, snn.Layer())
    end
  end)

  it("calls a transform that is a function only", function()
    local serial = snn.Serial { connection = dense(), neuron = lif() }
    fails("TypeError", "'transform' must be a function, got table", function()
      serial.transform = {}
    end)
    serial(snn.ones(1, 4))
  end)
end)

describe("handles of hooks", function()
  it("have nothing that a script may change", function()
    local neuron = lif()
    local handle = neuron:register_forward_hook(function() end)
    assert.is_nil(next(handle))
    handle.module, handle.place = nil, "order"
    handle:remove()
    assert.is_true(neuron(snn.zeros(1, 3)):any():item() == false)
  end)

  it("are removed as handles only", function()
    local handle = lif():register_forward_hook(function() end)
    fails("TypeError", "'self' must be a handle, got table", handle.remove, {})
  end)

  it("take known options", function()
    local neuron = lif()
    fails("TypeError", "'options' must be a table", neuron.register_forward_hook, neuron,
      function() end, 5)
    fails("TypeError", "did you mean 'prepend'", neuron.register_forward_hook, neuron,
      function() end, { prepnd = true })
  end)
end)

describe("modules", function()
  it("apply functions only", function()
    fails("TypeError", "'fn' must be a function, got nil", snn.Module.apply, snn.Module())
  end)

  it("refuse children of scripts that are none", function()
    local Own = snn.class "Own"
    function Own.children() return { 5 } end
    fails("TypeError", "children: entry 1 must be { name, module }", snn.Module.train, Own())
  end)

  it("refuse NaN as a field's name", function()
    fails("TypeError", "cannot be nil or NaN", function() snn.Module()[0 / 0] = 1 end)
  end)

  it("have an init that is a function", function()
    local Own = snn.class "Own"
    Own.init = 5
    fails("TypeError", "'init' must be a function, got number 5", Own)
  end)
end)

describe("trainers", function()
  local function trainer()
    return snn.STDP { lr_post = 1, lr_pre = 1, tc_post = 20, tc_pre = 20 }
  end

  it("check self in every method", function()
    for _, method in ipairs { "register_cell", "get_cell", "del_cell", "named_cells", "clear",
      "named_monitors", "update", "get_monitor" } do
      fails("TypeError", "'self' must be a CellTrainer", snn.STDP[method], snn.Layer())
    end
  end)

  it("need their signal, also through the forward of another class", function()
    local layer = network()
    layer.connections.enc.updater = layer.connections.enc:defaultupdater()
    local t = snn.MSTDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
    t:register_cell("a", layer:add_cell("enc", "exc"))
    layer { enc = snn.ones(1, 4):gt(0) }
    fails("TypeError", "'signal' must be a number or a tensor", snn.STDP.forward, t)
  end)

  it("refuse to have the state of a cell assigned", function()
    local layer, t = network(), trainer()
    local enc = layer.connections.enc
    enc.updater = enc:defaultupdater()
    t:register_cell("cell", layer:add_cell("enc", "exc"), { batch_reduction = "max" })
    fails("AttributeError", "trainer:set", function() t:get_unit("cell").state.lr_post = "x" end)
    layer { enc = snn.ones(1, 4) }
    t()
    assert.equal(1, select(2, t:get_cell "cell").lr_post)
  end)

  it("take tensors from a reduction", function()
    local layer, t = network(), trainer()
    local enc = layer.connections.enc
    enc.updater = enc:defaultupdater()
    t:register_cell("cell", layer:add_cell("enc", "exc"), { batch_reduction = function() end })
    layer { enc = snn.ones(1, 4) }
    fails("TypeError", "'batch_reduction' must return a tensor, got nil", t)
  end)
end)

describe("data", function()
  it("stays as it was made", function()
    local set = snn.data.set { images = snn.ones(4, 2) }
    local loader = snn.data.loader(set, { batch_size = 2 })
    fails("AttributeError", "'images' cannot be set", function() set.images = 5 end)
    fails("AttributeError", "'batch_size' cannot be set", function() loader.batch_size = 3 end)
  end)

  it("is what methods of it want", function()
    local set = snn.data.set { images = snn.ones(4, 2) }
    fails("TypeError", "'self' must be a DataSet, got table", set.slice, {}, 1, 2)
  end)
end)

describe("progress", function()
  it("iterates in a loop only", function()
    local bar = snn.progress(3)
    fails("TypeError", "it is iterated over by 'for i in bar do'", bar, nil, "x")
    assert.equal(1, bar(nil, nil))
  end)

  it("shows a value whose text fails", function()
    local bar = snn.progress(3)
    bar:set("x", setmetatable({}, { __tostring = function() error "no" end }))
    fails("AttributeError", "'count' cannot be set", function() bar.count = 5 end)
  end)
end)

describe("errors", function()
  it("are of one of five kinds", function()
    fails("ValueError", "'kind' must be 'TypeError', 'ValueError'", snn.Error, "Oops", "text")
    fails("TypeError", "'message' must be a string, got nil", snn.Error, "ValueError")
  end)

  it("have a text whatever a script has done to them", function()
    local err = snn.Error("ValueError", "text")
    err.kind, err.message, err.where = {}, nil, 5
    assert.equal("Error: ", tostring(err))
  end)
end)

describe("shapes", function()
  it("whose elements cannot be counted are refused", function()
    for _, shape in ipairs { { 1 << 30, 1 << 30, 1 << 30 }, { 5, 0x3333333333333334 } } do
      fails("ValueError", "does not fit into memory", snn.LinearDense, {
        in_shape = shape, out_shape = 3, step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
      })
    end
  end)
end)

describe("Updater", function()
  it("takes a table", function()
    fails("TypeError", "'args' must be a table of names, got nil", snn.Updater)
  end)
end)

describe("RecurrentSerial", function()
  it("wants currents in its wiring, whatever a transform gives", function()
    local function lateral()
      return snn.LinearLateral {
        shape = 3, step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
      }
    end
    local layer = snn.RecurrentSerial {
      feedfwd_connection = dense(), lateral_connection = lateral(),
      feedback_connection = lateral(), feedfwd_neuron = lif(), feedback_neuron = lif(),
      feedback_out_transform = function() end,
    }
    fails("TypeError", "must be tensors, got Tensor and nil", layer, snn.ones(1, 4))
    fails("TypeError", "must be tensors, got nil and nil", layer.wiring, layer, {})
  end)
end)
