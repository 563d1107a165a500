-- `:profile`: who takes the time of a call; and Ctrl-C in commands.
local typed = require "spec.app.typed"

local NETWORK <const> = [[
layer = snn.Layer()
for _, name in ipairs { "exc", "inh" } do
  layer:add_neuron(name, snn.LIF { shape = 3, step_time = 1, rest_v = -60, reset_v = -65,
    thresh_v = -50, refrac_t = 2, time_constant = 20 })
  layer:add_connection("to_" .. name, snn.LinearDense { in_shape = 4, out_shape = 3,
    step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } })
end
function layer:wiring(inputs) return { exc = inputs.to_exc, inh = inputs.to_inh } end
layer.connections.to_exc.updater = layer.connections.to_exc:defaultupdater()
trainer = snn.STDP { lr_post = 5e-2, lr_pre = -5e-2, tc_post = 30, tc_pre = 30 }
trainer:register_cell("cell", layer:add_cell("to_exc", "exc"))
function run(n)
  snn.manual_seed(3)
  for _ = 1, n do
    local x = snn.rand(1, 4):gt(0.2)
    layer { to_exc = x, to_inh = x }
    trainer()
    layer:update()
  end
  return tostring(layer.connections.to_exc.weight)
end
]]

---Rows of a table: name -> { kind, calls, share }; and their names in order.
local function rows_of(text)
  local rows, names = {}, {}
  for line in text:gmatch "[^\n]+" do
    local name, kind, calls, ms, share =
      line:match "^(.-)  +(.-)  +(%d*) +([%d.]+) ms +[%d.]* +([%d.]+) %%$"
    if name then
      rows[name] = { kind = kind, calls = tonumber(calls), ms = tonumber(ms),
        share = tonumber(share) }
      names[#names + 1] = name
    end
  end
  return rows, names
end

describe(":profile", function()
  local answers, rows, names

  lazy_setup(function()
    local inputs = {}
    for line in NETWORK:gmatch "[^\n]+" do inputs[#inputs + 1] = line end
    local first = #typed(inputs) -- what the blocks of it are
    table.move({
      "local at = snn.snapshot { layer = layer, trainer = trainer }", ":profile run(20)",
      "local a = _",
      "at:restore()", "local b = run(20)", "a == b, #a > 20", ":profile error 'no'",
      "run(2) == run(2)", ":profile for i = 1, 3 do pcall(layer, 5) pcall(trainer, {}) end",
      ":profile", ":profile layer {",
      ":profile coroutine.wrap(function() run(4) end)()",
      "snn._debug.interrupt_after(200)", ":profile while true do run(10) end", "1 + 1",
      "snn._debug.interrupt_after(200)", ":bench run(10)", "1 + 1",
      "snn._debug.interrupt_after(200)", ":time while true do run(10) end", "1 + 1",
      }, 1, 30, #inputs + 1, inputs)
    answers = table.move(typed(inputs), first, first + 40, 1, {})
    rows, names = rows_of(answers[2])
  end)

  it("tells each member, its kind and its calls", function()
    for name, kind in pairs { ["layer.to_exc"] = "connection", ["layer.to_inh"] = "connection",
      ["layer.exc"] = "neuron", ["layer.inh"] = "neuron", ["layer.wiring"] = "wiring",
      ["layer.to_exc to exc"] = "recording", trainer = "trainer", update = "update",
      layer = "layer, the rest" } do
      local row = rows[name] or {}
      assert.same({ kind, 20 }, { row.kind, row.calls }, name .. answers[2])
    end
  end)

  it("sorts them, and tells what is left", function()
    for i = 2, #names - 2 do
      assert.truthy(rows[names[i - 1]].ms >= rows[names[i]].ms, answers[2])
    end
    assert.same({ "Lua", "total" }, { names[#names - 1], names[#names] })
    local sum = 0
    for i = 1, #names - 1 do sum = sum + rows[names[i]].share end
    assert.truthy(math.abs(sum - 100) < 1, answers[2])
  end)

  it("changes no bits, and keeps the values", function()
    assert.equal("true\ttrue", answers[6])
  end)

  it("ends with an error of what it runs, and tells what there is", function()
    assert.truthy(answers[7]:find "^stdin:1: no\n.*\nLua +all else", answers[7])
  end)

  it("goes on behind errors that what it runs has caught", function()
    local caught = rows_of(answers[9])
    assert.equal(3, caught.layer.calls)
  end)

  it("tells its usage, and what is no Lua", function()
    assert.equal("usage: :profile expr", answers[10])
    assert.truthy(answers[11]:find "^stdin:1: .*near <eof>", answers[11])
  end)

  it("measures in coroutines", function()
    assert.equal(4, rows_of(answers[12])["layer.exc"].calls)
  end)

  it("tells by Ctrl-C what there is", function()
    assert.truthy(answers[14]:find "interrupted", answers[14])
    assert.truthy(rows_of(answers[14])["layer.exc"].calls >= 10, answers[14])
    assert.equal("2", answers[15])
  end)

  it("so does :bench, and :time ends", function()
    assert.truthy(answers[17]:find "median .*%d rounds? of %d+ calls?%)", answers[17])
    assert.truthy(answers[20]:find "interrupted", answers[20])
    assert.same({ "2", "2" }, { answers[18], answers[21] })
  end)
end)
