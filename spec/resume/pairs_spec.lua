-- The design of the networks that resume (pairs.lua), and the networks themselves.
local snn = require "snn"
local design = require "spec.resume.pairs"
local models = require "spec.every.models"
local trainers = require "spec.every.trainers"
local Network = require "spec.resume.network"
local prints = require "spec.resume.prints"

describe("the design of networks that resume", function()
  -- The pairs of values of two factors that some row has.
  local function met(a, b)
    local found = {}
    for _, row in ipairs(design.rows()) do
      found[tostring(row[a]) .. " " .. tostring(row[b])] = true
    end
    return found
  end

  it("has each pair of values that go together", function()
    for a, of_a in pairs(design.values) do
      for b, of_b in pairs(design.values) do
        local found = a < b and met(a, b) or {}
        for _, va in ipairs(a < b and of_a or {}) do
          for _, vb in ipairs(of_b) do
            local needs = a == "delay" and va == "none" and b == "rule" and vb ~= "own"
              and trainers.needs_delays(vb)
            local name = tostring(va) .. " " .. tostring(vb)
            assert.equal(not needs, found[name] or false, a .. ", " .. b .. ": " .. name)
          end
        end
      end
    end
  end)

  it("has all models and rules of the library", function()
    for factor, family in pairs { neuron = "Neuron", synapse = "Synapse", encoder = "Encoder",
      connection = "Connection", rule = "IndependentCellTrainer" } do
      local listed = {}
      for _, name in ipairs(design.values[factor]) do listed[name] = true end
      for _, name in ipairs(models.below(snn[family])) do
        if rawget(snn[name], "arguments") then assert.is_true(listed[name], name) end
      end
    end
  end)

  it("has at least 200 networks, the same each time", function()
    assert.is_true(#design.rows() >= 200)
    assert.same(design.row(100003), design.row(100003))
  end)
end)

describe("a network of the design", function()
  local path, mode

  setup(function() mode, path = snn.warnings(false), os.tmpname() end)
  teardown(function()
    snn.warnings(mode)
    os.remove(path)
  end)

  local function played(seed, draws)
    os.remove(path)
    local net = Network.build(seed, { file = path })
    if draws then snn.rand(1) end
    net:run()
    return prints.of(net)
  end

  for seed = 5, 200, 39 do
    it(("%d has the same bits again, others with other random numbers"):format(seed), function()
      local first, other = played(seed), played(seed, "draws")
      assert.same({}, prints.differences(first, played(seed)))
      first[prints.random], other[prints.random] = nil, nil
      assert.are_not.same({}, prints.differences(first, other))
    end)
  end
end)
