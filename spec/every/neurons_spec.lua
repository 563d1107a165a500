-- What holds for every model of neurons, also for those to come: each class
-- below snn.Neuron is made from its own list of arguments.
local snn = require "snn"
local neurons = require "spec.every.neurons"
local support = require "spec.support"

local arguments, make, fails = neurons.arguments, neurons.make, support.fails

local function count(shape)
  local n = 1
  for _, size in ipairs(shape) do n = n * size end
  return n
end

--- Currents for step `step` of a group, some of which make it spike; of rows
--- first .. of a longer batch.
local function currents(neuron, step, first)
  local rows, n = {}, neuron.count
  for b = 1, neuron.batchsz do
    rows[b] = {}
    for i = 1, n do
      local wave = math.sin(step * 1.7 + ((first or 0) + b) * 0.9 + i * 0.31)
      rows[b][i] = 12 + 20 * wave + (wave > 0.8 and 300 or 0)
    end
  end
  return snn.tensor(rows, { dtype = neuron.dtype }):view(neuron.batchedshape)
end

local function run(neuron, steps, options)
  local spikes = {}
  for step = 1, steps or 12 do
    spikes[step] = neuron(currents(neuron, step), options):totable()
  end
  return spikes
end

local function state(neuron)
  local values = {}
  for name, tensor in pairs(neuron:state_dict()) do values[name] = tensor:totable() end
  return values
end

local function any(value)
  if type(value) ~= "table" then return value end
  for _, v in ipairs(value) do
    if any(v) then return true end
  end
  return false
end

