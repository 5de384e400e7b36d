/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include <stdlib.h>

/* What libFuzzer calls with each input, and our own main with each file of the corpus. */
int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* g_assert() would end a fuzzed program as well, but says nothing where it is compiled out. */
#define fuzz_assert(condition) \
  G_STMT_START { \
    if (!(condition)) \
      { \
        g_printerr ("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
        abort (); \
      } \
  } G_STMT_END
