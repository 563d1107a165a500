/* The version, in one place; CHANGELOG.md and the rockspec follow it. */
#ifndef SNN_UTIL_VERSION_H
#define SNN_UTIL_VERSION_H

#define SNN_VERSION "0.1.0"

#endif
