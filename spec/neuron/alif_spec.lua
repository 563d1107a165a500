local snn = require "snn"
local support = require "spec.support"
local near = require "spec.near"

local HALF = 1 / math.log(2) -- ms: a time constant by which one step of 1 ms halves

local function alif(changes)
  local args = {
    shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_eq_v = -50, refrac_t = 2,
    tc_membrane = 20, tc_adaptation = HALF, spike_increment = 4, dtype = "float64",
  }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.ALIF(args)
end

local function step(neuron, currents, options)
  return neuron(snn.tensor(currents, { dtype = "float64" }), options)
end

local function adaptation(neuron) return neuron.threshold_adaptation:totable() end

local function fails(kind, text, fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, err.kind)
  assert.truthy(err.message:find(text, 1, true), err.message)
end

describe("ALIF", function()
  it("starts without adaptation, of shape (shape..., K)", function()
    local neuron = alif { shape = { 2, 3 }, batch_size = 4, spike_increment = { 1, 2 } }
    assert.same({ 2, 3, 2 }, neuron.threshold_adaptation.shape)
    assert.equal(0, neuron.threshold_adaptation:abs():sum():item())
  end)

  it("shows its arguments", function()
    local neuron = alif { tc_adaptation = { 10, 20 }, batch_reduction = "max" }
    assert.same({ 10, 20 }, neuron.tc_adaptation)
    assert.equal(4, neuron.spike_increment)
    assert.equal("max", neuron.batch_reduction)
    assert.equal("mean", alif().batch_reduction)
  end)

  context("in training", function()
    it("grows by the increment with a spike and stands still while held", function()
      local neuron = alif { refrac_t = 3 }
      step(neuron, { { 1000, 0 } })
      near({ { 4 }, { 0 } }, adaptation(neuron))
      step(neuron, { { 0, 0 } })
      step(neuron, { { 0, 0 } })
      near({ { 4 }, { 0 } }, adaptation(neuron))
    end)

    it("decays from the step in which the neuron is free", function()
      local neuron = alif()
      for _ = 1, 3 do step(neuron, { { 0, 0 } }) end
      step(neuron, { { 1000, 0 } }) -- spike: 4
      step(neuron, { { 0, 0 } })    -- held
      step(neuron, { { 0, 0 } })    -- free again: 2
      near({ { 2 }, { 0 } }, adaptation(neuron))
      step(neuron, { { 0, 0 } })
      near({ { 1 }, { 0 } }, adaptation(neuron))
    end)

    it("decays while held without the lock, in the step of the spike too", function()
      local neuron = alif()
      neuron.threshold_adaptation = snn.tensor({ { 8 }, { 8 } }, { dtype = "float64" })
      step(neuron, { { 1000, 0 } }, { refrac_lock = false })
      near({ { 8 }, { 4 } }, adaptation(neuron)) -- 8/2 + 4, 8/2
      step(neuron, { { 0, 0 } }, { refrac_lock = false })
      near({ { 4 }, { 2 } }, adaptation(neuron))
    end)

    it("decays in the step of a spike when there is no refractory time", function()
      local neuron = alif { refrac_t = 0 }
      step(neuron, { { 1000, 1000 } })
      step(neuron, { { 1000, 0 } })
      near({ { 6 }, { 2 } }, adaptation(neuron))
    end)

    it("raises the threshold by the sum of the adaptations", function()
      local neuron = alif { tc_membrane = 1e-3, spike_increment = { 1, 2 } }
      neuron.threshold_adaptation = snn.tensor({ { 1, 2 }, { 1, 2.5 } }, { dtype = "float64" })
      assert.same({ { true, false } }, step(neuron, { { 13, 13 } }):totable())
    end)

    it("repeats the last entry of the shorter list", function()
      local neuron = alif { tc_adaptation = { HALF, 1e12 }, spike_increment = 4 }
      step(neuron, { { 1000, 0 } })
      step(neuron, { { 0, 0 } })
      step(neuron, { { 0, 0 } })
      near({ { 2, 4 }, { 0, 0 } }, adaptation(neuron))
      neuron = alif { tc_adaptation = 5, spike_increment = { 1, 2, 3 } }
      assert.same({ 2, 3 }, neuron.threshold_adaptation.shape)
    end)
  end)

  context("in evaluation", function()
    it("keeps its adaptation, and spikes by it", function()
      local neuron = alif { tc_membrane = 1e-3 }
      neuron.threshold_adaptation = snn.tensor({ { 1 }, { 3 } }, { dtype = "float64" })
      neuron:eval()
      assert.same({ { true, false } }, step(neuron, { { 12, 12 } }):totable())
      near({ { 1 }, { 3 } }, adaptation(neuron))
    end)

    it("adapts where the option says so", function()
      local neuron = alif():eval()
      step(neuron, { { 1000, 0 } }, { adapt = true })
      near({ { 4 }, { 0 } }, adaptation(neuron))
    end)

    it("and does not in training where it says no", function()
      local neuron = alif()
      step(neuron, { { 1000, 0 } }, { adapt = false })
      near({ { 0 }, { 0 } }, adaptation(neuron))
    end)
  end)

  context("given a batch", function()
    -- one neuron, from 8: spike and held 8 + 4 = 12; free without a spike 4
    local function reduced(batch_reduction)
      local neuron = alif { shape = 1, batch_size = 4, batch_reduction = batch_reduction }
      neuron.threshold_adaptation = snn.tensor({ { 8 } }, { dtype = "float64" })
      step(neuron, { { 1000 }, { 0 }, { 0 }, { 0 } })
      return neuron.threshold_adaptation[1][1]
    end

    it("takes the mean by default", function()
      assert.near((12 + 3 * 4) / 4, reduced(), 1e-9)
      assert.near((12 + 3 * 4) / 4, reduced "mean", 1e-9)
    end)

    it("adds up the changes for the sum", function()
      assert.near(8 + 4 + 3 * (4 - 8), reduced "sum", 1e-9)
    end)

    it("takes the greatest and the least", function()
      assert.near(12, reduced "max", 1e-9)
      assert.near(4, reduced "min", 1e-9)
    end)

    it("does not grow without a spike by the sum", function()
      local neuron = alif { batch_size = 3, batch_reduction = "sum", tc_adaptation = 1e30 }
      neuron.threshold_adaptation = snn.tensor({ { 8 }, { 1 } }, { dtype = "float64" })
      step(neuron, { { 0, 0 }, { 0, 0 }, { 0, 0 } })
      assert.same({ { 8 }, { 1 } }, adaptation(neuron))
    end)

    it("keeps what does not change to the bit", function()
      local neuron = alif { batch_size = 7, tc_adaptation = 1e30, dtype = "float32" }
      neuron.threshold_adaptation = snn.tensor { { 0.1 }, { 1 / 3 } }
      local before = adaptation(neuron)
      for _ = 1, 50 do neuron(snn.zeros(7, 2)) end
      assert.same(before, adaptation(neuron))
    end)

    it("takes more neurons than one block has", function()
      local neuron = alif { shape = 2500, batch_size = 3, spike_increment = { 4, 8 } }
      local input = snn.zeros({ 3, 2500 }, { dtype = "float64" })
      input[2][2500] = 1000
      neuron(input)
      local a = neuron.threshold_adaptation
      near({ { 4 / 3, 8 / 3 }, { 0, 0 } }, { a[2500]:totable(), a[2499]:totable() })
    end)
  end)

  context("given a function as batch reduction", function()
    it("calls it with what each sample leads to and dimension 1", function()
      local shape, dim
      local neuron = alif { batch_size = 3, spike_increment = { 4, 6 },
        batch_reduction = function(t, d)
          shape, dim = t.shape, d
          return t:sum(1)
        end }
      step(neuron, { { 1000, 0 }, { 1000, 1000 }, { 0, 0 } })
      assert.same({ { 3, 2, 2 }, 1 }, { shape, dim })
      near({ { 8, 12 }, { 4, 6 } }, adaptation(neuron))
    end)

    it("takes a result of another dtype, as values", function()
      local result = snn.ones(2, 1)
      local neuron = alif { batch_reduction = function() return result end }
      step(neuron, { { 0, 0 } })
      result:fill_(5)
      assert.same({ { 1 }, { 1 } }, adaptation(neuron))
    end)

    it("is not called when it does not adapt", function()
      local neuron = alif { batch_reduction = function() error("called") end }:eval()
      assert.same({ 1, 2 }, step(neuron, { { 0, 0 } }).shape)
    end)

    --- A neuron in the middle of its refractory time, and what it looked like.
    local function prepared(fn)
      local neuron = alif { refrac_t = 5, batch_reduction = fn }
      step(neuron, { { 1000, 0 } }, { adapt = false })
      neuron.refrac = snn.tensor({ { 2.25, 0 } }, { dtype = "float64" })
      return neuron, neuron:state_dict()
    end

    local function assert_unchanged(neuron, before)
      for name, value in pairs(neuron:state_dict()) do
        assert.same(before[name]:totable(), value:totable())
      end
    end

    it("passes its error on and stays as it was", function()
      local neuron, before = prepared(function() error({ "mine" }) end)
      local ok, err = pcall(step, neuron, { { 0, 1000 } })
      assert.is_false(ok)
      assert.same({ "mine" }, err)
      assert_unchanged(neuron, before)
    end)

    it("refuses a wrong result and stays as it was", function()
      local result
      local neuron, before = prepared(function() return result end)
      fails("TypeError", "batch_reduction", step, neuron, { { 0, 1000 } })
      assert_unchanged(neuron, before)
      result = snn.zeros(1, 2, 1)
      fails("ValueError", "{1, 2, 1}, must be {2, 1}", step, neuron, { { 0, 1000 } })
      assert_unchanged(neuron, before)
      result = snn.zeros(2, 1)
      step(neuron, { { 0, 1000 } })
      assert.same({ { false, true } }, neuron.spike:totable())
    end)

    it("may not change or step its neuron meanwhile", function()
      local neuron, kinds = nil, {}
      local function try(fn)
        local ok, err = pcall(fn)
        kinds[#kinds + 1] = ok and "ok" or err.kind
      end
      neuron = alif { batch_reduction = function(t)
        try(function() step(neuron, { { 0, 0 } }) end)
        try(function() neuron.batchsz = 3 end)
        try(function() neuron.dt = 2 end)
        try(function() neuron.voltage = snn.zeros(1, 2) end)
        try(function() neuron:clear() end)
        try(function() return neuron.voltage end)
        return t:mean(1)
      end }
      step(neuron, { { 1000, 0 } })
      local E = "RuntimeError"
      assert.same({ E, E, E, E, E, "ok" }, kinds)
      near({ { 4 }, { 0 } }, adaptation(neuron))
    end)

    it("may not yield", function()
      local neuron = alif { batch_reduction = function() coroutine.yield() end }
      local ok, err = coroutine.resume(coroutine.create(function() step(neuron, { { 0, 0 } }) end))
      assert.is_false(ok)
      assert.equal("RuntimeError", err.kind)
    end)
  end)

  context("when cleared", function()
    local function used()
      local neuron = alif()
      step(neuron, { { 1000, 5 } })
      return neuron
    end

    it("keeps the adaptation, and nothing else", function()
      local neuron = used()
      neuron:clear()
      near({ { 4 }, { 0 } }, adaptation(neuron))
      assert.same({ { -60, -60 } }, neuron.voltage:totable())
      assert.same({ { 0, 0 } }, neuron.refrac:totable())
      assert.same({ { false, false } }, neuron.spike:totable())
    end)

    it("drops the adaptation on demand", function()
      local neuron = used()
      neuron:clear { keep_adaptations = false }
      near({ { 0 }, { 0 } }, adaptation(neuron))
    end)

    it("keeps the adaptation under another batch size", function()
      local neuron = used()
      neuron.batchsz = 2
      near({ { 4 }, { 0 } }, adaptation(neuron))
    end)

    it("refuses unknown options", function()
      fails("TypeError", "did you mean 'keep_adaptations'", function()
        alif():clear { keep_adaptation = true }
      end)
    end)
  end)

  it("leaves the tensor of an adaptation that was read as it was", function()
    local neuron = alif()
    local before = neuron.threshold_adaptation
    step(neuron, { { 1000, 0 } })
    assert.same({ { 0 }, { 0 } }, before:totable())
  end)

  it("refuses an adaptation of another shape", function()
    fails("ValueError", "'threshold_adaptation' has shape {2}, must be {2, 1}", function()
      alif().threshold_adaptation = snn.zeros(2)
    end)
  end)

  context("when made with wrong arguments", function()
    local function made(changes) return function() alif(changes) end end

    it("names what is out of range", function()
      fails("ValueError", "'reset_v' must be less than 'thresh_eq_v'", made { reset_v = -50 })
      fails("ValueError", "'tc_adaptation' must be greater than 0", made { tc_adaptation = 0 })
      fails("ValueError", "'tc_adaptation'", made { tc_adaptation = { 1, -1 } })
      fails("ValueError", "'spike_increment'", made { spike_increment = {} })
      fails("ValueError", "mean sum max min none", made { batch_reduction = "median" })
      fails("TypeError", "'batch_reduction' must be", made { batch_reduction = 1 })
    end)

    it("takes an increment of 0", function()
      local neuron = alif { spike_increment = 0 }
      step(neuron, { { 1000, 0 } })
      near({ { 0 }, { 0 } }, adaptation(neuron))
    end)
  end)

  it("gives the same bits on any threads and instruction set", function()
    local script = [[
      for _, reduction in ipairs{ "mean", "sum", "max" } do
        local neuron = snn.ALIF{ shape = 2003, batch_size = 17, step_time = 1, rest_v = -60,
          reset_v = -65, thresh_eq_v = -50, refrac_t = 1.5, tc_membrane = 20,
          tc_adaptation = { 50, 700 }, spike_increment = { 0.3, 0.1 },
          batch_reduction = reduction }
        local input = snn.linspace(0, 300, 17 * 2003):view(17, 2003)
        for step = 1, 7 do neuron(input) end
        for i = 1, 2003, 5 do
          io.write(("%a %a %a "):format(neuron.threshold_adaptation[i][1],
            neuron.threshold_adaptation[i][2], neuron.voltage[1 + i % 17][i]))
        end
      end
    ]]
    local first = support.run(script, { SNN_ISA = "v1" })
    assert.equal(0, first.code)
    for _, isa in ipairs { "v3", "v4" } do
      assert.equal(first.out, support.run(script, { SNN_ISA = isa }).out)
    end
    for threads = 1, 4 do
      assert.equal(first.out, support.run("snn.set_num_threads(" .. threads .. ")" .. script).out)
    end
  end)
end)
