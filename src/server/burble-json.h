/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "burble-gurgle-packet.h"
#include "burble-storage.h"

G_BEGIN_DECLS

/*
 * The two packets that make up nearly all of the traffic, `message` and `sent`, are written
 * straight as text: a message is turned into JSON once, when it comes in, and copied from then on.
 */
void  burble_json_append_string   (GString    *json,
                                   const char *text); /* NULL: null */
/* A message id as the wire library spells it, back with its JSON type. */
void  burble_json_append_key      (GString    *json,
                                   const char *key);
/* The members "text", "html" and "attachments" of a message, without braces. */
char *burble_json_message_body    (const BurbleGurgleMessage *message);
/* One element of "messages"; @with_to for what the receiver sent, @seq -1: without. */
void  burble_json_append_message  (GString                   *json,
                                   const BurbleStoredMessage *message,
                                   gboolean                   with_to,
                                   gint64                     seq);

G_END_DECLS
