/* Elements chosen by places that scripts count: from 1 on, or from -1 back. */
#ifndef SNN_KERNEL_PICK_H
#define SNN_KERNEL_PICK_H

#include <stdint.h>

/* to[j] = from[j * step + place(index[j]) * stride] for j < n, where place of
   1 .. size is 0 .. size - 1, of -size .. -1 too. */
typedef struct snn_pick {
    const int64_t *index;
    int64_t n, size;
    const void *from;
    int64_t step, stride; /* elements */
    void *to;
} snn_pick;

/* The elements' type by number, in the order of the dtypes. */
void snn_pick_run(int type, const snn_pick *pick);
/* The first index that is no place, or n. */
int64_t snn_pick_bad(const int64_t *index, int64_t n, int64_t size);

#endif
