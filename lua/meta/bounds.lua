---@meta
-- Annotations of the bounds of snn.functional, for editors (LuaCATS) and for help. They are
-- written in C (src/bind/learning/bound.c) by the laws of src/update/list.h.
-- luacheck: ignore

-- ---- one side: u' of the size u of an update, 0 where that is 0 ----

--- Scales updates that raise a parameter with a power of its room below an upper limit, so that
--- they fade as it is reached.
---
---     u' = (limit - param)^power u
---
--- Beyond the limit an odd power turns it round, an even one does not, and of one that is no
--- whole number nothing is left. Shapes broadcast. An updater applies it by name:
--- snn.Accumulator:upperbound.
---
--- Source: Guetig, Aharonov, Rotter, Sompolinsky (2003), J Neurosci 23
--- ```lua
--- local weight, update = snn.tensor { 0, 0.5, 1 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_upper_power(weight, update, 1, { power = 2 }))
--- ```
---@param param snn.Tensor values of the parameter
---@param update snn.Tensor u, by how much each would be raised
---@param limit number|snn.Tensor finite
---@param options { power: number } exponent of the room
---@return snn.Tensor bounded u'
function snn.functional.bound_upper_power(param, update, limit, options) end

--- Scales updates that lower a parameter with a power of its room above a lower limit, so that
--- they fade as it is reached.
---
---     u' = (param - limit)^power u
---
--- Beyond the limit an odd power turns it round, an even one does not, and of one that is no
--- whole number nothing is left. Shapes broadcast. An updater applies it by name:
--- snn.Accumulator:lowerbound.
---
--- Source: Guetig, Aharonov, Rotter, Sompolinsky (2003), J Neurosci 23
--- ```lua
--- local weight, update = snn.tensor { 0, 0.5, 1 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_lower_power(weight, update, 0, { power = 2 }))
--- ```
---@param param snn.Tensor values of the parameter
---@param update snn.Tensor u, by how much each would be lowered
---@param limit number|snn.Tensor finite
---@param options { power: number } exponent of the room
---@return snn.Tensor bounded u'
function snn.functional.bound_lower_power(param, update, limit, options) end

--- Scales updates that raise a parameter with a power of its room below an upper limit, which
--- is counted in ranges: u' is u at a distance of one range, whatever the power.
---
---     u' = ((limit - param) / range)^power u
---
--- Beyond the limit an odd power turns it round, an even one does not, and of one that is no
--- whole number nothing is left. Shapes broadcast. An updater applies it by name:
--- snn.Accumulator:upperbound.
---
--- Source: Guetig, Aharonov, Rotter, Sompolinsky (2003), J Neurosci 23
--- ```lua
--- local weight, update = snn.tensor { 0, 1, 2 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_upper_scaled_power(weight, update, 2, { power = 2, range = 2 }))
--- ```
---@param param snn.Tensor values of the parameter
---@param update snn.Tensor u, by how much each would be raised
---@param limit number|snn.Tensor finite
---@param options { power: number, range: number } exponent of the room; distance of the
---  limits, > 0
---@return snn.Tensor bounded u'
function snn.functional.bound_upper_scaled_power(param, update, limit, options) end

--- Scales updates that lower a parameter with a power of its room above a lower limit, which is
--- counted in ranges: u' is u at a distance of one range, whatever the power.
---
---     u' = ((param - limit) / range)^power u
---
--- Beyond the limit an odd power turns it round, an even one does not, and of one that is no
--- whole number nothing is left. Shapes broadcast. An updater applies it by name:
--- snn.Accumulator:lowerbound.
---
--- Source: Guetig, Aharonov, Rotter, Sompolinsky (2003), J Neurosci 23
--- ```lua
--- local weight, update = snn.tensor { 0, 1, 2 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_lower_scaled_power(weight, update, 0, { power = 2, range = 2 }))
--- ```
---@param param snn.Tensor values of the parameter
---@param update snn.Tensor u, by how much each would be lowered
---@param limit number|snn.Tensor finite
---@param options { power: number, range: number } exponent of the room; distance of the
---  limits, > 0
---@return snn.Tensor bounded u'
function snn.functional.bound_lower_scaled_power(param, update, limit, options) end

--- Scales updates that raise a parameter with its room below an upper limit: a soft bound.
---
---     u' = (limit - param) u
---
--- Beyond the limit it turns the update round, which brings the parameter back. Shapes
--- broadcast. An updater applies it by name: snn.Accumulator:upperbound.
---
--- Source: van Rossum, Bi, Turrigiano (2000), J Neurosci 20
--- ```lua
--- local weight, update = snn.tensor { 0, 0.5, 1 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_upper_multiplicative(weight, update, 1))
--- ```
---@param param snn.Tensor values of the parameter
---@param update snn.Tensor u, by how much each would be raised
---@param limit number|snn.Tensor finite
---@return snn.Tensor bounded u'
function snn.functional.bound_upper_multiplicative(param, update, limit) end

