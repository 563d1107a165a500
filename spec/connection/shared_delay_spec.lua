-- A delay that all synapses of a connection share: a number, until some of them
-- get another one.
local snn = require "snn"
local support = require "spec.support"

local function make(init, changes)
  local args = { in_shape = 40, out_shape = 30, step_time = 0.5, delay = 4, delay_init = init,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
  for key, value in pairs(changes or {}) do args[key] = value end
  snn.manual_seed(3)
  local c = snn.LinearDense(args)
  c.updater = c:defaultupdater()
  return c
end

local function saved(t)
  local path = os.tmpname()
  snn.save(path, t)
  return path, snn.load_safetensors(path)["c.delay"]
end

local function is_shared(c)
  local path, delay = saved { c = c }
  os.remove(path)
  return delay.numel == 1
end

describe("a delay that all share", function()
  it("is what delay_init says, and 0 without it", function()
    for _, dtype in ipairs { "float32", "float64" } do
      local c = make(1.5, { dtype = dtype })
      assert.same({ 30, 40 }, c.delay.shape)
      assert.equal(1.5, c.delay:min():item())
      assert.equal(1.5, c.delay:max():item())
      assert.equal(0, make(nil).delay:max():item())
      assert.is_true(is_shared(c))
    end
    support.fails("ValueError", "longest, 4 ms", make, 4.5)
    support.fails("ValueError", "index", make, -1)
  end)

  it("is saved as a number and taken back by what had another one, or a tensor", function()
    local from, one, many = make(2), make(1), make(1)
    many.delay = snn.rand(30, 40)
    local path = saved { c = from }
    for _, c in ipairs { one, many } do
      snn.load(path, { c = c })
      assert.is_true(c.delay:equal(from.delay))
      assert.is_true(is_shared(c))
    end
    os.remove(path)
    many.delay = snn.rand(30, 40)
    one:load_state_dict(many:state_dict())
    assert.is_true(one.delay:equal(many.delay))
    assert.is_false(is_shared(one))
    one:load_state_dict(from:state_dict())
    assert.is_true(one.delay:equal(from.delay))
  end)

  it("becomes a tensor where one is assigned or learned", function()
    local c = make(1)
    c.delay = snn.full({ 30, 40 }, 2)
    assert.is_false(is_shared(c))
    local d = make(1)
    local change = snn.zeros(30, 40)
    change[3][7] = 0.25
    d.updater.delay = { change }
    assert.is_true(is_shared(d))
    d:update()
    assert.is_false(is_shared(d))
    assert.equal(1.25, d.delay[3][7])
    assert.equal(1, d.delay[7][3])
    assert.is_true((d.delay - 1):equal(change))
  end)

  it("goes back with what is undone", function()
    local c = make(1)
    local state = c:state_dict()
    state.delay, state["synapse.spike_"] = snn.rand(30, 40), nil
    assert.is_false(pcall(c.load_state_dict, c, state))
    assert.is_true(is_shared(c))
    assert.equal(1, c.delay:max():item())
  end)

  it("is clamped as a number", function()
    local c = make(3)
    local clamp = snn.Clamping { module = c, attr = "delay", max = 2 }
    clamp:register()
    c(snn.zeros(1, 40))
    assert.is_true(is_shared(c))
    assert.equal(2, c.delay:max():item())
    assert.equal(2, c.delay:min():item())
  end)
end)
