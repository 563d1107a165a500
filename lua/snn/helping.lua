-- Help as scripts call it. What it reads (lua/snn/help/) is read with the first call.
local snn, load = ...

--- Prints the help of a value or of a name: what it is, equations, arguments with units,
--- ranges and defaults, fields, methods, errors, an example that runs, the source. A
--- method's name is "snn.Layer:add_cell", or "Layer.add_cell"; of an object it is that of
--- its class. At the prompt it is `?snn.LIF` or `help(x)`; `??snn.LIF` tells the source,
--- `apropos "trace"` looks through all texts.
--- ```lua
--- snn.help "snn.eye"
--- snn.help(snn.LIF)
--- ```
---@param x any a function, a class, an object, a name as a string
function snn.help(x)
  local help = load "snn.help.help"
  local text = help.text(x) or type(x) == "string" and help.unknown(x)
  print(text or "a function that is written in C")
end