--- Scales updates that lower a parameter with its room above a lower limit: a soft bound.
---
---     u' = (param - limit) u
---
--- Beyond the limit it turns the update round, which brings the parameter back. Shapes
--- broadcast. An updater applies it by name: snn.Accumulator:lowerbound.
---
--- Source: van Rossum, Bi, Turrigiano (2000), J Neurosci 20
--- ```lua
--- local weight, update = snn.tensor { 0, 0.5, 1 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_lower_multiplicative(weight, update, 0))
--- ```
---@param param snn.Tensor values of the parameter
---@param update snn.Tensor u, by how much each would be lowered
---@param limit number|snn.Tensor finite
---@return snn.Tensor bounded u'
function snn.functional.bound_lower_multiplicative(param, update, limit) end

--- Scales updates that raise a parameter with its room below an upper limit as a part of the
--- range: a soft bound that does not depend on the parameter's unit.
---
---     u' = (limit - param) / range u
---
--- Beyond the limit it turns the update round, which brings the parameter back. Shapes
--- broadcast. An updater applies it by name: snn.Accumulator:upperbound.
---
--- Source: van Rossum, Bi, Turrigiano (2000), J Neurosci 20
--- ```lua
--- local weight, update = snn.tensor { 0, 1, 2 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_upper_scaled_multiplicative(weight, update, 2, { range = 2 }))
--- ```
---@param param snn.Tensor values of the parameter
---@param update snn.Tensor u, by how much each would be raised
---@param limit number|snn.Tensor finite
---@param options { range: number } distance of the upper limit from the lower one, > 0
---@return snn.Tensor bounded u'
function snn.functional.bound_upper_scaled_multiplicative(param, update, limit, options) end

--- Scales updates that lower a parameter with its room above a lower limit as a part of the
--- range: a soft bound that does not depend on the parameter's unit.
---
---     u' = (param - limit) / range u
---
--- Beyond the limit it turns the update round, which brings the parameter back. Shapes
--- broadcast. An updater applies it by name: snn.Accumulator:lowerbound.
---
--- Source: van Rossum, Bi, Turrigiano (2000), J Neurosci 20
--- ```lua
--- local weight, update = snn.tensor { 0, 1, 2 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_lower_scaled_multiplicative(weight, update, 0, { range = 2 }))
--- ```
---@param param snn.Tensor values of the parameter
---@param update snn.Tensor u, by how much each would be lowered
---@param limit number|snn.Tensor finite
---@param options { range: number } distance of the upper limit from the lower one, > 0
---@return snn.Tensor bounded u'
function snn.functional.bound_lower_scaled_multiplicative(param, update, limit, options) end

--- Drops updates that raise a parameter at and beyond an upper limit, and leaves the others as
--- they are: a hard bound.
---
---     u' = u where param < limit, else 0
---
--- One step may still lead beyond the limit. Shapes broadcast. An updater applies it by name:
--- snn.Accumulator:upperbound.
---
--- Source: Song, Miller, Abbott (2000), Nat Neurosci 3
--- ```lua
--- local weight, update = snn.tensor { 0, 0.5, 1 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_upper_sharp(weight, update, 1))
--- ```
---@param param snn.Tensor values of the parameter
---@param update snn.Tensor u, by how much each would be raised
---@param limit number|snn.Tensor a number, may be infinite
---@return snn.Tensor bounded u'
function snn.functional.bound_upper_sharp(param, update, limit) end

--- Drops updates that lower a parameter at and beyond a lower limit, and leaves the others as
--- they are: a hard bound.
---
---     u' = u where param > limit, else 0
---
--- One step may still lead beyond the limit. Shapes broadcast. An updater applies it by name:
--- snn.Accumulator:lowerbound.
---
--- Source: Song, Miller, Abbott (2000), Nat Neurosci 3
--- ```lua
--- local weight, update = snn.tensor { 0, 0.5, 1 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_lower_sharp(weight, update, 0))
--- ```
---@param param snn.Tensor values of the parameter
---@param update snn.Tensor u, by how much each would be lowered
---@param limit number|snn.Tensor a number, may be infinite
---@return snn.Tensor bounded u'
function snn.functional.bound_lower_sharp(param, update, limit) end

-- ---- both sides: what is added to the parameter ----

