-- snn.connect: the connectors. Arguments are checked here; what they draw is made in C
-- (src/connect/).
local snn, load, tools = ...

local fail, new = tools.fail, tools.connectors.new

-- Files that few need are read at their first use.
local loaded = {}
local function part(name)
  loaded[name] = loaded[name] or load("snn.connect_" .. name)
  return loaded[name]
end

--- Connectors: which inputs of a snn.LinearSparse reach which outputs. Where there are random
--- numbers they are drawn from the library's generator, in time proportional to the synapses.
--- ```lua
--- snn.manual_seed(1)
--- print(snn.connect.fixed_in_degree { n = 2 }:pairs(5, 3))
--- ```
---@class snn.connect
local connect = {}
snn.connect = connect

-- ------------------------------------------------------------- arguments

-- How a value of each kind is checked: what it must be, and whether it is.
local CHECKS <const> = {
  probability = { "a number from 0 to 1", "number", function(v) return v >= 0 and v <= 1 end },
  positive = { "a number greater than 0", "number",
    function(v) return v > 0 and v < math.huge end },
  count = { "an integer of at least 0", "integer", function(v) return v >= 0 end },
  even = { "an even integer of at least 2", "integer",
    function(v) return v >= 2 and v % 2 == 0 end },
  flag = { "true or false", "boolean", function() return true end },
}

local function kind_of(value, wanted)
  if wanted == "integer" then
    return math.type(value) ~= nil and math.tointeger(value) ~= nil
  end
  return type(value) == wanted
end

local function check(where, name, value, kind)
  local wanted, of, is_right = table.unpack(CHECKS[kind])
  if not kind_of(value, of) then
    tools.wrong_argument(where, name, wanted, value)
  elseif not is_right(value) then
    fail("ValueError", "%s: '%s' must be %s, got %s", where, name, wanted, value)
  end
  return of == "integer" and math.tointeger(value) or value
end

-- What arguments are called elsewhere.
local ELSEWHERE <const> = {
  prob = "p", probability = "p", autapses = "self", allow_autapses = "self", indegree = "n",
  outdegree = "n", multapses = "multiple", allow_multapses = "multiple", wrap = "periodic",
  mask = "radius", boundary = "periodic",
}

local function unknown(where, key, known, names)
  local here = ELSEWHERE[key]
  if math.type(key) then
    fail("TypeError", "%s: arguments have names: { %s = ... }", where, names[1] or "name")
  elseif here and known[here] then
    fail("TypeError", "%s: unknown argument '%s' (here: '%s')", where, key, here)
  end
  tools.unknown_argument(where, tools.text(key), names)
end

