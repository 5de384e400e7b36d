/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-profile.h"
#include "burble-session.h"

G_BEGIN_DECLS

/**
 * BurbleDemo:
 *
 * What `--demo` and `--demo --join` open: a world in a process of its own (burble-demo), and the
 * profile of somebody in it. The user's own accounts, keyring and files are not touched.
 */
typedef struct _BurbleDemo BurbleDemo;

/* Starts the world and waits until it is ready (about a second): there is no window yet. */
BurbleDemo    *burble_demo_start       (GError        **error);
/* Finds the world that another Burble of this user's started. */
BurbleDemo    *burble_demo_join        (GError        **error);
BurbleProfile *burble_demo_new_profile (BurbleDemo     *self,
                                        GError        **error);
/* After the session is loaded: signs the guest in, where this is the second window. */
void           burble_demo_sign_in     (BurbleDemo     *self,
                                        BurbleSession  *session);
/* Ends the world, where this started it. */
void           burble_demo_free        (BurbleDemo     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleDemo, burble_demo_free)

G_END_DECLS
