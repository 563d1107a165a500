/* The models of neurons: NEURON(name) is the descriptor snn_neuron_<name>, at
   the end of src/neuron/<name>.c. */
NEURON(lif)
NEURON(alif)
NEURON(glif1)
NEURON(glif2)
NEURON(qif)
NEURON(izhikevich)
NEURON(eif)
NEURON(adex)
NEURON(exact)
NEURON(hodgkin_huxley)
