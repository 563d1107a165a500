-- LinearSparse, the parts in Lua: how one is made of a connector, and what changes its
-- synapses.
local snn, _, tools = ...

local fail = tools.fail

local LinearSparse = snn.LinearSparse

-- ------------------------------------------------------------- synapses

--- What C makes the rows of (src/bind/models/synapses.c): a connector, or a table of
--- snn.connect.pairs, between these shapes.
function tools.draw_synapses(where, synapses, in_shape, out_shape)
  return tools.connectors.draw(synapses, where, in_shape, out_shape)
end

-- A table of pairs is a connector.
local function connector_of(synapses)
  if type(synapses) == "table" and not tools.connectors.is(synapses)
    and not tools.metatable(synapses) then
    return snn.connect.pairs(synapses)
  end
  return synapses
end

-- ------------------------------------------------------------- initial values

-- Values that were given in the order of pairs, in that of memory. Those of other connectors
-- are in the order of pairs that the connector gives: by input, then by output.
local function in_order(connector, value, order)
  if not tools.is_tensor(value) then return value end
  local given = tools.connectors.order(connector)
  if given and value.ndim == 1 and value.numel == given.numel then
    value = value:index_select(1, given)
  end
  if order and value.ndim == 1 and value.numel == order.numel then
    value = value:index_select(1, order)
  end
  return value
end

-- A function of two or more parameters, or of any number, is one of the synapses; one of one
-- parameter is called with uniform numbers, as for other connections.
local function is_of_synapses(value)
  if type(value) ~= "function" then return false end
  local about = debug.getinfo(value, "u")
  return about.nparams >= 2 or about.isvararg
end

local function set_initial(connection, name, value, connector, order)
  if is_of_synapses(value) then
    local result = value(connection.pre, connection.post,
      tools.connectors.distances(connector, tools.sparse.pattern(connection), connection.inshape,
        connection.outshape))
    if not tools.is_tensor(result) then
      fail("TypeError", "LinearSparse: '%s_init' must return a tensor, got %s", name,
        tools.describe(result))
    end
    connection[name] = result
    return
  end
  if name == "weight" and (value == nil or type(value) == "function") then
    connection.weight = snn.rand(connection.weight.shape, { dtype = connection.dtype })
  end
  tools.initial(connection, name, in_order(connector, value, order),
    name == "delay" and type(value) == "function" and tools.sparse.zeros(connection) or nil)
end

-- What a copy is made of: the same rows, and the connector that they once came of.
local kept = setmetatable({}, { __mode = "k" })

function tools.keep_synapses(connection)
  local words = setmetatable({}, { __name = "synapses" })
  kept[words] = { pattern = tools.sparse.pattern(connection), of = connection.synapses }
  return words
end

local construct = LinearSparse.init

local function build(self, args)
  args = tools.initial_args("LinearSparse", args)
  local given, same = args, nil
  if type(args) == "table" and args.synapses ~= nil then
    given = {}
    for k, v in next, args do given[k] = v end
    same = kept[args.synapses]
    given.synapses = same and same.pattern or connector_of(args.synapses)
  end
  construct(self, given)
  local connector, order = given.synapses, nil
  local links = tools.links(self)
  if same then links.synapses = same.of end
  -- The rows have the pairs already: what was given of them goes, also a whole mask.
  if tools.connectors.is_large(links.synapses) then
    links.synapses = tools.connectors.of_connection(self)
  end
  if self.delay then
    set_initial(self, "delay", args.delay_init, connector)
    if not same then order = tools.sparse.sort(self, tools.is_tensor(args.weight_init)) end
    tools.sparse.give_back(self)
  end
  set_initial(self, "weight", args.weight_init, connector, order)
  if self.bias then
    self.bias = snn.rand(self.bias.shape, { dtype = self.dtype })
    tools.initial(self, "bias", args.bias_init)
  end
  tools.sparse.give_back(self)
end

function LinearSparse.init(self, args) return tools.atomic({ self }, build, self, args) end

-- ------------------------------------------------------------- what there is

--- Outputs times inputs: the weights as a matrix, those of several synapses between a pair
--- added up. It has inputs x outputs elements, unlike all else of the connection.
--- ```lua
--- -- as snn.LinearSparse:
--- print(connection:to_dense())
--- ```
---@return snn.Tensor (outputs, inputs)
function LinearSparse:to_dense() return tools.sparse.to_dense(self) end

--- Where the synapses from an input to an output are: their places in `weight`, `delay`, `pre`
--- and `post`, none where there is no synapse.
--- ```lua
--- -- as snn.LinearSparse:
--- print(connection:find(3, 2))
--- ```
---@param i integer input, from 1
---@param j integer output, from 1
---@return snn.Tensor int64, as many elements as synapses
function LinearSparse:find(i, j) return tools.sparse.find(self, i, j) end

-- ------------------------------------------------------------- telling

local function spread(t)
  if t.numel == 0 then return nil end
  return { min = t:min():item(), mean = t:to("float64"):mean():item(), max = t:max():item() }
