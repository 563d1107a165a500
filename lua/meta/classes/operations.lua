---@meta
-- Annotations of classes, their arguments, states and other fields, for editors
-- (LuaCATS). `make meta` writes this file from the classes themselves.
-- luacheck: ignore

---@return snn.Tensor
function snn.Tensor:neg() end
---@return snn.Tensor
function snn.Tensor:abs() end
---@return snn.Tensor
function snn.Tensor:sign() end
---@return snn.Tensor
function snn.Tensor:floor() end
---@return snn.Tensor
function snn.Tensor:ceil() end
---@return snn.Tensor
function snn.Tensor:sqrt() end
---@return snn.Tensor
function snn.Tensor:exp() end
---@return snn.Tensor
function snn.Tensor:log() end
---@return snn.Tensor
function snn.Tensor:tanh() end
---@return snn.Tensor
function snn.Tensor:sigmoid() end
---@return snn.Tensor
function snn.Tensor:sin() end
---@return snn.Tensor
function snn.Tensor:cos() end
---@return snn.Tensor
function snn.Tensor:tan() end
---@return snn.Tensor
function snn.Tensor:asin() end
---@return snn.Tensor
function snn.Tensor:acos() end
---@return snn.Tensor
function snn.Tensor:atan() end
---@return snn.Tensor
function snn.Tensor:bitwise_not() end
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:add(other) end
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:sub(other) end
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:mul(other) end
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:div(other) end
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:mod(other) end
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:pow(other) end
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:minimum(other) end
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:maximum(other) end
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:bitwise_or(other) end
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:bitwise_xor(other) end
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:eq(other) end
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:ne(other) end
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:lt(other) end
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:le(other) end
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:gt(other) end
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:ge(other) end
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:logical_and(other) end
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:logical_or(other) end
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:logical_xor(other) end
