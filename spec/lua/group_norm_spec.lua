-- Normalization by outputs and inputs, dim = "post" and "pre".
local snn = require "snn"

local INF <const> = math.huge
local SYNAPSE = snn.DeltaCurrent.partialconstructor { spike_charge = 1 }

-- Inputs 1 and 4 reach no output, output 3 has no synapse; from 2 to 1 there are two.
local PRE <const>, POST <const> = { 2, 2, 2, 3, 3, 5, 5 }, { 1, 1, 2, 1, 4, 2, 4 }
local WEIGHT <const> = { 1, -3, 2, 4, 0, 6, -0.5 }

local function sparse(dtype, more)
  local args = { in_shape = 5, out_shape = { 2, 2 }, step_time = 1, synapse = SYNAPSE,
    synapses = { pre = PRE, post = POST }, dtype = dtype }
  for k, v in next, more or {} do args[k] = v end
  local c = snn.LinearSparse(args)
  c.weight = snn.tensor(WEIGHT, { dtype = dtype })
  return c
end

local function normalize(c, args)
  args.module, args.attr = c, args.attr or "weight"
  snn.Normalization(args) { force = true }
end

local function near(want, got, within)
  if type(want) == "table" then want = snn.tensor(want, { dtype = got.dtype }) end
  assert.same(want.shape, got.shape)
  local apart = (want - got):abs():max():item()
  assert.is_true(apart <= (within or 1e-6), ("%s\n%s"):format(want, got))
end

