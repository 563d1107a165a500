-- Every iterator of the library: what a `for` gets from it, calls by hand get.
local snn = require "snn"
local support = require "spec.support"

local function lif() return snn.LIF { shape = 3, step_time = 1, rest_v = -65, reset_v = -60,
  thresh_v = -52, refrac_t = 3, time_constant = 20 } end

local function dense() return snn.LinearDense { in_shape = 2, out_shape = 3, step_time = 1,
  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 } } end

local function network()
  local layer = snn.Layer()
  for _, name in ipairs { "a", "b" } do
    layer:add_connection(name, dense())
    layer:add_neuron(name, lif())
    layer:add_cell(name, name)
    layer.connections[name].updater = layer.connections[name]:defaultupdater()
  end
  local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
  local pool = snn.MonitorPool()
  for _, name in ipairs { "a", "b" } do
    trainer:register_cell(name, layer:get_cell(name, name))
    pool:add_observed(name, layer:get_cell(name, name))
    pool:add_monitor(name, "v", "neuron.voltage", snn.StateMonitor.partialconstructor {
      reducer = snn.PassthroughReducer { step_time = 1, duration = 1 } })
  end
  return layer, trainer, pool
end

local layer, trainer, pool = network()
local encoder = snn.HomogeneousPoissonEncoder { steps = 5, step_time = 1, frequency = 500 }
local set = snn.data.set { images = snn.arange(10):reshape(5, 2), labels = snn.ones({ 5 },
  { dtype = "int64" }) }

local ITERATORS <const> = {
  named_connections = { 2, function() return layer:named_connections() end },
  named_neurons = { 2, function() return layer:named_neurons() end },
  named_synapses = { 2, function() return layer:named_synapses() end },
  named_cells = { 2, function() return layer:named_cells() end },
  named_modules = { 9, function() return layer:named_modules() end },
  modules = { 9, function() return layer:modules() end },
  named_children = { 6, function() return layer:named_children() end },
  named_parameters = { 2, function() return layer:named_parameters() end },
  parameters = { 2, function() return layer:parameters() end },
  named_buffers = { 10, function() return layer:named_buffers() end },
  buffers = { 10, function() return layer:buffers() end },
  ["cells of a trainer"] = { 2, function() return trainer:cells() end },
  ["monitors of a trainer"] = { 8, function() return trainer:monitors() end },
  ["named_monitors_of a trainer"] = { 4, function() return trainer:named_monitors_of "a" end },
  ["monitors of a pool"] = { 2, function() return pool:monitors() end },
  ["pairs of connections"] = { 2, function() return (pairs(layer.connections)) end },
  ["pairs of cells"] = { 1, function() return (pairs(layer.cells.a)) end },
  ["named_cells of a trainer"] = { 2, function() return trainer:named_cells() end },
  ["units of a trainer"] = { 2, function() return trainer:units() end },
  ["named_monitors of a trainer"] = { 8, function() return trainer:named_monitors() end },
  ["named_monitors of a pool"] = { 2, function() return pool:named_monitors() end },
  named_monitors_of = { 1, function() return pool:named_monitors_of "a" end },
  steps_of = { 5, function()
    snn.manual_seed(3)
    return encoder:steps_of(snn.ones(2))
  end },
  ["steps_of under progress"] = { 5, function()
    snn.manual_seed(3)
    return snn.progress(encoder:steps_of(snn.ones(2)))
  end },
  loader = { 3, function() return snn.data.loader(set, { batch_size = 2 }) end },
  ["loader under progress"] = { 3, function()
    return snn.progress(snn.data.loader(set, { batch_size = 2 }))
  end },
  progress = { 4, function() return snn.progress(4) end },
}

---As text, so that new tensors count by their values.
local function row(...)
  local words = {}
  for i = 1, select("#", ...) do
    local v = select(i, ...)
    words[i] = type(v) == "table" and "table" or tostring(v)
  end
  return table.concat(words, " ")
end

describe("every iterator", function()
  for name, entry in pairs(ITERATORS) do
    local count, make = table.unpack(entry)

    it("gives by hand what 'for' gets: " .. name, function()
      local want, got = {}, {}
      for a, b, c in make() do want[#want + 1] = row(a, b, c) end
      assert.equal(count, #want)
      local step = make()
      for i = 1, count do
        local a, b, c = step()
        got[i] = row(a, b, c)
      end
      assert.same(want, got)
      assert.is_nil((step()))
    end)

    it("goes on in a 'for' without what came with it: " .. name, function()
      local n, step = 0, make()
      for _ in step do n = n + 1 end
      assert.equal(count, n)
    end)
  end

  it("is in the list", function()
    local missing, files = {}, {}
    for path in io.popen("ls lua/snn/*.lua lua/snn/*/*.lua"):lines() do
      local file <close> = assert(io.open(path))
      files[#files + 1] = file:read("a")
    end
    for method in table.concat(files):gmatch "\nfunction %u%w+:(named_[%w_]+)" do
      local found = false
      for name in pairs(ITERATORS) do found = found or name:find(method, 1, true) ~= nil end
      if not found then missing[#missing + 1] = method end
    end
    assert.same({}, missing)
  end)
end)

describe("a loader by hand", function()
  local loader

  before_each(function() loader = snn.data.loader(set, { batch_size = 2 }) end)

  it("begins a new pass after nil, and leaves the passes of loops alone", function()
    local sizes = {}
    for _ = 1, 3 do
      for x in loader do sizes[#sizes + 1] = #x end
      local x = loader()
      sizes[#sizes + 1] = x and -#x or 0
    end
    assert.same({ 2, 2, 1, -2, 2, 2, 1, -2, 2, 2, 1, -1 }, sizes)
    assert.is_nil((loader()))
    assert.equal(2, #(loader()))
  end)

  it("refuses a batch that is none of its own", function()
    support.fails("ValueError", "called without arguments for the next batch", loader, nil,
      snn.ones(1))
  end)
end)

describe("progress by hand", function()
  it("counts on, and begins anew after its end", function()
    local bar = snn.progress(2)
    local seen = {}
    for i = 1, 6 do seen[i] = bar() or "end" end
    assert.same({ 1, 2, "end", 1, 2, "end" }, seen)
    assert.equal(2, bar.count)
  end)
end)
