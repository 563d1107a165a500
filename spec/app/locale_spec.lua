-- Numbers have a decimal point whatever os.setlocale says: a script prints the
-- same in German as in C.
local support = require "spec.support"

local folder, german

-- A German locale: of the machine, else made here; nil where neither can be.
local function make_locale()
  folder = os.tmpname()
  os.remove(folder)
  os.execute("mkdir -p " .. folder)
  local made = support.shell(("localedef --no-archive -i de_DE -f UTF-8 %s/de_DE.UTF-8")
    :format(folder))
  if made.code == 0 then return "de_DE.UTF-8" end
  return support.shell("locale -a").out:match "de_DE[%w.@-]*"
end

setup(function() german = make_locale() end)
teardown(function() os.execute("rm -rf " .. folder) end)

local function run(locale)
  return support.snnlua("spec/app/locale.lua " .. (locale or ""), {
    env = { LUA_PATH = "./?.lua;;", LOCPATH = folder },
  })
end

-- There "I" has no lower case of one byte.
describe("choices in a Turkish locale", function()
  it("are read in any case", function()
    local made = support.shell(("localedef --no-archive -i tr_TR -f ISO-8859-9 %s/tr_TR")
      :format(folder))
    if made.code ~= 0 then return pending("no localedef to make a Turkish locale") end
    local result = support.run([[
      print(os.setlocale "tr_TR", ("I"):lower() == "i")
      local F, x = snn.functional, snn.tensor { 1, 2, 4 }
      print(F.quantile(x, 1, false, { q = 0.5, interpolation = "MIDPOINT" }):item())
      print(snn.zeros(1, { dtype = "INT64" }).dtype)
      local acc = snn.Accumulator()
      acc.pos = snn.ones(1)
      acc:upperbound("BOUND_UPPER_MULTIPLICATIVE", 3)
      print(acc:update(snn.ones(1)):item())
      snn.warnings "ERROR"
      print(snn.warnings())
    ]], { LOCPATH = folder })
    assert.equal("", result.err)
    assert.equal("tr_TR\tfalse\n2,0\nint64\n2,0\nerror\n", result.out)
  end)
end)

describe("a script in a German locale", function()
  it("prints the same texts, errors and files as in C", function()
    if not german then return pending("no German locale, and no localedef to make one") end
    local plain, there = run(), run(german)
    assert.equal("", plain.err .. there.err)
    assert.equal(plain.out, there.out)
    assert.truthy(plain.out:find("tensor([  0.5       ,   0.33333334, -65.25      ]", 1, true))
  end)

  it("joins numbers to errors with a point", function()
    if not german then return pending("no German locale, and no localedef to make one") end
    local result = support.run(([[
      os.setlocale "%s"
      print(snn.Error("ValueError", "x") .. 0.5)
    ]]):format(german), { LOCPATH = folder })
    assert.equal("", result.err)
    assert.truthy(result.out:find("ValueError: x0.5\n", 1, true))
  end)
end)
