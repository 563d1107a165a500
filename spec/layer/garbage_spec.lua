-- Layers and the collector: cycles go, what a script holds stays of use, and
-- finalizers may do anything at any time.
local snn = require "snn"
local support = require "spec.support"
local parts = require "spec.layer.parts"
local fails = support.fails

local ENC = snn.tensor { { 1, 0, 1 } }

local function weak() return setmetatable({}, { __mode = "v" }) end

describe("garbage", function()
  it("is a layer that nobody holds, with all below it", function()
    local seen = weak()
    do
      local layer = parts.layer()
      layer:add_cell("enc", "exc")
      layer { enc = ENC }
      seen.layer, seen.enc, seen.exc = layer, layer.connections.enc, layer.neurons.exc
      seen.cell, seen.synapse, seen.proxy = layer.cells.enc.exc, seen.enc.synapse, layer.cells
    end
    parts.collect()
    assert.same({}, seen)
  end)

  it("is a layer whose functions hold it", function()
    local seen = weak()
    do
      local layer
      layer = parts.layer(function() return { exc = layer { rec = 1 } } end)
      layer.neurons.exc:register_forward_hook(function() return layer end)
      layer.connections.enc:register_forward_pre_hook(function() return layer end)
      layer.neurons.exc.clear = function() return layer end
      layer.connections.enc.synapse.clear = function() return layer.connections end
      layer.again = layer
      seen[1] = layer
    end
    parts.collect()
    assert.same({}, seen)
  end)

  it("is a connection with its updater, whose bounds hold it", function()
    local seen = weak()
    do
      local connection = parts.dense()
      connection.updater = connection:defaultupdater()
      connection.updater.weight:upperbound(function() return connection.weight end, 1)
      seen.connection, seen.updater = connection, connection.updater
      seen.accumulator = connection.updater.weight
    end
    parts.collect()
    assert.same({}, seen)
  end)

  it("is a synapse that was replaced", function()
    local connection, seen = parts.dense(), weak()
    seen[1] = connection.synapse
    connection.synapse = parts.synapse({ 3 }, 1, 0, 1)
    parts.collect()
    assert.same({}, seen)
    connection(ENC)
  end)

  it("is what was deleted from a layer", function()
    local layer, seen = parts.layer(), weak()
    layer:add_cell("enc", "exc")
    layer { enc = ENC }
    seen[1], seen[2] = layer.connections.enc, layer.neurons.exc
    seen[3] = layer.cells.enc.exc
    layer:del_connection "enc"
    layer:del_neuron "exc"
    parts.collect()
    assert.same({}, seen)
  end)
end)

describe("what a script holds", function()
  it("stays of use without its layer", function()
    local cell, connections, named
    do
      local layer = parts.layer()
      cell, connections = layer:add_cell("enc", "exc"), layer.connections
      named = layer:named_neurons()
    end
    parts.collect()
    cell.connection(ENC)
    assert.same({ { true, false, true } }, cell.prespike:totable())
    assert.equal(cell.connection, connections.enc)
    assert.equal("exc", (named()))
  end)

  it("is a cell without its layer, in a layer of its parts", function()
    local cell = parts.layer():add_cell("enc", "exc")
    parts.collect()
    local layer = snn.Serial { connection = cell.connection, neuron = cell.neuron }
    layer(ENC)
    assert.same({ { true, false, true } }, cell.prespike:totable())
  end)

  it("is a tensor without its module", function()
    local weight, voltage, spike
    do
      local layer = parts.layer()
      layer { enc = ENC }
      weight, voltage = layer.connections.enc.weight, layer.neurons.exc.voltage
      spike = layer.connections.enc.synspike
    end
    parts.collect()
    assert.equal(600, weight:sum():item())
    assert.is_true(voltage[1][1] > -60)
    assert.same({ { true, false, true } }, spike:totable())
  end)

  it("is an accumulator without its connection", function()
    local accumulator
    do
      local connection = parts.dense()
      connection.updater = connection:defaultupdater()
      accumulator = connection.updater.weight
    end
    parts.collect()
    accumulator.pos = snn.ones(2, 3)
    assert.equal(6, accumulator.pos:sum():item())
    fails("ValueError", "", function() accumulator.pos = snn.ones(3, 2) end)
  end)
end)

