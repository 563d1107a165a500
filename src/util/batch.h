/* How values of the samples of a batch become one. */
#ifndef SNN_UTIL_BATCH_H
#define SNN_UTIL_BATCH_H

typedef enum snn_batch_reduction {
    SNN_BATCH_MEAN,
    SNN_BATCH_SUM,
    SNN_BATCH_MAX,
    SNN_BATCH_MIN,
    SNN_BATCH_NONE,    /* each sample keeps its own; where a model says so */
    SNN_BATCH_CALLBACK /* a function of the caller's */
} snn_batch_reduction;

/* The names, as the choices of a field; of one that takes "none". */
#define SNN_BATCH_CHOICES "mean sum max min"
#define SNN_BATCH_CHOICES_OR_NONE SNN_BATCH_CHOICES " none"

#endif
