/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-writer"

#include "config.h"

#include "burble-private-chat-writer.h"

#include <string.h>

#include "burble-json-private.h"
#include "burble-private-chat-name.h"
#include "burble-wire-error.h"

#define MAX_KEY 64
#define MAX_REF 200

/*
 * There is no function for the channel new-user: a site answers it to nobody, and its handler ends
 * when it is used.
 */

struct _BurblePrivateChatWriter
{
  char *key; /* NULL: dead */
  gint64 expires;
  GHashTable *users;
  GHashTable *dialogs;
};

static gboolean
is_key (const char *key)
{
  gsize length = key != NULL ? strlen (key) : 0;

  if (length == 0 || length > MAX_KEY)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (key[i]))
      return FALSE;
  return TRUE;
}

/**
 * burble_private_chat_writer_new:
 * @session_key: what the site set as its session cookie, just now
 * @expires: when it said that it would forget it, in µs since 1970
 *
 * Returns: (transfer full): a writer; one that is dead from the beginning where that is no key
 */
BurblePrivateChatWriter *
burble_private_chat_writer_new (const char *session_key, gint64 expires)
{
  BurblePrivateChatWriter *self = g_new0 (BurblePrivateChatWriter, 1);

  self->key = is_key (session_key) ? g_strdup (session_key) : NULL;
  self->expires = expires;
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->dialogs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
burble_private_chat_writer_free (BurblePrivateChatWriter *self)
{
  burble_private_chat_writer_revoke (self);
  g_hash_table_unref (self->users);
  g_hash_table_unref (self->dialogs);
  g_free (self);
}

void
burble_private_chat_writer_revoke (BurblePrivateChatWriter *self)
{
  if (self->key != NULL)
    explicit_bzero (self->key, strlen (self->key));
  g_clear_pointer (&self->key, g_free);
}

gboolean
burble_private_chat_writer_is_live (BurblePrivateChatWriter *self)
{
  return self->key != NULL && g_get_real_time () < self->expires;
}

gboolean
burble_private_chat_writer_has_key (BurblePrivateChatWriter *self, const char *key)
{
  return self->key != NULL && g_strcmp0 (self->key, key) == 0;
}

void
burble_private_chat_writer_forget_users (BurblePrivateChatWriter *self)
{
  g_hash_table_remove_all (self->users);
}

void
burble_private_chat_writer_add_user (BurblePrivateChatWriter *self, const char *username)
{
  if (burble_private_chat_name_is_valid (username))
    g_hash_table_add (self->users, g_strdup (username));
}

gboolean
burble_private_chat_writer_knows (BurblePrivateChatWriter *self, const char *username)
{
  return username != NULL && g_hash_table_contains (self->users, username);
}

void
burble_private_chat_writer_add_dialog (BurblePrivateChatWriter *self, const char *username)
{
  if (burble_private_chat_name_is_valid (username))
    g_hash_table_add (self->dialogs, g_strdup (username));
}

gboolean
burble_private_chat_writer_has_dialog (BurblePrivateChatWriter *self, const char *username)
{
  return burble_private_chat_writer_knows (self, username)
         && g_hash_table_contains (self->dialogs, username);
}

static gpointer
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_HARMFUL, why);
  return NULL;
}

static gboolean
may_write (BurblePrivateChatWriter *self, GError **error)
{
  if (burble_private_chat_writer_is_live (self))
    return TRUE;
  refuse (error, "The session has ended");
  return FALSE;
}

static gboolean
may_write_to (BurblePrivateChatWriter *self, const char *username, GError **error)
{
  if (!may_write (self, error))
    return FALSE;
  if (!burble_private_chat_writer_knows (self, username))
    {
      refuse (error, "Nobody is known by that name");
      return FALSE;
    }
  return TRUE;
}

static GString *
begin (BurblePrivateChatWriter *self, const char *type, const char *username)
{
  GString *out = g_string_new (NULL);

  burble_json_write_open (out, '{');
  burble_json_write_name (out, "type");
  burble_json_write_string (out, type);
  burble_json_write_name (out, "session_key");
  burble_json_write_string (out, self->key);
  if (username != NULL)
    {
      burble_json_write_name (out, "username");
      burble_json_write_string (out, username);
    }
  return out;
}

static char *
end (GString *out)
{
  burble_json_write_close (out, '}');
  return g_string_free (out, FALSE);
}

char *
burble_private_chat_writer_message (BurblePrivateChatWriter  *self,
                                    const char               *username,
                                    const char               *text,
                                    const char               *client_ref,
                                    GError                  **error)
{
  GString *out = NULL;
  g_autofree char *packet = NULL;

  if (!may_write_to (self, username, error))
    return NULL;
  if (!burble_private_chat_writer_has_dialog (self, username))
    return refuse (error, "The dialog is not open");
  /* This finds halves of surrogate pairs, too. */
  if (text == NULL || *text == '\0' || !g_utf8_validate (text, -1, NULL))
    return refuse (error, "Not a text");
  if (client_ref != NULL
      && (strlen (client_ref) > MAX_REF || !g_utf8_validate (client_ref, -1, NULL)))
    return refuse (error, "Not a reference");

  out = begin (self, "new-message", username);
  burble_json_write_name (out, "message");
  burble_json_write_string (out, text);
  if (client_ref != NULL)
    {
      burble_json_write_name (out, "client_ref");
      burble_json_write_string (out, client_ref);
    }
  packet = end (out);
  if (strlen (packet) <= BURBLE_PRIVATE_CHAT_MAX_PACKET)
    return g_steal_pointer (&packet);
  g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE, "Too long");
  return NULL;
}

char *
burble_private_chat_writer_online (BurblePrivateChatWriter *self, GError **error)
{
  return may_write (self, error) ? end (begin (self, "online", NULL)) : NULL;
}

char *
burble_private_chat_writer_offline (BurblePrivateChatWriter *self, GError **error)
{
  return may_write (self, error) ? end (begin (self, "offline", NULL)) : NULL;
}

char *
burble_private_chat_writer_check_online (BurblePrivateChatWriter  *self,
                                         const char               *username,
                                         GError                  **error)
{
  return may_write_to (self, username, error) ? end (begin (self, "check-online", username)) : NULL;
}

char *
burble_private_chat_writer_typing (BurblePrivateChatWriter  *self,
                                   const char               *username,
                                   gboolean                  typing,
                                   GError                  **error)
{
  GString *out = NULL;

  if (!may_write_to (self, username, error))
    return NULL;
  out = begin (self, "is-typing", username);
  burble_json_write_name (out, "typing");
  burble_json_write_boolean (out, typing);
  return end (out);
}

char *
burble_private_chat_writer_read (BurblePrivateChatWriter  *self,
                                 const char               *username,
                                 gint64                    message_id,
                                 GError                  **error)
{
  GString *out = NULL;

  if (!may_write_to (self, username, error))
    return NULL;
  if (message_id <= 0 || message_id == G_MAXINT64)
    return refuse (error, "Not the number of a message");
  out = begin (self, "read_message", username);
  burble_json_write_name (out, "message_id");
  burble_json_write_integer (out, message_id);
  return end (out);
}

char *
burble_private_chat_writer_socket (BurblePrivateChatWriter  *self,
                                   const char               *base,
                                   const char               *username,
                                   GError                  **error)
{
  if (!may_write_to (self, username, error))
    return NULL;
  if (!burble_private_chat_name_has_path (username))
    return refuse (error, "A name that no path can hold");
  return g_strconcat (base, g_str_has_suffix (base, "/") ? "" : "/", self->key, "/", username,
                      NULL);
}
