/* NumPy's archives of several tensors: zip files whose members, "name.npy", are
   stored or deflated. Source: PKWARE's APPNOTE.TXT 6.3.10. */
#ifndef SNN_IO_NPZ_H
#define SNN_IO_NPZ_H

#include "tensor/tensor.h"

typedef struct snn_npz snn_npz;

/* Opens an archive and reads its table of members; `where` and `path` are
   borrowed until it is closed, `ratio` (io/source.h) bounds what each member,
   and all that are read, unpack to. IOError, RuntimeError (memory); then *out
   is NULL. */
snn_status snn_npz_open(const char *where, const char *path, double ratio,
                        snn_fail *fail, snn_npz **out);
void snn_npz_close(snn_npz *npz); /* NULL is fine */

int64_t snn_npz_count(const snn_npz *npz);
/* Name of member i, without ".npy" where it ends so, borrowed, `*size` bytes. */
const char *snn_npz_name(const snn_npz *npz, int64_t i, size_t *size);
/* A folder, which holds nothing itself. */
bool snn_npz_is_folder(const snn_npz *npz, int64_t i);
/* Member i as a tensor (io/npy.h); its check sum must be right. *is_foreign, and
   no tensor, where it is no NPY file or has elements that no tensor has. */
snn_status snn_npz_read(snn_npz *npz, int64_t i, bool *is_foreign,
                        snn_fail *fail, snn_tensor *out);

#endif
