-- Help as text: an entry (lua/snn/help/help.lua) to the width of the terminal, headings
-- bold where it has colours.
local render = {}

local LEAST <const> = 20 -- columns
local TABLE <const> = 64 -- from so many on names stand beside their texts
local DEEPEST <const> = 18 -- columns of names there

---Lines of at most `width` columns; a line that is indented stays as it is unless it is
---too long. UTF-8 counts by letters.
---@param text string
---@param width integer
---@param indent string before the first line
---@param hang? string before the others
---@return string
function render.wrap(text, width, indent, hang)
  hang = hang or indent
  local out = {}
  for line in (text .. "\n"):gmatch "(.-)\n" do
    local now, count = #out == 0 and indent or hang, 0
    now = now .. line:match "^%s*"
    for word in line:gmatch "%S+" do
      local length = (utf8.len(now) or #now) + (utf8.len(word) or #word)
      if count > 0 and length + 1 > width then
        out[#out + 1], now, count = now, hang, 0
      end
      now, count = now .. (count > 0 and " " or "") .. word, count + 1
    end
    out[#out + 1] = count > 0 and now or ""
  end
  return table.concat(out, "\n")
end

local Page = {}
Page.__index = Page

local function new_page(width, color)
  return setmetatable({ width = math.max(width, LEAST), color = color }, Page)
end

function Page:add(text) self[#self + 1] = text end
function Page:bold(text) return self.color and "\27[1m" .. text .. "\27[0m" or text end

function Page:heading(text)
  self:add ""
  self:add(self:bold(text))
end

function Page:paragraph(text, indent)
  self:add(render.wrap(text, self.width, indent or "  "))
end

-- Rows { name, text }, lined up where there is room.
function Page:rows(rows)
  local deep = 0
  for _, row in ipairs(rows) do
    if #row[1] <= DEEPEST then deep = math.max(deep, #row[1]) end
  end
  for _, row in ipairs(rows) do
    local name, hang = "  " .. row[1], (" "):rep(deep + 4)
    if self.width < TABLE or #row[1] > DEEPEST then -- the text stands below
      self:add(render.wrap(name, self.width, "", "      "))
      local indent = self.width < TABLE and "      " or hang
      if row[2] ~= "" then self:add(render.wrap(row[2], self.width, indent)) end
    elseif row[2] == "" then
      self:add(name)
    else
      self:add(render.wrap(row[2], self.width, name .. (" "):rep(deep + 4 - #name), hang))
    end
  end
end

local function code(page, text)
  for line in (text .. "\n"):gmatch "(.-)\n" do page:add("  " .. line) end
end

-- What has a list of rows, in this order.
local LISTS <const> = {
  { "arguments", "Arguments" }, { "results", "Results" }, { "fields", "Fields" },
  { "methods", "Methods" }, { "members", "Names in it" }, { "operators", "Operators" },
}

---@param entry table
---@param width integer columns
---@param color? boolean
---@return string
function render.entry(entry, width, color)
  local page = new_page(width, color)
  page:add(render.wrap(page:bold(entry.title), page.width, "", "    "))
  if entry.text and entry.text ~= "" then page:paragraph(entry.text) end
  if entry.usage then
    page:add ""
    page:add(render.wrap(entry.usage, page.width, "  ", "      "))
  end
  if entry.equations then
    page:heading "Equations"
    page:add(render.wrap(entry.equations, page.width, "  ", "  "))
  end
  for _, list in ipairs(LISTS) do
    local rows = entry[list[1]]
    if rows and #rows > 0 then
      page:heading(list[2])
      page:rows(rows)
    end
  end
  if entry.errors then
    page:heading "Errors"
    page:paragraph(entry.errors)
  end
  if entry.example then
    page:heading "Example"
    code(page, entry.example)
  end
  if entry.source then
    page:heading "Source"
    page:paragraph(entry.source)
  end
  if entry.see and #entry.see > 0 then
    page:heading "See also"
    page:paragraph(table.concat(entry.see, ", "))
  end
  return table.concat(page, "\n")
end

---Rows { name, text } alone, each name with one line that is cut where it is too long.
---@param rows table[]
---@param width integer
---@return string
function render.list(rows, width)
  local page = new_page(width)
  page:rows(rows)
  return table.concat(page, "\n")
end

return render
