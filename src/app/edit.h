/* What the files of the line editor share: edit.c reads a line, keys.c says
   what keys do, candidates.c what Tab does, history.c keeps what was entered.
   libedit's lines are wide characters here, so that no byte is lost: one that
   is no text stands as a character of its own (wide.c). */
#ifndef SNN_APP_EDIT_H
#define SNN_APP_EDIT_H

#ifdef SNN_HAVE_EDIT
#include <histedit.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/* The one editor of the process; the fields below `past` are of the read that
   goes on. */
typedef struct snn_editor {
    EditLine *line;
    HistoryW *past;
    lua_State *L;
    int complete;       /* place in L's stack of what Tab calls; 0: nothing */
    const char *block;  /* the lines before this one, as Lua has them */
    size_t block_length;
    int indented;       /* spaces that stand at the line's begin by themselves */
    bool dropped;       /* by an interrupt */
    bool left;          /* the line that was typed, for one of the history */
    wchar_t *typed;     /* a long line that was left so; NULL: none */
    size_t typed_length;
} snn_editor;

/* ---- edit.c ---- */

/* The next byte of the terminal, or -1: the line is dropped, or the terminal
   is gone. Reads ahead up to `most` bytes. */
int snn_edit_byte(snn_editor *e, size_t most);
/* Has a byte come that is not read yet? */
bool snn_edit_is_waiting(void);
/* The next character: what libedit reads by. */
int snn_edit_character(EditLine *line, wchar_t *out);
snn_editor *snn_edit_of(EditLine *line);
/* Stops the process as Ctrl-Z does and takes the terminal again behind it. */
void snn_edit_suspend(snn_editor *e);

/* ---- wide.c: bytes and wide characters ---- */

/* New, ends in 0; NULL without memory. Bytes 0 are left out. */
wchar_t *snn_wide_new(const char *bytes, size_t n);
/* Pushes the bytes of n characters. */
void snn_wide_push(lua_State *L, const wchar_t *text, size_t n);
/* How many bytes n characters take. */
size_t snn_wide_bytes(const wchar_t *text, size_t n);
/* What stands for a byte that is no text. */
wchar_t snn_wide_stray(unsigned char byte);
/* Does the terminal speak UTF-8? Else a byte is a character. */
bool snn_wide_is_utf8(void);

/* ---- keys.c ---- */

/* A character that no key sends, for the listing of Tab. */
#define SNN_KEY_LIST L"\x83"
/* ... and to draw the line, by where its characters stand. */
#define SNN_KEY_REDRAW L"\x85"

/* Binds the keys; then ~/.editrc. */
void snn_keys_bind(snn_editor *e);

/* ---- candidates.c ---- */

/* What Tab and the listing below it do; as libedit's functions. */
unsigned char snn_candidates_complete(EditLine *line, int key);
unsigned char snn_candidates_list(EditLine *line, int key);
/* Frees what a listing has kept. */
void snn_candidates_forget(void);

/* ---- history.c ---- */

/* Finds the file of the history, and says why where it cannot be kept there. */
void snn_history_open(HistoryW *past);
/* Reads it, once: 10,000 entries take 5 ms, for which no prompt has to wait. */
void snn_history_read(HistoryW *past);
/* One more entry, of many lines maybe: at once into the file, too. */
void snn_history_add(HistoryW *past, const char *text, size_t length);
void snn_history_end(void);

#endif
#endif
