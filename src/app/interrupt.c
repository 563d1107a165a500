/* Ctrl-C. The handler tells the engine, whose long calls fail then, and hooks
   the thread that runs, so that the next instruction of Lua raises; no hook is
   there before. An interrupt is *asked for* until it has reached who is to
   know of it, and *wanted* (util/interrupt.h) until it has been raised, which it
   may be several times: where it is caught, that is decided by `note_caught`.

   Which thread runs is known because lua_resume and lua_resetthread are the
   wrappers below (the linker's --wrap), each with a frame on C's stack. What the
   main program does with these and with hooks while an interrupt is asked for, it
   does with the signal held back. */
#include "app/interrupt.h"

#include <errno.h>
#include <lauxlib.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "bind/lua/raise.h"
#include "util/interrupt.h"

enum { ALL = LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT };
static const double SOON = 1; /* s */

static snn_app_frame *volatile top; /* NULL: no code runs */
static volatile sig_atomic_t asked;
static volatile sig_atomic_t prompts; /* that are open */
static struct timespec first; /* when it was asked for */
static pthread_t main_thread;

static double since(struct timespec then)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then.tv_sec) +
           (double)(now.tv_nsec - then.tv_nsec) * 1e-9;
}

/* ---- the hook ---- */

void __real_lua_sethook(lua_State *L, lua_Hook hook, int mask, int count);
void __wrap_lua_sethook(lua_State *L, lua_Hook hook, int mask, int count);

static void stop(lua_State *L, lua_Debug *ar);

/* Hooks the thread that runs; a hook of the script's own is put back later.
   For the handler, and with the signal held back. */
static void arm(void)
{
    snn_app_frame *f = top;
    if (!f || !f->L) return;
    lua_Hook hook = lua_gethook(f->L);
    if (hook != stop) {
        f->hook = hook;
        f->mask = lua_gethookmask(f->L);
        f->count = lua_gethookcount(f->L);
    }
    f->armed = true;
    __real_lua_sethook(f->L, stop, ALL, 1);
}

static void disarm(snn_app_frame *f)
{
    if (f->armed && lua_gethook(f->L) == stop)
        __real_lua_sethook(f->L, f->hook, f->mask, f->count);
    f->armed = false;
}

static void hold(sigset_t *before)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGINT);
    pthread_sigmask(SIG_BLOCK, &one, before);
}

static void let_go(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* It is asked for, and to be raised (again) where Lua goes on. */
static void raise_next(void)
{
    sigset_t before;
    hold(&before);
    asked = true;
    snn_interrupt_set();
    arm();
    let_go(&before);
}

/* Stays until the interrupt is done with: code of C that swallows what is raised
   may want it again (snn_interrupt_set). */
static void stop(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    sigset_t before;
    hold(&before);
    bool raises = asked && snn_interrupt_wanted();
    if (raises)
        snn_interrupt_clear(); /* else a long call has failed already */
    else if (!asked && top && top->L == L)
        disarm(top);
    else if (!asked) /* made by a hooked thread, which left it its hook */
        __real_lua_sethook(L, NULL, 0, 0);
    let_go(&before);
    if (raises) snn_error(L, SNN_INTERRUPT, "interrupted!");
}

/* It has reached who is to know of it. */
static void be_done(void)
{
    sigset_t before;
    hold(&before);
    asked = false;
    if (top) disarm(top);
    let_go(&before);
}

/* Calls nothing but what a handler may. At a prompt no signal ends the process;
   a script that does not feel the first one (Lua's own library in one call)
   ends by one that comes later. */
static void on_interrupt(int signal_number)
{
    int error = errno;
    if (!pthread_equal(pthread_self(), main_thread)) {
        pthread_kill(main_thread, signal_number);
        errno = error;
        return;
    }
    bool is_pending = asked && snn_interrupt_wanted();
    if (!is_pending)
        clock_gettime(CLOCK_MONOTONIC, &first);
    else if (!prompts && since(first) > SOON) {
        signal(signal_number, SIG_DFL);
        raise(signal_number);
    }
    asked = true;
    snn_interrupt_set();
    arm();
    errno = error;
}

/* ---- where it is caught ---- */

/* The line that made a protected call, and of what. */
typedef struct site {
    char source[LUA_IDSIZE], callee[LUA_IDSIZE];
    int line, callee_line;
    lua_CFunction function;
    enum { OF_SCRIPT, OF_LIBRARY, OF_PROMPT } owner;
} site;

static site caught; /* where a script caught the last one */
static bool has_caught;
static struct timespec caught_at;

static void find_callee(lua_State *L, int callee, site *out)
{
    lua_Debug ar;
    if (!callee || !lua_isfunction(L, callee)) return;
    out->function = lua_tocfunction(L, callee);
    if (!lua_checkstack(L, 1)) return;
    lua_pushvalue(L, callee);
    lua_getinfo(L, ">S", &ar);
    memcpy(out->callee, ar.short_src, sizeof out->callee);
    out->callee_line = ar.linedefined;
}

/* `callee`: where in the stack the called function is; 0: nowhere. */
static void find_site(lua_State *L, int callee, site *out)
{
    lua_Debug ar;
    memset(out, 0, sizeof *out);
    find_callee(L, callee, out);
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline < 0) continue;
        memcpy(out->source, ar.short_src, sizeof out->source);
        out->line = ar.currentline;
        if (strncmp(ar.source, "=[snn] snn.prompt", 17) == 0)
            out->owner = OF_PROMPT;
        else if (strncmp(ar.source, "=[snn]", 6) == 0)
            out->owner = OF_LIBRARY;
        return;
    }
}

