/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-session-probe"

#include "config.h"

#include "burble-session-private.h"

/*
 * Asking a server what it is, before there is an account on it.
 */

static void
probed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleServerInfo) info =
    burble_probe_channel_probe_finish (BURBLE_PROBE_CHANNEL (object), result, &error);

  if (info == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task,
                           burble_server_summary_new (info->name, info->slogan, info->people,
                                                      info->max_people, info->can_sign_in,
                                                      info->age),
                           g_object_unref);
}

/**
 * burble_session_probe_async:
 * @self: a session
 * @account: where to look; it need not be one of the session's, nor have a name in its address
 *
 * Fails with %BURBLE_PROTOCOL_ERROR_UNSUPPORTED, the word "unsupported", where a network cannot be
 * asked. Finish with [method@Session.probe_finish].
 */
void
burble_session_probe_async (BurbleSession       *self,
                            BurbleAccount       *account,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(BurbleConnectionSettings) settings = NULL;
  BurbleConnection *connection = NULL;

  g_return_if_fail (BURBLE_IS_SESSION (self));
  g_return_if_fail (BURBLE_IS_ACCOUNT (account));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, burble_session_probe_async);
  settings = burble_account_controller_make_settings (account, NULL);
  connection = self->factory (burble_account_get_network (account), settings, self->factory_data);
  if (connection != NULL)
    {
      /* It lives as long as the question. */
      g_task_set_task_data (task, connection, g_object_unref);
      burble_connection_set_settings (connection, settings);
    }
  if (BURBLE_IS_PROBE_CHANNEL (connection))
    burble_probe_channel_probe_async (BURBLE_PROBE_CHANNEL (connection), cancellable, probed_cb,
                                      g_steal_pointer (&task));
  else
    g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                     BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                                     "This network cannot be asked");
}

/**
 * burble_session_probe_finish:
 *
 * Returns: (transfer full): what answered
 */
BurbleServerSummary *
burble_session_probe_finish (BurbleSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
