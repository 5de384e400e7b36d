/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "burble-account.h"
#include "burble-contact.h"
#include "burble-conversation.h"
#include "burble-message.h"
#include "burble-notice.h"
#include "burble-server-summary.h"

G_BEGIN_DECLS

/*
 * The one place where states and errors become sentences. Machine words come from the engine
 * ("password", "unreachable"); what people read is written here, with a next step.
 */

/* What the connection banner offers to do about it. */
typedef enum
{
  BURBLE_REMEDY_NONE,
  BURBLE_REMEDY_GO_ONLINE,
  BURBLE_REMEDY_TRY_AGAIN,
  BURBLE_REMEDY_SIGN_IN,
  BURBLE_REMEDY_REVIEW,
} BurbleRemedy;

const char        *burble_words_status        (BurbleStatus status);
const char        *burble_words_status_icon   (BurbleStatus status);
const char        *burble_words_status_class  (BurbleStatus status);
char              *burble_words_presence      (BurbleStatus status, const char *mood);
const char        *burble_words_account_state (BurbleAccountState state);
/* “Gurgle · Connected” */
char              *burble_words_account       (const char *network, BurbleAccountState state,
                                               gboolean enabled);
/* What a network knows of people besides. Words to be translated, but for the two of its own. */
typedef struct
{
  const char *key;     /* the network's own; NULL ends a list of them */
  const char *title;
  const char *nothing; /* a value that says nothing, or NULL */
} BurbleDetailWords;

/* How people call a network, and what they call an address there. Words to be translated. */
typedef struct
{
  const char *network; /* NULL ends a list of them */
  const char *name;
  const char *address;
  const BurbleDetailWords *details; /* or NULL */
  /* What the place of its WebSocket is called, where one can be set by hand; else NULL. */
  const char *websocket;
  const char *websocket_about; /* when one would do that */
  const char *websocket_usual; /* nullable; not translated */
} BurbleNetworkWords;

/* words: (not copied): the networks there are; before the first window. */
void               burble_words_set_networks  (const BurbleNetworkWords *words);
const char        *burble_words_network       (const char *network);
/* Nullable. */
const BurbleNetworkWords *burble_words_get_network (const char *network);
/* "Gurgle ID"; to be freed. */
char              *burble_words_address       (const char *network);
/* "Picture", for one of the details of a person; NULL: that value says nothing. To be freed. */
char              *burble_words_detail        (const char *network, const char *key,
                                               const char *value);
char              *burble_words_error         (const char *word, const char *detail);
char              *burble_words_for_error     (const GError *error);
const char * const *burble_words_known_errors (void);
char              *burble_words_message_error (const char *word);
const char        *burble_words_message_state (BurbleMessageState state);
const char        *burble_words_message_state_icon (BurbleMessageState state);
char              *burble_words_banner        (BurbleAccount *account, gboolean several,
                                               BurbleRemedy *remedy);
const char        *burble_words_remedy        (BurbleRemedy remedy);
/* "14:31", or what the network calls it where nobody knows what that means. */
char              *burble_words_message_time  (BurbleMessage *message, gboolean use_24h);
/* "Alice, 14:31: Perfect, thank you!" */
char              *burble_words_message       (BurbleMessage *message, const char *sender,
                                               gboolean use_24h);
/* One line for a list: "You: See you at six" */
char              *burble_words_preview       (BurbleMessage *message, gboolean room);
char              *burble_words_contact       (BurbleContact *contact);
char              *burble_words_conversation  (BurbleConversation *conversation, gboolean use_24h);
char              *burble_words_notice_title  (BurbleNotice *notice);
char              *burble_words_notice_body   (BurbleNotice *notice);
char              *burble_words_fingerprint   (const char *fingerprint);

/* burble-words-servers.c */
char              *burble_words_server        (BurbleServerSummary *server);
char              *burble_words_no_server     (const GError *error);

/* burble-words-notices.c */
char              *burble_words_server_notice (const char *word, const char *subject,
                                               const char *text);
const char * const *burble_words_known_notices (void);

G_END_DECLS
