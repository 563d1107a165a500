std = "lua54"
max_line_length = 100
self = false -- a method need not use it
files["spec"].std = "+busted"
exclude_files = { "spec/golden" }
