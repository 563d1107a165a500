-- Positions of snn.connect.distance: given, or those of grids.
local snn, _, tools = ...

local fail = tools.fail

local where <const> = "connect.distance"
local DIMS <const> = 3

-- ------------------------------------------------------------- what is given

-- (n) or (n, 1 to 3) as float64 (n, dims)
local function positions(name, value)
  if value == nil then return nil end
  if type(value) == "table" then value = snn.tensor(value, { dtype = "float64" }) end
  if not tools.is_tensor(value) then
    tools.wrong_argument(where, name, "a tensor of positions, (n, 1 to 3)", value)
  end
  local shape = value.shape
  if value.ndim == 1 then value = value:reshape(-1, 1) end
  local columns = value.shape[2]
  if value.ndim ~= 2 or columns < 1 or columns > DIMS then
    fail("ValueError", "%s: '%s' must have the shape (n) or (n, 1 to 3), got {%s}", where, name,
      table.concat(shape, ", "))
  end
  value = value:to("float64"):clone()
  if not value:isfinite():all():item() then
    fail("ValueError", "%s: '%s' must be of finite numbers", where, name)
  end
  return value
end

local function check_periodic(value)
  local list = type(value) == "table" and value or { value }
  if type(value) == "boolean" then return end
  for i = 1, math.max(#list, 1) do
    local v = list[i]
    if type(v) ~= "number" then
      tools.wrong_argument(where, "periodic", "true, false, a length or a list of them", value)
    elseif not (v > 0 and v < math.huge) then
      fail("ValueError", "%s: 'periodic' must have lengths greater than 0, got %s", where, v)
    end
  end
end

--- The arguments that are about positions, checked and in place.
local function check(_, args)
  for _, name in ipairs { "positions", "pre_positions", "post_positions" } do
    args[name] = positions(name, args[name])
  end
  local both, pre, post = args.positions, args.pre_positions, args.post_positions
  if both and (pre or post) then
    fail("ValueError", "%s: 'positions' are of both sides: with them there is neither "
      .. "'pre_positions' nor 'post_positions'", where)
  elseif (pre == nil) ~= (post == nil) then
    tools.missing(where, pre and { "post_positions", "of the outputs" }
      or { "pre_positions", "of the inputs" })
  elseif pre and pre.shape[2] ~= post.shape[2] then
    fail("ValueError", "%s: 'pre_positions' have %d columns, 'post_positions' %d", where,
      pre.shape[2], post.shape[2])
  end
  check_periodic(args.periodic)
end

-- ------------------------------------------------------------- grids

-- Positions (n, dims) of a grid of `shape` that is laid over one of `size`: the middles of its
-- cells.
local function grid(shape, size)
  local columns, count = {}, 1
  for d = 1, #shape do count = count * shape[d] end
  for d = 1, #shape do
    local ones = {}
    for other = 1, #shape do ones[other] = other == d and shape[d] or 1 end
    local scale = shape[d] > 0 and size[d] / shape[d] or 1
    local at = (snn.arange(shape[d], { dtype = "float64" }) + 0.5) * scale
    columns[d] = at:reshape(table.unpack(ones)):expand(table.unpack(shape)):reshape(count)
  end
  return snn.stack(columns, 2)
end

local function check_grids(job)
  local a, b = job.in_shape, job.out_shape
  if #a ~= #b or #a > DIMS then
    fail("ValueError", "%s: inputs and outputs must be grids of the same 1 to 3 dimensions, got "
      .. "{%s} and {%s}; else give positions", where, table.concat(a, ", "), table.concat(b, ", "))
  end
end

local function check_count(name, t, n, what)
  if t.shape[1] ~= n then
    fail("ValueError", "%s: '%s' has %d rows, there are %d %s", where, name, t.shape[1], n, what)
  end
end

-- The lengths after which dimensions begin again; nil: none does.
local function periods(given, dims, lengths, pre, post)
  if given == false then return nil end
  if given == true then
    if lengths then return lengths end
    for _, t in ipairs { pre, post } do
      if t.numel > 0 and (t:min():item() < 0 or t:max():item() > 1) then
        fail("ValueError", "%s: periodic = true is of positions from 0 to 1; of others say "
          .. "after which length they begin again: periodic = 2, or { 2, 1 }", where)
      end
    end
    given = 1
  end
  if type(given) == "table" then
    if #given ~= dims then
      fail("ValueError", "%s: 'periodic' has %d lengths, positions have %d columns", where, #given,
        dims)
    end
    return given
  end
  local list = {}
  for d = 1, dims do list[d] = given end
  return list
end

--- What C wants to know of the space of a connector (src/bind/models/connect.c), for a job.
local function resolve(self, job)
  local args = self.args
  local pre, post = args.positions or args.pre_positions, args.positions or args.post_positions
  local lengths
  if pre then
    local name = args.positions and "positions"
    check_count(name or "pre_positions", pre, job.inputs, "inputs")
    check_count(name or "post_positions", post, job.outputs, "outputs")
  else
    check_grids(job)
    lengths = job.out_shape
    pre, post = grid(job.in_shape, lengths), grid(lengths, lengths)
  end
  return {
    pre = pre, post = post, kernel = args.kernel, sigma = args.sigma, radius = args.radius,
    p = args.p, self = args.self, period = periods(args.periodic, pre.shape[2], lengths, pre, post),
  }
end

return { check = check, resolve = resolve }
