/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "contract.h"

#include <string.h>

/*
 * What the network keeps: pages of the past, and the directory of people.
 */

typedef struct
{
  gboolean done;
  gpointer result;
  GError *error;
} Outcome;

static void
page_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->result = burble_history_channel_fetch_finish (BURBLE_HISTORY_CHANNEL (object), result,
                                                         &outcome->error);
  outcome->done = TRUE;
}

static BurbleHistoryPage *
fetch (ContractClient *self, const char *with, gint64 after, gint64 before, guint limit)
{
  Outcome outcome = { 0 };

  burble_history_channel_fetch_async (BURBLE_HISTORY_CHANNEL (self->connection), with, after,
                                      before, limit, NULL, page_cb, &outcome);
  burble_test_wait_until (outcome.done);
  g_assert_no_error (outcome.error);
  return outcome.result;
}

static const BurbleMessageEvent *
nth (BurbleHistoryPage *page, guint n)
{
  g_assert_cmpuint (page->messages->len, >, n);
  return g_ptr_array_index (page->messages, n);
}

static void
chat (ContractClient *alice, ContractClient *bob, ContractClient *carol)
{
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *id = g_strdup_printf ("b%02u", i);

      if (i % 2 == 0)
        g_assert_no_error (contract_client_send (alice, id, bob->id, id));
      else
        g_assert_no_error (contract_client_send (bob, id, alice->id, id));
    }
  g_assert_no_error (contract_client_send (carol, "c00", alice->id, "c00"));
  burble_test_wait_until (contract_client_count (alice, "c00") == 1
                          && contract_client_count (alice, "b11") == 1
                          && contract_client_count (bob, "b10") == 1);
}

static void
test_pages (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  g_autoptr(ContractClient) carol = contract_client_new_online (f->net, "carol", "sofa");
  gint64 before = -1;
  guint expected = 12;

  g_assert_true (burble_connection_has (alice->connection, BURBLE_CAPABILITY_HISTORY));
  chat (alice, bob, carol);
  for (gboolean complete = FALSE; !complete;)
    {
      g_autoptr(BurbleHistoryPage) page = fetch (alice, bob->id, -1, before, 5);

      g_assert_cmpuint (page->messages->len, >, 0);
      g_assert_cmpuint (page->messages->len, <=, 5);
      for (guint i = page->messages->len; i > 0; i--)
        {
          const BurbleMessageEvent *message = nth (page, i - 1);
          g_autofree char *id = g_strdup_printf ("b%02u", --expected);

          g_assert_true (contract_is (message, id));
          g_assert_cmpstr (message->peer, ==, bob->id);
          g_assert_cmpint (message->outgoing, ==, expected % 2 == 0);
          g_assert_cmpstr (message->sender, ==, expected % 2 == 0 ? alice->id : bob->id);
          g_assert_cmpint (message->seq, >, 0);
          if (before >= 0)
            g_assert_cmpint (message->seq, <, before);
          before = message->seq;
        }
      complete = page->complete;
    }
  g_assert_cmpuint (expected, ==, 0);
}

/* A terminal that was not there gets everything after what it holds, own words included. */
static void
test_catch_up (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  g_autoptr(ContractClient) carol = contract_client_new_online (f->net, "carol", "sofa");
  gint64 after = 0;
  gint64 middle = 0;
  guint count = 0;

  chat (alice, bob, carol);
  for (gboolean complete = FALSE; !complete;)
    {
      g_autoptr(BurbleHistoryPage) page = fetch (alice, NULL, after, -1, 5);

      g_assert_cmpuint (page->messages->len, >, 0);
      for (guint i = 0; i < page->messages->len; i++)
        {
          g_assert_cmpint (nth (page, i)->seq, >, after);
          after = nth (page, i)->seq;
          if (++count == 6)
            middle = after;
        }
      complete = page->complete;
    }
  g_assert_cmpuint (count, ==, 13);
  {
    g_autoptr(BurbleHistoryPage) rest = fetch (alice, NULL, middle, -1, 100);
    g_autoptr(BurbleHistoryPage) nothing = fetch (alice, NULL, after, -1, 100);

    g_assert_cmpuint (rest->messages->len, ==, 7);
    g_assert_true (rest->complete);
    g_assert_cmpuint (nothing->messages->len, ==, 0);
    g_assert_true (nothing->complete);
  }
}

