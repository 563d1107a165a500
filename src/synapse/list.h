/* All synapses: SYNAPSE(name) stands for snn_synapse_<name> in <name>.c. */
SYNAPSE(delta_current)
SYNAPSE(delta_plus_current)
SYNAPSE(single_exponential_current)
SYNAPSE(double_exponential_current)
SYNAPSE(alpha_current)
SYNAPSE(tsodyks_markram)
