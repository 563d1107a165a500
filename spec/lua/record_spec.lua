-- RecordTensor by places and times. Its steps are numbered here: 6 is the newest.
local snn = require "snn"
local near = require "spec.near"
local support = require "spec.support"

local f = snn.functional

describe("RecordTensor", function()
  local r

  for _, dtype in ipairs { "float32", "float64" } do
    describe("of " .. dtype, function()
      local function t(value) return snn.tensor(value, { dtype = dtype }) end

      before_each(function()
        r = snn.RecordTensor { step_time = 0.5, duration = 2 }
        for i = 1, 6 do r:push(t { i, -i }) end
      end)

      it("reads a step by its place, or an element by its own", function()
        near(t { 6, -6 }, r:read())
        near(t { 3, -3 }, r:read(4))
        near(t { 6, -4 }, r:read(snn.tensor { 1, 3 }))
      end)

      it("reads steps in a row, the older first", function()
        near(t { { 4, 5, 6 }, { -4, -5, -6 } }, r:readrange(3))
        near(t { { 3, 4 }, { -3, -4 } }, r:readrange(2, 3))
        near(t { { 4, 5 }, { -4, -5 } }, r:readrange(2, 3, true))
        near(t { { 3, 4 }, { -5, -6 } }, r:readrange(2, snn.tensor { 3, 1 }))
      end)

      it("writes over the oldest step, or that at a place", function()
        r:write(t { 10, 20 })
        near(t { { 6, -6 }, { 5, -5 }, { 4, -4 }, { 10, 20 } }, r:dump())
        r:write(t { 30, 40 }, 2)
        near(t { 30, 40 }, r:read(2))
        r:write(t { 50, 60 }, snn.tensor { 1, 2 })
        near(t { { 50, -6 }, { 30, 60 }, { 4, -4 }, { 10, 20 } }, r:dump())
        assert.equal(dtype, r:peek().dtype)
        assert.equal(6, r.observed:item())
      end)

      it("writes steps in a row as it reads them", function()
        r:writerange(t { { 1, 2 }, { 3, 4 } }, 2)
        near(t { { 6, -6 }, { 2, 4 }, { 1, 3 }, { 3, -3 } }, r:dump())
        r:writerange(t { { 7, 8 }, { 9, 10 } }, 2, true)
        near(t { { 8, 10 }, { 7, 9 }, { 1, 3 }, { 3, -3 } }, r:dump())
        near(t { { 7, 8 }, { 9, 10 } }, r:readrange(2))
      end)

      it("selects a time, by default the nearer step", function()
        near(t { 5, -5 }, r:select(0.5))
        near(t { 6, -6 }, r:select(0.2))
        near(t { 5, -5 }, r:select(0.3))
        near(t { 4.75, -4.75 }, r:select(0.625, f.interp_linear))
        near(t { 5 * math.exp(-0.25), -5 * math.exp(-0.25) },
          r:select(0.25, f.interp_expdecay, { interp_kwargs = { time_constant = 1 } }))
      end)

      it("selects a time for each element, and several", function()
        near(t { 5.5, -3 }, r:select(snn.tensor { 0.25, 1.5 }, f.interp_linear))
        local out = r:select(snn.tensor { { 0, 0.25 }, { 1.5, 1.125 } }, f.interp_linear)
        near(t { { 6, 5.5 }, { -3, -3.75 } }, out)
        assert.equal(dtype, out.dtype)
      end)

      it("selects as interpolation between the steps says, on them as they are", function()
        local function nan(prev) return prev * (0 / 0) end
        near(t { 5, -4 }, r:select(snn.tensor { 0.5, 1 }, nan))
        near(t { 4, -4 }, r:select(1, nan))
      end)

      it("selects from an offset on", function()
        near(t { 4, -4 }, r:select(0.5, nil, { offset = 2 }))
        support.fails("ValueError", "'time' must be from 0 to 1 ms", r.select, r, 1.5, nil,
          { offset = 2 })
      end)

      it("takes times within the tolerance for those of a step", function()
        near(t { 5, -5 }, r:select(0.6, f.interp_linear, { tolerance = 0.11 }))
        near(t { 6, -6 }, r:select(-0.1, nil, { tolerance = 0.1 }))
        support.fails("ValueError", "'time'", r.select, r, -0.1)
        support.fails("ValueError", "'time'", r.select, r, snn.tensor { 0, 1.6 })
        support.fails("ValueError", "'time'", r.select, r, 0 / 0)
      end)

      it("inserts at a time, into the steps around it", function()
        r:insert(t { 10, 20 }, 0.5)
        near(t { 10, 20 }, r:read(2))
        r:insert(t { 30, 40 }, 0.7)
        near(t { { 6, -6 }, { 30, 40 }, { 4, -4 }, { 3, -3 } }, r:dump())
        r:insert(t { 1, 2 }, 0.25, f.extrap_neighbors)
        near(t { { 1, 2 }, { 1, 2 }, { 4, -4 }, { 3, -3 } }, r:dump())
      end)

      it("inserts each element at its own time", function()
        r:insert(t { 10, 20 }, snn.tensor { 1, 0.25 }, f.extrap_neighbors)
        near(t { { 6, 20 }, { 5, 20 }, { 10, -4 }, { 3, -3 } }, r:dump())
      end)

      it("takes back the newest step", function()
        near(t { 6, -6 }, r:pop())
        near(t { { 5, -5 }, { 4, -4 }, { 3, -3 }, { 0, 0 } }, r:dump())
        assert.equal(5, r.observed:item())
        for _ = 1, 3 do r:pop() end
        assert.is_nil(r:pop())
        assert.same({ 2 }, r.shape)
      end)
    end)
  end

  before_each(function()
    r = snn.RecordTensor { step_time = 0.5, duration = 2 }
    for i = 1, 6 do r:push(snn.tensor { i, -i }) end
  end)

  -- sample_at is counted from the older step; what was in the two steps comes as well
  it("tells laws what Inferno's get", function()
    local seen
    r:select(0.625, function(...)
      seen = { ... }
      return seen[1]
    end, { interp_kwargs = { a = 1 } })
    near(snn.tensor { 4, -4 }, seen[1])
    near(snn.tensor { 5, -5 }, seen[2])
    near(snn.tensor { 0.375, 0.375 }, seen[3])
    assert.same({ 0.5, { a = 1 } }, { seen[4], seen[5] })
    r:insert(snn.tensor { 9, 9 }, 0.625, function(...)
      seen = { ... }
      return seen[3], seen[4]
    end)
    near(snn.tensor { 9, 9 }, seen[1])
    near(snn.tensor { 0.375, 0.375 }, seen[2])
    near(snn.tensor { 4, -4 }, seen[3])
    near(snn.tensor { 5, -5 }, seen[4])
  end)

  it("gives copies", function()
    local newest = r:read()
    newest:fill_(0)
    r:select(0.5):fill_(0)
    near(snn.tensor { 6, -6, 5, -5, 4, -4, 3, -3 }, r:dump():flatten())
  end)

  it("begins, is reset and ends", function()
    r:reset(8)
    near(snn.full({ 4, 2 }, 8), r:dump())
    r:deinitialize()
    assert.is_nil(r:peek())
    assert.is_nil(r.shape)
    r:reset()
    r:initialize({ 3 }, { fill = 2, dtype = "float64" })
    near(snn.full({ 4, 3 }, 2, { dtype = "float64" }), r:dump())
    assert.equal(0, r.observed:item())
    r.fill = 5
    r:initialize(1)
    near(snn.full({ 4, 1 }, 5), r:dump())
  end)

  it("is saved and loaded whole", function()
    local other = snn.RecordTensor { step_time = 0.5, duration = 2 }
    r:write(snn.tensor { 0, 9 }, 2)
    other:load_state_dict(r:state_dict())
    near(r:dump(), other:dump())
  end)

  it("takes steps without dimensions", function()
    local one = snn.RecordTensor { step_time = 1, duration = 3 }
    for i = 1, 3 do one:push(snn.tensor(i)) end
    near(snn.tensor(2), one:read(2))
    near(snn.tensor { 2, 3 }, one:readrange(2))
    near(snn.tensor(1.5), one:select(1.5, f.interp_linear))
    near(snn.tensor(1.5), one:select(snn.tensor(1.5), f.interp_linear))
    one:write(snn.tensor(7), 1)
    near(snn.tensor { 7, 2, 1 }, one:dump())
  end)

  it("names what is wrong, and stays as it was", function()
    local before, empty = r:dump(), snn.RecordTensor { step_time = 1 }
    for _, name in ipairs { "read", "readrange", "select" } do
      support.fails("RuntimeError", name .. ": nothing is recorded yet", empty[name], empty, 1)
    end
    support.fails("ValueError", "'offset' must be from 1 to 4, got 5", r.read, r, 5)
    support.fails("ValueError", "'offset' must be from 1 to 4", r.read, r, snn.tensor { 0, 1 })
    support.fails("ValueError", "'offset' must be whole", r.read, r, snn.tensor { 1.5, 1 })
    support.fails("TypeError", "'offset' must be a whole number", r.read, r, "1")
    support.fails("ValueError", "'obs' has shape {3}, a step has {2}", r.write, r, snn.zeros(3))
    support.fails("ValueError", "'offset' must be from 1 to 4, got 6", r.readrange, r, 3, 4)
    support.fails("ValueError", "'length'", r.readrange, r, 5)
    support.fails("ValueError", "'obs' has shape {2}", r.writerange, r, snn.zeros(2))
    support.fails("TypeError", "'interp' must be a function", r.select, r, 0, 1)
    support.fails("TypeError", "'interp' must return tensors", r.select, r, 0.1, function() end)
    support.fails("TypeError", "did you mean 'tolerance'", r.select, r, 0, nil, { tolerans = 1 })
    support.fails("ValueError", "'time' has shape {3}", r.select, r, snn.zeros(3))
    support.fails("TypeError", "'extrap' must return tensors", r.insert, r, snn.zeros(2), 0.1,
      function(x) return x end)
    support.fails("TypeError", "'shape' must be", r.initialize, r, "x")
    near(before, r:dump())
  end)
end)
