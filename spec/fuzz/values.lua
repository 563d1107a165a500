-- Random values for the fuzzer: plain ones, tables that lie, functions that
-- misbehave, tensors of every dtype and odd shapes. All chance comes from
-- `rng`, so that a seed repeats a run.
local snn = require "snn"

local V = { raised = "fuzz: raised", depth = 0 }

-- A generator of our own: math.random belongs to the script under test.
local state = 1
function V.seed(n) state = (n * 2654435761 + 12345) & 0x7fffffff | 1 end

---Chances of their own for each pair of numbers.
function V.seed_at(seed, n)
  local x = seed * 0x9e3779b97f4a7c15 + n * 0xbf58476d1ce4e5b9
  x = (x ~ x >> 30) * 0xbf58476d1ce4e5b9
  x = (x ~ x >> 27) * 0x94d049bb133111eb
  state = (x ~ x >> 31) | 1
end

---Runs fn with chances of its own; those outside go on as if it had not run.
function V.apart(seed, n, fn)
  local before = state
  V.seed_at(seed, n)
  fn()
  state = before
end
local function rng(n)
  state = state ~ (state << 13) & 0xffffffffffffffff
  state = state ~ (state >> 7)
  state = state ~ (state << 17)
  return (state >> 11) % n + 1
end
V.rng = rng
local function pick(list) return list[rng(#list)] end
V.pick = pick
local function chance(percent) return rng(100) <= percent end
V.chance = chance

-- ---------------------------------------------------------------- numbers

-- Sizes between a few and absurd are left out: they are only slow.
local NUMBERS = {
  0, 1, 2, 3, 4, 5, 7, -1, -2, -3, 0.0, -0.0, 0.5, 1.5, -2.5, 1e-320, 1e-30, 1e30, 1e308, -1e308,
  0 / 0, 1 / 0, -1 / 0, 2.0 ^ 53, 2.0 ^ 63, 1 << 45, 1 << 53, 1 << 62, math.maxinteger,
  math.mininteger, 65, -65, 100, 3.0, 1e300, -1e30,
}
function V.number() return chance(60) and rng(3) or pick(NUMBERS) end

local WORDS = {
  "", "weight", "bias", "delay", "enc", "exc", "serial", "float32", "float64", "int64", "bool",
  "mean", "sum", "max", "min", "nearest", "cumulative", "x", "end", "a\0b", "%s%n%d", "1", "nan",
  ("long"):rep(300), "\255\254", "synapse", "voltage", "forward", "init", "neuron.voltage",
  "connection.weight", "..", "dtype", "trace_pre", "spike_post", "gaussian", "disc", "post",
}
function V.word() return pick(WORDS) end

-- ---------------------------------------------------------------- tensors

local DTYPES = { "float32", "float64", "int64", "bool" }
local SHAPES = {
  {}, { 0 }, { 1 }, { 3 }, { 2, 3 }, { 3, 3 }, { 0, 3 }, { 3, 0 }, { 2, 1, 3 }, { 1, 2, 1, 2 },
  { 2, 4 }, { 2, 2 }, { 2 }, { 4 }, { 1, 1, 1, 1, 1, 1, 1, 2 }, { 4, 2 }, { 5, 2, 3 }, { 1, 3 },
  { 17 }, { 65 }, { 2, 65 }, { 2, 2, 2 },
}

local FILLS = {
  function(t) return t end,
  function(t) return t:add(1) end,
  function(t) return t:sub(2) end,
  function(t) return t:add(0 / 0) end,
  function(t) return t:add(1 / 0) end,
  function(t) return t:add(1e30) end,
  function(t) return t:add(math.maxinteger) end,
  function(t) return t:add(math.mininteger) end,
  function(t) return t:add(snn.rand(t.shape)) end,
  function(t) return t:add(snn.randint(-1, 4, t.shape)) end,
}

local VIEWS = {
  function(t) return t:transpose(1, -1) end,
  function(t) return t:unsqueeze(1):expand(2, table.unpack(t.shape)) end,
  function(t) return t:narrow(1, 1, t.shape[1]) end,
  function(t) return t:slice(1, 2, -1) end,
  function(t) return t:select(-1, 1) end,
  function(t) return t:flatten() end,
  function(t) return t:squeeze() end,
  function(t) return t:unsqueeze(-1) end,
  function(t) return t:permute(t.ndim, 1) end,
}

function V.tensor(shape)
  local t = snn.zeros(shape or pick(SHAPES))
  local ok, filled = pcall(pick(FILLS), t)
  if ok then t = filled end
  t = t:to(pick(DTYPES))
  if not shape and chance(40) then
    local fine, view = pcall(pick(VIEWS), t)
    if fine and snn.tensor(view) then t = view end
  end
  return t
end

-- ---------------------------------------------------------------- tables

local function raise() error(V.raised, 0) end
local function garbage() return V.value() end

-- Metatables whose every part raises or gives nonsense.
local function liar()
  local fn = chance(50) and raise or garbage
  return setmetatable({ V.value(), x = V.value() }, {
    __index = fn, __newindex = fn, __len = fn, __call = fn, __pairs = fn, __tostring = fn,
    __name = chance(50) and V.word() or 5, __eq = fn, __add = fn, __close = fn, __concat = fn,
  })
end

local function list(n)
  local out = {}
  for i = 1, n or rng(4) - 1 do out[i] = V.value() end
  return out
end

local KEYS = {
  "dtype", "dim", "clear", "submodules", "keep_adaptations", "refrac_lock", "adapt", "override",
  "capture_intermediate", "connection_kwargs", "neuron_kwargs", "enc", "exc", "batch_size",
  "shuffle", "n", "seed", "scale", "train", "wiring", "module", "params", "prepend", "logits",
  "proportional", "power", "range", "images", "labels", "below", "p", "k", "self", "multiple",
  "kernel", "sigma", "radius", "periodic", "pre", "post", "positions", "file", "events", "bin",
}
local function options()
  local out = {}
  for _ = 1, rng(3) do out[pick(KEYS)] = V.value() end
  return out
end

local function self_holding()
  local t = {}
  t[1], t.x = t, t
  return t
end

-- ---------------------------------------------------------------- functions

local FUNCTIONS = {
  function() return raise end,
  function()
    local err = setmetatable({}, { __tostring = raise, __name = "fuzz" })
    return function() error(err, 0) end
  end,
  function() return function() error(nil) end end,
  function() return function() error(snn.Error("ValueError", V.raised), 0) end end,
  function() return function(...) coroutine.yield(...) end end,
  function() return function() end end,
  function() return function(...) return ... end end,
  function() return garbage end,
  function() return function() return V.tensor() end end,
  function() return function(a) return a:sum(1) end end,
  function() return function(a) return a:mean(1) end end,
  function() return function(a) return { exc = a, x = a } end end,
  function() return function(_, inputs) return { exc = inputs.enc } end end,
  function() return function(...) collectgarbage() return ... end end,
  -- does anything at all to the objects at hand
  function()
    return function(...)
      for _ = 1, rng(3) do V.act() end
      return ...
    end
  end,
}
function V.fn()
  V.meddled = true
  return pick(FUNCTIONS)()
end

-- ---------------------------------------------------------------- any value

local MAKERS = {
  { 6, function() return nil end },
  { 4, function() return chance(50) end },
  { 24, V.number },
  { 12, V.word },
  { 16, V.tensor },
  { 6, function() return V.fn() end },
  { 5, list },
  { 3, function() return { rng(3), rng(3) } end },
  { 5, options },
  { 2, function() V.meddled = true return liar() end },
  { 1, self_holding },
  { 1, function() return snn.none end },
  { 1, function() return coroutine.create(function() end) end },
  { 1, function() return io.stdout end },
  { 1, function() return setmetatable({}, { __index = snn }) end },
  { 1, function() return snn.Error("ValueError", "x") end },
  { 12, function() return V.object and V.object() end },
}

local wheel = {}
for _, entry in ipairs(MAKERS) do
  for _ = 1, entry[1] do wheel[#wheel + 1] = entry[2] end
end

function V.value()
  if V.depth > 3 then return V.number() end
  V.depth = V.depth + 1
  local ok, v = pcall(pick(wheel))
  V.depth = V.depth - 1
  if ok then return v end
end

function V.values()
  local n = rng(5) - 1
  local out = { n = n }
  for i = 1, n do out[i] = V.value() end
  return out
end

return V
