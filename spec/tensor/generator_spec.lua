-- snn.Generator, and encoders that have one.
local snn = require "snn"
local support = require "spec.support"

local X = snn.full({ 2, 50 }, 0.8)

local function encoder(class, args)
  local out = { steps = 40, step_time = 1, frequency = 100 }
  for name, value in pairs(args or {}) do out[name] = value end
  return snn[class](out)
end

describe("Generator", function()
  it("has a seed, which begins it anew", function()
    local g = snn.Generator { seed = 7 }
    assert.equal(7, g.seed)
    assert.equal(7, g:initial_seed())
    local e = encoder("PoissonIntervalEncoder", { generator = g })
    local first, second = e(X), e(X)
    assert.is_false(first:equal(second))
    assert.equal(g, g:manual_seed(7))
    assert.is_true(first:equal(e(X)))
    g.seed = 8
    assert.is_false(first:equal(e(X)))
    g.seed = 7
    assert.is_true(first:equal(e(X)))
    assert.equal(0, snn.Generator().seed)
  end)

  it("names what is wrong", function()
    support.fails("TypeError", "did you mean 'seed'", snn.Generator, { sed = 1 })
    support.fails("TypeError", "'seed'", snn.Generator, { seed = "x" })
    local g = snn.Generator { seed = 1 }
    support.fails("TypeError", "manual_seed", g.manual_seed, g, 0.5)
    support.fails("TypeError", "'generator' must be a Generator", encoder,
      "PoissonIntervalEncoder", { generator = 7 })
    local e = encoder("PoissonIntervalEncoder", { generator = g })
    support.fails("TypeError", "'generator' must be a Generator", function() e.generator = 7 end)
    assert.equal(g, e.generator)
  end)
end)

for _, class in ipairs { "HomogeneousPoissonEncoder", "HomogeneousPoissonApproxEncoder",
  "PoissonIntervalEncoder" } do
  describe(class .. " with a generator", function()
    it("draws what the library's own numbers of that seed would be", function()
      local one = encoder(class, { generator = snn.Generator { seed = 3 } })
      local trains = { one(X), one(X) }
      snn.manual_seed(3)
      local other = encoder(class)
      assert.is_true(trains[1]:equal(other(X)))
      assert.is_true(trains[2]:equal(other(X)))
    end)

    it("neither sees nor changes what else is drawn", function()
      local one = encoder(class, { generator = snn.Generator { seed = 3 } })
      local before = one(X)
      snn.manual_seed(5)
      local numbers = snn.rand(4)
      one.generator:manual_seed(3)
      snn.manual_seed(5)
      assert.is_true(before:equal(one(X)))
      assert.is_true(numbers:equal(snn.rand(4)))
    end)

    it("gives the same step by step, also when others draw in between", function()
      local one = encoder(class, { generator = snn.Generator { seed = 3 } })
      local whole = one(X)
      one.generator.seed = 3
      local t = 0
      for spikes in one:steps_of(X) do
        t = t + 1
        snn.rand(2)
        assert.is_true(whole[t]:equal(spikes))
      end
      assert.equal(40, t)
    end)

    it("has it as part of its state", function()
      local one = encoder(class, { generator = snn.Generator { seed = 3 } })
      local other = encoder(class, { generator = snn.Generator { seed = 4 } })
      one(X)
      other:load_state_dict(one:state_dict())
      assert.equal(3, other.generator.seed)
      assert.is_true(one(X):equal(other(X)))
    end)

    it("shares one with others, and lets go of it", function()
      local g = snn.Generator { seed = 3 }
      local one, other = encoder(class, { generator = g }), encoder(class, { generator = g })
      assert.is_false(one(X):equal(other(X)))
      other.generator = snn.none
      assert.is_nil(other.generator)
      other.generator = g
      assert.equal(g, other.generator)
      assert.equal(2, g.stream_:item())
    end)
  end)
end
