-- snn.arguments: options of scripts.
local support = require "spec.support"
local snn = require "snn"

local ROWS <const> = {
  { "epochs", 10, "how often" }, { "rate", 1e-3, "learning rate" }, { "data", nil, "folder" },
  { "quick", false, "fewer" }, { "save", true, "leaves files alone" },
  { "batch-size", 20, "side by side" }, { "mode", "a", "which", choices = { "a", "b" } },
}

local function read(...)
  local options = { args = { ... } }
  for i, row in ipairs(ROWS) do options[i] = row end
  return snn.arguments(options)
end

-- A script with these rows, run with these words of the command line.
local function run(words)
  local path = support.file [[
    local o = snn.arguments { about = "Trains.", { "epochs", 10, "how often" },
      { "rate", 0.5, "of learning" }, { "data", nil, "a folder", value = "DIR" },
      { "quick", false, "fewer" }, { "mode", "a", "which", choices = { "a", "b" } } }
    print(o.epochs, o.rate, o.data, o.quick)]]
  local result = support.snnlua(path .. " " .. words)
  os.remove(path)
  result.path = path
  return result
end

describe("snn.arguments", function()
  it("gives the defaults", function()
    assert.same({ epochs = 10, rate = 1e-3, quick = false, save = true, batch_size = 20,
      mode = "a" }, read())
  end)

  it("reads values by the type of the default", function()
    local o = read("--epochs", "3", "--rate=2", "--data", "x y", "--batch-size", "7", "--mode", "b")
    assert.same({ 3, 2, "x y", 7, "b" }, { o.epochs, o.rate, o.data, o.batch_size, o.mode })
    assert.equal("integer", math.type(o.epochs))
  end)

  it("turns what is true or false over", function()
    local o = read("--quick", "--save")
    assert.same({ true, false }, { o.quick, o.save })
  end)

  it("takes an empty value that is joined", function()
    assert.equal("", read("--data=").data)
  end)

  it("reads the script's own words", function()
    assert.equal("3\t0.5\td\ttrue\n", run("--epochs 3 --quick --data d").out)
  end)

  it("takes none of the program's own words where there is no script", function()
    local result = support.snnlua("-i", { input = "print(snn.arguments { { 'n', 3, 'n' } }.n)\n" })
    assert.truthy(result.out:find("3\n", 1, true), result.err)
  end)

  it("prints the help and ends well", function()
    local result = run "--quick --help"
    assert.equal(0, result.code)
    assert.equal(("usage: snnlua %s [options]\n\nTrains.\n\noptions:\n"
      .. "  --epochs N   how often (10)\n  --rate N     of learning (0.5)\n"
      .. "  --data DIR   a folder\n  --quick      fewer\n  --mode WORD  which (a)\n"
      .. "  --help       show this list\n"):format(result.path), result.out)
  end)

  for words, message in pairs {
    ["--epoch 3"] = "'--epoch' is no option (did you mean '--epochs'?)",
    ["3"] = "'3' is no option",
    ["--epochs"] = "--epochs needs a whole number",
    ["--epochs 1.5"] = "--epochs needs a whole number, got '1.5'",
    ["--rate x"] = "--rate needs a number, got 'x'",
    ["--quick=1"] = "'--quick' takes no value",
    ["--mode c"] = "--mode: must be one of a, b, got 'c'",
  } do
    it("ends the script at " .. words, function()
      local result = run(words)
      assert.same({ 2, "" }, { result.code, result.out })
      assert.equal(("%s: %s\n`snnlua %s --help` lists the options\n"):format(result.path,
        message, result.path), result.err)
    end)
  end

  for text, options in pairs {
    ["row 1 must be { \"name\", default, \"what it means\" }"] = { "epochs" },
    ["the default of 'x' must be a number, string, boolean or nil, got table"] =
      { { "x", {}, "y" } },
    ["'x' needs a text that says what it means, got nil"] = { { "x", 1 } },
    ["'x' is there twice"] = { { "x", 1, "a" }, { "x", 2, "b" } },
    ["'x' has an unknown key 'vlaue' (did you mean 'value'?)"] = { { "x", 1, "y", vlaue = "N" } },
    ["'choices' of 'x' must be a list, got string"] = { { "x", 1, "y", choices = "a" } },
    ["'args' must be a list, got string"] = { args = "--x" },
    ["'help' is there twice"] = { { "help", 1, "a" } },
    ["unknown option 'abuot' (did you mean 'about'?)"] = { abuot = "x" },
  } do
    it("refuses a table of which " .. text, function()
      local _, err = pcall(snn.arguments, options)
      assert.truthy(tostring(err):find(text, 1, true), tostring(err))
    end)
  end
end)
