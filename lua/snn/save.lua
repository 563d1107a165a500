-- snn.save, snn.load: whole simulations in one safetensors file. Its tensors have the
-- names of gather.lua; strings and what the tensors are stand in its metadata, under
-- names that begin with "snnlua.".
local _, _, tools = ...

local fail = tools.fail

local FORMAT <const> = 1 -- of the file; a newer one is refused
local OURS <const> = "snnlua."

-- ------------------------------------------------------------- strings

-- A file's texts are UTF-8 without zero bytes; others are written as hexadecimal bytes.
local function is_text(s) return utf8.len(s) ~= nil and not s:find("\0", 1, true) end

local function put_text(metadata, name, s)
  if is_text(s) then
    metadata[OURS .. "text." .. name] = s
  else
    metadata[OURS .. "bytes." .. name] = s:gsub(".", function(c)
      return ("%02x"):format(c:byte())
    end)
  end
end

local function bytes_of(hexadecimal)
  return (hexadecimal:gsub("%x%x", function(code) return string.char(tonumber(code, 16)) end))
end

-- ------------------------------------------------------------- writing

---A copy of a script's metadata, checked.
function tools.check_metadata(where, metadata)
  if metadata == nil then return {} end
  if type(metadata) ~= "table" then
    tools.wrong_argument(where, "metadata", "a table of strings", metadata)
  end
  local out = {}
  for name, value in next, metadata do
    if type(name) ~= "string" or type(value) ~= "string" then
      fail("TypeError", "%s: 'metadata' must be strings by name, got %s of %s", where,
        tools.describe(value), tools.text(name))
    elseif name:sub(1, #OURS) == OURS then
      fail("ValueError", "%s: names of metadata that begin with '%s' are the library's, got '%s'",
        where, OURS, name)
    end
    out[name] = value
  end
  return out
end

local function check_path(where, path)
  if type(path) ~= "string" then tools.wrong_argument(where, "path", "a string", path) end
end

---Writes what gather has collected.
---@param keep? integer how many good files stay
function tools.write_job(where, path, job, metadata, keep)
  metadata[OURS .. "format"] = tostring(FORMAT)
  for name, value in next, tools.provenance and tools.provenance() or {} do
    metadata[OURS .. "about." .. name] = value
  end
  for name, value in next, job.notes do metadata[OURS .. name] = value end
  for name, value in next, job.texts do put_text(metadata, name, value) end
  return tools.write_saved(where, path, job.tensors, metadata, keep)
end

---What snn.save does.
function tools.save(path, objects, options)
  check_path("save", path)
  options = tools.options("save", options, { "metadata", "keep" })
  local metadata = tools.check_metadata("save", options.metadata)
  return tools.write_job("save", path, tools.gather("save", objects), metadata,
    options.keep == nil and 1 or options.keep)
end

-- ------------------------------------------------------------- reading

local NOTES <const> = { class = true, same = true, table = true, fields = true, tensor = true,
  resized = true, checkpoint = true, about = true, one = true }

---What a file has, as gather gives it, and the script's metadata.
function tools.read_job(where, path)
  local tensors, metadata = tools.read_saved(where, path)
  local format = math.tointeger(tonumber(metadata[OURS .. "format"] or ""))
  if not format then
    fail("IOError", "%s: '%s' was not written by snn.save", where, path)
  elseif format > FORMAT then
    fail("IOError", "%s: '%s' has format %d, this version reads up to %d: it was written by a "
      .. "newer snnlua", where, path, format, FORMAT)
  end
  local job, own = { tensors = tensors, texts = {}, notes = {} }, {}
  for name, value in next, metadata do
    local kind, rest = name:match "^snnlua%.(%a+)%.(.*)$"
    if name:sub(1, #OURS) ~= OURS then
      own[name] = value
    elseif kind == "text" then
      job.texts[rest] = value
    elseif kind == "bytes" then
      job.texts[rest] = bytes_of(value)
    elseif NOTES[kind] then
      job.notes[kind .. "." .. rest] = value
    end
  end
  tools.compare_blas(where, path, job.notes["about.blas"])
  return job, own
end

local WHOSE <const> = { file = true, script = true }

---Whose arguments hold where they differ.
function tools.check_whose(where, settings)
  if settings ~= nil and not WHOSE[settings] then
    tools.wrong_argument(where, "settings", "'file' or 'script'", settings)
  end
end

---What snn.load does.
function tools.load(path, objects, options)
  check_path("load", path)
  options = tools.options("load", options, { "settings" })
  tools.check_whose("load", options.settings)
  local to = tools.gather("load", objects)
  local from, metadata = tools.read_job("load", path)
  return tools.put_back("load", ("'%s'"):format(path), from, to, options.settings, metadata)
end
