-- `snnlua help [NAME]`: what ?NAME tells at the prompt, and texts for other programs.
local _, load, tools = ...

local FAILED <const> = 1 -- exit code

local function no_more(args, n, what)
  if args[n + 1] then return what .. ", got also '" .. args[n + 1] .. "'" end
end

local WORDS <const> = {}

function WORDS.apropos(args)
  if not args[2] then return "apropos needs a word" end
  local wrong = no_more(args, 2, "apropos takes one word")
  if wrong then return wrong end
  print(load "snn.help.help".apropos(args[2]))
end

function WORDS.man(args)
  local wrong = no_more(args, 1, "man takes no word")
  if wrong then return wrong end
  io.write(load "snn.command.man"(tools.command_line()))
end

function WORDS.completion(args)
  local shells = load "snn.command.completion"
  local make = shells[args[2]]
  if not make then return "completion needs a shell: bash, zsh or fish" end
  local wrong = no_more(args, 2, "completion takes one shell")
  if wrong then return wrong end
  io.write(make(tools.command_line()))
end

return function(args)
  if not args[1] then
    print [[
snnlua help NAME            what a name of the library is, e.g. STDP, tensor.sum
snnlua help apropos WORD    names that have to do with it
snnlua --help               the program's options and commands
At the prompt: ?NAME, ??NAME with its source, apropos "WORD"; :help for commands.]]
    return
  end
  if WORDS[args[1]] then return WORDS[args[1]](args) end
  local wrong = no_more(args, 1, "takes one name")
  if wrong then return wrong end
  local name = args[1]
  local help = load "snn.help.help"
  local width = tools.terminal_width and tools.terminal_width() or 80
  local text = help.text(name, width) or help.text("snn." .. name, width)
  if not text then
    return ("there is no '%s' in snn; `snnlua help apropos %s` looks for the word in all texts")
      :format(name, name), FAILED
  end
  print(text)
end
