-- Slow decays of what MaxRateClassifier has learned, in float32.
local snn = require "snn"

local STEPS <const> = 200000
local silence, label = snn.zeros(1, 2), snn.tensor({ 1 }, { dtype = "int64" })

local function make(decay)
  return snn.MaxRateClassifier { shape = 2, num_classes = 2, decay = decay }
end

describe("MaxRateClassifier of a small decay", function()
  for _, decay in ipairs { 1e-9, 1e-7, 1e-5 } do
    it(("forgets exp(-decay) for each of 200,000 samples: %g"):format(decay), function()
      local classifier = make(decay)
      classifier:update(snn.tensor { { 1, 0.5 } }, label)
      for _ = 1, STEPS do classifier:update(silence, label) end
      local left = math.exp(-STEPS * decay)
      assert.near(1, (1 - classifier.rates[1][1]) / (1 - left), 0.01)
      assert.near(1, classifier.rates[2][1] / (0.5 * left), 1e-6)
    end)
  end

  it("goes on in the same bits from its state", function()
    local one, other = make(1e-7), make(1e-7)
    one:update(snn.tensor { { 1, 0.5 } }, label)
    for _ = 1, 100 do one:update(silence, label) end
    other:load_state_dict(one:state_dict())
    assert.is_true(one.fine:ne(0):any():item())
    for _ = 1, 100 do
      one:update(silence, label)
      other:update(silence, label)
    end
    assert.is_true(one.rates:equal(other.rates) and one.fine:equal(other.fine))
  end)

  it("begins without a rest where rates are set, as in a state of an older version", function()
    local one = make(1e-7)
    one:update(snn.tensor { { 1, 0.5 } }, label)
    for _ = 1, 100 do one:update(silence, label) end
    local state = one:state_dict()
    state.fine = nil
    local other = make(1e-7)
    other:load_state_dict(state)
    assert.is_nil(other.fine)
    assert.is_true(one.rates:equal(other.rates))
    local ok, err = pcall(function() other.fine = snn.zeros(3) end)
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
  end)

  it("is 0 below the smallest normal number", function()
    local classifier = make(1)
    classifier:update(snn.tensor { { 1, 1 } }, label)
    for n = 1, 90 do
      classifier:update(silence, label)
      local rate = classifier.rates[1][1]
      assert.is_true(rate == 0 or rate >= 2.0 ^ -126)
      assert.equal(n >= 88, rate == 0) -- 126 log(2) = 87.3
    end
  end)
end)
