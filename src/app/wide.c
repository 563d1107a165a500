/* Bytes and wide characters, both ways without a loss: a byte that is no text
   stands as U+DC00 plus itself, which no text has. */
#include "app/edit.h"

#ifdef SNN_HAVE_EDIT
#include <langinfo.h>
#include <lauxlib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { STRAY = 0xDC00 };

wchar_t snn_wide_stray(unsigned char byte) { return STRAY + byte; }

static bool is_stray(wchar_t c) { return c >= STRAY + 0x80 && c <= STRAY + 0xFF; }

bool snn_wide_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

/* The character at the first of n > 0 bytes in *out; how many bytes it takes. */
static size_t decode(const unsigned char *s, size_t n, wchar_t *out)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t length = s[0] < 0x80 ? 1
        : s[0] >= 0xC2 && s[0] < 0xE0 ? 2
        : s[0] >= 0xE0 && s[0] < 0xF0 ? 3
        : s[0] >= 0xF0 && s[0] < 0xF5 ? 4 : 0;
    *out = snn_wide_stray(s[0]);
    if (length == 0 || length > n) return 1;
    if (length == 1) {
        *out = s[0];
        return 1;
    }
    uint32_t c = s[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80) return 1;
        c = c << 6 | (s[i] & 0x3F);
    }
    if (c < least[length] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return 1;
    *out = (wchar_t)c;
    return length;
}

static size_t decode_byte(unsigned char byte, wchar_t *out)
{
    wint_t c = btowc(byte);
    *out = c == WEOF ? snn_wide_stray(byte) : (wchar_t)c;
    return 1;
}

wchar_t *snn_wide_new(const char *bytes, size_t n)
{
    const unsigned char *s = (const unsigned char *)bytes;
    bool utf8 = snn_wide_is_utf8();
    wchar_t *text = malloc((n + 1) * sizeof *text), *out = text;
    if (!text) return NULL;
    for (size_t i = 0; i < n;) {
        i += utf8 ? decode(s + i, n - i, out) : decode_byte(s[i], out);
        if (*out) out++;
    }
    *out = 0;
    return text;
}

/* Writes a character's bytes; how many. */
static size_t encode(wchar_t wide, bool utf8, char *out)
{
    uint32_t c = (uint32_t)wide;
    if (is_stray(wide)) {
        out[0] = (char)(wide - STRAY);
        return 1;
    }
    int byte = utf8 ? EOF : wctob((wint_t)wide);
    if (byte != EOF || c < 0x80) {
        out[0] = (char)(byte != EOF ? byte : (int)c);
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)((0xF00u >> n & 0xF0u) | c);
    return n;
}

size_t snn_wide_bytes(const wchar_t *text, size_t n)
{
    char piece[4];
    size_t total = 0;
    bool utf8 = snn_wide_is_utf8();
    for (size_t i = 0; i < n; i++) total += encode(text[i], utf8, piece);
    return total;
}

void snn_wide_push(lua_State *L, const wchar_t *text, size_t n)
{
    luaL_Buffer out;
    char piece[4];
    bool utf8 = snn_wide_is_utf8();
    luaL_buffinit(L, &out);
    for (size_t i = 0; i < n; i++)
        if (text[i]) luaL_addlstring(&out, piece, encode(text[i], utf8, piece));
    luaL_pushresult(&out);
}
#endif
