local snn = require "snn"

local function read() end

local function classifier() return snn.MaxRateClassifier { shape = 4, num_classes = 2 } end

return {
  prepare = function()
    return {
      classifier = classifier(),
      rates = snn.tensor { { 1, 0, 0, 0 }, { 0, 1, 0, 0 } },
      labels = snn.tensor({ 1, 2 }, { dtype = "int64" }),
    }
  end,
  run = function(o)
    o.classifier(o.rates, o.labels)
    o.classifier(o.rates, nil, { logits = true })
    read(o.classifier.assignments, o.classifier.rates)
    classifier():update(o.rates, o.labels)
  end,
  check = function(o)
    o.classifier:update(o.rates, o.labels)
    assert(o.classifier:classify(o.rates):equal(o.labels))
  end,
}
