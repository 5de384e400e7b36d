/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-client-private.h"

#include <string.h>

#include "burble-json.h"

#define MAX_KEY 255
#define MAX_ATTACHMENTS 32
/* So that it fits, with what is put around it, into a packet of its own. */
#define MAX_BODY (4 * 1024 * 1024)

/* Puts the packet `sent` together. */
typedef struct
{
  GString *success;
  GString *failure;
  GString *seqs; /* of success, for who has `history` */
  const char *error;
  const char *reason;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  if (outcome->success != NULL)
    g_string_free (outcome->success, TRUE);
  if (outcome->failure != NULL)
    g_string_free (outcome->failure, TRUE);
  if (outcome->seqs != NULL)
    g_string_free (outcome->seqs, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
append_key (GString   **list,
            const char *key)
{
  if (*list == NULL)
    *list = g_string_sized_new (64);
  else
    g_string_append_c (*list, ',');
  burble_json_append_key (*list, key);
}

static void
add_failure (Outcome    *outcome,
             const char *key,
             const char *error,
             const char *reason)
{
  append_key (&outcome->failure, key);
  if (outcome->error == NULL)
    {
      outcome->error = error;
      outcome->reason = reason;
    }
}

static void
send_outcome (BurbleClient             *self,
              const BurbleGurglePacket *request,
              Outcome                  *outcome)
{
  g_autoptr(GString) json = g_string_sized_new (160);

  if (!request->has_id)
    return;
  g_string_append_printf (json, "{\"id\":%d,\"cmd\":\"sent\",\"success\":[", request->id);
  if (outcome->success != NULL)
    g_string_append_len (json, outcome->success->str, (gssize) outcome->success->len);
  g_string_append (json, "],\"failure\":[");
  if (outcome->failure != NULL)
    g_string_append_len (json, outcome->failure->str, (gssize) outcome->failure->len);
  g_string_append (json, "],\"error\":");
  burble_json_append_string (json, outcome->error);
  g_string_append (json, ",\"reason\":");
  burble_json_append_string (json, outcome->reason);
  if (outcome->seqs != NULL)
    g_string_append_printf (json, ",\"seq\":[%s]", outcome->seqs->str);
  g_string_append_c (json, '}');
  /* Not behind what is being pushed: one has nothing to do with the other. */
  burble_link_send (self->link, json->str, json->len);
  burble_client_update_pause (self);
}

/* What can be wrong with a message without asking the storage; NULL: nothing. */
static const char *
find_fault (const BurbleGurgleMessage *message,
            const char               **reason)
{
  if (strlen (message->id) > MAX_KEY)
    {
      *reason = "The id of a message has at most 255 bytes.";
      return "bad_message";
    }
  if (message->text == NULL && message->html == NULL && message->attachments->len == 0)
    {
      *reason = "The message is empty.";
      return "bad_message";
    }
  if (message->attachments->len > MAX_ATTACHMENTS)
    {
      *reason = "The message has too many attachments.";
      return "too_large";
    }
  return NULL;
}

static gint64
correct_time (BurbleClient *self,
              gint64        timestamp,
              gint64        now)
{
  gint64 tolerance = (gint64) self->server->config->timestamp_tolerance * G_USEC_PER_SEC;

  return timestamp < now - tolerance || timestamp > now + tolerance ? now : timestamp;
}

static BurbleMessageItem *
read_message (BurbleClient              *self,
              const BurbleGurgleMessage *message,
              gint64                     now,
              Outcome                   *outcome)
{
  g_autoptr(BurbleGurgleId) to = NULL;
  g_autoptr(BurbleStoredMessage) stored = NULL;
  g_autofree char *body = NULL;
  const char *reason = NULL;
  const char *error = find_fault (message, &reason);

  if (error == NULL)
    to = burble_client_parse_id (self, message->to, &error, &reason);
  if (to != NULL)
    {
      body = burble_json_message_body (message);
      if (strlen (body) > MAX_BODY)
        {
          error = "too_large";
          reason = "The message is too long.";
        }
    }
  if (error != NULL)
    {
      add_failure (outcome, message->id, error, reason);
      return NULL;
    }
  stored = burble_stored_message_new (message->id, self->terminal.full_id,
                                      burble_gurgle_id_get_full (to),
                                      correct_time (self, message->timestamp, now), body);
  return burble_message_item_new (stored, burble_gurgle_id_get_username (to), NULL);
}

/* A full id whose terminal is gone is as good as the bare one. */
static void
choose_target (BurbleClient      *self,
               BurbleMessageItem *item)
{
  const char *slash = strchr (item->message->to, '/');
  BurbleUser *user = NULL;

  if (slash == NULL)
    return;
  user = burble_users_find_name (self->server->users, item->recipient);
  if (user != NULL && burble_router_has (self->server->router, user->account, slash + 1))
    item->target = g_strdup (slash + 1);
}

/* As the other members of a room see it. */
static BurbleStoredMessage *
speak_in_room (const BurbleMessageItem *item)
{
  const char *from = item->message->from;
  g_autofree char *username = g_strndup (from, strchr (from, '@') - from);
  g_autofree char *room = g_strndup (item->message->to, strcspn (item->message->to, "/"));
  g_autofree char *speaker = g_strconcat (room, "/", username, NULL);
  GRefString *reference = g_ref_string_new (speaker);
  BurbleStoredMessage *message =
    burble_stored_message_new (item->message->key, reference, item->message->to,
                               item->message->timestamp, item->message->body);

  g_ref_string_release (reference);
  return message;
}

static void
deliver (BurbleServer            *server,
         gint64                   sender,
         const BurbleTerminal    *origin,
         const BurbleMessageItem *item)
{
  g_autoptr(BurbleStoredMessage) spoken = item->room ? speak_in_room (item) : NULL;

  for (guint i = 0; i < item->copies->len; i++)
    {
      const BurbleMessageCopy *copy = &g_array_index (item->copies, BurbleMessageCopy, i);
      BurbleDelivery delivery = { item->message, copy->seq, copy->outgoing, NULL, NULL };

      if (spoken != NULL && !copy->outgoing)
        delivery.message = spoken;
      if (copy->account == sender)
        delivery.origin = origin;
      if (!copy->outgoing)
        delivery.target = item->target;
      /* The terminal it is meant for may have gone meanwhile. */
      if (delivery.target != NULL &&
          !burble_router_has (server->router, copy->account, delivery.target))
        burble_server_hand_on (server, copy->account, delivery.target);
      else
        burble_router_deliver (server->router, copy->account, &delivery);
    }
}

/* Its place in the sender's own archive; of what had been sent before nobody looks it up. */
static void
append_seq (GString                **list,
            const BurbleMessageItem *item,
            gint64                   sender)
{
  if (*list == NULL)
    *list = g_string_sized_new (16);
  else
    g_string_append_c (*list, ',');
  for (guint i = 0; i < item->copies->len; i++)
    {
      const BurbleMessageCopy *copy = &g_array_index (item->copies, BurbleMessageCopy, i);

      if (copy->account != sender)
        continue;
      g_string_append_printf (*list, "%" G_GINT64_FORMAT, copy->seq);
      return;
    }
  g_string_append (*list, "null");
}

static void
add_outcome (Outcome                 *outcome,
             const BurbleMessageItem *item)
{
  if (item->outcome == BURBLE_MESSAGE_UNKNOWN_USER)
    add_failure (outcome, item->message->key, "unknown_user",
                 "There is nobody of that name here.");
  else if (item->outcome == BURBLE_MESSAGE_NOT_A_MEMBER)
    add_failure (outcome, item->message->key, "not_a_member", "You are not in this room.");
  else
    append_key (&outcome->success, item->message->key);
}

static gboolean
is_success (const BurbleMessageItem *item)
{
  return item->outcome == BURBLE_MESSAGE_STORED || item->outcome == BURBLE_MESSAGE_DUPLICATE;
}

static void
fail_all (BurbleStorageOp *op,
          Outcome         *outcome)
{
  for (guint i = 0; i < op->store.items->len; i++)
    {
      BurbleMessageItem *item = g_ptr_array_index (op->store.items, i);

      add_failure (outcome, item->message->key, "storage",
                   "The server could not store the message. Try again later.");
    }
}

static void
stored_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  g_auto(Outcome) outcome = { NULL, NULL, NULL, NULL, NULL };
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;
  gboolean stored = burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL);
  gboolean counted = (self->terminal.features & BURBLE_FEATURE_HISTORY) != 0;

  if (!stored)
    fail_all (op, &outcome);
  for (guint i = 0; stored && i < op->store.items->len; i++)
    {
      BurbleMessageItem *item = g_ptr_array_index (op->store.items, i);

      add_outcome (&outcome, item);
      if (counted && is_success (item))
        append_seq (&outcome.seqs, item, op->store.account);
      if (item->outcome == BURBLE_MESSAGE_STORED)
        deliver (self->server, op->store.account, &self->terminal, item);
    }
  /* Faults found before come last: the ids of one list have no order among them. */
  for (guint i = 0; request->failures != NULL && request->failures[i] != NULL; i++)
    add_failure (&outcome, request->failures[i], request->error, request->reason);
  send_outcome (self, request->request, &outcome);
}

