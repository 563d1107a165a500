/* What opens the module: each entry is a function snn_open_<name>(L) that adds
   its part to the table `snn` on top of the stack. In this order. */
OPEN(raise)
OPEN(args)
OPEN(tensor)
OPEN(tensor_reduce)
OPEN(tools)
OPEN(data)
OPEN(object)
OPEN(module)
OPEN(picture)
