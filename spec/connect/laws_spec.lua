local snn = require "snn"
local chi = require "spec.chi_squared"
local support = require "spec.support"

local connect = snn.connect

-- Lists of what is drawn: inputs, outputs.
local function drawn(connector, inputs, outputs)
  local pre, post = connector:pairs(inputs, outputs)
  return pre:totable(), post:totable()
end

-- How many elements have each number 1 .. n.
local function degrees(list, n)
  local out = {}
  for i = 1, n do out[i] = 0 end
  for _, i in ipairs(list) do out[i] = out[i] + 1 end
  return out
end

local function text(connector, inputs, outputs)
  local pre, post = drawn(connector, inputs, outputs)
  for k = 1, #pre do pre[k] = pre[k] .. "-" .. post[k] end
  return table.concat(pre, " ")
end

local function has_twins(pre, post)
  for k = 2, #pre do
    if pre[k] == pre[k - 1] and post[k] == post[k - 1] then return true end
  end
  return false
end

describe("all_to_all", function()
  it("has every pair, sorted by input and by output", function()
    assert.equal("1-1 1-2 1-3 2-1 2-2 2-3", text(connect.all_to_all(), 2, 3))
  end)

  it("leaves out pairs of the same number", function()
    assert.equal("1-2 2-1 3-1 3-2", text(connect.all_to_all { self = false }, 3, 2))
  end)
end)

describe("one_to_one", function()
  it("has each input with the output of its number", function()
    assert.equal("1-1 2-2 3-3", text(connect.one_to_one {}, 3, { 3, 1 }))
  end)

  it("refuses different sizes", function()
    support.fails("ValueError", "as many inputs as outputs, got 3 and 4", function()
      connect.one_to_one():pairs(3, 4)
    end)
  end)
end)

describe("bernoulli", function()
  before_each(function() snn.manual_seed(1) end)

  it("has degrees of a binomial distribution on both sides", function()
    local pre, post = drawn(connect.bernoulli { p = 0.02 }, 2000, 1000)
    local out, into = degrees(pre, 2000), degrees(post, 1000)
    assert.is_true(chi.fits(chi.histogram(out, 1000), chi.binomial(1000, 0.02, 2000)))
    assert.is_true(chi.fits(chi.histogram(into, 2000), chi.binomial(2000, 0.02, 1000)))
  end)

  it("has them with a probability that is near 1", function()
    local pre = drawn(connect.bernoulli { p = 0.9 }, 1000, 60)
    assert.is_true(chi.fits(chi.histogram(degrees(pre, 1000), 60), chi.binomial(60, 0.9, 1000)))
  end)

  it("has no pair, or all", function()
    assert.equal("", text(connect.bernoulli { p = 0 }, 3, 4))
    assert.equal(text(connect.all_to_all(), 3, 4), text(connect.bernoulli { p = 1 }, 3, 4))
  end)

  it("leaves out pairs of the same number", function()
    local pre, post = drawn(connect.bernoulli { p = 0.5, self = false }, 300, 200)
    for k = 1, #pre do assert.is_true(pre[k] ~= post[k]) end
    local into = degrees(post, 200)
    assert.is_true(chi.fits(chi.histogram(into, 299), chi.binomial(299, 0.5, 200)))
  end)

  it("draws another network with each use and the same after the same seed", function()
    local connector = connect.bernoulli { p = 0.3 }
    local first, second = text(connector, 20, 20), text(connector, 20, 20)
    snn.manual_seed(1)
    assert.equal(first, text(connector, 20, 20))
    assert.is_true(first ~= second)
  end)
end)

