-- A script's own class of synapses, in all connections.
local snn = require "snn"
local own = require "spec.classes.own"
local fails = own.fails

local KINDS = { "LinearDense", "LinearDirect", "LinearLateral", "Conv2D" }

local function connection(kind, synapse, delay, dtype)
  local args = { step_time = 1, batch_size = 2, synapse = synapse, delay = delay, dtype = dtype,
    delay_init = delay and function(d) return (snn.rand(d.shape) * 5):floor() end or nil }
  if kind == "Conv2D" then
    args.height, args.width, args.channels, args.filters, args.kernel = 4, 4, 2, 2, 2
  elseif kind == "LinearDense" then
    args.in_shape, args.out_shape = { 2, 3 }, 2
  else
    args.shape = 6
  end
  snn.manual_seed(4)
  return snn[kind](args)
end

local theirs = snn.SingleExponentialCurrent.partialconstructor { spike_charge = 300,
  time_constant = 10 }

describe("a script's class of synapses", function()
  it("has its own partialconstructor", function()
    local enc = connection("LinearDense", own.Decaying.partialconstructor { tau = 5 })
    assert.equal(5, enc.synapse.tau)
    assert.equal('shape={6}, step_time=1, delay=0, batch_size=2, dtype="float32", '
      .. 'interp_tol=0, interp_mode="previous"', enc.synapse:extra_repr())
    assert.truthy(tostring(enc.synapse):find("\n  left +{2, 6} +0 +0 +0  nA"))
    local Grandchild = snn.class("Grandchild", own.Decaying)
    function Grandchild.forward() return "mine" end
    local grandchild = Grandchild.partialconstructor {}({ 1 }, 1)
    fails(function() grandchild(snn.zeros(1, 1)) end, "TypeError", "got string 'mine'")
    function Grandchild.partialconstructor() return "its own" end
    assert.equal("its own", snn.class("Last", Grandchild).partialconstructor())
    local Below = snn.class("Below", snn.DeltaCurrent)
    function Below:forward(...) return snn.DeltaCurrent.forward(self, ...) * 2 end
    local twice = connection("LinearDirect", Below.partialconstructor { spike_charge = 1 })
    local once = connection("LinearDirect", snn.DeltaCurrent.partialconstructor {
      spike_charge = 1 })
    assert.is_true(twice(snn.ones(2, 6)) == once(snn.ones(2, 6)) * 2)
  end)

  for _, kind in ipairs(KINDS) do
    for _, delay in ipairs { false, 4 } do
      it(("drives a %s %s delays"):format(kind, delay and "with" or "without"), function()
        for _, dtype in ipairs { "float32", "float64" } do
          local mine = connection(kind, own.Decaying.partialconstructor {}, delay, dtype)
          local library = connection(kind, theirs, delay, dtype)
          for _ = 1, 12 do
            local x = snn.rand(mine.batched_inshape):lt(0.3)
            assert.is_true(mine(x):allclose(library(x), 1e-5, 1e-3))
          end
          assert.is_true(mine.synspike == library.synspike)
          assert.is_true(mine.syncurrent:allclose(library.syncurrent, 1e-5, 1e-3))
        end
      end)
    end
  end

  it("is trained, cleared and given another batch size with its connection", function()
    local enc = connection("LinearDense", own.Decaying.partialconstructor {}, 4)
    local input = snn.ones(2, 2, 3):to("bool")
    enc(input)
    assert.is_true(enc.synapse.left:eq(30):all():item())
    enc:clear()
    assert.equal(0, enc.synapse.left:sum():item() + enc.syncurrent:sum():item())
    enc(input)
    enc.batchsz = 1
    assert.same({ { 0, 0, 0, 0, 0, 0 } }, enc.synapse.left:totable())
    enc:load_state_dict(enc:state_dict())
  end)

  it("goes back when its layer's step fails", function()
    local layer = snn.Layer()
    local enc = layer:add_connection("enc", connection("LinearDense",
      own.Decaying.partialconstructor {}, 4))
    layer:add_neuron("exc", own.Leaky { shape = 2, batch_size = 2 })
    local breaks = false
    function layer.wiring(_, inputs)
      if breaks then error("broken") end
      return { exc = inputs.enc }
    end
    local input = snn.ones(2, 2, 3):to("bool")
    layer { enc = input }
    local before = layer:state_dict()
    breaks = true
    fails(function() layer { enc = input } end, nil, "broken")
    for name, value in pairs(layer:state_dict()) do assert.is_true(value == before[name], name) end
    breaks = false
    enc.synapse.forward = function(self)
      self.left = 7
      return snn.zeros(1)
    end
    fails(function() layer { enc = input } end, "ValueError",
      "Decaying: forward must return currents, a tensor of reals of shape {2, 6}")
    for name, value in pairs(layer:state_dict()) do assert.is_true(value == before[name], name) end
  end)
end)
