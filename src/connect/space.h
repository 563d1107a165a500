/* Connections by distance: neurons have positions in 1 to 3 dimensions, and a
   kernel says how likely a pair is whose neurons are so far apart. The outputs are
   in a tree of boxes (Bentley 1975), in which whole boxes are passed over by the
   most that the kernel can be there: so the time is that of the synapses, nearly,
   for every kernel that falls with distance. */
#ifndef SNN_CONNECT_SPACE_H
#define SNN_CONNECT_SPACE_H

#include "connect/rows.h"

enum { SNN_SPACE_DIMS = 3 };

typedef enum snn_space_kernel {
    SNN_SPACE_GAUSSIAN,    /* exp(-d^2 / (2 sigma^2)) */
    SNN_SPACE_EXPONENTIAL, /* exp(-d / sigma) */
    SNN_SPACE_DISC         /* 1 */
} snn_space_kernel;

typedef struct snn_space {
    int64_t inputs, outputs;
    int dims;
    const double *pre;  /* (inputs, dims) */
    const double *post; /* (outputs, dims) */
    double period[SNN_SPACE_DIMS]; /* after which a dimension begins again; 0: it
                                      does not */
    snn_space_kernel kernel;
    double sigma;
    double radius; /* none are farther apart; infinite: no limit */
    double p;      /* at distance 0 */
    bool no_self;
    snn_rng_key key;
} snn_space;

/* How far apart two neurons are. */
double snn_space_distance(const snn_space *space, int64_t input,
                          int64_t output);
/* How likely a pair is that is so far apart. */
double snn_space_chance(const snn_space *space, double distance);
/* How many synapses are to be expected, from some of the inputs where there are
   many pairs. */
double snn_space_expected(const snn_space *space);
snn_status snn_space_make(const snn_space *space, snn_fail *fail,
                          snn_pattern **out);

#endif
