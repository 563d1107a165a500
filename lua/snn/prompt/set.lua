-- `:set`: what holds for the whole process.
local snn, _, tools = ...
local _ENV <const> = tools.prompt_env

local settings = {}

---A whole number, of `least` or more.
local function whole(name, text, least)
  local value = math.tointeger(tonumber(text))
  if not value or least and value < least then
    tools.fail("ValueError", ":set %s: must be a whole number%s, got '%s'", name,
      least and " from " .. least .. " on" or "", text)
  end
  return value
end

local function one_of(name, text, values)
  local value = values[text]
  if value == nil then
    local words = {}
    for word in pairs(values) do words[#words + 1] = word end
    table.sort(words)
    tools.fail("ValueError", ":set %s: must be one of %s, got '%s'", name,
      table.concat(words, ", "), text)
  end
  return value
end

settings.threads = {
  get = snn.get_num_threads,
  set = function(text) snn.set_num_threads(whole("threads", text, 1)) end,
}

settings.seed = {
  get = tools.prompt.seed,
  set = function(text)
    if text == "random" then
      local file <close> = assert(io.open("/dev/urandom", "rb"))
      local seed = string.unpack("<I4", file:read(4))
      return snn.manual_seed(seed)
    end
    snn.manual_seed(whole("seed", text))
  end,
}

local WARNINGS <const> = { on = true, off = false, error = "error" }

settings.warnings = {
  get = function()
    local now = snn.warnings()
    return now == true and "on" or now or "off"
  end,
  set = function(text) snn.warnings(one_of("warnings", text, WARNINGS)) end,
}

local COLORS <const> = { auto = "auto", always = "always", never = "never" }

settings.color = {
  get = function() return tools.color or "auto" end,
  set = function(text) tools.color = one_of("color", text, COLORS) end,
}

local NAMES <const> = { "threads", "seed", "warnings", "color" }

---@param rest string "", or name and value
return function(session, rest)
  local name, value = rest:match "^([^%s=]+)[%s=]*(.-)$"
  if not name then
    for _, key in ipairs(NAMES) do
      session.write(("%-8s  %s\n"):format(key, settings[key].get()))
    end
    return
  end
  local setting = settings[name]
  if not setting then
    local near = tools.nearest(name, NAMES)
    tools.fail("ValueError", ":set: there is no '%s'%s: %s", name,
      near and (" (did you mean '%s'?)"):format(near) or "", table.concat(NAMES, ", "))
  end
  if value ~= "" then setting.set(value) end
  session.write(("%s is %s\n"):format(name, setting.get()))
end
