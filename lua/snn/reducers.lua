-- Reducers in Lua: parents of scripts' own. A RecordReducer has records
-- (RecordTensor) among its fields, which follow its settings; a FoldReducer makes of
-- an observation and its newest state the next one. And what reducers of the library
-- do, as functions: fold and interpolate.
local snn, _, tools = ...

local fail = tools.fail
local Record = snn.RecordTensor

-- ------------------------------------------------------------- those of the library

---A reducer like this one, without states.
local function like(reducer, where)
  tools.check_object(reducer, snn.Reducer, where, "self")
  if tools.is_scripted(reducer) then
    fail("RuntimeError", "%s must be implemented: function MyReducer:%s(...) ... end", where,
      where)
  end
  return tools.reducer_like(reducer)
end

---The state that observations make of a state, or of none; nothing is recorded.
--- ```lua
--- -- as snn.Reducer:
--- print(reducer:fold(snn.tensor { 2, 2 }, snn.zeros(2)))
--- ```
---@param ... snn.Tensor observations, and the state behind them, or nil
---@return snn.Tensor
function snn.Reducer:fold(...)
  local other, args = like(self, "fold"), table.pack(...)
  local n = args.n
  if n < 2 then
    fail("TypeError", "fold: observations and a state (or nil) are wanted, got %d arguments", n)
  end
  local state = args[n]
  if state ~= nil then
    if not tools.is_tensor(state) then tools.wrong_argument("fold", "state", "a tensor", state) end
    other:push(state)
    other.observed = self.observed
  end
  other(table.unpack(args, 1, n - 1))
  return other:peek()
end

---What lies between two states, `sample_at` ms after `prev`, which are `step_time` ms
---apart, by the reducer's own law.
--- ```lua
--- local reducer = snn.EMAReducer { step_time = 1, alpha = 0.5 }
--- print(reducer:interpolate(snn.tensor { 0, 2 }, snn.tensor { 1, 4 }, 0.5, 1))
--- ```
---@param prev snn.Tensor the state before
---@param next snn.Tensor the state behind
---@param sample_at number|snn.Tensor ms
---@param step_time number ms
---@return snn.Tensor
function snn.Reducer:interpolate(prev, next, sample_at, step_time)
  local other = like(self, "interpolate")
  other.dt, other.duration, other.inclusive = step_time, step_time, true
  other:push(prev)
  other:push(next)
  if not tools.is_tensor(sample_at) and type(sample_at) ~= "number" then
    tools.wrong_argument("interpolate", "sample_at", "a number or a tensor", sample_at)
  end
  return other:view(sample_at * -1 + step_time)
end

-- ------------------------------------------------------------- RecordReducer

--- The parent of reducers that keep several records: RecordTensors among its fields,
--- named to add_record, which have its dt, duration and inclusive from then on.
--- ```lua
--- local Two = snn.class("Two", snn.RecordReducer)
--- function Two:init(args)
---   snn.RecordReducer.init(self, args)
---   self.spikes = snn.RecordTensor { step_time = 1 }
---   self:add_record("spikes")
--- end
--- function Two:forward(x)
---   self.spikes:push(x)
---   self:push(x * 2)
--- end
--- local reducer = Two { step_time = 1, duration = 2 }
--- reducer(snn.ones(2))
--- print(reducer:peek(), reducer.spikes:peek())
--- ```
---@class snn.RecordReducer: snn.RecordTensor
snn.RecordReducer = snn.class("RecordReducer", Record)
local RecordReducer = snn.RecordReducer
RecordReducer.__optional = {}
RecordReducer.summary = "The parent of reducers that keep several histories."

local SETTINGS <const> = { "dt", "duration", "inclusive" }

