/* What is known of the terminal behind standard output. Asked anew each time:
   windows are resized. */
#ifndef SNN_UTIL_TERMINAL_H
#define SNN_UTIL_TERMINAL_H

#include <stdbool.h>

/* By COLUMNS and LINES, else the terminal's; of a pipe 80 and 24. */
int snn_terminal_columns(void);
int snn_terminal_rows(void);
/* The same, 0 of a pipe. */
int snn_terminal_known_columns(void);
/* It is one that shows colours, and nobody has said NO_COLOR. */
bool snn_terminal_has_color(void);
/* The environment says that texts are UTF-8. */
bool snn_terminal_is_utf8(void);

#endif
