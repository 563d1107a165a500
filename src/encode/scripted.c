/* Encoder: its trains are made by a function of the script. It is no model of
   list.h: nothing but classes of scripts is made of it. */
#include "encode/models.h"

typedef struct scripted_args {
    snn_encoder_args common;
} scripted_args;

static const snn_field fields[] = { SNN_ENCODER_FIELDS(scripted_args),
                                    { .name = NULL } };

const snn_encoder_model snn_encoder_scripted = {
    .where = SNN_HERE,
    .name = "Encoder",
    .summary = "Trains that a script's class makes.",
    .source = "the script",
    .equations = "those of the function forward of its class",
    .fields = fields,
    .args_size = sizeof(scripted_args),
};
