/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "burble-protocol-types.h"
#include "burble-words.h"

static void
test_errors_are_sentences (void)
{
  const char * const *words = burble_words_known_errors ();
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_assert_cmpuint (g_strv_length ((char **) words), >, 15);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *sentence = burble_words_error (words[i], NULL);

      g_assert_true (g_str_has_suffix (sentence, "."));
      g_assert_null (strstr (sentence, words[i][0] == '-' ? words[i] : "TLS"));
      g_assert_true (g_hash_table_add (seen, g_steal_pointer (&sentence)));
      if (i > 0 && g_strcmp0 (words[i], "unknown") != 0)
        g_assert_cmpint (strcmp (words[i - 1], words[i]), <, 0);
    }
}

/* The words that burble_session_error_word() can give. */
static void
test_every_word_of_the_engine_is_known (void)
{
  static const char * const engine[] = {
    "bad-address", "bad-data", "bad-password", "cancelled", "certificate", "disabled", "disk",
    "exists", "keyring", "killed", "name-not-found", "not-connected", "password", "refused",
    "registration-closed", "replaced", "throttled", "timed-out", "unencrypted", "unknown",
    "unreachable", "unsupported",
  };
  const char * const *known = burble_words_known_errors ();

  for (gsize i = 0; i < G_N_ELEMENTS (engine); i++)
    g_assert_true (g_strv_contains (known, engine[i]));
}

static void
test_the_server_speaks_for_itself (void)
{
  g_autofree char *said = burble_words_error ("refused", "No more\nthan ten contacts");
  g_autofree char *unknown = burble_words_error ("quantum-flux", NULL);
  g_autofree char *own = burble_words_error ("password", "auth failed: code 7");

  g_assert_nonnull (strstr (said, "“No more than ten contacts”"));
  g_assert_true (g_str_has_suffix (unknown, "."));
  g_assert_null (strstr (own, "code 7"));
}

static void
test_a_library_does_not_speak (void)
{
  g_autoptr(GError) library = g_error_new_literal (G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE,
                                                   "g_markup: odd character ‘<’");
  g_autoptr(GError) system = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                                                  "ECONNREFUSED");
  g_autoptr(GError) server = g_error_new_literal (BURBLE_PROTOCOL_ERROR,
                                                  BURBLE_PROTOCOL_ERROR_REFUSED,
                                                  "No more than ten contacts");
  g_autofree char *of_library = burble_words_for_error (library);
  g_autofree char *of_system = burble_words_for_error (system);
  g_autofree char *of_server = burble_words_for_error (server);
  g_autofree char *of_nothing = burble_words_for_error (NULL);

  g_assert_cmpstr (of_library, ==, "Something went wrong. Try again.");
  g_assert_cmpstr (of_nothing, ==, of_library);
  g_assert_cmpstr (of_system, ==,
                   "The server cannot be reached. Check its address and your network connection.");
  g_assert_cmpstr (of_server, ==, "The server says: “No more than ten contacts”");
}

