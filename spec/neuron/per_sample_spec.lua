-- batch_reduction = "none": samples keep adaptations of their own.
local snn = require "snn"
local neurons = require "spec.every.neurons"
local support = require "spec.support"

local fails = support.fails
local N, B = 5, 3

local function bits(t) return table.concat(t:to("float64"):flatten():totable(), " ") end

local function currents(step, b)
  return snn.linspace(-10, 40, N):view(1, N) * (1 + 0.3 * b) + 30 * math.sin(step + 2 * b)
end

local function batch_of(step)
  local rows = {}
  for b = 1, B do rows[b] = currents(step, b) end
  return snn.cat(rows, 1)
end

local function field_of(name)
  return name:find "LIF" and "threshold_adaptation" or "current_adaptation"
end

for _, name in ipairs { "ALIF", "GLIF2", "Izhikevich", "AdEx" } do
  local field = field_of(name)
  local function make(changes)
    local all = { batch_reduction = "none", batch_size = B, shape = N }
    for k, v in pairs(changes or {}) do all[k] = v end
    return neurons.make(name, all)
  end

  describe(name .. " with an adaptation for each sample", function()
    for _, dtype in ipairs { "float32", "float64" } do
      it("steps each sample as it would alone, " .. dtype, function()
        local each = snn.linspace(-66, -61, N)
        for _, rest in ipairs { -60, each } do
          local group, singles = make { dtype = dtype, rest_v = rest }, {}
          for b = 1, B do
            singles[b] = neurons.make(name, { shape = N, dtype = dtype, rest_v = rest })
          end
          for step = 1, 40 do
            group(batch_of(step))
            for b = 1, B do singles[b](currents(step, b)) end
          end
          for b = 1, B do
            assert.equal(bits(singles[b][field]), bits(group[field]:narrow(1, b, 1)))
            assert.equal(bits(singles[b].voltage), bits(group.voltage:narrow(1, b, 1)))
          end
          assert.is_false(group[field][1]:equal(group[field][2]))
        end
      end)
    end

    it("has the shape (batch, shape..., K), also of several dimensions", function()
      assert.same({ B, N, 2 }, make()[field].shape)
      assert.same({ B, 2, 4, 2 }, make { shape = { 2, 4 } }[field].shape)
      assert.equal("none", make().batch_reduction)
    end)

    it("keeps it when cleared, or drops it", function()
      local group = make()
      for step = 1, 20 do group(batch_of(step)) end
      local learned = bits(group[field])
      group:clear()
      assert.equal(learned, bits(group[field]))
      group:clear { keep_adaptations = false }
      assert.equal(0, group[field]:abs():max():item())
    end)

    it("is cleared by another batch size, whose samples are others", function()
      local group = make()
      for step = 1, 20 do group(batch_of(step)) end
      group.batchsz = 2
      assert.same({ 2, N, 2 }, group[field].shape)
      assert.equal(0, group[field]:abs():max():item())
      group(snn.full({ 2, N }, 100))
    end)

    it("takes a value of that shape alone", function()
      local group = make()
      group[field] = snn.full({ B, N, 2 }, 0.25)
      assert.equal(0.25, group[field]:min():item())
      fails("ValueError", "{3, 5, 2}", function() group[field] = snn.zeros(N, 2) end)
    end)

    it("is part of the state", function()
      local group, other = make(), make()
      for step = 1, 20 do group(batch_of(step)) end
      other:load_state_dict(group:state_dict())
      for step = 21, 30 do
        group(batch_of(step))
        other(batch_of(step))
      end
      assert.equal(bits(group[field]), bits(other[field]))
    end)

    it("stands still where it does not adapt", function()
      local group = make()
      for step = 1, 20 do group(batch_of(step), { adapt = false }) end
      assert.equal(0, group[field]:abs():max():item())
    end)

    it("cannot be turned into a shared one, nor back", function()
      local group, shared = make(), make { batch_reduction = "sum" }
      fails("AttributeError", "make a new", function() group.batch_reduction = "mean" end)
      fails("AttributeError", "make a new", function() shared.batch_reduction = "none" end)
      shared.batch_reduction = "max"
      assert.equal("max", shared.batch_reduction)
    end)

    it("is told in the equations", function()
      for _, text in ipairs { '"none"', "mean", "stands still in the refractory time" } do
        assert.truthy(snn[name].equations:find(text, 1, true), text)
      end
    end)
  end)
end

describe("batch_reduction", function()
  it("may be assigned a function", function()
    local group, calls = neurons.make("ALIF", { batch_size = 2 }), 0
    group.batch_reduction = function(t, dim)
      calls = calls + 1
      return t:amax(dim)
    end
    group(snn.full({ 2, 5 }, 1e4))
    assert.equal(1, calls)
    assert.equal(1, group.threshold_adaptation[1][1])
    group.batch_reduction = "mean"
    group(snn.zeros(2, 5))
    assert.equal(1, calls)
    fails("TypeError", "a name or a function", function() group.batch_reduction = 1 end)
  end)
end)

describe("adaptations of samples and parameters of neurons", function()
  local SCRIPT = [[
    local neurons = dofile "spec/every/neurons.lua"
    local function print_all(neuron)
      local x = snn.linspace(-20, 300, 5 * 1003):view(5, 1003)
      for _ = 1, 9 do neuron(x) end
      local all = neuron:state_dict()
      for _, key in ipairs { "voltage", "threshold_adaptation", "current_adaptation",
        "adaptation_remainder", "voltage_remainder" } do
        if all[key] then
          local values = all[key]:flatten():totable()
          for i = 1, #values, 7 do io.write(("%a "):format(values[i])) end
        end
      end
      print(neuron.spike:sum())
    end
    for _, name in ipairs(neurons.models()) do
      for _, dtype in ipairs { "float32", "float64" } do
        for _, reduction in ipairs { "none", "mean", "max" } do
          local changes = { shape = 1003, batch_size = 5, dtype = dtype }
          if neurons.has(snn[name], "rest_v") then
            changes.rest_v = snn.linspace(-66, -60, 1003)
          end
          if neurons.has(snn[name], "refrac_t") then
            changes.refrac_t = snn.linspace(0, 5, 1003)
          end
          if neurons.has(snn[name], "batch_reduction") then
            changes.batch_reduction = reduction
            changes.spike_increment = { snn.linspace(0, 1, 1003), 0.5 }
          end
          print_all(neurons.make(name, changes))
        end
      end
    end
  ]]
  it("have the same bits on each instruction set and with 1, 2 and 4 threads", function()
    support.same_bits("snn.set_num_threads(%d)\n" .. SCRIPT:gsub("%%", "%%%%"))
  end)
end)
