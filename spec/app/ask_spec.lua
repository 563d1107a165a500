-- Questions at the prompt: ?name, ??name, ? alone, help, apropos.
local typed = require "spec.app.typed"

-- what is typed, what the last input answers, in part
local CASES <const> = {
  { "tells of an argument of an object, with its value", "?lif.thresh_v", "lif.thresh_v is -50.0\n"
    .. "snn.LIF.thresh_v: an argument\n  number | Tensor; mV; voltage at which the neuron spikes" },
  { "tells of a state of an object", "?lif.voltage",
    "lif.voltage is tensor {1, 3} float32\nsnn.Neuron.voltage: a field\n  Tensor; mV;" },
  { "tells of a method", "?lif:forward", "snn.Neuron:forward: a method" },
  { "tells of a method by a dot", "?x.sum", "snn.Tensor:sum: a method" },
  { "tells of a field of a tensor", "?x.shape", "x.shape is {2, 3}\nsnn.Tensor.shape: a field" },
  { "tells of an object", "?lif", "an object of snn.LIF; snn.LIF: a class" },
  { "tells of a member of what an expression gives", "?list[1].thresh_v", "snn.LIF.thresh_v:" },
  { "tells of its own functions", "?help", "help(x) tells of a value" },
  { "says how help is used", "help", "help(x) tells of a value, ?name of a name" },
  { "says how apropos is used", "apropos", 'apropos "word" lists' },
  { "says what apropos takes", "apropos()", "apropos: 'word' must be a string to look for" },
  { "knows the nearest name", "?LIFF", "'LIFF' is no public name (did you mean 'LIF'?)" },
  { "knows the nearest name of a string", "help 'LIFF'", "did you mean 'LIF'?" },
  { "tells of an object of a script's class", "?mine_too",
    "an object of class Mine, which is below snn.Module" },
  { "knows where a script's class stands", "??mine_too", "class Mine\n  forward  stdin:1" },
  { "says what failed: of the library", "snn.zeros 'a'", "?", "snn.zeros: a function" },
  { "says what failed: a method", "x:sum(7)", "?", "snn.Tensor:sum: a method" },
  { "says what failed: a class", "snn.LIF {}", "?", "snn.LIF: a class" },
  { "says what failed: of Lua", "string.rep()", "?", "string.rep: a function of Lua's own" },
  { "says what failed: of the script", "mine(3)", "?", "mine: a function (v), stdin:1" },
  { "says that only what was typed failed", "error 'x'", "?", "no function of a name has failed" },
}

describe("a question at the prompt", function()
  local answers, places = nil, {}

  lazy_setup(function()
    local inputs = {
      "lif = snn.LIF { shape = 3, step_time = 1, rest_v = -65, reset_v = -65, thresh_v = -50, "
        .. "refrac_t = 2, time_constant = 20 }",
      "x, list = snn.zeros(2, 3), { lif }",
      "local Mine = snn.class('Mine', snn.Module) function Mine:forward(x) return x end "
        .. "mine_too = Mine()",
      "function mine(v) error('mine ' .. v) end",
    }
    for i, case in ipairs(CASES) do
      table.move(case, 2, #case - 1, #inputs + 1, inputs)
      places[i] = #inputs
    end
    answers = typed(inputs)
  end)

  for i, case in ipairs(CASES) do
    it(case[1], function()
      local answer = answers[places[i]]
      assert.is_truthy(answer:find(case[#case], 1, true), answer)
    end)
  end
end)
