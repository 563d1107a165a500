-- What a new class of a script gets from those above it (src/bind/object/class.c
-- calls tools.new_class): functions of a class that make objects of it are made
-- anew, so that they make objects of the new one.
local _, _, tools = ...

-- class -> { make, function that it made }
local made = setmetatable({}, { __mode = "k" })

--- Sets class.partialconstructor = make(class), there and in classes below it.
function tools.partialconstructor(class, make)
  local fn = make(class)
  made[class] = { make, fn }
  class.partialconstructor = fn
end

-- What a script has put in the place of one counts; classes of the library, which
-- are closed, have them in another guise by now.
local function is_scripts(class, entry)
  return getmetatable(class).__newindex == nil
    and rawget(class, "partialconstructor") ~= entry[2]
end

function tools.new_class(class)
  local above = getmetatable(class).parent
  while above and not made[above] and rawget(above, "partialconstructor") == nil do
    above = getmetatable(above).parent
  end
  local entry = made[above]
  if entry and not is_scripts(above, entry) then tools.partialconstructor(class, entry[1]) end
end
