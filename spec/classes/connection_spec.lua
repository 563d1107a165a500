-- A script's own class of connections.
local snn = require "snn"
local own = require "spec.classes.own"
local fails = own.fails

local function half(args)
  args = args or {}
  snn.manual_seed(5)
  args.in_shape, args.out_shape, args.step_time = 4, 3, 1
  args.synapse = args.synapse or own.delta()
  return own.Half(args)
end

describe("a script's class of connections", function()
  it("has the parameters of LinearDense", function()
    local mine = half { bias = true, weight_init = snn.ones(3, 4) }
    assert.is_true(mine.weight == snn.ones(3, 4))
    assert.same({ 3 }, mine.bias.shape)
    assert.equal(4, mine:insize())
    assert.equal(3, mine:outsize())
    assert.truthy(mine:extra_repr():find("^in_shape={4}, out_shape={3}"))
    assert.truthy(tostring(mine):find("^Half %(a class below Connection%)\n  in_shape  "))
  end)

  it("gives what its forward says", function()
    local mine = half()
    local dense = snn.LinearDense { in_shape = 4, out_shape = 3, step_time = 1,
      synapse = own.delta(), weight_init = mine.weight }
    local input = snn.rand(1, 4):lt(0.5)
    assert.is_true(mine(input):allclose(dense(input) * 0.5))
    assert.is_true(mine.synspike == input)
    assert.equal(1, mine.calls:item())
    fails(function() mine(snn.zeros(1, 3)) end, "ValueError", "Half: 'spikes' has shape {1, 3}")
  end)

  it("refuses what is no current of its shape, and is as before", function()
    local mine = half()
    mine.forward = function(self, x)
      self.calls = 9
      self.synapse(x)
      return self.says
    end
    for _, case in ipairs {
      { nil, "TypeError", "must return currents, a tensor of reals of shape {1, 3}, got nil" },
      { snn.zeros(3), "ValueError", "got a tensor of shape {3}" },
      { snn.zeros(1, 3):to("bool"), "TypeError", "got one of bool" },
    } do
      mine.says = case[1]
      fails(function() mine(snn.ones(1, 4)) end, case[2], case[3])
      assert.equal(0, mine.calls:item())
      assert.equal(0, mine.synspike:sum():item())
    end
  end)

  it("is trained in a layer as LinearDense is", function()
    local results = {}
    for i, class in ipairs { own.Half, snn.LinearDense } do
      snn.manual_seed(6)
      local enc = class { in_shape = 4, out_shape = 3, step_time = 1, delay = 3,
        synapse = own.delta(), weight_init = snn.full({ 3, 4 }, i == 1 and 2 or 1),
        delay_init = snn.zeros(3, 4) }
      local layer = snn.Serial { connection = enc, neuron = own.Leaky { shape = 3 } }
      enc.updater = enc:defaultupdater()
      local trainer = snn.STDP { lr_post = 0.01, lr_pre = -0.01, tc_post = 20, tc_pre = 20 }
      trainer:register_cell("only", layer.cell)
      for _ = 1, 30 do
        layer(snn.rand(1, 4):lt(0.5))
        trainer()
      end
      layer:update()
      results[i] = enc.weight - (i == 1 and 1 or 0)
    end
    assert.is_true(results[1]:allclose(results[2], 0, 1e-6))
    assert.is_false(results[2] == snn.ones(3, 4))
  end)

  it("goes back with its synapse when the step fails", function()
    local layer = snn.Layer()
    layer:add_connection("enc", half { synapse = own.Decaying.partialconstructor {} })
    layer:add_neuron("exc", own.Leaky { shape = 3 })
    function layer:wiring() error("broken") end
    local before = layer:state_dict()
    fails(function() layer { enc = snn.ones(1, 4) } end, nil, "broken")
    for name, value in pairs(layer:state_dict()) do assert.is_true(value == before[name], name) end
  end)

  it("cannot be made of the parent itself, nor without a forward", function()
    fails(function()
      snn.Connection { in_shape = 1, out_shape = 1, step_time = 1, synapse = own.delta() }
    end, "TypeError", "cannot be made")
    local Mute = snn.class("Mute", snn.Connection)
    local mute = Mute { in_shape = 1, out_shape = 1, step_time = 1, synapse = own.delta() }
    fails(function() mute(snn.zeros(1, 1)) end, "RuntimeError", "Mute: forward must be implemented")
  end)
end)