static void
test_a_shape_per_status (void)
{
  static const BurbleStatus statuses[] = {
    BURBLE_STATUS_AVAILABLE, BURBLE_STATUS_AWAY, BURBLE_STATUS_DND, BURBLE_STATUS_OFFLINE,
    BURBLE_STATUS_INVISIBLE,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    for (gsize j = 0; j < i; j++)
      {
        g_assert_cmpstr (burble_words_status_icon (statuses[i]), !=,
                         burble_words_status_icon (statuses[j]));
        g_assert_cmpstr (burble_words_status (statuses[i]), !=, burble_words_status (statuses[j]));
      }
}

static void
test_a_mark_per_message_state (void)
{
  for (int i = BURBLE_MESSAGE_WAITING; i <= BURBLE_MESSAGE_FAILED; i++)
    for (int j = BURBLE_MESSAGE_WAITING; j < i; j++)
      g_assert_cmpstr (burble_words_message_state_icon ((BurbleMessageState) i), !=,
                       burble_words_message_state_icon ((BurbleMessageState) j));
  g_assert_null (burble_words_message_state_icon (BURBLE_MESSAGE_RECEIVED));
}

static void
test_a_message_is_read_aloud (void)
{
  const gint64 time = (14 * 3600 + 31 * 60) * G_TIME_SPAN_SECOND;
  g_autoptr(BurbleMessage) in = burble_message_new ("1", "alice@example.org", FALSE,
                                                    "Perfect,\nthank you!", time);
  g_autoptr(BurbleMessage) out = burble_message_new ("2", "maya@example.org", TRUE, "Gladly", time);
  g_autofree char *heard = burble_words_message (in, "Alice", TRUE);
  g_autofree char *said = burble_words_message (out, "Maya", TRUE);
  g_autofree char *undated = NULL;

  g_assert_cmpstr (heard, ==, "Alice, 14:31: Perfect, thank you!");
  g_assert_cmpstr (said, ==, "You, 14:31: Gladly");
  burble_message_set_time_text (in, "at\nnoon <b>");
  undated = burble_words_message (in, "Alice", TRUE);
  g_assert_cmpstr (undated, ==, "Alice, at noon <b>: Perfect, thank you!");
}

static void
test_a_chat_is_read_aloud (void)
{
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "dummy", "maya@example.org");
  g_autoptr(BurbleContact) contact = burble_contact_new (account, "alice@example.org");
  g_autoptr(BurbleConversation) chat = burble_conversation_new (contact);
  g_autofree char *line = NULL;

  burble_contact_set_name (contact, "Alice");
  burble_contact_update_presence (contact, "desk", BURBLE_STATUS_AWAY, NULL);
  burble_conversation_set_unread (chat, 2);
  burble_conversation_set_muted (chat, TRUE);
  burble_conversation_set_typing (chat, "Alice");
  line = burble_words_conversation (chat, TRUE);
  g_assert_cmpstr (line, ==, "Alice, Away, 2 unread messages, muted, typing…");
}

/* Whose they are is said where there are several accounts, as it is shown. */
static void
test_accounts_are_read_aloud (void)
{
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "dummy", "maya@example.org");
  g_autoptr(BurbleContact) contact = burble_contact_new (account, "alice@example.org");
  g_autoptr(BurbleConversation) chat = burble_conversation_new (contact);
  g_autofree char *alone = burble_words_contact (contact);
  g_autofree char *person = NULL;
  g_autofree char *line = NULL;

  g_assert_cmpstr (alone, ==, "alice, Offline");
  burble_account_set_mark (account, "E", 0);
  person = burble_words_contact (contact);
  line = burble_words_conversation (chat, TRUE);
  g_assert_cmpstr (person, ==, "alice, Offline, on maya@example.org");
  g_assert_cmpstr (line, ==, "alice, Offline, on maya@example.org");
}

static void
test_previews (void)
{
  const char * const names[] = { "notes.pdf", NULL };
  g_autoptr(BurbleMessage) out = burble_message_new ("1", "maya@example.org", TRUE, "See you", 0);
  g_autoptr(BurbleMessage) file = burble_message_new ("2", "alice@example.org", FALSE, "", 0);
  g_autoptr(BurbleMessage) room = burble_message_new ("3", "tom@example.org", FALSE, "seeds", 0);
  g_autofree char *own = burble_words_preview (out, FALSE);
  g_autofree char *attached = NULL;
  g_autofree char *said = NULL;

  burble_message_set_attachment_names (file, names);
  burble_message_set_sender_name (room, "Tomás");
  attached = burble_words_preview (file, FALSE);
  said = burble_words_preview (room, TRUE);
  g_assert_cmpstr (own, ==, "You: See you");
  g_assert_cmpstr (attached, ==, "notes.pdf");
  g_assert_cmpstr (said, ==, "Tomás: seeds");
}

