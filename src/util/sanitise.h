/* For builds with the address sanitiser: the bytes behind a block's own ones
   count as not there, so that whoever reads them is told. */
#ifndef SNN_UTIL_SANITISE_H
#define SNN_UTIL_SANITISE_H

#if defined(__SANITIZE_ADDRESS__)
#define SNN_SANITISED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SNN_SANITISED 1
#endif
#endif

#ifdef SNN_SANITISED
#include <sanitizer/asan_interface.h>
#define snn_poison(at, bytes) __asan_poison_memory_region(at, bytes)
#else
#define SNN_SANITISED 0
#define snn_poison(at, bytes) ((void)(at), (void)(bytes))
#endif

#endif
