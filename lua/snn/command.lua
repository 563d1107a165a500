-- What scripts and the program's subcommands (src/app/commands.c) make of the command line.
-- Each is a file of its own, read when it is asked for.
local snn, load, tools = ...

--- The options of a script: those of the command line (`arg`), or else the defaults. A row
--- is { name, default, meaning }; the default says what is taken: a whole number, a number,
--- a text (also nil: there is none) or, for true and false, no word: the option turns it
--- over. `value` names in the help what it takes, `choices` lists what it may be. A dash in
--- a name is an underscore in the result.
---
--- `--help` prints `about` and the list, and ends the script; so does, with the exit code 2,
--- a word that is none of them.
---
--- ```lua
--- local option = snn.arguments {
---   about = "Trains a network.", args = { "--epochs", "5" }, -- args: `arg` of the script
---   { "epochs", 10, "how often the data are shown" },
---   { "rate", 1e-3, "learning rate" },
---   { "data", nil, "folder of MNIST's files", value = "DIR" },
---   { "quick", false, "fewer samples" },
--- }
--- print(option.epochs, option.rate, option.data, option.quick)
--- ```
---
--- TypeError, ValueError: a row is none, or there twice.
---@param options { about?: string, args?: string[] } with the rows as its list
---@return table<string, any>
function snn.arguments(options) return load "snn.arguments"(options) end

--- `snnlua NAME ...`: nil, or a text that says what is wrong with the words; with an exit
--- code: what went wrong, though the words are right.
---@param name string
---@param args string[]
---@return string|nil wrong, integer|nil code
function tools.command(name, args) return load("snn.command." .. name)(args) end
