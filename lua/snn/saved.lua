-- What objects keep beside their states (tensor/state.h), told by their classes for
-- snn.save: the place of a loader in its set, the terms of an updater, what a monitor
-- has counted.
local _, _, tools = ...

--- How the objects of a class are saved. Every class above theirs has its part too.
---@class snn.Saved
---@field save? fun(object): table<string, snn.Tensor|number|boolean|string> flat
---@field load? fun(object, values: table) puts them in place, checked; what was saved
---  as nil is nil. ValueError: what does not fit
---@field arrange? fun(object, values: table, whose?: "file"|"script") as load, before
---  states are put back: what these depend on, arguments that no class names
---@field keep? fun(object, list: table) adds to the list of tools.atomic what `load`
---  changes besides the object, its fields and its links
---@field children? fun(object): table list of { name, object } beside its modules
---@field apart? string[] arguments and fields that are not compared and saved as others
---  are: `save` has them, or they are the script's
---@field check? fun(object, values: table): string? what does not fit, before any
---  object is changed

local saved_by = {} -- class -> snn.Saved

---@param class table of the library, or the metatable of objects that are no modules
---@param how snn.Saved
function tools.saves(class, how) saved_by[class] = how end

tools.saved_by = saved_by
