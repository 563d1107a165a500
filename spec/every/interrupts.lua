-- Interrupts each operation on large tensors after some milliseconds of the processor
-- and tells which took long to end, or left something half done:
--   snnlua spec/every/interrupts.lua ELEMENTS LIMIT   (LIMIT: s of the processor)
-- A method of tensors that stands nowhere here fails the spec: give it a call.
local snn = require "snn"
local folder = require "spec.io.folder"

local N <const>, LIMIT <const> = tonumber(arg[1]), tonumber(arg[2])
local M <const> = math.floor(math.sqrt(N))
local AFTER <const> = 10 -- ms
local dir = folder.make()

-- What takes no time, or reads what others write.
local SHORT = {}
for name in ([[chunk expand expand_as flatten item narrow permute reshape select slice split squeeze
  transpose unsqueeze
  view size]]):gmatch "%S+" do SHORT[name] = true end

-- Element operations that are annotated one by one.
local ELEMENTS = {}
for name in ([[floor_divide expm1 log1p erf erfc lgamma log_ndtr round logical_not isnan isinf
  isfinite add_ mul_]]):gmatch "%S+" do ELEMENTS[name] = true end

local function operands()
  local a = snn.rand(M, M)
  local list = {}
  for i = 1, 100000 do list[i] = i end
  return {
    a = a, b = snn.rand(M, M), p = snn.rand(M * M), v = snn.rand(M),
    mask = a:lt(0.5), whole = snn.randint(1, 100, M, M, { dtype = "int64" }),
    at = snn.randint(1, M * M, M * M, { dtype = "int64" }), M = M, N = M * M,
    few = snn.rand(2, 2), list = { list, list, list, list, list, list, list, list, list, list },
    spikes = snn.arange(2000), path = dir .. "/x",
  }
end

-- By method; "name 2": another call of it. `t` is a copy that the call may change.
local calls = {
  all = "(mask | ~mask):all(1)", any = "(mask & ~mask):any(2)", allclose = "a:allclose(a)",
  amax = "a:amax(1)", amin = "a:amin(2)", argmax = "a:argmax(1)", argmin = "a:argmin(2)",
  bincount = "at:bincount()", bitwise_and = "whole:bitwise_and(whole)",
  bitwise_or = "whole:bitwise_or(whole)", bitwise_xor = "whole:bitwise_xor(whole)",
  bitwise_not = "whole:bitwise_not()", clamp = "a:clamp(0.1, 0.2)",
  clamp_ = "t:clamp_(0.1, 0.2)", contiguous = "a:transpose(1, 2):contiguous()",
  copy_ = "t:copy_(b)", cumsum = "p:cumsum(1)", ["cumsum 2"] = "a:cumsum(1)",
  ["cumsum 3"] = "a:cumsum(2)", diag = "p:narrow(1, 1, M):diag()", diff = "a:diff(1)",
  dot = "p:dot(p)", equal = "a:equal(b + 1 - 1)", fill_ = "t:fill_(2)",
  uniform_ = "t:uniform_(0, 1)", normal_ = "t:normal_(0, 1)", flip = "a:flip(1, 2)",
  gammaincc = "a:gammaincc(b)", gather = "p:gather(1, at)",
  index_select = "p:index_select(1, at)", log_gammaincc = "a:log_gammaincc(b)",
  log_poisson = "a:log_poisson(b)", masked_fill = "a:masked_fill(mask, 1)",
  masked_select = "a:masked_select(mask)", matmul = "a:matmul(b)",
  ["matmul 2"] = "whole:matmul(whole)", max = "a:max(1)", mean = "a:mean(1)",
  median = "p:median()", ["median 2"] = "a:median(1)", min = "a:min(2)", mv = "a:mv(v)",
  nonzero = "mask:nonzero()", ["nonzero 2"] = "p:nonzero()", norm = "a:norm()",
  outer = "v:outer(v)", prod = "a:prod(2)", quantile = "p:quantile(0.3)",
  ["quantile 2"] = "a:quantile(0.3, 1)", roll = "a:roll(3, 1)",
  scatter_add_ = "t:view(N):scatter_add_(1, at, p)", sort = "p:sort(1)",
  ["sort 2"] = "a:sort(1)", std = "a:std(1)", sum = "a:sum()", to = "a:to 'float64'",
  ["to 2"] = "a:to 'bool'", topk = "p:topk(N // 2)", totable = "a:totable()", tril = "a:tril()",
  tril_ = "t:tril_()", triu = "a:triu()", triu_ = "t:triu_()", unique = "p:unique()",
  ["unique 2"] = "at:unique()", var = "a:var(2)", where = "mask:where(a, b)",
  zero_ = "t:zero_()", clone = "a:clone()",
  -- functions and operators
  ["[mask]"] = "a[mask]", ["[index]"] = "p[at]", ["[mask] ="] = "function() t[mask] = 1 end",
  ["[index] ="] = "function() t:view(N)[at] = p end", ["[1] ="] = "function() t[1] = 3 end",
  ["a + v"] = "a + v", ["a // b"] = "a // b", tostring = "tostring(a)",
  ["snn.cat"] = "snn.cat({ a, b }, 2)", ["snn.stack"] = "snn.stack({ a, b }, 3)",
  ["snn.zeros"] = "snn.zeros(N)", ["snn.full"] = "snn.full({ N }, 2)",
  ["snn.eye"] = "snn.eye(M)", ["snn.arange"] = "snn.arange(N)",
  ["snn.linspace"] = "snn.linspace(0, 1, N)", ["snn.rand"] = "snn.rand(N)",
  ["snn.randn"] = "snn.randn(N)", ["snn.normal"] = "snn.normal(0, 1, N)",
  ["snn.uniform"] = "snn.uniform(0, 1, N)", ["snn.randint"] = "snn.randint(1, 5, N)",
  ["snn.randperm"] = "snn.randperm(N)", ["snn.bernoulli"] = "snn.bernoulli(a)",
  ["snn.poisson"] = "snn.poisson(a)", ["snn.poisson 2"] = "snn.poisson(a * 100)",
  ["snn.normalize"] = "snn.normalize(a, 1)", ["snn.rescale"] = "snn.rescale(a, 0, 1)",
  ["snn.victor_purpura"] = "snn.victor_purpura_pair_dist(spikes, spikes, 1)",
  ["snn.tensor"] = "snn.tensor(list)", ["snn.copy"] = "snn.copy(a):add_(1)",
  ["save_npy"] = "snn.save_npy(path, a)",
  ["save_safetensors"] = "snn.save_safetensors(path, { a = a })",
  ["snn.save"] = "snn.save(path, { a = a })", ["glyphs"] = "snn.data.glyphs { n = 20000 }",
}

