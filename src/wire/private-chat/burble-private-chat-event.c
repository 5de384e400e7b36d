/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-event"

#include "config.h"

#include "burble-private-chat-event.h"

#include <string.h>

#include "burble-json-private.h"
#include "burble-private-chat-name.h"
#include "burble-wire-error.h"

/* Longer references are not ours. */
#define MAX_REF 200

static void
user_free (gpointer data)
{
  BurblePrivateChatUser *user = data;

  g_free (user->username);
  g_free (user->uuid);
  g_free (user);
}

void
burble_private_chat_event_free (BurblePrivateChatEvent *self)
{
  g_free (self->username);
  g_strfreev (self->usernames);
  g_clear_pointer (&self->users, g_ptr_array_unref);
  g_free (self->sender);
  g_free (self->text);
  g_free (self->client_ref);
  g_free (self->created);
  g_free (self);
}

/* NULL where there is none. */
static const char *
get_text (JsonNode *object, const char *name)
{
  JsonNode *node = burble_json_get_member (object, name);

  return node != NULL ? burble_json_get_string (node) : NULL;
}

/* NULL where it is no name. */
static const char *
get_name (JsonNode *node)
{
  const char *name = node != NULL ? burble_json_get_string (node) : NULL;

  return burble_private_chat_name_is_valid (name) ? name : NULL;
}

static gboolean
take_name (JsonNode *root, const char *member, char **name)
{
  *name = g_strdup (get_name (burble_json_get_member (root, member)));
  return *name != NULL;
}

static gboolean
take_message_id (JsonNode *root, gint64 *id)
{
  JsonNode *node = burble_json_get_member (root, "message_id");
  const char *text = get_text (root, "message_id");
  const char *end = NULL;

  /* The number of a read mark comes back as whatever type the reader gave it. */
  if (text != NULL && g_ascii_isdigit (*text))
    {
      guint64 number = g_ascii_strtoull (text, (char **) &end, 10);

      *id = *end == '\0' && number < G_MAXINT64 ? (gint64) number : 0;
    }
  else if (node == NULL || !burble_json_get_integer (node, id))
    {
      *id = 0;
    }
  return *id > 0;
}

static gboolean
take_message (BurblePrivateChatEvent *self, JsonNode *root)
{
  JsonNode *message = burble_json_get_member (root, "message");
  const char *ref = get_text (root, "client_ref");

  if (message == NULL || !take_name (root, "username", &self->username)
      || !take_name (root, "sender_name", &self->sender)
      || !take_message_id (root, &self->message_id))
    return FALSE;
  self->text = burble_json_get_string (message) != NULL
               ? g_strdup (burble_json_get_string (message)) : burble_json_dup_text (message);
  if (ref != NULL && strlen (ref) <= MAX_REF)
    self->client_ref = g_strdup (ref);
  self->created = g_strdup (get_text (root, "created"));
  self->date = burble_private_chat_date_read (self->created);
  return self->text != NULL;
}

static gboolean
take_online (BurblePrivateChatEvent *self, JsonNode *root)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *list = burble_json_get_member (root, "usernames");
  JsonArray *array = list != NULL && JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list)
                                                                  : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *name = get_name (json_array_get_element (array, i));

      if (name != NULL)
        g_strv_builder_add (builder, name);
    }
  self->usernames = g_strv_builder_end (builder);
  return array != NULL;
}

static gboolean
take_users (BurblePrivateChatEvent *self, JsonNode *root)
{
  JsonNode *list = burble_json_get_member (root, "value");
  JsonArray *array = list != NULL && JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list)
                                                                  : NULL;

  self->users = g_ptr_array_new_with_free_func (user_free);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *name = get_name (burble_json_get_member (element, "username"));
      BurblePrivateChatUser *user = NULL;

      if (name == NULL)
        continue;
      user = g_new0 (BurblePrivateChatUser, 1);
      user->username = g_strdup (name);
      user->uuid = g_strdup (get_text (element, "uuid"));
      g_ptr_array_add (self->users, user);
    }
  return array != NULL;
}

static gboolean
take_gone (BurblePrivateChatEvent *self, JsonNode *root)
{
  return take_name (root, "username", &self->username);
}

static gboolean
take_read (BurblePrivateChatEvent *self, JsonNode *root)
{
  return take_name (root, "username", &self->username) && take_message_id (root, &self->message_id);
}

static const struct
{
  const char *type;
  BurblePrivateChatChannel channel;
  gboolean (*take) (BurblePrivateChatEvent *self, JsonNode *root);
} events[] = {
  { "new-message", BURBLE_PRIVATE_CHAT_NEW_MESSAGE, take_message },
  { "users-changed", BURBLE_PRIVATE_CHAT_NEW_USER, take_users },
  { "gone-online", BURBLE_PRIVATE_CHAT_ONLINE, take_online },
  { "gone-offline", BURBLE_PRIVATE_CHAT_OFFLINE, take_gone },
  { "opponent-typing", BURBLE_PRIVATE_CHAT_IS_TYPING, take_gone },
  { "opponent-read-message", BURBLE_PRIVATE_CHAT_READ_MESSAGE, take_read },
};

/**
 * burble_private_chat_event_parse:
 * @text: the text of one WebSocket message
 * @length: its bytes
 * @error: return location
 *
 * Returns: (transfer full): what it says; %NULL for what is no packet, which harms nothing: the
 *   next one may be
 */
BurblePrivateChatEvent *
burble_private_chat_event_parse (const char *text, gsize length, GError **error)
{
  /* What somebody said may hold what no text here can; it comes once, so it is mended. */
  g_autofree char *mended = burble_json_mend (text, length);
  g_autoptr(JsonNode) root = burble_json_parse (mended != NULL ? mended : text, length,
                                                &burble_json_default_limits, error);
  g_autoptr(BurblePrivateChatEvent) self = NULL;
  const char *type = NULL;

  if (root == NULL)
    return NULL;
  type = get_text (root, "type");
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (g_strcmp0 (type, events[i].type) == 0)
      {
        self = g_new0 (BurblePrivateChatEvent, 1);
        self->channel = events[i].channel;
        if (events[i].take (self, root))
          return g_steal_pointer (&self);
      }
  g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET,
                       self != NULL ? "A packet without what it is about" : "An unknown packet");
  return NULL;
}
