/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-net-error.h"

G_DEFINE_QUARK (burble-net-error-quark, burble_net_error)
