-- Monitors and hooks that are saved and loaded: they go on as those that went on.
local snn = require "snn"
local folder = require "spec.io.folder"
local state = require "spec.atomic.state"

local function neuron()
  return snn.LIF { shape = 4, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20, batch_size = 2 }
end

local function network()
  local net = snn.Serial { neuron = neuron(), connection = snn.LinearDense {
    in_shape = 3, out_shape = 4, step_time = 1, batch_size = 2,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 60 },
    weight_init = { "uniform", 0, 1 } } }
  net.connection.updater = net.connection:defaultupdater()
  return net
end

local function run(objects, steps)
  for _ = 1, steps do
    local input = snn.rand { 2, 3 }:lt(0.5)
    if state.type(objects.net) == "Serial" then
      objects.net(input)
    else
      objects.net(snn.rand { 2, 4 } * 40)
    end
  end
end

-- All that can be seen of a table of objects.
local function seen(objects)
  local world = {}
  for name, object in pairs(objects) do
    if type(object) == "userdata" then world[name] = object end
  end
  local out = state.of(world)
  out["net/.time"] = nil
  for name, object in pairs(world) do
    local kind = state.type(object)
    if kind:find "%lMonitor$" then
      out[name .. ":registered"] = tostring(object.registered)
      out[name .. ":dump"] = object:dump() and state.bits(object:dump()) or "nothing"
    end
  end
  return out
end

---Saves after some steps and `change`, goes on; does the same with what `build` makes
---anew, that has run another way, and is loaded. Returns both worlds.
local function resume(build, change)
  local path = folder.name()
  snn.manual_seed(3)
  local a = build()
  run(a, 7)
  if change then change(a) end
  snn.save(path, a)
  run(a, 6)
  snn.manual_seed(11)
  local b = build()
  run(b, 4)
  snn.load(path, b, { settings = "file" })
  os.remove(path)
  run(b, 6)
  return a, b
end

local function is_resumed(build, change)
  local a, b = resume(build, change)
  assert.are.same({}, state.differences(seen(a), seen(b)) or {})
end

-- ------------------------------------------------------------- monitors

local MODES <const> = {
  every = { every = 3 }, last = { last = 4 }, budget = { budget = 1e6 },
  both = { last = 3, every = 2 }, history = { reducer = true },
}

local function reducer(mode)
  if not mode.reducer then return nil end
  return snn.PassthroughReducer { step_time = 1, duration = 5 }
end

local KINDS <const> = {
  InputMonitor = {}, OutputMonitor = {},
  StateMonitor = { attr = "voltage" },
  MultiStateMonitor = { attr = "", subattrs = { "voltage" } },
  DifferenceMonitor = { attr = "voltage" },
}