describe("finalizers", function()
  -- What a finalizer may try: `m` is a bag of modules in any state.
  local TRIES = [[
    local function try(m)
      local x = snn.ones(1, 3)
      for _, f in ipairs {
        function() m.layer { enc = x } end,
        function() m.connection(x) end,
        function() m.connection.synapse = snn.DeltaCurrent {
          shape = 3, step_time = 1, spike_charge = 1 } end,
        function() return m.connection.syncurrent, m.connection.synspike end,
        function() m.connection.batchsz = 1 end,
        function() m.connection.weight = m.connection.weight + 1 end,
        function() m.connection.updater.weight = { snn.ones(2, 3) } end,
        function() m.connection:update() end,
        function() m.layer:update() end,
        function() m.trainer() end,
        function() m.trainer:clear() end,
        function() m.trainer:register_cell("again", m.cell) end,
        function() m.trainer:del_cell "cell" end,
        function() return m.cell.prespike, m.cell.postvoltage end,
        function() m.neuron(snn.ones(1, 2)) end,
        function() m.neuron:clear() end,
        function() m.monitor:peek() end,
        function() m.layer:clear() end,
        function() m.layer:state_dict() end,
        function() m.layer:load_state_dict(m.layer:state_dict()) end,
        function() m.layer:eval() m.layer:train() end,
        function() m.layer:add_cell("enc", "exc") end,
        function() m.layer:del_connection "enc" end,
        function() m.accumulator.pos = snn.ones(2, 3) end,
        function() m.synapse(x) end,
        function() return tostring(m.layer), tostring(m.connection), tostring(m.cell) end,
      } do pcall(f) end
    end

    -- Guards are made before, between and after the modules.
    local function build(order)
      local m = { guards = {} }
      local function guard()
        m.guards[#m.guards + 1] = setmetatable({}, { __gc = function() try(m) end })
      end
      local made = {}
      made[1] = function()
        m.connection = snn.LinearDense {
          in_shape = 3, out_shape = 2, step_time = 1,
          synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
      end
      made[2] = function()
        m.neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65,
          thresh_v = -59, refrac_t = 0, time_constant = 20 }
      end
      made[3] = function()
        m.layer = snn.Layer { wiring = function(_, i) return { exc = i.enc } end }
      end
      made[4] = function()
        m.trainer = snn.STDP { lr_post = 1, lr_pre = 1, tc_post = 20, tc_pre = 20 }
      end
      for k = 1, 4 do
        guard()
        made[(k + order) % 4 + 1]()
      end
      guard()
      m.connection.updater = m.connection:defaultupdater()
      guard()
      m.connection.synapse = snn.DeltaCurrent { shape = 3, step_time = 1, spike_charge = 1 }
      guard()
      m.layer:add_connection("enc", m.connection)
      m.layer:add_neuron("exc", m.neuron)
      m.cell = m.layer:add_cell("enc", "exc")
      guard()
      m.trainer:register_cell("cell", m.cell)
      m.monitor = m.trainer:get_monitor("cell", "trace_pre")
      m.accumulator, m.synapse = m.connection.updater.weight, m.connection.synapse
      guard()
      m.layer { enc = snn.ones(1, 3) }
      m.trainer()
      return m
    end
  ]]

  it("may do anything with what is collected beside them", function()
    local build = assert(load("local snn = ...\n" .. TRIES .. "return build"))(snn)
    local mode = snn.warnings()
    snn.warnings(false) -- (updates without an updater)
    for order = 1, 8 do
      build(order)
      parts.collect()
    end
    snn.warnings(mode)
  end)

  it("may do anything at the end of the program", function()
    local script = "snn.warnings(false) " .. TRIES
      .. "kept = {} for order = 1, 8 do kept[order] = build(order) end"
    -- what a finalizer makes while Lua closes has none itself
    local result = support.run(script, { ASAN_OPTIONS = "detect_leaks=0" })
    assert.same({ 0, "", "" }, { result.code, result.out, result.err })
    result = support.stock("local snn = require 'snn'\n" .. script)
    if result then assert.same({ 0, "" }, { result.code, result.err }) end
  end)

  -- Garbage all the time and a collector that is never done, so that some of it
  -- ends inside each call.
  local CLEARS <const> = [[
    local snn = require "snn"
    local connection = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1, delay = 2,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
    connection.updater = connection:defaultupdater()
    local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron { shape = 2,
      step_time = 1, rest_v = -60, thresh_v = -50 } }
    local args = { lr_post = 1, lr_pre = 1, tc_post = 20, tc_pre = 20, tc_eligibility = 2 }
    local trainer = snn.MSTDPET(args)
    trainer:register_cell("cell", layer.cell)
    local synapses = { connection.synapse,
      snn.DeltaCurrent { shape = 3, step_time = 1, spike_charge = 1 } }
    local i = 0
    local function clear()
      i = i + 1
      if i % 2 == 0 then trainer:clear() else connection.synapse = synapses[i % 4 // 2 + 1] end
    end
    local function look()
      local state = trainer:state_dict()
      for _, name in ipairs { "trace_pre", "elig_post" } do
        local m = trainer:get_monitor("cell", name)
        m:peek() m:dump() m:view(0)
        local _ = m.latest
      end
      return state
    end
    collectgarbage("incremental", 1, 40, 1)
    collectgarbage() -- what was due in the mode before may be far
    for _ = 1, 300 do
      for _ = 1, 60 do setmetatable({}, { __gc = clear }) end
      layer(snn.ones(1, 3), { neuron_kwargs = { override = snn.ones(1, 2):gt(0) } })
      local ok, err = pcall(trainer, 1)
      assert(ok or err.kind == "RuntimeError")
      look()
      connection:update()
    end
    print(connection.weight:isfinite():all():item())
  ]]

  -- With these settings each allocation ends a whole cycle of the collector.
  local CHANGES <const> = [[
    local snn = require "snn"
    local layer = snn.Layer { wiring = function(_, i) return { exc = i.enc } end }
    layer:add_connection("enc", snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } })
    layer:add_neuron("exc", snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60,
      thresh_v = -50 })
    local function change()
      layer:add_cell("enc", "exc")
      layer:del_cell("enc", "exc")
    end
    local x, left, rounds = { enc = snn.ones(1, 3) }, 0, 0
    local function again()
      if left == 0 then return end
      left, rounds = left - 1, rounds + 1
      setmetatable({}, { __gc = again })
      if rounds * 7919 % 11 < 5 then change() end
      layer(x)
    end
    collectgarbage("incremental", 1, 1000, 16)
    collectgarbage() -- what was due in the mode before may be far
    for _ = 1, 300 do
      left = 30
      setmetatable({}, { __gc = again })
      change()
      layer(x)
    end
    left = 0
    print(rounds > 1000)
  ]]

  it("may change the registry and step while a forward looks at it", function()
    local result = support.run(CHANGES, { ASAN_OPTIONS = "detect_leaks=0" })
    assert.same({ 0, "true\n", "" }, { result.code, result.out, result.err })
  end)

  it("may clear what is looked at, and change delays, in the middle of a step", function()
    local result = support.run(CLEARS, { ASAN_OPTIONS = "detect_leaks=0" })
    assert.same({ 0, "true\n", "" }, { result.code, result.out, result.err })
  end)
