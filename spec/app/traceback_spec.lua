-- What is told of an error that crossed the engine: all frames of the script.
local snn = require "snn"
local support = require "spec.support"

-- Two layers, and a file of its own for what fails: fail(value). The first lines
-- of every script, which count.
local LAYERS = [[
local fail = dofile(os.getenv "OTHER").fail
local ONES = snn.ones(1, 2)
local function make(wiring, changes)
  local enc = { in_shape = 2, out_shape = 2, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 } }
  for k, v in pairs(changes or {}) do enc[k] = v end
  local layer = snn.Layer { wiring = wiring or function(_, i) return { exc = i.enc } end }
  layer:add_connection("enc", snn.LinearDense(enc))
  layer:add_neuron("exc", snn.LIF { shape = 2, step_time = 1, rest_v = -65, reset_v = -60,
    thresh_v = -52, refrac_t = 3, time_constant = 20 })
  return layer
end
]]
local OTHER = [[
local M = {}
function M.fail(value)
  local message = value or "no luck"
  error(message)
end
return M
]]

local paths

local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

---What the program tells of this script, which fails; its files are "main" and
---"other", its lines are counted behind LAYERS.
local function told_of(script)
  write(paths.main, LAYERS .. script)
  write(paths.other, OTHER)
  local _, before = LAYERS:gsub("\n", "")
  local result = support.snnlua(paths.main, { env = { OTHER = paths.other } })
  assert.equal(1, result.code)
  for name, path in pairs(paths) do
    result.err = result.err:gsub(path:gsub("%p", "%%%0") .. ":(%d+)", function(line)
      return name .. ":" .. math.tointeger(line) - (name == "main" and before or 0)
    end)
  end
  return result.err
end

