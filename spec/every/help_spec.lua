-- Every public name has help: a text that says more than the name and is no other's, units
-- where they exist, an example that runs and prints.
local snn = require "snn"
local every = require "spec.every.help"

local help = every.help

describe("help", function()
  local lacks, count = every.lacks()

  it("knows every public name, and each has a text, units and an example that runs", function()
    local wrong = {}
    for name, what in pairs(lacks) do wrong[#wrong + 1] = name .. " lacks: " .. what end
    table.sort(wrong)
    print(("%d public names, without help: %d"):format(count, #wrong))
    assert.same({}, wrong)
  end)

  it("counts what has no text or no example", function()
    local counts = help.counts()
    assert.equal(#help.names(), counts.names)
    for _, name in ipairs(counts.without) do
      assert.is_truthy(lacks[name:match "^(.-): %a+[%a, ]*$"], name)
    end
  end)

  it("knows all that is in snn, and each method and field of its classes", function()
    for name, value in pairs(snn) do
      if not name:find "^_" and name ~= "commands" then
        assert.is_table(help.entry("snn." .. name), name)
      end
      if type(value) == "table" and pcall(snn._debug.fields, value) then
        for _, field in ipairs(snn._debug.fields(value)) do
          assert.is_table(help.entry(name .. "." .. field.name), name .. "." .. field.name)
        end
      end
    end
  end)

  it("finds a name with and without snn, by dot or colon, and what a class inherits", function()
    for _, name in ipairs { "snn.Layer:add_cell", "Layer.add_cell", "Serial:add_cell" } do
      assert.equal("snn.Layer:add_cell", help.entry(name).name)
    end
  end)

  it("is of any value: a class, an object, a method, a tensor, what is none of it", function()
    local encoder = snn.LatencyEncoder { steps = 5, step_time = 1 }
    local cases = {
      { snn.LIF, "snn.LIF: a class below snn.Neuron" },
      { encoder, "an object of snn.LatencyEncoder" },
      { encoder.steps_of, "snn.Encoder:steps_of" },
      { snn.zeros(2, 3), "a tensor of shape {2, 3}, float32" },
      { snn.functional.sum, "snn.functional.sum" },
      { print, "https://www.lua.org/manual/5.4/manual.html#pdf-print" },
      { 5, "an integer" }, { nil, "no value" },
      { select(2, pcall(snn.LIF, {})), "an error, TypeError" },
      { function(a, b) return a, b end, "a function (a, b), " },
    }
    for i = 1, #cases do
      local text = help.text(cases[i][1], 200)
      assert.is_truthy(text:find(cases[i][2], 1, true), text)
    end
  end)

  it("is nil of a string that is no name, for which there is the nearest", function()
    assert.is_nil(help.text "LFI")
    assert.is_truthy(help.unknown("LFI"):find("did you mean 'LIF'", 1, true))
  end)

  it("names what an object, a class or a table has by a key", function()
    local neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -50 }
    assert.equal("snn.ExactNeuron.thresh_v", help.member(neuron, "thresh_v"))
    assert.equal("snn.Neuron.voltage", help.member(neuron, "voltage"))
    assert.equal("snn.Neuron:forward", help.member(snn.ExactNeuron, "forward"))
    assert.equal("snn.Tensor:sum", help.member(snn.zeros(1), "sum"))
    assert.equal("snn.functional.sum", help.member(snn.functional, "sum"))
    assert.is_nil(help.member(neuron, "nothing"))
    assert.is_nil(help.member("LIF", "thresh_v"))
  end)

  it("finds the function that failed: by the frames, or the word before the message", function()
    local failed = { error = "x.lua:3: add_cell: no connection", frames = {} }
    assert.is_truthy(help.failed(failed, 80):find("snn.Layer:add_cell", 1, true))
    failed = { error = "LIF: 2 arguments are missing", frames = { { func = print } } }
    assert.is_truthy(help.failed(failed, 80):find("snn.LIF", 1, true))
    failed = { error = select(2, pcall(snn.LIF, {})), frames = { { func = snn.Neuron.init } } }
    assert.is_truthy(help.failed(failed, 80):find("snn.LIF", 1, true))
    failed = { error = select(2, pcall(function() return snn.zeros(1).sume end)) }
    assert.is_truthy(help.failed(failed, 80):find("snn.Tensor", 1, true))
    failed = { error = "x.lua:1: bad argument #1 to 'rep'", frames = { { func = string.rep } } }
    assert.is_truthy(help.failed(failed, 80):find("string.rep", 1, true))
    failed = { error = "who knows", frames = { { func = print }, { func = snn.zeros } } }
    assert.is_truthy(help.failed(failed, 80):find("snn.zeros", 1, true))
  end)

  it("is no wider than the terminal, but for code and words that are longer", function()
    for _, width in ipairs { 40, 80, 200 } do
      for _, name in ipairs { "snn.LIF", "snn.STDP", "snn.Layer", "snn.functional", "snn.cat" } do
        local example = help.entry(name).example or ""
        for line in help.text(name, width):gmatch "[^\n]+" do
          local is_free = example:find(line:gsub("^  ", ""), 1, true) or not line:find "%S%s+%S"
          assert.is_truthy(is_free or #line <= width, ("%d: %s"):format(width, line))
        end
      end
    end
  end)

  it("tells of a model arguments with unit, range and default, and where it is from", function()
    local text = help.text("snn.LIF", 200)
    for _, part in ipairs { "time_constant dV/dt", "Neuronal Dynamics",
      "MOhm; resistance of the membrane (not 0; default 1)",
      "mV; voltage at which the neuron spikes (finite or math.huge)" } do
      assert.is_truthy(text:find(part, 1, true), part)
    end
  end)

  it("looks for words in all texts", function()
    local text = help.apropos("trace nearest", 100)
    assert.is_truthy(text:find("snn.trace.trace_nearest", 1, true))
    assert.is_nil(text:find("snn.eye", 1, true))
    assert.is_truthy(help.apropos("xyzzy"):find("nothing", 1, true))
  end)

  it("tells the source: file and line, and the text of what is in Lua", function()
    local text = help.source "snn.Layer:get_cell"
    local path, line = text:match "^(%S+):(%d+)\n"
    local at = 0
    for text_of_line in io.lines(path) do
      at = at + 1
      if at == tonumber(line) then
        assert.is_truthy(text_of_line:find("function Layer:get_cell", 1, true))
      end
    end
    assert.is_truthy(text:find("return get_cell(self, connection, neuron)", 1, true))
  end)

  it("names file and line of each model, where its descriptor is", function()
    for _, name in ipairs(help.names()) do
      local class = rawget(snn, name:gsub("^snn%.", ""))
      if type(class) == "table" and rawget(class, "equations") then
        local path, line = help.source(name):match "^(%S+):(%d+), the descriptor of "
        assert.is_truthy(path, help.source(name))
        local at, found = 0, nil
        for text in io.lines(path) do
          at = at + 1
          if at == tonumber(line) + 1 then found = text end
        end
        assert.is_truthy(found:find('"' .. name:gsub("^snn%.", "") .. '"', 1, true), found)
      end
    end
  end)

  it("leaves random numbers as they are", function()
    local before = snn.get_rng_state()
    help.text("snn.Cell", 80)
    assert.is_true(before:equal(snn.get_rng_state()))
  end)
end)
