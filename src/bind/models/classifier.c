/* MaxRateClassifier. */
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/fields.h"
#include "bind/object/arguments.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/models/snapshots.h"
#include "bind/tensor/tensor.h"
#include "readout/max_rate.h"

static const snn_class classifier_class;

static snn_max_rate *self(lua_State *L, const char *where)
{
    return snn_self(L, &classifier_class, where);
}

static int init(lua_State *L)
{
    snn_fail fail;
    snn_max_rate_args args;
    snn_object *object = snn_init_self(L, &classifier_class);
    snn_read_fields(L, 2, classifier_class.name, snn_max_rate_fields, &args);
    snn_max_rate *made;
    snn_must(L, snn_max_rate_new(&args, &fail, &made), &fail);
    snn_finish(L, object, made);
    return 0;
}

static void release(void *classifier) { snn_max_rate_free(classifier); }

/* ---- methods ---- */

typedef struct options {
    bool infer, give_logits, proportional;
} options;

/* { logits = false|true|snn.none, proportional = true } */
static options read_options(lua_State *L, int index, const char *where,
                            bool has_logits)
{
    static const char *const known[] = { "proportional", "logits", NULL };
    static const char *const fewer[] = { "proportional", NULL };
    int at = snn_arg_options(L, index, where, has_logits ? known : fewer);
    options o = { .infer = true };
    o.proportional = snn_option_bool(L, at, where, "proportional", true);
    if (has_logits && snn_option(L, at, "logits")) {
        o.infer = !snn_is_none(L, -1);
        if (o.infer && !lua_isboolean(L, -1))
            snn_arg_error(L, where, "logits", "true, false or snn.none", -1);
        o.give_logits = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    return o;
}

/* Pushes rates (B, N) from the inputs at 2. */
static snn_tensor *push_rates(lua_State *L, const snn_max_rate *c,
                              const char *where)
{
    snn_fail fail;
    const snn_tensor *input = snn_arg_tensor(L, 2, where, "inputs");
    snn_tensor *rates = snn_push_tensor(L);
    snn_must(L, snn_max_rate_input(c, input, where, &fail, rates), &fail);
    return rates;
}

/* The labels at 3, checked. */
static const snn_tensor *check_labels(lua_State *L, const snn_max_rate *c,
                                      const snn_tensor *rates,
                                      const char *where)
{
    snn_fail fail;
    const snn_tensor *labels = snn_arg_tensor(L, 3, where, "labels");
    snn_must(L, snn_max_rate_check(c, rates, labels, where, &fail), &fail);
    return labels;
}

static snn_tensor *push_logits(lua_State *L, const snn_max_rate *c,
                               const snn_tensor *rates, bool proportional)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_max_rate_regress(c, rates, proportional, &fail, out),
             &fail);
    snn_tensor_done(L);
    return out;
}

static void push_classes(lua_State *L, const snn_tensor *logits)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_max_rate_classify(logits, &fail, out), &fail);
    snn_tensor_done(L);
}

/* regress(inputs, { proportional = true }): logits (B, K) */
static int regress(lua_State *L)
{
    const snn_max_rate *c = self(L, "regress");
    options o = read_options(L, 3, "regress", false);
    push_logits(L, c, push_rates(L, c, "regress"), o.proportional);
    return 1;
}

/* classify(inputs, { proportional = true }): classes (B) */
static int classify(lua_State *L)
{
    const snn_max_rate *c = self(L, "classify");
    options o = read_options(L, 3, "classify", false);
    push_classes(L, push_logits(L, c, push_rates(L, c, "classify"),
                                o.proportional));
    return 1;
}

/* update(inputs, labels) */
static int update(lua_State *L)
{
    snn_fail fail;
    snn_max_rate *c = self(L, "update");
    const snn_tensor *rates = push_rates(L, c, "update");
    const snn_tensor *labels = check_labels(L, c, rates, "update");
    snn_must(L, snn_max_rate_update(c, rates, labels, &fail), &fail);
    return 0;
}

