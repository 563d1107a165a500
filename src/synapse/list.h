/* All synapses: SYNAPSE(name) stands for snn_synapse_<name> in <name>.c. */
SYNAPSE(delta_current)
