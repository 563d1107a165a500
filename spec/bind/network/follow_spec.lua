-- Which currents reach which neurons, as the text of a layer tells: by following the
-- tensors through a call of the wiring.
local snn = require "snn"
local folder = require "spec.io.folder"
local net = require "spec.lua.show.net"

-- The lines of the diagram, one blank between words.
local function flow(layer)
  local text = folder.tools().show(layer, { width = 80, utf8 = false, color = false })
  return (text:match "\n  last step  [^\n]*\n(.*)":gsub(" +", " "))
end

local INTO_THREE <const> = " input -> enc -+-> exc\n exc -> rec -+\n inh -> inb -+\n"

describe("a wiring", function()
  local layer

  before_each(function() layer = net.make() end)

  it("is followed in the first step", function()
    net.run(layer, 2)
    assert.equal(INTO_THREE .. " exc -> lat ---> inh\n exc -> read ---> out", flow(layer))
  end)

  it("is followed again when another function takes its place", function()
    net.run(layer, 1)
    function layer:wiring(i) -- luacheck: ignore
      return { exc = snn.stack({ i.enc, i.rec }, 1):sum(1), inh = i.lat:clone():add_(i.lat) }
    end
    net.run(layer, 1)
    assert.equal(" input -> enc -+-> exc\n exc -> rec -+\n exc -> lat ---> inh\n"
      .. " inh -> inb ---> (not used)\n exc -> read ---> (not used)", flow(layer))
  end)

  it("is not followed again in steps that run some of its connections in turn", function()
    local pair, followed = snn.Layer(), 0
    for _, name in ipairs { "a", "b" } do
      pair:add_connection(name, snn.LinearDirect { shape = 1, step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } })
    end
    pair:add_neuron("out", snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60,
      thresh_v = -50 })
    function pair:wiring(i) -- luacheck: ignore
      if debug.gethook() then followed = followed + 1 end
      return { out = i.a or i.b }
    end
    for _ = 1, 5 do
      pair { a = snn.ones(1, 1) }
      pair { a = snn.ones(1, 1), b = snn.ones(1, 1) }
    end
    assert.equal(2, followed)
  end)

  it("is followed through functions, lists and writes in place", function()
    local function both(a, b) return (select(2, a, a:clone():add_(b))) end
    function layer:wiring(i) -- luacheck: ignore
      local list = { i.lat }
      return { exc = both(i.enc, i.inb), inh = table.unpack(list), out = snn.cat({ i.read }, 2) }
    end
    net.run(layer, 1)
    assert.equal(" input -> enc -+-> exc\n inh -> inb -+\n exc -> lat ---> inh\n"
      .. " exc -> read ---> out\n exc -> rec ---> (not used)", flow(layer))
  end)

  it("is not followed where a script has a hook, which stays: cells tell then", function()
    local count = 0
    debug.sethook(function() count = count + 1 end, "c")
    net.run(layer, 1)
    local fn = debug.gethook()
    debug.sethook()
    assert.is_function(fn)
    assert.is_true(count > 0)
    assert.equal(" input -> enc -+-> exc\n exc -> rec -+\n ? -> ? ---> inh\n ? -> ? ---> out\n"
      .. " exc -> lat ---> ?\n inh -> inb ---> ?\n exc -> read ---> ?", flow(layer))
  end)

  it("leaves no hook when it fails", function()
    function layer:wiring() error "oh" end -- luacheck: ignore
    assert.is_false(pcall(net.run, layer, 1))
    assert.is_nil((debug.gethook()))
  end)

  it("gives the same spikes, followed or not", function()
    net.run(layer, 3)
    local other = net.make()
    debug.sethook(function() end, "", 1000000)
    net.run(other, 3)
    debug.sethook()
    assert.is_true(layer.neurons.exc.voltage:equal(other.neurons.exc.voltage))
  end)
end)

describe("a copy of spikes", function()
  it("is an input like others: only the neurons' own are known again", function()
    local layer = net.make()
    local spikes = layer.neurons.exc.spike
    layer { enc = snn.zeros({ 1, 30 }, { dtype = "bool" }), rec = spikes:clone(), lat = spikes,
      inb = layer.neurons.inh.spike, read = spikes:reshape(1, 20) }
    assert.equal(INTO_THREE:gsub("exc %-> rec", "input -> rec")
      .. " exc -> lat ---> inh\n exc -> read ---> out", flow(layer))
  end)
end)
