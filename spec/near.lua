-- The one check that numbers are near others:
--
--   local near = require "spec.near"
--   near({ { 1, 2 } }, tensor)             a tensor of that shape, or of so many elements
--   near(0.5, number, 1e-9)                with a tolerance of one's own
--
-- An element may be off by the tolerance times what is wanted and by `absolute`:
-- 1e-12 for tensors of float64, else 1e-6 and 1e-7. A NaN is near a NaN, infinity near
-- itself alone.
local function is_tensor(v) return type(v) == "userdata" end

local function flatten(v, out)
  if type(v) ~= "table" and not is_tensor(v) then
    out[#out + 1] = v
  else
    for _, part in ipairs(is_tensor(v) and v:totable() or v) do flatten(part, out) end
  end
  return out
end

-- A tensor without dimensions is its number.
local function plain(v)
  if is_tensor(v) and v.ndim == 0 then return v:item() end
  return v
end

-- "{2, 3}" of nested lists or a tensor, "" of a number.
local function shape_of(v)
  if is_tensor(v) then return "{" .. table.concat(v.shape, ", ") .. "}" end
  local sizes = {}
  while type(v) == "table" do
    sizes[#sizes + 1] = #v
    v = v[1]
  end
  return #sizes > 0 and "{" .. table.concat(sizes, ", ") .. "}" or ""
end

local function is_flat(v) return type(v) == "table" and type(v[1]) ~= "table" end

local function is_near(want, got, relative, absolute)
  if want == got or want ~= want and got ~= got then return true end
  return math.abs(got - want) <= relative * math.abs(want) + absolute
    and math.abs(want) < math.huge
end

---Raises unless all of `got` is near what is wanted.
---@param want number|table|snn.Tensor nested lists and tensors: of the shape of `got`
---@param got number|table|snn.Tensor
---@param relative? number a tolerance
---@param absolute? number another, the same where only the first is given
return function(want, got, relative, absolute)
  want, got = plain(want), plain(got)
  if not relative then
    local is_double = is_tensor(got) and got.dtype == "float64"
    relative, absolute = is_double and 1e-12 or 1e-6, is_double and 1e-12 or 1e-7
  end
  if not is_flat(want) and shape_of(want) ~= shape_of(got) then
    error(("expected %s of shape %s, got %s"):format(want, shape_of(want), shape_of(got)), 2)
  end
  local a, b = flatten(want, {}), flatten(got, {})
  if #a ~= #b then error(("expected %d elements, got %d"):format(#a, #b), 2) end
  for i, v in ipairs(a) do
    if not is_near(v, b[i], relative, absolute or relative) then
      error(("element %d is %.17g instead of %.17g"):format(i, b[i], v), 2)
    end
  end
end
