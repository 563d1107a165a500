-- What a row says of its state is so: type and shape of the tensor that it reads.
local snn = require "snn"
local live = require "spec.every.live"

local KNOWN = { real = true, bool = "bool", int64 = "int64", float64 = "float64", any = true }

-- The shape that `of` means for an object; nil where it is not known from outside.
local function shape_of(object, of)
  if of == "neuron" or of == "input" then return object.batchedshape end
  if of == "weight" or of == "delay" then return object.weight.shape end
  if of == "history" then
    local steps = object.spike_.shape[1]
    return { steps, object.batchsz, object.count }
  end
  if of == "classes" or of == "shape" then
    local shape = object.shape
    if of == "classes" then shape[#shape + 1] = object.num_classes end
    return shape
  end
  if of == "class" then return { object.num_classes } end
  if of == "one" then return {} end
end

for _, family in ipairs(live.families) do
  for _, name in ipairs(live.classes(family)) do
    for _, row in ipairs(rawget(snn[name], "state") or {}) do
      it(("%s.%s is of %s, %s"):format(name, row.name, row.of, row.type), function()
        local object = family.make(snn[name], {})
        local mode = snn.warnings(false)
        family.drive(object)
        snn.warnings(mode)
        local value = object[row.name]
        if value == nil then return end
        local dtype = KNOWN[row.type]
        if dtype == true then dtype = value.dtype end
        assert.equal(dtype, value.dtype)
        if row.type == "real" then assert.truthy(value.dtype:find "^float") end
        local shape = shape_of(object, row.of)
        if shape then assert.same(shape, value.shape) end
      end)
    end
  end
end