describe("monitors that are loaded", function()
  for kind, args in pairs(KINDS) do
    for mode, options in pairs(MODES) do
      it(("go on: %s, %s"):format(kind, mode), function()
        is_resumed(function()
          local net, all = neuron(), { reducer = reducer(options) }
          all.module = net
          for k, v in pairs(args) do all[k] = v end
          for k, v in pairs(options) do if k ~= "reducer" then all[k] = v end end
          return { net = net, monitor = snn[kind](all) }
        end)
      end)
    end
  end

  it("go on at a cell", function()
    is_resumed(function()
      local net = network()
      return { net = net,
        one = snn.StateMonitor { module = net.cell, attr = "prespike", every = 2, last = 5 },
        two = snn.StateMonitor { module = net.cell, attr = "neuron.voltage", budget = 1e5 },
        three = snn.OutputMonitor { module = net.cell, attr = "connection", budget = 1e5 } }
    end)
  end)

  it("record at a cell in the order that they had", function()
    local path, order = folder.name(), nil
    local function build()
      local objects = { net = network() }
      for _, name in ipairs { "one", "two" } do
        objects[name] = snn.StateMonitor { module = objects.net.cell, attr = "postspike",
          map = function(x)
            order = order .. name
            return x
          end }
      end
      return objects
    end
    local a, b = build(), build()
    a.one:deregister()
    a.one:register()
    snn.save(path, a)
    snn.load(path, b)
    os.remove(path)
    order = ""
    run(b, 1)
    assert.are.equal("twoone", order)
  end)

  it("are registered as they were", function()
    local function build()
      local net = neuron()
      return { net = net, on = snn.OutputMonitor { module = net, last = 9 },
        off = snn.OutputMonitor { module = net, last = 9 } }
    end
    local _, b = resume(build, function(objects) objects.off:deregister() end)
    assert.is_true(b.on.registered)
    assert.is_false(b.off.registered)
    is_resumed(build, function(objects) objects.off:deregister() end)
    is_resumed(function()
      local objects = build()
      objects.off:deregister()
      return objects
    end, function(objects) objects.off:register() end)
  end)

  it("have the settings of the file", function()
    is_resumed(function()
      local net = neuron()
      return { net = net, monitor = snn.OutputMonitor { module = net, last = 9 } }
    end, function(objects)
      objects.monitor.last, objects.monitor.every = 8, 2
    end)
  end)

  it("follow the step time of what they watch", function()
    is_resumed(function()
      local net = neuron()
      return { net = net, monitor = snn.StateMonitor { module = net, attr = "voltage",
        reducer = snn.EMAReducer { step_time = 1, alpha = 0.5 } } }
    end, function(objects)
      objects.net.dt = 0.5
      run(objects, 1)
      objects.net.dt = 0.25 -- what the reducer follows at the next value
    end)
  end)

  it("take the newest rows where the script wants less of them", function()
    local path = folder.name()
    local function build(last)
      local net = neuron()
      return { net = net, monitor = snn.StateMonitor { module = net, attr = "voltage",
        last = last } }
    end
    local a, b = build(6), build(2)
    run(a, 7)
    snn.save(path, a)
    snn.load(path, b, { settings = "script" })
    os.remove(path)
    assert.are.equal(state.bits(a.monitor:dump():narrow(1, 1, 2):clone()),
      state.bits(b.monitor:dump()))
  end)

  it("know from what a difference is taken", function()
    local path = folder.name()
    local function build()
      local net = neuron()
      return { net = net, change = snn.DifferenceMonitor { module = net, attr = "voltage",
        last = 5, eval_update = false } }
    end
    local a, b = build(), build()
    local handle = a.net:register_forward_hook(function(net) net:eval() end, { prepend = true })
    run(a, 1) -- the call began in training mode, and did not end in it
    handle:remove()
    a.net:train()
    snn.save(path, a)
    snn.load(path, b)
    os.remove(path)
    a.change:forward()
    b.change:forward()
    assert.are.equal(state.bits(a.change:dump()), state.bits(b.change:dump()))
  end)

  it("must watch a module of the same class", function()
    local path = folder.name()
    local net = network()
    snn.save(path, { snn.OutputMonitor { module = net.neuron } })
    local other = { snn.OutputMonitor { module = net.connection } }
    assert.error_matches(function() snn.load(path, other) end,
      "a LinearDense, the saved one on a LIF")
    assert.error_matches(function() snn.load(path, { snn.OutputMonitor {} }) end,
      "it is on no module")
    os.remove(path)
  end)

  it("stay as they are when something does not fit", function()
    local path = folder.name()
    local net = neuron()
    local objects = { net = net, monitor = snn.OutputMonitor { module = net, last = 4 } }
    snn.save(path, { net = neuron(), monitor = objects.monitor, more = 1 })
    run(objects, 3)
    objects.monitor:deregister()
    local before = seen(objects)
    assert.has_error(function() snn.load(path, objects) end)
    assert.are.same({}, state.differences(before, seen(objects)) or {})
    os.remove(path)
  end)
end)

-- ------------------------------------------------------------- files

