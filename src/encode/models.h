/* The descriptors of all encoders, from list.h. */
#ifndef SNN_ENCODE_MODELS_H
#define SNN_ENCODE_MODELS_H

#include "encode/encoder.h"

#define ENCODER(name) extern const snn_encoder_model snn_encoder_##name;
#include "encode/list.h"
#undef ENCODER
/* Of classes of scripts (scripted.c): it makes no trains itself. */
extern const snn_encoder_model snn_encoder_scripted;

#endif
