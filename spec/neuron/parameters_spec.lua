-- Arguments of neurons: one for all or one for each, assigned at any time.
local snn = require "snn"
local models = require "spec.every.models"
local neurons = require "spec.every.neurons"
local support = require "spec.support"

local fails = support.fails
local N, B = 7, 3

local function bits(t) return table.concat(t:to("float64"):flatten():totable(), " ") end

local function same_state(a, b, pick)
  local other = b:state_dict()
  for key, value in pairs(a:state_dict()) do
    assert.equal(bits(pick and pick(value) or value), bits(other[key]), key)
  end
end

-- Values of a number for N neurons, near `value` and such that relations hold.
local function spread(value)
  local values = {}
  for i = 1, N do values[i] = value * (1 + 0.002 * i) end
  return values
end

-- The arguments of a class that may be tensors, as name -> value; lists are
-- given as "name 1", "name 2".
local function numbers(class)
  local names = {}
  for _, argument in ipairs(class.arguments) do
    if argument.type:find "tensor" then names[#names + 1] = argument.name end
  end
  return names
end

-- Arguments with tensors for those named, and those of neuron i alone.
local function changed(class, names, dtype)
  local tensors, alone = {}, {}
  for i = 1, N do alone[i] = {} end
  local args = neurons.arguments(class)
  for _, argument in ipairs(class.arguments) do -- those with a default too
    if args[argument.name] == nil then args[argument.name] = models.example(argument) end
  end
  for _, name in ipairs(names) do
    local value = args[name]
    if type(value) == "table" then
      tensors[name] = {}
      for i = 1, N do alone[i][name] = {} end
      for k = 1, #value do
        local values = spread(value[k])
        tensors[name][k] = snn.tensor(values, { dtype = "float64" })
        for i = 1, N do alone[i][name][k] = values[i] end
      end
    else
      local values = spread(value)
      tensors[name] = snn.tensor(values, { dtype = dtype })
      for i = 1, N do alone[i][name] = tensors[name][i] end
    end
  end
  return tensors, alone
end

local function with(changes, more)
  local out = {}
  for k, v in pairs(changes) do out[k] = v end
  for k, v in pairs(more) do out[k] = v end
  return out
end

local function currents(step, batch)
  local x = snn.linspace(-20, 60, N):view(1, N):expand(batch, N):clone()
  for b = 1, batch do
    x[b] = x[b] + 300 * (math.sin(step * 1.3 + b) > 0.7 and 1 or 0) + b * 0 + step
  end
  return x
end

for _, name in ipairs(neurons.models()) do
  local class = snn[name]

  describe(name, function()
    for _, dtype in ipairs { "float32", "float64" } do
      local function agrees(names, options)
        local tensors, alone = changed(class, names, dtype)
        local shared = { shape = N, dtype = dtype, batch_size = 1 }
        local group = neurons.make(name, with(tensors, shared))
        local singles = {}
        for i = 1, N do
          singles[i] = neurons.make(name, with(alone[i], { shape = 1, dtype = dtype }))
        end
        for step = 1, 25 do
          local x = currents(step, 1)
          group(x, options)
          for i = 1, N do singles[i](x:narrow(2, i, 1), options) end
        end
        local dim = {}
        for _, row in ipairs(class.state) do dim[row.name] = row.of == "neuron" and 2 or 1 end
        for i = 1, N do
          local one = singles[i]:state_dict()
          for key, value in pairs(group:state_dict()) do
            assert.equal(bits(one[key]), bits(value:narrow(dim[key], i, 1)), key .. " " .. i)
          end
        end
      end

      it("takes a tensor for each number, as groups of one would step, " .. dtype, function()
        for _, argument in ipairs(numbers(class)) do agrees { argument } end
      end)

      it("takes tensors for all at once, " .. dtype, function()
        agrees(numbers(class))
        if class ~= snn.ExactNeuron then agrees(numbers(class), { refrac_lock = false }) end
      end)
    end

    it("steps a batch with tensors as its samples", function()
      local tensors = changed(class, numbers(class), "float32")
      local group = neurons.make(name, with(tensors, { shape = N, batch_size = B })):eval()
      local singles = {}
      for b = 1, B do singles[b] = neurons.make(name, with(tensors, { shape = N })):eval() end
      for step = 1, 25 do
        local x = currents(step, B)
        group(x)
        for b = 1, B do singles[b](x:narrow(1, b, 1)) end
      end
      for b = 1, B do
        for _, field in ipairs { "voltage", "refrac", "spike" } do
          assert.equal(bits(singles[b][field]), bits(group[field]:narrow(1, b, 1)), field)
        end
      end
    end)

    it("reads back what was given, also in its text", function()
      local tensors = changed(class, numbers(class), "float32")
      local group = neurons.make(name, with(tensors, { shape = N }))
      for argument, value in pairs(tensors) do
        local read = group[argument]
        if type(value) == "table" then
          for k = 1, #value do assert.equal(bits(value[k]), bits(read[k]), argument) end
        else
          assert.equal(bits(value), bits(read), argument)
          assert.equal(value.dtype, read.dtype)
        end
        assert.truthy(tostring(group):find("\n  " .. argument .. " +{"))
      end
      assert.truthy(group:extra_repr():find("tensor{7}", 1, true))
    end)

    it("names the element that is out of range, or of a wrong shape", function()
      local wrong = { ["greater than 0"] = -1, ["at least 0"] = -1, ["not 0"] = 0 }
      for _, argument in ipairs(numbers(class)) do
        local range
        for _, a in ipairs(class.arguments) do
          if a.name == argument then range = a.range end
        end
        for _, bad in ipairs { wrong[range] or 0 / 0, 0 / 0 } do
          local values = snn.full({ 5 }, 1)
          values[3] = bad
          fails("ValueError", "element 3 is", neurons.make, name, { [argument] = values })
        end
        fails("ValueError", "{4}", neurons.make, name, { [argument] = snn.ones(4) })
        fails("TypeError", "bool", neurons.make, name, { [argument] = snn.ones(5):gt(0) })
      end
    end)

    it("names the element that breaks a relation", function()
      for _, argument in ipairs(class.arguments) do
        local relation = argument.below or argument.at_most
        if relation then
          local value = neurons.arguments(class)[argument.name]
          local values = snn.full({ 5 }, value, { dtype = "float64" })
          values[2] = neurons.arguments(class)[relation] + 1
          fails("ValueError", "element 2", neurons.make, name, { [argument.name] = values })
        end
      end
    end)

    it("names the element of a group of two dimensions", function()
      local values = snn.ones(2, 3)
      values[2][1] = 0 / 0
      fails("ValueError", "element {2, 1}", neurons.make, name,
        { shape = { 2, 3 }, [numbers(class)[1]] = values })
    end)

    it("goes on by what is assigned, as a group made so", function()
      local function drive(neuron)
        for step = 1, 10 do neuron(currents(step, 1)) end
      end
      for _, argument in ipairs(numbers(class)) do
        local tensors = changed(class, { argument }, "float32")
        local group = neurons.make(name, { shape = N })
        drive(group)
        local made = neurons.make(name, with(tensors, { shape = N }))
        made:load_state_dict(group:state_dict())
        group[argument] = tensors[argument]
        for key, value in pairs(made:state_dict()) do
          if key ~= "refrac" then assert.equal(bits(value), bits(group:state_dict()[key]), key) end
        end
        drive(group)
        drive(made)
        same_state(group, made)
      end
    end)

    it("refuses a wrong assignment and stays as it was", function()
      local group = neurons.make(name, { shape = N })
      for step = 1, 10 do group(currents(step, 1)) end
      local text, before = tostring(group), group:state_dict()
      local function set(argument, value) group[argument] = value end
      for _, argument in ipairs(numbers(class)) do
        fails("ValueError", "'" .. argument .. "'", set, argument, 0 / 0)
        fails("TypeError", "'" .. argument .. "'", set, argument, "1")
        fails("ValueError", "{4}", set, argument, snn.ones(4))
        local is_list = type(group[argument]) == "table"
        if is_list then fails("AttributeError", "make a new", set, argument, { 1, 1, 1 }) end
      end
      for argument, word in pairs { shape = "make a new", dtype = "make a new", step_time = "'dt'",
        batch_size = "'batchsz'" } do
        fails("AttributeError", word, set, argument, 2)
      end
      assert.equal(text, tostring(group))
      for key, value in pairs(before) do
        assert.equal(bits(value), bits(group:state_dict()[key]), key)
      end
    end)

    it("keeps its tensors under another dt and batch size", function()
      local tensors = changed(class, numbers(class), "float32")
      local group = neurons.make(name, with(tensors, { shape = N }))
      group.dt, group.batchsz = 0.5, 2
      local made = neurons.make(name, with(tensors, { shape = N, step_time = 0.5, batch_size = 2 }))
      for step = 1, 10 do
        group(currents(step, 2))
        made(currents(step, 2))
      end
      same_state(group, made)
    end)
  end)
end

describe("a threshold of math.huge", function()
  local CASES = { LIF = "thresh_v", GLIF1 = "thresh_v", ALIF = "thresh_eq_v", GLIF2 = "thresh_eq_v",
    QIF = "thresh_v", Izhikevich = "thresh_v", EIF = "thresh_v", AdEx = "thresh_v" }
  for name, argument in pairs(CASES) do
    it("is never reached by " .. name, function()
      local group = neurons.make(name, { shape = 1, [argument] = math.huge })
      assert.equal(math.huge, group[argument])
      for _, x in ipairs { 10, 1e4, 1e30, 1 / 0 } do
        assert.is_false(group(snn.full({ 1, 1 }, x))[1][1])
      end
      fails("ValueError", "'" .. argument .. "'", neurons.make, name, { [argument] = -math.huge })
      fails("ValueError", "'" .. argument .. "'", neurons.make, name, { [argument] = 0 / 0 })
    end)
  end

  it("may be that of some neurons", function()
    local group = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65,
      thresh_v = snn.tensor { -50, math.huge }, refrac_t = 0, time_constant = 20 }
    assert.same({ { true, false } }, group(snn.full({ 1, 2 }, 1e6)):totable())
  end)
end)

