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

void
contract_skip (ContractFixture *f, gconstpointer registration)
{
  g_test_skip ("This network does not have it");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  contract_add_session_tests ();
  contract_add_roster_tests ();
  contract_add_presence_tests ();
  contract_add_message_tests ();
  contract_add_history_tests ();
  contract_add_people_tests ();

  return g_test_run ();
}
