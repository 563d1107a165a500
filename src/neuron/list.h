/* The models of neurons: NEURON(name) is the descriptor snn_neuron_<name>, at
   the end of src/neuron/<name>.c. */
NEURON(lif)
NEURON(alif)
NEURON(exact)