describe("neurons that rest above their threshold", function()
  -- from -60: V = -49 - 11 exp(-t / 20) is at -50 after 20 ln 11 = 47.96 ms
  for name, changes in pairs {
    LIF = { thresh_v = -50, reset_v = -60, time_constant = 20 },
    GLIF1 = { thresh_v = -50, reset_v = -60, time_constant = 20 },
    ALIF = { thresh_eq_v = -50, reset_v = -60, tc_membrane = 20, tc_adaptation = 1,
      spike_increment = 0 },
    GLIF2 = { thresh_eq_v = -50, reset_v_mul = 0, reset_v_add = 11, tc_membrane = 20,
      rc_adaptation = 1, spike_increment = 0 },
  } do
    it("fire without input: " .. name, function()
      local neuron = snn[name](with(changes, { shape = 1, step_time = 0.1, refrac_t = 0,
        rest_v = -49 }))
      local last, intervals = nil, {}
      for step = 1, 1500 do
        if neuron(snn.zeros(1, 1))[1][1] then
          intervals[#intervals + 1] = last and step - last
          last = step
        end
      end
      -- reset_v is reached at -60; GLIF2 resets to rest - 11
      assert.same({ 480, 480, 480 }, intervals)
    end)
  end
end)

describe("a tensor that was given", function()
  -- by the constructor, by assignment, in a list; written whole and by element
  local ways = {
    constructor = function(class, name, value) return class { [name] = value } end,
    assignment = function(class, name, value)
      local neuron = class {}
      neuron[name] = value
      return neuron
    end,
  }
  for way, give in pairs(ways) do
    for _, name in ipairs(neurons.models()) do
      it(("may be written in afterwards: %s, %s"):format(name, way), function()
        local function class(changes)
          return neurons.make(name, with({ shape = N, dtype = "float64" }, changes))
        end
        for _, argument in ipairs(numbers(snn[name])) do
          local tensors, _ = changed(snn[name], { argument }, "float64")
          local value = tensors[argument]
          local neuron = give(class, argument, value)
          local given = type(value) == "table" and value[1] or value
          local before = bits(given)
          given:fill_(7)
          given[2] = 0 / 0
          local read = neuron[argument]
          if type(value) == "table" then read = read[1] end
          assert.equal(before, bits(read), argument)
          fails("RuntimeError", "cannot be changed in place", read.fill_, read, 7)
        end
      end)
    end
  end
end)

describe("refrac_input", function()
  local function lif(changes)
    return snn.LIF(with({ shape = 1, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
      refrac_t = 5, time_constant = 20 }, changes or {}))
  end

  it("lets the voltage move in the refractory time as the equation says", function()
    local neuron = lif { refrac_input = true, dtype = "float64" }
    neuron(snn.full({ 1, 1 }, 1e4))
    for k = 1, 4 do
      assert.is_false(neuron(snn.full({ 1, 1 }, 30))[1][1])
      -- from -65 towards -60 + 30
      assert.near(-30 - 35 * math.exp(-k / 20), neuron.voltage[1][1], 1e-12)
      assert.equal(5 - k, neuron.refrac[1][1])
    end
  end)

  it("holds spikes back until its end, then fires at once", function()
    local neuron, fired = lif { refrac_input = true }, {}
    for step = 1, 16 do fired[step] = neuron(snn.full({ 1, 1 }, 300))[1][1] and 1 or 0 end
    assert.equal("1000010000100001", table.concat(fired))
    assert.is_true(neuron.voltage[1][1] == -65)
  end)

  it("counts input that comes in the refractory time", function()
    -- a pulse in it: 15 mV at its end are above the threshold, or lost
    local fired = {}
    for i, refrac_input in ipairs { true, false } do
      local neuron = lif { refrac_input = refrac_input }
      neuron(snn.full({ 1, 1 }, 1e4))
      for _ = 1, 3 do neuron(snn.full({ 1, 1 }, 0)) end
      neuron(snn.full({ 1, 1 }, 600))
      fired[i] = neuron(snn.zeros(1, 1))[1][1]
    end
    assert.same({ true, false }, fired)
  end)

  it("is off by default, may be assigned, and wants true or false", function()
    local neuron = lif()
    assert.is_false(neuron.refrac_input)
    neuron.refrac_input = true
    neuron(snn.full({ 1, 1 }, 1e4))
    neuron(snn.full({ 1, 1 }, 30))
    assert.is_true(neuron.voltage[1][1] > -65)
    fails("TypeError", "'refrac_input'", lif, { refrac_input = 1 })
  end)

  for _, name in ipairs(neurons.models()) do
    if neurons.has(snn[name], "refrac_input") then
      it("is an argument of " .. name .. ", whatever the lock", function()
        local states = {}
        for i, lock in ipairs { true, false } do
          local neuron = neurons.make(name, { refrac_input = true, shape = 3 })
          assert.truthy(snn[name].equations:find("refrac_input", 1, true))
          neuron(snn.full({ 1, 3 }, 1e4))
          local before = neuron.voltage[1][1]
          neuron(snn.full({ 1, 3 }, 20), { refrac_lock = lock })
          assert.is_false(neuron.spike[1][1])
          assert.not_equal(before, neuron.voltage[1][1])
          states[i] = neuron
        end
        same_state(states[1], states[2])
      end)
    end
  end
end)