static bool same_site(const site *a, const site *b)
{
    return a->line == b->line && a->callee_line == b->callee_line &&
           a->function == b->function && strcmp(a->source, b->source) == 0 &&
           strcmp(a->callee, b->callee) == 0;
}

/* Whether the script is where it caught the last one a moment ago without a look
   at its kind: what swallows errors in a loop. */
static bool is_back(const site *now)
{
    bool seen = snn_interrupt_take_seen();
    if (seen || (has_caught && since(caught_at) > SOON)) has_caught = false;
    return has_caught && same_site(now, &caught);
}

/* A protected call has failed. If that was the interrupt, then in a script it has
   reached who wanted to know, unless that one swallows errors in a loop; at a
   prompt, and where the library caught it, it goes on. */
static void note_caught(lua_State *L, int callee)
{
    site now;
    if (!asked || snn_interrupt_wanted()) return;
    bool is_seen = snn_interrupt_take_seen(); /* by a message handler */
    if (is_seen) has_caught = false;
    find_site(L, callee, &now);
    if (now.owner == OF_PROMPT) {
        be_done();
    } else if (prompts || now.owner == OF_LIBRARY || is_back(&now)) {
        raise_next();
    } else {
        be_done();
        caught = now;
        has_caught = !is_seen;
        clock_gettime(CLOCK_MONOTONIC, &caught_at);
    }
}

/* Before a protected call; true when it is to be raised once more. */
static bool comes_back(lua_State *L, int callee)
{
    site now;
    if (!has_caught) return false;
    find_site(L, callee, &now);
    return is_back(&now);
}

/* ---- protected calls of scripts ---- */

/* As lua's, but that the function stays at the bottom of the stack; `extra`
   values lie below the results. */
static int finish(lua_State *L, int status, lua_KContext extra)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)extra;
    note_caught(L, 1);
    lua_pushboolean(L, false);
    lua_insert(L, -2);
    return 2;
}

static void check_back(lua_State *L)
{
    if (!comes_back(L, 1)) return;
    asked = true; /* and raised, not wanted */
    snn_error(L, SNN_INTERRUPT, "interrupted!");
}

static int protected_call(lua_State *L)
{
    luaL_checkany(L, 1);
    check_back(L);
    lua_pushvalue(L, 1);
    lua_pushboolean(L, true);
    lua_rotate(L, 1, 2); /* f, true, f, arguments */
    int nargs = lua_gettop(L) - 3;
    return finish(L, lua_pcallk(L, nargs, LUA_MULTRET, 0, 1, finish), 1);
}

