-- What newcomers type, from other languages and simulators, and what they must be told: { typed,
-- said }. What is said lets one mend it without reading the source; nothing is silent.
-- mistakes_spec.lua types all of it, each row behind `setup()`.
local mistakes = {}

mistakes.setup = [[
local function with(arguments, changes)
  for name, value in pairs(changes or {}) do arguments[name] = value end
  return arguments
end
function lif(changes)
  return snn.LIF(with({ shape = 3, step_time = 1, rest_v = -65, reset_v = -60, thresh_v = -52,
    refrac_t = 3, time_constant = 20 }, changes))
end
function dense(changes)
  return snn.LinearDense(with({ in_shape = 2, out_shape = 3, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 } }, changes))
end
function setup()
  exc, enc, layer = lif(), dense(), snn.Layer()
  layer:add_connection("enc", enc)
  layer:add_neuron("exc", exc)
  function layer:wiring(inputs) return { exc = inputs.enc } end
  x, t, list = snn.ones(1, 2), snn.tensor { 1, 2, 3 }, { 1, 2, 3 }
  stdp = snn.STDP { lr_post = 1e-3, lr_pre = -1e-3, tc_post = 20, tc_pre = 20 }
end
exc, enc, layer, x, t, list, stdp = nil, nil, nil, nil, nil, nil, nil
]]

