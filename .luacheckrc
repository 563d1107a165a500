std = "lua54"
self = false
max_line_length = 100
self = false -- a method need not use it
files["spec"].std = "+busted"
exclude_files = { "spec/golden/data" }
files["lua/snn/prompt"].ignore = { "211/_ENV" } -- which the globals of a file go through
