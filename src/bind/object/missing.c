/* Tables of the functions that take several arguments by position, and of
   options with their meaning. Of the library's Lua functions the debug
   information tells which argument came to be nil. */
#include "bind/object/missing.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

#include "util/word.h"

/* Functions that take several arguments by position which must be there, all of
   them in order. */
static const struct {
    const char *functions, *arguments;
} positional[] = {
    { "full", "shape value" },
    { "linspace", "first last steps" },
    { "uniform", "low high shape" },
    { "normal", "mean std shape" },
    { "randint", "low high shape" },
    { "where", "a b" },
    { "transpose", "dim0 dim1" },
    { "select index_select", "dim index" },
    { "narrow", "dim start length" },
    { "gather", "dim index" },
    { "scatter_add_", "dim index source" },
    { "masked_fill masked_fill_", "mask value" },
    { "save_npy", "path tensor" },
    { "save_png", "path tensor" },
    { "save_safetensors", "path tensors" },
    { "normalize", "data order" },
    { "isi", "spikes step_time" },
    { "victor_purpura_pair_dist", "t0 t1 cost" },
    { "bound_upper_power bound_upper_scaled_power bound_upper_multiplicative "
      "bound_upper_scaled_multiplicative bound_upper_sharp bound_lower_power "
      "bound_lower_scaled_power bound_lower_multiplicative "
      "bound_lower_scaled_multiplicative bound_lower_sharp",
      "param update limit" },
    { "bound_power bound_scaled_power bound_multiplicative "
      "bound_scaled_multiplicative bound_sharp",
      "param pos neg" },
    { "interp_previous interp_next interp_nearest interp_linear "
      "interp_expdecay interp_expratedecay",
      "prev next sample_at step_time" },
    { "extrap_previous extrap_next extrap_neighbors extrap_nearest "
      "extrap_linear_forward extrap_linear_backward extrap_expdecay "
      "extrap_expratedecay",
      "sample sample_at prev next step_time" },
    { "adaptive_currents_linear", "adaptations voltages spikes" },
    { "adaptive_thresholds_linear_spike", "adaptations spikes" },
    { "adaptive_thresholds_linear_voltage", "adaptations voltages" },
    { "apply_adaptive_currents", "current adaptations" },
    { "apply_adaptive_thresholds", "threshold adaptations" },
    { "voltage_integration_linear voltage_integration_quadratic "
      "voltage_integration_exponential",
      "masked_inputs voltages" },
    { "register_cell", "name cell" },
};

/* Options of functions: unit and meaning. */
static const struct {
    const char *name, *text;
} options[] = {
    { "step_time", "ms; length of a step" },
    { "time_constant", "ms; of the decay" },
    { "rate_constant", "1/ms; of the decay" },
    { "decay", "what a step leaves of the trace" },
    { "amplitude", "of a match" },
    { "target", "what counts" },
    { "scale", "of the observation" },
    { "matchfn", "function of an observation: where a match is" },
    { "learning_rate", "height of the kernel" },
    { "alpha", "0 to 1; weight of the observation" },
    { "beta", "0 to 1; weight of the newest trend" },
    { "rest_v", "mV; resting voltage" },
    { "crit_v", "mV; critical voltage" },
    { "rheobase_v", "mV; voltage around which the rise sets in" },
    { "sharpness", "mV; voltage over which the rise grows e-fold" },
    { "affinity", "1/mV; of the voltage to rest" },
    { "resistance", "MOhm; of the membrane" },
    { "voltage_coupling", "uS; of the adaptation to the voltage" },
    { "spike_increment", "what a spike adds" },
    { "adapt_rate", "1/ms; of the adaptation" },
    { "rebound_rate", "1/ms; back to rest" },
};

const char *snn_option_text(const char *name)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (strcmp(options[i].name, name) == 0) return options[i].text;
    return "";
}

static const char *arguments_of(const char *where)
{
    for (size_t i = 0; i < sizeof positional / sizeof *positional; i++)
        if (snn_word_find(positional[i].functions, where) >= 0)
            return positional[i].arguments;
    return NULL;
}

/* The number of the parameter of the Lua function that runs as `ar`, or 0. */
static int find_parameter(lua_State *L, const lua_Debug *ar, const char *name)
{
    for (int i = 1; i <= ar->nparams; i++) {
        const char *parameter = lua_getlocal(L, ar, i);
        if (!parameter) return 0;
        lua_pop(L, 1);
        if (strcmp(parameter, name) == 0) return i;
    }
    return 0;
}

/* Of the library's Lua functions that run the one with both parameters. */
static bool find_function(lua_State *L, const char *name, const char *other,
                          lua_Debug *ar)
{
    for (int level = 0; lua_getstack(L, level, ar); level++) {
        lua_getinfo(L, "Su", ar);
        if (*ar->what == 'C') continue;
        if (strncmp(ar->source, "=[snn]", 6) != 0) return false;
        if (find_parameter(L, ar, name) && find_parameter(L, ar, other))
            return true;
    }
    return false;
}

/* Is the parameter nil in the Lua function that runs as `ar`? */
static bool is_nil(lua_State *L, const lua_Debug *ar, const char *name)
{
    int parameter = find_parameter(L, ar, name);
    if (!parameter || !lua_getlocal(L, ar, parameter)) return false;
    bool nil = lua_isnil(L, -1);
    lua_pop(L, 1);
    return nil;
}

const char *snn_push_missing_too(lua_State *L, const char *where,
                                 const char *name, int index)
{
    lua_Debug ar;
    bool is_none = lua_isnone(L, index);
    const char *words = arguments_of(where);
    int first = words ? snn_word_find(words, name) : -1, found = 0;
    luaL_checkstack(L, 8, NULL);
    lua_pushliteral(L, "");
    if (first < 0) return "";
    const char *last = strrchr(words, ' ') + 1;
    if (!is_none && !find_function(L, name, last, &ar)) return "";
    for (int k = 0; *words; k++) {
        size_t length = strcspn(words, " ");
        const char *word = lua_pushlstring(L, words, length);
        if (k > first && (is_none || is_nil(L, &ar, word))) {
            lua_pushfstring(L, "%s%s'%s'", lua_tostring(L, -2),
                            found++ ? ", " : " (missing too: ", word);
            lua_replace(L, -3);
        }
        lua_pop(L, 1);
        words += length;
        words += strspn(words, " ");
    }
    if (found) {
        lua_pushliteral(L, ")");
        lua_concat(L, 2);
    }
    return lua_tostring(L, -1);
}