static void
test_a_fingerprint_in_groups (void)
{
  g_autofree char *groups = burble_words_fingerprint ("aB:cd:01:23:45:67:89:ab:cd:ef");
  g_autofree char *none = burble_words_fingerprint (NULL);

  g_assert_cmpstr (groups, ==, "ABCD 0123 4567 89AB\nCDEF");
  g_assert_cmpstr (none, ==, "");
}

static void
test_banners (void)
{
  static const struct
  {
    BurbleAccountState state;
    BurbleRemedy remedy;
  } cases[] = {
    { BURBLE_ACCOUNT_OFFLINE, BURBLE_REMEDY_GO_ONLINE },
    { BURBLE_ACCOUNT_WAITING, BURBLE_REMEDY_TRY_AGAIN },
    { BURBLE_ACCOUNT_FAILED, BURBLE_REMEDY_TRY_AGAIN },
    { BURBLE_ACCOUNT_NEEDS_PASSWORD, BURBLE_REMEDY_SIGN_IN },
    { BURBLE_ACCOUNT_NEEDS_CERTIFICATE, BURBLE_REMEDY_REVIEW },
  };
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "dummy", "maya@example.org");
  BurbleRemedy remedy = BURBLE_REMEDY_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *one = NULL;
      g_autofree char *several = NULL;

      burble_account_set_state (account, cases[i].state);
      one = burble_words_banner (account, FALSE, &remedy);
      several = burble_words_banner (account, TRUE, &remedy);
      g_assert_nonnull (one);
      g_assert_true (g_str_has_prefix (several, "maya@example.org: "));
      g_assert_cmpint (remedy, ==, cases[i].remedy);
      g_assert_nonnull (burble_words_remedy (remedy));
    }
  burble_account_set_state (account, BURBLE_ACCOUNT_ONLINE);
  g_assert_null (burble_words_banner (account, FALSE, &remedy));
}

/* Nobody is promised that words are sent where there are none. */
static void
test_banner_without_messages (void)
{
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "dummy", "maya@example.org");
  BurbleRemedy remedy = BURBLE_REMEDY_NONE;
  g_autofree char *unknown = NULL;
  g_autofree char *without = NULL;
  g_autofree char *with = NULL;

  burble_account_set_state (account, BURBLE_ACCOUNT_WAITING);
  unknown = burble_words_banner (account, FALSE, &remedy);
  burble_account_set_features (account, BURBLE_FEATURE_ROSTER | BURBLE_FEATURE_DIRECTORY);
  without = burble_words_banner (account, FALSE, &remedy);
  burble_account_set_features (account, BURBLE_FEATURE_ROSTER | BURBLE_FEATURE_MESSAGES);
  with = burble_words_banner (account, FALSE, &remedy);
  g_assert_cmpstr (unknown, ==, "No connection. What you write is sent later.");
  g_assert_cmpstr (without, ==, "No connection. Burble tries again by itself.");
  g_assert_cmpstr (with, ==, unknown);
}

static void
test_notices (void)
{
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "dummy", "maya@example.org");
  g_autoptr(BurbleContact) contact = burble_contact_new (account, "alice@example.org");
  g_autoptr(BurbleConversation) chat = burble_conversation_new (contact);
  g_autoptr(BurbleMessage) message = burble_message_new ("1", "alice@example.org", FALSE, "Secret",
                                                         0);
  g_autoptr(BurbleNotice) open = burble_notice_new (BURBLE_NOTICE_MESSAGE, "t", contact, chat,
                                                    message, 3, TRUE);
  g_autoptr(BurbleNotice) closed = burble_notice_new (BURBLE_NOTICE_MESSAGE, "t", contact, chat,
                                                      message, 3, FALSE);
  g_autofree char *title = burble_words_notice_title (open);
  g_autofree char *shown = burble_words_notice_body (open);
  g_autofree char *hidden = burble_words_notice_body (closed);

  g_assert_cmpstr (title, ==, "alice");
  g_assert_cmpstr (shown, ==, "Secret\n3 new messages");
  g_assert_cmpstr (hidden, ==, "3 new messages");
}

