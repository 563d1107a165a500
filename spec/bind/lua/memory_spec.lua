-- What scripts take that never call collectgarbage. Each runs in a process of
-- its own beside 200,000 live tables, whose peak is read from /proc.
local support = require "spec.support"

local START = [[
local snn = require "snn"
local live = {}
for i = 1, 200000 do live[i] = { i } end
local function kib(name)
  for line in io.lines "/proc/self/status" do
    local n = line:match("^" .. name .. ":%s*(%d+)")
    if n then return tonumber(n) end
  end
end
local before = kib "VmHWM"
]]

-- MiB by which the script's peak is above its start.
local function peak(script, gc)
  local text = START .. script .. "\nprint((kib 'VmHWM' - before) / 1024)"
  local result = support.run(("collectgarbage %q\n"):format(gc) .. text)
  assert.equal("", result.err)
  return tonumber(result.out)
end

-- A sanitiser's own memory is no measure.
local is_plain = support.cpath ~= nil and io.open("/proc/self/status") ~= nil

for _, gc in ipairs { "incremental", "generational" } do
  describe("memory, collector " .. gc, function()
    if not is_plain then return end

    it("of 5,000 tensors of 800 kB that are dropped at once is under 64 MiB", function()
      assert.is_true(peak("for _ = 1, 5000 do local t = snn.zeros(200000) end", gc) < 64)
    end)

    it("of tensors that live for ten rounds is bounded", function()
      local mib = peak("local w = {} for i = 1, 2000 do w[i % 10] = snn.zeros(200000) end", gc)
      assert.is_true(mib < 120, mib)
    end)

    it("of a loop's results is that of a few of them", function()
      local result = support.run(("collectgarbage %q\n"):format(gc) .. [[
        local snn = require "snn"
        local x, y, most = snn.ones(2500000), snn.ones(2500000), 0 -- 10 MB each
        for _ = 1, 40 do
          local z = x + y
          most = math.max(most, (snn._debug.pooled()))
        end
        print(most / 1e7)
      ]])
      assert.is_true(tonumber(result.out) < 6.5, result.out)
    end)

    it("of the terms of updaters is bounded", function()
      local mib = peak([[
        for _ = 1, 200 do
          local acc = snn.Accumulator()
          for _ = 1, 5 do acc.pos = snn.ones(200000) end
          local sum = acc.pos
        end]], gc)
      assert.is_true(mib < 120, mib)
    end)

    it("of views of one tensor is bounded", function()
      local mib = peak("local t = snn.ones(9) for _ = 1, 300000 do local v = t:narrow(1, 1, 3) end",
        gc)
      assert.is_true(mib < 120, mib)
    end)
  end)
end

describe("idle memory", function()
  local POOL = [[
    local snn = require "snn"
    local MIB <const> = 1 << 20
    local function drop(count)
      for _ = 1, count do snn.zeros(2500000) end -- 10 MB each
      collectgarbage()
    end
  ]]

  -- In a process of its own: nobody else's blocks are in the pool.
  local function holds(script)
    if not is_plain then return end
    local result = support.run(POOL .. script)
    assert.same({ "", "true\n" }, { result.err, result.out })
  end

  it("is what the next step takes", function()
    holds [[
      local kept = snn.ones(2500000)
      drop(1)
      local in_use, idle = snn._debug.pooled()
      local again = kept + 1
      local in_use_then, idle_then = snn._debug.pooled()
      local taken = in_use_then - in_use
      print(taken >= 10 * MIB - 64 and taken == idle - idle_then and again:max():item() == 2)
    ]]
  end)

  it("is at most as much as is in use", function()
    holds [[
      local kept = { snn.ones(2500000), snn.ones(2500000), snn.ones(2500000) }
      drop(9)
      local in_use, idle = snn._debug.pooled()
      print(in_use >= 30000000 and idle <= in_use and kept[3]:max():item() == 1)
    ]]
  end)

  it("goes back to the system when use falls", function()
    holds [[
      local kept = {}
      for i = 1, 9 do kept[i] = snn.zeros(2500000) end
      drop(9)
      while #kept > 0 do table.remove(kept) end
      collectgarbage()
      local in_use, idle = snn._debug.pooled()
      print(idle <= math.max(16 * MIB, in_use))
    ]]
  end)

  it("goes back to the system before memory is short", function()
    if not is_plain then return end
    local file = support.file [[
      local kept, dropped = snn.zeros(50000000), snn.zeros(50000000) -- 200 MB each
      local more = snn.zeros(1000) -- in use, so that no less is than what lies idle
      dropped = nil
      collectgarbage()
      print((select(2, snn._debug.pooled())) >= 200000000)
      print(snn.zeros(70000000).shape[1], kept.shape[1])
    ]]
    local result = support.shell("ulimit -v 800000; " .. support.quote(support.program) ..
      " " .. file)
    os.remove(file)
    assert.same({ "", "true\n70000000\t50000000\n" }, { result.err, result.out })
  end)
end)

describe("a network's memory", function()
  if not is_plain then return end

  it("is little more than its weights while STDP pairs few events", function()
    local result = support.run(START .. [[
      local conn = snn.LinearDense { in_shape = 3000, out_shape = 2000, step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } } -- 24 MB
      local layer = snn.Serial { connection = conn, neuron = snn.ExactNeuron {
        shape = 2000, step_time = 1, rest_v = -60, thresh_v = -50 } }
      conn.updater = conn:defaultupdater()
      local trainer = snn.STDP { lr_post = 5e-4, lr_pre = -5e-6, tc_post = 30, tc_pre = 30 }
      trainer:register_cell("only", layer.cell)
      collectgarbage()
      local weight = conn.weight
      for _ = 1, 30 do
        layer:forward(snn.rand(1, 3000):lt(0.01),
          { neuron_kwargs = { override = snn.rand(1, 2000):lt(0.005) } })
        trainer()
        conn:update()
        weight = nil
      end
      print(kib "VmRSS" - before)]])
    assert.equal("", result.err)
    assert.is_true(tonumber(result.out) < 2 * 24000, result.out)
  end)

  it("does not grow with its steps", function()
    local result = support.run(START .. [[
      local conn = snn.LinearDense {
        in_shape = 20, out_shape = 10, step_time = 1, batch_size = 2,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 500 },
      }
      local exc = snn.ALIF {
        shape = 10, step_time = 1, batch_size = 2, rest_v = -60, reset_v = -65, thresh_eq_v = -52,
        refrac_t = 2, tc_membrane = 20, tc_adaptation = 100, spike_increment = 0.1,
      }
      local layer = snn.Layer { wiring = function(_, inputs) return { exc = inputs.enc * 2 } end }
      layer:add_connection("enc", conn)
      layer:add_neuron("exc", exc)
      conn.updater = conn:defaultupdater()
      local trainer = snn.STDP { lr_post = 0.01, lr_pre = -0.01, tc_post = 20, tc_pre = 20 }
      trainer:register_cell("cell", layer:add_cell("enc", "exc"))
      local x, early = snn.full({ 2, 20 }, 0.2)
      for i = 1, 50000 do
        layer { enc = snn.bernoulli(x) }
        trainer()
        layer:update()
        if i % 100 == 0 then
          pcall(layer, { enc = snn.ones(3) })
          pcall(snn.LIF, { shape = 3 })
          local _ = layer:state_dict()
        end
        if i == 20000 then early = kib "VmRSS" end
      end
      print(kib "VmRSS" - early)
    ]])
    assert.equal("", result.err)
    assert.is_true(tonumber(result.out) < 4096, result.out)
  end)
end)
