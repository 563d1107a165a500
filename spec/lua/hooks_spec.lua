-- Normalization and Clamping.
local snn = require "snn"
local near = require "spec.near"

local function failure(fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  return err
end

local WEIGHT = { { 1, 3 }, { -2, 2 } }
local SPIKES = snn.zeros(1, 2)

local function connection()
  local c = snn.LinearDense {
    in_shape = 2, out_shape = 2, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    weight_init = snn.tensor(WEIGHT),
  }
  c.updater = c:defaultupdater()
  return c
end

local function clamping(args)
  args.attr = args.attr or "weight"
  return snn.Clamping(args)
end

describe("a hook", function()
  local c

  before_each(function() c = connection() end)

  it("does nothing before it is registered", function()
    local hook = clamping { module = c, max = 1 }
    c(SPIKES)
    hook()
    assert.is_false(hook.registered)
    near(snn.tensor(WEIGHT), c.weight)
  end)

  it("runs after each call when registered", function()
    local hook = clamping { module = c, max = 2 }
    hook:register()
    hook:register()
    assert.is_true(hook.registered)
    near(snn.tensor { { 3, 2 } }, c(snn.tensor { { 0, 1 } }))
    near(snn.tensor { { 1, 2 }, { -2, 2 } }, c.weight)
  end)

  it("runs before each call as a pre-hook", function()
    clamping { module = c, max = 2, as_prehook = true }:register()
    near(snn.tensor { { 2, 2 } }, c(snn.tensor { { 0, 1 } }))
  end)

  it("runs no more when deregistered", function()
    local hook = clamping { module = c, max = 2 }
    hook:register()
    hook:deregister()
    hook:deregister()
    assert.is_false(hook.registered)
    c(SPIKES)
    near(snn.tensor(WEIGHT), c.weight)
  end)

  it("runs when called, if registered or forced", function()
    local hook = clamping { module = c, max = 2 }
    hook { force = true }
    near(snn.tensor { { 1, 2 }, { -2, 2 } }, c.weight)
    c.weight = snn.tensor(WEIGHT)
    hook:register()
    hook()
    near(snn.tensor { { 1, 2 }, { -2, 2 } }, c.weight)
  end)

  it("keeps to the modes it is for, also when forced", function()
    local hook = clamping { module = c, max = 2, train_update = false }
    hook { force = true }
    near(snn.tensor(WEIGHT), c.weight)
    c:eval()
    hook { force = true }
    near(snn.tensor { { 1, 2 }, { -2, 2 } }, c.weight)
    hook = clamping { module = c, max = 1, eval_update = false }
    hook { force = true }
    near(snn.tensor { { 1, 2 }, { -2, 2 } }, c.weight)
  end)

  it("follows a dotted path", function()
    local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -40 }
    local layer = snn.Layer()
    layer:add_connection("enc", c)
    layer:add_neuron("exc", neuron)
    clamping { module = layer, attr = "connections.enc.weight", max = 2 } { force = true }
    near(snn.tensor { { 1, 2 }, { -2, 2 } }, c.weight)
  end)

  it("runs with the updates when it is on an updater", function()
    clamping { module = c.updater, attr = "parent.weight", min = 0, max = 4 }:register()
    c.updater.weight = snn.ones(2, 2)
    c:update()
    near(snn.tensor { { 2, 4 }, { 0, 3 } }, c.weight)
  end)

  it("runs on an updater in the modes that were asked for", function()
    clamping { module = c.updater, attr = "parent.weight", max = 2, eval_update = false }:register()
    c.updater:eval()
    c.updater()
    near(snn.tensor(WEIGHT), c.weight)
    c.updater:train()
    c.updater()
    near(snn.tensor { { 1, 2 }, { -2, 2 } }, c.weight)
  end)

  it("leaves the arguments to hooks that look at them", function()
    local given
    clamping { module = c.updater, attr = "parent.weight", max = 2 }:register()
    c.updater:register_forward_hook(function(module, args) given = { module, #args, args.n } end)
    c.updater()
    assert.same({ c.updater, 0, 0 }, given)
    c.updater("weight")
    assert.same({ c.updater, 1, 1 }, given)
  end)

  it("runs with the updates of a layer, of which others have no hooks", function()
    local layer, other = snn.Layer(), connection()
    layer:add_connection("one", c)
    layer:add_connection("other", other)
    clamping { module = c.updater, attr = "parent.weight", max = 2 }:register()
    c.updater.weight, other.updater.weight = snn.ones(2, 2), snn.ones(2, 2)
    layer:update()
    near(snn.tensor { { 2, 2 }, { -1, 2 } }, c.weight)
    near(snn.tensor { { 2, 4 }, { -1, 3 } }, other.weight)
    layer:update()
    near(snn.tensor { { 2, 4 }, { -1, 3 } }, other.weight)
  end)

  it("leaves a list to hooks that come while its module is updated", function()
    local given
    clamping { module = c.updater, attr = "parent.weight", max = 9 }:register()
    c.updater.weight = snn.ones(2, 2)
    c.updater.weight:upperbound(function(_, update)
      c.updater:register_forward_hook(function(_, args) given = args end)
      return update
    end, 1)
    c:update()
    assert.same({ n = 0 }, given)
  end)

  it("leaves a list to hooks that come while its module is called", function()
    local given
    clamping { module = c.updater, attr = "parent.weight", max = 9 }:register()
    c.updater.weight = snn.ones(2, 2)
    c.updater.weight:upperbound(function(_, update)
      c.updater:register_forward_hook(function(_, args) given = args end)
      return update
    end, 1)
    c.updater()
    assert.same({ n = 0 }, given)
  end)

  it("works on tensors of any module", function()
    local m = snn.Module()
    m.scale = snn.tensor { 1, 5 }
    clamping { module = m, attr = "scale", max = 3 } { force = true }
    near(snn.tensor { 1, 3 }, m.scale)
    local normalization = snn.Normalization { module = m, attr = "scale", order = 1, scale = 8 }
    normalization { force = true }
    near(snn.tensor { 2, 6 }, m.scale)
  end)

  it("is collected with its module", function()
    local gone = setmetatable({}, { __mode = "k" })
    local module = connection()
    local hook = clamping { module = module, max = 2 }
    hook:register()
    gone[module], gone[hook] = true, true
    module, hook = nil, nil
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(gone))
    assert.is_nil(module or hook)
  end)

  it("says what is wrong with its path", function()
    local err = failure(clamping { module = c, attr = "synapse.weight", max = 1 },
      { force = true })
    assert.equal("AttributeError", err.kind)
    local m = snn.Module()
    m.inner = snn.Module()
    m.inner.value = 3
    err = failure(clamping { module = m, attr = "inner.value", max = 1 }, { force = true })
    assert.equal("TypeError", err.kind)
    assert.truthy(err.message:find("'value' must be a tensor, got number 3", 1, true))
  end)

  it("checks its arguments by name", function()
    local err = failure(snn.Clamping, { module = c, atr = "weight", max = 1 })
    assert.equal("TypeError", err.kind)
    assert.truthy(err.message:find("unknown argument 'atr' (did you mean 'attr'?)", 1, true))
    err = failure(snn.Clamping, { module = c, max = 1 })
    assert.truthy(err.message:find("'attr' is missing", 1, true))
    assert.equal("TypeError", failure(snn.Clamping, { module = 1, attr = "weight", max = 1 }).kind)
    assert.equal("TypeError", failure(snn.Clamping, { module = c, attr = "a..b", max = 1 }).kind)
    assert.equal("TypeError", failure(snn.Clamping, c).kind)
    local hook = clamping { module = c, max = 1 }
    assert.equal("TypeError", failure(hook, { force = 1 }).kind)
    assert.equal("TypeError", failure(hook, { forse = true }).kind)
  end)
end)

describe("Clamping", function()
  local c

  before_each(function() c = connection() end)

  it("takes one limit or both", function()
    clamping { module = c, min = -1 } { force = true }
    near(snn.tensor { { 1, 3 }, { -1, 2 } }, c.weight)
    clamping { module = c, min = 0, max = 2 } { force = true }
    near(snn.tensor { { 1, 2 }, { 0, 2 } }, c.weight)
  end)

  it("needs a limit, and min below max", function()
    assert.equal("ValueError", failure(clamping, { module = c }).kind)
    assert.equal("ValueError", failure(clamping, { module = c, min = 1, max = 1 }).kind)
    assert.equal("ValueError", failure(clamping, { module = c, min = 2, max = 1 }).kind)
    assert.equal("TypeError", failure(clamping, { module = c, min = "0" }).kind)
  end)

  it("takes tensors as limits, which broadcast", function()
    clamping { module = c, max = snn.tensor { 2, 1 } } { force = true }
    near(snn.tensor { { 1, 1 }, { -2, 1 } }, c.weight)
    c.weight = snn.tensor(WEIGHT)
    clamping { module = c, min = snn.tensor { { 2 }, { -1 } }, max = 2.5 } { force = true }
    near(snn.tensor { { 2, 2.5 }, { -1, 2 } }, c.weight)
    c.weight = snn.tensor(WEIGHT)
    clamping { module = c, min = snn.tensor(0), max = snn.tensor { { 1, 2 }, { 3, 1 / 0 } } }
      { force = true }
    near(snn.tensor { { 1, 2 }, { 0, 2 } }, c.weight)
  end)

  it("keeps the dtype of what it clamps, and the limits as they were", function()
    local max = snn.tensor({ 0.1, 0.2 }, { dtype = "float64" })
    local m = snn.Module()
    local hook = clamping { module = m, attr = "x", max = max }
    max:fill_(-1)
    for _, dtype in ipairs { "float32", "float64", "float32" } do
      m.x = snn.ones({ 3, 2 }, { dtype = dtype })
      hook { force = true }
      assert.equal(dtype, m.x.dtype)
      assert.same(snn.tensor({ 0.1, 0.2 }, { dtype = dtype }):totable(), m.x[3]:totable())
    end
    m.x = snn.tensor({ { 0, 5 } }, { dtype = "int64" })
    clamping { module = m, attr = "x", max = snn.tensor { 1.5, 2.5 } } { force = true }
    near(snn.tensor { { 0, 2.5 } }, m.x)
  end)

  it("says which limits do not fit", function()
    local low, high = snn.tensor { 0, 3 }, snn.tensor { 1, 3 }
    local err = failure(clamping, { module = c, min = low, max = high })
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("'min' must be less than 'max' at index (2)", 1, true))
    err = failure(clamping, { module = c, min = 2, max = snn.tensor { { 3, 1 } } })
    assert.truthy(err.message:find("at index (1, 2)", 1, true))
    err = failure(clamping, { module = c, max = snn.tensor { 3, 0 / 0 } })
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("'max' must be a number, got nan at index (2)", 1, true))
    assert.equal("TypeError",
      failure(clamping, { module = c, max = snn.tensor { true } }).kind)
    err = failure(clamping { module = c, max = snn.ones(3) }, { force = true })
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("'max' of shape", 1, true))
    assert.truthy(err.message:find("does not broadcast to 'weight' of shape", 1, true))
    near(snn.tensor(WEIGHT), c.weight)
  end)

  it("leaves NaN", function()
    c.weight = snn.tensor { { 0 / 0, 3 }, { -2, 2 } }
    clamping { module = c, min = 0, max = 1 } { force = true }
    local weight = c.weight:totable()
    assert.truthy(weight[1][1] ~= weight[1][1])
    assert.same({ 1, 0, 1 }, { weight[1][2], weight[2][1], weight[2][2] })
  end)

  it("leaves a weight that was read before", function()
    local before = c.weight
    clamping { module = c, max = 2 } { force = true }
    near(snn.tensor(WEIGHT), before)
  end)
