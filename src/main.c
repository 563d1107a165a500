#include <lauxlib.h>
#include <lualib.h>
int luaopen_snn(lua_State *L);
int main(int argc, char **argv)
{
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    luaL_requiref(L, "snn", luaopen_snn, 1);
    if (argc > 1 && luaL_dofile(L, argv[1])) { lua_writestringerror("%s\n", luaL_tolstring(L, -1, NULL)); return 1; }
    lua_close(L);
    return 0;
}