--- The change of a parameter between two limits, where what raises it and what lowers it fade
--- with powers of the rooms that are left.
---
---     change = (max - param)^upper_power pos - (param - min)^lower_power neg
---
--- A limit that is nil leaves its side unbounded. Shapes broadcast. An updater applies it by
--- name: snn.Accumulator:fullbound.
---
--- Source: Guetig, Aharonov, Rotter, Sompolinsky (2003), J Neurosci 23
--- ```lua
--- local weight, size = snn.tensor { 0, 0.5, 1 }, snn.full({ 3 }, 0.1)
--- local options = { upper_power = 2, lower_power = 1 }
--- print(snn.functional.bound_power(weight, size, size, 1, 0, options))
--- ```
---@param param snn.Tensor values of the parameter
---@param pos snn.Tensor by how much each would be raised
---@param neg snn.Tensor by how much each would be lowered
---@param max? number|snn.Tensor the upper limit, finite
---@param min? number|snn.Tensor the lower limit, finite
---@param options { upper_power: number, lower_power: number } exponents of the two rooms
---@return snn.Tensor change
function snn.functional.bound_power(param, pos, neg, max, min, options) end

--- The change of a parameter between two limits, where what raises it and what lowers it fade
--- with powers of the rooms that are left, as parts of max - min.
---
---     change = ((max - param) / (max - min))^upper_power pos
---              - ((param - min) / (max - min))^lower_power neg
---
--- Two limits of nil bound nothing. ValueError: one limit alone is nil, or max is not greater
--- than min. Shapes broadcast. An updater applies it by name: snn.Accumulator:fullbound.
---
--- Source: Guetig, Aharonov, Rotter, Sompolinsky (2003), J Neurosci 23
--- ```lua
--- local weight, size = snn.tensor { 0, 1, 2 }, snn.full({ 3 }, 0.1)
--- local options = { upper_power = 2, lower_power = 1 }
--- print(snn.functional.bound_scaled_power(weight, size, size, 2, 0, options))
--- ```
---@param param snn.Tensor values of the parameter
---@param pos snn.Tensor by how much each would be raised
---@param neg snn.Tensor by how much each would be lowered
---@param max? number|snn.Tensor the upper limit, finite
---@param min? number|snn.Tensor the lower limit, finite
---@param options { upper_power: number, lower_power: number } exponents of the two parts
---@return snn.Tensor change
function snn.functional.bound_scaled_power(param, pos, neg, max, min, options) end

--- The change of a parameter between two soft limits: what raises it is scaled with its room
--- below max, what lowers it with that above min.
---
---     change = (max - param) pos - (param - min) neg
---
--- A limit that is nil leaves its side as it is. Shapes broadcast. An updater applies it by
--- name: snn.Accumulator:fullbound.
---
--- Source: van Rossum, Bi, Turrigiano (2000), J Neurosci 20
--- ```lua
--- local weight, size = snn.tensor { 0, 0.5, 1 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_multiplicative(weight, size, size, 1, 0))
--- ```
---@param param snn.Tensor values of the parameter
---@param pos snn.Tensor by how much each would be raised
---@param neg snn.Tensor by how much each would be lowered
---@param max? number|snn.Tensor the upper limit, finite
---@param min? number|snn.Tensor the lower limit, finite
---@return snn.Tensor change
function snn.functional.bound_multiplicative(param, pos, neg, max, min) end

--- The change of a parameter between two soft limits, where rooms are parts of max - min, so
--- that learning rates do not depend on the parameter's unit.
---
---     change = ((max - param) pos - (param - min) neg) / (max - min)
---
--- Two limits of nil bound nothing. ValueError: one limit alone is nil, or max is not greater
--- than min. Shapes broadcast. An updater applies it by name: snn.Accumulator:fullbound.
---
--- Source: van Rossum, Bi, Turrigiano (2000), J Neurosci 20
--- ```lua
--- local weight, size = snn.tensor { 0, 1, 2 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_scaled_multiplicative(weight, size, size, 2, 0))
--- ```
---@param param snn.Tensor values of the parameter
---@param pos snn.Tensor by how much each would be raised
---@param neg snn.Tensor by how much each would be lowered
---@param max? number|snn.Tensor the upper limit, finite
---@param min? number|snn.Tensor the lower limit, finite
---@return snn.Tensor change
function snn.functional.bound_scaled_multiplicative(param, pos, neg, max, min) end

--- The change of a parameter between two hard limits: nothing raises it from max on, nothing
--- lowers it from min on.
---
---     change = (pos where param < max, else 0) - (neg where param > min, else 0)
---
--- A limit may be infinite; one that is nil is none. Shapes broadcast. An updater applies it by
--- name: snn.Accumulator:fullbound.
---
--- Source: Song, Miller, Abbott (2000), Nat Neurosci 3
--- ```lua
--- local weight, size = snn.tensor { 0, 0.5, 1 }, snn.full({ 3 }, 0.1)
--- print(snn.functional.bound_sharp(weight, size, size, 1, 0))
--- ```
---@param param snn.Tensor values of the parameter
---@param pos snn.Tensor by how much each would be raised
---@param neg snn.Tensor by how much each would be lowered
---@param max? number|snn.Tensor the upper limit, may be infinite
---@param min? number|snn.Tensor the lower limit, may be infinite
---@return snn.Tensor change
function snn.functional.bound_sharp(param, pos, neg, max, min) end
