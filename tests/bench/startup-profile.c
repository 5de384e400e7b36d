/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "burble-secrets.h"
#include "store-fixture.h"

/*
 * startup-profile FILE CONTACTS MESSAGES PORT: a history as somebody has after a year or two, all
 * of one account whose server is at PORT of this machine. Its password goes into the keyring.
 */

#define ACCOUNT "startup"
#define ADDRESS "me@chat.example.org"
/* Chats with something unread. */
#define UNREAD 20

static const char * const given[] = {
  "Ada", "Bruno", "Chiara", "Dag", "Elif", "Fatou", "Grace", "Hiro", "Ines", "Jonas", "Katya",
  "Lina", "Mateo", "Nour", "Olu", "Petra", "Quentin", "Rosa", "Sven", "Tamar",
};
static const char * const family[] = {
  "Abara", "Berg", "Costa", "Dufour", "Eriksen", "Fuchs", "Greco", "Haddad", "Ito", "Jensen",
};
static const char * const words[] = {
  "moss", "fern", "garden", "tomorrow", "train", "coffee", "window", "maybe", "the", "and", "a",
  "to", "we", "should", "look", "at", "yes", "no", "thanks", "evening", "report", "music", "rain",
};

static guint contacts;
static guint messages;

static char *
make_id (guint number)
{
  return g_strdup_printf ("person%04u@chat.example.org", number);
}

static void
add_account (StoreFixture *f, guint port)
{
  g_autoptr(BurbleSecrets) secrets = burble_secrets_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  f->account = burble_account_new (ACCOUNT, "gurgle", ADDRESS);
  burble_account_set_name (f->account, "Maya Lindqvist");
  burble_account_set_host (f->account, "127.0.0.1");
  burble_account_set_port (f->account, port);
  store_fixture_done (f, CALL (burble_store_save_account_async, f->store, f->account));
  result = CALL (burble_secrets_store_async, secrets, f->account, "a password");
  if (!burble_secrets_store_finish (secrets, result, &error))
    g_printerr ("No password in the keyring, Burble will ask: %s\n", error->message);
}

static void
add_contacts (StoreFixture *f)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < contacts; i++)
    {
      g_autofree char *id = make_id (i);
      g_autofree char *name = g_strdup_printf ("%s %s %u", given[i % G_N_ELEMENTS (given)],
                                               family[i / 3 % G_N_ELEMENTS (family)], i);
      BurbleContact *contact = burble_contact_new (f->account, id);

      burble_contact_set_name (contact, name);
      burble_contact_set_in_roster (contact, TRUE);
      burble_contact_set_subscription (contact, BURBLE_SUBSCRIPTION_BOTH);
      g_ptr_array_add (list, contact);
    }
  store_fixture_done (f, CALL (burble_store_replace_roster_async, f->store, f->account, "etag",
                               list));
}

static BurbleMessage *
make_message (StoreFixture *f, guint number, gint64 time)
{
  guint chat = number % contacts;
  g_autofree char *peer = make_id (chat);
  g_autofree char *id = g_strdup_printf ("message-%u", number);
  GString *text = g_string_new (NULL);
  g_autofree char *owned = NULL;
  guint count = 3 + number % 12;
  BurbleMessage *message = NULL;

  for (guint i = 0; i < count; i++)
    g_string_append_printf (text, "%s ", words[(number * 7 + i * i) % G_N_ELEMENTS (words)]);
  owned = g_string_free (text, FALSE);
  message = number / contacts % 3 == 0 ? store_fixture_outgoing (f, peer, id, owned, time)
                                       : store_fixture_incoming (peer, id, owned, time);
  /* The newest few of the newest chats. */
  burble_message_set_unread (message, chat + UNREAD >= contacts &&
                                      number + 3 * contacts >= messages);
  return message;
}

static void
add_messages (StoreFixture *f)
{
  gint64 end = g_get_real_time ();

  for (guint i = 0; i < messages; i += 5000)
    {
      g_autoptr(GPtrArray) batch = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint j = i; j < MIN (i + 5000, messages); j++)
        g_ptr_array_add (batch,
                         make_message (f, j, end - (messages - j) * 600 * G_USEC_PER_SEC));
      g_ptr_array_unref (store_fixture_list (f, CALL (burble_store_add_messages_async, f->store,
                                                      f->account, batch, -1)));
    }
}

int
main (int argc, char *argv[])
{
  StoreFixture fixture = { 0 };

  if (argc != 5)
    g_error ("startup-profile FILE CONTACTS MESSAGES PORT");
  fixture.path = argv[1];
  contacts = MAX (1, atoi (argv[2]));
  messages = atoi (argv[3]);
  store_fixture_open (&fixture);
  add_account (&fixture, atoi (argv[4]));
  add_contacts (&fixture);
  add_messages (&fixture);
  store_fixture_close (&fixture);
  g_clear_object (&fixture.account);
  return EXIT_SUCCESS;
}
