-- Trainers of the library: what their descriptors in C (src/train) leave to Lua:
-- arguments that are functions or tensors, and what they are called with.
local snn, _, tools = ...

local fail = tools.fail

-- ------------------------------------------------------------- arguments

local function check_function(rule, state, name)
  if type(state[name]) ~= "function" then
    fail("TypeError", "%s: '%s' must be a function, got %s", rule, name,
      tools.describe(state[name]))
  end
end

local function check_table(rule, state, name)
  if state[name] ~= nil and type(state[name]) ~= "table" then
    fail("TypeError", "%s: '%s' must be a table of options, got %s", rule, name,
      tools.describe(state[name]))
  end
end

local function check_kernels(rule, state)
  check_function(rule, state, "kernel_post")
  check_function(rule, state, "kernel_pre")
  check_table(rule, state, "kernel_post_kwargs")
  check_table(rule, state, "kernel_pre_kwargs")
end

local function check_target(rule, state, takes_tensor)
  local target = state.target
  if target == nil then return end
  if takes_tensor and tools.is_tensor(target) then
    if target.numel == 0 or not target:gt(0):logical_and(target:isfinite()):all():item() then
      fail("ValueError", "%s: 'target' must be finite and greater than 0 everywhere", rule)
    end
  elseif type(target) ~= "number" then
    fail("TypeError", "%s: 'target' must be a number%s, got %s", rule,
      takes_tensor and " or a tensor" or "", tools.describe(target))
  elseif target ~= target or target <= 0 or target == math.huge then
    fail("ValueError", "%s: 'target' must be finite and greater than 0, got %s", rule, target)
  end
end

-- What the descriptors in C leave to this file.
local CHECKS = {
  KernelSTDP = check_kernels,
  DelayAdjustedKernelSTDP = check_kernels,
  DelayAdjustedKernelSTDPD = check_kernels,
  LinearHomeostasis = check_target,
}

function tools.check_state(rule, state, is_cell)
  if CHECKS[rule] then CHECKS[rule](rule, state, is_cell) end
end

for rule in pairs(CHECKS) do
  local class = snn[rule]
  local construct = class.init
  local function build(self, args)
    construct(self, args)
    tools.check_state(rule, args, false)
  end
  function class.init(self, args) return tools.atomic({ self }, build, self, args) end
end

-- ------------------------------------------------------------- calls

--- Adds to the updaters of its cells.
---@param options? { target: number|snn.Tensor } in place of the cells' targets
function snn.LinearHomeostasis:forward(options)
  tools.check_object(self, snn.LinearHomeostasis, "LinearHomeostasis", "self")
  options = tools.options("LinearHomeostasis", options, { "target" })
  check_target("LinearHomeostasis", options, true)
  return tools.call_trainer(self, options.target)
end
