-- Interrupts calls of every object in the middle and tells which went on, took long to end,
-- or left something that is neither the state before the call nor that after it, in bits:
--   snnlua spec/every/interrupts_objects.lua MS LIMIT [PATTERN [LARGEST]]
-- Each object is made so large that a call takes at least MS of the processor (or as large
-- as sizes go here), the interrupt comes at a quarter of that, and the call has LIMIT
-- seconds to end then. The classes are those of the registries: a new one is walked.
local snn = require "snn"
local folder = require "spec.io.folder"
local live = require "spec.every.live"
local models = require "spec.every.models"
local sorted = require "spec.sorted"
local trainers = require "spec.every.trainers"
local twin = require "spec.twin"

io.stdout:setvbuf "line"
local MS <const>, LIMIT <const>, ONLY <const> = tonumber(arg[1]), tonumber(arg[2]), arg[3]
local FIRST <const>, LARGEST <const> = 1e4, tonumber(arg[4] or 1e6) -- elements
local dir = folder.make()

-- A case: make(n) gives objects by name, of some n elements; call(objects) is interrupted.
local cases = {}

-- prepare(objects) comes before each call, and is not interrupted.
local function add(name, make, call, prepare)
  cases[name] = { make = make, call = call, prepare = prepare or function() end }
end

local function has(class, name) return models.has(class, name) end

-- ------------------------------------------------------------- models

local function side(n) return math.max(4, math.floor(math.sqrt(n))) end