---Its frames of the script, innermost first.
local function frames_of(script)
  local frames, text = {}, told_of(script)
  for frame in text:match("\nstack traceback:(.*)"):gmatch("\n\t(%a+:%d+): in [^\n]*") do
    frames[#frames + 1] = frame
  end
  return table.concat(frames, " "), text
end

describe("a traceback", function()
  before_each(function() paths = { main = support.file(), other = support.file() } end)
  after_each(function() for _, path in pairs(paths) do os.remove(path) end end)

  it("has the frames of a hook in a second layer's step in a wiring, once, in order", function()
    local text = told_of [[
local inner = make()
local function check(value) fail(value); return true end
inner.neurons.exc:register_forward_hook(function()
  return check() and nil
end)
local function feed() return (inner { enc = ONES }).exc end
local outer = make(function(_, inputs)
  local more = feed()
  return { exc = inputs.enc + more }
end)
local function main() return (outer { enc = ONES }) end
main()
]]
    local got = {}
    for line in text:gmatch("[^\n]+") do
      if not line:find("^\t%[C%]") then got[#got + 1] = line end
    end
    assert.same({
      "snnlua: other:4: no luck",
      "stack traceback:",
      "\tother:4: in upvalue 'fail'",
      "\tmain:2: in upvalue 'check'",
      "\tmain:4: in function <main:3>",
      "\tmain:6: in upvalue 'feed'",
      "\tmain:8: in function <main:7>",
      "\tmain:11: in local 'main'",
      "\tmain:12: in main chunk",
    }, got)
    assert.truthy(text:find("traceback:\n\t[C]: in function 'error'\n", 1, true))
    assert.truthy(text:find("\n\t%[C%]: in %?\n$"))
  end)

  for name, script in pairs {
    ["a wiring"] = [[
local layer = make(function() fail() end)
print(layer { enc = ONES })
]],
    -- (called by make, among the lines that do not count)
    ["an initialiser"] = [[
local init = function() fail() end
print(make(nil, { weight_init = init }))
]],
    ["a hook of a connection"] = [[
local layer = make() layer.connections.enc:register_forward_hook(function() fail() end)
print(layer { enc = ONES })
]],
    ["a hook of a synapse"] = [[
local layer = make() layer.connections.enc.synapse:register_forward_hook(function() fail() end)
print(layer { enc = ONES })
]],
    ["a criterion"] = [[
local r = snn.EventReducer { step_time = 1, criterion = function() fail() end }
print(r(ONES))
]],
    ["a monitor's criterion in a step"] = [[
local r = snn.EventReducer { step_time = 1, criterion = function() fail() end }; local l = make()
local m = snn.OutputMonitor { reducer = r, module = l.neurons.exc }; print(m, l { enc = ONES })
]],
    ["an accumulator's reduction"] = [[
local l, cut = make(), function() fail() end; local u = l.connections.enc:defaultupdater()
u.weight:reduction(cut); u.weight.pos = snn.ones(2, 2); l.connections.enc.updater = u l:update()
]],
    ["a module's forward"] = [[
local C = snn.class("C", snn.Module) function C.forward() fail() end
print(C()())
]],
  } do
    it("has the frames of " .. name, function()
      local frames, text = frames_of(script)
      assert.equal("other:4 main:1 main:2", frames, text)
    end)
  end

  it("has the frames of a kernel", function()
    assert.equal("other:4 main:2 main:6", (frames_of [[
local l = make() l.connections.enc.updater = l.connections.enc:defaultupdater()
local function kernel() fail() end
local t = snn.KernelSTDP { kernel_post = kernel, kernel_pre = kernel,
  kernel_post_kwargs = {}, kernel_pre_kwargs = {} }
t:register_cell("cell", l:add_cell("enc", "exc")) l { enc = ONES }
t()
]]))
  end)

  it("has the frames of a reduction in a call with a signal", function()
    assert.equal("other:4 main:2 main:7", (frames_of [[
local l = make() l.connections.enc.updater = l.connections.enc:defaultupdater()
local function cut() fail() end
local t = snn.MSTDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20, batch_reduction = cut }
t:register_cell("cell", l:add_cell("enc", "exc"))
l { enc = ONES }
l { enc = ONES }
t(1)
]]))
  end)

  it("has the frames of a part's own clear", function()
    assert.equal("other:4 main:2 main:5", (frames_of [[
local Mine = snn.class("Mine", snn.LIF)
function Mine:clear() fail() end
local l = snn.Layer() l:add_neuron("mine", Mine { shape = 2, step_time = 1, rest_v = -65,
  reset_v = -60, thresh_v = -52, refrac_t = 3, time_constant = 20 })
l:clear()
]]))
  end)

  it("has the frames of a batch's reduction of adaptations", function()
    assert.equal("other:4 main:2 main:7", (frames_of [[
local l = snn.ALIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_eq_v = -50,
  batch_reduction = function() fail() end,
  refrac_t = 2, tc_membrane = 20, tc_adaptation = 50, spike_increment = 1, batch_size = 2 }
l:train()
local x = snn.ones(2, 2)
for _ = 1, 9 do
  l(x * 100)
end
]]))
  end)

  it("has the frames of a yield, which the engine refuses", function()
    local frames, text = frames_of [[
local function wait() coroutine.yield() end
local layer = make(function() wait() end)
print(layer { enc = ONES })
]]
    assert.equal("main:1 main:2 main:3", frames)
    assert.truthy(text:find("^snnlua: main:3: RuntimeError: a function called by the engine"))
  end)

  it("has all frames of a way that is longer than 21", function()
    assert.equal("other:4 " .. ("main:1 "):rep(30) .. "main:2 main:3 main:4", (frames_of [[
local function deep(n) if n == 0 then fail() end return (deep(n - 1)) end
local layer = make(function() deep(29) end)
local function main() return (layer { enc = ONES }) end
main()
]]))
  end)

  it("leaves out the middle of a recursion without end", function()
    local frames, text = frames_of [[
local function deep() return 1 + deep() end
local layer = make(function() deep() end)
print(layer { enc = ONES })
]]
    assert.truthy(text:find("stack overflow", 1, true))
    assert.truthy(text:find("%.%.%.\t%(skipping %d+ levels%)"))
    assert.truthy(frames:find("main:1 main:2 main:3$"))
    assert.truthy(#text < 10000)
  end)

  it("has the frames of a layer that runs another in each step without end", function()
    local frames = frames_of [[
local function run() return make(function() return run() end) { enc = ONES } end
local layer = make(function() while true do run() end end)
print(layer { enc = ONES })
]]
    assert.truthy(frames:find("main:2 main:3$"), frames)
  end)

  it("is missing where there is no memory: Lua asks no handler then", function()
    local text = told_of [[
local layer = make(function() return io.open(arg[0]):read(1 << 46) end)
print(layer { enc = ONES })
]]
    assert.truthy(text:find("snnlua: not enough memory\n$")) -- behind what a sanitiser says
  end)

  it("is that of the last error, whatever was caught before", function()
    assert.equal("main:4", (frames_of [[
local layer = make(function() error("same", 0) end)
local function main() return (layer { enc = ONES }) end
pcall(main)
error("same", 0)
]]))
  end)

  it("is that of the place where a caught error is raised again", function()
    assert.equal("main:3", (frames_of [[
local layer = make(function() error({}) end)
local _, err = pcall(function() return (layer { enc = ONES }) end)
error(err)
]]))
  end)

  it("begins at coroutine.wrap, which drops what is inside", function()
    assert.equal("main:3", (frames_of [[
local layer = make(function() error({}) end)
local run = coroutine.wrap(function() return (layer { enc = ONES }) end)
run()
]]))
  end)

  it("is told at the prompt", function()
    local err = support.snnlua("-i", { input = [[
l = snn.Layer { wiring = function() error "mine" end }
f = function() return (l {}) end
f()
]] }).err
    assert.truthy(err:find("stdin:1: in function <stdin:1>.*stdin:1: in function 'f'"), err)
  end)
end)

describe("an error that crosses the engine", function()
  local thrown

  local function layer()
    return snn.Layer { wiring = function() error(thrown, 0) end }
  end

  it("is the script's own value", function()
    for _, value in ipairs { {}, "text", 7, true, print, coroutine.create(print) } do
      thrown = value
      local _, err = pcall(layer(), {})
      assert.equal(value, err)
    end
  end)

  it("is not kept alive by its trace", function()
    thrown = {}
    local weak = setmetatable({ [thrown] = true }, { __mode = "k" })
    xpcall(layer(), function() end, {})
    thrown = nil
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(weak))
  end)
end)

