/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-client-private.h"

#include <string.h>

#include "burble-json.h"

#define DEFAULT_LIMIT 50
#define MAX_LIMIT 200
#define MAX_BYTES (1024 * 1024)

static gboolean
is_own (BurbleClient           *self,
        const BurbleArchiveRow *row)
{
  gsize length = strlen (self->user->bare_id);

  return row->outgoing || (g_str_has_prefix (row->message->from, self->user->bare_id) &&
                           row->message->from[length] == '/');
}

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BurbleClientRequest) request = user_data;
  g_autoptr(GString) json = NULL;
  BurbleStorageOp *op = burble_storage_get_op (result);
  BurbleClient *self = request->client;
  gboolean fetched = burble_storage_submit_finish (BURBLE_STORAGE (object), result, NULL);

  if (burble_client_is_gone (self))
    return;
  if (!fetched)
    {
      burble_client_refuse (self, request->request, "storage",
                            "The server cannot read its storage.");
      return;
    }
  json = g_string_sized_new (512);
  g_string_append_printf (json, "{\"id\":%d,\"cmd\":\"history\",\"messages\":[",
                          request->request->id);
  for (guint i = 0; i < op->history.rows->len; i++)
    {
      BurbleArchiveRow *row = g_ptr_array_index (op->history.rows, i);

      if (i > 0)
        g_string_append_c (json, ',');
      burble_json_append_message (json, row->message, is_own (self, row), row->seq);
    }
  g_string_append_printf (json, "],\"complete\":%s}", op->history.complete ? "true" : "false");
  burble_client_send_text (self, json);
}

/* Pages of what was said, bounded in number and bytes; the peer asks for the next one. */
void
burble_client_get_history (BurbleClient       *self,
                           BurbleGurglePacket *packet)
{
  g_autoptr(BurbleStorageOp) op = NULL;

  if (!packet->has_id)
    return;
  op = burble_storage_op_new (BURBLE_STORAGE_FETCH_HISTORY);
  op->history.account = self->terminal.account;
  op->history.after = packet->history.after;
  op->history.before = packet->history.before;
  op->history.limit = packet->history.limit > 0 ? MIN ((guint) packet->history.limit, MAX_LIMIT)
                                                : DEFAULT_LIMIT;
  op->history.max_bytes = MAX_BYTES;
  if (packet->history.with != NULL)
    {
      const char *error = NULL;
      const char *reason = NULL;
      g_autoptr(BurbleGurgleId) with = burble_client_parse_id (self, packet->history.with, &error,
                                                               &reason);

      if (with == NULL)
        {
          burble_client_refuse (self, packet, error, reason);
          return;
        }
      op->history.with = g_strdup (burble_gurgle_id_get_username (with));
    }
  burble_client_submit (self, g_steal_pointer (&op), fetched_cb, packet);
}
