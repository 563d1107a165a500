local support = require "spec.support"

describe("the prompt", function()
  ---What is printed behind the prompts, and on standard error.
  local function talk(...)
    local run = support.snnlua("-i", { input = table.concat({ ... }, "\n") .. "\n" })
    assert.equal(0, run.code)
    return run.out:gsub("^[^\n]*\n", ""):gsub("snn> ", ""):gsub("  %.%. ", ""), run.err
  end

  it("prints the values of an expression", function()
    assert.equal("2\ttwo\tnil\n", talk("1 + 1, 'two', nil"))
  end)

  it("prints nothing for a statement", function() assert.equal("", talk("x = 1")) end)

  it("takes a statement over several lines", function()
    assert.equal("1\n2\n", talk("for i = 1, 2 do", "print(i)", "end"))
  end)

  it("takes an expression over several lines", function()
    assert.equal("3\nab\n", talk("(1 +", "2)", "'a' ..", "'b'"))
  end)

  it("takes an empty line", function() assert.equal("1\n", talk("", "1")) end)

  it("prints tensors", function()
    local out = talk("snn.zeros(2)")
    assert.truthy(out:find("0"))
    assert.truthy(out:find("float32", 1, true))
  end)

  it("goes on after an error and tells its traceback", function()
    local out, err = talk("error('bad')", "1")
    assert.equal("1\n", out)
    assert.truthy(err:find("^stdin:1: bad\nstack traceback:\n"))
  end)

  it("goes on after a syntax error", function()
    local out, err = talk("x = = 1", "1")
    assert.equal("1\n", out)
    assert.equal("stdin:1: unexpected symbol near '='\n    x = = 1\n        ^\n", err)
  end)

  it("goes on after a value that cannot be printed", function()
    local out, err = talk(
      "setmetatable({}, { __tostring = function() error('no') end })", "1")
    assert.truthy(out:find("1\n$"))
    assert.truthy((out .. err):find("stdin:1: no", 1, true))
  end)

  it("tells of a statement that is not finished at the end of the input", function()
    local _, err = talk("for i = 1, 2 do")
    assert.truthy(err:find("'end' expected near <eof>", 1, true))
  end)
end)