end

-- The same of the values of a parameter.
local function range(connection, name)
  local least, mean, most = tools.sparse.range(connection, name)
  return least and { min = least, mean = mean, max = most }
end

local function spread_text(name, s, unit)
  if not s then return nil end
  return ("%-11s %s to %s, mean %s%s"):format(name, tools.rounded(s.min, 4),
    tools.rounded(s.max, 4), tools.rounded(s.mean, 4), unit or "")
end

local SIZES <const> = { "B", "kB", "MB", "GB" }

local function size_text(bytes)
  local i = 1
  while bytes >= 1000 and i < #SIZES do bytes, i = bytes / 1000, i + 1 end
  return ("%s %s"):format(tools.rounded(bytes, 3), SIZES[i])
end

local description = { __name = "Description" }

function description:__tostring()
  local lines = {
    ("%-11s %d of %d inputs and %d outputs, %s %%"):format("synapses", self.count, self.inputs,
      self.outputs, tools.rounded(self.share * 100, 3)),
  }
  local function add(...) lines[#lines + 1] = spread_text(...) end
  add("in-degree", self.in_degree)
  add("out-degree", self.out_degree)
  add("weight", self.weight)
  add("delay", self.delay, " ms")
  lines[#lines + 1] = ("%-11s %s"):format("memory", size_text(self.bytes))
  return table.concat(lines, "\n")
end

--- What the network is like: how many synapses there are, what share of all pairs, least,
--- greatest and mean of the degrees of outputs and inputs, of weights and delays, ms, and the
--- bytes that synapses take. Its text is a table of these.
--- ```lua
--- -- as snn.LinearSparse:
--- print(connection:describe())
--- print(connection:describe().in_degree.max)
--- ```
---@return { count: integer, inputs: integer, outputs: integer, share: number, bytes: integer,
---  in_degree: table, out_degree: table, weight: table, delay: table } degrees, weights and
---  delays are { min, mean, max }, nil where there are none
function LinearSparse:describe()
  tools.check_object(self, LinearSparse, "describe", "self")
  local inputs, outputs, count = self:insize(), self:outsize(), self.count
  local pairs_ = inputs * outputs
  return setmetatable({
    count = count, inputs = inputs, outputs = outputs,
    share = pairs_ > 0 and count / pairs_ or 0, bytes = tools.sparse.bytes(self),
    in_degree = spread(self.in_degree), out_degree = spread(self.out_degree),
    weight = range(self, "weight"), delay = range(self, "delay"),
  }, description)
end

-- ------------------------------------------------------------- changes

-- The units of trainers that learn on the connection: they may keep something for each synapse.
local function units_of(connection)
  local units = {}
  for trainer in next, tools.trainers do
    local ok, links = pcall(tools.links, trainer) -- one that has gone is no more in use
    for _, unit in next, ok and links.unit_map or {} do
      local cell = tools.links(unit).cell
      if rawequal(cell.connection, connection) then units[#units + 1] = unit end
    end
  end
  return units
end

-- ------------------------------------------------------------- those that were saved

---Whether the pairs of a state are others than those of the connection, a LinearSparse: nil
---and why where they cannot be its own.
function tools.pairs_differ(connection, saved) return tools.sparse.differ(connection, saved) end

---Adds to a list of tools.atomic what changes with the synapses of a connection, which is in
---it: its accumulators, and what trainers keep of it. RuntimeError: terms wait, unless they
---may be dropped, or an update runs.
function tools.keep_synaptic(list, connection, where, drops)
  tools.sparse.check_load(connection, where, drops)
  local is_there = {}
  for _, entry in ipairs(list) do is_there[entry] = true end
  local function keep(object)
    if not is_there[object] then list[#list + 1] = object end
    is_there[object] = true
  end
  local updater = connection.updater
  for _, name in ipairs(updater and updater.names or {}) do keep(updater[name]) end
  for _, unit in ipairs(units_of(connection)) do
    keep(unit)
    local names = not tools.links(unit).is_free and tools.unit_monitors(unit) or {}
    for _, name in ipairs(names) do keep(tools.monitor_of_unit(unit, name)) end
  end
end

---Gives the connection the synapses of a state, within tools.atomic: weights and delays are
---to follow, after keep_synaptic. Terms that wait are gone.
function tools.load_pairs(connection, saved)
  tools.sparse.load(connection, saved, units_of(connection))
end

-- The pairs of a LinearSparse that are others than there are: it gets them before all
-- else, where its weights and delays go with them.
local function compare_pairs(misfit, path, connection, state, lists)
  local new, prefix = state[path], path:sub(1, -#"pairs" - 1)
  if not tools.is_tensor(new) then return misfit(path, connection.pairs, new) end
  local differ, why = tools.pairs_differ(connection, new)
  if why then return "misshapen", ("'%s': %s"):format(path, why) end
  if not differ then return end
  for _, name in ipairs { "weight", "delay" } do
    local now, value = connection[name], state[prefix .. name]
    if now and not (tools.is_tensor(value) and value.ndim == 1 and value.numel == new.numel
      and value.dtype == now.dtype) then
      return "misshapen", ("'%s': there are %d, '%s' is %s"):format(path, new.numel,
        prefix .. name, tools.is_tensor(value) and ("%s {%s}"):format(value.dtype,
          table.concat(value.shape, ", ")) or "missing")
    end
  end
  table.insert(lists.rewired, { connection, new })
  lists.count[connection] = new.numel
end

-- Whether the state follows from others, or is as many as synapses will be.
local IS_OF_SYNAPSES <const> = { pairs = true, weight = true, delay = true }

---What module.lua's misfit says, of the synapses of a LinearSparse as many as were saved.
function tools.misfit_of(misfit, lists, path, value, new, is_open, module, name)
  local is_sparse = IS_OF_SYNAPSES[name] and tools.is_instance(module, LinearSparse)
  if is_sparse and name == "pairs" then
    return compare_pairs(misfit, path, module, lists.state, lists)
  end
  if is_sparse and lists.count[module] then return end
  return misfit(path, value, new, is_open)
end

--- Drops the synapses whose weight is nearer to 0 than a number. What is left keeps its
--- weight, delay and state. RuntimeError: terms of an update wait (update or clear the updater
--- first).
--- ```lua
--- -- as snn.LinearSparse:
--- connection.weight = snn.tensor { 0.5, 0.01, -1 }
--- print(connection:prune { below = 0.1 })
--- print(connection.weight)
--- ```
---@param args { below: number } at least 0
---@return integer how many are gone
function LinearSparse:prune(args)
  tools.check_object(self, LinearSparse, "prune", "self")
  args = tools.options("prune", args, { "below" }, { "below" })
  local below = args.below
  if type(below) ~= "number" then
    tools.wrong_argument("prune", "below", "a number", below)
  elseif below < 0 or below ~= below then
    fail("ValueError", "prune: 'below' must be at least 0, got %s", below)
  end
  local goes = self.weight:abs():lt(below)
  return tools.sparse.keep(self, goes:logical_not(), units_of(self))
end

-- Numbers in one dimension, float64; whole ones.
local function numbers(name, value, is_whole)
  if math.type(value) then value = { value } end
  if type(value) == "table" and not tools.metatable(value) then
    value = snn.tensor(value, { dtype = "float64" })
  end
  if not tools.is_tensor(value) then
    tools.wrong_argument("add", name, "a number or a tensor of numbers", value)
  elseif value.ndim > 1 or value.dtype == "bool" then
    fail("ValueError", "add: '%s' must be numbers in one dimension, got %s of the shape {%s}", name,
      value.dtype, table.concat(value.shape, ", "))
  end
  value = value:to("float64"):reshape(-1):contiguous()
  if not value:isfinite():all():item() or is_whole and value:ne(value:floor()):any():item() then
    fail("ValueError", "add: '%s' must be %s", name, is_whole and "integers" or "finite")
  end
  return value
end

-- One for each of so many, of as many or of one for all.
local function each(name, value, count)
  if value.numel == count then return value end
  if value.numel ~= 1 then
    fail("ValueError", "add: '%s' has %d elements, there are %d synapses", name, value.numel, count)
  end
  return value:expand(count):contiguous()
end

-- Delays of what is added, ms: nil, 0 for all.
local function delays_of(connection, delay, count)
  if delay == nil then return nil end
  if not connection.delayedby then fail("ValueError", "add: the connection has no delays") end
  return each("delay", numbers("delay", delay), count)
end

--- Adds synapses, whatever there is between these pairs. What was there keeps its weight, delay
--- and state. RuntimeError: terms of an update wait (update or clear the updater first).
--- ValueError: there is no such input or output.
--- ```lua
--- -- as snn.LinearSparse:
--- connection:add(2, 1, 0.7)
--- print(connection.pre, connection.post, connection.weight)
--- ```
---@param pre integer|snn.Tensor inputs, from 1
---@param post integer|snn.Tensor outputs, from 1
---@param weight number|snn.Tensor one for all, or one for each
---@param delay? number|snn.Tensor ms (0)
---@return integer how many there are now
function LinearSparse:add(pre, post, weight, delay)
  tools.check_object(self, LinearSparse, "add", "self")
  pre, post = numbers("pre", pre, true), numbers("post", post, true)
  local count = math.max(pre.numel, post.numel)
  if pre.numel == 0 or post.numel == 0 then count = 0 end
  pre, post = each("pre", pre, count), each("post", post, count)
  weight = each("weight", numbers("weight", weight), count)
  if not weight:to(self.dtype):isfinite():all():item() then
    fail("ValueError", "add: 'weight' must be finite in %s", self.dtype)
  end
  delay = delays_of(self, delay, count)
  return tools.sparse.add(self, pre, post, weight, delay, units_of(self))
end