static void
test_notices_of_status (void)
{
  static const struct
  {
    BurbleStatus status;
    const char *mood, *title, *body;
  } cases[] = {
    { BURBLE_STATUS_AVAILABLE, NULL, "alice is available", "" },
    { BURBLE_STATUS_AWAY, "lunch", "alice is away", "lunch" },
    { BURBLE_STATUS_DND, NULL, "alice is busy", "" },
    { BURBLE_STATUS_OFFLINE, NULL, "alice is offline", "" },
    { BURBLE_STATUS_UNKNOWN, "in_game", "alice has a new status", "in_game" },
  };
  g_autoptr(BurbleAccount) account = burble_account_new (NULL, "dummy", "maya@example.org");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BurbleContact) contact = burble_contact_new (account, "alice@example.org");
      g_autoptr(BurbleNotice) notice = burble_notice_new (BURBLE_NOTICE_STATUS, "t", contact, NULL,
                                                          NULL, 0, TRUE);
      g_autofree char *title = NULL;
      g_autofree char *body = NULL;

      burble_contact_update_presence (contact, NULL, cases[i].status, cases[i].mood);
      title = burble_words_notice_title (notice);
      body = burble_words_notice_body (notice);
      g_assert_cmpstr (title, ==, cases[i].title);
      g_assert_cmpstr (body, ==, cases[i].body);
    }
}

static void
test_every_notice_is_a_sentence (void)
{
  const char * const *words = burble_words_known_notices ();
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *sentence = burble_words_server_notice (words[i], "Bob", "Bedtime");

      g_test_message ("%s: %s", words[i], sentence);
      g_assert_true (g_str_has_suffix (sentence, ".") || g_str_has_suffix (sentence, "”"));
      g_assert_null (strchr (sentence, '%'));
      g_assert_null (strstr (sentence, "The server says"));
      g_assert_true (g_hash_table_add (seen, g_steal_pointer (&sentence)));
      g_assert_true (i == 0 || strcmp (words[i - 1], words[i]) < 0);
    }
}

/* All that a server is known to say to somebody who plays no game; see the networks' own tests for
 * how these words come about. */
static void
test_notices_of_servers (void)
{
  static const char * const said[] = {
    "status-user-username-not-available", "status-user-wrong-pwd", "status-user-empty-img",
    "status-user-img-name-long", "lobby-invite-user-invited", "lobby-invite-user-does-not-exist",
    "lobby-invite-user-not-online", "lobby-invite-user-in-lobby", "lobby-invite-user-in-dk-game",
    "lobby-invite-user-cur-not-available", "lobby-invite-lobby-full", "lobby-invite-decline",
    "lobby-invite-accept-lobby-not-exists", "lobby-invite-accept-invalid-inviter",
    "lobby-invite-accept-not-invited", "lobby-invite-accept-lobby-started-game",
    "lobby-invite-accept-lobby-full", "lobby-kick-reason", "lobby-kick-no-reason",
    "lobby-kick-user-not-exist", "lobby-kick-user-not-in-lobby", "lobby-kick-lobby-started",
    "lobby-change-user-order-missing-rights", "lobby-change-game-missing-rights",
    "lobby-change-gamerules-missing-rights", "lobby-change-admin-missing-rights",
    "lobby-add-bot-lobby-full", "lobby-add-bot-unknown-type", "lobby-add-bot-invalid-type",
    "lobby-load-game-oldversion", "lobby-load-game-invalid-signature",
    "lobby-load-game-invalid-data", "lobby-load-game-missing-rights",
    "lobby-load-game-users-not-identical", "lobby-load-game-success",
    "lobby-load-game-reset-player-list", "lobby-load-game-reset-user-order",
    "lobby-load-game-reset-gamerules", "game-cancel",
  };
  const char * const *known = burble_words_known_notices ();

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    g_assert_true (g_strv_contains (known, said[i]));
}

