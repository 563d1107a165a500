-- What holds for every model of neurons, also for those to come: each class
-- below snn.Neuron is made from its own list of arguments.
local snn = require "snn"

-- a value for each argument that any model has
local VALUES = {
  step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, thresh_eq_v = -50, refrac_t = 2,
  time_constant = 20, tc_membrane = 20, tc_adaptation = { 50, 10 }, spike_increment = { 1, 0.5 },
  rc_adaptation = { 0.02, 0.1 }, reset_v_add = -4, reset_v_mul = 0.2, crit_v = -53, affinity = 0.1,
  rheobase_v = -53, sharpness = 2, voltage_coupling = { 0.2, 0.1 },
}

local function models()
  local found = {}
  for name, class in pairs(snn) do
    local meta = type(class) == "table" and getmetatable(class)
    if meta and meta.__index == snn.Neuron then found[#found + 1] = name end
  end
  table.sort(found)
  return found
end

--- The arguments of a class: shape, those without a default, then changes.
local function arguments(class, changes)
  local args = { shape = 5 }
  for _, argument in ipairs(class.arguments) do
    local name = argument.name
    if not argument.optional and name ~= "shape" then
      args[name] = assert(VALUES[name], "no value for " .. name)
    end
  end
  for name, value in pairs(changes or {}) do args[name] = value end
  return args
end

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

local function fails(kind, text, fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, err.kind)
  assert.truthy(err.message:find(text, 1, true), err.message)
end

local function make(name, changes) return snn[name](arguments(snn[name], changes)) end

for _, name in ipairs(models()) do
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
        fails("ValueError", "(1, 5)", neuron, snn.zeros(shape))
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

    it("shows its arguments as fields and in its text", function()
      local neuron = make(name)
      for _, argument in ipairs(class.arguments) do
        local value = neuron[argument.name]
        assert.not_nil(value, argument.name)
        if argument.type ~= "any" then
          assert.truthy(tostring(neuron):find(argument.name .. "=", 1, true), argument.name)
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
