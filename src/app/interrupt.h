/* Ctrl-C in code that the program runs: the error "interrupted!" of kind
   Interrupt, of the main thread and of coroutines. */
#ifndef SNN_APP_INTERRUPT_H
#define SNN_APP_INTERRUPT_H

#include <lua.h>
#include <signal.h>
#include <stdbool.h>

/* A thread of Lua that runs, or waits for the next inner one; on C's stack. */
typedef struct snn_app_frame {
    lua_State *L; /* NULL: of a prompt, between its calls */
    struct snn_app_frame *outer;
    volatile bool armed; /* it has our hook; before it had: */
    lua_Hook hook;
    int mask, count;
    struct sigaction before;
} snn_app_frame;

/* Puts the globals pcall and xpcall in place of Lua's: they tell what becomes of
   an interrupt that they catch. */
void snn_app_open_interrupts(lua_State *L);

/* Around each call of Lua code by the program. After the outermost one, or the
   outermost in a prompt, no interrupt is left. */
void snn_app_interrupts_begin(lua_State *L, snn_app_frame *f);
void snn_app_interrupts_end(snn_app_frame *f);

/* Around all of a prompt: an interrupt ends what has been typed, however often it
   is caught, and no signal ends the process. */
void snn_app_prompt_begin(snn_app_frame *f);
void snn_app_prompt_end(snn_app_frame *f);

#endif
