-- Each example says by --help what it shows and which options it takes.
local example = require "spec.examples.run"

describe("the example", function()
  for path in io.popen("ls examples/*.lua"):lines() do
    local name = path:match "([^/]+)%.lua$"

    it(name .. " takes --help", function()
      local run = example(name, "--help")
      assert.same({ 0, "", "" }, { run.code, run.err, run.files })
      assert.truthy(run.out:find "^usage: snnlua %S+ %[options%]\n\n%u[^\n]+%.\n\noptions:\n",
        run.out)
    end)

    it(name .. " refuses a word that is no option", function()
      local run = example(name, "--no-such-option")
      assert.same({ 2, "" }, { run.code, (run.out:gsub("\n$", "")) })
    end)
  end
end)
