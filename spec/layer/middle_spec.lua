-- What a script does in the middle of a forward: in wiring, in hooks, in
-- reductions, in finalizers.
local snn = require "snn"
local parts = require "spec.layer.parts"
local fails = require("spec.support").fails

local ENC, REC = snn.tensor { { 1, 0, 1 } }, snn.tensor { { 0, 1 } }

--- A layer whose wiring runs `trick(layer, inputs)` first.
local function layer_with(trick)
  return parts.layer(function(self, inputs)
    trick(self, inputs)
    return { exc = inputs.enc, inh = inputs.rec }
  end)
end

local function trained(layer)
  local enc = layer.connections.enc
  enc.updater = enc:defaultupdater()
  local trainer = snn.STDP { lr_post = 1, lr_pre = 1, tc_post = 20, tc_pre = 20 }
  trainer:register_cell("cell", layer:add_cell("enc", "exc"))
  return trainer
end

local function peek(trainer, name)
  local tensor = trainer:get_monitor("cell", name):peek()
  return tensor and tensor:totable()
end

describe("wiring", function()
  it("may delete its own connection", function()
    local layer = layer_with(function(self)
      if pcall(self.get_connection, self, "enc") then self:del_connection("enc") end
      parts.collect()
    end)
    trained(layer)
    assert.same({ { false, false } }, layer { enc = ENC }.exc:totable())
    assert.same({}, parts.names(layer:named_cells()))
    fails("AttributeError", "'enc' is not a registered connection", layer, { enc = ENC })
  end)

  it("that deletes a neuron cannot return it", function()
    local layer = layer_with(function(self) self:del_neuron("exc") end)
    trained(layer)
    local exc = layer.neurons.exc
    fails("AttributeError", "'exc' is not a registered neuron (registered: 'inh')", layer,
      { enc = ENC })
    assert.same({ { -60, -60 } }, exc.voltage:totable())
    assert.same({ { 0, 0, 0 } }, layer.connections.enc.syncurrent:totable())
    assert.same({ "inh" }, parts.names(layer:named_neurons()))
  end)

  it("may delete everything", function()
    local layer = snn.Layer()
    layer:add_connection("enc", parts.dense())
    layer:add_neuron("exc", parts.lif())
    layer:add_cell("enc", "exc")
    function layer:wiring()
      self:del_connection("enc")
      self:del_neuron("exc")
      parts.collect()
      return {}
    end
    assert.same({}, layer { enc = ENC })
  end)

  it("may register neurons and return them", function()
    local layer = parts.layer(function(self, inputs)
      local out = { exc = inputs.enc }
      for i = 1, 200 do
        local name = "new" .. i
        if not pcall(self.get_neuron, self, name) then self:add_neuron(name, parts.lif()) end
        out[name] = inputs.enc
      end
      return out
    end)
    for _ = 1, 2 do
      local out = layer { enc = ENC }
      assert.same(out.exc:totable(), out.new1:totable())
      assert.same(out.exc:totable(), out.new200:totable())
    end
  end)

  it("may replace neurons and connections under their names", function()
    local fresh
    local layer = layer_with(function(self)
      self:del_neuron("exc")
      fresh = self:add_neuron("exc", parts.lif())
      self:del_connection("enc")
      self:add_connection("enc", parts.dense())
    end)
    layer { enc = ENC }
    assert.is_true(fresh.voltage[1][1] > -60)
    assert.same({ { 0, 0, 0 } }, layer.connections.enc.syncurrent:totable())
  end)

  it("may step its own layer", function()
    local depth = 0
    local layer = layer_with(function(self)
      depth = depth + 1
      if depth % 2 == 1 then self { enc = ENC } end
    end)
    local twin = parts.layer()
    layer { enc = ENC }
    twin { enc = ENC }
    twin { enc = ENC }
    assert.same(parts.state(twin), parts.state(layer))
  end)

  it("may step another layer, which may step this one", function()
    local other, calls = nil, 0
    local layer = layer_with(function()
      calls = calls + 1
      if calls == 1 then other { enc = ENC } end
    end)
    other = layer_with(function() layer { enc = ENC } end)
    layer { enc = ENC }
    assert.equal(2, calls)
    assert.same({ { true, true } }, layer.neurons.exc.spike:totable())
    assert.same({ { false, false } }, other.neurons.exc.spike:totable())
  end)

  it("may go on after a forward inside has failed, which is taken back", function()
    local layer = layer_with(function(self)
      self.wiring = function() error("inner", 0) end
      assert.has_error(function() self { rec = REC } end, "inner")
    end)
    layer { enc = ENC }
    assert.same({ { 1, 0, 1 } }, layer.connections.enc.syncurrent:totable())
    assert.same({ { 0, 0 } }, layer.connections.rec.syncurrent:totable())
  end)

  it("that steps a connection itself and fails leaves that step", function()
    local layer = layer_with(function(self)
      self.connections.rec(REC)
      error("mine", 0)
    end)
    assert.has_error(function() layer { enc = ENC } end, "mine")
    assert.same({ { 0, 0, 0 } }, layer.connections.enc.syncurrent:totable())
    assert.same({ { 0, 1 } }, layer.connections.rec.syncurrent:totable())
  end)

  it("may replace itself: the forward goes on, the next one uses the other", function()
    local layer = layer_with(function(self) self.wiring = function() return {} end end)
    assert.same({ { false, false } }, layer { enc = ENC }.exc:totable())
    assert.same({}, layer { enc = ENC })
  end)

  it("may replace a synapse", function()
    local layer = layer_with(function(self)
      self.connections.enc.synapse = parts.synapse({ 3 }, 1, 0, 1)
      parts.collect()
    end)
    local trainer = trained(layer)
    layer { enc = ENC }
    assert.same({ { 0, 0, 0 } }, layer.connections.enc.syncurrent:totable())
    assert.same({ { 0, 0, 0 } }, peek(trainer, "trace_pre"))
  end)

  it("that replaces a synapse and fails leaves the new one as it is", function()
    local old, new
    local layer = layer_with(function(self)
      old, new = self.connections.enc.synapse, parts.synapse({ 3 }, 1, 0, 1)
      new(ENC)
      self.connections.enc.synapse = new
      error("mine", 0)
    end)
    assert.has_error(function() layer { enc = snn.ones(1, 3) } end, "mine")
    assert.equal(new, layer.connections.enc.synapse)
    assert.same({ { 1, 0, 1 } }, new.current:totable())
    assert.same({ { 0, 0, 0 } }, old.current:totable())
  end)

  it("may change the batch size of a connection that has run", function()
    local layer = layer_with(function(self) self.connections.enc.batchsz = 5 end)
    local trainer = trained(layer)
    assert.same({ { false, false } }, layer { enc = ENC }.exc:totable())
    fails("RuntimeError", "STDP: ", trainer)
    assert.is_nil(layer.connections.enc.updater.weight.pos)
  end)

  it("that changes the batch size of a neuron must give it that", function()
    local layer = layer_with(function(self) self.neurons.exc.batchsz = 4 end)
    fails("ValueError", "neuron 'exc': 'input' has shape {1, 2}, must be {4, 2}", layer,
      { enc = ENC })
    assert.equal(4, layer.neurons.exc.batchsz)
    layer = parts.layer(function(self, inputs)
      self.neurons.exc.batchsz = 4
      return { exc = inputs.enc:expand(4, 2) }
    end)
    assert.same({ 4, 2 }, layer { enc = ENC }.exc.shape)
  end)

  it("may set and clear what it likes", function()
    local layer = layer_with(function(self)
      self:clear()
      self.neurons.exc.voltage = snn.full({ 1, 2 }, -51)
      self.connections.enc.weight = snn.zeros(2, 3)
      self.connections.enc.dt = 2
      self:eval()
    end)
    layer { enc = ENC }
    assert.same({ { true, true } }, layer.neurons.exc.spike:totable())
    assert.is_false(layer.training)
  end)

  it("may change its tables", function()
    local layer = parts.layer(function(_, inputs, kwargs)
      local current = inputs.enc
      inputs.enc, inputs.junk, inputs[1] = nil, print, 7
      kwargs.gain = nil
      return { exc = current }
    end)
    local out, mid = layer({ enc = ENC }, { gain = 1, capture_intermediate = true })
    assert.same({ { false, false } }, out.exc:totable())
    assert.is_nil(mid.enc)
  end)

  it("may keep what it was given", function()
    local kept = {}
    local layer = layer_with(function(_, inputs) kept[#kept + 1] = inputs.enc end)
    layer { enc = ENC }
    layer { enc = snn.zeros(1, 3) }
    assert.same({ { 200, 200 } }, kept[1]:totable())
    assert.same({ { 0, 0 } }, kept[2]:totable())
  end)

  it("may change a current in place, for this forward", function()
    local layer = layer_with(function(_, inputs) inputs.enc:mul_(2) end)
    assert.same({ { true, true } }, layer { enc = ENC }.exc:totable())
    assert.same({ { 1, 0, 1 } }, layer.connections.enc.syncurrent:totable())
  end)

  it("may collect garbage at each step", function()
    local layer = layer_with(parts.collect)
    local trainer = trained(layer)
    for _ = 1, 3 do
      layer { enc = ENC, rec = REC }
      trainer()
      layer:update()
    end
    assert.same({ 1, 0, 1 }, layer.connections.enc.syncurrent:totable()[1])
  end)
end)

describe("a hook of a neuron", function()
  it("may delete the next neuron, which still steps", function()
    local layer = parts.layer(function(_, i) return { exc = i.enc, inh = i.enc } end)
    layer.neurons.exc:register_forward_hook(function()
      layer:del_neuron("inh")
      parts.collect()
    end)
    assert.same({ { false, false } }, layer { enc = ENC }.inh:totable())
    assert.same({ "exc" }, parts.names(layer:named_neurons()))
  end)

  it("may change the batch size of the next neuron, which is an error", function()
    local layer = parts.layer(function(_, i) return { exc = i.enc, inh = i.enc } end)
    layer.neurons.exc:register_forward_hook(function() layer.neurons.inh.batchsz = 3 end)
    fails("ValueError", "neuron 'inh'", layer, { enc = ENC })
    assert.same({ { -60, -60 } }, layer.neurons.exc.voltage:totable())
    assert.same({ 3, 2 }, layer.neurons.inh.voltage.shape)
  end)

  it("may change its own batch size", function()
    local layer = parts.layer()
    local trainer = trained(layer)
    local handle = layer.neurons.exc:register_forward_hook(function(neuron) neuron.batchsz = 2 end)
    layer { enc = ENC }
    handle:remove()
    fails("RuntimeError", "STDP: ", trainer)
    layer.neurons.exc.batchsz = 1
    layer { enc = ENC }
    trainer()
  end)

  it("may look at a monitor, which it does not change", function()
    local layer = parts.layer()
    local trainer, seen = trained(layer), {}
    layer.neurons.exc:register_forward_hook(function()
      seen[#seen + 1] = trainer:get_monitor("cell", "trace_pre"):peek() or "nothing"
    end)
    for _ = 1, 3 do layer { enc = ENC } end
    assert.equal("nothing", seen[1])
    assert.same({ { 1, 0, 1 } }, seen[2]:totable())
    assert.near(1 + math.exp(-1 / 20), seen[3][1][1], 1e-6)
    assert.near(1 + math.exp(-1 / 20) + math.exp(-2 / 20), peek(trainer, "trace_pre")[1][1], 1e-6)
  end)

  it("may clear a trainer, which records this step", function()
    local layer = parts.layer()
    local trainer = trained(layer)
    layer { enc = ENC }
    layer.neurons.exc:register_forward_hook(function() trainer:clear() end)
    layer { enc = ENC }
    assert.same({ { 1, 0, 1 } }, peek(trainer, "trace_pre"))
    assert.same({ { true, false, true } }, peek(trainer, "spike_pre"))
  end)

  it("may delete a cell of a trainer, and register it anew", function()
    local layer = parts.layer()
    local trainer = trained(layer)
    layer { enc = ENC }
    layer.neurons.exc:register_forward_hook(function()
      trainer:del_cell "cell"
      parts.collect()
      trainer:register_cell("cell", layer.cells.enc.exc)
    end)
    layer { enc = ENC }
    assert.same({ { 1, 0, 1 } }, peek(trainer, "trace_pre"))
  end)

  it("may step the layer: two steps are recorded", function()
    local layer, inside = parts.layer(), false
    local trainer = trained(layer)
    layer.neurons.exc:register_forward_hook(function()
      if inside then return end
      inside = true
      layer { enc = snn.tensor { { 0, 1, 0 } } }
      inside = false
    end)
    layer { enc = ENC }
    local decay = math.exp(-1 / 20)
    assert.near(1 + decay, peek(trainer, "trace_pre")[1][2], 1e-6)
    assert.same({ { false, true, false } }, peek(trainer, "spike_pre"))
    trainer()
  end)
end)

describe("a reduction of adaptations", function()
  it("cannot change the group that steps, and may do all else", function()
    local layer, tried = snn.Layer { wiring = function(_, i) return { exc = i.enc } end }, {}
    layer:add_connection("enc", parts.dense())
    local exc
    exc = layer:add_neuron("exc", parts.alif(2, {
      batch_reduction = function(t, dim)
        for _, try in ipairs {
          function() exc:clear() end,
          function() exc.batchsz = 4 end,
          function() exc.voltage = snn.zeros(1, 2) end,
          function() exc(snn.ones(1, 2)) end,
          function() layer { enc = ENC } end,
        } do
          local ok, err = pcall(try)
          tried[#tried + 1] = ok or err.kind
        end
        layer.connections.enc.weight = snn.zeros(2, 3)
        parts.collect()
        return t:mean(dim)
      end,
    }))
    layer { enc = ENC }
    assert.same({ "RuntimeError", "RuntimeError", "RuntimeError", "RuntimeError", "RuntimeError" },
      tried)
    assert.same({ { 1, 0, 1 } }, layer.connections.enc.syncurrent:totable())
  end)

  it("may clear the trainer", function()
    local layer = snn.Layer { wiring = function(_, i) return { exc = i.enc } end }
    layer:add_connection("enc", parts.dense())
    local trainer
    layer:add_neuron("exc", parts.alif(2, {
      batch_reduction = function(t, dim)
        if trainer then trainer:clear() end
        return t:mean(dim)
      end,
    }))
    trainer = trained(layer)
    for _ = 1, 3 do layer { enc = ENC } end
    assert.same({ { 1, 0, 1 } }, peek(trainer, "trace_pre"))
    trainer()
  end)
end)

describe("a finalizer in the middle of a forward", function()
  --- Runs `act` once, when garbage is collected next.
  local function finally(act) setmetatable({}, { __gc = act }) end

  it("may step, change and delete", function()
    local steps = 0
    local layer = layer_with(function(self)
      finally(function()
        steps = steps + 1
        if steps < 3 then self { enc = ENC } end
        self.connections.enc.batchsz = 1
        self.neurons.exc:clear()
        self:add_cell("rec", "exc")
        self:del_cell("rec", "exc")
      end)
      parts.collect()
    end)
    local trainer = trained(layer)
    for _ = 1, 5 do layer { enc = ENC } end
    assert.is_true(steps >= 3)
    trainer()
  end)

  it("may run at any allocation", function()
    local layer, ran = parts.layer(), 0
    local trainer = trained(layer)
    local function again()
      ran = ran + 1
      trainer:get_monitor("cell", "trace_pre"):peek()
      if ran % 3 == 0 then trainer:clear() end
      if ran < 60 then finally(again) end
    end
    finally(again)
    local mode = collectgarbage("incremental", 100, 1000, 1)
    local steps = 0
    while ran < 60 and steps < 20000 do
      layer { enc = ENC }
      steps = steps + 1
    end
    collectgarbage(mode)
    assert.is_true(ran > 0) -- how often depends on what else is in memory
    layer { enc = ENC }
    trainer()
    layer:update()
  end)
end)
