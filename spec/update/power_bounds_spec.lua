-- Power bounds beyond, at and inside their limits: the factor beyond is 0 for a
-- power that is no whole number, and no update makes a finite weight NaN; as a
-- function, in accumulators, and fused into a step of learning.
local snn = require "snn"

local f = snn.functional
local MAX <const>, MIN <const> = 1, 0
local POWERS <const> = { 0.02, 0.5, 1.5, 2.25, 0, 1, 2, 3, -0.5, -1 }
-- beyond, at and inside either limit, and far away
local PLACES <const> = { -1e30, -3, -0.25, 0, 1e-30, 0.25, 0.5, 1, 1.5, 4, 1e30 }

local function is_whole(power) return power % 1 == 0 end

---How much of an update is left, by hand. What is infinite is the largest
---number.
local function factor(room, power)
  if room < 0 and not is_whole(power) then return 0 end
  return room ^ power
end

---room ^ power update, or nil where that is beyond the type.
local function left(room, power, update, most)
  if update == 0 then return 0 end
  local v = factor(room, power) * update
  return math.abs(v) < most and v or nil
end

local function no_nan(t, what)
  assert.is_false(t:isnan():any():item(), what .. ": " .. tostring(t))
end

---Compares elements that have a value by hand.
local function near(want, got, what)
  for i = 1, #PLACES do
    local w, g = want(i), got[i]
    if w then
      assert.is_true(math.abs(g - w) <= 1e-30 + 1e-5 * math.abs(w),
        ("%s at %g: want %g, got %g"):format(what, PLACES[i], w, g))
    end
  end
end

---Calls visit(what, run, law): run(param, pos, neg) bounds both sides,
---law(i, pos, neg) is the same of place i by hand.
local function each_bound(power, most, visit)
  local range = MAX - MIN
  local both = { upper_power = power, lower_power = power }
  local function by_hand(scale)
    return function(i, pos, neg)
      local up = left((MAX - PLACES[i]) / scale, power, pos, most)
      local down = left((PLACES[i] - MIN) / scale, power, neg, most)
      return up and down and up - down
    end
  end
  for _, name in ipairs { "power", "scaled_power" } do
    local one = { power = power }
    if name == "scaled_power" then one.range = range end
    local upper, lower, full = "bound_upper_" .. name, "bound_lower_" .. name, "bound_" .. name
    local law = by_hand(range)
    visit(upper .. " and " .. lower, function(p, pos, neg)
      return f[upper](p, pos, MAX, one) - f[lower](p, neg, MIN, one)
    end, law)
    visit(full, function(p, pos, neg) return f[full](p, pos, neg, MAX, MIN, both) end, law)
    local function accumulated(set)
      return function(p, pos, neg)
        local acc = snn.Accumulator()
        acc.pos, acc.neg = pos, neg
        set(acc)
        return acc:update(p)
      end
    end
    for how, value in pairs { ["the function "] = function(n) return f[n] end,
      ["the name "] = function(n) return n end,
      ["a function that calls "] = function(n) return function(...) return f[n](...) end end } do
      visit("an accumulator with " .. how .. upper, accumulated(function(acc)
        acc:upperbound(value(upper), MAX, one)
        acc:lowerbound(value(lower), MIN, one)
      end), law)
      visit("an accumulator with " .. how .. full, accumulated(function(acc)
        acc:fullbound(value(full), MAX, MIN, both)
      end), law)
    end
  end
end

