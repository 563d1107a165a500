/* All connections: CONNECTION(name) stands for snn_connection_<name> in
   <name>.c. */
CONNECTION(linear_dense)
CONNECTION(linear_direct)
CONNECTION(linear_lateral)
CONNECTION(conv2d)
CONNECTION(linear_sparse)
