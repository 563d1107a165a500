local snn = require "snn"

local function dense(inputs, outputs, weight, batch)
  local connection = snn.LinearDense{ in_shape = inputs, out_shape = outputs, step_time = 1,
    batch_size = batch,
    synapse = snn.DeltaCurrent.partialconstructor{ spike_charge = 1 } }
  connection.weight = snn.full({ outputs, inputs }, weight)
  return connection
end

-- A neuron that fires in the step in which its input is 1 or more.
local function relay(n, batch)
  return snn.LIF{ shape = n, step_time = 1, rest_v = 0, reset_v = 0, thresh_v = 0.5, refrac_t = 0,
    time_constant = 1, batch_size = batch }
end

local function loop(more)
  local args = {
    feedfwd_connection = dense(1, 2, 1), lateral_connection = dense(2, 3, 1),
    feedback_connection = dense(3, 2, 1), feedfwd_neuron = relay(2), feedback_neuron = relay(3),
  }
  for k, v in pairs(more or {}) do args[k] = v end
  return snn.RecurrentSerial(args)
end

local ON, OFF = snn.ones(1, 1), snn.zeros(1, 1)

local function text(spikes) return table.concat(spikes:to("int64"):flatten():totable()) end

describe("RecurrentSerial", function()
  it("passes a spike through both groups within a step", function()
    local feedfwd, feedback = loop()(ON)
    assert.equal("11 111", text(feedfwd) .. " " .. text(feedback))
  end)

  it("feeds the spikes of a step back in the next one", function()
    local layer = loop()
    layer(ON)
    local feedfwd = layer(OFF)
    assert.equal("11", text(feedfwd))
  end)

  it("stays silent without an input", function()
    local feedfwd, feedback = loop()(OFF)
    assert.equal("00 000", text(feedfwd) .. " " .. text(feedback))
  end)

  it("has the field feedback_spikes", function()
    local layer = loop()
    assert.equal("000", text(layer.feedback_spikes))
    layer(ON)
    assert.equal("111", text(layer.feedback_spikes))
  end)

  it("does not change the spikes to be fed back when the script changes a result", function()
    local layer = loop()
    local _, feedback = layer(ON)
    feedback:fill_(false)
    assert.equal("111", text(layer.feedback_spikes))
  end)

  it("returns the currents by the names of connections", function()
    local _, _, mid = loop()(ON, { capture_intermediate = true })
    assert.same({ { { 1, 1 } }, { { 2, 2, 2 } }, { { 0, 0 } } },
      { mid.feedfwd:totable(), mid.lateral:totable(), mid.feedback:totable() })
  end)

  it("applies its functions, each in its place", function()
    local function times(k) return function(t) return t * k end end
    local layer = loop { feedfwd_out_transform = times(10), feedback_out_transform = times(100),
      lateral_out_transform = times(0), lateral_in_transform = function(t) return t end,
      feedback_in_transform = function(t) return snn.ones_like(t) end }
    local _, feedback, mid = layer(OFF, { capture_intermediate = true })
    assert.equal("000", text(feedback))
    assert.same({ { { 3, 3 } }, { { 2, 2, 2 } } },
      { mid.feedback:totable(), mid.lateral:totable() })
  end)

  it("forgets its spikes when cleared", function()
    local layer = loop()
    layer(ON)
    layer:clear()
    assert.equal("00", text((layer(OFF))))
  end)

  it("forgets them, its own state, when clear leaves the submodules as they are", function()
    local layer, kept = loop(), loop()
    layer(ON)
    layer.feedfwd_neuron.refrac = layer.feedfwd_neuron.refrac + 3
    layer:clear { submodules = false }
    assert.equal(0, layer.feedback_spikes:to("int64"):sum():item())
    assert.is_true(layer.feedfwd_neuron.refrac:ge(3):all():item())
    kept:clear { submodules = false }
    assert.equal("00", text((kept(OFF))))
  end)

  it("saves them with its state", function()
    local layer, other = loop(), loop()
    layer(ON)
    other:load_state_dict(layer:state_dict())
    assert.equal("11", text((other(OFF))))
  end)

  it("starts without feedback after a change of the batch size", function()
    local layer = loop()
    layer(ON)
    for _, c in layer:named_connections() do c.batchsz = 2 end
    for _, n in layer:named_neurons() do n.batchsz = 2 end
    local feedfwd = layer(snn.zeros(2, 1))
    assert.equal("0000", text(feedfwd))
  end)

  it("takes back the first stage when the second fails", function()
    local layer = loop()
    layer(ON)
    local voltage = layer.feedfwd_neuron.voltage:clone()
    layer.lateral_in_transform = function() error("no") end
    pcall(layer, OFF)
    assert.is_true(voltage:equal(layer.feedfwd_neuron.voltage))
    layer.lateral_in_transform = nil
    assert.equal("11", text((layer(OFF))))
  end)

  it("checks a transform when it is assigned, and says what is fixed", function()
    local layer = loop()
    for name, kind in pairs { lateral_in_transform = "TypeError", lateral_connection =
      "AttributeError", trainable_feedback = "AttributeError" } do
      local ok, err = pcall(function() layer[name] = 1 end)
      assert.is_false(ok)
      assert.equal(kind, err.kind)
    end
  end)

  it("gives its parts by their roles, under any name", function()
    local lateral = dense(2, 3, 1)
    local layer = loop { lateral_connection = lateral, lateral_connection_name = "up" }
    assert.equal(lateral, layer.lateral_connection)
    assert.equal(lateral, layer.connections.up)
    assert.equal(lateral.synapse, layer.lateral_synapse)
    assert.is_nil(layer.lateral_updater)
  end)

  it("has no cells of the feedback unless it is trainable", function()
    local layer = loop()
    assert.is_nil(layer.lateral_cell)
    assert.is_nil(layer.feedback_cell)
    assert.truthy(layer.feedfwd_cell)
  end)

  it("has all three when it is", function()
    local layer, names = loop { trainable_feedback = true }, {}
    for c, n in layer:named_cells() do names[#names + 1] = c .. " " .. n end
    assert.same({ "feedfwd feedfwd", "lateral feedback", "feedback feedfwd" }, names)
    assert.equal(layer.lateral_connection, layer.lateral_cell.connection)
  end)

  it("records the cells of both stages", function()
    local layer = loop { trainable_feedback = true }
    local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 10, tc_pre = 10 }
    layer.lateral_connection.updater = layer.lateral_connection:defaultupdater()
    trainer:register_cell("lateral", layer.lateral_cell)
    layer(ON)
    assert.equal("111", text(trainer:get_monitor("lateral", "spike_post"):peek()))
  end)

  for _, case in ipairs {
    { "a flag that is none", { trainable_feedback = 1 }, "TypeError" },
    { "a transform that is no function", { lateral_in_transform = 1 }, "TypeError" },
    { "a missing part", { feedback_neuron = false }, "TypeError" },
    { "an unknown argument", { feedfwd = 1 }, "TypeError" },
    { "a name twice", { lateral_connection_name = "feedfwd" }, "RuntimeError" },
  } do
    it("refuses " .. case[1], function()
      local ok, err = pcall(loop, case[2])
      assert.is_false(ok)
      assert.equal(case[3], err.kind)
    end)
  end

  it("refuses to add and delete", function()
    local layer = loop()
    local ok, err = pcall(layer.del_cell, layer, "feedfwd", "feedfwd")
    assert.is_false(ok)
    assert.equal("RuntimeError", err.kind)
  end)
end)
