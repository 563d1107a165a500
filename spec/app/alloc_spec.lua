-- The program's allocator of small objects: blocks of all sizes keep what was
-- written to them while they grow, shrink and make room for each other.
local support = require "spec.support"

-- Strings and tables of every small size and some large ones, made and dropped
-- in an order of their own; prints how many lost what they held.
local CHURN = [[
  local held, lost, seed = {}, 0, 7
  local function next_number(n) seed = (seed * 1103515245 + 12345) % 2^31; return seed // 7 % n end
  local function check(entry)
    if not entry then return end
    local list = entry.list
    for i = 1, #list do if list[i] ~= entry.key * i then lost = lost + 1 end end
    if entry.text ~= string.rep(entry.letter, entry.size) then lost = lost + 1 end
  end
  for turn = 1, 60000 do
    local at, size = next_number(500), next_number(next_number(40) == 0 and 5000 or 700)
    check(held[at])
    local letter = string.char(97 + turn % 26)
    local entry = { key = turn, size = size, letter = letter, text = letter:rep(size), list = {} }
    for i = 1, size // 8 do entry.list[i] = turn * i end
    for i = #entry.list, size // 16, -1 do entry.list[i] = nil end
    held[at] = entry
  end
  for _, entry in pairs(held) do check(entry) end
  print(lost)
]]

describe("the program's memory", function()
  for _, mode in ipairs { "generational", "incremental" } do
    it("keeps what is in it, " .. mode, function()
      local file = support.file(("collectgarbage '%s'\n%s"):format(mode, CHURN))
      local result = support.snnlua(file)
      os.remove(file)
      assert.same({ 0, "0\n", "" }, { result.code, result.out, result.err })
    end)
  end

  -- Under a limit of addresses, in KiB; a sanitised program needs terabytes of
  -- them for itself.
  local function limited(kib, script)
    local file = support.file(script)
    local result = support.shell(("ulimit -v %d; %s %s"):format(kib,
      support.quote(support.program), file))
    os.remove(file)
    return { result.code, result.out, result.err }
  end

  it("leaves most of the addresses where they are limited", function()
    if not support.cpath then return end
    assert.same({ 0, "150000000\n", "" }, limited(4600000, "print(snn.zeros(150000000).shape[1])"))
  end)

  it("goes to the system's when its own range is full", function()
    if not support.cpath then return end
    assert.same({ 0, "80000200000\n", "" }, limited(400000, [[
      local list, sum = {}, 0
      for i = 1, 400000 do list[i] = { i } end -- 40 MB and more, of 50
      for i = 1, 400000, 2 do list[i].more = { i, i } end
      for i = 1, 400000 do sum = sum + list[i][1] end
      print(sum)]]))
  end)

  it("is an error when there is none left, and the script goes on", function()
    if not support.cpath then return end
    assert.same({ 0, "false\tnot enough memory\n9\n", "" }, limited(400000, [[
      print(pcall(function()
        local list = {}
        for i = 1, math.huge do list[i] = { i } end
      end))
      print(#("x"):rep(9))]]))
  end)
end)