---The records that were added, as objects; those that the script has taken away since
---are left out.
local function records_of(reducer)
  local out, fields = {}, tools.fields(reducer)
  for _, name in ipairs(tools.links(reducer).records or {}) do
    local record = fields[name]
    if tools.is_module(record) then out[#out + 1] = record end
  end
  return out
end

local function assign_all(reducer, records, name, value)
  tools.assign(reducer, name, value)
  for _, record in ipairs(records) do record[name] = value end
end

RecordReducer.__set = {}
for field, name in pairs { dt = "dt", duration = "duration", inclusive = "inclusive" } do
  RecordReducer.__set[field] = function(reducer, value)
    tools.check_object(reducer, RecordReducer, field, "self")
    local records = records_of(reducer)
    if #records == 0 then return tools.assign(reducer, name, value) end
    local list = table.move(records, 1, #records, 2, { reducer })
    return tools.atomic(list, assign_all, reducer, records, name, value)
  end
end

local function check_records(reducer, names)
  local fields, records = tools.fields(reducer), {}
  for i, name in ipairs(names) do
    local record = type(name) == "string" and fields[name]
    if record == nil or record == false then
      fail("AttributeError", "add_record: there is no field '%s'", tools.text(name))
    end
    records[i] = tools.check_object(record, Record, "add_record", name) or record
  end
  return records
end

local function add(reducer, links, names, records)
  local list = table.move(links.records or {}, 1, #(links.records or {}), 1, {})
  local known = {}
  for _, name in ipairs(list) do known[name] = true end
  for i, name in ipairs(names) do
    for _, setting in ipairs(SETTINGS) do records[i][setting] = reducer[setting] end
    if not known[name] then
      known[name] = true
      list[#list + 1] = name
    end
  end
  links.records = list
end

--- The fields of these names, RecordTensors, take the reducer's settings, and follow
--- them.
--- ```lua
--- -- as snn.RecordReducer:
--- print(reducer.spikes.duration)
--- ```
---@param ... string
function RecordReducer:add_record(...)
  local links = tools.links(self, RecordReducer, "add_record")
  local names = { ... }
  local records = check_records(self, names)
  local list = table.move(records, 1, #records, 3, { self, links })
  return tools.atomic(list, add, self, links, names, records)
end

local function clear_all(reducer, records, options)
  Record.clear(reducer, options)
  for _, record in ipairs(records) do record:clear(options) end
end

--- Forgets all states, those of the records too.
--- ```lua
--- -- as snn.RecordReducer:
--- reducer:clear()
--- print(reducer.spikes:peek())
--- ```
---@param options? { keepshape: boolean }
function RecordReducer:clear(options)
  tools.check_object(self, RecordReducer, "clear", "self")
  local records = records_of(self)
  local list = table.move(records, 1, #records, 2, { self })
  return tools.atomic(list, clear_all, self, records, options)
end

--- What an observation does; to be replaced.
--- ```lua
--- -- as snn.RecordReducer:
--- reducer:forward(snn.zeros(2))
--- print(reducer:dump())
--- ```
function RecordReducer:forward()
  tools.check_object(self, RecordReducer, "forward", "self")
  fail("RuntimeError",
    "forward must be implemented: function MyReducer:forward(observation) ... end")
end

tools.saves(RecordReducer, {
  save = function(reducer)
    return { records = table.concat(tools.links(reducer).records or {}, " ") }
  end,
  load = function() end,
  check = function(reducer, values)
    local now = table.concat(tools.links(reducer).records or {}, " ")
    if now == values.records then return end
    return ("its records are '%s', the saved ones '%s'"):format(now, tools.text(values.records))
  end,
})

-- ------------------------------------------------------------- FoldReducer

--- The parent of reducers of a script's law: `fold(observation..., state)` gives the
--- next state, `state` being nil at first, and `interpolate(prev, next, sample_at,
--- step_time)` what is between two.
--- ```lua
--- local Sum = snn.class("Sum", snn.FoldReducer)
--- function Sum:fold(x, state) return state and state + x or x end
--- local reducer = Sum { step_time = 1, duration = 2 }
--- for step = 1, 3 do reducer(snn.full({ 2 }, step)) end
--- print(reducer:peek())
--- ```
---@class snn.FoldReducer: snn.RecordReducer
snn.FoldReducer = snn.class("FoldReducer", RecordReducer)
local FoldReducer = snn.FoldReducer
FoldReducer.__optional = {}
FoldReducer.summary = "The parent of reducers that fold observations by a law of a script."

--- Takes observations: what `fold` makes of them and of the newest state is recorded.
--- ```lua
--- -- as snn.FoldReducer:
--- reducer:forward(snn.ones(2))
--- print(reducer:peek())
--- ```
---@param ... snn.Tensor
function FoldReducer:forward(...)
  local n = select("#", ...)
  local args = table.pack(...)
  args[n + 1] = Record.peek(self)
  local state = self:fold(table.unpack(args, 1, n + 1))
  if not tools.is_tensor(state) then
    fail("TypeError", "fold: a tensor must be returned, got %s", tools.describe(state))
  end
  return Record.forward(self, state)
end

--- The state `time` ms ago, a number or a tensor as RecordTensor:select takes it; nil
--- before data. Off the steps it is what `interpolate` gives.
--- ```lua
--- -- as snn.FoldReducer:
--- print(reducer:view(1))
--- ```
---@param time number|snn.Tensor
---@param tolerance? number ms, 1e-7
---@return snn.Tensor?
function FoldReducer:view(time, tolerance)
  tools.check_object(self, FoldReducer, "view", "self")
  if Record.peek(self) == nil then return nil end
  return Record.select(self, time, function(prev, next, sample_at, step_time)
    return self:interpolate(prev, next, sample_at, step_time)
  end, { tolerance = tolerance == nil and 1e-7 or tolerance })
end

-- ------------------------------------------------------------- EligibilityTraceReducer

--- The eligibility of each weight: z decays with time_constant, and grows by the sum
--- over the receptive field of obs_reshape(obs) times cond_reshape(cond), divided by
--- time_constant.
--- ```lua
--- local reducer = snn.EligibilityTraceReducer { step_time = 1, time_constant = 20,
---   obs_reshape = function(x) return x:unsqueeze(2) end,
---   cond_reshape = function(x) return x:unsqueeze(2) end }
--- reducer(snn.ones(1, 2), snn.ones(1, 2))
--- print(reducer:peek())
--- ```
---@class snn.EligibilityTraceReducer: snn.FoldReducer
---@field time_constant number ms
---@field obs_reshape fun(obs: snn.Tensor): snn.Tensor
---@field cond_reshape fun(cond: snn.Tensor): snn.Tensor
snn.EligibilityTraceReducer = snn.class("EligibilityTraceReducer", FoldReducer)
local Eligibility = snn.EligibilityTraceReducer
Eligibility.summary = "Keeps eligibilities: a decaying sum of two observations multiplied."
Eligibility.__optional = {}

local function is_positive(v)
  return type(v) == "number" and v > 0 and v < math.huge, "a number above 0"
end
local function is_function(v) return type(v) == "function", "a function" end
local function is_any(v) return v ~= nil, "a value" end

local OWN = { time_constant = is_positive, obs_reshape = is_function, cond_reshape = is_function }
local RESHAPE <const> = "function(x) return x:unsqueeze(-1) end"
local DOUBLE <const> = "function(x) return x:unsqueeze(-1) * 2 end"
local ARGUMENTS = {
  { "step_time", is_any, true, type = "number", unit = "ms", set_as = "dt", example = "1",
    other = "0.5", doc = "time between two observations" },
  { "time_constant", is_positive, true, type = "number", unit = "ms", range = "greater than 0",
    example = "20", other = "10", doc = "of the decay" },
  { "obs_reshape", is_function, true, type = "function", example = RESHAPE, other = DOUBLE,
    doc = "lines an observation up with the weight" },
  { "cond_reshape", is_function, true, type = "function", example = RESHAPE, other = DOUBLE,
    doc = "lines a condition up with the weight" },
  { "duration", is_any, type = "number", unit = "ms", default = 0, range = "at least 0",
    example = "3", other = "5", doc = "for how long states are kept" },
  { "inclusive", is_any, type = "boolean", default = true, example = "true", other = "false",
    doc = "keeps also the state `duration` ago" },
}

Eligibility.arguments = tools.describe_arguments(ARGUMENTS)

local function own_of(reducer, where)
  local own = tools.links(reducer, Eligibility, where).eligibility
  if not own then fail("RuntimeError", "%s: the reducer is not finished", where) end
  return own
end

Eligibility.__get, Eligibility.__set = {}, {}
for name, set_field in pairs(RecordReducer.__set) do Eligibility.__set[name] = set_field end
for name, check in pairs(OWN) do
  Eligibility.__get[name] = function(reducer) return own_of(reducer, name)[name] end
  Eligibility.__set[name] = function(reducer, value)
    local good, wanted = check(value)
    if not good then tools.wrong_argument("EligibilityTraceReducer", name, wanted, value) end
    own_of(reducer, name)[name] = value
  end
end

---@param args { step_time: number, time_constant: number, obs_reshape: function,
---  cond_reshape: function, duration?: number, inclusive?: boolean } of shapes (batch,
---  weight's shape..., receptive field); inclusive is true by default
function Eligibility:init(args)
  tools.hooks.check_args("EligibilityTraceReducer", args, ARGUMENTS)
  FoldReducer.init(self, {
    step_time = args.step_time, duration = args.duration,
    inclusive = tools.hooks.default(args.inclusive, true),
  })
  local own = {}
  for name in pairs(OWN) do own[name] = args[name] end
  tools.links(self).eligibility = own
end

local function reshaped(own, name, given)
  local t = own[name](given)
  if tools.is_tensor(t) then return t end
  fail("TypeError", "fold: '%s' must return a tensor, got %s", name, tools.describe(t))
end

function Eligibility:fold(obs, cond, state)
  local own = own_of(self, "fold")
  local x, y = reshaped(own, "obs_reshape", obs), reshaped(own, "cond_reshape", cond)
  if y.dtype == "bool" then y = y:to(x.dtype == "float64" and "float64" or "float32") end
  return snn.trace.trace_cumulative_value((x * y):sum(-1), state, {
    decay = math.exp(-self.dt / own.time_constant), scale = 1 / own.time_constant,
  })
end

function Eligibility:interpolate(prev, next, sample_at, step_time)
  return snn.functional.interp_expdecay(prev, next, sample_at, step_time, {
    time_constant = own_of(self, "interpolate").time_constant,
  })
end
