-- Files of snn.save whose content is changed and whose checksums are right: snn.load takes
-- what fits, or says what does not with an error of the library and changes nothing.
--
--     snnlua spec/mutate/saved.lua SEED COUNT
local folder = require "spec.io.folder"
local snn = require "snn"
local sorted = require "spec.sorted"
local state = require "spec.atomic.state"
local tools = folder.tools()

local seed, count = tonumber(arg[1]), tonumber(arg[2])
local path = folder.name()

local function world()
  local layer = snn.Layer()
  layer:add_connection("enc", snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
    bias = true, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 30 } })
  layer.connections.enc.updater = layer.connections.enc:defaultupdater()
  layer:add_neuron("exc", snn.LIF { shape = 2, step_time = 1, rest_v = -65, reset_v = -60,
    thresh_v = -52, refrac_t = 3, time_constant = 20 })
  function layer:wiring(inputs) return { exc = inputs.enc } end -- luacheck: ignore 212
  local cell = layer:add_cell("enc", "exc")
  local trainer = snn.STDP { lr_post = 1e-3, lr_pre = -1e-3, tc_post = 20, tc_pre = 20 }
  trainer:register_cell("cell", cell)
  local monitor = snn.StateMonitor { module = layer.neurons.exc, attr = "voltage", last = 4 }
  local objects = { layer = layer, trainer = trainer, monitor = monitor,
    classifier = snn.MaxRateClassifier { shape = 2, num_classes = 2 },
    encoder = snn.HomogeneousPoissonEncoder { step_time = 1, steps = 5, frequency = 50 },
    log = { 1, 2.5, "x", { on = true, deep = { {}, { "y" } } } }, epoch = 3, name = "first",
    rates = snn.rand(3), list = { 0.5, 0.25 } }
  objects.again = objects.log[4]
  for _ = 1, 5 do layer { enc = snn.ones(1, 3) } end
  trainer()
  return objects
end

---All that can be seen of it.
local function seen(objects)
  local modules, text = {}, {}
  for name, object in pairs(objects) do
    if type(object) == "userdata" then modules[name] = object end
  end
  local all = state.of(modules)
  all["layer/.time"] = nil
  local function plain(value, name)
    if type(value) ~= "table" then
      text[#text + 1] = ("%s=%s"):format(name, value)
    else
      for key, inner in pairs(value) do plain(inner, name .. "." .. tostring(key)) end
    end
  end
  for name, object in pairs(objects) do
    if type(object) ~= "userdata" then plain(object, name) end
  end
  table.sort(text)
  all.plain = table.concat(text, ";")
  return all
end

-- ---- mutations ----

local function any(list) return list[math.random(#list)] end

local TEXTS <const> = { "", "0", "-1", "1e999", "nan", "99999999999999999999", ".", ".a\n.b", "[1]",
  "[99999999999]", "[-1]", "[1", "floats", "integers", "booleans", "LIF", "Layer", "\n\n", "x\ny",
  ".log", ".layer", ("[1]"):rep(50), "float64", "true" }

local function change_text(text)
  local at = math.random(0, #text)
  local how = math.random(4)
  if how == 1 then return any(TEXTS) end
  if how == 2 then return text:sub(1, at) .. any(TEXTS) .. text:sub(at + 1) end
  if how == 3 then return text:sub(1, at) end
  return text:sub(1, at) .. string.char(math.random(32, 126)) .. text:sub(at + 2)
end

local NUMBERS <const> = { 0, -1, 1, 0.5, 1e308, -1e308, 0 / 0, 1 / 0, -1 / 0, 2 ^ 31, 2 ^ 53,
  1e-320 }

local function any_tensor(t)
  local shape = any { t.shape, {}, { 0 }, { 1 }, { 2, 2 }, { 1, 1, 1, 1, 1, 1, 1, 1 }, { 7 } }
  local dtype = any { t.dtype, "bool", "int64", "float32", "float64" }
  local value = any(NUMBERS)
  if dtype == "bool" then value = value == 1 end
  if dtype == "int64" then
    value = math.tointeger(value) or any { math.mininteger, math.maxinteger }
  end
  return snn.full(shape, value, { dtype = dtype })
end

---Changes one thing of a file.
local function mutate(tensors, metadata)
  local names, keys = sorted(tensors), sorted(metadata)
  if #names == 0 or #keys == 0 then return end
  local name, key = any(names), any(keys)
  local how = math.random(9)
  if how == 1 then tensors[name] = nil
  elseif how == 2 then metadata[key] = nil
  elseif how == 3 then tensors[name] = any_tensor(tensors[name])
  elseif how == 4 then tensors[name] = tensors[any(names)]
  elseif how == 5 then tensors[change_text(name)] = tensors[name]
  elseif how == 6 then metadata[key] = change_text(metadata[key])
  elseif how == 7 then metadata[key] = metadata[any(keys)]
  elseif how == 8 then
    metadata[change_text(key)] = any { metadata[key], change_text(metadata[key]) }
  else metadata["snnlua." .. any { "same", "table", "class", "text", "fields", "tensor" } .. "."
    .. name] = any { any(names), any(TEXTS), metadata[key] }
  end
end

-- ---- judging ----

snn.warnings(false)
snn.manual_seed(1)
local saved = world()
snn.save(path, saved)
local objects = world()
local before = seen(objects)
local loaded, kinds = 0, {}

local function tell(round, what)
  error(("round %d of seed %d (%s): %s"):format(round, seed, path, what), 0)
end

for round = 1, count do
  math.randomseed(seed, round)
  local tensors, metadata = tools.read_saved("load", path)
  for _ = 1, math.random(3) do mutate(tensors, metadata) end
  tools.write_saved("save", path .. ".x", tensors, metadata, 1)
  local ok, err = xpcall(snn.load, function(err)
    return type(err) == "table" and err or debug.traceback(err)
  end, path .. ".x", objects)
  if ok then
    loaded = loaded + 1
    objects = world()
    before = seen(objects)
  elseif type(err) ~= "table" or not err.kind or err.message:find "attempt to" then
    tell(round, tostring(err))
  else
    kinds[err.kind] = (kinds[err.kind] or 0) + 1
    local now = seen(objects)
    for name, value in pairs(before) do
      if now[name] ~= value then
        tell(round, ("%s differs after %s"):format(name, tostring(err)))
      end
    end
  end
end
os.remove(path)
os.remove(path .. ".x")
local parts = {}
for kind, n in pairs(kinds) do parts[#parts + 1] = kind .. " " .. n end
table.sort(parts)
print(("%d files: %d fit, %s"):format(count, loaded, table.concat(parts, ", ")))
