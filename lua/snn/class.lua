-- What a new class of a script gets from those above it (src/bind/object/class.c
-- calls tools.new_class): functions of a class that make objects of it are made
-- anew, so that they make objects of the new one.
local _, _, tools = ...

local made = setmetatable({}, { __mode = "k" }) -- such a function -> what made it

--- Sets class.partialconstructor = make(class), there and in classes below it.
function tools.partialconstructor(class, make)
  local fn = make(class)
  made[fn] = make
  class.partialconstructor = fn
end

function tools.new_class(class)
  local fn = class.partialconstructor
  if fn and made[fn] then tools.partialconstructor(class, made[fn]) end
end