/* What is pushed carries the numbers that history uses. */
static void
test_same_numbers (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  g_autoptr(BurbleHistoryPage) page = NULL;

  if (contract_backend.numbers)
    {
      g_test_skip ("The numbers count what others say, too");
      return;
    }
  g_assert_no_error (contract_client_send (alice, "m1", bob->id, "one"));
  g_assert_no_error (contract_client_send (alice, "m2", bob->id, "two"));
  burble_test_wait_until (bob->messages->len == 2);
  page = fetch (bob, alice->id, -1, -1, 10);
  g_assert_cmpuint (page->messages->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (nth (page, i)->seq, ==,
                     ((BurbleMessageEvent *) bob->messages->pdata[i])->seq);
  g_assert_cmpint (nth (page, 1)->seq, >, nth (page, 0)->seq);
}

static void
named_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;
  char *network_id = NULL;

  burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, &network_id,
                                      &outcome->error);
  outcome->result = network_id;
  outcome->done = TRUE;
}

static char *
send_and_get_id (ContractClient *self, const char *id, const char *peer)
{
  g_autoptr(BurbleMessageEvent) message = burble_message_event_new (id);
  Outcome outcome = { 0 };

  message->peer = g_strdup (peer);
  message->text = g_strdup (id);
  message->time = g_get_real_time ();
  burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (self->connection), message, NULL,
                                     named_cb, &outcome);
  burble_test_wait_until (outcome.done);
  g_assert_no_error (outcome.error);
  return outcome.result;
}

/* What the network calls a message is said when it takes it, and again when asked for it twice. */
static void
test_names_of_own (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new_online (f->net, "alice", "desk");
  g_autoptr(ContractClient) bob = contract_client_new_online (f->net, "bob", "den");
  g_autofree char *name = NULL;
  g_autofree char *again = NULL;
  g_autoptr(BurbleHistoryPage) page = NULL;

  name = send_and_get_id (alice, "m1", bob->id);
  again = send_and_get_id (alice, "m1", bob->id);
  g_assert_cmpstr (again, ==, name);
  g_assert_cmpint (name != NULL, ==, contract_backend.numbers);
  g_assert_cmpint (burble_message_channel_names_messages (BURBLE_MESSAGE_CHANNEL
                                                          (alice->connection)),
                   ==, contract_backend.numbers);
  page = fetch (alice, bob->id, -1, -1, 10);
  g_assert_cmpuint (page->messages->len, ==, 1);
  g_assert_cmpstr (nth (page, 0)->id, ==, name != NULL ? name : "m1");
}

static void
test_while_offline (ContractFixture *f, gconstpointer data)
{
  g_autoptr(ContractClient) alice = contract_client_new (f->net, "alice", "desk");
  Outcome outcome = { 0 };

  burble_history_channel_fetch_async (BURBLE_HISTORY_CHANNEL (alice->connection), NULL, 0, -1, 10,
                                      NULL, page_cb, &outcome);
  burble_test_wait_until (outcome.done);
  g_assert_error (outcome.error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_NOT_CONNECTED);
  g_clear_error (&outcome.error);
}

void
contract_add_history_tests (void)
{
  contract_add_with (BURBLE_CAPABILITY_HISTORY, "history/pages", test_pages);
  contract_add_with (BURBLE_CAPABILITY_HISTORY, "history/catch-up", test_catch_up);
  contract_add_with (BURBLE_CAPABILITY_HISTORY, "history/same-numbers", test_same_numbers);
  contract_add_with (BURBLE_CAPABILITY_HISTORY, "history/names-of-own", test_names_of_own);
  contract_add_with (BURBLE_CAPABILITY_HISTORY, "history/while-offline", test_while_offline);
}
