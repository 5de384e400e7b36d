/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A cable that can be cut: passes bytes between a client and a port of this machine. */
typedef struct _Proxy Proxy;

Proxy   *proxy_new          (guint16 target_port);
void     proxy_free         (Proxy *self);
guint16  proxy_get_port     (Proxy *self);
/* All links through it break; new ones are possible, with answers again. */
void     proxy_cut          (Proxy *self);
/* From now on nothing comes back any more. */
void     proxy_hold_answers (Proxy *self);

G_END_DECLS
