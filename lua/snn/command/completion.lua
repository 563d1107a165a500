-- `snnlua help completion SHELL`: what bash, zsh and fish complete behind `snnlua`, made of
-- what the program knows of its own command line; `make install` puts it in its places.
local shells = {}

-- Of an option that takes one of a few words, or a file: by what it calls its value.
local function words_of(option, line)
  if option.value == "when" then return line.colors end
end

local function takes_file(option) return option.value == "file" end

-- "-v", "--version": each form of each option, in order, with the option.
local function forms(line)
  local list = {}
  for _, option in ipairs(line.options) do
    if option.letter then list[#list + 1] = { "-" .. option.letter, option } end
    if option.name then list[#list + 1] = { "--" .. option.name, option } end
  end
  return list
end

local function names(rows)
  local list = {}
  for i, row in ipairs(rows) do list[i] = row.name or row[1] end
  return table.concat(list, " ")
end

local BASH <const> = [=[
# bash completion of snnlua
_snnlua() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
    COMPREPLY=()
    case $before in
%s    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W '%s' -- "$word"))
        return
    fi
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -X '!*.lua' -- "$word") $(compgen -d -- "$word"))
    if ((COMP_CWORD == 1)); then
        COMPREPLY+=($(compgen -W '%s' -- "$word"))
    elif [[ ${COMP_WORDS[1]} == inspect ]]; then
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}
complete -F _snnlua snnlua
]=]

function shells.bash(line)
  local cases = {}
  for _, form in ipairs(forms(line)) do
    local option, reply = form[2], nil
    local words = words_of(option, line)
    if words then
      reply = ("compgen -W '%s' --"):format(table.concat(words, " "))
    elseif takes_file(option) then
      reply = "compgen -f --"
    end
    if reply then
      cases[#cases + 1] = ('    %s) COMPREPLY=($(%s "$word")); return ;;\n'):format(form[1], reply)
    elseif option.value then
      cases[#cases + 1] = ("    %s) return ;;\n"):format(form[1])
    end
  end
  return BASH:format(table.concat(cases), names(forms(line)), names(line.commands))
end

local function zsh_text(text) return (text:gsub("'", "'\\''"):gsub("[%[%]:]", "\\%0")) end

function shells.zsh(line)
  local parts = { "#compdef snnlua\n_arguments -s \\\n" }
  for _, form in ipairs(forms(line)) do
    local option = form[2]
    local words = words_of(option, line)
    local action = words and ("(%s)"):format(table.concat(words, " "))
      or takes_file(option) and "_files" or ""
    local value = option.value and (":%s:%s"):format(option.value, action) or ""
    parts[#parts + 1] = ("  '%s[%s]%s' \\\n"):format(form[1], zsh_text(option.doc), value)
  end
  local commands = {}
  for i, c in ipairs(line.commands) do
    commands[i] = ("%s\\:'%s'"):format(c.name, (zsh_text(c.doc):gsub("'\\''", "")))
  end
  parts[#parts + 1] = ([[
  '1: :{ _alternative "commands:command:((%s))" "files:script:_files" }' \
  '*:argument:_files'
]]):format(table.concat(commands, " "):gsub("'", '\\"'))
  return table.concat(parts)
end

local function fish_text(text) return "'" .. text:gsub("[\\']", "\\%0") .. "'" end

function shells.fish(line)
  local parts = { "# fish completion of snnlua\n" }
  for _, option in ipairs(line.options) do
    local words = words_of(option, line)
    parts[#parts + 1] = ("complete -c snnlua%s%s%s%s -d %s\n"):format(
      option.letter and " -s " .. option.letter or "",
      option.name and " -l " .. option.name or "",
      option.value and (takes_file(option) and " -r -F" or " -x") or "",
      words and " -a " .. fish_text(table.concat(words, " ")) or "", fish_text(option.doc))
  end
  for _, c in ipairs(line.commands) do
    parts[#parts + 1] = ("complete -c snnlua -n __fish_use_subcommand -a %s -d %s\n"):format(
      c.name, fish_text(c.doc))
  end
  return table.concat(parts)
end

return shells