mistakes.rows = {
  -- operators of other languages
  { "if x != 1 then end", "hint: Lua writes ~= for !=" },
  { "if x !== 1 then end", "hint: Lua writes ~= for !==" },
  { "if x === 1 then end", "hint: Lua writes == for ===" },
  { "if x <> 1 then end", "hint: Lua writes ~= for <>" },
  { "if !x then end", "hint: Lua writes `not x` for !x" },
  { "a && b", "hint: Lua writes `and` for &&" },
  { "a || b", "hint: Lua writes `or` for ||" },
  { "n += 1", "hint: Lua has no +=: write n = n + ..." },
  { "exc.count -= 1", "hint: Lua has no -=: write exc.count = exc.count - ..." },
  { 's ..= "more"', "hint: Lua has no ..=: write s = s .. ..." },
  { "n =+ 1", "hint: Lua has no +=: write x = x + ..." },
  { "n++", "hint: Lua has no ++: write n = n + 1" },
  { "++n", "hint: Lua has no ++: write n = n + 1" },
  { "n--", "hint: -- begins a comment: write n = n - 1" },
  { "n ** 2", "hint: Lua writes x^2 for x**2" },
  { "x @ x", "hint: matrices are multiplied by x:matmul(y)" },
  { "y = x ? 1 : 2", "hint: Lua writes `condition and a or b` for condition ? a : b" },
  { "y = 1 if x else 2", "hint: Lua writes `condition and a or b` for `a if condition else b`" },
  { "y = [i * 2 for i in list]",
    "hint: Lua has no comprehensions: a loop fills a list, list[#list + 1] = x" },
  { "if x is None then end", "hint: Lua writes x == nil for `x is None`" },
  { "if 1 in list then end", "hint: ask t[key] ~= nil, or search the list" },
  { "n := 5", "hint: Lua assigns with =, and makes a variable with local x =" },
  { "x = y = 1", "hint: an assignment is a statement: x = 1 y = 1, or x, y = 1, 1" },
  { "if x = 1 then end", "hint: == compares, = assigns" },
  { "while x = 1 do end", "hint: == compares, = assigns" },
  -- statements of other languages
  { "def f(x):", "hint: write function f(...) ... end" },
  { "class Foo:", 'hint: write local Name = snn.class("Name", snn.Module); ?snn.class tells more' },
  { "import numpy as np", 'hint: snn is there already; other modules: local m = require "m"' },
  { "from snn import LIF", 'hint: snn is there already; other modules: local m = require "m"' },
  { "for i in range(10):",
    "hint: Lua writes for i = 1, n do ... end, or for i, x in ipairs(list) do ... end" },
  { "for i in range(10): print(i)",
    "hint: Lua writes for i = 1, n do ... end, or for i, x in ipairs(list) do ... end" },
  { "for (i = 0; i < 3; i++) {", "hint: Lua writes for i = 1, n do ... end" },
  { "for i = 1 to 10 do end", "hint: Lua writes for i = 1, 10 do ... end" },
  { "for i = 1, 3 print(i) end", "hint: a loop's head ends with `do`: for i = 1, n do ... end" },
  { "for i in 1, 3 do end", "hint: for i = 1, 3 do ... end counts" },
  { "for i in list do end",
    "hint: for i, x in ipairs(list) do goes through a list, pairs(t) through any table" },
  { "while true: print(1)", "hint: Lua writes while x do ... end" },
  { "while true { }", "hint: blocks are words: while x do ... end" },
  { "if x == 1: print(1)", "hint: Lua writes if x then ... end" },
  { "if x == 1 { }", "hint: blocks are words: if x then ... end" },
  { "if x print(1) end", "hint: a condition ends with `then`: if x then ... end" },
  { "elif x then", "hint: Lua writes elseif ... then" },
  { "try:", "hint: write local ok, err = pcall(function() ... end)" },
  { 'raise ValueError("x")', 'hint: write error("what is wrong")' },
  { 'with open("x") as f:', "hint: write do local file <close> = io.open(...) ... end" },
  { "lambda x: x + 1", "hint: write function(x) return x + 1 end" },
  { "x => x + 1", "hint: write function(x) return x + 1 end" },
  { "function f() {", "hint: blocks are words: function f() ... end" },
  { "switch x", "hint: write if ... then ... elseif ... then ... end" },
  { "const n = 5", "hint: Lua has no types: write local n = ..." },
  { "let n = 5", "hint: Lua has no types: write local n = ..." },
  { "int n = 5", "hint: Lua has no types: write local n = ..." },
  { "n: int = 5", "hint: Lua has no types: write local x = ..." },
  { "del n", "hint: write x = nil" },
  { "print n", "hint: print is a function: print(n)" },
  { 'print "n = %d" % 3', 'hint: print(...) gives nothing back: print(("%d"):format(x))' },
  { "assert x", "hint: assert is a function: assert(x)" },
  { "for i = 1, 2 do continue end",
    "hint: write goto continue, and ::continue:: before the loop's end" },
  { "if x then pass end", "hint: nothing is needed for an empty block" },
  { 'f"x = {x}"', 'hint: ("x = %s"):format(x) formats' },
  { '"x = %d" % 3', 'hint: write ("%d"):format(x)' },
  { "# a comment", "hint: a comment begins with --" },
  { "// a comment", "hint: a comment begins with --" },
  { "x = 1 // a comment", "hint: a comment begins with --; // divides and rounds down" },
  { "/* a comment */", "hint: a comment of several lines is --[[ ... ]]" },
  { "@property", "hint: Lua has no decorators: f = wrap(f)" },
  { "%timeit layer", "hint: the prompt's commands begin with a colon: :help lists them" },
  { "!ls", "hint: Lua writes `not x` for !x; :!ls runs a command of the shell" },
  { "ls", "hint: :!ls runs a command of the shell" },
  { "x = 'unfinished",
    "hint: a string ends with its quote in the same line; [[ ... ]] may have several lines" },
  { 'print("a" + "b")', "hint: strings are joined by .. ; tonumber(s) is the number in one" },
  { '"5 Hz" + 1', "hint: strings are joined by .. ; tonumber(s) is the number in one" },
  { "print(“a”)",
    [[hint: a sign that Lua does not know: quotes are " and ', minus is -, ]]
      .. "names have letters of ASCII" },
  { '{ "x": 1 }', "hint: a table is { name = value }, and no statement" },
  { "{1, 2, 3}[1]", "hint: a table that is used at once stands in (): ({ 1, 2, 3 })[1]" },
  { '"abc".len()', 'hint: methods of a string in quotes: ("abc"):len()' },
  { '("abc").upper()', "hint: methods of strings are called with a colon: s:upper()" },
  { "snn.LIF{ shape = 3 step_time = 1 }",
    "hint: the elements of a table have commas between them" },
  { "snn.LIF(shape = 3)", "hint: arguments by name are a table: snn.LIF{ name = value, ... }" },
  { "[1, 2, 3]", "hint: a list is { 1, 2, 3 }, a tensor snn.tensor{ 1, 2, 3 }" },
  { "end", "hint: there is an `end` too many" },
  { "local c <const> = 1; c = 2",
    "hint: <const> may be set once: leave it away, or make another local" },
  { "local end = 3", "hint: `end` is a word of Lua and no name" },
  { "function f return 1 end",
    "hint: a function's head has its arguments in (): function f(x) ... end" },
  { "for i = 1, 2 do goto continue end",
    "hint: a label stands in the same block: ::continue:: before the loop's end" },
  { '"abc":upper()', 'hint: methods of a string in quotes: ("abc"):len()' },
  { "größe = 1",
    [[hint: a sign that Lua does not know: quotes are " and ', minus is -, ]]
      .. "names have letters of ASCII" },
  -- names and indices
  { "layre:update()", "hint: no variable 'layre' (did you mean 'layer'?)" },
  { "not n == 1", "hint: `not n == y` is `(not n) == y`: write not (n == y)" },
  { "list == { 1, 2, 3 }", "hint: a table equals only itself, not another with the same in it" },
  { 'io.open("nothere"):read "a"',
    "hint: the file could not be opened: assert(io.open(path)) tells why" },
  { '("%d"):format(1.5)', 'hint: math.floor(x) is its whole part, %s in place of %d writes it' },
  { "unpack(list)", "hint: table.unpack(list)" },
  { "exc.voltage()", "TypeError: 'voltage' is a field, not a method: write it without ()" },
  { "exc.spikes", "AttributeError: LIF has no field 'spikes' (here: spike)" },
  { "n = None", "hint: Lua has no None: it is nil" },
  { "n = true or True", "hint: Lua has no True: it is true" },
  { "n = null + 1", "hint: Lua has no null: it is nil" },
  { "len(list)", "hint: #x is the length of x" },
  { "np.array { 1, 2 }",
    "hint: snn has tensors of its own: snn.tensor, snn.zeros, snn.arange ..." },
  { "plt.plot(t)", "hint: snn.plot.line(x), snn.plot.raster(spikes) draw in the terminal" },
  { "range(3)", "hint: for i = 1, n do ... end counts from 1 to n" },
  { "list.append(4)", "hint: table.insert(x, value), or x[#x + 1] = value" },
  { "list[0] + 1", "hint: the first index is 1" },
  { "list[4] + 1", "hint: there is no such element: the first index is 1, the last #t" },
  { "list[0]", "hint: nil: the first index is 1" },
  { "layre", "hint: no variable 'layre' (did you mean 'layer'?)" },
  { "print(layre)", "hint: no variable 'layre' (did you mean 'layer'?)" },
  { "f = function() count = 1 end; f()",
    "assignment to undeclared global 'count' in a function: write 'local "
      .. "count', or set it outside first" },
  { 'require "numpy"', "hint: snn has tensors of its own: snn.tensor, snn.zeros, snn.arange ..." },
  { 'require "mymodule"', "hint: Lua looks for mymodule.lua in package.path" },
  -- tensors
  { "t[0]", "hint: the first index is 1" },
  { "t[4] = 1",
    "ValueError: tensor: index 4 is out of range, the first dimension takes 1 to 3 or -3 to -1" },
  { "t[1.5]", "TypeError: tensor: an index must be an integer, got number 1.5" },
  { "t[1, 2]", "hint: one index after the other: x[1][2]; of a tensor also x[{ {}, 2 }]" },
  { "t[:, 1]", "hint: x[:, 1] of a tensor is x[{ {}, 1 }]" },
  { "t[0:2]",
    "hint: x[a:b] of a tensor is x[{ {a, b} }], from 1, both ends "
      .. "included; of a list table.move(x, a, b, 1, {})" },
  { "t.shape[0]", "hint: nil: the first index is 1" },
  { "t.shape()", "TypeError: 'shape' is a field, not a method: write it without ()" },
  { "t:shape()", "TypeError: 'shape' is a field, not a method: write it without ()" },
  { "t:ndim()",
    "attempt to call a number value (method 'ndim'): a field, not a method: write it without ()" },
  { "t.sum()", "TypeError: sum: 'self' must be a tensor, got no value (call it as x:sum(...))" },
  { "t:numpy()",
    "AttributeError: tensor: unknown name 'numpy' (here: x:totable(), a "
      .. "list; snn.save_npy(path, x), a file)" },
  { "t.T", "AttributeError: tensor: unknown name 'T' (here: x:transpose(1, 2))" },
  { "t:append(4)", "AttributeError: tensor: unknown name 'append' (here: snn.cat({ x, y }, dim))" },
  { "t:len()",
    "AttributeError: tensor: unknown name 'len' (here: #x of the first "
      .. "dimension, x.numel of all)" },
  { "t.length",
    "AttributeError: tensor: unknown name 'length' (here: #x of the first "
      .. "dimension, x.numel of all)" },
  { "t.lenght", "AttributeError: tensor: unknown name 'lenght'" },
  { "t > 2",
    "TypeError: tensor: < and <= give one boolean in Lua; use a:lt(b), le, "
      .. "gt or ge for a tensor of them" },
  { "if t:gt(2) then end",
    "hint: a tensor is true in a condition whatever is in it: ask x:any():item(), x:item()" },
  { "if t then end",
    "hint: a tensor is true in a condition whatever is in it: ask x:any():item(), x:item()" },
  { 't + "1"', "TypeError: add: 'other' must be a tensor, a number or a boolean, got string '1'" },
  { "t + list",
    "TypeError: add: 'other' must be a tensor, a number or a boolean, got "
      .. "table (snn.tensor{...} makes one of a list)" },
  { "t + snn.ones(4)", "ValueError: add: shapes {3} and {4} do not broadcast" },
  { "t:matmul(snn.ones(4))", "ValueError: matmul: shapes {3} and {4} do not fit each other" },
  { "t:reshape(2, 2)",
    "ValueError: reshape: shape {2, 2} does not have the 3 elements of shape {3}" },
  { "t:sum(0)",
    "ValueError: sum: 'dim' is 0, a tensor with 1 dimensions takes 1 to 1 or -1 to -1" },
  { "t:sum(axis = 1)", "hint: arguments by name are a table: t:sum{ name = value, ... }" },
  { "t:to(float64)", 'hint: names of types are strings: "float64"' },
  { 't:to "int32"',
    "ValueError: to: 'dtype' must be 'float32', 'float64', 'int64' or 'bool', got 'int32'" },
  { 'snn.zeros(2, 3, "float64")',
    [[TypeError: zeros: 'options' must be a table, got string 'float64': { dtype = "float64" }]] },
  { 'snn.zeros(2, 3, { dtype = "double" })',
    "ValueError: zeros: 'dtype' must be 'float32', 'float64', 'int64' or 'bool', got 'double'" },
  { 'snn.zeros(2, 3, { device = "cpu" })',
    "TypeError: zeros: unknown option 'device' (there are 'dtype')" },
  { "snn.zeros(2.5)", "TypeError: zeros: 'shape' must be an integer, got number 2.5" },
  { "snn.tensor(1, 2, 3)",
    "TypeError: tensor: 'options' must be a table, got number 2 (several "
      .. "values are a list: snn.tensor{ 1, 2, 3 })" },
  { "snn.tensor { { 1, 2 }, { 3 } }",
    "ValueError: tensor: the list at [2] has 1 entries, the first one of that depth has 2" },
  { "snn.cat(t, t)", "TypeError: cat: 'list' must be a list of tensors, got Tensor" },
  { "snn.exp(t)", "AttributeError: no field 'exp' in snn (here a method of tensors: x:exp(...))" },
  { "snn.Tensor { 1 }",
    "AttributeError: no field 'Tensor' in snn (here: snn.tensor{...}, snn.zeros(shape))" },
  { "snn.float64",
    "AttributeError: no field 'float64' in snn (here: the name 'float64', as in x:to 'float64')" },
  { "snn.arrange(3)", "AttributeError: no field 'arrange' in snn (did you mean 'arange'?)" },
  { "math.sqrt(t)", "hint: of a tensor: x:sqrt(); x:item() is the number in one of one element" },
  { "math.max(t, 1)", "hint: of a tensor: x:max()" },
  { '("%.2f"):format(t:sum())', "hint: x:item() is the number in a tensor of one element" },
  { "for v in t do end",
    "TypeError: a tensor is no iterator: for i, v in ipairs(t), or for "
      .. "spikes in encoder:steps_of(x)" },
  { "snn.rand(3):item()",
    "ValueError: item: a tensor of shape {3} has not exactly one element; use totable()" },
  { "exc.voltage[1] = 5",
    "RuntimeError: t[i] = v: this tensor was read from a module's field "
      .. "and cannot be changed in place; assign a new one (conn.weight =" },
  -- neurons and connections
  { "snn.Lif {}", "AttributeError: no field 'Lif' in snn (did you mean 'LIF'?)" },
  { "snn.LIF {}",
    "TypeError: LIF: 7 arguments are missing: 'shape' (sizes of the group, "
      .. "without the batch), 'step_time' (ms; length of a step), 'rest_v' (mV;" },
  { "snn.LIF(3)", "TypeError: LIF: arguments come in one table of names, got number 3" },
  { "snn.LIF { shape = 3, tau = 20 }",
    "TypeError: LIF: unknown argument 'tau' (here: 'time_constant')" },
  { "snn.LIF { shape = 3, thresh_V = 20 }",
    "TypeError: LIF: unknown argument 'thresh_V' (did you mean 'thresh_v'?)" },
  { 'lif { shape = "3" }',
    "TypeError: LIF: 'shape' must be an integer or a list of integers, got string '3'" },
  { "lif { step_time = 0 }", "ValueError: LIF: 'step_time' must be greater than 0, got 0" },
  { "n = lif { step_time = 0.001 }",
    "LIF: 'step_time' is 0.001 ms: times are in ms, 1 and not 0.001" },
  { "n = lif { rest_v = -0.065, reset_v = -0.06, thresh_v = -0.05 }",
    "LIF: no voltage is above 0.065 mV ('rest_v'): voltages are in mV, -65 and not -0.065" },
  { "exc.forward(x)",
    "TypeError: forward: 'self' must be a Neuron, got Tensor (call it as neuron:forward(...))" },
  { "exc:voltage()", "TypeError: 'voltage' is a field, not a method: write it without ()" },
  { "exc.v", "AttributeError: LIF has no field 'v' (here: voltage)" },
  { "exc.thresh = -50", "AttributeError: LIF has no field 'thresh' (did you mean 'thresh_v'?)" },
  { "exc.thresh_v = -70",
    "ValueError: LIF: 'reset_v' must be less than 'thresh_v', got -60 and -70" },
  { 'exc.thresh_v = "high"', "TypeError: LIF: 'thresh_v' must be a number, got string 'high'" },
  { "exc.shape = 5",
    "AttributeError: LIF: 'shape' cannot be assigned, it fixes sizes; make a new LIF" },
  { "exc.voltage = 3", "TypeError: LIF: 'voltage' must be a tensor, got number 3" },
  { "exc.voltage = snn.ones(2)", "ValueError: LIF: 'voltage' has shape {2}, must be {1, 3}" },
  { "exc:reset()", "AttributeError: LIF has no field 'reset' (here: module:clear())" },
  { "exc(snn.rand(3))",
    "ValueError: LIF: 'input' has shape {3}, must be {1, 3}; the first "
      .. "dimension is the batch: x:unsqueeze(1)" },
  { "exc { 1, 2, 3 }",
    "TypeError: LIF: 'input' must be a tensor, got table (snn.tensor{...} makes one of a list)" },
  { "exc(5)", "TypeError: LIF: 'input' must be a tensor, got number 5" },
  { "exc()", "TypeError: LIF: 'input' must be a tensor, got nil" },
  { "enc.weigth = 1",
    "AttributeError: LinearDense has no field 'weigth' (did you mean 'weight'?)" },
  { "enc.weight = 3", "TypeError: LinearDense: 'weight' must be a tensor, got number 3" },
  { "enc.weight = snn.ones(2, 3)",
    "ValueError: LinearDense.weight: a tensor of shape {2, 3}, must have shape {3, 2}" },
  { "enc(snn.rand(1, 2))",
    "LinearDense: the input has values besides 0 and 1, of which "
      .. "DeltaCurrent takes each but 0 for one spike (graded = true scales the "
      .. "charge" },
  { "enc.updater.weight", "hint: none yet: connection.updater = connection:defaultupdater()" },
  { "enc.updater = true", "TypeError: LinearDense: 'updater' must be an Updater, got true" },
  { "snn.LinearDense(2, 3)",
    "TypeError: LinearDense: arguments come in one table of names, "
      .. "LinearDense{ name = value, ... }, got number 2" },
  { "snn.LinearDense { in_shape = 2, out_shape = 3, step_time = 1 }",
    "TypeError: LinearDense: argument 'synapse' is missing (a partial "
      .. "constructor: snn.DeltaCurrent.partialconstructor)" },
  { "dense { synapse = snn.DeltaCurrent }",
    "TypeError: LinearDense: 'synapse' must be a function such as "
      .. "snn.DeltaCurrent.partialconstructor gives, got class DeltaCurrent" },
  { "snn.DeltaCurrent.partialconstructor { spike_charg = 1 }",
    "TypeError: partialconstructor: unknown argument 'spike_charg' (did "
      .. "you mean 'spike_charge'?)" },
  { 'dense { weight_init = "uniform" }',
    [[TypeError: LinearDense: 'weight_init' must be a number, { "uniform", ]]
      .. 'low, high }, { "normal", mean, std }, a tensor or a function, got' },
  { "snn.LIF { 3 }", "TypeError: LIF: arguments are named, got the key number 1" },
  { 'snn.LIF { "shape", 3 }', "TypeError: LIF: arguments are named, got the key number 1" },
  { "snn.LIF.new { shape = 3 }", "AttributeError: class LIF has no field 'new'" },
  -- layers
  { "layer { en = x }",
    "AttributeError: forward: 'en' is not a registered connection "
      .. "(registered: 'enc'; did you mean 'enc'?)" },
  { "layer { enc = { 1, 0 } }",
    "TypeError: forward: 'enc' must be a tensor, got number 1 (a list "
      .. "holds tensors, one for each argument: snn.tensor{...} makes one of "
      .. "numbers)" },
  { "layer { enc = x, exc = x }",
    "AttributeError: forward: 'exc' is not a registered connection "
      .. "(registered: 'enc'; did you mean 'enc'?)" },
  { "layer { x }", "TypeError: forward: connections are given by name, got the key number 1" },
  { "layer(x)",
    "TypeError: forward: 'inputs' must be a table of tensors by the names "
      .. "of connections, got Tensor" },
  { "layer()",
    "TypeError: forward: 'inputs' must be a table of tensors by the names "
      .. "of connections, got nil" },
  { "layer {}",
    "forward: no input was given and nothing has run; inputs are tensors "
      .. "by the names of connections: layer{ enc = spikes }" },
  { "layer { enc = snn.ones(1, 5) }",
    "ValueError: forward: connection 'enc': the input has shape {1, 5}, "
      .. "the connection wants {1, 2}" },
  { "layer { enc = snn.ones(4, 2) }",
    "ValueError: forward: connection 'enc': the input has shape {4, 2}, "
      .. "the connection wants {1, 2}" },
  { "exc.dt = 0.1; layer { enc = x }",
    "ValueError: forward: connection 'enc' has a dt of 1 ms, neuron 'exc' "
      .. "one of 0.1 ms: both must be the same" },
  { "function layer:wiring(i) return { exc = i.encc } end; layer { enc = x }",
    "AttributeError: wiring: 'encc' is not a registered connection "
      .. "(registered: 'enc'; did you mean 'enc'?)" },
  { "function layer.wiring(i) return { exc = i.enc } end; layer { enc = x }",
    "AttributeError: Layer has no field 'enc': a connection is "
      .. "layer.connections.enc, its current inputs.enc in a wiring, which "
      .. "takes self first" },
  { "function layer:wiring(i) return { exc = i.enc + i.inh } end; layer { enc = x }",
    "AttributeError: wiring: 'inh' is not a registered connection (registered: 'enc')" },
  { "function layer:wiring(i) return i.enc end; layer { enc = x }",
    "TypeError: forward: wiring must return a table of tensors by the "
      .. "names of neurons, got Tensor" },
  { "function layer:wiring(i) end; layer { enc = x }",
    "TypeError: forward: wiring must return a table of tensors by the names of neurons, got nil" },
  { "function layer:wiring(i) return { ecx = i.enc } end; layer { enc = x }",
    "AttributeError: forward: 'ecx' is not a registered neuron "
      .. "(registered: 'exc'; did you mean 'exc'?)" },
  { "function layer:wiring(i) return { exc = i.enc:gt(0) } end; layer { enc = x };",
    "exc: 'input' is bool: spikes are no currents, each counts as 1 nA; "
      .. 'give what a connection makes of them, or spikes:to("float32") * '
      .. "current" },
  { "snn.Layer() { enc = x }",
    "AttributeError: forward: 'enc' is not a registered connection (registered: none)" },
  { "layer.wirring = print",
    "AttributeError: Layer has no method 'wirring' (did you mean 'wiring'?)" },
  { "layer.enc",
    "AttributeError: Layer has no field 'enc': a connection is "
      .. "layer.connections.enc, its current inputs.enc in a wiring, which "
      .. "takes self first" },
  { "layer.connections.enk",
    "AttributeError: layer.connections: 'enk' is not a registered "
      .. "connection (registered: 'enc'; did you mean 'enc'?)" },
  { "layer:add_connection(enc)",
    "TypeError: add_connection: 'name' must be a string, got LinearDense" },
  { 'layer:add_connection("enc", enc)',
    "RuntimeError: add_connection: 'enc' is already a registered connection" },
  { 'layer.add_neuron("a", exc)',
    "TypeError: add_neuron: 'self' must be a Layer, got string 'a' (call "
      .. "it as layer:add_neuron(...))" },
  { 'layer:add_cell("enc", "exk")',
    "AttributeError: add_cell: 'exk' is not a registered neuron "
      .. "(registered: 'exc'; did you mean 'exc'?)" },
  { "layer:add_cell(enc, exc)",
    "TypeError: add_cell: 'connection' must be the name of a connection in "
      .. "the layer, a string, got LinearDense" },
  { "layer.clear()",
    "TypeError: clear: 'self' must be a Layer, got nil (call it as layer:clear(...))" },
  { "layer:reset()", "AttributeError: Layer has no field 'reset' (here: module:clear())" },
  { "layer:load_state_dict {}",
    "ValueError: load_state_dict: 'connections.enc.weight' is missing" },
  { "layer:update()",
    "update: no connection of the layer has an updater, and nothing "
      .. "changes; connection.updater = connection:defaultupdater() gives it one" },
  { "snn.Layer { exc = exc }", "TypeError: Layer: unknown option 'exc' (there are 'wiring')" },
  { "snn.Serial(enc, exc)",
    "TypeError: Serial: arguments come in one table of names, Serial{ name "
      .. "= value, ... }, got LinearDense" },
  { "snn.Serial { enc, exc }", "TypeError: Serial: options are named, got the key number 1" },
  -- trainers
  { "snn.STDP {}",
    "TypeError: STDP: 4 arguments are missing: 'lr_post' (learning rate of "
      .. "postsynaptic spikes), 'lr_pre' (learning rate of presynaptic spikes)," },
  { "snn.STDP { lr_post = 1, lr_pre = 1, tau = 20 }",
    "TypeError: STDP: unknown argument 'tau' (here: 'tc_post', 'tc_pre')" },
  { "stdp()",
    "STDP: it has no cells, and nothing is learned; "
      .. "trainer:register_cell(name, layer:add_cell(connection, neuron)) gives "
      .. "it one" },
  { "stdp.lr = 3",
    "AttributeError: STDP has no field 'lr' (here: each rule has its own: "
      .. "lr_post, lr_pre of STDP)" },
  { 'stdp.lr_post = "fast"', "TypeError: STDP: 'lr_post' must be a number, got string 'fast'" },
  { 'stdp:register_cell("enc", "exc")',
    "TypeError: register_cell: 'cell' must be a Cell, got string 'exc' "
      .. '(layer:add_cell("enc", "exc") gives one)' },
  { 'stdp:register_cell("c", layer:add_cell("enc", "exc"))',
    "RuntimeError: register_cell: the cell cannot be updated: give its "
      .. "connection an updater (connection.updater = "
      .. "connection:defaultupdater())" },
  { "snn.MSTDP { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }()",
    "TypeError: MSTDP: 'signal' must be a number or a tensor (batch), got nil" },
  { "enc:defaultupdater().weight:upperbound(snn.functional.bound_uper_sharp, 1)",
    "AttributeError: no field 'bound_uper_sharp' in snn.functional (did "
      .. "you mean 'bound_upper_sharp'?)" },
  { "snn.Updater(enc)",
    "TypeError: Updater: 'args' must be a table of names, got LinearDense "
      .. "(connection:defaultupdater() makes one)" },
  -- encoders, monitors, files, the prompt
  { "snn.HomogeneousPoissonEncoder { steps = 10, step_time = 1, rate = 50 }",
    "TypeError: HomogeneousPoissonEncoder: unknown argument 'rate' (here: 'frequency')" },
  { "snn.HomogeneousPoissonEncoder { steps = 10, step_time = 1, frequency = 50 }(t * 200)",
    "ValueError: HomogeneousPoissonEncoder: intensities must be from 0 to 1, got 200 at (1,)" },
  { "snn.SpikeMonitor(exc)",
    "AttributeError: no field 'SpikeMonitor' in snn (here: "
      .. "snn.SpikeRecorder(neurons))" },
  { 'snn.OutputMonitor { module = "exc" }',
    "TypeError: OutputMonitor: 'module' must be a module, got string 'exc'" },
  { "n = snn.StateMonitor { reducer = snn.PassthroughReducer { step_time = "
      .. '1 }, module = exc, attr = "voltge" }; exc(snn.ones(1, 3))',
    "AttributeError: LIF has no field 'voltge' (did you mean 'voltage'?)" },
  { "snn.PassthroughReducer {}",
    "TypeError: PassthroughReducer: argument 'step_time' is missing (ms; "
      .. "time between two observations)" },
  { "snn.plot.rastr(t)", "AttributeError: no field 'rastr' in snn.plot (did you mean 'raster'?)" },
  { "snn.plot.raster(layer)",
    "TypeError: plot.raster: 'spikes' must be a tensor, a list of numbers "
      .. "or a monitor, got Layer" },
  { "snn.save(layer)", "TypeError: save: 'path' must be a string, got Layer" },
  { 'snn.save("layer")', "TypeError: save: 'objects' must be a table of objects, or one, got nil" },
  { 'snn.save("/nothere/x.st", { layer = layer })',
    "IOError: save: cannot write '/nothere/x.st': No such file or directory" },
  { 'snn.load("nothere.st", { layer = layer })',
    "IOError: load: cannot open 'nothere.st': No such file or directory" },
  { "snn.data.loader { batch_size = 2 }",
    "TypeError: data.loader: the set comes first: loader(set, { batch_size = ... })" },
  { "snn.data.loader(list, { batch_size = 2 })",
    "TypeError: data.loader: 'set' must be a data set, got a list; "
      .. "snn.data.set{ images = tensor } makes one" },
  { 'snn.data.mnist "nothere"',
    "IOError: data.mnist: 'nothere' has none of the files "
      .. "train-images-idx3-ubyte, train-images-idx3-ubyte.gz, "
      .. "train-images.idx3-ubyte," },
  { 'snn.manual_seed "a"', "TypeError: manual_seed: 'n' must be an integer, got string 'a'" },
  { "snn.set_num_threads(0)", "ValueError: set_num_threads: 'n' must be from 1 to 256, got 0" },
  { ":laod x.lua", "there is no command ':laod' (did you mean ':load'?); :help lists them" },
  { ":load nothere.lua", "cannot open nothere.lua: No such file or directory" },
  { "?snn.LIFF",
    "'snn.LIFF' is no public name (did you mean 'snn.LIF'?); apropos "
      .. '"snn.LIFF" looks for it in all texts' },
  { "help(nothere)", "nil: no value; a name that is not assigned reads nil" },
}

return mistakes
