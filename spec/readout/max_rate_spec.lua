local snn = require "snn"
local near = require "spec.near"

local function values(t) return t:flatten():totable() end

local function raises(kind, part, fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  assert.equal(kind, err.kind)
  assert.is_truthy(err.message:find(part, 1, true), err.message)
end

describe("MaxRateClassifier", function()
  local classifier, rates, labels

  -- two neurons, two classes; class 1 has samples 1 and 3, class 2 sample 2
  before_each(function()
    classifier = snn.MaxRateClassifier { shape = 2, num_classes = 2 }
    rates = snn.tensor { { 0.5, 0.25 }, { 0.25, 0.75 }, { 0.75, 0.0 } }
    labels = snn.tensor({ 1, 2, 1 }, { dtype = "int64" })
  end)

  context("before the first update", function()
    it("knows no rates", function() assert.same({ 0, 0, 0, 0 }, values(classifier.rates)) end)

    it("assigns no neuron to a class", function()
      assert.same({ 0, 0 }, values(classifier.assignments))
      assert.same({ 0, 0 }, values(classifier.occurrences))
    end)

    it("gives logits of 0", function()
      assert.same({ 0, 0, 0, 0, 0, 0 }, values(classifier:regress(rates)))
    end)

    it("predicts class 0, which is none", function()
      assert.same({ 0, 0, 0 }, values(classifier:classify(rates)))
      assert.same({ 0, 0, 0 }, values((classifier(rates))))
    end)
  end)

  context("after an update", function()
    before_each(function() classifier:update(rates, labels) end)

    it("has the mean rate of each neuron in each class", function()
      near({ 0.625, 0.25, 0.125, 0.75 }, classifier.rates)
    end)

    it("has proportions that sum to 1 for each neuron", function()
      near({ 0.625 / 0.875, 0.25 / 0.875, 0.125 / 0.875, 0.75 / 0.875 }, classifier.proportions)
    end)

    it("assigns each neuron to the class of its greatest rate", function()
      assert.same({ 1, 2 }, values(classifier.assignments))
      assert.same({ 1, 1 }, values(classifier.occurrences))
    end)

    it("adds the means of later updates", function()
      classifier:update(rates, labels)
      near({ 1.25, 0.5, 0.25, 1.5 }, classifier.rates)
    end)

    it("weights logits by proportions", function()
      local logits = classifier:regress(snn.tensor { { 0.5, 0.25 } })
      near({ 0.5 * 0.625 / 0.875, 0.25 * 0.75 / 0.875 }, logits)
    end)

    it("gives plain mean rates when not proportional", function()
      local x = snn.tensor { { 0.5, 0.25 } }
      near({ 0.5, 0.25 }, classifier:regress(x, { proportional = false }))
    end)

    it("predicts the class of the greatest logit, the first of equal ones", function()
      local x = snn.tensor { { 0.5, 0.25 }, { 0.25, 0.5 }, { 0.25, 0.25 } }
      assert.same({ 1, 2, 1 }, values(classifier:classify(x, { proportional = false })))
    end)

    it("predicts 0 for a sample without spikes", function()
      local x = snn.tensor { { 0.5, 0.25 }, { 0, 0 } }
      assert.same({ 1, 0 }, values(classifier:classify(x)))
      local spikes = snn.zeros({ 7, 1, 2 }, { dtype = "bool" })
      assert.same({ 0 }, values((classifier(spikes))))
    end)
  end)

  context("of neurons some of which never spiked", function()
    -- class 2 for the first neuron, class 1 for the third, none for the second
    before_each(function()
      classifier = snn.MaxRateClassifier { shape = 3, num_classes = 2 }
      classifier:update(snn.tensor { { 0, 0, 0.5 }, { 0.25, 0, 0 } },
        snn.tensor({ 1, 2 }, { dtype = "int64" }))
    end)

    it("assigns and counts those that did", function()
      assert.same({ 2, 0, 1 }, values(classifier.assignments))
      assert.same({ 1, 1 }, values(classifier.occurrences))
      near({ 0, 1, 0, 0, 1, 0 }, classifier.proportions)
    end)

    for _, proportional in ipairs { true, false } do
      it("gives the others no vote, proportional or not", function()
        local x = snn.tensor { { 0.25, 1, 0.125 }, { 0, 1, 0 } }
        local options = { proportional = proportional }
        near({ 0.125, 0.25, 0, 0 }, classifier:regress(x, options))
        assert.same({ 2, 0 }, values(classifier:classify(x, options)))
      end)
    end

    it("assigns them when they spike", function()
      classifier:update(snn.tensor { { 0, 0.5, 0 } }, snn.tensor({ 2 }, { dtype = "int64" }))
      assert.same({ 2, 2, 1 }, values(classifier.assignments))
      assert.same({ 1, 2 }, values(classifier.occurrences))
    end)
  end)

  it("divides a logit by the neurons of its class", function()
    classifier = snn.MaxRateClassifier { shape = 3, num_classes = 3 }
    classifier.rates = snn.tensor { { 1, 0, 0 }, { 1, 0, 0 }, { 0, 0, 1 } }
    assert.same({ 2, 0, 1 }, values(classifier.occurrences))
    near({ 0.3, 0, 0.5 }, classifier:regress(snn.tensor { { 0.2, 0.4, 0.5 } }))
  end)

  it("fades the rates of the classes that it sees, by their samples", function()
    classifier = snn.MaxRateClassifier { shape = 1, num_classes = 3, decay = 0.5 }
    classifier.rates = snn.tensor { { 1, 2, 3 } }
    classifier:update(snn.tensor { { 0.5 }, { 0.7 }, { 0.1 } },
      snn.tensor({ 1, 1, 3 }, { dtype = "int64" }))
    near({ math.exp(-1) + 0.6, 2, 3 * math.exp(-0.5) + 0.1 }, classifier.rates)
  end)

  it("averages spikes (time, batch, ...) over time", function()
    local spikes = snn.tensor({ { { 1, 0 } }, { { 1, 1 } }, { { 0, 0 } }, { { 1, 0 } } },
      { dtype = "bool" })
    classifier:update(spikes, snn.tensor({ 2 }, { dtype = "int64" }))
    near({ 0, 0.75, 0, 0.25 }, classifier.rates)
  end)

  it("takes spikes (batch, ...) as 0 and 1", function()
    classifier:update(snn.tensor({ { 1, 0 } }, { dtype = "bool" }),
      snn.tensor({ 1 }, { dtype = "int64" }))
    near({ 1, 0, 0, 0 }, classifier.rates)
  end)

  it("takes transposed rates and strided labels", function()
    local view = rates:transpose(1, 2):contiguous():transpose(1, 2)
    local pairs_of = snn.tensor({ { 1, 9 }, { 2, 9 }, { 1, 9 } }, { dtype = "int64" })
    classifier:update(view, pairs_of:select(2, 1))
    near({ 0.625, 0.25, 0.125, 0.75 }, classifier.rates)
  end)

  it("has fields in the shape of the group", function()
    classifier = snn.MaxRateClassifier { shape = { 2, 3 }, num_classes = 4 }
    assert.same({ 2, 3, 4 }, classifier.rates.shape)
    assert.same({ 2, 3 }, classifier.assignments.shape)
    assert.same({ 4 }, classifier.occurrences.shape)
    assert.same({ 5, 4 }, classifier:regress(snn.zeros(5, 2, 3)).shape)
  end)

  context("called", function()
    it("predicts with what it knew before the update", function()
      local predictions = classifier(rates, labels)
      assert.same({ 0, 0, 0 }, values(predictions))
      assert.same({ 1, 2, 1 }, values(classifier(rates)))
    end)

    it("returns predictions and logits with logits = true", function()
      classifier:update(rates, labels)
      local predictions, logits = classifier(rates, nil, { logits = true })
      assert.same({ 1, 2, 1 }, values(predictions))
      assert.same(values(classifier:regress(rates)), values(logits))
    end)

    it("returns nothing with logits = snn.none", function()
      assert.equal(0, select("#", classifier(rates, labels, { logits = snn.none })))
      near({ 0.625, 0.25, 0.125, 0.75 }, classifier.rates)
    end)

    it("learns nothing without labels", function()
      classifier(rates)
      assert.same({ 0, 0, 0, 0 }, values(classifier.rates))
    end)
  end)

  context("as state", function()
    it("is its rates, from which the rest follows", function()
      classifier:update(rates, labels)
      local state = classifier:state_dict()
      assert.same({ "rates" }, { next(state), next(state, (next(state))) })
      local other = snn.MaxRateClassifier { shape = 2, num_classes = 2 }
      other:load_state_dict(state)
      assert.same(values(classifier.proportions), values(other.proportions))
      assert.same({ 1, 2 }, values(other.assignments))
    end)

    it("does not change what was read before", function()
      local before = classifier.rates
      classifier:update(rates, labels)
      assert.same({ 0, 0, 0, 0 }, values(before))
    end)
  end)

  context("given what it cannot take", function()
    it("names an unknown label", function()
      labels[2] = 3
      raises("ValueError", "got 3", classifier.update, classifier, rates, labels)
      labels[2] = 0
      raises("ValueError", "got 0", classifier, rates, labels)
      assert.same({ 0, 0, 0, 0 }, values(classifier.rates))
    end)

    it("refuses labels that are no int64 or not one a sample", function()
      raises("TypeError", "int64", classifier, rates, snn.tensor { 1, 2, 1 })
      raises("ValueError", "{3}", classifier, rates, snn.tensor({ 1, 2 }, { dtype = "int64" }))
      raises("TypeError", "labels", classifier, rates, 3)
    end)

    it("refuses inputs of another shape", function()
      raises("ValueError", "{4, 3}", classifier, snn.zeros(4, 3))
      raises("ValueError", "{2}", classifier, snn.zeros(2))
      raises("ValueError", "{0, 3, 2}", classifier, snn.zeros(0, 3, 2))
      raises("TypeError", "inputs", classifier, {})
    end)

    it("refuses rates of another shape", function()
      raises("ValueError", "{2, 2}", function() classifier.rates = snn.zeros(2, 3) end)
      raises("AttributeError", "assignments", function() classifier.assignments = labels end)
    end)

    for what, value in pairs { NaN = 0 / 0, infinity = 1 / 0, ["a negative rate"] = -0.25 } do
      for _, dtype in ipairs { "float32", "float64" } do
        it(("refuses %s in %s and stays as it was"):format(what, dtype), function()
          classifier:update(rates, labels)
          local wrong = rates:to(dtype)
          wrong[2][1] = value
          local text = "'inputs' must be finite and at least 0"
          for _, method in ipairs { "update", "forward", "classify", "regress" } do
            raises("ValueError", text, classifier[method], classifier, wrong,
              (method == "update" or method == "forward") and labels or nil)
          end
          raises("ValueError", "at index (2, 1)", classifier, wrong)
          raises("ValueError", "at index (1, 2, 1)", classifier, wrong:unsqueeze(1))
          local learned = classifier.rates:to(dtype):clone()
          learned[1][2] = value
          raises("ValueError", "'rates' must be finite and at least 0", function()
            classifier.rates = learned
          end)
          raises("ValueError", "rates", classifier.load_state_dict, classifier, { rates = learned })
          near({ 0.625, 0.25, 0.125, 0.75 }, classifier.rates)
          assert.same({ 1, 2 }, values(classifier.assignments))
        end)
      end
    end

    it("refuses negative spikes that a mean over time would hide", function()
      raises("ValueError", "got -1 at index (2, 1, 1)", classifier,
        snn.tensor { { { 1, 0 } }, { { -1, 0 } } })
    end)

    it("refuses rates that are beyond float32, given or learned", function()
      local huge = snn.tensor({ { 1e39, 0 } }, { dtype = "float64" })
      raises("ValueError", "inputs", classifier, huge)
      local most = snn.full({ 1, 2 }, 2 ^ 127)
      local one = snn.tensor({ 1 }, { dtype = "int64" })
      classifier:update(most, one)
      raises("ValueError", "rates", classifier.update, classifier, most, one)
      near({ 2 ^ 127, 0, 2 ^ 127, 0 }, classifier.rates)
    end)

    it("refuses unknown options and values", function()
      raises("TypeError", "logits", classifier, rates, nil, { logit = true })
      raises("TypeError", "logits", classifier, rates, nil, { logits = 1 })
      raises("TypeError", "proportional", classifier, rates, nil, { proportional = 1 })
      raises("TypeError", "logits", classifier.regress, classifier, rates, { logits = true })
    end)

    it("refuses arguments out of range", function()
      local new = snn.MaxRateClassifier
      raises("ValueError", "num_classes", new, { shape = 2, num_classes = 0 })
      raises("ValueError", "decay", new, { shape = 2, num_classes = 2, decay = -1 })
      raises("TypeError", "num_classes", new, { shape = 2 })
    end)
  end)
end)
