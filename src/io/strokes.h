/* How the digits 0-9 are written: strokes as points in a unit square, x to the
   right, y down. A pen goes through a stroke's points on a smooth curve; a
   stroke of two points is straight, and a corner is where a new stroke begins.
   Each digit has several styles. */
#ifndef SNN_IO_STROKES_H
#define SNN_IO_STROKES_H

enum {
    SNN_STROKE_POINTS = 10,   /* in a stroke, at most */
    SNN_STYLE_STROKES = 3,    /* in a style, at most */
    SNN_DIGIT_STYLES = 3,     /* of a digit, at most */
    SNN_DIGITS = 10
};

typedef struct snn_stroke {
    int points; /* 0: there is no such stroke */
    float at[SNN_STROKE_POINTS][2];
} snn_stroke; /* closed when the last point is the first */

typedef struct snn_style {
    snn_stroke strokes[SNN_STYLE_STROKES];
} snn_style;

typedef struct snn_digit {
    int styles;
    snn_style style[SNN_DIGIT_STYLES];
} snn_digit;

extern const snn_digit snn_digits[SNN_DIGITS];

#endif