static const struct
{
  const char *word;
  const char *subject;
  const char *text;
  const char *sentence;
} notices[] = {
  { "lobby-invite-user-not-online", "bob", NULL, "bob is not online." },
  { "lobby-kick-reason", NULL, "please leave €",
    "You were removed from the lobby: “please leave €”" },
  /* What was said is not ours, and cannot pass for it. */
  { "lobby-kick-reason", NULL, "go.\n\nBurble: sign in again",
    "You were removed from the lobby: “go. Burble: sign in again”" },
  { "lobby-kick-reason", NULL, "\xe2\x80\xaegnihton\x1b[2J",
    "You were removed from the lobby: “gnihton[2J”" },
  { "lobby-invite-user-invited", "%s%n\n", NULL, "%s%n was invited." },
  /* Not all of it was said. */
  { "lobby-invite-user-invited", NULL, NULL, "The server says: “lobby invite user invited”" },
  { "lobby-kick-reason", NULL, " \n ", "The server says: “lobby kick reason”" },
  /* Nobody has words for it. */
  { "brand-new", NULL, NULL, "The server says: “brand new”" },
  { "brand-new", "bob", "state: 103", "The server says: “brand new (bob): state: 103”" },
  { NULL, NULL, "It goes down at six", "The server says: “It goes down at six”" },
};

static void
test_server_notices (void)
{
  g_autofree char *novel = g_strnfill (100000, 'n');
  g_autofree char *bounded = burble_words_server_notice ("lobby-kick-reason", NULL, novel);

  for (guint i = 0; i < G_N_ELEMENTS (notices); i++)
    {
      g_autofree char *sentence =
        burble_words_server_notice (notices[i].word, notices[i].subject, notices[i].text);

      g_assert_cmpstr (sentence, ==, notices[i].sentence);
    }
  g_assert_cmpuint (g_utf8_strlen (bounded, -1), <, 250);
}

static const struct
{
  const char *name, *slogan;
  gint64 people, most;
  gboolean closed;
  int age;
  const char *line;
} servers[] = {
  { "The Parlour", "Cards and tea", 3, 20, FALSE, 0,
    "The Parlour · Cards and tea · 3 of 20 people are there" },
  { "The Parlour", NULL, 1, 20, FALSE, 0, "The Parlour · 1 of 20 people is there" },
  { "The Parlour", "", 1, -1, FALSE, 0, "The Parlour · 1 person is there" },
  { "The Parlour", NULL, 2, 0, FALSE, 0, "The Parlour · 2 people are there" },
  { "The Parlour", NULL, 0, 20, TRUE, 0,
    "The Parlour · nobody is there now · nobody can sign in now" },
  { NULL, NULL, -1, -1, FALSE, -1,
    "There is a server · older than Burble knows, so signing in may fail" },
  { "\n\x1b", NULL, -1, -1, FALSE, 0, "There is a server" },
  { "A\nB", NULL, G_MAXINT64, G_MAXINT64, FALSE, 0,
    "A B · 2147483647 of 2147483647 people are there" },
};

static void
test_servers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autoptr(BurbleServerSummary) server =
        burble_server_summary_new (servers[i].name, servers[i].slogan, servers[i].people,
                                   servers[i].most, !servers[i].closed, servers[i].age);
      g_autofree char *line = burble_words_server (server);

      g_assert_cmpstr (line, ==, servers[i].line);
    }
}

