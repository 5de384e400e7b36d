/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gurgle-fixture.h"

static BurbleConnection *
make_gurgle (const char *network, const BurbleConnectionSettings *settings, gpointer user_data)
{
  if (!g_str_equal (network, "gurgle"))
    return NULL;
  return g_object_new (BURBLE_TYPE_GURGLE_CONNECTION, "retry-ceiling", 100, NULL);
}

BurbleTestServer *
gurgle_server_new (const char *config)
{
  BurbleTestServer *server = burble_test_server_new (config);

  burble_test_server_add_user (server, "alice", NULL);
  burble_test_server_add_user (server, "bob", NULL);
  burble_test_server_add_user (server, "carol", NULL);
  return server;
}

Person *
gurgle_person_new (BurbleTestServer *server, const char *address, const char *terminal)
{
  Person *self = person_new (address, terminal);

  self->network = "gurgle";
  self->factory = make_gurgle;
  self->first_delay = 300;
  self->host = g_strdup (burble_test_server_get_host (server));
  self->port = burble_test_server_get_port (server);
  self->pin = g_strdup (burble_test_server_get_pin (server));
  return self;
}

void
gurgle_sign_in (Person *self)
{
  g_autoptr(GError) error = NULL;

  if (self->session == NULL)
    person_start (self);
  error = person_try_sign_in (self, BURBLE_TEST_SERVER_PASSWORD, FALSE);
  g_assert_no_error (error);
}

void
gurgle_befriend (Person *self, Person *other)
{
  person_befriend (self, other);
  g_hash_table_remove_all (self->notices);
  g_hash_table_remove_all (other->notices);
}

void
gurgle_say (Person *self, const char *peer, const char *text)
{
  g_autoptr(BurbleMessage) message = person_say (self, peer, text);
}
