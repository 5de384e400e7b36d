/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-typing"

#include "config.h"

#include "burble-typing.h"

struct _BurbleTyping
{
  GObject parent_instance;

  BurbleAccountScope *scope;
  GHashTable *own; /* peer -> OwnTyping */
  GHashTable *theirs; /* peer -> TheirTyping */
};

G_DEFINE_FINAL_TYPE (BurbleTyping, burble_typing, G_TYPE_OBJECT)

typedef struct
{
  gint64 told_at; /* monotonic µs of the last packet that said yes */
  gboolean told; /* the last packet said yes */
} OwnTyping;

typedef struct
{
  BurbleTyping *self;
  BurbleConversation *conversation;
  guint expiry_source;
} TheirTyping;

static void
their_typing_free (gpointer data)
{
  TheirTyping *theirs = data;

  g_clear_handle_id (&theirs->expiry_source, g_source_remove);
  burble_conversation_set_typing (theirs->conversation, NULL);
  g_object_unref (theirs->conversation);
  g_free (theirs);
}

static void
expiry_cb (gpointer user_data)
{
  TheirTyping *theirs = user_data;
  BurbleContact *contact = burble_conversation_get_contact (theirs->conversation);

  theirs->expiry_source = 0;
  g_hash_table_remove (theirs->self->theirs, burble_contact_get_id (contact));
}

static char *
name_of (BurbleAccountScope *scope, BurbleConversation *conversation, const char *sender)
{
  BurbleContact *contact = burble_conversation_get_contact (conversation);
  const char *at = NULL;

  if (sender == NULL || burble_contact_get_kind (contact) != BURBLE_CONTACT_ROOM)
    return g_strdup (burble_contact_get_display_name (contact));
  contact = burble_account_scope_find_contact (scope, sender);
  if (contact != NULL)
    return g_strdup (burble_contact_get_display_name (contact));
  at = strchr (sender, '@');
  return at != NULL && at != sender ? g_strndup (sender, at - sender) : g_strdup (sender);
}

static void
channel_changed_cb (BurbleTyping *self, const char *peer, const char *sender, gboolean typing)
{
  BurbleConversation *conversation = NULL;
  TheirTyping *theirs = NULL;
  g_autofree char *name = NULL;

  if (peer == NULL || *peer == '\0')
    return;
  if (!typing)
    {
      g_hash_table_remove (self->theirs, peer);
      return;
    }
  /* Nobody opens a chat with us by typing. */
  conversation = burble_account_scope_find_conversation (self->scope, peer);
  if (conversation == NULL)
    return;
  theirs = g_hash_table_lookup (self->theirs, peer);
  if (theirs == NULL)
    {
      theirs = g_new0 (TheirTyping, 1);
      theirs->self = self;
      theirs->conversation = g_object_ref (conversation);
      g_hash_table_insert (self->theirs, g_strdup (peer), theirs);
    }
  g_clear_handle_id (&theirs->expiry_source, g_source_remove);
  theirs->expiry_source =
    g_timeout_add_once (burble_account_scope_get_options (self->scope)->typing_expiry,
                        expiry_cb, theirs);
  name = name_of (self->scope, conversation, sender);
  burble_conversation_set_typing (conversation, name);
}

static void
burble_typing_dispose (GObject *object)
{
  BurbleTyping *self = BURBLE_TYPING (object);

  g_hash_table_remove_all (self->theirs);
  g_clear_object (&self->scope);

  G_OBJECT_CLASS (burble_typing_parent_class)->dispose (object);
}

static void
burble_typing_finalize (GObject *object)
{
  BurbleTyping *self = BURBLE_TYPING (object);

  g_hash_table_unref (self->own);
  g_hash_table_unref (self->theirs);

  G_OBJECT_CLASS (burble_typing_parent_class)->finalize (object);
}

static void
burble_typing_class_init (BurbleTypingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_typing_dispose;
  object_class->finalize = burble_typing_finalize;
}

static void
burble_typing_init (BurbleTyping *self)
{
  self->own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->theirs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, their_typing_free);
}

BurbleTyping *
burble_typing_new (BurbleAccountScope *scope)
{
  BurbleTyping *self = g_object_new (BURBLE_TYPE_TYPING, NULL);
  BurbleConnection *connection = burble_account_scope_get_connection (scope);

  self->scope = g_object_ref (scope);
  if (BURBLE_IS_TYPING_CHANNEL (connection))
    g_signal_connect_object (connection, "typing-changed",
                             G_CALLBACK (channel_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
burble_typing_set (BurbleTyping *self, BurbleConversation *conversation, gboolean typing)
{
  const BurbleSessionOptions *options = NULL;
  BurbleConnection *connection = NULL;
  const char *peer = NULL;
  OwnTyping *own = NULL;
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (BURBLE_IS_TYPING (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  options = burble_account_scope_get_options (self->scope);
  connection = burble_account_scope_get_connection (self->scope);
  if (!burble_account_scope_can (self->scope, BURBLE_CAPABILITY_TYPING)
      || !BURBLE_IS_TYPING_CHANNEL (connection) || !burble_account_scope_may_show (self->scope))
    return;
  peer = burble_contact_get_id (burble_conversation_get_contact (conversation));
  own = g_hash_table_lookup (self->own, peer);

  /* The end is told even if the switch was turned off since the beginning was. */
  if (!typing)
    {
      if (own == NULL || !own->told)
        return;
      own->told = FALSE;
      burble_typing_channel_send (BURBLE_TYPING_CHANNEL (connection), peer, FALSE);
      return;
    }

  if (!options->send_typing
      || (own != NULL
          && now - own->told_at < options->typing_interval * (gint64) G_TIME_SPAN_MILLISECOND))
    return;
  if (own == NULL)
    {
      own = g_new0 (OwnTyping, 1);
      g_hash_table_insert (self->own, g_strdup (peer), own);
    }
  own->told = TRUE;
  own->told_at = now;
  burble_typing_channel_send (BURBLE_TYPING_CHANNEL (connection), peer, TRUE);
}

void
burble_typing_clear (BurbleTyping *self)
{
  g_return_if_fail (BURBLE_IS_TYPING (self));

  g_hash_table_remove_all (self->own);
  g_hash_table_remove_all (self->theirs);
}
