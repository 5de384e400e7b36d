/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-cg-private.h"

#include <stdarg.h>

/*
 * The server, and what a test does with it.
 */

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  BurbleTestCg *self = user_data;
  TestCgClient *client = test_cg_client_new (self, connection);

  self->connections++;
  g_ptr_array_add (self->clients, client);
  if (!self->dead)
    test_cg_greet (client);
  return TRUE;
}

BurbleTestCg *
burble_test_cg_new (gboolean registration)
{
  BurbleTestCg *self = g_new0 (BurbleTestCg, 1);
  g_autoptr(GInetAddress) host = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (host, 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError) error = NULL;

  self->registration = registration;
  self->name = g_strdup ("A CG Server");
  self->slogan = g_strdup ("");
  self->users = g_ptr_array_new_with_free_func (test_cg_user_free);
  self->clients = g_ptr_array_new_with_free_func (test_cg_client_free);
  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_socket_service_start (self->service);
  return self;
}

void
burble_test_cg_free (BurbleTestCg *self)
{
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->users);
  /* The reads that were cancelled. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_free (self->name);
  g_free (self->slogan);
  g_free (self->goodbye);
  g_free (self);
}

guint16
burble_test_cg_get_port (BurbleTestCg *self)
{
  return self->port;
}

void
burble_test_cg_set_quirks (BurbleTestCg *self, BurbleTestCgQuirks quirks)
{
  self->quirks = quirks;
}

void
burble_test_cg_set_words (BurbleTestCg *self, const char *name, const char *slogan)
{
  g_set_str (&self->name, name);
  g_set_str (&self->slogan, slogan);
}

const char *
burble_test_cg_add_user (BurbleTestCg *self, const char *name, const char *password)
{
  return test_cg_add (self, name, password)->uuid;
}

gboolean
burble_test_cg_knows (BurbleTestCg *self, const char *name)
{
  return test_cg_find (self, name) != NULL;
}

const char *
burble_test_cg_get_uuid (BurbleTestCg *self, const char *name)
{
  const TestCgUser *user = test_cg_find (self, name);

  return user != NULL ? user->uuid : NULL;
}

void
burble_test_cg_block (BurbleTestCg *self, const char *name)
{
  test_cg_find (self, name)->blocked = TRUE;
}

void
burble_test_cg_remove (BurbleTestCg *self, const char *name)
{
  TestCgUser *user = test_cg_find (self, name);

  for (guint i = 0; i < self->clients->len; i++)
    g_assert_true (((TestCgClient *) self->clients->pdata[i])->user != user);
  g_ptr_array_remove (self->users, user);
}

void
burble_test_cg_set_status (BurbleTestCg *self, const char *name, const char *status)
{
  TestCgUser *user = test_cg_find (self, name);

  user->status = g_intern_string (status);
  test_cg_tell_all (self, user);
}

void
burble_test_cg_rename (BurbleTestCg *self, const char *name, const char *new_name)
{
  TestCgUser *user = test_cg_find (self, name);

  g_set_str (&user->name, new_name);
  g_set_str (&user->key, new_name);
  test_cg_tell_all (self, user);
}

void
burble_test_cg_set_attribute (BurbleTestCg *self,
                              const char   *name,
                              const char   *key,
                              const char   *value)
{
  TestCgUser *user = test_cg_find (self, name);

  test_cg_set (user, key, value);
  test_cg_tell_all (self, user);
}

void
burble_test_cg_say (BurbleTestCg *self, const char *type, const char *key, ...)
{
  g_autoptr(GPtrArray) parameters = g_ptr_array_new ();
  const char *word = NULL;
  va_list args;

  va_start (args, key);
  while ((word = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (parameters, (gpointer) word);
  va_end (args);
  for (guint i = 0; i < self->clients->len; i++)
    {
      TestCgBody body;

      test_cg_body_init (&body, 3);
      test_cg_add_text (&body, "type", type);
      test_cg_add_text (&body, "message", key);
      test_cg_add_key (&body, "data");
      msgpack_pack_map (&body.packer, parameters->len / 2);
      for (guint j = 0; j < parameters->len; j += 2)
        test_cg_add_text (&body, parameters->pdata[j], parameters->pdata[j + 1]);
      test_cg_send (self->clients->pdata[i], test_cg_id_of (self, "cg:status.message"), &body);
    }
}

void
burble_test_cg_send_raw (BurbleTestCg *self, const char *bytes, gsize size)
{
  for (guint i = 0; i < self->clients->len; i++)
    test_cg_send_bytes (g_ptr_array_index (self->clients, i), bytes, size);
}

void
burble_test_cg_sign_out (BurbleTestCg *self)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      TestCgBody body;

      test_cg_body_init (&body, 1);
      test_cg_add_text (&body, "status", "logged_out");
      test_cg_send (self->clients->pdata[i], test_cg_id_of (self, "cg:auth"), &body);
    }
}

void
burble_test_cg_kill (BurbleTestCg *self, const char *reason)
{
  for (guint i = 0; i < self->clients->len; i++)
    test_cg_close (g_ptr_array_index (self->clients, i), reason);
}

void
burble_test_cg_cut (BurbleTestCg *self)
{
  g_ptr_array_set_size (self->clients, 0);
}

void
burble_test_cg_cut_oldest (BurbleTestCg *self)
{
  g_ptr_array_remove_index (self->clients, 0);
}

guint
burble_test_cg_get_harm (BurbleTestCg *self)
{
  return self->harm;
}

guint
burble_test_cg_get_connections (BurbleTestCg *self)
{
  return self->connections;
}

guint
burble_test_cg_get_open (BurbleTestCg *self)
{
  return self->clients->len;
}

guint
burble_test_cg_get_questions (BurbleTestCg *self)
{
  return self->questions;
}

const char *
burble_test_cg_get_goodbye (BurbleTestCg *self)
{
  return self->goodbye;
}
