-- NaN, infinities and huge numbers stay in the element that they came from: in
-- element operations, steps of neurons and connections, updates, clamps.
local snn = require "snn"

local WRONG = { 0 / 0, 1 / 0, -1 / 0, 1e38, -1e38, 1e308, 5e-324, -0.0 }
local DTYPES = { "float32", "float64" }

local function same(a, b) return a == b or (a ~= a and b ~= b) end

-- Places, from 1, at which two tensors differ, by more than that.
local function differences(a, b, most)
  local x, y, out = a:flatten():totable(), b:flatten():totable(), {}
  for i = 1, #x do
    local is_near = most and math.abs(x[i] - y[i]) <= most
    if not (same(x[i], y[i]) or is_near) then out[#out + 1] = i end
  end
  return out
end

local function only_at(place, a, b, what)
  for _, i in ipairs(differences(a, b)) do
    assert.is_true(i == place, ("%s: element %d by what is in %d"):format(what, i, place))
  end
end

-- Calls visit(tensor, the same with a wrong number at the place, place, number).
local function each_wrong(dtype, visit)
  for _, n in ipairs { 1, 7, 8, 17, 33, 67 } do
    local t = snn.rand({ n }, { dtype = dtype }) * 4 - 2
    for place = 1, n, math.max(1, n // 3) do
      for _, v in ipairs(WRONG) do
        local wrong = t:clone()
        wrong[place] = v
        visit(t, wrong, place, v)
      end
    end
  end
end

describe("a wrong number stays in its element", function()
  before_each(function() snn.manual_seed(1) end)

  for _, dtype in ipairs(DTYPES) do
    for _, op in ipairs { "exp", "log", "sqrt", "abs", "neg", "tanh", "sigmoid", "floor", "ceil",
      "round", "sign", "isnan", "isfinite", "logical_not" } do
      it("in " .. op .. " of " .. dtype .. ", and is there what it is alone", function()
        each_wrong(dtype, function(t, wrong, place, v)
          local result = wrong[op](wrong)
          only_at(place, t[op](t), result, op)
          local alone = snn.tensor({ v }, { dtype = dtype })
          assert.is_true(same(alone[op](alone)[1], result[place]))
        end)
      end)
    end

    for _, op in ipairs { "add", "sub", "mul", "div", "pow", "minimum", "maximum", "eq", "lt", "ge",
      "logical_and" } do
      it("in " .. op .. " of " .. dtype .. ", on either side", function()
        each_wrong(dtype, function(t, wrong, place)
          local other = snn.rand(t.shape, { dtype = dtype }) - 0.5
          only_at(place, t[op](t, other), wrong[op](wrong, other), op)
          only_at(place, other[op](other, t), other[op](other, wrong), op)
        end)
      end)
    end

    local function args(more)
      local all = { shape = 37, step_time = 1, batch_size = 3, dtype = dtype }
      for k, v in pairs(more) do all[k] = v end
      return all
    end

    for name, make in pairs {
      LIF = function()
        return snn.LIF(args { rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 3,
          time_constant = 20 })
      end,
      ALIF = function()
        return snn.ALIF(args { rest_v = -60, reset_v = -65, thresh_eq_v = -52, refrac_t = 2,
          tc_membrane = 20, tc_adaptation = { 100, 30 }, spike_increment = { 0.5, 0.1 },
          batch_size = 1 })
      end,
      ExactNeuron = function() return snn.ExactNeuron(args { rest_v = 0, thresh_v = 1 }) end,
    } do
      it("in the steps of " .. name .. " of " .. dtype, function()
        for _, v in ipairs(WRONG) do
          local a, b = make(), make()
          local shape, place = a.batchedshape, a.batchsz * 37 - 20
          for step = 1, 8 do
            local x = snn.rand(shape, { dtype = dtype }) * 20
            local y = x:clone()
            if step == 3 then y:view(-1)[place] = v end
            only_at(place, a(x), b(y), name)
            only_at(place, a.voltage, b.voltage, name)
          end
        end
      end)
    end

    local delta = snn.DeltaCurrent.partialconstructor { spike_charge = 5 }
    local exponential = snn.SingleExponentialCurrent.partialconstructor {
      spike_charge = 5, time_constant = 20,
    }
    -- name -> how it is made, the place of a weight, its output of all of a sample's
    local CONNECTIONS = {
      LinearDense = {
        { in_shape = 50, out_shape = 19 }, { 4, 9 },
        function(i) return (i - 1) % 19 + 1 == 4 end,
      },
      LinearLateral = {
        { shape = 50 }, { 4, 9 }, function(i) return (i - 1) % 50 + 1 == 4 end,
      },
      Conv2D = {
        { height = 9, width = 8, channels = 2, filters = 3, kernel = 3 }, { 2, 1, 3, 2 },
        function(i) return (i - 1) // 42 % 3 + 1 == 2 end,
      },
    }

    ---Two connections with the same weight, but for what is wrong in the second.
    local function two(name, synapse, wrong)
      local sizes, place = table.unpack(CONNECTIONS[name])
      local made = {}
      for i = 1, 2 do
        local all = { step_time = 1, dtype = dtype, batch_size = 2, synapse = synapse }
        for key, value in pairs(sizes) do all[key] = value end
        made[i] = snn[name](all)
      end
      local w = made[1].weight:clone()
      local row = w
      for d = 1, #place - 1 do row = row[place[d]] end
      row[place[#place]] = wrong
      made[2].weight = w
      return made[1], made[2]
    end

    for name, case in pairs(CONNECTIONS) do
      it("in a weight of " .. name .. " of " .. dtype .. ", whatever the density", function()
        for _, synapse in ipairs { delta, exponential } do
          for _, density in ipairs { 0.05, 0.5, 1 } do
            for _, v in ipairs(WRONG) do
              local a, b = two(name, synapse, v)
              local x = snn.bernoulli(snn.full(a.batched_inshape, density))
              -- sums with such a weight are made anew: others than those that are kept
              local most = synapse == exponential and v - v ~= 0 and 1e-14 or nil
              for _, i in ipairs(differences(a(x), b(x), most)) do assert.is_true(case[3](i)) end
            end
          end
        end
      end)
    end

    it("in the outputs of the inputs that spike", function()
      local a, b = two("LinearDense", delta, 0 / 0)
      local x = snn.bernoulli(snn.full({ 2, 50 }, 0.5))
      for _, i in ipairs(differences(a(x), b(x))) do assert.is_true(x[(i - 1) // 19 + 1][9]) end
    end)

    for bound, options in pairs {
      power = { power = 1 }, scaled_power = { power = 1, range = 1 }, multiplicative = {},
      scaled_multiplicative = { range = 1 }, sharp = {},
    } do
      it("in updates by bound_upper_" .. bound .. " of " .. dtype, function()
        local conn = two("LinearDense", delta, 0)
        conn.updater = conn:defaultupdater()
        conn.updater.weight:upperbound(snn.functional["bound_upper_" .. bound], 1, options)
        local w, u = conn.weight:clone(), snn.rand({ 19, 50 }, { dtype = dtype })
        local function updated(param, pos)
          conn.weight = param
          conn.updater.weight = { pos, u * 0.5 }
          conn:update()
          return conn.weight
        end
        local right = updated(w, u)
        for _, v in ipairs(WRONG) do
          local wrong = snn.zeros { 19, 50 }
          wrong[3][5] = v
          only_at(105, right, updated(w, u + wrong), "update")
          only_at(105, right, updated(w + wrong, u), "parameter")
        end
      end)
    end
  end
end)