void
burble_client_message (BurbleClient       *self,
                       BurbleGurglePacket *packet)
{
  g_autoptr(BurbleStorageOp) op = burble_storage_op_new (BURBLE_STORAGE_STORE_MESSAGES);
  g_autoptr(GStrvBuilder) failures = g_strv_builder_new ();
  g_auto(Outcome) outcome = { NULL, NULL, NULL, NULL, NULL };
  BurbleClientRequest *request = NULL;
  gint64 now = g_get_real_time ();

  op->store.account = self->terminal.account;
  op->store.terminal = g_strdup (self->terminal.name);
  op->store.items = g_ptr_array_new_with_free_func ((GDestroyNotify) burble_message_item_free);
  for (guint i = 0; i < packet->message.messages->len; i++)
    {
      const BurbleGurgleMessage *message = g_ptr_array_index (packet->message.messages, i);
      BurbleMessageItem *item = read_message (self, message, now, &outcome);

      if (item == NULL)
        {
          g_strv_builder_add (failures, message->id);
          continue;
        }
      choose_target (self, item);
      g_ptr_array_add (op->store.items, item);
    }
  if (op->store.items->len == 0)
    {
      send_outcome (self, packet, &outcome);
      return;
    }
  request = burble_client_submit (self, g_steal_pointer (&op), stored_cb, packet);
  request->failures = g_strv_builder_end (failures);
  request->error = outcome.error;
  request->reason = outcome.reason;
}
