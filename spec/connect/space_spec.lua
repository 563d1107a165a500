local snn = require "snn"
local chi = require "spec.chi_squared"
local support = require "spec.support"

local connect = snn.connect

local function text(connector, inputs, outputs)
  local pre, post = connector:pairs(inputs, outputs)
  pre, post = pre:totable(), post:totable()
  for k = 1, #pre do pre[k] = pre[k] .. "-" .. post[k] end
  return table.concat(pre, " ")
end

-- Chi-squared of the pairs in each bin of distances, by the kernel: `bin` of a distance.
local function profile_fits(args, shape, kernel, period)
  snn.manual_seed(1)
  args.periodic = period ~= nil
  local pre, post = connect.distance(args):pairs(shape, shape)
  local n, columns = shape[1] * shape[2], shape[2]
  local counts, means, variances = {}, {}, {}
  local function distance(i, j)
    local y = math.abs((i - 1) // columns - (j - 1) // columns)
    local x = math.abs((i - 1) % columns - (j - 1) % columns)
    if period then x, y = math.min(x, period - x), math.min(y, period - y) end
    return math.sqrt(x * x + y * y)
  end
  for b = 1, 20 do counts[b], means[b], variances[b] = 0, 0, 0 end
  local function bin(d) return math.min(d // 0.7 // 1 + 1, 20) end
  for i = 1, n do
    for j = 1, n do
      local d = distance(i, j)
      local p, b = kernel(d), bin(d)
      means[b], variances[b] = means[b] + p, variances[b] + p * (1 - p)
    end
  end
  pre, post = pre:totable(), post:totable()
  for k = 1, #pre do
    local b = bin(distance(pre[k], post[k]))
    counts[b] = counts[b] + 1
  end
  return chi.fits_normal(counts, means, variances)
end

describe("distance", function()
  local GRID <const> = { 18, 20 }

  it("falls as a normal distribution", function()
    local function kernel(d) return 0.7 * math.exp(-d * d / (2 * 1.8 ^ 2)) end
    assert.is_true(profile_fits({ kernel = "gaussian", sigma = 1.8, p = 0.7 }, GRID, kernel))
  end)

  it("falls exponentially, over the edges too", function()
    local function kernel(d) return math.exp(-d / 1.5) end
    assert.is_true(profile_fits({ kernel = "exponential", sigma = 1.5 }, { 20, 20 }, kernel, 20))
  end)

  it("falls as a function says", function()
    local function kernel(d) return 0.5 / (1 + d * d) end
    local function of_tensor(d) return 1 / (1 + d * d) end
    assert.is_true(profile_fits({ kernel = of_tensor, p = 0.5 }, GRID, kernel))
  end)

  it("falls to nothing behind a radius", function()
    local function kernel(d) return d <= 2 and math.exp(-d / 1.5) or 0 end
    assert.is_true(profile_fits({ kernel = "exponential", sigma = 1.5, radius = 2 }, GRID, kernel))
  end)

  it("has a disc with its border", function()
    assert.equal("1-1 1-2 2-1 2-2 2-3 3-2 3-3",
      text(connect.distance { kernel = "disc", radius = 1 }, 3, 3))
    assert.equal("1-2 2-1 2-3 3-2",
      text(connect.distance { kernel = "Disc", radius = 1, self = false }, 3, 3))
  end)

  it("has every pair within a disc, and no other, for all sizes of the tree", function()
    snn.manual_seed(2)
    local at = snn.rand(300, 3)
    local pre, post = connect.distance { kernel = "disc", radius = 0.3, positions = at }:pairs(300,
      300)
    local difference = at:reshape(300, 1, 3) - at:reshape(1, 300, 3)
    local near = (difference * difference):sum(3):sqrt():le(0.3)
    assert.equal(near:sum():item(), pre.numel)
    local is_near = near:reshape(-1):index_select(1, (pre - 1) * 300 + post)
    assert.is_true(is_near:all():item())
  end)

  it("meets at the edges of what is periodic", function()
    local ring = { kernel = "disc", radius = 1, periodic = true, self = false }
    assert.equal("1-2 1-4 2-1 2-3 3-2 3-4 4-1 4-3", text(connect.distance(ring), 4, 4))
    ring.positions, ring.radius = snn.tensor { 0.05, 0.5, 0.95 }, 0.11
    assert.equal("1-3 3-1", text(connect.distance(ring), 3, 3))
    ring.positions, ring.periodic = snn.tensor { 0.05, 0.5, 1.95 }, 2
    assert.equal("1-3 3-1", text(connect.distance(ring), 3, 3))
  end)

  it("lays a grid of inputs over that of the outputs", function()
    assert.equal("1-1 1-2 2-3 2-4", text(connect.distance { kernel = "disc", radius = 0.5 }, 2, 4))
    assert.equal("1-1 2-1 3-2 4-2",
      text(connect.distance { kernel = "disc", radius = 0.25 }, { 4 }, { 2 }))
  end)

  it("has positions of each side", function()
    local args = { kernel = "disc", radius = 1, pre_positions = snn.tensor { 0, 10 },
      post_positions = { 9.5, 0.5, 5 } }
    assert.equal("1-2 2-1", text(connect.distance(args), 2, 3))
  end)

  it("expects about what it makes", function()
    snn.manual_seed(3)
    local connector = connect.distance { kernel = "gaussian", sigma = 3, p = 0.5 }
    local made = connector:pairs({ 40, 40 }, { 40, 40 }).numel
    assert.is_true(math.abs(connector:expected({ 40, 40 }, { 40, 40 }) / made - 1) < 0.03)
    local function kernel(d) return (d * -0.5):exp() end
    local by_function = connect.distance { kernel = kernel }:expected({ 9, 9 }, { 9, 9 })
    local same = connect.distance { kernel = "exponential", sigma = 2 }:expected({ 9, 9 }, { 9, 9 })
    assert.is_true(math.abs(by_function - same) < 1e-9)
  end)

  it("refuses grids of other dimensions and positions of others", function()
    local connector = connect.distance { kernel = "disc", radius = 1 }
    support.fails("ValueError", "grids of the same 1 to 3 dimensions, got {4} and {2, 2}",
      function() connector:pairs(4, { 2, 2 }) end)
    support.fails("ValueError", "'positions' has 2 rows, there are 3 outputs", function()
      connect.distance { kernel = "disc", radius = 1, positions = { 1, 2 } }:pairs(2, 3)
    end)
    support.fails("ValueError", "say after which length", function()
      connect.distance { kernel = "disc", radius = 1, positions = { 1, 2 }, periodic = true }
        :pairs(2, 2)
    end)
  end)

  it("tells far too many before it draws", function()
    support.fails("ValueError", "it makes 2^31 synapses or more", function()
      connect.distance { kernel = "gaussian", sigma = 1000 }:pairs({ 300, 300 }, { 300, 300 })
    end)
  end)

  it("says what a kernel gave", function()
    local function is_wrong(kind, message, kernel)
      support.fails(kind, message, function() connect.distance { kernel = kernel }:pairs(2, 2) end)
    end
    is_wrong("ValueError", "probabilities from 0 to 1, gave 2 at the distance 0", function(d)
      return d + 2
    end)
    is_wrong("ValueError", "gave nan", function(d) return d / 0 * 0 end)
    is_wrong("TypeError", "kernel must return a tensor, got number", function() return 1 end)
    is_wrong("ValueError", "tensors of 4 elements and returned one of shape {1}", function()
      return snn.zeros(1)
    end)
  end)
end)

describe("where", function()
  it("has the pairs for which a function is true", function()
    assert.equal("1-2 2-1 2-3 3-2",
      text(connect.where(function(i, j) return (i - j):abs():eq(1) end), 3, 3))
  end)

  it("is asked in blocks, in order, of all pairs but those left out", function()
    local asked, last, most = 0, 0, 0
    local connector = connect.where(function(i, j)
      assert.equal("int64", i.dtype)
      local place = (i - 1) * 400 + j
      asked, most = asked + i.numel, math.max(most, i.numel)
      assert.is_true(place[1] > last)
      last = place[-1]
      return i:eq(j + 1)
    end, { self = false })
    local pre = connector:pairs(300, 400)
    assert.equal(299, pre.numel)
    assert.equal(300 * 400 - 300, asked)
    assert.is_true(most < asked)
  end)

  it("passes the function's errors on, and refuses what is no bool tensor", function()
    support.fails("ValueError", "mine", function()
      connect.where(function() error(snn.Error("ValueError", "mine")) end):pairs(2, 2)
    end)
    support.fails("TypeError", "must return a bool tensor, got one of int64", function()
      connect.where(function(i) return i end):pairs(2, 2)
    end)
    support.fails("TypeError", "must return a bool tensor, got true", function()
      connect.where(function() return true end):pairs(2, 2)
    end)
  end)
end)