for _, name in ipairs(live.classes { parent = "Neuron" }) do
  local class = snn[name]
  add(name, function(n)
    local w = { neuron = class(models.arguments(class, { shape = n // 2, batch_size = 2 })) }
    w.x = snn.rand(2, n // 2) * 60 - 8
    w.override = name == "ExactNeuron" and w.x:gt(20) or nil
    return w
  end, function(w) return w.neuron(w.x, w.override and { override = w.override }) end)
end

for _, name in ipairs(live.classes { parent = "Synapse" }) do
  local class = snn[name]
  local function make(n)
    local w = { synapse = class(models.arguments(class,
      { shape = n // 2, batch_size = 2, delay = 3 })) }
    w.x, w.at = snn.rand(2, n // 2):lt(0.3), snn.rand(2, n // 2) * 3
    return w
  end
  add(name, make, function(w) return w.synapse(w.x) end)
  add(name .. ".current_at", make, function(w) return w.synapse:current_at(w.at) end)
end

-- How a connection's sizes follow from the number of its weights.
local SIZES = {
  LinearDense = function(n) return { in_shape = side(n), out_shape = side(n) } end,
  LinearLateral = function(n) return { shape = side(n) } end,
  LinearDirect = function(n) return { shape = n } end,
  LinearSparse = function(n) -- 32 synapses for each output
    local outputs = math.max(4, n // 32)
    return { in_shape = 2 * outputs, out_shape = outputs,
      synapses = snn.connect.fixed_in_degree { n = math.min(32, outputs) } }
  end,
  Conv2D = function(n)
    return { height = side(n / 8), width = side(n / 8), channels = 2, filters = 4, kernel = 3 }
  end,
}

local double = snn.DoubleExponentialCurrent.partialconstructor {
  spike_charge = 100, tc_decay = 5, tc_rise = 2,
}

local function connection(name, n, changes)
  local args = models.arguments(snn[name], SIZES[name](n))
  args.weight_init = function(w) return snn.rand(w.shape) end
  for key, value in pairs(changes) do args[key] = value end
  local c = snn[name](args)
  if changes.delay then c.delay = snn.rand(c.delay.shape) * changes.delay end
  return c
end

for _, name in ipairs(live.classes { parent = "Connection" }) do
  if not SIZES[name] then print(name .. ": give it sizes here") end
  for variant, changes in pairs {
    [""] = {}, [" batch"] = { batch_size = 8 }, [" delay"] = { delay = 3 },
    [" currents"] = { synapse = double, batch_size = 2, bias = true },
    [" currents, delay"] = { synapse = double, delay = 3, batch_size = 2 },
  } do
    add(name .. variant, function(n)
      local w = { connection = connection(name, n, changes) }
      w.x = snn.rand(w.connection.batched_inshape):lt(0.3)
      return w
    end, function(w) return w.connection(w.x) end)
  end
end

for _, name in ipairs(live.classes { parent = "Encoder" }) do
  add(name, function(n)
    return { encoder = snn[name](models.arguments(snn[name])), x = snn.rand(n // 10) * 0.8 }
  end, function(w) return w.encoder(w.x) end)
end

for _, name in ipairs(live.classes { parent = "Reducer", more = { "EligibilityTraceReducer" } }) do
  local class = snn[name]
  if name ~= "RecordTensor" and name ~= "EligibilityTraceReducer" then
    local function make(n)
      local reducer = class(models.arguments(class, has(class, "duration") and { duration = 3 }))
      return { reducer = reducer, x = snn.rand(n), at = snn.rand(n):lt(0.4) }
    end
    add(name, make, function(w) return w.reducer(w.x, w.at) end)
    add(name .. ":dump", make, function(w) return w.reducer:dump() end)
  end
end

for how, training in pairs { [""] = true, [":classify"] = false } do
  add("MaxRateClassifier" .. how, function(n)
    return {
      classifier = snn.MaxRateClassifier { shape = n // 10, num_classes = 10 },
      rates = snn.rand(10, n // 10), labels = snn.randint(1, 10, 10, { dtype = "int64" }),
    }
  end, function(w)
    if training then return w.classifier(w.rates, w.labels) end
    return w.classifier:classify(w.rates)
  end)
end

-- ------------------------------------------------------------- learning

local function learner(name, n)
  local side_ = side(n)
  local trainer, layer = trainers.pair(name, nil, "LinearDense",
    { in_shape = side_, out_shape = side_ })
  local w = { layer = layer, trainer = trainer }
  w.pre = snn.rand(trainers.BATCH, side_):lt(0.3)
  w.post = snn.rand(trainers.BATCH, side_):lt(0.3)
  w.signal = trainers.is_modulated(name) and snn.rand(trainers.BATCH) or nil
  for _ = 1, 2 do w.layer(w.pre, { neuron_kwargs = { override = w.post } }) end
  return w
end

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  local function make(n) return learner(name, n) end
  add(name, make, function(w) return w.trainer(w.signal) end)
  add(name .. ", update", make, function(w) return w.layer:update() end,
    function(w) return w.trainer(w.signal) end)
end

add("Layer", function(n) return learner("STDP", n) end,
  function(w) return w.layer(w.pre, { neuron_kwargs = { override = w.post } }) end)

-- ------------------------------------------------------------- the rest

-- In a layer, which goes back where a hook raises; a module called by itself does not.
for _, name in ipairs { "StateMonitor", "DifferenceMonitor" } do
  add(name, function(n)
    local w = learner("STDP", n)
    w.monitor = snn[name] { module = w.layer.neuron, attr = "voltage", last = 3,
      reducer = snn.PassthroughReducer { step_time = 1, duration = 2 } }
    w.trainer = nil
    return w
  end, function(w) return w.layer(w.pre, { neuron_kwargs = { override = w.post } }) end)
end

-- A large object of some tensors, and what is done with it as a whole.
local function whole(n)
  local w = { dense = connection("LinearDense", n, { delay = 3 }) }
  w.other = connection("LinearDense", n, { delay = 3 })
  return w
end

local function saved(n)
  local w = whole(n)
  w.path = dir .. "/object"
  snn.save(w.path, { dense = w.other })
  return w
end

add("copy", whole, function(w)
  local copy = snn.copy(w.dense)
  copy.weight = copy.weight + 1
end)
add("state_dict", whole, function(w) return w.dense:state_dict() end)
add("load_state_dict", function(n)
  local w = whole(n)
  w.dict = w.other:state_dict()
  return w
end, function(w) return w.dense:load_state_dict(w.dict) end)
add("snapshot", whole, function(w) return snn.snapshot(w.dense) end)
add("restore", function(n)
  local w = whole(n)
  w.snapshot = snn.snapshot(w.dense)
  w.dense.weight = w.dense.weight + 1
  return w
end, function(w) return w.snapshot:restore() end)
add("save", whole, function(w) return snn.save(dir .. "/saved", { dense = w.dense }) end)
add("load", saved, function(w) return snn.load(w.path, { dense = w.dense }) end)

local function file(extension, write, read)
  add("load " .. extension, function(n)
    local w = { path = dir .. "/file." .. extension }
    write(w.path, snn.rand(n))
    return w
  end, function(w) return read(w.path) end)
end

file("npy", snn.save_npy, snn.load_npy)
file("safetensors", function(path, t) snn.save_safetensors(path, { t = t }) end,
  snn.load_safetensors)

-- Bytes of an IDX file of images, as MNIST has them.
file("idx", function(path, t)
  local side_ = side(#t)
  local f <close> = assert(io.open(path, "wb"))
  f:write(string.pack(">BBBBI4I4I4", 0, 0, 8, 3, 1, side_, side_),
    ("\7"):rep(side_ * side_))
end, snn.data.idx)

add("save_png", function(n)
  return { x = snn.rand(side(n), side(n)), path = dir .. "/x.png" }
end, function(w) return snn.save_png(w.path, w.x) end)
add("add_ of what is shared", function(n)
  local w = { x = snn.rand(n) }
  w.other = w.x:clone()
  return w
end, function(w) return w.x:add_(1) end, function(w) w.other = w.x:clone() end)

-- ------------------------------------------------------------- one case

-- In bits, as NaN and signs of zeros are.
local function same(a, b)
  if a == b then return true end
  if type(a) ~= "userdata" or type(b) ~= "userdata" then return false end
  if a.dtype ~= b.dtype or #a.shape ~= #b.shape then return false end
  for d, size in ipairs(a.shape) do
    if b.shape[d] ~= size then return false end
  end
  if not a.dtype:find "float" then return a:equal(b) end
  if a:equal(b) then return (1 / a):equal(1 / b) end
  local nan = a:isnan()
  if not nan:any():item() or not nan:equal(b:isnan()) then return false end
  return same(a:masked_fill(nan, 0), b:masked_fill(nan, 0))
end

-- The first path at which two states differ.
local function difference(a, b)
  for _, part in ipairs { "tensors", "texts", "notes" } do
    for path, value in pairs(a[part]) do
      if not same(value, b[part][path]) then return path end
    end
    for path in pairs(b[part]) do
      if a[part][path] == nil then return path end
    end
  end
end

-- What the objects keep, and what tensors of the case are.
local function state(w)
  local objects, out = {}, { tensors = {}, texts = {}, notes = {} }
  for name, value in pairs(w) do
    local kind = type(value) == "userdata" and debug.getmetatable(value).__name
    if kind == "Tensor" then
      out.tensors["/" .. name] = value
    elseif kind and pcall(function() return value.state_dict end) then
      objects[name] = value
    end
  end
  if next(objects) == nil then return out end
  local kept = twin.save(objects)
  for _, part in ipairs { "tensors", "texts", "notes" } do
    for path, value in pairs(kept[part]) do out[part][path] = value end
  end
  return out
end

local function make(case, n)
  snn.manual_seed(3)
  return case.make(n)
end

-- Returns how long the call took.
local function run(case, w)
  case.prepare(w)
  snn.manual_seed(4)
  local start = os.clock()
  case.call(w)
  return os.clock() - start
end

-- So large that a call takes long enough: the objects, their size, the time.
local function size(case)
  local n = FIRST
  while true do
    local w = make(case, n)
    run(case, w)
    local time = math.min(run(case, w), run(case, w))
    if time * 1000 >= MS or n >= LARGEST then return n, time end
    local times = MS / 1000 / math.max(time, 1e-5) * 1.3
    n = math.min(LARGEST, n * math.max(1.5, math.min(30, times))) // 1 | 0
  end
end

-- Runs the call and interrupts it after so many ms: how long it took after that, and the kind
-- of error.
local function interrupt(case, w, after)
  local over
  snn.manual_seed(4)
  local start = os.clock()
  snn._debug.interrupt_after(after)
  local _, err = pcall(function()
    case.call(w)
    over = os.clock() - start
    while true do end
  end)
  over = (over or os.clock() - start) - after / 1000
  snn._debug.interrupt_after(0)
  return over, type(err) == "table" and err.kind or tostring(err)
end

local function check(name, case)
  local n, time = size(case)
  local after = math.max(1, math.floor(time * 250))
  local w, other = make(case, n), make(case, n)
  run(case, w) -- what the first call makes is there
  run(case, other)
  case.prepare(w)
  case.prepare(other)
  local over, kind = interrupt(case, w, after)
  if kind ~= "Interrupt" then return print(name .. ": " .. kind) end
  if over > LIMIT then print(("%s: ended after %.3f s"):format(name, over)) end
  local now, before = state(w), state(other)
  local is_before = not difference(now, before)
  if os.getenv "SNN_TOLD" then
    print(("%-40s n %8d  call %.3f  after %.3f  over %.3f %s"):format(name, n, time,
      after / 1000, over, is_before and "" or "went on"))
  end
  snn.manual_seed(4)
  case.call(other)
  local path = not is_before and difference(now, state(other))
  if path then print(name .. ": half done at " .. path) end
  if is_before then
    snn.manual_seed(4)
    case.call(w)
  else
    run(case, w)
    run(case, other)
  end
  path = difference(state(w), state(other))
  if path then print(name .. ": goes on otherwise at " .. path) end
end

warn "@off"
snn.set_num_threads(1)
local count = 0
for _, name in ipairs(sorted(cases)) do
  if not ONLY or name:find(ONLY) then
    local ok, err = pcall(live.quietly, check, name, cases[name])
    if not ok then print(name .. ": " .. tostring(err)) end
    count = count + 1
    collectgarbage()
  end
end
folder.remove(dir)
print(count > 90 and "interrupted" or "too few: " .. count)
