/* Finding the few true bytes among many false ones. */
#ifndef SNN_KERNEL_NONZERO_H
#define SNN_KERNEL_NONZERO_H

#include <stdint.h>

/* True bytes among n bytes that are 0 or 1. */
int64_t snn_nonzero_count(const uint8_t *bytes, int64_t n);

/* Columns of the true bytes of (rows, columns), ascending in each row: those
   of row r at index[offset[r]] .. index[offset[r + 1] - 1]; offset has rows + 1
   places. Counts fit int32_t. `index` has SNN_NONZERO_SLACK places more than
   there are true bytes, which are overwritten. */
enum { SNN_NONZERO_SLACK = 3 };
void snn_nonzero_columns(const uint8_t *bytes, int64_t rows, int64_t columns,
                         int32_t *offset, int32_t *index);

#endif
