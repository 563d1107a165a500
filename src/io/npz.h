/* NumPy's archives of several tensors: zip files whose members, "name.npy", are
   stored or deflated. Source: PKWARE's APPNOTE.TXT 6.3.10. */
#ifndef SNN_IO_NPZ_H
#define SNN_IO_NPZ_H

#include "tensor/tensor.h"

typedef struct snn_npz snn_npz;

/* Opens an archive and reads its table of members; `where` and `path` are
   borrowed until it is closed. IOError, RuntimeError (memory); then *out is
   NULL. */
snn_status snn_npz_open(const char *where, const char *path, snn_fail *fail,
                        snn_npz **out);
void snn_npz_close(snn_npz *npz); /* NULL is fine */

int64_t snn_npz_count(const snn_npz *npz);
/* Name of member i without ".npy", borrowed, `*size` bytes. */
const char *snn_npz_name(const snn_npz *npz, int64_t i, size_t *size);
/* Member i as a tensor (io/npy.h); its check sum must be right. */
snn_status snn_npz_read(snn_npz *npz, int64_t i, snn_fail *fail,
                        snn_tensor *out);

#endif
