/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-wire"

#include "config.h"

#include "burble-wire-error.h"

G_DEFINE_QUARK (burble-wire-error-quark, burble_wire_error)