describe("fixed_in_degree", function()
  before_each(function() snn.manual_seed(2) end)

  it("reaches each output n times, from inputs that are drawn from all", function()
    for _, n in ipairs { 3, 40 } do -- few of 60, and most
      local pre, post = drawn(connect.fixed_in_degree { n = n }, 60, 2000)
      for _, count in ipairs(degrees(post, 2000)) do assert.equal(n, count) end
      assert.is_false(has_twins(pre, post))
      local uniform = {}
      for i = 1, 60 do uniform[i] = 2000 * n / 60 end
      assert.is_true(chi.fits(degrees(pre, 60), uniform))
    end
  end)

  it("has all sets of inputs with the same probability", function()
    local pre, post = drawn(connect.fixed_in_degree { n = 2 }, 4, 3000)
    local sum, sets = {}, degrees({}, 6)
    for k = 1, #pre do sum[post[k]] = (sum[post[k]] or 0) + 2 ^ pre[k] end
    local number = { [6] = 1, [10] = 2, [18] = 3, [12] = 4, [20] = 5, [24] = 6 }
    for _, bits in ipairs(sum) do sets[number[bits]] = sets[number[bits]] + 1 end
    assert.is_true(chi.fits(sets, { 500, 500, 500, 500, 500, 500 }))
  end)

  -- P(least > m) of n that are chosen from N places, different ones and as they come.
  local function least_of(n, inputs, multiple)
    local out, beyond = {}, 1
    for m = 1, inputs do
      local factor = multiple and ((inputs - m) / (inputs - m + 1)) ^ n
        or math.max(0, (inputs - m + 1 - n) / (inputs - m + 1))
      out[m], beyond = beyond * (1 - factor), beyond * factor
    end
    return out
  end

  for _, case in ipairs { { 5, 200, false }, { 80, 200, false }, { 5, 200, true } } do
    local n, inputs, multiple = table.unpack(case)
    it(("has the least of %d of %d%s where it should be"):format(n, inputs,
      multiple and ", with repetition," or ""), function()
      local pre, post =
        drawn(connect.fixed_in_degree { n = n, multiple = multiple }, inputs, 3000)
      local least, expected = {}, least_of(n, inputs, multiple)
      for k = #pre, 1, -1 do least[post[k]] = pre[k] end
      for m = 1, inputs do expected[m] = 3000 * expected[m] end
      assert.is_true(chi.fits(degrees(least, inputs), expected))
    end)
  end

  it("draws pairs more than once where it may", function()
    local pre, post = drawn(connect.fixed_in_degree { n = 30, multiple = true }, 5, 400)
    assert.is_true(has_twins(pre, post))
    local uniform = { 2400, 2400, 2400, 2400, 2400 }
    assert.is_true(chi.fits(degrees(pre, 5), uniform))
  end)

  it("leaves out the input of the output's own number", function()
    local pre, post = drawn(connect.fixed_in_degree { n = 2, self = false }, 3, 3)
    assert.equal("2 3 1 3 1 2", ("%d %d %d %d %d %d"):format(post[1], post[2], post[3], post[4],
      post[5], post[6]))
    assert.same({ 1, 1, 2, 2, 3, 3 }, pre)
  end)

  it("is empty where n is 0", function()
    assert.equal("", text(connect.fixed_in_degree { n = 0 }, 5, 3))
    assert.equal("", text(connect.fixed_in_degree { n = 0 }, 0, 3))
  end)

  it("refuses more than there are", function()
    support.fails("ValueError", "'n' is 6, there are 5 inputs for an output (multiple = true",
      function() connect.fixed_in_degree { n = 6 }:pairs(5, 3) end)
    support.fails("ValueError", "'n' is 5, there are 4 inputs", function()
      connect.fixed_in_degree { n = 5, self = false }:pairs(5, 3)
    end)
    support.fails("ValueError", "there are 0 inputs", function()
      connect.fixed_in_degree { n = 1, multiple = true }:pairs(0, 3)
    end)
  end)
end)

describe("fixed_out_degree", function()
  it("has each input reach n outputs", function()
    snn.manual_seed(3)
    local pre, post = drawn(connect.fixed_out_degree { n = 7 }, 500, 90)
    for _, count in ipairs(degrees(pre, 500)) do assert.equal(7, count) end
    assert.is_true(chi.fits(chi.histogram(degrees(post, 90), 500), chi.binomial(500, 7 / 90, 90)))
  end)
end)

