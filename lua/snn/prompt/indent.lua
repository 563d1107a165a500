-- How far the next line of a block at the prompt is indented.
local _, load = ...

local tokens <const> = load "snn.prompt.tokens"

local STEP <const> = "  "
local OPENS <const>, CLOSES <const> = {}, {}
for word in ("do then else repeat function ( { ["):gmatch "%S+" do OPENS[word] = true end
for word in ("end elseif else until ) } ]"):gmatch "%S+" do CLOSES[word] = true end

-- How many blocks and brackets are opened in the list's tokens from byte `from` on, and
-- stay open.
local function opened(list, from)
  local depth = 0
  for i = 1, list.n do
    local word = list.word[i]
    if list.first[i] >= from and list.kind[i] ~= "string" then
      if CLOSES[word] and depth > 0 then depth = depth - 1 end
      if OPENS[word] then depth = depth + 1 end
    end
  end
  return depth
end

---The spaces that the line behind an unfinished text begins with: those of its last line,
---a step more where that opens something; none in a string or comment.
---@param text string
---@return string
local function indentation(text)
  local list = tokens.list(text)
  if list.open then return "" end
  local last = text:match "[^\n]*$"
  local spaces = last:match "^[ \t]*":gsub("\t", (" "):rep(8))
  return opened(list, #text - #last + 1) > 0 and spaces .. STEP or spaces
end

return indentation
