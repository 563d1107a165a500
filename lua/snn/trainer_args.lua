-- Trainers of the library: what their descriptors in C (src/train) leave to Lua:
-- arguments that are functions or tensors, and what they are called with.
local snn, _, tools = ...

local fail = tools.fail

-- ------------------------------------------------------------- arguments

local function check_function(rule, name, value)
  if type(value) == "function" then return end
  fail("TypeError", "%s: '%s' must be a function, got %s", rule, name, tools.describe(value))
end

local function check_table(rule, name, value)
  if value == nil or type(value) == "table" then return end
  fail("TypeError", "%s: '%s' must be a table of options, got %s", rule, name,
    tools.describe(value))
end

local function check_target(rule, name, target, takes_tensor)
  if target == nil then return end
  if takes_tensor and tools.is_tensor(target) then
    if target.numel == 0 or not target:gt(0):logical_and(target:isfinite()):all():item() then
      fail("ValueError", "%s: '%s' must be finite and greater than 0 everywhere", rule, name)
    end
  elseif type(target) ~= "number" then
    fail("TypeError", "%s: '%s' must be a number%s, got %s", rule, name,
      takes_tensor and " or a tensor" or "", tools.describe(target))
  elseif target ~= target or target <= 0 or target == math.huge then
    fail("ValueError", "%s: '%s' must be finite and greater than 0, got %s", rule, name, target)
  end
end

-- What the descriptors in C leave to this file, by the name of the argument.
local CHECKS = {
  kernel_post = check_function, kernel_pre = check_function,
  kernel_post_kwargs = check_table, kernel_pre_kwargs = check_table, target = check_target,
}
local ORDER = { "kernel_post", "kernel_pre", "kernel_post_kwargs", "kernel_pre_kwargs", "target" }

-- Class -> the names of its arguments among these.
local checked = {}
for _, name in ipairs(tools.models.trainer) do
  local names = {}
  for _, argument in ipairs(ORDER) do
    if tools.has_argument(snn[name], argument) then names[#names + 1] = argument end
  end
  if #names > 0 then checked[name] = names end
end

function tools.check_state(rule, state, is_cell)
  for _, name in ipairs(checked[rule] or {}) do CHECKS[name](rule, name, state[name], is_cell) end
end

for rule in pairs(checked) do
  local class = snn[rule]
  local construct = class.init
  local function build(self, args)
    construct(self, args)
    tools.check_state(rule, args, false)
  end
  function class.init(self, args) return tools.atomic({ self }, build, self, args) end
end

-- ------------------------------------------------------------- calls

--- Adds to the updaters of its cells what moves their rates to the target.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.updater = connection:defaultupdater()
--- local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
---   shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local trainer = snn.LinearHomeostasis { plasticity = 0.01, param = "weight" }
--- trainer:register_cell("cell", layer.cell)
--- layer(snn.tensor { { true, false } })
--- trainer { target = 0.2 }
--- print(connection.updater.weight:update(connection.weight))
--- ```
---@param options? { target: number|snn.Tensor } in place of the cells' targets
function snn.LinearHomeostasis:forward(options)
  tools.check_object(self, snn.LinearHomeostasis, "LinearHomeostasis", "self")
  options = tools.options("LinearHomeostasis", options, { "target" })
  check_target("LinearHomeostasis", "target", options.target, true)
  return tools.call_trainer(self, options.target)
end
