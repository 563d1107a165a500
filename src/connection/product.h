/* What the products of linear connections and of convolutions share. A dense
   product makes 0 * inf, a NaN, of a wrong weight and an input that is 0. Such
   elements, and they alone, are then computed anew by what looks at inputs
   other than 0 only; the others keep the product's bits, whose sums have
   another order. */
#ifndef SNN_CONNECTION_PRODUCT_H
#define SNN_CONNECTION_PRODUCT_H

#include "connection/connection.h"

bool snn_product_is_f64(const snn_connection *connection);
/* NULL: none */
const void *snn_product_bias(const snn_connection *connection);
/* Of the currents that the synapse stores, by the model's `arrive`: what arrives, or
   sums that are kept, where that gives them. */
snn_status snn_product_of_stored(snn_connection *connection, snn_fail *fail,
                                 void *out);
/* Share of the elements of a real tensor that are not 0. */
double snn_product_share(const snn_tensor *t);
/* Products that met all inputs or weights, whatever had spiked; for specs. */
extern uint64_t snn_product_wholes;

/* `aside`: empty where the product `out` (B, outputs...) is finite numbers,
   else new, for what is computed anew. */
snn_status snn_product_aside(const snn_connection *connection, const void *out,
                             snn_fail *fail, snn_tensor *aside);
/* Takes the elements of `out` that are no finite numbers from `aside`, which is
   freed. */
void snn_product_mend(snn_tensor *aside, void *out);

#endif
