-- Ctrl-C at random moments of a network that learns at the prompt, in a terminal: the state
-- is always that after a whole number of calls (interrupts.lua), and the session goes on.
local support = require "spec.support"
local terminal = require "spec.terminal"

-- Sanitised programs are slower.
local ROUNDS <const> = support.cpath and 250 or 40

-- Types record.train() and interrupts it after up to 40 ms, as often; every tenth time by the key.
local SCRIPT <const> = [[
  for i in $(seq %d); do
    tmux -S %s send-keys -l 'record.train()'; tmux -S %s send-keys Enter
    sleep 0.0$(( RANDOM %% 40 + 10 ))
    if [ $(( i %% 10 )) = 0 ]; then tmux -S %s send-keys C-c; else kill -INT %d; fi
  done]]

describe("a network that learns at the prompt", function()
  if not terminal.is_there() then return pending "no tmux" end

  it("is interrupted at any moment between two calls or as before one", function()
    local t = terminal.open { args = "-i spec/app/interrupts.lua" }
    t:ready()
    local script = SCRIPT:format(ROUNDS, t.socket, t.socket, t.socket, t:pid())
    assert(os.execute("bash -c " .. support.quote(script)))
    t:type "\n"
    t:ready()
    t:type "print(('%d faults in %s'):format(record.faults, "
    t:type("record.rounds > 0.8 * " .. ROUNDS .. " and 'many' or record.rounds))\n")
    t:wait "\n0 faults in many"
    t:type "exit\n"
    assert.equal(0, t:code())
    t:close()
  end)
end)
