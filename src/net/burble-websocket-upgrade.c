/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-net-websocket"

#include "config.h"

#include "burble-websocket-upgrade.h"

#include <string.h>
#include <sys/random.h>

#include "burble-websocket-handshake.h"

typedef struct
{
  char       *key;
  char       *request;
  GByteArray *answer;
} Upgrade;

static void
upgrade_free (Upgrade *upgrade)
{
  g_free (upgrade->key);
  g_free (upgrade->request);
  g_byte_array_unref (upgrade->answer);
  g_free (upgrade);
}

/* TRUE: there is more to read. */
static gboolean
take_byte (GTask  *task,
           guint8  byte)
{
  Upgrade *upgrade = g_task_get_task_data (task);
  GError *error = NULL;
  gsize used = 0;

  g_byte_array_append (upgrade->answer, &byte, 1);
  if (byte != '\n' && upgrade->answer->len < BURBLE_WEBSOCKET_MAX_HEAD)
    return TRUE;
  if (!burble_websocket_read_answer (upgrade->answer->data, upgrade->answer->len, upgrade->key,
                                     &used, &error))
    g_task_return_error (task, error);
  else if (used > 0)
    g_task_return_boolean (task, TRUE);
  else
    return TRUE;
  return FALSE;
}

/* Byte by byte, because what comes behind the answer is for somebody else; there are few. */
static gboolean
readable_cb (GObject  *input,
             gpointer  user_data)
{
  GTask *task = user_data;
  guint8 byte = 0;

  for (;;)
    {
      GError *error = NULL;
      gssize n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (input), &byte,
                                                           1, g_task_get_cancellable (task),
                                                           &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_clear_error (&error);
          return G_SOURCE_CONTINUE;
        }
      if (n < 0)
        {
          g_task_return_error (task, error);
          return G_SOURCE_REMOVE;
        }
      if (n == 0)
        {
          g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                                           "The server closed the connection");
          return G_SOURCE_REMOVE;
        }
      if (!take_byte (task, byte))
        return G_SOURCE_REMOVE;
    }
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GSource) source = NULL;
  GIOStream *stream = g_task_get_source_object (task);
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  source = g_pollable_input_stream_create_source (
    G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream)),
    g_task_get_cancellable (task));
  g_source_set_static_name (source, "[burble] websocket upgrade");
  g_task_attach_source (task, source, G_SOURCE_FUNC (readable_cb));
}

/**
 * burble_websocket_upgrade_async:
 * @stream: of a socket or of TLS, on which nothing was said yet
 * @host: the name that is asked for, with the port where it is not the usual one
 * @path: what is asked for
 * @cancellable: (nullable): gives up
 * @callback: called when the stream is a WebSocket
 * @user_data: for @callback
 *
 * Asks the server for a WebSocket. Not a byte behind the server's answer is read.
 */
void
burble_websocket_upgrade_async (GIOStream           *stream,
                                const char          *host,
                                const char          *path,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Upgrade *upgrade = NULL;
  guint8 nonce[16];

  g_return_if_fail (G_IS_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream)));

  task = g_task_new (stream, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_websocket_upgrade_async);
  g_task_set_static_name (task, "[burble] websocket upgrade");
  if (getrandom (nonce, sizeof nonce, 0) != sizeof nonce)
    g_error ("No random numbers");
  upgrade = g_new0 (Upgrade, 1);
  upgrade->answer = g_byte_array_new ();
  upgrade->key = burble_websocket_make_key (nonce);
  upgrade->request = burble_websocket_write_request (host, path, upgrade->key);
  g_task_set_task_data (task, upgrade, (GDestroyNotify) upgrade_free);
  if (upgrade->request == NULL)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                       "The path of the WebSocket is not valid");
      return;
    }
  g_output_stream_write_all_async (g_io_stream_get_output_stream (stream), upgrade->request,
                                   strlen (upgrade->request), G_PRIORITY_DEFAULT, cancellable,
                                   written_cb, g_steal_pointer (&task));
}

/**
 * burble_websocket_upgrade_finish:
 *
 * Returns: %FALSE with a #BurbleWireError if the server's answer opens no WebSocket
 */
gboolean
burble_websocket_upgrade_finish (GIOStream     *stream,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stream), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
