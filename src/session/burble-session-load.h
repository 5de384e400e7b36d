/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-session.h"

G_BEGIN_DECLS

/* The lists are filled. */
void burble_session_set_loaded (BurbleSession *self);

G_END_DECLS