for dtype, most in pairs { float32 = 3.4e38, float64 = 1.7e308 } do
  describe("power bounds in " .. dtype, function()
    local function tensor(v) return snn.tensor(v, { dtype = dtype }) end
    local param = tensor(PLACES)
    local function all(v) return tensor(v):expand(#PLACES):clone() end

    for _, power in ipairs(POWERS) do
      it(("of power %g give what they give by hand"):format(power), function()
        each_bound(power, most, function(what, run, law)
          for _, u in ipairs { { 0.25, 0.5 }, { 0, 0.5 }, { 0.25, 0 }, { 0, 0 }, { -0.25, -3 } } do
            local got = run(param, all(u[1]), all(u[2]))
            no_nan(got, what)
            near(function(i) return law(i, u[1], u[2]) end, got, what)
          end
        end)
      end)

      it(("of power %g make nothing NaN by huge or infinite updates"):format(power), function()
        each_bound(power, most, function(what, run)
          no_nan(run(param, all(most), all(most)), what)
          no_nan(run(param, all(1 / 0), all(0.5)), what)
          no_nan(run(param, all(0.5), all(1 / 0)), what)
        end)
      end)
    end

    it("keep the NaN of a weight and of an update", function()
      local nan = 0 / 0
      for _, power in ipairs(POWERS) do
        each_bound(power, most, function(what, run)
          assert.is_true(run(all(nan), all(1), all(1)):isnan():all():item(), what)
          assert.is_true(run(param, all(nan), all(1)):isnan():all():item(), what)
          assert.is_true(run(param, all(1), all(nan)):isnan():all():item(), what)
        end)
      end
    end)

    it("take limits for each element", function()
      local got = f.bound_power(param, all(0.25), all(0.5), all(MAX), all(MIN),
        { upper_power = 0.5, lower_power = 1.5 })
      near(function(i)
        local down = left(PLACES[i] - MIN, 1.5, 0.5, most)
        return down and left(MAX - PLACES[i], 0.5, 0.25, most) - down
      end, got, "limits in tensors")
    end)

    it("are right where the range is beyond float32", function()
      local wide = { upper_power = 1.5, lower_power = 0.5 }
      no_nan(f.bound_scaled_power(param, all(1), all(1), 3e38, -3e38, wide), "a wide range")
      no_nan(f.bound_scaled_power(param, all(1), all(1), 1e39, -1e39, wide), "wide limits")
    end)
  end)
end

-- Learning: pairings that wait (nothing looks at the accumulator), changes
-- that were looked at, and events of a rule with Lua's bound.
local function learn(dtype, power, mode, set, steps)
  snn.manual_seed(1)
  local inputs, outputs = #PLACES, 5
  local connection = snn.LinearDense { in_shape = inputs, out_shape = outputs, step_time = 1,
    dtype = dtype, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  connection.weight = snn.tensor(PLACES, { dtype = dtype }):clamp(-1e6, 1e6)
    :expand(outputs, inputs):clone()
  connection.updater = connection:defaultupdater()
  local neuron = snn.ExactNeuron { shape = outputs, step_time = 1, rest_v = -60, thresh_v = -40,
    dtype = dtype }
  local layer = snn.Serial { connection = connection, neuron = neuron }
  local trainer = snn.STDP { lr_post = 0.05, lr_pre = -0.05, tc_post = 20, tc_pre = 20 }
  trainer:register_cell("cell", layer.cell)
  set(connection.updater.weight, power)
  for step = 1, steps or 60 do
    local share = steps == 1 and 1 or 0.5
    layer(snn.rand(1, inputs):lt(share),
      { neuron_kwargs = { override = snn.rand(1, outputs):lt(share) } })
    trainer()
    local _ = mode == "looked at" and step % 2 == 0 and connection.updater.weight.pos
    connection:update()
  end
  return connection.weight
end

local SETS <const> = {
  ["full bounds"] = function(acc, power)
    acc:fullbound(f.bound_power, MAX, MIN, { upper_power = power, lower_power = power })
  end,
  ["scaled bounds"] = function(acc, power)
    acc:fullbound(f.bound_scaled_power, MAX, MIN, { upper_power = power, lower_power = power })
  end,
  ["an upper bound"] = function(acc, power)
    acc:upperbound("bound_upper_power", MAX, { power = power })
  end,
  ["a lower scaled bound"] = function(acc, power)
    acc:lowerbound("bound_lower_scaled_power", MIN, { power = power, range = 1 })
  end,
}

describe("learning under power bounds", function()
  for how, set in pairs(SETS) do
    for _, dtype in ipairs { "float32", "float64" } do
      it(("makes no weight NaN with %s, %s"):format(how, dtype), function()
        for _, power in ipairs { 0.02, 0.5, 1.5, 1 } do
          local fused = learn(dtype, power, "fused", set)
          no_nan(fused, ("power %g"):format(power))
          assert.is_true(fused:equal(learn(dtype, power, "looked at", set)))
        end
      end)
    end
  end

  -- By hand: one pair in one step adds sqrt(1 - w) lr_post and takes
  -- sqrt(w) lr_pre, each where it is a number.
  it("moves weights beyond a limit by the other side alone", function()
    local weight = learn("float32", 0.5, "fused", SETS["full bounds"], 1)
    for i, w in ipairs(PLACES) do
      if math.abs(w) < 1e6 then
        local want = w + 0.05 * left(MAX - w, 0.5, 1, 1e300) - 0.05 * left(w - MIN, 0.5, 1, 1e300)
        assert.near(want, weight[1][i], 1e-6)
      end
    end
  end)
end)
