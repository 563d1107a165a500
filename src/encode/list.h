/* All encoders: ENCODER(name) stands for snn_encoder_<name> in <name>.c. */
ENCODER(homogeneous_poisson)
