-- snn.progress: a loop's progress in one line of the terminal behind standard
-- error. The bar stands between `for` and what it iterates over, passes every
-- value through, and draws at most ten times a second; where standard error is
-- no terminal it draws nothing.
local snn, _, tools = ...

local REDRAW = 0.1 -- seconds between two drawings
local WIDEST = 40  -- characters of the bar itself
local NARROWEST = 5

local fail = tools.fail

-- What a bar knows and draws; scripts hold a handle of it, snn.Progress.
local Bar = {}
Bar.__index = Bar

-- ---------------------------------------------------------------- texts

local function clock_text(seconds)
  local s = seconds // 1 | 0
  if s < 3600 then return ("%02d:%02d"):format(s // 60, s % 60) end
  return ("%d:%02d:%02d"):format(s // 3600, s // 60 % 60, s % 60)
end

local function rate_text(count, seconds)
  if count == 0 or seconds <= 0 then return "? it/s" end
  local rate = count / seconds
  if rate >= 100 then return tools.fixed(rate, 0) .. " it/s" end
  if rate >= 1 then return tools.fixed(rate, 1) .. " it/s" end
  return tools.fixed(1 / rate, 2) .. " s/it"
end

local function length(text) return utf8.len(text) or #text end

local function cut(text, most)
  if length(text) <= most then return text end
  local stop = utf8.len(text) and utf8.offset(text, most + 1) or most + 1
  return text:sub(1, stop - 1)
end

--- "[00:12<00:20, 9.8 it/s, acc=0.53]"
function Bar:times(seconds)
  local left = ""
  if self.total and self.count > 0 then
    local rest = math.max(self.total - self.count, 0)
    left = "<" .. clock_text(seconds / self.count * rest)
  end
  local parts = { clock_text(seconds) .. left, rate_text(self.count, seconds) }
  for _, name in ipairs(self.names) do
    parts[#parts + 1] = name .. "=" .. self.values[name]
  end
  return "[" .. table.concat(parts, ", ") .. "]"
end

--- The line as it is drawn on a terminal of so many columns.
function Bar:line(columns, seconds)
  local head = self.desc ~= "" and self.desc .. " " or ""
  local tail = self:times(seconds)
  if not self.total then
    return cut(("%s%d %s"):format(head, self.count, tail), columns - 1)
  end
  local share = self.total > 0 and math.min(self.count / self.total, 1) or 1
  head = ("%s%3d%% "):format(head, share * 100 // 1 | 0)
  tail = ("%d/%d %s"):format(self.count, self.total, tail)
  local room = math.min(columns - 1 - length(head) - length(tail) - 3, WIDEST)
  if room < NARROWEST then return cut(head .. tail, columns - 1) end
  local full = share * room // 1 | 0
  return ("%s|%s%s| %s"):format(head, ("#"):rep(full), (" "):rep(room - full), tail)
end

-- -------------------------------------------------------------- drawing

function Bar:draw(now)
  local columns = tools.error_columns()
  if not columns then return end
  local line = self:line(columns, now - self.start)
  local rest = math.max(self.drawn - length(line), 0)
  self.drawn = length(line)
  self.next = now + REDRAW
  io.stderr:write("\r", line, (" "):rep(math.min(rest, columns - 1 - self.drawn)))
  io.stderr:flush()
end

function Bar:begin()
  self:close()
  self.start = tools.clock()
  self.count, self.drawn, self.next = 0, 0, self.start
  self.running = true
end

function Bar:close()
  if not self.running then return end
  self.running, self.control = false, nil
  self:draw(tools.clock())
  if self.drawn > 0 then io.stderr:write("\n") end
end

-- ------------------------------------------------------------ iteration

local function pass_on(bar, ...)
  bar.control = ...
  if bar.control == nil then
    bar:close()
    return nil
  end
  local now = tools.clock()
  if now >= bar.next then bar:draw(now) end
  return ...
end

--- The next values of what is iterated over; `for` gives two arguments, a call by
--- hand none, which goes on behind the last one.
function Bar:step(...)
  local _, control = ...
  if select("#", ...) == 0 then control = self.control end
  if control == nil or not self.running then
    self:begin()
  else
    self.count = self.count + 1
  end
  return pass_on(self, self.iterate(nil, control))
end

local function count_to(n)
  return function(_, i)
    if i ~= nil and math.type(i) ~= "integer" then
      fail("TypeError", "progress: it is iterated over by 'for i in bar do', got %s",
        tools.describe(i))
    end
    i = (i or 0) + 1
    if i <= n then return i end
  end
end

-- --------------------------------------------------------------- handles

--- Shows on standard error how far a loop is, and how long it will take.
--- ```lua
--- local progress = snn.progress(3)
--- for _ in progress do end
--- print(progress.total)
--- ```
---@class snn.Progress
---@field count integer steps done in this pass
---@field total integer|nil steps of a pass, when known
local Progress = {}
local FIELDS = { count = true, total = true }
local meta = { __name = "Progress", __metatable = false }
local bars = setmetatable({}, { __mode = "k" })

local function bar_of(progress, where)
  local bar = bars[progress]
  if bar then return bar end
  fail("TypeError", "%s: 'self' must be a Progress, got %s (call it as progress:%s(...))", where,
    tools.describe(progress), where)
end

function meta:__index(key)
  if FIELDS[key] then return bar_of(self, key)[key] end
  return Progress[key]
end

function meta.__newindex(_, key)
  fail("AttributeError", "progress: '%s' cannot be set", tools.text(key))
end

function meta:__call(...) return bar_of(self, "progress"):step(...) end

--- Ends the line; a loop that runs to its end does it by itself.
--- ```lua
--- local progress = snn.progress(2)
--- progress()
--- progress:close()
--- print(progress.count)
--- ```
function Progress:close() bar_of(self, "close"):close() end

meta.__close = Progress.close

--- Shows `name=value` at the end of the line from now on.
--- ```lua
--- local progress = snn.progress(2)
--- print(progress:set("loss", 0.5) == progress)
--- progress:close()
--- ```
---@param name string
---@param value any
---@return snn.Progress
function Progress:set(name, value)
  local bar = bar_of(self, "set")
  if type(name) ~= "string" then
    fail("TypeError", "progress: 'name' must be a string, got %s", tools.describe(name))
  end
  if math.type(value) == "float" then value = tools.rounded(value, 4) end
  local ok, text = pcall(tostring, value)
  if not ok then text = tools.describe(value) end
  if not bar.values[name] then bar.names[#bar.names + 1] = name end
  bar.values[name] = text:gsub("%c", " ")
  return self
end

--- The iterator of `what`, and its number of steps when that can be known.
local function as_iterator(what)
  if math.type(what) == "integer" and what >= 0 then return count_to(what), what end
  if type(what) == "function" then return what end
  local its = getmetatable(what)
  if type(its) == "table" and its.__call then
    local n = its.__len and #what
    return what, math.type(n) == "integer" and n >= 0 and n or nil
  end
  fail("TypeError", "progress: expected a loader, an iterator function or a count, got %s",
    tools.describe(what))
end

local function total_of(given, own)
  if given == nil then return own end
  local total = math.type(given) and math.tointeger(given)
  if not total or total < 0 then
    fail("TypeError", "progress: 'total' must be an integer from 0, got %s", tools.describe(given))
  end
  return total
end

--- Shows the progress of a loop over a loader, an iterator function or the
--- numbers from 1 to a count:
---
---     for x, y in snn.progress(loader, { desc = "train" }) do … end
---
--- The line ends also when the loop breaks or fails. To show a value in it:
---
---     local bar <close> = snn.progress(loader)
---     for x, y in bar do … bar:set("acc", acc) end
---
--- Options: `desc`, a word before the line; `total`, the number of steps where
--- it cannot be known from `#what`.
--- ```lua
--- local sum = 0
--- for i in snn.progress(3) do sum = sum + i end
--- print(sum)
--- ```
---@param what any
---@param options table|nil
---@return snn.Progress
function snn.progress(what, options)
  options = tools.options("progress", options, { "desc", "total" })
  local desc = options.desc
  if desc ~= nil and type(desc) ~= "string" then
    fail("TypeError", "progress: 'desc' must be a string, got %s", tools.describe(desc))
  end
  local iterate, own = as_iterator(what)
  local progress = setmetatable({}, meta)
  bars[progress] = setmetatable({
    iterate = iterate, total = total_of(options.total, own), desc = (desc or ""):gsub("%c", " "),
    count = 0, drawn = 0, running = false, names = {}, values = {},
  }, Bar)
  return progress, nil, nil, progress
end

tools.hands_on(function(value)
  local bar = bars[value]
  return bar and bar.iterate
end)

--- Seconds of a clock that only goes forward, to measure times with.
---@return number
snn.clock = tools.clock
