/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-client-private.h"

#include <string.h>

#define MAX_CHANGES 1000
#define MAX_ALIAS 512

static char *
format_etag (gint64 version)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, version);
}

static GPtrArray *
new_entries (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) burble_gurgle_roster_entry_free);
}

static void
add_terminal (const BurbleTerminal *terminal,
              gpointer              user_data)
{
  if (burble_terminal_is_visible (terminal))
    g_ptr_array_add (user_data, burble_gurgle_terminal_new (terminal->name, terminal->status,
                                                            terminal->mood));
}

/* @row NULL: the entry of @username is gone. */
BurbleGurgleRosterEntry *
burble_server_roster_entry (BurbleServer          *self,
                            const BurbleRosterRow *row,
                            const char            *username)
{
  g_autofree char *from = g_strconcat (username, "@", self->domain, NULL);
  BurbleGurgleRosterEntry *entry = burble_gurgle_roster_entry_new (from);
  BurbleSight sight = burble_sight_of_row (row);

  if (row == NULL)
    {
      entry->removed = TRUE;
      return entry;
    }
  entry->name = g_strdup (row->name);
  entry->bio = g_strdup (row->bio);
  entry->alias = g_strdup (row->alias);
  entry->has_alias = TRUE;
  entry->type = row->room ? BURBLE_GURGLE_ENTRY_CHATROOM : BURBLE_GURGLE_ENTRY_PEER;
  entry->has_subscription = TRUE;
  entry->ask = row->peer_wants && !row->allows;
  if (row->room)
    entry->subscription = BURBLE_GURGLE_SUBSCRIPTION_BOTH;
  else if (sight == (BURBLE_SIGHT_I_SEE | BURBLE_SIGHT_SEES_ME))
    entry->subscription = BURBLE_GURGLE_SUBSCRIPTION_BOTH;
  else if (sight == BURBLE_SIGHT_I_SEE)
    entry->subscription = BURBLE_GURGLE_SUBSCRIPTION_TO;
  else if (sight == BURBLE_SIGHT_SEES_ME)
    entry->subscription = BURBLE_GURGLE_SUBSCRIPTION_FROM;
  else
    entry->subscription = BURBLE_GURGLE_SUBSCRIPTION_NONE;
  if ((sight & BURBLE_SIGHT_I_SEE) != 0)
    burble_router_foreach (self->router, row->peer, add_terminal, entry->terminals);
  return entry;
}

void
burble_server_push_entries (BurbleServer         *self,
                            gint64                account,
                            gint64                version,
                            GPtrArray            *entries,
                            const BurbleTerminal *except)
{
  g_autoptr(BurbleGurglePacket) packet = NULL;
  g_autoptr(GBytes) payload = NULL;
  BurbleUser *user = burble_users_find (self->users, account);

  if (user == NULL)
    return;
  user->version = MAX (user->version, version);
  packet = burble_gurgle_packet_new (BURBLE_GURGLE_UPDATE_ROSTER);
  packet->roster.etag = format_etag (version);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (packet->roster.entries, g_ptr_array_index (entries, i));
  payload = burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_1);
  /* They are still the caller's. */
  while (packet->roster.entries->len > 0)
    g_ptr_array_steal_index (packet->roster.entries, packet->roster.entries->len - 1);
  burble_router_send (self->router, account, NULL, BURBLE_FEATURE_NONE, TRUE, except, payload);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  g_autoptr(BurbleGurglePacket) answer = NULL;
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;
  gboolean loaded = burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL);

  if (burble_client_is_gone (self))
    return;
  if (!loaded)
    {
      burble_client_refuse (self, request->request, "storage",
                            "The server cannot read its storage.");
      return;
    }
  answer = burble_gurgle_packet_new (BURBLE_GURGLE_FLUSH_ROSTER);
  burble_gurgle_packet_answer_to (answer, request->request);
  answer->roster.etag = format_etag (op->load_roster.version);
  for (guint i = 0; i < op->load_roster.rows->len; i++)
    {
      const BurbleRosterRow *row = g_ptr_array_index (op->load_roster.rows, i);

      g_ptr_array_add (answer->roster.entries,
                       burble_server_roster_entry (self->server, row, row->username));
    }
  self->terminal.interested = TRUE;
  burble_client_send (self, answer);
}

void
burble_client_get_roster (BurbleClient       *self,
                          BurbleGurglePacket *packet)
{
  g_autofree char *etag = format_etag (self->user->version);
  BurbleStorageOp *op = NULL;

  if (self->busy == 0 && g_strcmp0 (packet->roster.etag, etag) == 0)
    {
      g_autoptr(BurbleGurglePacket) answer = burble_gurgle_packet_new (BURBLE_GURGLE_KEEP_ROSTER);

      burble_gurgle_packet_answer_to (answer, packet);
      answer->roster.etag = g_steal_pointer (&etag);
      burble_client_send (self, answer);
      self->terminal.interested = TRUE;
      burble_client_send_presences (self);
      return;
    }
  op = burble_storage_op_new (BURBLE_STORAGE_LOAD_ROSTER);
  op->load_roster.account = self->terminal.account;
  burble_client_submit (self, op, loaded_cb, packet);
}

static const char *
describe_outcome (BurbleRosterOutcome outcome,
                  const char        **reason)
{
  if (outcome == BURBLE_ROSTER_UNKNOWN_USER)
    {
      *reason = "There is nobody of that name here.";
      return "unknown_user";
    }
  if (outcome == BURBLE_ROSTER_NOT_A_ROOM)
    {
      *reason = "This is the name of a person.";
      return "exists";
    }
  if (outcome == BURBLE_ROSTER_BAD_NAME)
    {
      *reason = "A new room cannot have this name: it could be taken for another one.";
      return "bad_id";
    }
  *reason = "There are too many contacts.";
  return "roster_full";
}

