-- A number for a text, another one where any bit is another.

---@param text string
---@return integer
local function digest(text)
  local h = #text ~ 0x9E3779B97F4A7C15
  for i = 1, #text - 7, 8 do
    h = (h ~ ("<j"):unpack(text, i)) * 0xBF58476D1CE4E5B9
    h = h ~ h >> 29
  end
  for i = #text - #text % 8 + 1, #text do
    h = (h ~ text:byte(i)) * 0x94D049BB133111EB
    h = h ~ h >> 31
  end
  return h
end

return digest
