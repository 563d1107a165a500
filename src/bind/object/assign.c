/* What is new is compared with the names of the library's classes: of a slip is
   told which name was meant, before anything has changed. A name that a class of
   the script has is none, and plurals are free. */
#include "bind/object/assign.h"

#include <string.h>

#include "bind/lua/raise.h"
#include "bind/object/instance.h"
#include "bind/object/unknown.h"
#include "tensor/state.h"

enum { SHORTEST = 5 }; /* letters of a name that can be a slip */

/* ---- slips ---- */

/* A method of the library's classes in the line that the word is a slip of, or
   NULL. The tables of the classes hold it. */
static const char *method_meant(lua_State *L, int line, const char *word)
{
    const char *meant = NULL;
    int top = lua_gettop(L), class = top + 1;
    for (lua_Integer i = 1; !meant && lua_rawgeti(L, line, i) == LUA_TTABLE;
         i++) {
        bool is_ours = luaL_getmetafield(L, class, "__newindex") != LUA_TNIL;
        lua_settop(L, class);
        for (lua_pushnil(L); is_ours && !meant && lua_next(L, class);
             lua_pop(L, 1))
            if (lua_type(L, -2) == LUA_TSTRING && lua_isfunction(L, -1) &&
                snn_is_slip(word, lua_tostring(L, -2)))
                meant = lua_tostring(L, -2);
        lua_settop(L, top);
    }
    lua_settop(L, top);
    return meant;
}

static bool is_meant(const char *word, const char *name, bool exactly)
{
    return exactly ? strcmp(word, name) == 0 : snn_is_slip(word, name);
}

/* The field of objects of the class that the word is, or a slip of, or NULL. */
static const char *field_meant(const snn_class *cls, const char *word,
                               bool exactly)
{
    for (; cls; cls = snn_class_parent(cls)) {
        for (const snn_attribute *a = cls->attributes; a && a->name; a++)
            if (is_meant(word, a->name, exactly)) return a->name;
        for (const snn_state_row *r = cls->state; r && r->name; r++)
            if (is_meant(word, r->name, exactly)) return r->name;
    }
    return NULL;
}

/* The name that the new field at 2 is a slip of, or NULL. */
static const char *meant_by(lua_State *L, const snn_object *object, int line)
{
    if (lua_type(L, 2) != LUA_TSTRING || lua_rawlen(L, 2) < SHORTEST)
        return NULL;
    const char *word = lua_tostring(L, 2);
    const char *meant = method_meant(L, line, word);
    return meant ? meant : field_meant(object->cls, word, false);
}

static void check_slip(lua_State *L, const snn_object *object, int line)
{
    const char *meant = meant_by(L, object, line);
    if (!meant) return;
    const char *word = lua_tostring(L, 2), *name = snn_describe(L, 1);
    if (lua_isfunction(L, 3))
        snn_error(L, SNN_ATTRIBUTE_ERROR,
                  "%s has no method '%s' (did you mean '%s'?)", name, word,
                  meant);
    lua_pushfstring(L, "%s: '%s' is a new field (did you mean '%s'?)", name,
                    word, meant);
    snn_warn_about(L, 1, word);
    lua_settop(L, 3);
}

/* ---- objects ---- */

/* Whether the class of the object, or what of it lies above, has something of the
   name at 2, or says in __optional that its objects may. */
static bool has_name(lua_State *L, int line)
{
    bool has = snn_line_find(L, line, 2) != LUA_TNIL;
    if (!has) {
        lua_rawgeti(L, line, 1);
        lua_pushliteral(L, "__optional");
        if (lua_rawget(L, -2) == LUA_TTABLE) {
            lua_pushvalue(L, 2);
            has = lua_rawget(L, -2) != LUA_TNIL;
        }
    }
    lua_settop(L, 3);
    return has;
}

/* Does it take new fields of a script? Module's own objects, layers and objects of
   scripts' classes do. */
static bool is_open(lua_State *L, const snn_object *object, int line)
{
    if (!snn_line_is_ours(L, line)) return true;
    const snn_class *cls = object->cls;
    while (cls && !cls->is_container) cls = snn_class_parent(cls);
    if (cls != &snn_module_class) return true;
    bool is_module = object->cls == cls && lua_rawgeti(L, line, 2) == LUA_TNIL;
    lua_settop(L, 3);
    return is_module;
}

void snn_check_assigned(lua_State *L, const snn_object *object)
{
    const int line = lua_upvalueindex(SNN_UP_LINE);
    lua_settop(L, 3);
    if (!snn_is_called_by_script(L)) return;
    if (is_open(L, object, line)) {
        if (!lua_isnil(L, 3) && !has_name(L, line))
            check_slip(L, object, line);
    } else if (lua_type(L, 2) != LUA_TSTRING) {
        snn_error(L, SNN_ATTRIBUTE_ERROR, "%s has no field %s",
                  snn_describe(L, 1), snn_describe(L, 2));
    } else if (!has_name(L, line)) {
        snn_unknown_field(L, object);
    }
}

/* ---- classes ---- */

static const char *class_name(lua_State *L, int index)
{
    if (luaL_getmetafield(L, index, "__name") != LUA_TSTRING) return "the class";
    return lua_tostring(L, -1);
}

int snn_class_index_open(lua_State *L)
{
    snn_line_find(L, lua_upvalueindex(1), 2);
    return 1;
}

int snn_class_index(lua_State *L)
{
    const int line = lua_upvalueindex(1);
    if (snn_line_find(L, line, 2) != LUA_TNIL) return 1;
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "__";
    if (strncmp(key, "__", 2) == 0 || !snn_is_called_by_script(L)) return 1;
    luaL_checkstack(L, 20, NULL);
    const char *name = class_name(L, 1);
    const snn_class *cls = snn_class_at(L, 1);
    if (field_meant(cls, key, true))
        return snn_error(L, SNN_ATTRIBUTE_ERROR,
                         "%s has no field '%s', its objects have it", name,
                         key);
    const char *const places[] = { cls ? cls->name : "snn", "snn", NULL };
    snn_nearest near;
    snn_nearest_init(&near, key);
    snn_line_offer(L, line, &near);
    lua_pushfstring(L, "%s has no field '%s'", name, key);
    return snn_unknown(L, SNN_ATTRIBUTE_ERROR, places, &near);
}

int snn_class_newindex(lua_State *L)
{
    const int line = lua_upvalueindex(1);
    lua_settop(L, 3);
    if (lua_isfunction(L, 3) && lua_type(L, 2) == LUA_TSTRING &&
        lua_rawlen(L, 2) >= SHORTEST && !has_name(L, line)) {
        const char *word = lua_tostring(L, 2);
        const char *meant = method_meant(L, line, word);
        if (meant && snn_is_called_by_script(L))
            return snn_error(L, SNN_ATTRIBUTE_ERROR,
                             "%s has no method '%s' (did you mean '%s'?)",
                             class_name(L, 1), word, meant);
    }
    lua_rawset(L, 1);
    return 0;
}
