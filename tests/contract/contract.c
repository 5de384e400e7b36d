/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "contract.h"

void
contract_set_up (ContractFixture *f, gconstpointer registration)
{
  f->net = contract_backend.net_new (registration != NULL);
}

void
contract_tear_down (ContractFixture *f, gconstpointer registration)
{
  burble_test_settle ();
  contract_backend.net_free (f->net);
}

/* Of each bit. */
static const char * const words[] = {
  "a list", "a list that can be changed", "an own status", "moods", "messages", "typing",
  "receipts", "a history", "a directory", "news for one's other terminals", "rooms", "files",
  "registration", "a list of who is there", "asking before one is seen",
  [29] = "several statuses", [30] = "a list that the network keeps",
};

gboolean
contract_has (guint needed)
{
  return (contract_backend.capabilities & needed) == needed;
}

char *
contract_missing (guint needed)
{
  guint missing = needed & ~(guint) contract_backend.capabilities;
  g_autoptr(GString) why = g_string_new ("This network does not have ");

  if (missing == 0)
    return NULL;
  for (guint bit = 0; bit < G_N_ELEMENTS (words); bit++)
    if ((missing & 1u << bit) != 0)
      {
        missing &= ~(1u << bit);
        g_string_append_printf (why, "%s%s", words[bit], missing != 0 ? ", " : "");
      }
  return g_string_free (g_steal_pointer (&why), FALSE);
}

void
contract_skip (gconstpointer why)
{
  g_test_skip (why);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  contract_add_session_tests ();
  contract_add_roster_tests ();
  contract_add_presence_tests ();
  contract_add_directory_tests ();
  contract_add_message_tests ();
  contract_add_history_tests ();
  contract_add_people_tests ();

  return g_test_run ();
}
