local snn = require "snn"

local function dense(weight)
  local connection = snn.LinearDense{ in_shape = 1, out_shape = 1, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor{ spike_charge = 1 } }
  connection.weight = snn.tensor{ { weight } }
  return connection
end

local function lif(thresh)
  return snn.LIF{ shape = 1, step_time = 1, rest_v = 0, reset_v = 0, thresh_v = thresh or 1000,
    refrac_t = 0, time_constant = 1e9 }
end

local function biclique(combine, more)
  local args = { connections = { { "a", dense(6) }, { "b", dense(2) } },
    neurons = { { "x", lif() }, { "y", lif() } }, combine = combine }
  for k, v in pairs(more or {}) do args[k] = v end
  return snn.Biclique(args)
end

local SPIKE = snn.ones(1, 1)

-- The current that both groups have got: that of an adder of voltages.
local function current_of(layer, inputs)
  local seen
  local wiring = layer.wiring
  layer.wiring = function(self, currents, kwargs)
    local out = wiring(self, currents, kwargs)
    seen = { x = out.x:item(), y = out.y:item() }
    return out
  end
  layer(inputs or { a = SPIKE, b = SPIKE })
  return seen
end

describe("Biclique", function()
  it("makes the cell of every connection with every neuron", function()
    local names = {}
    for c, n in biclique():named_cells() do names[#names + 1] = c .. n end
    assert.same({ "ax", "ay", "bx", "by" }, names)
  end)

  for combine, want in pairs { sum = 8, mean = 4, prod = 12, min = 2, max = 6, SUM = 8 } do
    it("combines currents by " .. combine, function()
      assert.same({ x = want, y = want }, current_of(biclique(combine)))
    end)
  end

  it("adds when nothing is said", function()
    assert.equal(8, current_of(biclique()).x)
  end)

  it("may combine in another way", function()
    local layer = biclique()
    assert.equal("sum", layer.combine)
    layer.combine = "Mean"
    assert.same({ "Mean", 4 }, { layer.combine, current_of(layer).x })
    layer.combine = function(currents) return currents.a - currents.b end
    assert.equal(4, current_of(layer).x)
    for kind, value in pairs { ValueError = "men", TypeError = 3 } do
      local ok, err = pcall(function() layer.combine = value end)
      assert.is_false(ok)
      assert.equal(kind, err.kind)
    end
    assert.equal(4, current_of(layer).x)
    layer.combine = snn.none
    assert.equal(8, current_of(layer).x)
  end)

  it("combines only the connections that ran", function()
    assert.equal(2, current_of(biclique("mean"), { b = SPIKE }).y)
  end)

  it("combines by a function of the currents by name", function()
    local layer = biclique(function(currents) return currents.a - currents.b end)
    assert.equal(4, current_of(layer).x)
  end)

  it("hands the other options of forward to that function", function()
    local got
    local layer = biclique(function(currents, kwargs) got = kwargs.gain; return currents.a end)
    layer:forward({ a = SPIKE, b = SPIKE }, { gain = 3 })
    assert.equal(3, got)
  end)

  it("applies the functions of connections and neurons", function()
    local layer = biclique("sum", {
      connections = { { "a", dense(6), function(t) return t * 10 end }, { "b", dense(2) } },
      neurons = { { "x", lif() }, { "y", lif(), function(t) return t + 1 end } },
    })
    assert.same({ x = 62, y = 63 }, current_of(layer))
  end)

  it("gives results of shape (batch, ...)", function()
    local out = biclique()({ a = SPIKE, b = SPIKE })
    assert.same({ 1, 1 }, out.x.shape)
  end)

  it("refuses to add and delete", function()
    local layer = biclique()
    local ok, err = pcall(layer.add_connection, layer, "c", dense(1))
    assert.is_false(ok)
    assert.equal("RuntimeError", err.kind)
    assert.equal("Biclique does not support adding connections", err.message)
  end)

  local WRONG = {
    { "an empty list", { connections = {} }, "ValueError" },
    { "an entry of one element", { connections = { { "a" } } }, "ValueError" },
    { "an entry of four", { connections = { { "a", dense(1), print, 1 } } }, "ValueError" },
    { "a function that is none", { neurons = { { "x", lif(), 5 } } }, "TypeError" },
    { "an entry that is no list", { neurons = { lif() } }, "TypeError" },
    { "an unknown combination", { combine = "men" }, "ValueError" },
    { "a combination that is a number", { combine = 3 }, "TypeError" },
    { "an unknown argument", { combin = "sum" }, "TypeError" },
    { "a name twice", { connections = { { "a", dense(1) }, { "a", dense(1) } } }, "RuntimeError" },
    { "a name that is none", { connections = { { "a b", dense(1) } } }, "ValueError" },
  }
  for _, case in ipairs(WRONG) do
    it("refuses " .. case[1], function()
      local ok, err = pcall(biclique, nil, case[2])
      assert.is_false(ok)
      assert.equal(case[3], err.kind)
    end)
  end

  it("names the connections whose shapes differ", function()
    local layer = biclique("sum", { connections = {
      { "a", dense(6) }, { "b", dense(2), function() return snn.ones(1, 3) end } } })
    local ok, err = pcall(layer, { a = SPIKE, b = SPIKE })
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
    assert.truthy(err.message:find("'a' gives shape {1, 1}, 'b' gives {1, 3}", 1, true))
  end)
end)
