-- Accumulators, updaters, trainers, hooks on parameters, the classifier.
local snn = require "snn"
local check = require "spec.golden.check"
local value = require "spec.golden.value"

local function accumulator(case)
  local acc, param = snn.Accumulator(), value.tensor(case.param)
  if case.reduction then acc:reduction(case.reduction) end
  for _, b in ipairs(case.bounds or {}) do value.bound(acc, b) end
  check.steps(case.steps, function(s)
    if s.op == "clear" then acc:clear() end
    if value.is_tensor(s.pos) then acc.pos = value.tensor(s.pos) end
    if value.is_tensor(s.neg) then acc.neg = value.tensor(s.neg) end
    check.value("pos", acc.pos, s.expect.pos)
    check.value("neg", acc.neg, s.expect.neg)
    check.value("update", acc:update(param), s.expect.update)
    check.value("result", acc(param), s.expect.result)
  end)
end

-- ---- updaters ----

local UPDATER = {
  assign = function(c, s)
    local pos, neg = s.pos and value.tensor(s.pos), s.neg and value.tensor(s.neg)
    if pos and neg then
      c.updater[s.param] = { pos, neg }
    elseif pos then
      c.updater[s.param].pos = pos
    else
      c.updater[s.param].neg = neg
    end
  end,
  update = function(c, s) value.invoke(c, "update", value.args(s.kwargs)) end,
  updatesome = function(c, s) c:updatesome(table.unpack(s.params)) end,
  delete = function(c, s) c.updater[s.param]:clear() end,
  clear = function(c) c.updater:clear() end,
}

local function learner(spec, bounds)
  local c = value.connection(spec)
  c.updater = c:defaultupdater()
  for _, b in ipairs(bounds or {}) do value.bound(c.updater[b.param], b) end
  return c
end

local function updater(case)
  local c = learner(case.connection, case.bounds)
  check.value("names", table.concat(c.updater.names, " "), table.concat(case.names, " "))
  check.steps(case.steps, function(s)
    UPDATER[s.op](c, s)
    check.fields(c, s.expect or {})
  end)
end

-- ---- trainers ----

-- With the signal and the options of the step.
local function call(trainer, s)
  local signal = s.signal
  if value.is_tensor(signal) then signal = value.tensor(signal) end
  local options = (s.scale or s.target) and { scale = s.scale, target = s.target } or nil
  value.call(trainer, { signal }, options)
end

local function trainer(case)
  local c = learner(case.connection, case.bounds)
  local neuron = value.build(case.neuron.class, case.neuron.args)
  local layer = snn.Serial { connection = c, neuron = neuron }
  local t = value.build(case.trainer, case.args)
  t:register_cell("cell", layer.cell, value.args(case.register))
  check.steps(case.steps, function(s)
    if s.op then return t[s.op](t) end
    layer(value.tensor(s.pre), { neuron_kwargs = { override = value.tensor(s.post, "bool") } })
    call(t, s)
    if case.update_every == 1 or s.update == 1 then c:update() end
    check.value(case.trained, c[case.trained], s.expect[case.trained])
    for name, want in pairs(s.expect.monitors or {}) do
      check.value("monitor " .. name, t:get_monitor("cell", name):peek(), want)
    end
  end)
end

-- ---- the reproduction of Florian 2007 ----

local function florian_pair(class, a, more)
  local c = value.build("LinearDirect", {
    shape = { 1 }, step_time = a.step_time, synapse = { class = "DeltaCurrent", spike_charge = 1 },
  })
  c.weight = snn.full(1, a.w_init)
  c.updater = c:defaultupdater()
  local layer = snn.Serial {
    connection = c,
    neuron = snn.ExactNeuron { shape = 1, step_time = a.step_time, rest_v = -60, thresh_v = -40 },
  }
  local args = { tc_eligibility = more and a.tc_eligibility }
  for _, name in ipairs { "lr_post", "lr_pre", "tc_post", "tc_pre" } do args[name] = a[name] end
  local rule = snn[class](args)
  rule:register_cell("only", layer.cell)
  return { layer = layer, trainer = rule, is_modulated = class ~= "STDP" }
end

local function florian_step(pair, s)
  local post = snn.tensor { { s.post ~= 0 } }
  pair.layer(snn.tensor { { s.pre ~= 0 } }, { neuron_kwargs = { override = post } })
  if pair.is_modulated then pair.trainer(s.reward) else pair.trainer() end
  pair.layer:update()
end

local function florian(case)
  local sets = {
    stdp = florian_pair("STDP", case.args), mstdp = florian_pair("MSTDP", case.args),
    mstdpet = florian_pair("MSTDPET", case.args, true),
  }
  local function check_monitor(set, name, want)
    check.value(name, sets[set].trainer:get_monitor("only", name):peek(), want)
  end
  check.steps(case.steps, function(s)
    for name, pair in pairs(sets) do
      florian_step(pair, s)
      check.value("w_" .. name, pair.layer.connection.weight, s.expect["w_" .. name])
    end
    for _, side in ipairs { "pre", "post" } do
      check_monitor("mstdp", "trace_" .. side, s.expect["trace_" .. side])
      check_monitor("mstdpet", "elig_" .. side, s.expect["elig_" .. side])
    end
  end)
end

-- ---- hooks ----

local HOOK = {
  forward = function(_, m, _, s) return value.call(m, value.tensors(s.inputs)) end,
  register = function(h) h:register() end,
  deregister = function(h) h:deregister() end,
  set = function(_, _, c, s) c[s.attr] = value.tensor(s.value) end,
  train = function(_, m) m:train() end,
  eval = function(_, m) m:eval() end,
  call = function(h, _, _, s) value.call(h, {}, value.args(s.kwargs)) end,
}

local function hook(case)
  local c = value.connection(case.connection)
  local m = c
  if case.module ~= "connection" then
    m = snn.Serial { connection = c, neuron = value.build(case.neuron.class, case.neuron.args) }
  end
  local args = value.args(case.args)
  args.module = m
  local h = snn[case.class](args)
  check.steps(case.steps, function(s)
    local out, expect = HOOK[s.op](h, m, c, s), s.expect or {}
    if expect.out then check.value("out", out, expect.out) end
    check.fields(c, { weight = expect.weight, bias = expect.bias })
    if expect.registered then
      check.value("registered", h.registered, expect.registered == 1)
    end
  end)
end

-- ---- the classifier ----

-- Recorded classes count from 0.
local function classes(record)
  local data = {}
  for i, v in ipairs(record.data) do data[i] = v + 1 end
  return { shape = record.shape, data = data }
end

local function classifier(case)
  local c = value.build("MaxRateClassifier", case.args)
  check.steps(case.steps, function(s)
    local labels = value.is_tensor(s.labels) and value.tensor(s.labels, "int64", 1) or nil
    local expect = s.expect
    local predictions, logits = c(value.tensor(s.input), labels, value.args(s.kwargs))
    if expect.predictions then
      check.value("predictions", predictions, classes(expect.predictions), true)
    end
    if expect.logits then check.value("logits", logits, expect.logits) end
    check.value("rates", c.rates, expect.rates)
    check.value("proportions", c.proportions, expect.proportions)
    check.value("assignments", c.assignments, classes(expect.assignments), true)
    check.value("occurrences", c.occurrences, expect.occurrences, true)
  end)
end

return {
  Accumulator = accumulator, Updater = updater, trainer = trainer, florian = florian,
  hooks = hook, MaxRateClassifier = classifier,
}