describe("fixed_total", function()
  before_each(function() snn.manual_seed(4) end)

  it("makes so many synapses, of different pairs, all with the same probability", function()
    local cells = {}
    for c = 1, 24 do cells[c] = 0 end
    for _ = 1, 400 do
      local pre, post = drawn(connect.fixed_total { n = 7 }, 4, 6)
      assert.equal(7, #pre)
      assert.is_false(has_twins(pre, post))
      for k = 1, 7 do
        local c = (pre[k] - 1) * 6 + post[k]
        cells[c] = cells[c] + 1
      end
    end
    local expected = {}
    for c = 1, 24 do expected[c] = 400 * 7 / 24 end
    assert.is_true(chi.fits(cells, expected))
  end)

  it("spreads few of many pairs over the inputs by chance", function()
    for _, multiple in ipairs { false, true } do
      local pre = drawn(connect.fixed_total { n = 3000, multiple = multiple }, 1000, 900)
      assert.equal(3000, #pre)
      assert.is_true(chi.fits(chi.histogram(degrees(pre, 1000), 20),
        chi.binomial(3000, 1 / 1000, 1000)))
    end
  end)

  it("has all pairs where it must", function()
    assert.equal("1-2 2-1", text(connect.fixed_total { n = 2, self = false }, 2, 2))
    support.fails("ValueError", "'n' is 3, there are 2 pairs", function()
      connect.fixed_total { n = 3, self = false }:pairs(2, 2)
    end)
  end)
end)

describe("small_world", function()
  before_each(function() snn.manual_seed(5) end)

  it("is a ring without chance", function()
    assert.equal("1-2 1-5 2-1 2-3 3-2 3-4 4-3 4-5 5-1 5-4",
      text(connect.small_world { k = 2, p = 0 }, 5, 5))
  end)

  it("moves a part of the neighbours to any others", function()
    local pre, post = drawn(connect.small_world { k = 10, p = 0.3 }, 1000, 1000)
    local far = {}
    for i = 1, 1000 do far[i] = 0 end
    for k = 1, #pre do
      local d = math.abs(pre[k] - post[k])
      assert.is_true(d > 0)
      if math.min(d, 1000 - d) > 5 then far[pre[k]] = far[pre[k]] + 1 end
    end
    for _, count in ipairs(degrees(pre, 1000)) do assert.equal(10, count) end
    assert.is_false(has_twins(pre, post))
    assert.is_true(chi.fits(chi.histogram(far, 10), chi.binomial(10, 0.3, 1000)))
  end)

  it("moves neighbours where hardly any other is left", function()
    for _, k in ipairs { 2, 6, 20, 38, 40 } do
      local pre, post = drawn(connect.small_world { k = k, p = 1 }, 41, 41)
      for _, count in ipairs(degrees(pre, 41)) do assert.equal(k, count) end
      assert.is_false(has_twins(pre, post))
      for e = 1, #pre do assert.is_true(pre[e] ~= post[e]) end
    end
  end)

  it("refuses a ring that is too small, or none", function()
    support.fails("ValueError", "'k' must be less than the 4 neurons", function()
      connect.small_world { k = 4, p = 0 }:pairs(4, 4)
    end)
    support.fails("ValueError", "as many inputs as outputs", function()
      connect.small_world { k = 2, p = 0 }:pairs(4, 5)
    end)
  end)
end)

describe("connectors", function()
  it("draw the same network with any number of threads", function()
    local before, networks = snn.get_num_threads(), {}
    for _, threads in ipairs { 1, 4 } do
      snn.set_num_threads(threads)
      snn.manual_seed(6)
      networks[threads] = table.concat({
        text(connect.bernoulli { p = 0.02 }, 900, 900),
        text(connect.fixed_in_degree { n = 9 }, 900, 900),
        text(connect.fixed_total { n = 9000 }, 900, 900),
        text(connect.fixed_out_degree { n = 9, multiple = true }, 900, 900),
        text(connect.distance { kernel = "gaussian", sigma = 2 }, { 30, 30 }, { 30, 30 }),
      }, "\n")
    end
    snn.set_num_threads(before)
    assert.is_true(networks[1] == networks[4])
  end)
end)
