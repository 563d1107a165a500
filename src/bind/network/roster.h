/* The registry of a layer as an array, for what runs at every step: made from
   the tables in the layer's links when first asked for, and dropped by
   whatever changes those (lua/snn/layer.lua). So a roster never changes, and
   who holds its userdata holds all its members. */
#ifndef SNN_BIND_NETWORK_ROSTER_H
#define SNN_BIND_NETWORK_ROSTER_H

#include "bind/object/object.h"

typedef struct snn_member {
    const snn_object *object;
    const char *name; /* NULL: a cell */
} snn_member;

/* Connections first, then neurons, then cells, each in the order in which they
   were registered. */
typedef struct snn_roster {
    int connections, neurons, cells;
    snn_member member[];
} snn_roster;

/* User values of a roster. */
enum {
    SNN_ROSTER_OBJECTS = 1, /* [i + 1]: the object of member[i] */
    SNN_ROSTER_NAMES,       /* [i + 1]: its name */
    SNN_ROSTER_KWARGS,      /* a table for a wiring function without options */
    SNN_ROSTER_FOLLOWING    /* links.following, or nil */
};

enum { SNN_LINK_ROSTER = 1 };

/* Pushes the roster of the layer at `index`. Raises when memory is short. */
const snn_roster *snn_push_roster(lua_State *L, int index);

/* ---- tables by name, in a forward ----
   `names` is the place of the table of names, `given` that of a table whose
   keys must be names of such members: TypeError, AttributeError. */
typedef enum snn_members { SNN_CONNECTIONS, SNN_NEURONS } snn_members;

/* `given` may be nil. */
void snn_roster_check(lua_State *L, const snn_roster *roster, int names,
                      snn_members which, int given);
/* Pushes (value, number of the member) for each member that is named, in the
   order of registration, and leaves that much room; returns how many. */
enum { SNN_ROSTER_ROOM = 24 };
int snn_roster_collect(lua_State *L, const snn_roster *roster, int names,
                       snn_members which, int given);

#endif
