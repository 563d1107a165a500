-- `snnlua help man`: the manual page, in troff, of what the program knows of its own
-- command line; `make install` puts it where `man snnlua` finds it.

-- Text as troff shows it: a backslash, a dash, a dot or quote at the beginning of a line.
local function plain(text)
  return (text:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("\n([.'])", "\n\\&%1"))
end

local function term(words, doc) return (".TP\n.B %s\n%s\n"):format(plain(words), plain(doc)) end

local function option_words(option)
  local words = {}
  if option.letter then words[1] = "-" .. option.letter end
  if option.name then words[#words + 1] = "--" .. option.name end
  return table.concat(words, ", ") .. (option.value and " " .. option.value or "")
end

local HEAD <const> = [=[
.TH SNNLUA 1 "" "snnlua" "User Commands"
.SH NAME
snnlua \- prototype and train spiking neural networks
.SH SYNOPSIS
.B snnlua
[options] [script [args]]
.br
.B snnlua
command [args]
.SH DESCRIPTION
A Lua 5.4 with the library
.B snn
in it: an engine of spiking neural networks whose scripts are Lua. Without arguments it is
a prompt on a terminal, else it runs the script on standard input. Options are those of
.BR lua (1)
and more.
]=]

local FILES <const> = {
  { "$XDG_CONFIG_HOME/snnlua/init.lua", "runs before the first prompt (~/.config)" },
  { "$XDG_STATE_HOME/snnlua/history", "what was typed at the prompt (~/.local/state)" },
  { "~/.editrc", "keys of the prompt; see editrc(5)" },
}

local VARIABLES <const> = {
  { "LUA_INIT", "statements, or @ and a file, that run before all else" },
  { "SNNLUA_HISTORY", "another file of the history; empty: none" },
  { "NO_COLOR", "no colours where it is set" },
  { "COLUMNS, LINES", "the size of the terminal; else it is asked" },
  { "VISUAL, EDITOR", "what :edit opens files in" },
}

local CODES <const> = { { "0", "all went well" }, { "1", "an error" },
  { "2", "a wrong option or word" }, { "130", "an interrupt (Ctrl-C)" } }

local function list(title, rows)
  local parts = { ".SH " .. title .. "\n" }
  for _, row in ipairs(rows) do parts[#parts + 1] = term(row[1], row[2]) end
  return table.concat(parts)
end

-- What is said of a command beside its line: sentences as a paragraph, examples with what
-- they do a line each.
local function details(text)
  local out = {}
  for line in text:gmatch "[^\n]+" do
    line = line:gsub("^ +", "")
    local example, what = line:match "^(snnlua.-)  +(.*)$"
    if example then
      out[#out + 1] = (".br\n.B %s\n(%s)\n"):format(plain(example), plain(what))
    else
      out[#out + 1] = (#out == 0 and ".br\n" or "") .. plain(line) .. "\n"
    end
  end
  return table.concat(out)
end

---@param line table what tools.command_line gives
---@return string
return function(line)
  local options, commands = {}, {}
  for i, o in ipairs(line.options) do options[i] = { option_words(o), o.doc } end
  for i, c in ipairs(line.commands) do
    commands[i] = term(c.name .. " " .. c.usage, c.doc) .. details(c.details)
  end
  return table.concat {
    HEAD, list("OPTIONS", options), ".SH COMMANDS\nA script of such a name is ./name.\n",
    table.concat(commands), list("FILES", FILES), list("ENVIRONMENT", VARIABLES),
    list("EXIT STATUS", CODES), ".SH SEE ALSO\n.BR lua (1)\n",
  }
end
