local snn = require "snn"
local near = require "spec.near"

local function values(t) return t:flatten():totable() end
describe("PassthroughReducer", function()
  local function make(args)
    args = args or {}
    args.step_time = args.step_time or 1
    return snn.PassthroughReducer(args)
  end

  it("keeps observations in their dtype", function()
    local kept = make()
    for _, dtype in ipairs { "bool", "int64", "float32", "float64" } do
      kept:clear()
      kept(snn.ones(2, { dtype = dtype }))
      assert.equal(dtype, kept:peek().dtype)
    end
  end)

  it("reads as the older step between two", function()
    local kept = make { duration = 2, inclusive = true }
    kept(snn.tensor { 1 })
    kept(snn.tensor { 2 })
    near({ 1 }, kept:view(0.25))
  end)

  it("is not changed by a later write to the observation", function()
    local kept, seen = make(), snn.tensor { 1, 2 }
    kept(seen)
    seen:fill_(7)
    near({ 1, 2 }, kept:peek())
  end)

  it("refuses a dtype that those before cannot hold", function()
    local kept = make()
    kept(snn.tensor { true })
    local ok, err = pcall(kept, snn.tensor { 0.5 })
    assert.is_false(ok)
    assert.equal("TypeError", err.kind)
  end)
end)

describe("all reducers", function()
  local kept

  before_each(function()
    kept = snn.PassthroughReducer { step_time = 0.5, duration = 1.5 }
    for i = 1, 5 do kept(snn.tensor { i, -i }) end
  end)

  it("know nothing before the first observation", function()
    kept:clear()
    assert.is_nil(kept:peek())
    assert.is_nil(kept:dump())
    assert.is_nil(kept:view(0))
    assert.is_nil(kept.latest)
  end)

  it("dump what the duration covers, newest first", function()
    assert.same({ 3, 2 }, kept:dump().shape)
    near({ 5, -5, 4, -4, 3, -3 }, kept:dump())
  end)

  it("keep one step more when the duration is inclusive", function()
    local other = snn.PassthroughReducer { step_time = 0.1, duration = 0.3, inclusive = true }
    other(snn.tensor { 1 })
    near({ 1, 0, 0, 0 }, other:dump())
  end)

  it("view a time for each element, with or without one more dimension", function()
    near({ 4, -5 }, kept:view(snn.tensor { 0.5, 0 }))
    near({ 5, 3, -4, -3 }, kept:view(snn.tensor { { 0, 1 }, { 0.5, 1 } }))
  end)

  it("take times on the grid as such in either dtype", function()
    local other = snn.PassthroughReducer { step_time = 0.1, duration = 1, inclusive = true }
    for i = 1, 11 do other(snn.tensor { i }) end
    for i = 0, 10 do
      near({ 11 - i }, other:view(i / 10))
      near({ 11 - i }, other:view(snn.tensor { i / 10 }))
    end
  end)

  it("take a time within the tolerance for one on the grid", function()
    near({ 5, -5 }, kept:view(0.1, 0.1))
    near({ 4, -4 }, kept:view(0.1))
    near({ 5, -5 }, kept:view(-0.1, 0.1))
  end)

  it("refuse times that are not kept, and nan", function()
    for _, time in ipairs { -0.1, 1.1, 0 / 0, snn.tensor { 0, 2 } } do
      local ok, err = pcall(kept.view, kept, time)
      assert.is_false(ok)
      assert.equal("ValueError", err.kind)
    end
  end)

  it("refuse times of another shape", function()
    local ok, err = pcall(kept.view, kept, snn.zeros(3))
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
  end)

  it("refuse an observation of another shape until cleared", function()
    local ok, err = pcall(kept, snn.zeros(3))
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
    kept:clear { keepshape = true }
    assert.is_false((pcall(kept, snn.zeros(3))))
    kept:clear()
    kept(snn.zeros(3))
    assert.same({ 3 }, kept:peek().shape)
  end)

  it("keep the newest states when the duration changes, the newest when dt does", function()
    local mode = snn.warnings(false) -- of the others, spec/observe/step_time_spec.lua
    kept.duration = 1
    near({ 5, -5, 4, -4 }, kept:dump())
    kept.duration = 2
    near({ 5, -5, 4, -4, 0, 0, 0, 0 }, kept:dump())
    kept.dt = 1
    snn.warnings(mode)
    near({ 5, -5, 0, 0 }, kept:dump())
  end)

  it("have settings before the first observation", function()
    local other = snn.PassthroughReducer { step_time = 1 }
    other.duration = 3
    other.dt = 1.5
    assert.equal(3, other.duration)
    other(snn.tensor { 1 })
    assert.same({ 2, 1 }, other:dump().shape)
  end)

  it("take a state as it is by push", function()
    local mean = snn.EMAReducer { step_time = 1, alpha = 0.5 }
    mean:push(snn.tensor { 8 })
    mean(snn.tensor { 4 })
    near({ 6 }, mean:peek())
  end)

  it("hand out tensors that stay", function()
    local mean = snn.CAReducer { step_time = 1 }
    mean(snn.tensor { 1 })
    local before = mean:peek()
    mean(snn.tensor { 3 })
    near({ 1 }, before)
    near({ 2 }, mean:peek())
  end)

  it("need no memory for the steps of a long duration before they come", function()
    local other = snn.PassthroughReducer { step_time = 1, duration = 1e12 }
    other(snn.tensor { 1 })
    near({ 0 }, other:view(1e9))
  end)

  it("load their state into a fresh one", function()
    local other = snn.PassthroughReducer { step_time = 0.5, duration = 1.5 }
    other:load_state_dict(kept:state_dict())
    near(values(kept:dump()), other:dump())
  end)

  it("take observations without dimensions and without elements", function()
    local other = snn.PassthroughReducer { step_time = 1, duration = 2 }
    other(snn.tensor(3))
    near({ 3, 0 }, other:dump())
    other:clear()
    other(snn.zeros(0))
    assert.same({ 2, 0 }, other:dump().shape)
  end)
end)
