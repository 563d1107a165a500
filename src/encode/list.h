/* All encoders: ENCODER(name) stands for snn_encoder_<name> in <name>.c. */
ENCODER(homogeneous_poisson)
ENCODER(homogeneous_poisson_approx)
ENCODER(poisson_interval)
ENCODER(latency)
ENCODER(rank_order)
ENCODER(direct)
