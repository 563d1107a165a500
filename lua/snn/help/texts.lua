-- Sentences of a text: the first one is its summary, those that tell of errors stand by
-- themselves.
local texts = {}

local KINDS <const> = { TypeError = true, ValueError = true, AttributeError = true,
  RuntimeError = true, IOError = true, Interrupt = true }

-- Where a sentence ends in `text`, from `first` on: behind ". " before a capital letter or
-- a bracket, not behind "e.g." and its kin; else at the end.
local function sentence_end(text, first)
  local at = first
  while true do
    local stop = text:find("[.!?]%s", at)
    if not stop then return #text end
    local next_letter, before = text:match("^%s+(.)", stop + 1), text:sub(stop - 2, stop)
    local is_short = before == "e.g" or before == "i.e" or before:find "^%.%a%."
    if next_letter and next_letter:find "[%u(`'\"]" and not is_short then return stop end
    if text:sub(stop + 1):find "^%s-\n\n" then return stop end
    at = stop + 1
  end
end

---The first sentence, in one line.
---@param text string
---@return string
function texts.summary(text)
  local paragraph = (text .. "\n\n"):match "^%s*(.-)\n%s*\n"
  paragraph = paragraph:gsub("\n  .*$", "") -- what is indented is a list, or code
  local line = paragraph:gsub("%s+", " ")
  return line:sub(1, sentence_end(line, 1))
end

-- Sentences of a paragraph, in two lists.
local function part(paragraph, plain, errors)
  local line, at = paragraph:gsub("%s*\n%s*", " "), 1
  while at <= #line do
    local stop = sentence_end(line, at)
    local sentence = line:sub(at, stop):gsub("^%s+", ""):gsub("%s+$", "")
    local kind = sentence:match "^(%u%a+)%f[%A]"
    local to = KINDS[kind] and errors or plain
    if sentence ~= "" then to[#to + 1] = sentence end
    at = stop + 1
  end
end

---What a text says without errors, and what it says of errors or nil. Lines that are
---indented stay lines.
---@param text string
---@return string text, string|nil errors
function texts.without_errors(text)
  local out, errors = {}, {}
  for paragraph in (text .. "\n\n"):gmatch "(.-)\n%s*\n" do
    if paragraph:find "\n  " or paragraph:find "^  " then
      out[#out + 1] = paragraph
    else
      local plain = {}
      part(paragraph, plain, errors)
      if #plain > 0 then out[#out + 1] = table.concat(plain, " ") end
    end
  end
  return table.concat(out, "\n\n"), errors[1] and table.concat(errors, " ")
end

return texts
