/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "burble-private-chat-clock.h"
#include "burble-private-chat-page.h"

G_BEGIN_DECLS

/* What the site answered to one question. */
typedef struct
{
  guint status;
  BurblePrivateChatPage *page; /* NULL: there is none, or none that can be read */
} BurblePrivateChatAnswer;

void burble_private_chat_answer_free (BurblePrivateChatAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurblePrivateChatAnswer, burble_private_chat_answer_free)

/**
 * BurblePrivateChatWeb:
 *
 * The pages of one site, with the cookies of one person. Redirects are answers here, not followed:
 * what is behind them is not asked for, and nobody else gets the cookies.
 */
#define BURBLE_TYPE_PRIVATE_CHAT_WEB (burble_private_chat_web_get_type ())
G_DECLARE_FINAL_TYPE (BurblePrivateChatWeb, burble_private_chat_web, BURBLE, PRIVATE_CHAT_WEB,
                      GObject)

BurblePrivateChatWeb    *burble_private_chat_web_new             (GUri *base, const char *pin);
GUri                    *burble_private_chat_web_get_base        (BurblePrivateChatWeb *self);
/* Set by what the pages say. */
BurblePrivateChatClock  *burble_private_chat_web_get_clock       (BurblePrivateChatWeb *self);
/* NULL: not signed in. */
const char              *burble_private_chat_web_get_session_key (BurblePrivateChatWeb *self);
/* By our clock, µs since 1970. */
gint64                   burble_private_chat_web_get_expiry      (BurblePrivateChatWeb *self);
void                     burble_private_chat_web_forget_session  (BurblePrivateChatWeb *self);
void                     burble_private_chat_web_set_pin         (BurblePrivateChatWeb *self,
                                                                  const char           *pin);
/* What the site showed that could not be trusted, if that was it. Nullable. */
GTlsCertificate         *burble_private_chat_web_get_certificate (BurblePrivateChatWeb *self,
                                                                  GTlsCertificateFlags *errors);

/* path: below the site's address, escaped, without a slash in front. */
void                     burble_private_chat_web_get_async  (BurblePrivateChatWeb *self,
                                                             const char           *path,
                                                             GCancellable         *cancellable,
                                                             GAsyncReadyCallback   callback,
                                                             gpointer              user_data);
BurblePrivateChatAnswer *burble_private_chat_web_get_finish (BurblePrivateChatWeb  *self,
                                                             GAsyncResult          *result,
                                                             GError               **error);
void                     burble_private_chat_web_sign_in_async  (BurblePrivateChatWeb *self,
                                                                 const char           *username,
                                                                 const char           *password,
                                                                 GCancellable         *cancellable,
                                                                 GAsyncReadyCallback   callback,
                                                                 gpointer              user_data);
gboolean                 burble_private_chat_web_sign_in_finish (BurblePrivateChatWeb  *self,
                                                                 GAsyncResult          *result,
                                                                 GError               **error);
void                     burble_private_chat_web_connect_async  (BurblePrivateChatWeb *self,
                                                                 const char           *url,
                                                                 GCancellable         *cancellable,
                                                                 GAsyncReadyCallback   callback,
                                                                 gpointer              user_data);
SoupWebsocketConnection *burble_private_chat_web_connect_finish (BurblePrivateChatWeb  *self,
                                                                 GAsyncResult          *result,
                                                                 GError               **error);

G_END_DECLS
