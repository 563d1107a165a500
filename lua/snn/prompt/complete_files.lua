-- Names of files and modules, for complete.lua.
local _, _, tools = ...

local files = {}

local find, gmatch, gsub, match, sub = string.find, string.gmatch, string.gsub, string.match,
  string.sub
local next, rawget, type = next, rawget, type
local getenv, modules = os.getenv, package

local MOST <const> = 2000 -- names of one folder

---The files whose path begins like this: { text = the path's last part, tail }, and how
---many bytes of it stay. Hidden ones only where a dot is typed; `~/` is spelled out.
---@param typed string
---@param tail string? behind a file
---@return table[] candidates, integer kept
function files.paths(typed, tail)
  local home = sub(typed, 1, 2) == "~/" and getenv "HOME"
  local folder, begin = match(typed, "^(.*/)([^/]*)$")
  if not folder then folder, begin = "", typed end
  local place = home and home .. sub(folder, 2) or folder
  local out = {}
  for _, name in next, tools.folder(place == "" and "." or place, begin, MOST) do
    local is_folder = sub(name, -1) == "/"
    if sub(name, 1, 1) ~= "." or sub(begin, 1, 1) == "." then
      out[#out + 1] = { text = home and place .. name or name, about = "",
        tail = not is_folder and tail or nil }
    end
  end
  return out, home and 0 or #folder
end

local function add(out, seen, name, about, tail)
  if seen[name] then return end
  seen[name] = true
  out[#out + 1] = { text = name, about = about, tail = tail }
end

-- Those that a table of modules has: loaded ones, and those to be made.
local function add_table(out, seen, t, typed, about, tail)
  for name in next, type(t) == "table" and t or {} do
    if type(name) == "string" and sub(name, 1, #typed) == typed then
      add(out, seen, name, about, tail)
    end
  end
end

-- Has a folder anything to require? Few are asked.
local function has_modules(folder, suffix)
  for _, name in next, tools.folder(folder, "", 200) do
    local is_one = sub(name, -#suffix) == suffix and name ~= "init" .. suffix
    if is_one or sub(name, -1) == "/" then return true end
  end
  return false
end

-- Those of one template of package.path, `before?after`.
local function add_template(out, seen, before, after, typed, tail)
  local above, begin = match(typed, "^(.*%.)([^.]*)$")
  above, begin = above or "", begin or typed
  local folder = before .. gsub(above, "%.", "/")
  local suffix = match(after, "^[^/]*") or ""
  for _, name in next, tools.folder(folder == "" and "." or folder, begin, MOST) do
    local stem = suffix ~= "" and sub(name, -#suffix) == suffix and sub(name, 1, -#suffix - 1)
    if stem and stem ~= "" and not find(stem, ".", 1, true) then
      add(out, seen, above .. stem, "", tail)
    elseif sub(name, -1) == "/" and not find(name, ".", 1, true) then
      local inner = folder .. name
      local is_module = suffix == "" and #tools.folder(inner, sub(after, 2), 1) > 0
      if is_module then add(out, seen, above .. sub(name, 1, -2), "", tail) end
      if suffix ~= "" and has_modules(inner, suffix) then
        add(out, seen, above .. sub(name, 1, -2) .. ".", "folder")
      end
    end
  end
end

---The modules whose name begins like this.
---@param typed string
---@param tail string? behind a module
function files.modules(typed, tail)
  local out, seen = {}, {}
  add_table(out, seen, modules.loaded, typed, "loaded", tail)
  add_table(out, seen, modules.preload, typed, "", tail)
  for _, key in next, { "path", "cpath" } do
    local list = rawget(modules, key)
    for template in gmatch(type(list) == "string" and list or "", "[^;]+") do
      local before, after = match(template, "^([^?]*)%?([^?]*)$")
      if before then add_template(out, seen, before, after, typed, tail) end
    end
  end
  return out
end

return files
