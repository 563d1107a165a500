-- What the engine's objects keep beside their states, for snn.save: the terms of
-- updates that wait.
local snn, _, tools = ...

-- What a function that checks raises for values that do not fit, as a text.
local function refusal(fn, ...)
  local ok, err = pcall(fn, ...)
  if ok then return nil end
  if type(err) ~= "table" or (err.kind ~= "ValueError" and err.kind ~= "TypeError") then
    error(err, 0)
  end
  return err.message
end

-- ------------------------------------------------------------- terms of updates

local function save_accumulator(accumulator)
  return tools.bounding(accumulator, tools.pending(accumulator))
end

-- Reductions and bounds are settings of the script's.
tools.saves(snn.Accumulator, {
  save = save_accumulator,
  arrange = function(accumulator, values, whose)
    if whose ~= "script" then tools.set_bounding(accumulator, values) end
  end,
  load = function(accumulator, values) tools.set_pending(accumulator, values, false) end,
  check = function(accumulator, values)
    return refusal(tools.set_pending, accumulator, values, true)
  end,
})

tools.saves(snn.Updater, {
  children = function(updater)
    local list = {}
    for i, name in ipairs(updater.names) do list[i] = { name, updater[name] } end
    return list
  end,
})

tools.saves(snn.Connection, {
  children = function(connection)
    local updater = connection.updater
    return updater and { { "updater", updater } } or {}
  end,
})

-- ------------------------------------------------------------- layers

-- Their time is counted in steps of one length; of neurons whose spikes connections take
-- (layer:connect) those are named that the last step did not run.
tools.saves(snn.Layer, {
  save = function(layer)
    local since, dt, steps, all = tools.layer_clock(layer)
    local values = { ["time.since"] = since, ["time.dt"] = dt, ["time.steps"] = steps,
      steps = all }
    for _, name in ipairs(tools.layer_idle(layer)) do values["idle." .. name] = true end
    return values
  end,
  load = function(layer, values)
    tools.set_layer_clock(layer, values["time.since"], values["time.dt"], values["time.steps"],
      values.steps)
    local idle = {}
    for name, value in next, values do idle[name:match "^idle%.(.*)" or ""] = value == true end
    tools.set_layer_idle(layer, idle)
  end,
})

-- ------------------------------------------------------------- reducers

-- A clear may keep the shape of what was observed, which no state tells then.
tools.saves(snn.Reducer, {
  save = function(reducer) return { kept_shape = tools.kept_shape(reducer) } end,
  load = function(reducer, values) tools.keep_shape(reducer, values.kept_shape) end,
})
