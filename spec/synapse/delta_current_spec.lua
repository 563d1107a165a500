local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local function delta(changes)
  local args = { shape = 3, step_time = 2, spike_charge = 100 }
  for name, value in pairs(changes or {}) do args[name] = value end
  return snn.DeltaCurrent(args)
end

local function bool(values) return snn.tensor(values, { dtype = "bool" }) end

describe("DeltaCurrent", function()
  it("starts without spikes and currents", function()
    local synapse = delta { batch_size = 2 }
    assert.same({ { 0, 0, 0 }, { 0, 0, 0 } }, synapse.current:totable())
    assert.same({ { false, false, false }, { false, false, false } }, synapse.spike:totable())
  end)

  it("has the fields of its arguments", function()
    local synapse = delta { shape = { 2, 3 }, batch_size = 4, dtype = "float64", delay = 6 }
    assert.same({ 2, 3 }, synapse.shape)
    assert.same({ 4, 2, 3 }, synapse.batchedshape)
    assert.same({ 6, 4, 2, 6, "float64" },
      { synapse.count, synapse.batchsz, synapse.dt, synapse.delay, synapse.dtype })
  end)

  it("shows its arguments", function()
    assert.equal('shape={3}, step_time=2, delay=0, batch_size=1, dtype="float32", '
      .. 'interp_tol=0, spike_charge=100, interp_mode="previous", graded=false',
      delta():extra_repr())
  end)

  it("has a shape without dimensions", function()
    local synapse = delta { shape = {}, batch_size = 2 }
    assert.same({ 0, 50 }, synapse(snn.tensor { 0, 1 }):totable())
  end)

  context("at a step", function()
    it("gives charge over time at spikes, for one step", function()
      local synapse = delta()
      assert.same({ { 50, 0, 50 } }, synapse(bool { { true, false, true } }):totable())
      assert.same({ { 0, 50, 0 } }, synapse(bool { { false, true, false } }):totable())
      assert.same({ { 0, 50, 0 } }, synapse.current:totable())
      assert.same({ { false, true, false } }, synapse.spike:totable())
    end)

    it("computes in its dtype", function()
      local single = delta { spike_charge = 1, step_time = 3 }
      local double = delta { spike_charge = 1, step_time = 3, dtype = "float64" }
      assert.equal("float32", single(snn.ones(1, 3)).dtype)
      assert.equal("float64", double(snn.ones(1, 3)).dtype)
      assert.equal(1 / 3, double.current[1][1])
      assert.equal(snn.tensor({ 1 / 3 })[1], single.current[1][1])
    end)

    it("carries a negative charge", function()
      assert.same({ { -5, 0, 0 } }, delta { spike_charge = -10 }(
        snn.tensor { { 1, 0, 0 } }):totable())
    end)

    it("takes whatever is not zero for one spike, and tells that once", function()
      local synapse = delta()
      local heard = support.heard(function()
        for _, values in ipairs { { 0.25, 0, -3 }, { 1 / 0, 0, 0 / 0 }, { 1e-40, -0.0, 7 } } do
          assert.same({ { 50, 0, 50 } }, synapse(snn.tensor { values }):totable())
        end
        assert.same({ { 50, 0, 50 } }, synapse(snn.tensor({ { 2, 0, -1 } }, { dtype = "int64" }))
          :totable())
        assert.same({ { 50, 0, 50 } }, synapse(snn.tensor({ { 2, 0, -1 } }, { dtype = "float64" }))
          :totable())
      end)
      assert.equal(1, #heard)
      assert.matches("values besides 0 and 1.*graded = true", heard[1])
    end)

    it("scales the charge with graded = true", function()
      local synapse = delta { graded = true, delay = 2 }
      local inputs = { { 0.25, 0, -3 }, { 1, 7, 0 } }
      assert.same({ { 12.5, 0, -150 } }, synapse(snn.tensor { inputs[1] }):totable())
      assert.same({ { 50, 350, 0 } }, synapse(snn.tensor { inputs[2] }):totable())
      assert.same({ { 50, 350, 0 } }, synapse.current:totable())
      assert.same({ { true, true, false } }, synapse.spike:totable())
      assert.same({ { 12.5, 0, -150 } }, synapse:current_at(snn.full({ 1, 3 }, 2)):totable())
    end)

    it("reads views", function()
      local synapse = delta { batch_size = 2 }
      local want = { { 50, 0, 50 }, { 0, 0, 50 } }
      local spikes = bool { { true, false }, { false, false }, { true, true } }
      assert.same(want, synapse(spikes:transpose(1, 2)):totable())
      local wide = bool { { false, true, false, true, true }, { true, false, false, true, false } }
      assert.same(want, synapse(wide:narrow(2, 2, 3)):totable())
      assert.same({ { 50, 50, 50 }, { 0, 0, 0 } },
        synapse(bool { { true }, { false } }:expand(2, 3)):totable())
    end)

    it("has no use for injected currents, which must be tensors", function()
      local synapse = delta()
      assert.same({ { 50, 0, 0 } },
        synapse(snn.tensor { { 1, 0, 0 } }, snn.full({ 1, 3 }, 9)):totable())
      fails("TypeError", "'injected' must be a tensor, got number 3", synapse, snn.ones(1, 3), 3)
    end)

    it("stays as it was when its input is wrong", function()
      local synapse = delta()
      synapse(bool { { true, false, false } })
      for _, shape in ipairs { { 3 }, { 2, 3 }, { 1, 2 }, { 1, 3, 1 }, { 0, 3 } } do
        fails("ValueError", "DeltaCurrent wants {1, 3}", synapse, snn.ones(shape))
      end
      fails("TypeError", "'spikes' must be a tensor, got no value", synapse)
      fails("TypeError", "'spikes' must be a tensor, got table", synapse, {})
      assert.same({ { true, false, false } }, synapse.spike:totable())
    end)
  end)

  context("and the tensors of scripts", function()
    it("does not see later changes of an input", function()
      local synapse, spikes = delta(), bool { { true, false, false } }
      synapse(spikes)
      spikes:fill_(true)
      assert.same({ { true, false, false } }, synapse.spike:totable())
    end)

    it("does not change what it has returned or shown", function()
      local synapse = delta()
      local current = synapse(bool { { true, false, false } })
      local spike, field = synapse.spike, synapse.current
      synapse(bool { { false, true, true } })
      assert.same({ { 50, 0, 0 } }, current:totable())
      assert.same({ { 50, 0, 0 } }, field:totable())
      assert.same({ { true, false, false } }, spike:totable())
    end)

    it("lets a returned current be changed, which changes nothing else", function()
      local synapse = delta()
      local current = synapse(bool { { true, false, false } })
      current:fill_(7)
      assert.same({ { 50, 0, 0 } }, synapse.current:totable())
    end)

    it("refuses changes of its fields in place", function()
      local synapse = delta()
      fails("RuntimeError", "read from a module's field", synapse.spike.fill_, synapse.spike, true)
      fails("RuntimeError", "clone()", synapse.current.add_, synapse.current, 1)
    end)

    it("takes spikes of any dtype that are assigned, as a copy", function()
      local synapse, spikes = delta(), snn.tensor { { 0, 2, 0 } }
      synapse.spike = spikes
      spikes:fill_(1)
      assert.same({ { false, true, false } }, synapse.spike:totable())
      assert.same({ { 0, 50, 0 } }, synapse.current:totable())
      fails("ValueError", "'spike' must have shape {1, 3}, got {3}",
        function() synapse.spike = snn.ones(3) end)
      fails("TypeError", "'spike' must be a tensor, got nil", function() synapse.spike = nil end)
    end)
  end)

  context("with a history", function()
    local function spiked(changes)
      local synapse = delta(changes)
      for i = 1, 3 do synapse(snn.eye(3):narrow(1, i, 1)) end
      return synapse
    end

    --- Which of the spikes stood there `time` ms ago.
    local function at(synapse, time)
      return synapse:spike_at(snn.full({ 1, 3 }, time)):totable()[1]
    end

    local FIRST, SECOND, THIRD =
      { true, false, false }, { false, true, false }, { false, false, true }
    local NONE = { false, false, false }

    it("reads steps back", function()
      local synapse = spiked { delay = 4 }
      assert.same({ THIRD, SECOND, FIRST }, { at(synapse, 0), at(synapse, 2), at(synapse, 4) })
    end)

    it("reads a time of its own for each element", function()
      local synapse = spiked { delay = 4 }
      local times = snn.tensor { { 4, 2, 2 } }
      assert.same({ { true, true, false } }, synapse:spike_at(times):totable())
      assert.same({ { 50, 50, 0 } }, synapse:current_at(times):totable())
      local deep = snn.tensor { { { 0, 4 }, { 2, 2 }, { 0, 2 } } }
      assert.same({ { { 0, 50 }, { 50, 50 }, { 50, 0 } } }, synapse:current_at(deep):totable())
    end)

    it("reads the older step between two", function()
      local synapse = spiked { delay = 4 }
      assert.same({ SECOND, SECOND, FIRST }, { at(synapse, 0.5), at(synapse, 1.5), at(synapse, 3) })
    end)

    it("reads the nearer step with interp_mode = 'nearest'", function()
      local synapse = spiked { delay = 4, interp_mode = "nearest" }
      assert.same({ THIRD, SECOND, SECOND, FIRST },
        { at(synapse, 0.5), at(synapse, 1.5), at(synapse, 2.9), at(synapse, 3.1) })
    end)

    it("takes a time within interp_tol of a step for the step", function()
      local synapse = spiked { delay = 4, interp_tol = 0.5 }
      assert.same({ THIRD, SECOND, FIRST },
        { at(synapse, 0.4), at(synapse, 0.6), at(synapse, 4.4) })
    end)

    it("gives nothing outside of the history", function()
      local synapse = spiked { delay = 4 }
      for _, time in ipairs { -1, 4.5, 1e30, 1 / 0, -1 / 0, 0 / 0 } do
        assert.same(NONE, at(synapse, time))
      end
    end)

    it("gives the values for outside that were asked for", function()
      local synapse = spiked { delay = 4, current_overbound = -3, spike_overbound = true }
      assert.same({ { -3, -3, -3 } }, synapse:current_at(snn.full({ 1, 3 }, 7)):totable())
      assert.same({ true, true, true }, at(synapse, 7))
    end)

    it("clamps with snn.none", function()
      local synapse =
        spiked { delay = 4, current_overbound = snn.none, spike_overbound = snn.none }
      assert.same({ THIRD, FIRST }, { at(synapse, -5), at(synapse, 9) })
      assert.same({ { 50, 0, 0 } }, synapse:current_at(snn.full({ 1, 3 }, 9)):totable())
    end)

    it("has one step without a delay", function()
      local synapse = spiked()
      assert.same({ THIRD, NONE }, { at(synapse, 0), at(synapse, 2) })
    end)

    it("needs a selector of its shape, or with one more dimension", function()
      local synapse = spiked { delay = 4 }
      for _, shape in ipairs { { 3 }, { 1, 2 }, { 1, 3, 1, 1 }, { 2, 3 } } do
        fails("ValueError", "allowed are {1, 3} and that with one more", synapse.spike_at, synapse,
          snn.zeros(shape))
      end
      fails("TypeError", "'selector' must be a tensor", synapse.current_at, synapse, 2)
    end)

    it("keeps the newest steps with another delay", function()
      local synapse = spiked { delay = 4 }
      synapse.delay = 2
      assert.same({ THIRD, SECOND, NONE }, { at(synapse, 0), at(synapse, 2), at(synapse, 4) })
      synapse.delay = 8
      assert.same({ THIRD, SECOND, NONE, NONE },
        { at(synapse, 0), at(synapse, 2), at(synapse, 4), at(synapse, 8) })
    end)

    it("keeps the newest step with another step time, and tells of the others", function()
      local synapse, before, heard = spiked { delay = 4 }, warn, {}
      _G.warn = function(text) heard[#heard + 1] = text end
      synapse.dt = 2 -- as it is
      synapse.dt = 1
      _G.warn = before
      assert.same({ THIRD, NONE, NONE, NONE },
        { at(synapse, 0), at(synapse, 1), at(synapse, 2), at(synapse, 3) })
      assert.same({ { 0, 0, 100 } }, synapse.current:totable())
      assert.equal(1, #heard)
      assert.truthy(heard[1]:find("DeltaCurrent: the step time is 1 ms now, was 2", 1, true))
    end)

    it("stays as it was where warnings are errors, and tells of no silence", function()
      local synapse, mode = spiked { delay = 4 }, snn.warnings("error")
      local state = synapse:state_dict()
      local refused = pcall(function() synapse.dt = 1 end)
      local kept = synapse.dt
      synapse:clear()
      local taken = pcall(function() synapse.dt = 1 end)
      snn.warnings(mode)
      assert.same({ false, 2, true }, { refused, kept, taken })
      assert.is_true(state.spike_:ne(0):any():item())
    end)

    it("shows its history, newest first, which may be set", function()
      local synapse = spiked { delay = 4 }
      assert.same({ { THIRD }, { SECOND }, { FIRST } }, synapse.spike_:totable())
      synapse.spike_ = snn.tensor { { { 0, 1, 0 } }, { { 0, 0, 1 } }, { { 1, 1, 0 } } }
      assert.same({ { false, true, false }, THIRD, { true, true, false } },
        { at(synapse, 0), at(synapse, 2), at(synapse, 4) })
      fails("ValueError", "'spike_'", function() synapse.spike_ = snn.zeros(1, 3) end)
    end)

    it("is part of the state", function()
      local synapse, other = spiked { delay = 4 }, delta { delay = 4 }
      other:load_state_dict(synapse:state_dict())
      for _, time in ipairs { 0, 2, 4 } do assert.same(at(synapse, time), at(other, time)) end
      fails("ValueError", "'spike_'", other.load_state_dict, other, spiked():state_dict())
    end)

    it("is empty after clear", function()
      local synapse = spiked { delay = 4 }
      synapse:clear()
      for _, time in ipairs { 0, 2, 4 } do assert.same(NONE, at(synapse, time)) end
    end)
  end)

  context("its settings", function()
    it("are cleared by another batch size", function()
      local synapse = delta()
      synapse(snn.ones(1, 3))
      synapse.batchsz = 2
      assert.same({ { 0, 0, 0 }, { 0, 0, 0 } }, synapse.current:totable())
      assert.equal(2, synapse.batchsz)
    end)

    it("must be in range, else nothing changes", function()
      local synapse = delta { delay = 2 }
      synapse(snn.ones(1, 3))
      for name, values in pairs { dt = { 0, -1, 0 / 0, 1 / 0 }, delay = { -1, 0 / 0, 1 / 0 },
        batchsz = { 0, -1 } } do
        for _, value in ipairs(values) do
          fails("ValueError", "'" .. name .. "' must be", function() synapse[name] = value end)
        end
        fails("TypeError", "'" .. name .. "' must be", function() synapse[name] = "x" end)
      end
      assert.same({ 2, 2, 1 }, { synapse.dt, synapse.delay, synapse.batchsz })
      assert.same({ { 50, 50, 50 } }, synapse.current:totable())
    end)

    it("must fit into memory, else nothing changes", function()
      local synapse = delta()
      synapse(snn.ones(1, 3))
      fails("ValueError", "does not fit into memory", function() synapse.batchsz = 1 << 62 end)
      fails("RuntimeError", "not enough memory", function() synapse.delay = 1e30 end)
      assert.same({ { 50, 50, 50 } }, synapse.current:totable())
    end)

    it("cannot be set where they are fixed", function()
      local synapse = delta()
      for _, name in ipairs { "shape", "batchedshape", "count", "dtype", "current" } do
        fails("AttributeError", "'" .. name .. "' cannot be",
          function() synapse[name] = synapse[name] end)
      end
    end)
  end)

  context("constructed", function()
    it("names what is wrong", function()
      fails("ValueError", "'spike_charge' must be not 0", delta, { spike_charge = 0 })
      fails("ValueError", "'step_time' must be greater than 0", delta, { step_time = 0 })
      fails("ValueError", "'delay' must be at least 0", delta, { delay = -1 })
      fails("ValueError", "'shape' must be at least 1, got 0", delta, { shape = { 2, 0 } })
      fails("ValueError", "'batch_size' must be at least 1", delta, { batch_size = 0 })
      fails("RuntimeError", "'interp_mode' must be one of: previous nearest", delta,
        { interp_mode = "linear" })
      fails("ValueError", "'dtype' must be 'float32' or 'float64'", delta, { dtype = "int64" })
      fails("TypeError", "'current_overbound' must be a number", delta, { current_overbound = "0" })
      fails("TypeError", "'spike_overbound' must be true or false", delta, { spike_overbound = 0 })
      fails("TypeError", "did you mean 'spike_charge'", delta, { spike_chrge = 2 })
      fails("TypeError", "one table of names", snn.DeltaCurrent)
    end)

    it("is not without its charge", function()
      fails("TypeError", "'spike_charge' is missing", snn.DeltaCurrent,
        { shape = 3, step_time = 1 })
    end)
  end)

  context("partialconstructor", function()
    it("makes it from shape, step, delay and batch size", function()
      local make = snn.DeltaCurrent.partialconstructor { spike_charge = 30 }
      local synapse = make({ 2, 2 }, 3, 6, 5)
      assert.same({ 5, 2, 2 }, synapse.batchedshape)
      assert.same({ 3, 6, "float32" }, { synapse.dt, synapse.delay, synapse.dtype })
      synapse(snn.ones(5, 2, 2))
      assert.equal(10, synapse.current[1][1][1])
    end)

    it("makes a new one each time", function()
      local make = snn.DeltaCurrent.partialconstructor { spike_charge = 30 }
      assert.not_equal(make(2, 1), make(2, 1))
    end)

    it("does not see later changes of its table", function()
      local args = { spike_charge = 30 }
      local make = snn.DeltaCurrent.partialconstructor(args)
      args.spike_charge = 60
      assert.equal(30, make(1, 1)(snn.ones(1, 1))[1][1])
    end)

    it("wants a table, and checks its names at once", function()
      fails("TypeError", "one table of names", snn.DeltaCurrent.partialconstructor)
      fails("TypeError", "did you mean 'spike_charge'", snn.DeltaCurrent.partialconstructor,
        { spike_charg = 1 })
    end)
  end)

  it("keeps its state in state_dict", function()
    local synapse, other = delta(), delta()
    synapse(bool { { true, false, true } })
    other:load_state_dict(synapse:state_dict())
    assert.same(synapse.spike:totable(), other.spike:totable())
  end)
end)

describe("Synapse", function()
  it("cannot be made", function() fails("TypeError", "cannot be made", snn.Synapse, {}) end)
end)