end)

describe("a finalizer", function()
  -- A collection at the k-th allocation of a layer's first forward; where the
  -- engine made that one, memory is short.
  local function disturbed(k)
    local layer = parts.layer()
    layer:add_cell("enc", "exc")
    setmetatable({}, { __gc = function()
      for i = 1, 20 do layer:add_neuron("late" .. i, parts.lif()) end
      layer:add_cell("enc", "late1")
    end })
    snn._debug.fail_at(k, 1)
    local good, why = pcall(layer, { enc = ENC })
    local hit = snn._debug.fired()
    snn._debug.fail_at(0)
    return layer, good or tostring(why):find("memory") ~= nil, hit
  end

  it("may register members while a forward looks at the registry", function()
    local hits = 0
    for k = 1, 100 do
      local layer, good, hit = disturbed(k)
      hits = hits + (hit and 1 or 0)
      parts.collect()
      assert.is_true(good)
      function layer:wiring(inputs) return { late20 = inputs.enc } end -- luacheck: ignore
      assert.same({ { true, true } }, layer { enc = snn.ones(1, 3) }.late20:totable())
    end
    assert.is_true(hits > 8)
  end)
end)

describe("a finalizer that makes steps of the layer", function()
  it("may run within one, with other connections and neurons", function()
    local result = support.run([[
      local snn = require "snn"
      local parts = require "spec.layer.parts"
      local ENC, REC = snn.ones(1, 3), snn.ones(1, 2)
      local layer = parts.layer(function(_, inputs)
        return { exc = inputs.enc, inh = inputs.rec }
      end)
      for _, mode in ipairs { "incremental", "generational" } do
        collectgarbage(mode)
        if mode == "incremental" then collectgarbage("setpause", 1) end
        local turn, is_over = 0, false
        local function again()
          setmetatable({}, { __gc = function()
            if is_over then return end -- tensors made as the state closes have no end
            turn = turn + 1
            layer(turn % 2 == 0 and { enc = ENC, rec = REC } or { rec = REC })
            if turn < 2000 then again() end
          end })
        end
        again()
        for i = 1, 3000 do
          local out = layer { enc = ENC }
          assert(out.exc.shape[2] == 2 and out.inh == nil)
          if i % 3 == 0 then layer { enc = ENC, rec = REC } end
        end
        assert(turn > 10, turn)
        is_over = true
      end
      print "done"]])
    assert.same({ "done\n", "" }, { result.out, result.err })
  end)
end)