for _, name in ipairs(neurons.models()) do
  local class = snn[name]

  describe(name, function()
    it("is documented", function()
      for _, key in ipairs { "summary", "equations", "source" } do
        assert.truthy(#class[key] > 10, key)
      end
      for _, argument in ipairs(class.arguments) do
        assert.truthy(#argument.doc > 3, argument.name)
      end
    end)

    it("spikes in the run of these specs", function()
      assert.is_true(any(run(make(name))))
    end)

    it("takes any shape and batch size", function()
      for _, shape in ipairs { {}, { 1 }, { 7 }, { 3, 5, 1 }, { 1, 1, 2, 1, 3, 1 } } do
        for _, batch in ipairs { 1, 3 } do
          local neuron = make(name, { shape = shape, batch_size = batch })
          run(neuron, 2)
          assert.same({ batch, table.unpack(shape) }, neuron.voltage.shape)
          assert.same(neuron.batchedshape, neuron.spike.shape)
          assert.same(neuron.batchedshape, neuron.refrac.shape)
          assert.equal(count(shape), neuron.count)
        end
      end
    end)

    it("takes one size as a number", function()
      assert.same({ 5 }, make(name, { shape = 5 }).shape)
    end)

    it("returns bool spikes that equal its field", function()
      local neuron = make(name)
      local spikes = neuron(currents(neuron, 1))
      assert.equal("bool", spikes.dtype)
      assert.same(spikes:totable(), neuron.spike:totable())
    end)

    it("reads a view as it reads a copy", function()
      local one, other = make(name, { batch_size = 2 }), make(name, { batch_size = 2 })
      for step = 1, 6 do
        local input = currents(one, step)
        one(input)
        other(input:transpose(1, 2):contiguous():transpose(1, 2))
      end
      assert.same(state(one), state(other))
    end)

    it("steps a batch as it steps its samples", function()
      local batch = make(name, { batch_size = 3 }):eval()
      run(batch)
      for b = 1, 3 do
        local single = make(name):eval()
        for step = 1, 12 do single(currents(single, step, b - 1)) end
        assert.same(batch.voltage[b]:totable(), single.voltage[1]:totable())
        assert.same(batch.spike[b]:totable(), single.spike[1]:totable())
      end
    end)

    it("steps a group larger than the caches as it steps its pieces", function()
      -- a tenth of those whose step is many small ones, which are past the caches too
      local size, all = 1000, neurons.has(class, "substeps") and 160 or 1600
      for _, batch in ipairs { 1, 20 } do
        local pieces = all // batch
        local large = make(name, { shape = pieces * size, batch_size = batch })
        local small = make(name, { shape = size, batch_size = batch })
        for step = 1, 4 do
          local input = currents(small, step)
          small(input)
          input = input:view(batch, 1, size):expand(batch, pieces, size)
          large(input:contiguous():view(batch, pieces * size))
        end
        local values = large:state_dict()
        for key, tensor in pairs(small:state_dict()) do
          local rows = tensor.shape[1] == batch and batch or 1
          local n = tensor.numel // rows
          if n > 1 then
            local like = values[key]:view(rows, pieces, n)
            assert.equal(0, like:ne(tensor:view(rows, 1, n)):sum():item(), key)
          end
        end
      end
    end)

    it("steps in float64 as in float32", function()
      local single, double = make(name), make(name, { dtype = "float64" })
      assert.same(run(single), run(double))
      assert.equal("float64", double.voltage.dtype)
      assert.equal("float64", double.refrac.dtype)
      for i = 1, 5 do assert.near(double.voltage[1][i], single.voltage[1][i], 1e-3) end
    end)

    it("is as new when cleared of everything", function()
      local neuron = make(name, { batch_size = 2 })
      local fresh = state(neuron)
      run(neuron)
      neuron:clear { keep_adaptations = false }
      assert.same(fresh, state(neuron))
    end)

    it("goes on alike from a loaded state", function()
      local neuron, other = make(name), make(name)
      run(neuron, 5)
      other:load_state_dict(neuron:state_dict())
      assert.same(state(neuron), state(other))
      assert.same(run(neuron), run(other))
      assert.same(state(neuron), state(other))
    end)

    it("keeps its state when dt is set to what it is", function()
      local neuron, other = make(name), make(name)
      run(neuron, 5)
      run(other, 5)
      other.dt = 1
      assert.same(run(neuron), run(other))
    end)

    it("stays as it was when its input is wrong", function()
      local neuron = make(name)
      run(neuron, 3)
      local before = state(neuron)
      for _, shape in ipairs { { 5 }, { 2, 5 }, { 1, 4 }, { 1, 5, 1 }, { 0, 5 } } do
        fails("ValueError", "{1, 5}", neuron, snn.zeros(shape))
      end
      fails("TypeError", "'input'", neuron, nil)
      fails("TypeError", "unknown option", neuron, snn.zeros(1, 5), { nonsense = 1 })
      assert.same(before, state(neuron))
    end)

    it("names a missing argument", function()
      for _, argument in ipairs(class.arguments) do
        if not argument.optional then
          local args = arguments(class)
          args[argument.name] = nil
          fails("TypeError", "'" .. argument.name .. "' is missing", class, args)
        end
      end
    end)

    it("names an unknown argument and the nearest one", function()
      fails("TypeError", "did you mean 'step_time'", class, arguments(class, { step_tme = 1 }))
    end)

    it("names an argument out of its range", function()
      local wrong = { ["greater than 0"] = { 0, -1 }, ["at least 0"] = { -1 }, ["not 0"] = { 0 } }
      for _, argument in ipairs(class.arguments) do
        for _, value in ipairs(wrong[argument.range] or {}) do
          fails("ValueError", "'" .. argument.name .. "'", class,
            arguments(class, { [argument.name] = value }))
        end
        if argument.type:find("number") then
          fails("ValueError", "'" .. argument.name .. "'", class,
            arguments(class, { [argument.name] = 0 / 0 }))
          fails("TypeError", "'" .. argument.name .. "'", class,
            arguments(class, { [argument.name] = "1" }))
        end
      end
    end)

    it("wants one argument less than the other where it says so", function()
      for _, argument in ipairs(class.arguments) do
        if argument.below then
          local args = arguments(class)
          args[argument.name] = args[argument.below]
          fails("ValueError", "'" .. argument.name .. "' must be less than", class, args)
        end
      end
    end)

    it("wants one argument not greater than the other where it says so", function()
      for _, argument in ipairs(class.arguments) do
        if argument.at_most then
          local args = arguments(class)
          args[argument.name] = args[argument.at_most]
          class(args)
          args[argument.name] = args[argument.name] + 1
          fails("ValueError", "'" .. argument.name .. "' must be at most", class, args)
        end
      end
    end)

    it("keeps NaN and infinities in the neuron that they came to", function()
      for _, bad in ipairs { 0 / 0, 1 / 0, -1 / 0 } do
        for _, field in ipairs { "voltage", "input" } do
          local neuron, other = make(name), make(name)
          run(neuron, 2)
          run(other, 2)
          local values = snn.tensor { { 0, 0, bad, 0, 0 } }
          if field == "voltage" then
            neuron.voltage = neuron.voltage + values
            other.voltage = other.voltage
            neuron(currents(neuron, 3))
          else
            neuron(currents(neuron, 3) + values)
          end
          other(currents(other, 3))
          run(neuron, 3)
          run(other, 3)
          for _, i in ipairs { 1, 2, 4, 5 } do
            assert.equal(other.voltage[1][i], neuron.voltage[1][i])
            assert.equal(other.spike[1][i], neuron.spike[1][i])
          end
        end
      end
    end)

    it("clears voltage and refrac, nothing learned, under another batch size", function()
      local neuron = make(name)
      run(neuron)
      local learned = state(neuron)
      neuron.batchsz = 3
      for key, value in pairs(state(make(name, { batch_size = 3 }))) do
        local is_learned = key:find "adaptation"
        assert.same(is_learned and learned[key] or value, state(neuron)[key], key)
      end
    end)

    if neurons.has(class, "refrac_t") then
      it("counts its refractory time exactly", function()
        -- 3 ms are 30 steps of 0.1 ms, the step of the spike included
        local neuron = make(name, { step_time = 0.1, refrac_t = 3, shape = 1 }):eval()
        local input = snn.full({ 1, 1 }, 1e5)
        for step = 0, 90 do
          assert.equal(step % 30 == 0, neuron(input)[1][1], step)
        end
      end)

    end

    if neurons.has(class, "reset_v") then
      it("fires the more the greater the current", function()
        for _, is_training in ipairs { false, true } do
          local neuron = make(name, { shape = 40, dtype = "float64" }):train(is_training)
          local input = snn.linspace(0, 120, 40):view(1, 40)
          local spikes = snn.zeros(1, 40)
          for _ = 1, 300 do spikes:add_(neuron(input)) end
          assert.equal(0, spikes[1][1])
          assert.is_true(spikes[1][40] > 20)
          for i = 2, 40 do assert.is_true(spikes[1][i] >= spikes[1][i - 1], i) end
        end
      end)
    end

    it("shows its arguments as fields and in its text", function()
      local neuron = make(name)
      for _, argument in ipairs(class.arguments) do
        local value = neuron[argument.name]
        assert.not_nil(value, argument.name)
        if argument.type ~= "any" then
          local row = "\n  " .. argument.name .. " "
          assert.truthy(tostring(neuron):find(row, 1, true), argument.name)
        end
      end
    end)

    it("can be the parent of a script's class", function()
      local Mine = snn.class("Mine", class)
      function Mine:init(n)
        class.init(self, arguments(class, { shape = n }))
        self.calls = 0
      end
      function Mine:forward(input)
        self.calls = self.calls + 1
        return class.forward(self, input)
      end
      local neuron, plain = Mine(5), make(name)
      assert.same(run(plain), run(neuron))
      assert.equal(12, neuron.calls)
    end)
  end)
end

describe("Neuron", function()
  it("cannot be made", function()
    fails("TypeError", "cannot be made", snn.Neuron, {})
  end)
end)

describe("all models", function()
  local SCRIPT = [[
    local neurons = dofile "spec/every/neurons.lua"
    for _, name in ipairs(neurons.models()) do
      for _, dtype in ipairs { "float32", "float64" } do
        local neuron = neurons.make(name, { shape = 2003, batch_size = 17, dtype = dtype })
        local input = snn.linspace(-20, 300, 17 * 2003):view(17, 2003)
        for _ = 1, 7 do neuron(input) end
        local all = neuron:state_dict()
        local learned = all.threshold_adaptation or all.current_adaptation
        for i = 1, 2003, 5 do
          io.write(("%a "):format(neuron.voltage[1 + i % 17][i]))
          if learned then io.write(("%a %a "):format(learned[i][1], learned[i][2])) end
        end
        print(name, dtype, neuron.spike:sum())
      end
    end
  ]]
  it("give the same bits on each instruction set and with 1, 2 and 4 threads", function()
    support.same_bits("snn.set_num_threads(%d)\n" .. SCRIPT:gsub("%%", "%%%%"))
  end)
end)