/* The other side of one change: their terminals hear of it, and who sees whom. */
static void
tell_peer (BurbleClient       *self,
           BurbleRosterChange *change)
{
  BurbleServer *server = self->server;
  const char *full_id = self->terminal.full_id;
  g_autofree char *username = g_strndup (full_id, strchr (full_id, '@') - full_id);

  if (change->theirs_changed)
    {
      g_autoptr(GPtrArray) entries = new_entries ();

      g_ptr_array_add (entries, burble_server_roster_entry (server, change->theirs, username));
      burble_server_push_entries (server, change->peer, change->their_version, entries, NULL);
    }
  burble_server_change_sight (server, self->terminal.account, change->peer,
                              burble_sight_of_row (change->own));
  burble_server_change_sight (server, change->peer, self->terminal.account,
                              burble_sight_of_row (change->theirs));
}

static void
changed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  g_autoptr(BurbleGurglePacket) answer = burble_gurgle_packet_new (BURBLE_GURGLE_UPDATE_ROSTER);
  g_autoptr(GPtrArray) entries = new_entries ();
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;
  const char *error = request->error;
  const char *reason = request->reason;

  burble_gurgle_packet_answer_to (answer, request->request);
  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL))
    {
      if (!burble_client_is_gone (self))
        burble_client_refuse (self, request->request, "storage",
                              "The server cannot write to its storage.");
      return;
    }
  for (guint i = 0; i < op->change_roster.changes->len; i++)
    {
      BurbleRosterChange *change = g_ptr_array_index (op->change_roster.changes, i);

      if (change->outcome == BURBLE_ROSTER_DONE)
        g_ptr_array_add (entries, burble_server_roster_entry (self->server, change->own,
                                                              change->username));
      else if (error == NULL)
        error = describe_outcome (change->outcome, &reason);
    }
  if (entries->len > 0)
    burble_server_push_entries (self->server, op->change_roster.account, op->change_roster.version,
                                entries, &self->terminal);
  if (!burble_client_is_gone (self))
    {
      answer->roster.etag = format_etag (op->change_roster.version);
      g_ptr_array_extend_and_steal (answer->roster.entries, g_steal_pointer (&entries));
      if (error != NULL)
        burble_gurgle_packet_set_error (answer, error, reason);
      burble_client_send (self, answer);
    }
  for (guint i = 0; i < op->change_roster.changes->len; i++)
    {
      BurbleRosterChange *change = g_ptr_array_index (op->change_roster.changes, i);

      if (change->outcome == BURBLE_ROSTER_DONE)
        tell_peer (self, change);
    }
}

static BurbleRosterWish
get_wish (const BurbleGurgleRosterEntry *entry)
{
  if (entry->removed)
    return BURBLE_ROSTER_WISH_DELETE;
  if (!entry->has_subscription)
    return BURBLE_ROSTER_WISH_DEFAULT;
  switch (entry->subscription)
    {
    case BURBLE_GURGLE_SUBSCRIPTION_TO:
      return BURBLE_ROSTER_WISH_TO;
    case BURBLE_GURGLE_SUBSCRIPTION_FROM:
      return BURBLE_ROSTER_WISH_FROM;
    case BURBLE_GURGLE_SUBSCRIPTION_BOTH:
      return BURBLE_ROSTER_WISH_BOTH;
    case BURBLE_GURGLE_SUBSCRIPTION_NONE:
    default:
      return BURBLE_ROSTER_WISH_NONE;
    }
}

static BurbleRosterChange *
read_change (BurbleClient                  *self,
             const BurbleGurgleRosterEntry *entry,
             const char                   **error,
             const char                   **reason)
{
  g_autoptr(BurbleGurgleId) id = NULL;
  BurbleRosterChange *change = NULL;

  if (entry->alias != NULL && strlen (entry->alias) > MAX_ALIAS)
    {
      *error = "too_large";
      *reason = "A name has at most 512 bytes.";
      return NULL;
    }
  id = burble_client_parse_id (self, entry->from, error, reason);
  if (id == NULL)
    return NULL;
  change = burble_roster_change_new (burble_gurgle_id_get_username (id), get_wish (entry));
  change->room = entry->type == BURBLE_GURGLE_ENTRY_CHATROOM;
  change->has_alias = entry->has_alias;
  change->alias = g_strdup (entry->alias);
  return change;
}

void
burble_client_update_roster (BurbleClient       *self,
                             BurbleGurglePacket *packet)
{
  g_autoptr(BurbleStorageOp) op = burble_storage_op_new (BURBLE_STORAGE_CHANGE_ROSTER);
  BurbleClientRequest *request = NULL;
  const char *error = NULL;
  const char *reason = NULL;

  if (packet->roster.entries->len > MAX_CHANGES)
    {
      burble_client_refuse (self, packet, "too_large", "Too many changes at once.");
      return;
    }
  op->change_roster.account = self->terminal.account;
  op->change_roster.limit = self->server->config->max_roster;
  op->change_roster.changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_roster_change_free);
  for (guint i = 0; i < packet->roster.entries->len; i++)
    {
      BurbleRosterChange *change = read_change (self, g_ptr_array_index (packet->roster.entries, i),
                                                &error, &reason);

      if (change != NULL)
        g_ptr_array_add (op->change_roster.changes, change);
    }
  if (op->change_roster.changes->len == 0 && error != NULL)
    {
      burble_client_refuse (self, packet, error, reason);
      return;
    }
  request = burble_client_submit (self, g_steal_pointer (&op), changed_cb, packet);
  request->error = error;
  request->reason = reason;
}
