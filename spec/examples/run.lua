-- Runs an example in a folder of its own, which is gone afterwards; a warning
-- ends it.
local support = require "spec.support"

---@param name string of a script in examples/
---@param arguments? string for the shell
---@return { code: integer, out: string, err: string, files: string }
return function(name, arguments)
  local folder = os.tmpname()
  os.remove(folder)
  local here = assert(os.getenv("PWD"))
  local program = support.program:find("^/") and support.program or here .. "/" .. support.program
  local mark = "files:"
  local command = "mkdir %s && cd %s && %s -e 'snn.warnings \"error\"' %s %s; code=$?; echo; " ..
    "echo %s; ls; exit $code"
  local result = support.shell(command:format(folder, folder, support.quote(program),
    support.quote(here .. "/examples/" .. name .. ".lua"), arguments or "", mark))
  os.execute("rm -r " .. folder)
  local at, last = result.out:find("\n" .. mark .. "\n", 1, true)
  result.files = result.out:sub(last + 1)
  result.out = result.out:sub(1, at - 1)
  return result
end
