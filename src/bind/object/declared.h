/* States that a script's class declares in its table `states`:

     Own.states = { u = { of = "neuron", unit = "mV", init = -14 } }

   Each is a field of the objects, a tensor whose shape its word `of` says. It
   begins with `init`: a number, or what a function of the object gives when the
   state is first read. So it does again once it was cleared, or its shape is
   another one, as after a change of the batch size. The engine's part of them is
   an snn_states (tensor/declared.h), by which they are taken back. */
#ifndef SNN_BIND_OBJECT_DECLARED_H
#define SNN_BIND_OBJECT_DECLARED_H

#include "bind/object/object.h"
#include "tensor/declared.h"

/* What the objects of a family tell of their shapes. */
struct snn_family {
    const char *words; /* for `of`, by spaces */
    /* The shape that word i stands for, of a finished object. */
    snn_shape (*shape)(const snn_object *object, int word);
    snn_dtype (*dtype)(const snn_object *object); /* the real type */
    /* Around the forward of a script's class (scripted.h); each raises, and may be
       NULL: checks the arguments, from 2 on; the engine's part takes the result
       at `result`, of the first argument at `input`, 0: none. */
    void (*check)(lua_State *L, const snn_object *object);
    void (*take)(lua_State *L, snn_object *object, int input, int result);
};

typedef struct snn_declared_row {
    const char *name; /* Lua's, which the object keeps */
    const char *unit; /* the same; "": none */
    int word;         /* of the family's; -1: `shape` */
    snn_shape shape;
    bool is_real;     /* of the object's real type, else `dtype` */
    snn_dtype dtype;
    double number;    /* to begin with, */
    bool has_function; /* or what a function of the script gives */
    bool stays;       /* when the object is cleared */
    bool is_passing;  /* it is not saved */
    bool is_making;   /* that function runs */
} snn_declared_row;

typedef struct snn_declared {
    snn_states *states;
    int count;
    snn_declared_row row[]; /* (count) */
} snn_declared;

/* A class of the library is that of scripts' classes below its parent. */
static inline void snn_own_class(snn_class *cls)
{
    cls->is_own = true;
    cls->family = cls->parent->family;
}

/* A class of a script with declared states: the object on top gets them, before
   its init runs. The table of the class is at `cls`. */
void snn_declare(lua_State *L, snn_object *object, int cls);
void snn_declared_free(snn_declared *declared); /* NULL is fine */

/* Adds "; states u (mV), n" to the buffer; nothing where there are none. */
void snn_declared_text(luaL_Buffer *b, const snn_object *object);

/* The state whose name is at `key`, or -1. */
int snn_declared_find(lua_State *L, const snn_object *object, int key);
/* Of the object at 1: pushes the tensor; takes the value at `value`, a tensor of
   its shape or a number for all elements. */
void snn_declared_push(lua_State *L, snn_object *object, int row);
void snn_declared_take(lua_State *L, snn_object *object, int row, int value);

/* All states begin anew, those that stay only with `all`. */
void snn_declared_clear(const snn_object *object, bool all);
/* RuntimeError that names `where` when one of them has a NaN. */
void snn_declared_find_nan(lua_State *L, const snn_object *object,
                           const char *where);

/* NULL where the object has none. */
static inline snn_states *snn_declared_states(const snn_object *object)
{
    return object->declared ? object->declared->states : NULL;
}

#endif
