-- Helper of specs of the prompt: what it answers to each input.
local support = require "spec.support"

---Types inputs, which may have several lines, through a pipe.
---@param inputs string[]
---@param arguments? string of the program; "-i" otherwise
---@return string[] answers what came behind each input, errors too, without the last newline;
---  [0]: what came before the first
---@return integer code of the process
return function(inputs, arguments)
  local run = support.shell(support.quote(support.program) .. " " .. (arguments or "-i") .. " 2>&1",
    { input = table.concat(inputs, "\n") .. "\n" })
  local text = run.out:gsub("snn> ", "\1"):gsub("snn %[%d+%]> ", "\1"):gsub("  %.%. ", "")
  local answers, n = {}, 0
  for answer in (text .. "\1"):gmatch("([^\1]*)\1") do
    answers[n] = answer:gsub("\n$", "")
    n = n + 1
  end
  return answers, run.code
end
