-- What random calls were made with: each round of the fuzzer takes its chances
-- from the seed and its own number, and is noted with the objects that it chose,
-- by name. So rounds can be left out and the others are as they were.
local V = require "spec.fuzz.values"

local R = { rounds = {}, is_paused = false }

-- object -> name, name -> object; no object lives longer for it
local names = setmetatable({}, { __mode = "k" })
local objects = setmetatable({}, { __mode = "v" })

---@param object any
---@param name string "2.layer" of the second world, "r17" the result of round 17
function R.name(object, name)
  if names[object] == nil then
    names[object], objects[name] = name, object
  end
end

function R.name_of(object)
  if object ~= nil then return names[object] end
end

---A round begins: it is noted, or chooses what is noted of it.
---@param n integer
---@param noted? string[] names of the objects that it chose, in order
function R.begin(n, noted)
  R.round = { n = n, chosen = {} }
  R.noted, R.at = noted, 0
  R.rounds[#R.rounds + 1] = R.round
end

---An object for the round, one of the list unless it is noted which.
function R.choose(list)
  local i = V.rng(math.max(#list, 1))
  if R.is_paused then return list[i] end
  local object = list[i]
  if R.noted then
    R.at = R.at + 1
    object = objects[R.noted[R.at]]
  end
  if R.round then table.insert(R.round.chosen, object ~= nil and names[object] or "-") end
  return object
end

return R
