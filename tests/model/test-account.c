/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-account.h"

#include "burble-certificate-question.h"
#include "burble-enum-types.h"
#include "notify-log.h"

static void
test_defaults (void)
{
  g_autoptr(BurbleAccount) account = burble_account_new ("uid", "gurgle", "me@example.org");

  g_assert_cmpstr (burble_account_get_uid (account), ==, "uid");
  g_assert_cmpstr (burble_account_get_network (account), ==, "gurgle");
  g_assert_cmpstr (burble_account_get_address (account), ==, "me@example.org");
  g_assert_true (burble_account_get_enabled (account));
  g_assert_cmpint (burble_account_get_status (account), ==, BURBLE_STATUS_AVAILABLE);
  g_assert_cmpint (burble_account_get_state (account), ==, BURBLE_ACCOUNT_OFFLINE);
  g_assert_cmpint (burble_account_get_features (account), ==, BURBLE_FEATURE_NONE);
  g_assert_null (burble_account_get_error (account));
  notify_log_check_properties (G_OBJECT (account));
}

static void
test_random_uid (void)
{
  g_autoptr(BurbleAccount) one = burble_account_new (NULL, "gurgle", "me@example.org");
  g_autoptr(BurbleAccount) two = burble_account_new (NULL, "gurgle", "me@example.org");

  g_assert_cmpstr (burble_account_get_uid (one), !=, burble_account_get_uid (two));
}

static void
test_display_name (void)
{
  const struct { const char *network, *address, *name, *expected; } cases[] = {
    { "gurgle", "me@example.org", "Me Myself", "Me Myself" },
    { "gurgle", "me@example.org", NULL, "me" },
    { "gurgle", "me@example.org", "", "me" },
    { "gurgle", "@example.org", NULL, "@example.org" },
    { "gurgle", "me", NULL, "me" },
    { "gurgle", "", NULL, "gurgle" },
    { "", "", NULL, "?" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BurbleAccount) account = burble_account_new (NULL, cases[i].network,
                                                             cases[i].address);

      burble_account_set_name (account, cases[i].name);
      g_assert_cmpstr (burble_account_get_display_name (account), ==, cases[i].expected);
    }
}

static void
test_notifies_changes_only (void)
{
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "gurgle", "me@example.org");

  notify_log_watch (account, log);
  burble_account_set_enabled (account, 2);
  notify_log_assert (log, "");
  burble_account_set_enabled (account, FALSE);
  burble_account_set_enabled (account, FALSE);
  notify_log_assert (log, "enabled ");
  burble_account_set_name (account, "me");
  notify_log_assert (log, "name "); /* it is displayed as before */
  burble_account_set_name (account, "I");
  burble_account_set_name (account, "I");
  notify_log_assert (log, "name display-name ");
  burble_account_set_mood (account, "");
  notify_log_assert (log, "");
  burble_account_set_mood (account, "well");
  burble_account_set_status (account, BURBLE_STATUS_DND);
  burble_account_set_state (account, BURBLE_ACCOUNT_ONLINE);
  burble_account_set_features (account, BURBLE_FEATURE_ROSTER | BURBLE_FEATURE_MOOD);
  burble_account_set_host (account, "h");
  burble_account_set_port (account, 1);
  burble_account_set_plain (account, TRUE);
  burble_account_set_websocket (account, "/w");
  burble_account_set_pin (account, "p");
  notify_log_assert (log, "mood status state features host port plain websocket pin ");
}

static void
both_cb (BurbleAccount *account, GParamSpec *pspec, guint *calls)
{
  g_assert_cmpstr (burble_account_get_error (account), ==, "kill");
  g_assert_cmpstr (burble_account_get_error_detail (account), ==, "Too old");
  *calls += 1;
}

static void
test_error_and_detail_change_together (void)
{
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "gurgle", "me@example.org");
  guint calls = 0;
  gulong handler = g_signal_connect (account, "notify", G_CALLBACK (both_cb), &calls);

  burble_account_set_error (account, "kill", "Too old");
  burble_account_set_error (account, "kill", "Too old");
  g_assert_cmpuint (calls, ==, 2);
  g_signal_handler_disconnect (account, handler);
  burble_account_set_error (account, NULL, NULL);
  g_assert_null (burble_account_get_error (account));
}

static void
test_enumerations_have_names (void)
{
  g_autofree char *state = g_enum_to_string (BURBLE_TYPE_ACCOUNT_STATE,
                                             BURBLE_ACCOUNT_NEEDS_CERTIFICATE);
  g_autofree char *features = g_flags_to_string (BURBLE_TYPE_FEATURES,
                                                 BURBLE_FEATURE_ROSTER | BURBLE_FEATURE_REGISTER);

  g_assert_cmpstr (state, ==, "BURBLE_ACCOUNT_NEEDS_CERTIFICATE");
  g_assert_nonnull (strstr (features, "BURBLE_FEATURE_REGISTER"));
}

static void
test_certificate_question (void)
{
  g_autoptr(GDateTime) date = g_date_time_new_utc (2030, 1, 2, 3, 4, 5);
  g_autoptr(BurbleCertificateQuestion) small =
    burble_certificate_question_new ("example.org", "ab:cd");
  g_autoptr(BurbleCertificateQuestion) full =
    g_object_new (BURBLE_TYPE_CERTIFICATE_QUESTION, "domain", "example.org", "fingerprint",
                  "ab:cd", "subject", "S", "issuer", "I", "not-before", date, "not-after", date,
                  "changed", TRUE, "expired", TRUE, "unknown-issuer", TRUE, "wrong-name", TRUE,
                  NULL);

  notify_log_check_properties (G_OBJECT (full));
  g_assert_cmpstr (burble_certificate_question_get_domain (small), ==, "example.org");
  g_assert_cmpstr (burble_certificate_question_get_fingerprint (small), ==, "ab:cd");
  g_assert_null (burble_certificate_question_get_subject (small));
  g_assert_null (burble_certificate_question_get_not_before (small));
  g_assert_false (burble_certificate_question_get_changed (small));
  g_assert_cmpstr (burble_certificate_question_get_subject (full), ==, "S");
  g_assert_cmpstr (burble_certificate_question_get_issuer (full), ==, "I");
  g_assert_true (g_date_time_equal (burble_certificate_question_get_not_before (full), date));
  g_assert_true (g_date_time_equal (burble_certificate_question_get_not_after (full), date));
  g_assert_true (burble_certificate_question_get_changed (full));
  g_assert_true (burble_certificate_question_get_expired (full));
  g_assert_true (burble_certificate_question_get_unknown_issuer (full));
  g_assert_true (burble_certificate_question_get_wrong_name (full));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/model/account/defaults", test_defaults);
  g_test_add_func ("/model/account/random-uid", test_random_uid);
  g_test_add_func ("/model/account/display-name", test_display_name);
  g_test_add_func ("/model/account/notifies-changes-only", test_notifies_changes_only);
  g_test_add_func ("/model/account/error-and-detail-change-together",
                   test_error_and_detail_change_together);
  g_test_add_func ("/model/account/enumerations-have-names", test_enumerations_have_names);
  g_test_add_func ("/model/certificate-question/says-what-it-was-told", test_certificate_question);
  return g_test_run ();
}