end)

describe("Normalization", function()
  local c

  before_each(function() c = connection() end)

  local function normalize(args)
    args.module, args.attr = c, "weight"
    snn.Normalization(args) { force = true }
  end

  it("sets the norm along a dimension", function()
    normalize { order = 1, scale = 8, dim = 2 }
    near(snn.tensor { { 2, 6 }, { -4, 4 } }, c.weight)
  end)

  it("sets the norm of all without a dimension", function()
    normalize { order = 1, scale = 16 }
    near(snn.tensor { { 2, 6 }, { -4, 4 } }, c.weight)
    normalize { order = math.huge, scale = 3, dim = { 1, 2 } }
    near(snn.tensor { { 1, 3 }, { -2, 2 } }, c.weight)
  end)

  it("takes a norm for each row, column or element", function()
    -- rows of 1 + 3 and 2 + 2
    normalize { order = 1, dim = 2, scale = snn.tensor { { 8 }, { 1 } } }
    near(snn.tensor { { 2, 6 }, { -0.5, 0.5 } }, c.weight)
    c.weight = snn.tensor(WEIGHT)
    normalize { order = 1, dim = 1, scale = snn.tensor { 3, -10 } } -- columns of 3 and 5
    near(snn.tensor { { 1, -6 }, { -2, -4 } }, c.weight)
    c.weight = snn.tensor(WEIGHT)
    normalize { order = math.huge, scale = snn.tensor({ 3 }, { dtype = "float64" }) }
    near(snn.tensor(WEIGHT), c.weight)
    assert.equal("float32", c.weight.dtype)
  end)

  it("says which norms do not fit", function()
    local function wrong(scale)
      return failure(snn.Normalization, { module = c, attr = "weight", order = 1, scale = scale })
    end
    local err = wrong(snn.tensor { { 1, 0 } })
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("'scale' must be not 0, got 0 at index (1, 2)", 1, true))
    assert.equal("ValueError", wrong(snn.tensor { 0 / 0 }).kind)
    assert.equal("ValueError", wrong(math.huge).kind)
    err = wrong(snn.tensor { 1, -math.huge })
    assert.truthy(err.message:find("'scale' must be finite at index (2)", 1, true))
    assert.equal("TypeError", wrong("1").kind)
    err = failure(normalize, { order = 1, scale = snn.ones(2, 3) })
    assert.truthy(err.message:find("does not broadcast to 'weight' of shape", 1, true))
  end)

  it("divides by epsilon at least", function()
    c.weight = snn.zeros(2, 2)
    normalize { order = 1, scale = 8, dim = 2, epsilon = 0.5 }
    near(snn.zeros(2, 2), c.weight)
  end)

  it("refuses an order or a scale of 0", function()
    local err = failure(snn.Normalization, { module = c, attr = "weight", order = 0, scale = 1 })
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("'order'", 1, true))
    err = failure(snn.Normalization, { module = c, attr = "weight", order = 1, scale = 0 })
    assert.equal("ValueError", err.kind)
    err = failure(snn.Normalization, { module = c, attr = "weight", order = 1 })
    assert.truthy(err.message:find("'scale' is missing", 1, true))
  end)
