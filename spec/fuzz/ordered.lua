-- Makes pairs and next go in one order in each process: by the keys, not by
-- where they lie in the table. Lua hashes strings with a seed of the time and of
-- addresses; a run that is to be repeated must not depend on it.
local plain_next, plain_pairs = next, pairs

local RANK <const> = { number = 1, string = 2, boolean = 3 }

-- Objects as keys: in the order in which they were first met.
local met, count = setmetatable({}, { __mode = "k" }), 0
local function number_of(v)
  if not met[v] then
    count = count + 1
    met[v] = count
  end
  return met[v]
end

local function less(a, b)
  local x, y = RANK[type(a)] or 4, RANK[type(b)] or 4
  if x ~= y then return x < y end
  if x < 3 then return a < b end
  if x == 3 then return a and not b end
  return number_of(a) < number_of(b)
end

-- The key that comes after `key` of all that there are.
function _G.next(t, key)
  local found
  for k in plain_next, t do
    if (key == nil or less(key, k)) and (found == nil or less(k, found)) then found = k end
  end
  if found == nil then return nil end
  return found, rawget(t, found)
end

function _G.pairs(t)
  local meta = debug.getmetatable(t)
  if type(t) ~= "table" or type(meta) == "table" and rawget(meta, "__pairs") then
    return plain_pairs(t)
  end
  return next, t, nil
end