describe("monitors with a file that are loaded", function()
  local path, file

  local function build()
    local net = neuron()
    return { net = net, monitor = snn.StateMonitor { module = net, attr = "voltage",
      file = file } }
  end

  before_each(function()
    path, file = folder.name(), folder.name()
    snn.manual_seed(4)
  end)

  after_each(function()
    os.remove(path)
    os.remove(file)
  end)

  it("go on behind the rows that were there", function()
    local a = build()
    run(a, 5)
    snn.save(path, a)
    run(a, 6)
    local wanted = snn.load_npy(file)
    local b = build()
    snn.load(path, b)
    assert.are.equal(11, snn.load_npy(file).shape[1])
    run(b, 1)
    assert.are.equal(6, snn.load_npy(file).shape[1])
    run(b, 5)
    assert.are.equal(state.bits(wanted), state.bits(snn.load_npy(file)))
  end)

  it("cut off what is behind them at a flush too", function()
    local a = build()
    run(a, 5)
    snn.save(path, a)
    run(a, 6)
    local b = build()
    snn.load(path, b)
    b.monitor:flush()
    assert.are.equal(5, snn.load_npy(file).shape[1])
  end)

  it("can go to a later place after an earlier one", function()
    local later = folder.name()
    local a = build()
    run(a, 2)
    snn.save(path, a)
    run(a, 3)
    snn.save(later, a)
    snn.load(path, a)
    snn.load(later, a)
    run(a, 1)
    os.remove(later)
    assert.are.equal(6, snn.load_npy(file).shape[1])
  end)

  it("begin it where there were no rows yet", function()
    local a = build()
    snn.save(path, a)
    run(a, 3)
    local b = build()
    snn.load(path, b)
    run(b, 2)
    assert.are.equal(2, snn.load_npy(file).shape[1])
  end)

  it("take the path of the script", function()
    local a = build()
    run(a, 3)
    snn.save(path, a)
    local first = file
    file = file .. ".moved"
    assert(os.rename(first, file))
    local b = build()
    snn.load(path, b)
    run(b, 1)
    assert.are.equal(4, snn.load_npy(file).shape[1])
  end)

  local function refused(pattern, spoil)
    local a = build()
    run(a, 3)
    snn.save(path, a)
    spoil()
    local b = build()
    local ok, err = pcall(snn.load, path, b)
    assert.is_false(ok)
    assert.are.equal("ValueError", err.kind)
    assert.matches(pattern, err.message, 1, true)
  end

  it("are refused where it is gone", function()
    refused("No such file", function() os.remove(file) end)
  end)

  it("are refused where it has less rows", function()
    refused("has 2 rows, 3 were written", function() run(build(), 2) end)
  end)

  it("are refused where it has other rows", function()
    refused("has other rows than were written", function() run(build(), 4) end)
  end)

  it("are refused where it is of another shape", function()
    refused("with rows of float32, shape {2, 4}", function()
      snn.save_npy(file, snn.zeros { 5, 4 })
    end)
  end)

  it("leave it as it is where they are refused", function()
    local a = build()
    run(a, 3)
    snn.save(path, { net = a.net, monitor = a.monitor, more = 1 })
    run(a, 3)
    local b = build()
    assert.has_error(function() snn.load(path, b) end)
    assert.are.equal(6, snn.load_npy(file).shape[1])
  end)
end)

-- ------------------------------------------------------------- hooks

describe("hooks that are loaded", function()
  local function build()
    local net = network()
    return { net = net,
      norm = snn.Normalization { module = net, attr = "connection.weight", order = 1, scale = 2,
        dim = 2 },
      clamp = snn.Clamping { module = net, attr = "connection.weight", min = 0.1, max = 0.7 } }
  end

  it("are registered as they were", function()
    local _, b = resume(build, function(objects) objects.norm:register() end)
    assert.is_true(b.norm.registered)
    assert.is_false(b.clamp.registered)
    is_resumed(build, function(objects) objects.norm:register() end)
    is_resumed(function()
      local objects = build()
      objects.norm:register()
      return objects
    end, function(objects) objects.norm:deregister() end)
  end)

  -- With one of the script's between them, which is none of snn.save's.
  it("run in the order that they had", function()
    is_resumed(function()
      local objects = build()
      local net = objects.net
      objects.norm:register()
      objects.clamp:register()
      net:register_forward_hook(function() net.connection.weight = net.connection.weight * 1.5 end)
      return objects
    end, function(objects)
      objects.norm:deregister()
      objects.norm:register()
    end)
  end)

  it("have limits that are tensors", function()
    is_resumed(function()
      local objects = build()
      objects.clamp:register()
      return objects
    end, function(objects) objects.clamp.max = snn.full({ 4, 1 }, 0.2) end)
  end)

  it("must be on a module", function()
    local path = folder.name()
    local function hook() return snn.Hook { posthook = function() end } end
    local a = hook()
    a:register(neuron())
    snn.save(path, { hook = a })
    assert.error_matches(function() snn.load(path, { hook = hook() }) end, "register it")
    os.remove(path)
  end)
end)