-- `rows`: { name, kind, default, needed's text }; a kind that has no check is the caller's.
local function read(where, args, rows)
  if args == nil then args = {} end
  if type(args) ~= "table" or tools.metatable(args) then
    fail("TypeError", "%s: arguments come in one table of names, got %s", where,
      tools.describe(args))
  end
  local known, names, out, missing = {}, {}, {}, {}
  for i, row in ipairs(rows) do known[row[1]], names[i] = true, row[1] end
  for key in next, args do
    if not known[key] then unknown(where, key, known, names) end
  end
  for _, row in ipairs(rows) do
    local name, kind, default, needed = table.unpack(row, 1, 4)
    local value = args[name]
    if value == nil and needed then
      missing[#missing + 1], missing[#missing + 2] = name, needed
    end
    if value ~= nil and CHECKS[kind] then value = check(where, name, value, kind) end
    if value == nil then value = default end
    out[name] = value
  end
  if #missing > 0 then tools.missing(where, missing) end
  return out, names
end

local SELF <const> = { "self", "flag", true }

-- ------------------------------------------------------------- laws

local function law_args(self, job)
  local args = self.args
  return self.kind, job.inputs, job.outputs, args.p, args.n or args.k, args.multiple, args.self
end

local function draw_law(self, job) return tools.connect.law(law_args(self, job)) end
local function expect_law(self, job) return tools.connect.expected_law(law_args(self, job)) end

local function law(kind, args, rows)
  local given, names = read("connect." .. kind, args, rows)
  return new { kind = kind, args = given, names = names, draw = draw_law, expected = expect_law }
end

--- Every input reaches every output.
--- ```lua
--- print(snn.connect.all_to_all { self = false }:pairs(2, 2))
--- ```
---@param args? { self?: boolean } false: an input does not reach the output of its own number
---@return snn.Connector
function connect.all_to_all(args) return law("all_to_all", args, { SELF }) end

--- Each input reaches the output of its number. There must be as many of both (ValueError).
--- ```lua
--- print(snn.connect.one_to_one():pairs(3, 3))
--- ```
---@param args? table without names
---@return snn.Connector
function connect.one_to_one(args) return law("one_to_one", args, {}) end

--- Each pair is connected with the probability p, whatever the others are.
--- ```lua
--- snn.manual_seed(1)
--- print(snn.connect.bernoulli { p = 0.2 }:pairs(5, 4))
--- ```
---@param args { p: number, self?: boolean } 0 to 1; false: an input does not reach the output of
---  its own number
---@return snn.Connector
function connect.bernoulli(args)
  return law("bernoulli", args, { { "p", "probability", nil, "probability of a pair" }, SELF })
end

local DEGREE <const> = { { "n", "count", nil, "synapses of a neuron" },
  { "multiple", "flag", false }, SELF }

--- Each output is reached by n inputs, which are drawn from all. With n = 0 there are no
--- synapses. ValueError: n is more than there are inputs.
--- ```lua
--- snn.manual_seed(1)
--- print(snn.connect.fixed_in_degree { n = 2 }:pairs(5, 3))
--- ```
---@param args { n: integer, multiple?: boolean, self?: boolean } true: each of the n is drawn
---  from all inputs, so that a pair may have several synapses (false); false: no input
---  reaches the output of its own number (true)
---@return snn.Connector
function connect.fixed_in_degree(args) return law("fixed_in_degree", args, DEGREE) end

--- Each input reaches n outputs, which are drawn from all. ValueError: n is more than there are
--- outputs.
--- ```lua
--- snn.manual_seed(1)
--- print(snn.connect.fixed_out_degree { n = 2, multiple = true }:pairs(3, 5))
--- ```
---@param args { n: integer, multiple?: boolean, self?: boolean } true: each of the n is drawn
---  from all outputs, so that a pair may have several synapses (false); false: no input
---  reaches the output of its own number (true)
---@return snn.Connector
function connect.fixed_out_degree(args) return law("fixed_out_degree", args, DEGREE) end

--- Exactly n synapses, of all pairs. ValueError: n is more than there are pairs.
--- ```lua
--- snn.manual_seed(1)
--- print(snn.connect.fixed_total { n = 3 }:pairs(10, 10))
--- ```
---@param args { n: integer, multiple?: boolean, self?: boolean } true: each synapse is drawn
---  from all pairs, so that a pair may have several (false); false: no pairs of the same
---  number (true)
---@return snn.Connector
function connect.fixed_total(args)
  return law("fixed_total", args, { { "n", "count", nil, "synapses in all" },
    { "multiple", "flag", false }, SELF })
end

--- A small world (Watts & Strogatz 1998): neurons on a ring, as many inputs as outputs. Each
--- reaches its k nearest, half of them to each side; each of these is moved with the probability
--- p to any other neuron that it does not reach already. ValueError: k is not less than the
--- number of neurons.
--- ```lua
--- print(snn.connect.small_world { k = 2, p = 0 }:pairs(4, 4))
--- ```
---@param args { k: integer, p: number } even; 0 to 1
---@return snn.Connector
function connect.small_world(args)
  return law("small_world", args, { { "k", "even", nil, "neighbours, half to each side" },
    { "p", "probability", nil, "probability to be moved" } })
end

-- ------------------------------------------------------------- functions

local function only_self(where, options)
  options = tools.options(where, options, { "self" })
  if options.self ~= nil then check(where, "self", options.self, "flag") end
  return { self = options.self == nil or options.self }
end

local function filter_args(self, job)
  return job.inputs, job.outputs, self.fn, "connect.where", nil, self.args.self
end

--- Pairs that a function chooses: it is called with the numbers of inputs and of outputs of many
--- pairs at a time, int64 tensors (n), counted from 1, and returns a bool tensor (n). All pairs
--- come, in order, so the time is that of inputs x outputs.
--- ```lua
--- print(snn.connect.where(function(i, j) return (i - j):abs():eq(1) end):pairs(3, 3))
--- ```
---@param fn fun(i: snn.Tensor, j: snn.Tensor): snn.Tensor
---@param options? { self?: boolean } false: it is not asked for pairs of the same number
---@return snn.Connector
function connect.where(fn, options)
  if type(fn) ~= "function" then
    tools.wrong_argument("connect.where", "fn", "a function of (i, j)", fn)
  end
  local args = only_self("connect.where", options)
  return new { kind = "where", args = args, names = { "self" }, fn = fn,
    draw = function(self, job) return tools.connect.filter(filter_args(self, job)) end,
    expected = function(self, job) return tools.connect.expected_filter(filter_args(self, job)) end,
  }
end

-- ------------------------------------------------------------- what is given

--- The pairs where a tensor is not 0, which has the shape (outputs, inputs) that weights have.
--- ```lua
--- print(snn.connect.mask(snn.tensor { { 1, 0, 1 }, { 0, 0, 1 } }):pairs(3, 2))
--- ```
---@param mask snn.Tensor of any dtype
---@return snn.Connector
function connect.mask(mask)
  if not tools.is_tensor(mask) then
    tools.wrong_argument("connect.mask", "mask", "a tensor of the shape (outputs, inputs)", mask)
  elseif mask.ndim ~= 2 then
    fail("ValueError", "connect.mask: the mask must have two dimensions, outputs and inputs, got "
      .. "the shape {%s}", table.concat(mask.shape, ", "))
  end
  mask = mask:ne(0)
  return new { kind = "mask", args = { mask = mask }, names = { "mask" }, is_large = true,
    draw = function(self, job)
      return tools.connect.mask(job.inputs, job.outputs, self.args.mask)
    end,
    expected = function(self) return self.args.mask:sum():item() end,
  }
end

local function draw_pairs(self, job)
  return tools.connect.pairs(job.inputs, job.outputs, self.args.pre, self.args.post)
end

local function order_pairs(self)
  local pre, post = self.args.pre, self.args.post
  if pre.numel == 0 then return nil end
  local _, order = ((pre - 1) * post:max():item() + post):sort()
  return order
end

local function expect_pairs(self) return self.args.pre.numel end

--- Pairs that are given: number k is from input pre[k] to output post[k], counted from 1. A pair
--- may come several times. A file is a NPZ with arrays named pre and post, or a text of two
--- numbers a line, with or without a line of titles. IOError: it cannot be read. ValueError: it
--- has something else; a number is out of range, when the pairs are used.
--- ```lua
--- print(snn.connect.pairs { pre = { 3, 1, 1 }, post = { 2, 2, 4 } }:pairs(3, 4))
--- ```
---@param args string|{ pre?: snn.Tensor|integer[], post?: snn.Tensor|integer[], file?: string,
---  base?: integer } the name of a file, or both tensors, or a file; 0 where they count from 0
---@return snn.Connector
function connect.pairs(args)
  if type(args) == "string" then args = { file = args } end
  local given = read("connect.pairs", args, { { "pre" }, { "post" }, { "file" },
    { "base", "count", 1 } })
  local pre, post = part("pairs").read(given)
  return new { kind = "pairs", args = { pre = pre, post = post }, names = { "pre", "post" },
    is_large = true, draw = draw_pairs, expected = expect_pairs, order = order_pairs }
end

--- The pairs that a LinearSparse has, without memory for them: they are asked for when needed.
function tools.connectors.of_connection(connection)
  local args = setmetatable({}, { __index = function(_, name) return connection[name] end })
  return new { kind = "pairs", args = args, names = { "pre", "post" }, is_large = true,
    draw = draw_pairs, order = order_pairs,
    expected = function() return connection.count end,
    text = function()
      return ("snn.connect.pairs { pre = tensor{%d}, post = tensor{%d} }"):format(connection.count,
        connection.count)
    end,
  }
end

-- ------------------------------------------------------------- distance

local DISTANCE <const> = {
  { "kernel", nil, nil, "how the probability falls with distance" },
  { "sigma", "positive" }, { "radius", "positive" }, { "p", "probability", 1 },
  { "periodic", nil, false }, SELF, { "positions" }, { "pre_positions" }, { "post_positions" },
}

local WIDE <const> = { gaussian = true, exponential = true }

local function check_kernel(where, args)
  local kernel = args.kernel
  if type(kernel) == "string" then kernel = tools.lower(kernel) end
  if type(kernel) ~= "function" and not WIDE[kernel] and kernel ~= "disc" then
    if type(kernel) ~= "string" then
      tools.wrong_argument(where, "kernel", '"gaussian", "exponential", "disc" or a function',
        kernel)
    end
    local near = tools.nearest(kernel, { "gaussian", "exponential", "disc" })
    fail("ValueError", "%s: 'kernel' must be \"gaussian\", \"exponential\", \"disc\" or a "
      .. "function, got '%s'%s", where, kernel,
      near and (" (did you mean '%s'?)"):format(near) or "")
  end
  args.kernel = kernel
  if WIDE[kernel] and not args.sigma then
    tools.missing(where, { "sigma", "width of the kernel" })
  elseif kernel == "disc" and not args.radius then
    tools.missing(where, { "radius", "of the disc" })
  elseif args.sigma and not WIDE[kernel] then
    fail("ValueError", "%s: 'sigma' is of the kernels \"gaussian\" and \"exponential\"", where)
  end
end

--- Pairs by how far apart they are: with the probability p k(d) at the distance d, where the
--- kernel k is exp(-d^2 / (2 sigma^2)) (gaussian), exp(-d / sigma) (exponential), 1 up to the
--- radius (disc), or what a function makes of a tensor of distances. With `radius` no pairs are
--- farther apart. Positions are those of the grids that inputs and outputs are, {rows, columns}:
--- the next of the outputs is at the distance 1, and the inputs' grid is laid over that of
--- the outputs; or they are given. A function is asked for all pairs, so that takes longer.
--- ```lua
--- snn.manual_seed(1)
--- local connector = snn.connect.distance { kernel = "gaussian", sigma = 1, p = 0.8 }
--- print(connector:expected({ 10, 10 }, { 10, 10 }))
--- ```
---@param args { kernel: string|fun(d: snn.Tensor): snn.Tensor, sigma?: number, radius?: number,
---  p?: number, periodic?: boolean|number|number[], self?: boolean, positions?: snn.Tensor,
---  pre_positions?: snn.Tensor, post_positions?: snn.Tensor } p is 1;
---  periodic, true: edges meet, of given positions those of 0 to 1, or else say after which
---  length (false); self as elsewhere; positions (n) or (n, 1 to 3) of both sides, or of each
---@return snn.Connector
function connect.distance(args)
  local where <const> = "connect.distance"
  local given, names = read(where, args, DISTANCE)
  check_kernel(where, given)
  local space = part("space")
  space.check(where, given)
  return new {
    kind = "distance", args = given, names = names,
    space = space.resolve,
    draw = function(self, job)
      local at = space.resolve(self, job)
      if type(given.kernel) == "function" then
        return tools.connect.filter(job.inputs, job.outputs, given.kernel, where, at)
      end
      return tools.connect.space(job.inputs, job.outputs, at)
    end,
    expected = function(self, job)
      local at = space.resolve(self, job)
      if type(given.kernel) == "function" then
        return tools.connect.expected_filter(job.inputs, job.outputs, given.kernel, where, at)
      end
      return tools.connect.expected_space(job.inputs, job.outputs, at)
    end,
  }
end
