-- Names of Inferno: each is here, or it is said why not, and stands on the page.
local snn = require "snn"
local inferno = require "spec.every.inferno"

local function neuron()
  return snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
    refrac_t = 2, time_constant = 20 }
end

-- One object of each class whose members are listed.
local function objects()
  local layer, made = snn.Layer(), {}
  layer:add_connection("c", snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
    bias = true, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } })
  layer:add_neuron("n", neuron())
  made.layer, made.neuron, made.connection = layer, layer.neurons.n, layer.connections.c
  made.synapse, made.cell = made.connection.synapse, layer:add_cell("c", "n")
  made.connection.updater = made.connection:defaultupdater()
  made.updater, made.accumulator = made.connection.updater, made.connection.updater.weight
  made.encoder = snn.HomogeneousPoissonEncoder { steps = 2, step_time = 1, frequency = 5,
    generator = snn.Generator() }
  made.reducer = snn.EMAReducer { step_time = 1, alpha = 0.5 }
  made.fold = snn.FoldReducer { step_time = 1 }
  made.record = snn.RecordTensor { step_time = 1 }
  made.hook = snn.Hook { posthook = print }
  made.statehook = snn.StateHook { module = layer }
  made.monitor = snn.OutputMonitor { module = made.neuron, reducer = made.reducer }
  made.observable = snn.Observable { basis = layer, realign = "state_dict" }
  made.pool = snn.MonitorPool()
  made.trainer = snn.STDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }
  made.classifier = snn.MaxRateClassifier { shape = 2, num_classes = 2 }
  return made
end

-- What code in backticks stands for is there: `snn.a.b` and `x:method`.
local function missing_code(text, name)
  local out = {}
  for code in text:gsub("%*", name):gmatch "`([^`]+)`" do
    local path, method = code:match "^snn%.([%w_.]+)", code:match "^x:([%w_]+)"
    local at = path and snn or method and snn.zeros(1)
    for key in (path or method or ""):gmatch "[%w_]+" do
      local ok, value = pcall(function() return at[key] end)
      at = ok and value or nil
      if at == nil then
        out[#out + 1] = name .. ": " .. code
        break
      end
    end
  end
  return out
end

local function missing_in(rows, object)
  local out = {}
  for _, row in ipairs(rows) do
    for name in row[1]:gmatch "%S+" do
      if row[2] then
        table.move(missing_code(row[2], name), 1, 9, #out + 1, out)
      else
        local ok = pcall(function() return object[name] end)
        if not ok then out[#out + 1] = name end
      end
    end
  end
  return out
end

describe("names of Inferno", function()
  for _, module in ipairs(inferno.MODULES) do
    it("are here: " .. module[1], function() assert.same({}, missing_in(module[2])) end)
  end

  local made
  setup(function() made = objects() end)

  for _, class in ipairs(inferno.MEMBERS) do
    it("are members here: " .. class[1], function()
      assert.same({}, missing_in(class[3], assert(made[class[2]], class[2])))
    end)
  end

  it("are none where it is said so", function()
    local found = {}
    for _, module in ipairs(inferno.MODULES) do
      for _, row in ipairs(module[2]) do
        for name in (row[2]:find "^none:" and row[1] or ""):gmatch "%S+" do
          if rawget(snn, name) or rawget(snn.functional, name) then found[#found + 1] = name end
        end
      end
    end
    assert.same({}, found)
  end)

  it("are looked up: a name that is nowhere is found", function()
    assert.same({ "f: snn.functional.f" }, missing_in { { "f", "`snn.functional.*`" } })
    assert.same({ "exq: x:exq()" }, missing_in { { "exq", "`x:*()`" } })
    assert.same({ "voltages" }, missing_in({ { "voltage voltages", false } }, made.neuron))
  end)

  it("stand each once in its module, and all on the page", function()
    local file <close> = assert(io.open("lua/README.md", "rb"))
    assert.equal(inferno.page(), file:read "a",
      "lua/README.md is not what `build/snnlua spec/every/inferno.lua` writes")
    for _, module in ipairs(inferno.MODULES) do
      local seen = {}
      for _, row in ipairs(module[2]) do
        for name in row[1]:gmatch "%S+" do
          assert.is_nil(seen[name], name)
          seen[name] = true
        end
      end
    end
  end)
end)
