local snn = require "snn"

local Double = snn.class("Double", snn.Module)
function Double:init() snn.Module.init(self) end
function Double:forward(x) return x + x end

local Pair = snn.class("Pair", snn.Module)
function Pair:init()
  snn.Module.init(self)
  self.first, self.second = Double(), Double()
end
function Pair:forward(x) return self.second(self.first(x)) end

return {
  prepare = function() return { pair = Pair(), x = snn.ones(2) } end,
  run = function(o)
    local handle = o.pair:register_forward_hook(function(_, _, out) return out end)
    o.pair(o.x)
    handle:remove()
    o.pair:train(false)
    o.pair:apply(function() end)
    for _ in o.pair:named_modules() do end
    o.pair:load_state_dict(o.pair:state_dict())
    Pair()
  end,
  check = function(o) assert(o.pair(o.x):sum():item() == 8) end,
}
