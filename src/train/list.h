/* All trainers: TRAINER(name) stands for snn_trainer_<name> in <name>.c. */
TRAINER(stdp)