describe("snn.traceback", function()
  local SCRIPT = [[
local snn = require "snn"
local function inner() error "deep" end
local layer = snn.Layer { wiring = function() inner() end }
local function main() return (layer {}) end
print(select(2, xpcall(main, snn.traceback)))
print(select(2, xpcall(error, snn.traceback, snn.Error("ValueError", "mine"))))
print(snn.traceback())
]]
  local FIRST = "^stdin:2: deep\nstack traceback:\n\t%[C%]: in function 'error'\n"
    .. "\tstdin:2: in upvalue 'inner'\n\tstdin:3: in function <stdin:3>\n"
    .. "\t%[C%]: in upvalue 'layer'\n\tstdin:4: in function <stdin:4>\n"

  it("is a message handler that tells all frames", function()
    local out = support.run(SCRIPT).out
    assert.truthy(out:find(FIRST))
    assert.truthy(out:find("\nstdin:6: ValueError: mine\nstack traceback:\n\t[C]: in function",
      1, true))
    assert.truthy(out:find("\nstack traceback:\n\tstdin:7: in main chunk\n", 1, true))
  end)

  it("does so in a stock interpreter, where debug.traceback sees the outer ones", function()
    local result = support.stock(SCRIPT)
    if not result then return pending("no module in a sanitised build") end
    assert.truthy(result.out:find(FIRST))
    local out = support.stock((SCRIPT:gsub("snn.traceback", "debug.traceback"))).out
    assert.truthy(out:find("^stdin:2: deep\nstack traceback:\n.-in upvalue 'layer'\n"))
    assert.falsy(out:find("'inner'", 1, true))
  end)
end)