-- ------------------------------------------------------------- pools, observables, records

describe("pools that are loaded", function()
  local constructor = snn.StateMonitor.partialconstructor { last = 4, every = 2 }

  local function build(names)
    local net, pool = neuron(), snn.MonitorPool()
    pool:add_observed("exc", net)
    for _, name in ipairs(names or { "v", "again" }) do
      pool:add_monitor("exc", name, "voltage", constructor)
    end
    return { net = net, pool = pool }
  end

  it("go on with the monitors in them", function()
    local a, b = resume(build)
    local one, other = a.pool:get_monitor("exc", "again"), b.pool:get_monitor("exc", "again")
    assert.are.equal(state.bits(one:dump()), state.bits(other:dump()))
    is_resumed(build, function(objects) objects.pool:eval() end)
  end)

  it("must observe the same", function()
    local path = folder.name()
    snn.save(path, build())
    assert.error_matches(function() snn.load(path, build { "v", "other" }) end,
      'it observes "exc": { "v" 1, "other" 1 }, the saved one "exc": { "v" 1, "again" 1 }', 1, true)
    os.remove(path)
  end)

  it("go on below trainers", function()
    is_resumed(function()
      local net = network()
      local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
      trainer:register_cell("c", net.cell)
      local monitor = trainer:add_monitor("c", "v", "neuron.voltage",
        snn.StateMonitor.partialconstructor { last = 5, every = 2 })
      return { net = net, trainer = trainer, monitor = monitor }
    end)
  end)
end)

describe("observables that are loaded", function()
  it("realign as they did", function()
    local Net = snn.class "Net"
    function Net:near(...) return "near." .. table.concat({ ... }, ".") end -- luacheck: ignore self
    function Net:far(...) return "far." .. table.concat({ ... }, ".") end -- luacheck: ignore self
    local View = snn.class("View", snn.Observable)
    function View:local_remap(attr) return attr end -- luacheck: ignore self
    local function build()
      return { View { basis = Net(), realign = "near", realign_args = { "a", 1 } } }
    end
    local path, a, b = folder.name(), build(), build()
    a[1].realign, a[1].realign_args = "far", { "b", 2.5, true }
    a[1].realign_args = { "b", 2.5 }
    snn.save(path, a)
    snn.load(path, b)
    os.remove(path)
    assert.are.equal("far.b.2.5.v", b[1]:realign_attribute("v"))
  end)
end)

describe("reducers of several records that are loaded", function()
  local Two = snn.class("Two", snn.RecordReducer)
  function Two:init(names)
    snn.RecordReducer.init(self, { step_time = 1, duration = 3 })
    self.one = snn.RecordTensor { step_time = 1 }
    self.other = snn.RecordTensor { step_time = 1 }
    self:add_record(table.unpack(names))
  end
  function Two:forward(x)
    self.one(x)
    self.other(x * 2)
  end

  it("have all of them", function()
    local path, a, b = folder.name(), Two { "one", "other" }, Two { "one", "other" }
    for i = 1, 3 do a(snn.full({ 2 }, i)) end
    snn.save(path, { a })
    snn.load(path, { b })
    for i = 4, 5 do
      a(snn.full({ 2 }, i))
      b(snn.full({ 2 }, i))
    end
    assert.are.equal(state.bits(a.other:dump()), state.bits(b.other:dump()))
    assert.error_matches(function() snn.load(path, { Two { "one" } }) end,
      "its records are 'one', the saved ones 'one other'")
    os.remove(path)
  end)
end)
