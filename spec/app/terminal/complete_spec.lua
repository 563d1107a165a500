-- The key Tab at the prompt, in a terminal. What it offers is in ../complete_spec.lua.
local terminal = require "spec.terminal"

describe("the key Tab", function()
  local t
  setup(function()
    t = terminal.open { columns = 90, rows = 30 }
    t:ready()
    t:enter("lif = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65, "
      .. "thresh_v = -50, refrac_t = 2, time_constant = 20 }; held = { ['c d'] = { inner = 1 } }")
  end)
  teardown(function() t:close() end)
  after_each(function()
    t:key "C-c"
    t:ready()
    t:clear()
  end)

  -- Types up to the mark, presses Tab, and waits for the line.
  local function completes(typed, whole)
    t:type(typed)
    t:key "Tab"
    t:wait("snn> " .. whole, true)
  end

  it("completes an option and tells what it is", function()
    completes("snn.LIF{ thr", "snn.LIF{ thresh_v =")
    t:key "C-c"
    t:ready()
    t:type "snn.LIF{ t"
    t:key("Tab", "Tab")
    t:wait("thresh_v       mV  voltage at which the neuron spikes", true)
    t:wait("time_constant  ms  time constant of the membrane", true)
  end)

  it("completes methods, keys that are no names, commands and names to ask for", function()
    completes("lif:state_d", "lif:state_dict(")
    t:key "C-c"
    t:ready()
    completes("held.", 'held["c d"]')
    t:type ".in"
    t:key "Tab"
    t:wait('snn> held["c d"].inner', true)
    t:key "C-c"
    t:ready()
    completes(":loc", ":locals")
    t:key "C-c"
    t:ready()
    completes("?snn.Conv", "?snn.Conv2D")
  end)

  it("completes in the middle of a line, and in a later line of a block", function()
    t:type "print(lif.thresh"
    t:type " .. '')"
    t:key("Left", "Left", "Left", "Left", "Left", "Left", "Left", "Tab")
    t:wait("snn> print(lif.thresh_v .. '')", true)
    t:key "C-c"
    t:ready()
    t:type "do\nlocal here = snn.LIF {\nshape = 2,\nth"
    t:key "Tab"
    t:wait "%.%. *thresh_v ="
  end)

  it("completes a file and sees session variables", function()
    completes('dofile "spec/app/terminal/complete_s',
      'dofile "spec/app/terminal/complete_spec.lua"')
    t:key "C-c"
    t:ready()
    t:enter "local session_variable = 1"
    completes("session_va", "session_variable")
    t:key "C-c"
    t:ready()
    t:enter "snn.zeros(2)"
    completes("_:argmi", "_:argmin(")
  end)
end)
