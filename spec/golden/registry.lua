-- The registry of a layer, of the fixed layers and of a trainer: operations that
-- are made in order on the same objects, each with its result or error; and what
-- constructors refuse.
local snn = require "snn"
local check = require "spec.golden.check"
local value = require "spec.golden.value"

-- exceptions of the recorded library that have another name here
local KIND = { KeyError = "AttributeError", NotImplementedError = "RuntimeError" }

-- ---- parts ----

-- "LinearDense 3->2"
local function connection(text)
  local inputs, outputs = tostring(text):match("(%d+)->(%d+)")
  return value.build("LinearDense", {
    in_shape = { tonumber(inputs) or 3 }, out_shape = { tonumber(outputs) or 2 }, step_time = 1,
    synapse = { class = "DeltaCurrent", spike_charge = 1 },
  })
end

local function lif(n)
  return snn.LIF {
    shape = { n or 2 }, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
    time_constant = 20,
  }
end

-- Names that an iterator yields, as text.
local function names(...)
  local out = {}
  for a, b in ... do out[#out + 1] = type(b) == "string" and a .. " " .. b or a end
  return table.concat(out, ", ")
end

-- ---- operations of layers: (state, args...) -> result ----

local layer_ops = {}

function layer_ops.add_connection(s, name, text)
  local c = connection(text)
  local got = s.layer:add_connection(name, c)
  s.connections[name] = c
  return got == c
end

function layer_ops.add_neuron(s, name)
  local n = lif()
  local got = s.layer:add_neuron(name, n)
  s.neurons[name] = n
  return got == n
end

function layer_ops.add_cell(s, c, n)
  return s.layer:add_cell(c, n) == s.layer:get_cell(c, n)
end

function layer_ops.get_connection(s, name)
  local c = s.layer:get_connection(name)
  return c == (s.connections[name] or c)
end

function layer_ops.get_neuron(s, name)
  local n = s.layer:get_neuron(name)
  return n == (s.neurons[name] or n)
end

function layer_ops.get_cell(s, c, n) return s.layer:get_cell(c, n) ~= nil end
function layer_ops.del_connection(s, name) s.layer:del_connection(name) end
function layer_ops.del_neuron(s, name) s.layer:del_neuron(name) end
function layer_ops.del_cell(s, c, n) s.layer:del_cell(c, n) end
function layer_ops.named_cells(s, options)
  return names((options and s.make(options) or s.layer):named_cells())
end
function layer_ops.named_connections(s) return names(s.layer:named_connections()) end
function layer_ops.named_neurons(s) return names(s.layer:named_neurons()) end
function layer_ops.named_synapses(s) return names(s.layer:named_synapses()) end

layer_ops["connections.attribute"] = function(s, name)
  return s.layer.connections[name] == s.connections[name]
end
layer_ops["neurons.attribute"] = function(s, name)
  return s.layer.neurons[name] == s.neurons[name]
end
layer_ops["cells.attribute"] = function(s, c, n)
  return s.layer.cells[c][n] == s.layer:get_cell(c, n)
end
layer_ops["cell.connection"] = function(s, c, n)
  return s.layer:get_cell(c, n).connection == s.connections[c]
end
layer_ops["cell.neuron"] = function(s, c, n)
  return s.layer:get_cell(c, n).neuron == s.neurons[n]
end
layer_ops["cell.updater"] = function(s, c, n) return s.layer:get_cell(c, n).updater end
layer_ops["cell.forward"] = function(s, c, n) return s.layer:get_cell(c, n)() end

function layer_ops.forward(s) return s.layer { nope = snn.zeros(1, 3) } end
function layer_ops.clear(s, options) value.invoke(s.layer, "clear", value.args(options)) end
function layer_ops.lateral_cell(s) return s.layer.lateral_cell end
function layer_ops.feedback_cell(s) return s.layer.feedback_cell end
function layer_ops.feedfwd_cell(s) return s.layer.feedfwd_cell end
function layer_ops.construct(s, ...) return s.construct(...) ~= nil end

-- ---- operations of a trainer ----

local STDP = { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
local trainer_ops = {}

-- trainers that are registered besides the one of the case
local OTHERS = {
  ["second trainer"] = function() return snn.STDP(STDP) end,
  DelayAdjustedSTDPD = function()
    return snn.DelayAdjustedSTDPD { lr_pos = -1, lr_neg = 1, tc_pos = 20, tc_neg = 20 }
  end,
  ["LinearHomeostasis(bias)"] = function()
    return snn.LinearHomeostasis { plasticity = 1, target = 0.5, param = "bias" }
  end,
}

-- The names of the monitors that there are then.
function trainer_ops.register_cell(s, name)
  local trainer = OTHERS[name] and OTHERS[name]() or s.trainer
  trainer:register_cell((name:gsub("%W", "_")), s.layer.cell)
  local found = {}
  for _, monitor in ipairs { "spike_post", "spike_pre", "trace_post", "trace_pre" } do
    if s.trainer:get_monitor(name, monitor) then found[#found + 1] = monitor end
  end
  return table.concat(found, ", ")
end

function trainer_ops.set_updater(s)
  s.layer.connection.updater = s.layer.connection:defaultupdater()
end

function trainer_ops.get_unit(s, name) return s.trainer:get_unit(name).cell == s.layer.cell end
function trainer_ops.get_cell(s, name) return s.trainer:get_cell(name) == s.layer.cell end
function trainer_ops.get_monitor(s, name, monitor) return s.trainer:get_monitor(name, monitor) end
function trainer_ops.del_cell(s, name) s.trainer:del_cell(name) end
function trainer_ops.call(s) return s.trainer() end
function trainer_ops.clear(s) s.trainer:clear() end
function trainer_ops.layer_step(s) s.layer(snn.ones(1, 3)) end

trainer_ops["monitor.peek"] = function(s, name, monitor)
  return s.trainer:get_monitor(name, monitor):peek()
end

function trainer_ops.eval_step(s)
  s.trainer:eval()
  trainer_ops.layer_step(s)
end

function trainer_ops.train_step(s)
  s.trainer:train()
  trainer_ops.layer_step(s)
end

-- ---- what a case begins with ----

local setups = {}

function setups.layer()
  local layer = snn.Layer { wiring = function(_, inputs) return { n = inputs.n } end }
  return { layer = layer, ops = layer_ops }
end

function setups.serial()
  local function make(text, _, more)
    local args = { connection = connection(text), neuron = lif() }
    for k, v in pairs(more or {}) do args[k] = v end
    return snn.Serial(args)
  end
  return { layer = make(), construct = make, ops = layer_ops }
end

-- A list of { name, part }, from names or such pairs.
local function named(list, part)
  local out = {}
  for i, name in ipairs(list) do out[i] = type(name) == "table" and name or { name, part() } end
  return out
end

function setups.biclique()
  local function make(args)
    return snn.Biclique {
      connections = named(args.connections or { "a" }, connection),
      neurons = named(args.neurons or { "x" }, lif), combine = args.combine,
    }
  end
  local function construct(first)
    if type(first) == "table" then return make(first) end
    return make { connections = { { "a", connection(first) } } }
  end
  return {
    layer = make { connections = { "a", "b" }, neurons = { "x", "y" } }, construct = construct,
    ops = layer_ops,
  }
end

function setups.recurrentserial()
  local function make(options, part, of)
    local args = {
      feedfwd_connection = connection "3->2", lateral_connection = connection "2->4",
      feedback_connection = connection "4->2", feedfwd_neuron = lif(2), feedback_neuron = lif(4),
    }
    for k, v in pairs(value.args(options or {})) do args[k] = v end
    if part then args[part] = of end
    return snn.RecurrentSerial(args)
  end
  -- options, or the text of a connection, of a group and then perhaps options
  local function construct(first, _, options)
    if type(first) == "table" then return make(first) end
    if type(options) ~= "table" then options = nil end
    local part = first:match("^lateral") and "lateral_connection" or "feedfwd_connection"
    return make(options, part, connection(first))
  end
  return { layer = make(), make = make, construct = construct, ops = layer_ops }
end

function setups.trainer()
  local layer = snn.Serial { connection = connection(), neuron = lif() }
  return { layer = layer, trainer = snn.STDP(STDP), ops = trainer_ops }
end

-- ---- rows ----

local function list_text(list)
  local out = {}
  for i, v in ipairs(list) do out[i] = type(v) == "table" and table.concat(v, " ") or v end
  return table.concat(out, ", ")
end

local function check_result(want, got)
  if want == 1 then
    if not got then check.fail("result", true, got) end
  elseif want == "none" then
    if got ~= nil then check.fail("result", nil, got) end
  elseif type(want) == "string" then
    if got == nil then check.fail("result", want, nil) end
  elseif want and type(want[1]) == "number" then
    check.value("shape of the result", got.shape, want)
  elseif want then
    check.value("result", got, list_text(want))
  end
end

local function check_error(class, ok, err)
  local want = KIND[class] or class
  if ok then check.fail("error", want, "no error") end
  local kind = type(err) == "table" and err.kind
  if kind ~= want then check.fail("kind of the error", want, err) end
end

local function registry(case)
  local state = setups[case.name]()
  state.connections, state.neurons = {}, {}
  check.steps(case.ops, function(row)
    local ok, got = pcall(state.ops[row.op], state, table.unpack(row.args))
    if row.expect == "error" then return check_error(row.error_type, ok, got) end
    if not ok then error(got, 0) end
    check_result(row.result, got)
  end)
end

-- ---- constructors ----

-- Where the recorded library is defective, either answer is right.
local function is_free(row) return row.note ~= nil and row.note:find("^defect") ~= nil end

local function validation(case)
  check.steps(case.ops, function(row)
    local ok, got = pcall(value.build, row.class, row.args)
    if is_free(row) then return end
    if row.expect == "error" then return check_error(row.error_type, ok, got) end
    if not ok then error(got, 0) end
  end)
end

return { registry = registry, ["constructor arguments"] = validation }