static int protected_xcall(lua_State *L)
{
    luaL_checktype(L, 2, LUA_TFUNCTION);
    check_back(L);
    lua_pushboolean(L, true);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2); /* f, handler, true, f, arguments */
    int nargs = lua_gettop(L) - 4;
    return finish(L, lua_pcallk(L, nargs, LUA_MULTRET, 2, 2, finish), 2);
}

void snn_app_open_interrupts(lua_State *L)
{
    lua_register(L, "pcall", protected_call);
    lua_register(L, "xpcall", protected_xcall);
}

/* ---- threads ---- */

static void push_frame(snn_app_frame *f, lua_State *L)
{
    f->L = L;
    f->outer = top;
    f->armed = false;
    top = f;
    if (asked && snn_interrupt_wanted()) raise_next();
}

static void pop_frame(snn_app_frame *f)
{
    top = f->outer;
    if (!f->armed && !asked) return;
    sigset_t before;
    hold(&before);
    disarm(f);
    if (asked && snn_interrupt_wanted()) arm();
    let_go(&before);
}

/* A coroutine has failed. */
static void note_caught_outside(void)
{
    if (top && top->L) note_caught(top->L, 0);
}

int __real_lua_resume(lua_State *L, lua_State *from, int nargs, int *nresults);
int __wrap_lua_resume(lua_State *L, lua_State *from, int nargs, int *nresults);
int __wrap_lua_resume(lua_State *L, lua_State *from, int nargs, int *nresults)
{
    snn_app_frame frame;
    if (has_caught && from && comes_back(from, 0)) raise_next();
    push_frame(&frame, L);
    int status = __real_lua_resume(L, from, nargs, nresults);
    pop_frame(&frame);
    if (status == LUA_OK || status == LUA_YIELD) return status;
    note_caught_outside();
    snn_app_note_coroutine(L, from);
    return status;
}

/* coroutine.close, which runs to-be-closed variables. */
#if LUA_VERSION_RELEASE_NUM >= 50406
#define CLOSE(name) name##lua_closethread
#define WITH_FROM , lua_State *from
#define FROM , from
#else
#define CLOSE(name) name##lua_resetthread
#define WITH_FROM
#define FROM
#endif
int CLOSE(__real_)(lua_State *L WITH_FROM);
int CLOSE(__wrap_)(lua_State *L WITH_FROM);
int CLOSE(__wrap_)(lua_State *L WITH_FROM)
{
    snn_app_frame frame;
    push_frame(&frame, L);
    int status = CLOSE(__real_)(L FROM);
    pop_frame(&frame);
    if (status != LUA_OK) note_caught_outside();
    return status;
}

/* A script's debug.sethook while an interrupt waits for the next instruction
   takes effect after it. */
void __wrap_lua_sethook(lua_State *L, lua_Hook hook, int mask, int count)
{
    sigset_t before;
    hold(&before);
    __real_lua_sethook(L, hook, mask, count);
    if (hook != stop && asked && snn_interrupt_wanted()) arm();
    let_go(&before);
}

/* ---- calls of the program ---- */

static void listen(struct sigaction *before)
{
    struct sigaction now = { .sa_handler = on_interrupt };
    main_thread = pthread_self();
    sigemptyset(&now.sa_mask); /* and no SA_RESTART: reading ends too */
    sigaction(SIGINT, &now, before);
}

/* Nobody is left who could be stopped. */
static void forget(void)
{
    asked = false;
    has_caught = false;
    snn_interrupt_clear();
}

void snn_app_interrupts_begin(lua_State *L, snn_app_frame *f)
{
    listen(&f->before);
    push_frame(f, L);
}

void snn_app_interrupts_end(snn_app_frame *f)
{
    bool outermost = !f->outer || !f->outer->L;
    if (outermost) forget();
    pop_frame(f);
    sigaction(SIGINT, &f->before, NULL);
}

void snn_app_prompt_begin(snn_app_frame *f)
{
    listen(&f->before);
    push_frame(f, NULL);
    prompts++;
}

void snn_app_prompt_end(snn_app_frame *f)
{
    prompts--;
    forget();
    pop_frame(f);
    sigaction(SIGINT, &f->before, NULL);
}
