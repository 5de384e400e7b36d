/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-session.h"

G_BEGIN_DECLS

/*
 * Beside burble_session_error_word(): the server's own sentence about it, where there can be one;
 * else NULL.
 */
const char *burble_error_detail (const GError *error);

G_END_DECLS
