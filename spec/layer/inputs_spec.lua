-- What a wiring sees of its inputs, and the ways a step of a layer may go.
local snn = require "snn"
local support = require "spec.support"
local parts = require "spec.layer.parts"

local ENC, REC = snn.ones(1, 3), snn.ones(1, 2)

---The inputs that a wiring was given in a step with `given`.
local function inputs_of(given, look)
  local seen
  local layer = parts.layer(function(_, inputs)
    seen = look(inputs)
    return { exc = inputs.enc }
  end)
  layer(given)
  return seen
end

describe("the inputs of a wiring", function()
  it("raise for a name that is no connection, with the nearest one", function()
    local layer = parts.layer(function(_, inputs) return { exc = inputs.encc } end)
    support.fails("AttributeError",
      "wiring: 'encc' is not a registered connection (registered: 'enc', 'rec'; did you mean "
      .. "'enc'?)", layer, { enc = ENC })
  end)

  it("raise for a name that is far from all, and for what is no name", function()
    for _, name in ipairs { "elsewhere", 1, true } do
      local layer = parts.layer(function(_, inputs) return { exc = inputs[name] } end)
      support.fails("AttributeError", "is not a registered connection (registered: 'enc', 'rec')",
        layer, { enc = ENC })
    end
  end)

  it("are nil for a connection that did not run", function()
    assert.is_true(inputs_of({ enc = ENC }, function(inputs) return inputs.rec == nil end))
  end)

  it("can be iterated over", function()
    local names = inputs_of({ enc = ENC, rec = REC }, function(inputs)
      local list = {}
      for name, current in pairs(inputs) do list[#list + 1] = name .. #current.shape end
      table.sort(list)
      return list
    end)
    assert.same({ "enc2", "rec2" }, names)
  end)

  it("know a connection that was added since", function()
    local layer = parts.layer(function(_, inputs) return { exc = inputs.more or inputs.enc } end)
    support.fails("AttributeError", "'more' is not a registered connection", layer, { enc = ENC })
    layer:add_connection("more", parts.dense())
    layer { enc = ENC }
    layer:del_connection("more")
    support.fails("AttributeError", "'more' is not a registered connection", layer, { enc = ENC })
  end)

  it("are a plain table where forward returns them", function()
    local layer = parts.layer(function(_, inputs) return { exc = inputs.enc } end)
    local _, currents = layer:forward({ enc = ENC }, { capture_intermediate = true })
    assert.is_nil(currents.encc)
    assert.is_nil(getmetatable(currents))
  end)
end)

describe("a step", function()
  local function weak() return setmetatable({}, { __mode = "v" }) end

  it("keeps a connection that its wiring deletes until it ends", function()
    local kept = weak()
    local layer
    layer = parts.layer(function(_, inputs)
      kept.enc = layer:del_connection "enc"
      parts.collect()
      kept.lives = kept.enc ~= nil
      return { exc = inputs.rec }
    end)
    layer { enc = ENC, rec = REC }
    assert.is_true(kept.lives)
    parts.collect()
    assert.is_nil(kept.enc)
  end)

  it("takes back the step of a synapse that its wiring replaced", function()
    local layer
    local old
    layer = parts.layer(function()
      old = layer.connections.enc.synapse
      layer.connections.enc.synapse = parts.synapse(3, 1, 0, 1, "float32")
      parts.collect()
      error("enough", 0)
    end)
    assert.is_false(pcall(layer, { enc = ENC }))
    assert.same({ { false, false, false } }, old.spike:totable())
  end)

  -- Steps of plain members are made another way than those of members with
  -- hooks, options or of scripts: these are to be the same.
  it("is the same with a hook that does nothing, with options, and in a class", function()
    local function run(change, options)
      local layer = parts.layer()
      change(layer)
      local list = {}
      for i = 1, 12 do
        local given = i % 3 == 0 and { enc = ENC } or { enc = ENC, rec = REC }
        local wired = i % 3 == 0 and function(_, inputs) return { exc = inputs.enc } end
          or function(_, inputs) return { exc = inputs.enc, inh = inputs.rec } end
        layer.wiring = wired
        local out = layer:forward(given, options)
        list[i] = { out.exc:totable(), out.inh and out.inh:totable() }
      end
      return { list, parts.state(layer) }
    end
    local plain = run(function() end)
    assert.same(plain, run(function(layer)
      layer.connections.enc:register_forward_hook(function() end)
    end))
    assert.same(plain, run(function(layer)
      layer.neurons.inh:register_forward_hook(function() end)
    end))
    assert.same(plain, run(function() end, { gain = 1 }))
    assert.same(plain, run(function() end, { neuron_kwargs = { exc = { refrac_lock = true } } }))
  end)

  it("of many connections and neurons has all of them", function()
    local layer = snn.Layer()
    for i = 1, 30 do
      layer:add_connection("c" .. i, parts.dense())
      layer:add_neuron("n" .. i, parts.lif())
    end
    function layer:wiring(inputs) -- luacheck: ignore
      local out = {}
      for name, current in pairs(inputs) do out["n" .. name:sub(2)] = current end
      return out
    end
    for count = 1, 30 do
      local given = {}
      for i = 1, count do given["c" .. i] = ENC end
      local seen = 0
      for _, spikes in pairs(layer(given)) do
        seen = seen + 1
        assert.same({ 1, 2 }, spikes.shape)
      end
      assert.equal(count, seen)
    end
  end)
end)

describe("a Serial", function()
  it("steps the same with options as without", function()
    local function run(step, transform)
      local layer = snn.Serial { connection = parts.dense(), neuron = parts.alif(),
        transform = transform }
      local list = {}
      for i = 1, 6 do list[i] = step(layer):totable() end
      return { list, parts.state(layer) }
    end
    local function half(current) return current * 0.5 end
    for _, transform in ipairs { false, half } do
      transform = transform or nil
      local plain = run(function(layer) return layer(ENC) end, transform)
      assert.same(plain, run(function(layer) return layer(ENC, {}) end, transform))
      assert.same(plain, run(function(layer)
        return (layer(ENC, { capture_intermediate = true }))
      end, transform))
      assert.same(plain, run(function(layer)
        layer.neuron:register_forward_hook(function() end):remove()
        return layer(ENC)
      end, transform))
    end
  end)
end)

describe("members that run in one step", function()
  it("run in the order of registration, whatever the order of the names", function()
    local order, layer = {}, snn.Layer()
    local given, wanted = {}, {}
    for i = 1, 40 do
      local name = ("m%d"):format(i * 7919 % 41)
      wanted[i], given[name] = name, ENC
      layer:add_connection(name, parts.dense())
      layer:add_neuron(name, parts.lif())
      layer.connections[name]:register_forward_hook(function() order[#order + 1] = name end)
      layer.neurons[name]:register_forward_hook(function() order[#order + 1] = name end)
    end
    function layer:wiring(inputs) -- luacheck: ignore
      local out = {}
      for name, current in pairs(inputs) do out[name] = current end
      return out
    end
    layer(given)
    table.move(wanted, 1, 40, 41)
    assert.same(wanted, order)
  end)
end)