end)

describe("an argument of a hook", function()
  local c, norm, clamp

  before_each(function()
    c = connection()
    norm = snn.Normalization { module = c, attr = "weight", order = 1, scale = 4, dim = 2 }
    clamp = clamping { module = c, max = 2.5 }
    norm:register()
    clamp:register()
  end)

  local function weight() c(SPIKES) return c.weight end

  it("is a field", function()
    assert.same({ c, "weight", 1, 4, 2, true, true, false }, { norm.module, norm.attr, norm.order,
      norm.scale, norm.dim, norm.train_update, norm.eval_update, norm.as_prehook })
    assert.same({ 2.5, nil }, { clamp.max, clamp.min })
  end)

  it("counts from the next call on, and the hook stays in its place", function()
    near({ { 1, 2.5 }, { -2, 2 } }, weight())
    norm.scale, clamp.max = 8, 1
    near({ { 1, 1 }, { -4, 1 } }, weight())
    clamp.min = 0
    clamp.max = snn.none
    c.weight = snn.tensor(WEIGHT)
    near({ { 2, 6 }, { 0, 4 } }, weight())
  end)

  it("may be the mode, the side of the call, or the module", function()
    clamp.train_update = false
    near({ { 1, 3 }, { -2, 2 } }, weight())
    norm.as_prehook, norm.scale = true, 8
    assert.is_true(norm.registered)
    near({ { 2, 6 }, { -4, 4 } }, weight())
    local other = connection()
    norm.module, norm.scale = other, 4
    near({ { 2, 6 }, { -4, 4 } }, weight())
    other(SPIKES)
    near({ { 1, 3 }, { -2, 2 } }, other.weight)
  end)

  it("is checked with the others, and nothing changes", function()
    for _, case in ipairs { { "ValueError", norm, "scale", 0 }, { "ValueError", norm, "order", 0 },
      { "TypeError", norm, "order", nil }, { "TypeError", norm, "attr", "a..b" },
      { "ValueError", clamp, "min", 3 }, { "TypeError", clamp, "max", "x" },
      { "ValueError", clamp, "max", snn.none } } do
      local kind, hook, name, value = table.unpack(case, 1, 4)
      assert.equal(kind, failure(function() hook[name] = value end).kind)
    end
    near({ { 1, 2.5 }, { -2, 2 } }, weight())
  end)

  it("that is a tensor is the hook's own", function()
    local scale = snn.tensor { { 4.0 }, { 8 } }
    norm.scale = scale
    scale:zero_()
    norm.scale:zero_()
    near({ { 1, 2.5 }, { -4, 2.5 } }, weight())
  end)
end)