describe("a finalizer that makes lists longer", function()
  -- the finalizer runs when the call asks for Lua's memory, once it has counted
  local function run(body)
    return support.run([[
      local snn = require "snn"
      local parts = require "spec.layer.parts"
      collectgarbage "generational"
      local function longer(list, key, value)
        setmetatable({}, { __gc = function()
          for i = 1, 400 do list[key(i)] = value end
        end })
      end
      ]] .. body .. [[
      print "done"]])
  end

  it("leaves a step whole, or refused", function()
    local result = run [[
      local ENC = snn.ones(1, 3)
      local layer = parts.layer(function(_, inputs) return { exc = inputs.enc } end)
      for _ = 1, 3000 do
        local list = { ENC }
        longer(list, function(i) return i end, ENC)
        local ok, why = pcall(layer, { enc = list })
        assert(ok or why.message:find "have changed", why)
      end]]
    assert.same({ "done\n", "" }, { result.out, result.err })
  end)

  it("leaves a file whole, or refused", function()
    local result = run [[
      local path = os.tmpname()
      for _ = 1, 600 do
        local tensors = { a = snn.ones(1) }
        longer(tensors, function(i) return "b" .. i end, tensors.a)
        local ok, why = pcall(snn.save_safetensors, path, tensors)
        assert(ok or why.message:find "has grown", why)
      end
      os.remove(path)]]
    assert.same({ "done\n", "" }, { result.out, result.err })
  end)

  it("leaves a trainer's call whole", function()
    local result = run [[
      snn.warnings(false) -- of calls without an update
      local layer = parts.layer(function(_, inputs)
        return { exc = inputs.enc, inh = inputs.rec }
      end)
      local ENC, REC = snn.ones(1, 3), snn.ones(1, 2)
      local cells = {}
      for _, c in ipairs { "enc", "rec" } do
        layer.connections[c].updater = layer.connections[c]:defaultupdater()
        cells[c] = layer:add_cell(c, c == "enc" and "exc" or "inh")
      end
      for _ = 1, 30 do
        local trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }
        for i = 1, 6 do trainer:register_cell("c" .. i, cells.enc) end
        layer { enc = ENC, rec = REC }
        local more = 0
        setmetatable({}, { __gc = function()
          for i = 1, 100 do trainer:register_cell("m" .. i, cells.rec) end
          more = 1
        end })
        while more == 0 do
          local ok, why = pcall(trainer)
          assert(ok or why.message:find "no step", why)
        end
      end]]
    assert.same({ "done\n", "" }, { result.out, result.err })
  end)
end)
