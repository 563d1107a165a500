/* One block with the tensors behind one another, of the pool, as steps save and
   give back one each. */
#include "tensor/declared.h"

#include "util/pool.h"

snn_states *snn_states_new(int count)
{
    snn_states *states =
        snn_pool_take(sizeof *states + (size_t)count * sizeof(snn_tensor));
    if (!states) return NULL;
    states->count = count;
    for (int i = 0; i < count; i++) states->value[i] = SNN_NO_TENSOR;
    return states;
}

void snn_states_free(snn_states *states)
{
    if (!states) return;
    for (int i = 0; i < states->count; i++) snn_tensor_clear(&states->value[i]);
    snn_pool_give(states);
}

snn_status snn_states_save(const snn_states *states, const char *where,
                           snn_fail *fail, snn_states **out)
{
    snn_status status = SNN_OK;
    *out = snn_states_new(states->count);
    if (!*out) return snn_fail_memory(fail, where, sizeof **out);
    for (int i = 0; i < states->count && !status; i++)
        if (!snn_tensor_is_empty(&states->value[i]))
            status = snn_tensor_share(&states->value[i], false, fail,
                                      &(*out)->value[i]);
    if (!status) return SNN_OK;
    snn_states_free(*out);
    *out = NULL;
    return status;
}

void snn_states_restore(snn_states *states, snn_states *saved)
{
    for (int i = 0; i < states->count; i++)
        snn_tensor_move(&saved->value[i], &states->value[i]);
    snn_states_free(saved);
}