local given = operands()

-- The element operations are in one list, which `make meta` writes to the annotations.
local function find_missing()
  local missing = {}
  for _, part in ipairs { "tensor", "reduce", "elementwise" } do
    local file = "lua/meta/" .. part .. ".lua"
    local text = assert(io.open(file)):read "a"
    for name, rest in text:gmatch "\nfunction snn%.Tensor:([%w_]+)%(([^)]*)%)" do
      if not calls[name] and not SHORT[name] then
        if file:find "elementwise" or ELEMENTS[name] then
          local arguments = rest ~= "" and "(b)" or "()"
          calls[name] = (name:sub(-1) == "_" and "t:" or "a:") .. name .. arguments
          local place = name .. "_"
          local works = pcall(function() return given.few:clone()[place](given.few:clone(),
            rest ~= "" and given.few or nil) end)
          if works then calls[place] = "t:" .. place .. arguments end
        else
          missing[#missing + 1] = name
        end
      end
    end
  end
  return missing
end

-- Runs the call and interrupts it; how long that took and what it was, or nil.
local function interrupt(call)
  local start = os.clock()
  snn._debug.interrupt_after(AFTER)
  local ended
  local _, err = pcall(function()
    call()
    ended = true
    while true do end
  end)
  local over = os.clock() - start - AFTER / 1000
  snn._debug.interrupt_after(0)
  return over, type(err) == "table" and err.kind, err, ended
end

local function check(name, source)
  local t = source:find "%f[%w]t[:%[]" and given.a:clone() or nil
  local env = setmetatable({ t = t, snn = snn, tostring = tostring }, { __index = given })
  local call = assert(load("return " .. source, name, "t", env))
  if source:find "^function" then call = call() end
  local over, kind, err, ended = interrupt(call)
  if kind ~= "Interrupt" then return print(name .. ": " .. tostring(err)) end
  if over > LIMIT then print(("%s: ended after %.3f s"):format(name, over)) end
  if t and not ended and not t:equal(given.a) then
    local new = given.a:clone()
    env.t = new
    call()
    if not new:equal(t) then print(name .. ": half done") end
  end
end

snn.set_num_threads(1)
for _, name in ipairs(find_missing()) do
  print(name .. ": give it a call in spec/every/interrupts.lua")
end
local names = {}
for name in pairs(calls) do names[#names + 1] = name end
table.sort(names)
local only = arg[3]
for _, name in ipairs(names) do
  if not only or only == name then check(name, calls[name]) end
end
folder.remove(dir)
print(#names > 140 and "interrupted" or "too few")
