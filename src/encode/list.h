/* The encoders: each entry is the name of a file here, whose descriptor is
   snn_<name>_encoder. */
ENCODER(homogeneous_poisson)