/* classifier(inputs, labels, { logits =, proportional = }): infers first. */
static int forward(lua_State *L)
{
    snn_fail fail;
    const char *name = classifier_class.name;
    lua_settop(L, 4);
    snn_max_rate *c = self(L, "forward");
    options o = read_options(L, 4, name, true);
    const snn_tensor *rates = push_rates(L, c, name), *labels = NULL;
    if (!lua_isnil(L, 3)) labels = check_labels(L, c, rates, name);
    int top = lua_gettop(L);
    if (o.infer) {
        push_classes(L, push_logits(L, c, rates, o.proportional));
        if (o.give_logits) lua_insert(L, -2); /* predictions, logits */
        else lua_remove(L, -2);
    }
    if (labels)
        snn_must(L, snn_max_rate_update(c, rates, labels, &fail), &fail);
    return lua_gettop(L) - top;
}

static int to_text(lua_State *L)
{
    snn_push_fields_text(L, classifier_class.name, snn_max_rate_fields,
                         &self(L, "tostring")->args);
    return 1;
}

static const luaL_Reg methods[] = {
    { "forward", forward },   { "regress", regress },
    { "classify", classify }, { "update", update },
    { "__tostring", to_text }, { NULL, NULL },
};

/* ---- fields ---- */

static const void *args_of(const void *self)
{
    return &((const snn_max_rate *)self)->args;
}

static snn_status set_args(void *self, const void *args,
                           const snn_field *changed, const snn_each *each,
                           int count, snn_fail *fail)
{
    (void)changed, (void)each, (void)count, (void)fail;
    ((snn_max_rate *)self)->args = *(const snn_max_rate_args *)args;
    return SNN_OK;
}

static const snn_arguments arguments = { .fields = snn_max_rate_fields,
                                         .size = sizeof(snn_max_rate_args),
                                         .args = args_of, .set = set_args };

enum { MOST_ARGUMENTS = 8 };
static snn_attribute attributes[MOST_ARGUMENTS + 10];

static void get_ndim(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    lua_pushinteger(L, ((const snn_max_rate *)object->self)->args.shape.ndim);
}

static void get_nclass(lua_State *L, snn_object *object,
                       const snn_attribute *a)
{
    (void)a;
    lua_pushinteger(L,
                    ((const snn_max_rate *)object->self)->args.num_classes);
}

/* Those of the sizes, before the arguments. */
static const snn_attribute sizes[] = {
    { .name = "ndim", .get = get_ndim, .is_const = true,
      .doc = "dimensions of the shape" },
    { .name = "nclass", .get = get_nclass, .is_const = true,
      .doc = "the number of classes" },
    { .name = NULL },
};

static const snn_class classifier_class = {
    .where = SNN_HERE,
    .name = "MaxRateClassifier",
    .summary = "Labels from spike rates: each neuron stands for the class for "
               "which it has spiked most.",
    .init = init,
    .free = release,
    .snapshots = &snn_classifier_snapshots,
    .methods = methods,
    .attributes = attributes,
    .state = snn_max_rate_rows,
    .arguments = &arguments,
};

void snn_open_classifier(lua_State *L)
{
    size_t n = sizeof sizes / sizeof *sizes - 1;
    memcpy(attributes, sizes, n * sizeof *sizes);
    snn_argument_list(snn_max_rate_fields, MOST_ARGUMENTS, attributes + n);
    snn_open_model(L, &classifier_class, "classifier",
                   "rates = rates exp(-decay n) + mean of the n samples of a "
                   "class",
                   "Diehl & Cook 2015; Inferno 0.0.5",
                   "local classifier = snn.MaxRateClassifier { shape = 3, num_classes = 2 }\n"
                   "local rates = snn.tensor { { 9, 1, 0 }, { 0, 2, 8 } }\n"
                   "classifier:update(rates, snn.tensor({ 1, 2 }, { dtype = \"int64\" }))\n"
                   "print(classifier:classify(rates))",
                   snn_max_rate_fields);
}