/* What is no news about a server is not told as news. */
static void
test_no_server (void)
{
  static const struct
  {
    int code;
    gboolean told;
  } cases[] = {
    { BURBLE_PROTOCOL_ERROR_NOT_CONNECTED, TRUE }, { BURBLE_PROTOCOL_ERROR_TIMED_OUT, TRUE },
    { BURBLE_PROTOCOL_ERROR_REFUSED, TRUE }, { BURBLE_PROTOCOL_ERROR_BAD_DATA, TRUE },
    { BURBLE_PROTOCOL_ERROR_UNSUPPORTED, FALSE }, { BURBLE_PROTOCOL_ERROR_BAD_ADDRESS, FALSE },
  };
  g_autoptr(GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "gone");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, cases[i].code, "E42");
      g_autofree char *sentence = burble_words_no_server (error);

      g_assert_true ((sentence != NULL) == cases[i].told);
      g_assert_true (sentence == NULL || strstr (sentence, "E42") == NULL);
    }
  g_assert_null (burble_words_no_server (cancelled));
}

static const BurbleDetailWords details[] = {
  { "profile_img", "Picture", "default" },
  { NULL, NULL, NULL },
};
static const BurbleNetworkWords networks[] = {
  { "here", "Here", "Name", details },
  { NULL, NULL, NULL, NULL },
};

static const struct
{
  const char *network;
  const char *key;
  const char *value;
  const char *title;
} details_table[] = {
  { "here", "profile_img", "cow", "Picture" },
  { "here", "profile_img", "default", NULL },
  { "here", "favourite_card", "queen of clubs", "Favourite card" },
  { "here", "élan-vital", "yes", "Élan vital" },
  { "here", "empty", "", NULL },
  { "here", "", "something", "Detail" },
  { "here", "_._", "something", "Detail" },
  { "here", "a\nb\x1b", "something", "A b" },
  { "elsewhere", "profile_img", "default", "Profile img" },
};

static void
test_details_of_people (void)
{
  burble_words_set_networks (networks);
  for (guint i = 0; i < G_N_ELEMENTS (details_table); i++)
    {
      g_autofree char *title = burble_words_detail (details_table[i].network, details_table[i].key,
                                                    details_table[i].value);

      g_assert_cmpstr (title, ==, details_table[i].title);
    }
  burble_words_set_networks (NULL);
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/words/errors-are-sentences", test_errors_are_sentences);
  g_test_add_func ("/ui/words/every-word-of-the-engine-is-known",
                   test_every_word_of_the_engine_is_known);
  g_test_add_func ("/ui/words/the-server-speaks-for-itself", test_the_server_speaks_for_itself);
  g_test_add_func ("/ui/words/a-library-does-not-speak", test_a_library_does_not_speak);
  g_test_add_func ("/ui/words/a-shape-per-status", test_a_shape_per_status);
  g_test_add_func ("/ui/words/a-mark-per-message-state", test_a_mark_per_message_state);
  g_test_add_func ("/ui/words/a-message-is-read-aloud", test_a_message_is_read_aloud);
  g_test_add_func ("/ui/words/a-chat-is-read-aloud", test_a_chat_is_read_aloud);
  g_test_add_func ("/ui/words/accounts-are-read-aloud", test_accounts_are_read_aloud);
  g_test_add_func ("/ui/words/previews", test_previews);
  g_test_add_func ("/ui/words/a-fingerprint-in-groups", test_a_fingerprint_in_groups);
  g_test_add_func ("/ui/words/banners", test_banners);
  g_test_add_func ("/ui/words/banners/without-messages", test_banner_without_messages);
  g_test_add_func ("/ui/words/notices", test_notices);
  g_test_add_func ("/ui/words/notices-of-status", test_notices_of_status);
  g_test_add_func ("/ui/words/every-notice-is-a-sentence", test_every_notice_is_a_sentence);
  g_test_add_func ("/ui/words/notices-of-servers", test_notices_of_servers);
  g_test_add_func ("/ui/words/server-notices", test_server_notices);
  g_test_add_func ("/ui/words/servers", test_servers);
  g_test_add_func ("/ui/words/no-server", test_no_server);
  g_test_add_func ("/ui/words/details-of-people", test_details_of_people);
  return g_test_run ();
}
