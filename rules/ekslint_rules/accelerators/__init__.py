"""GPUs, Neuron devices and fast networks."""