local function failure(fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  return err
end

describe("Normalization of synapses", function()
  for _, dtype in ipairs { "float32", "float64" } do
    it("has a norm for each output or input, " .. dtype, function()
      local c = sparse(dtype)
      normalize(c, { order = 1, scale = 4, dim = "post" }) -- of 8, 8 and 0.5
      near({ 0.5, -1.5, 1, 2, 0, 3, -4 }, c.weight)
      c = sparse(dtype)
      normalize(c, { order = INF, scale = 3, dim = "pre" }) -- of 3, 4, 6
      near({ 1, -3, 2, 3, 0, 3, -0.25 }, c.weight)
      c = sparse(dtype)
      normalize(c, { order = -INF, scale = 1, dim = "pre", epsilon = 0.25 }) -- of 1, 0, 0.5
      near({ 1, -3, 2, 16, 0, 12, -1 }, c.weight)
      c = sparse(dtype)
      normalize(c, { order = 2, scale = 1, dim = "pre" })
      local a, b = math.sqrt(14), math.sqrt(36.25)
      near({ 1 / a, -3 / a, 2 / a, 1, 0, 6 / b, -0.5 / b }, c.weight)
      assert.equal(dtype, c.weight.dtype)
    end)

    it("is that of a dense weight with the same elements, " .. dtype, function()
      snn.manual_seed(3)
      local n, m = 300, 20
      local mask = snn.rand(m, n):lt(0.3)
      local weight = snn.randn({ m, n }, { dtype = dtype }) * mask
      for _, order in ipairs { 1, 2, 3, 0.5, INF } do
        for _, dim in ipairs { "post", "pre" } do
          local dense = snn.LinearDense { in_shape = n, out_shape = m, step_time = 1,
            synapse = SYNAPSE, dtype = dtype, weight_init = weight }
          local c = snn.LinearSparse { in_shape = n, out_shape = m, step_time = 1,
            synapse = SYNAPSE, dtype = dtype, synapses = snn.connect.mask(mask) }
          local of = (c.pre - 1) + (c.post - 1) * n + 1
          c.weight = weight:reshape(-1):index_select(1, of)
          for _, x in ipairs { dense, c } do
            normalize(x, { order = order, scale = 2.5, dim = dim })
          end
          near(dense.weight, c:to_dense(), dtype == "float64" and 1e-14 or 1e-6)
        end
      end
    end)
  end

  it("takes a scale for each", function()
    local c = sparse()
    normalize(c, { order = 1, dim = "post", scale = snn.tensor { 8, 4, 9, 1 } })
    near({ 1, -3, 1, 4, 0, 3, -1 }, c.weight)
    normalize(c, { order = 1, dim = "post", scale = snn.tensor { { 16, 4 }, { 9, 1 } } })
    near({ 2, -6, 1, 8, 0, 3, -1 }, c.weight)
    c = sparse()
    normalize(c, { order = 1, dim = "pre", scale = snn.tensor { 9, 6, 2, 9, 13 } })
    near({ 1, -3, 2, 2, 0, 12, -1 }, c.weight)
    local err = failure(normalize, c, { order = 1, dim = "pre", scale = snn.ones(7) })
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("of the shape {5}, one for each input, got the shape {7}", 1,
      true), err.message)
  end)

  it("has the same bits for any threads", function()
    snn.manual_seed(5)
    local before, got = snn.get_num_threads(), {}
    local c = snn.LinearSparse { in_shape = 3000, out_shape = 2000, step_time = 1,
      synapse = SYNAPSE, synapses = snn.connect.bernoulli { p = 0.01 } }
    local weight = snn.randn(c.count)
    for _, n in ipairs { 1, 2, 4 } do
      snn.set_num_threads(n)
      c.weight = weight
      normalize(c, { order = 2, scale = 1, dim = "post" })
      got[#got + 1] = c.weight
    end
    snn.set_num_threads(before)
    assert.is_true(got[1]:eq(got[2]):all():item() and got[1]:eq(got[3]):all():item())
  end)

  it("keeps NaN to its group, and takes an empty connection", function()
    local c = sparse()
    c.weight = snn.tensor { 1, 0 / 0, 2, 4, 0, 6, -0.5 }
    normalize(c, { order = INF, scale = 1, dim = "post" })
    assert.same({ true, true, false, true, false, false, false }, c.weight:isnan():totable())
    local none = snn.LinearSparse { in_shape = 2, out_shape = 2, step_time = 1, synapse = SYNAPSE,
      synapses = { pre = {}, post = {} } }
    normalize(none, { order = 1, scale = 1, dim = "post" })
    assert.same({ 0 }, none.weight.shape)
  end)

  it("is of delays too, shared ones as well", function()
    local c = sparse("float32", { delay = 10, delay_init = 2 })
    normalize(c, { attr = "delay", order = 1, scale = 3, dim = "post" })
    near({ 1, 1, 1.5, 1, 1.5, 1.5, 1.5 }, c.delay)
  end)

  it("counts in the next step, of sums that are kept as well", function()
    local args = { synapse = snn.SingleExponentialCurrent.partialconstructor {
      spike_charge = 1, time_constant = 5 } }
    local c, other = sparse("float64", args), sparse("float64", args)
    local spikes = snn.ones(1, 5):gt(0)
    local norm = snn.Normalization { module = c, attr = "weight", order = 1, scale = 4,
      dim = "post" }
    norm:register()
    c(spikes)
    other(spikes)
    near({ 0.5, -1.5, 1, 2, 0, 3, -4 }, c.weight)
    other.weight = c.weight
    near(other(spikes), c(spikes), 1e-12)
    local clamp = snn.Clamping { module = c, attr = "weight", max = 1.75 }
    clamp:register()
    c(spikes)
    near({ 0.5, -1.5, 1, 1.75, 0, 1.75, -4 }, c.weight)
  end)

  it("refuses dimensions by number, and names the words", function()
    for dim, text in pairs { [2] = "got 2", [-1] = "got -1", [1] = "got 1" } do
      local c = sparse()
      local err = failure(normalize, c, { order = 1, scale = 1, dim = dim })
      assert.equal("ValueError", err.kind)
      assert.truthy(err.message:find('must be "post"', 1, true), err.message)
      assert.truthy(err.message:find('"pre"', 1, true) and err.message:find(text, 1, true))
      near(WEIGHT, c.weight)
    end
    local c = sparse()
    normalize(c, { order = INF, scale = 3 })
    near({ 0.5, -1.5, 1, 2, 0, 3, -0.25 }, c.weight)
  end)
end)

describe("Normalization by outputs or inputs", function()
  local function dense_of(class, weight)
    local args = { step_time = 1, synapse = SYNAPSE, weight_init = snn.tensor(weight) }
    if class == "LinearDense" then
      args.in_shape, args.out_shape = #weight[1], #weight
    else
      args.shape = #weight
    end
    return snn[class](args)
  end

  it("is a dimension of a matrix", function()
    local w = { { 1, 3, 4 }, { 2, -2, 0 } }
    local c = dense_of("LinearDense", w)
    normalize(c, { order = 1, scale = 8, dim = "post" })
    near({ { 1, 3, 4 }, { 4, -4, 0 } }, c.weight)
    normalize(c, { order = 1, scale = snn.tensor { 5, 7, 1 }, dim = "pre" })
    near({ { 1, 3, 1 }, { 4, -4, 0 } }, c.weight)
    normalize(c, { order = 1, scale = snn.tensor { { 10 }, { 4 } }, dim = "post" })
    near({ { 2, 6, 2 }, { 2, -2, 0 } }, c.weight)
    local err = failure(normalize, c, { order = 1, scale = snn.ones(1, 3), dim = "post" })
    assert.equal("ValueError", err.kind)
    c = dense_of("LinearLateral", { { 0, 1, 3 }, { 1, 0, 1 }, { 5, 0, 0 } })
    normalize(c, { order = 1, scale = 4, dim = "post" })
    near({ { 0, 1, 3 }, { 2, 0, 2 }, { 4, 0, 0 } }, c.weight)
    normalize(c, { order = INF, scale = 1, dim = "pre" })
    near({ { 0, 1, 1 }, { 0.5, 0, 2 / 3 }, { 1, 0, 0 } }, c.weight)
  end)

  it("has each weight of LinearDirect alone", function()
    for _, dim in ipairs { "post", "pre" } do
      local c = dense_of("LinearDirect", { 2, -3, 0 })
      normalize(c, { order = 1, scale = 4, dim = dim })
      near({ 4, -4, 0 }, c.weight)
      normalize(c, { order = 2, scale = snn.tensor { 1, 2, 3 }, dim = dim })
      near({ 1, -2, 0 }, c.weight)
    end
  end)

  it("is the norm of each filter of Conv2D", function()
    local c = snn.Conv2D { height = 3, width = 3, channels = 2, filters = 2, step_time = 1,
      synapse = SYNAPSE, kernel = 2, weight_init = snn.arange(1, 17):reshape(2, 2, 2, 2) }
    normalize(c, { order = 1, scale = snn.tensor { 1, 2 }, dim = "post" })
    near({ 1, 2 }, c.weight:abs():sum({ 2, 3, 4 }))
    local err = failure(normalize, c, { order = 1, scale = 1, dim = "pre" })
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find('of Conv2D there is dim = "post"', 1, true), err.message)
  end)

  it("is refused where there is no such thing", function()
    local c = snn.LinearDense { in_shape = 2, out_shape = 2, step_time = 1, synapse = SYNAPSE,
      bias = true }
    local err = failure(normalize, c, { attr = "bias", order = 1, scale = 1, dim = "post" })
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("are of the weights and delays of connections", 1, true))
    err = failure(snn.Normalization, { module = c, attr = "weight", order = 1, scale = 1,
      dim = "pots" })
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find('must be "post" or "pre"', 1, true), err.message)
    local hook = snn.Normalization { module = c, attr = "weight", order = 1, scale = 1 }
    hook.dim = "pre"
    assert.equal("pre", hook.dim)
    assert.equal("ValueError", failure(function() hook.dim = "x" end).kind)
    assert.equal("pre", hook.dim)
  end)
end)
