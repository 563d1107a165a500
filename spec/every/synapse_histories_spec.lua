-- What holds for every model of synapses: each class below snn.Synapse.
local snn = require "snn"
local support = require "spec.support"

local VALUES = { step_time = 0.5, spike_charge = 3, time_constant = 4, tc_decay = 6, tc_rise = 2 }

local function models()
  local found = {}
  for name, class in pairs(snn) do
    local meta = type(class) == "table" and getmetatable(class)
    if meta and meta.__index == snn.Synapse then found[#found + 1] = name end
  end
  table.sort(found)
  return found
end

local function make(name, changes)
  local args = { shape = 5 }
  for _, argument in ipairs(snn[name].arguments) do
    if not argument.optional and argument.name ~= "shape" then
      args[argument.name] = assert(VALUES[argument.name], argument.name)
    end
  end
  for key, value in pairs(changes or {}) do args[key] = value end
  return snn[name](args)
end

--- Spikes of a step, for rows first + 1 .. of a longer batch.
local function spikes(synapse, step, first)
  local rows = {}
  for b = 1, synapse.batchsz do
    rows[b] = {}
    for i = 1, synapse.count do
      rows[b][i] = (step * 7 + (b + (first or 0)) * 5 + i * 3) % 4 == 0
    end
  end
  return snn.tensor(rows, { dtype = "bool" }):view(synapse.batchedshape)
end

local function run(synapse, steps, first)
  local out
  for step = 1, steps or 9 do out = synapse(spikes(synapse, step, first)) end
  return out
end

local function state(synapse)
  local values = {}
  for name, tensor in pairs(synapse:state_dict()) do values[name] = tensor:totable() end
  values.current = synapse.current:totable()
  return values
end

local function any(t) return t:ne(0):any():item() end

for _, name in ipairs(models()) do
  describe(name, function()
    it("carries currents in the run of these specs", function()
      assert.is_true(any(run(make(name), 9)))
    end)

    it("returns what its field shows", function()
      local synapse = make(name)
      for step = 1, 5 do
        assert.same(synapse(spikes(synapse, step)):totable(), synapse.current:totable())
        assert.same(spikes(synapse, step):totable(), synapse.spike:totable())
      end
    end)

    it("takes any shape and batch size", function()
      for _, shape in ipairs { {}, { 1 }, { 7 }, { 3, 5, 1 }, { 1, 1, 2, 1, 3, 1 } } do
        for _, batch in ipairs { 1, 3 } do
          local synapse = make(name, { shape = shape, batch_size = batch, delay = 1 })
          run(synapse, 2)
          assert.same({ batch, table.unpack(shape) }, synapse.current.shape)
          assert.same(synapse.batchedshape,
            synapse:current_at(snn.zeros(synapse.batchedshape)).shape)
        end
      end
    end)

    it("steps a batch as it steps its samples", function()
      local batch = make(name, { batch_size = 3, delay = 1 })
      run(batch)
      local times = snn.rand(3, 5) * 1.2
      local at = batch:current_at(times)
      for b = 1, 3 do
        local single = make(name, { delay = 1 })
        run(single, 9, b - 1)
        assert.same(batch.current[b]:totable(), single.current[1]:totable())
        assert.same(at[b]:totable(), single:current_at(times:narrow(1, b, 1))[1]:totable())
      end
    end)

    it("reads its newest step at time 0 and older ones where they are", function()
      local synapse = make(name, { delay = 2 })
      local seen = {}
      for step = 1, 9 do seen[step] = synapse(spikes(synapse, step)) end
      for age = 0, 4 do
        local times = snn.full({ 1, 5 }, age * 0.5)
        assert.same(seen[9 - age]:totable(), synapse:current_at(times):totable())
        assert.same(spikes(synapse, 9 - age):totable(), synapse:spike_at(times):totable())
      end
    end)

    it("reads times that are on the grid but for rounding", function()
      local synapse = make(name, { step_time = 0.1, delay = 13 })
      local seen = {}
      for step = 1, 131 do seen[step] = synapse(spikes(synapse, step)) end
      for _, age in ipairs { 3, 7, 127, 130 } do
        assert.same(seen[131 - age]:totable(),
          synapse:current_at(snn.full({ 1, 5 }, age * 0.1)):totable())
      end
    end)

    it("gives the values for outside that were asked for, or those of the ends", function()
      local synapse = make(name, { delay = 1, current_overbound = -2, spike_overbound = true })
      run(synapse)
      for _, time in ipairs { -1, 1.6, 1 / 0, 0 / 0 } do
        local times = snn.full({ 1, 5 }, time)
        assert.same({ { -2, -2, -2, -2, -2 } }, synapse:current_at(times):totable())
        assert.is_true(synapse:spike_at(times):all():item())
      end
      local clamped =
        make(name, { delay = 1, current_overbound = snn.none, spike_overbound = snn.none })
      run(clamped)
      local function at(time) return clamped:current_at(snn.full({ 1, 5 }, time)):totable() end
      assert.same({ at(0), at(1) }, { at(-3), at(50) })
    end)

    it("is as new when cleared", function()
      local synapse = make(name, { batch_size = 2, delay = 1 })
      local fresh = state(synapse)
      run(synapse)
      synapse:clear()
      assert.same(fresh, state(synapse))
    end)

    it("goes on alike from a loaded state, history and all", function()
      local args = { batch_size = 2, delay = 1.5 }
      local synapse, other = make(name, args), make(name, args)
      run(synapse)
      other:load_state_dict(synapse:state_dict())
      assert.same(state(synapse), state(other))
      run(synapse, 1)
      run(other, 1)
      assert.same(state(synapse), state(other))
    end)

    it("refuses a state of another history, and keeps its own", function()
      local synapse = make(name, { delay = 1.5 })
      run(synapse)
      local before = state(synapse)
      support.fails("ValueError", "has shape (3, 1, 5)", synapse.load_state_dict, synapse,
        make(name, { delay = 1 }):state_dict())
      assert.same(before, state(synapse))
    end)

    it("keeps its newest steps with another delay or step", function()
      local synapse = make(name, { delay = 2 })
      run(synapse)
      local newest, spike = synapse.current:totable(), synapse.spike:totable()
      synapse.delay = 1
      assert.equal(3, synapse.spike_.shape[1])
      synapse.delay = 2
      assert.equal(5, synapse.spike_.shape[1])
      assert.same({ newest, spike }, { synapse.current:totable(), synapse.spike:totable() })
      synapse.dt = 1
      assert.equal(3, synapse.spike_.shape[1])
      assert.same(spike, synapse.spike:totable())
    end)

    it("is as it was when an input is wrong", function()
      local synapse = make(name, { delay = 1 })
      run(synapse)
      local before = state(synapse)
      for _, shape in ipairs { { 5 }, { 2, 5 }, { 1, 4 }, { 1, 5, 1 }, { 0, 5 } } do
        support.fails("ValueError", "wants (1, 5)", synapse, snn.zeros(shape))
      end
      support.fails("TypeError", "'injected' must be a tensor", synapse, snn.zeros(1, 5), 3)
      assert.same(before, state(synapse))
    end)

    it("is as it was when a layer's forward fails", function()
      local layer = snn.Layer { wiring = function() error("no") end }
      local connection = layer:add_connection("c", snn.LinearDense {
        in_shape = 5, out_shape = 2, step_time = 0.5,
        synapse = function(shape, _, _, batch)
          return make(name, { shape = shape, batch_size = batch, delay = 1 })
        end,
      })
      run(connection.synapse)
      local before = state(connection.synapse)
      assert.is_false(pcall(layer.forward, layer, { c = snn.ones(1, 5) }))
      assert.same(before, state(connection.synapse))
    end)

    it("keeps NaN and infinities in their elements", function()
      local synapse = make(name)
      synapse(snn.tensor { { 0 / 0, 1 / 0, 0, 1, 0 } })
      local later = synapse(snn.tensor { { 0, 0, 0, 1, 0 } })
      assert.is_true(later:narrow(2, 3, 3):isfinite():all():item())
      assert.equal(0, later[1][5])
    end)

    it("has the same bits on every instruction set and with any threads", function()
      local script = ([[
        local n = tonumber(os.getenv "THREADS")
        snn.set_num_threads(n)
        snn.manual_seed(3)
        local args = { shape = 40000, step_time = 0.5, delay = 1 }
        for _, a in ipairs(snn.%s.arguments) do
          if not a.optional and not args[a.name] then
            args[a.name] = ({ spike_charge = 3, time_constant = 4, tc_decay = 6, tc_rise = 2 })[a.name]
          end
        end
        local synapse = snn.%s(args)
        for _ = 1, 4 do synapse(snn.rand(1, 40000):lt(0.2)) end
        local sum = 0
        for i = 1, 40000, 7 do sum = (sum * 31 + synapse.current[1][i] * 1e6) %% 1000003 end
        print(("%%.17g"):format(sum))
      ]]):format(name, name)
      local want
      for _, isa in ipairs { "v1", "v3", "v4" } do
        for _, threads in ipairs { "1", "4" } do
          local got = support.run(script, { SNN_ISA = isa, THREADS = threads })
          assert.equal(0, got.code, got.err)
          want = want or got.out
          assert.equal(want, got.out)
        end
      end
    end)
  end)
end
