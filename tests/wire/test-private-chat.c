/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include <string.h>

#include "burble-private-chat-event.h"
#include "burble-private-chat-name.h"
#include "burble-private-chat-page.h"
#include "burble-private-chat-writer.h"
#include "burble-wire-error.h"

/*
 * The packets and pages of a django-private-chat site: what real ones say, and what no hostile one
 * brings about.
 */

#define KEY "h3yy803v15sneee9thudw7invhp4b9b6"

static BurblePrivateChatEvent *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  BurblePrivateChatEvent *event = burble_private_chat_event_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return event;
}

static void
test_events (void)
{
  g_autoptr(BurblePrivateChatEvent) online =
    parse ("{\"type\": \"gone-online\", \"usernames\": [\"user_2\", 7, \"a b\", \"zo\\u00eb\"]}");
  g_autoptr(BurblePrivateChatEvent) nobody =
    parse ("{\"type\": \"gone-online\", \"usernames\": []}");
  g_autoptr(BurblePrivateChatEvent) offline =
    parse ("{\"type\": \"gone-offline\", \"username\": \"user_2\"}");
  g_autoptr(BurblePrivateChatEvent) typing =
    parse ("{\"type\": \"opponent-typing\", \"username\": \"user_2\"}");
  g_autoptr(BurblePrivateChatEvent) read =
    parse ("{\"type\": \"opponent-read-message\", \"username\": \"user_1\", \"message_id\": 15}");
  g_autoptr(BurblePrivateChatEvent) read_text =
    parse ("{\"type\": \"opponent-read-message\", \"username\": \"user_1\","
           " \"message_id\": \"15\"}");
  g_autoptr(BurblePrivateChatEvent) users =
    parse ("{\"type\": \"users-changed\", \"value\": [{\"username\": \"a\", \"uuid\": \"u-1\"},"
           " {\"username\": 3}, 4, {\"username\": \"b\"}]}");
  const BurblePrivateChatUser *first = NULL;

  g_assert_cmpint (online->channel, ==, BURBLE_PRIVATE_CHAT_ONLINE);
  g_assert_cmpstrv (online->usernames, ((const char *[]) { "user_2", "zoë", NULL }));
  g_assert_cmpint (nobody->channel, ==, BURBLE_PRIVATE_CHAT_ONLINE);
  g_assert_cmpuint (g_strv_length (nobody->usernames), ==, 0);
  g_assert_cmpint (offline->channel, ==, BURBLE_PRIVATE_CHAT_OFFLINE);
  g_assert_cmpstr (offline->username, ==, "user_2");
  g_assert_cmpint (typing->channel, ==, BURBLE_PRIVATE_CHAT_IS_TYPING);
  g_assert_cmpint (read->channel, ==, BURBLE_PRIVATE_CHAT_READ_MESSAGE);
  g_assert_cmpint (read->message_id, ==, 15);
  g_assert_cmpint (read_text->message_id, ==, 15);
  g_assert_cmpint (users->channel, ==, BURBLE_PRIVATE_CHAT_NEW_USER);
  g_assert_cmpuint (users->users->len, ==, 2);
  first = users->users->pdata[0];
  g_assert_cmpstr (first->username, ==, "a");
  g_assert_cmpstr (first->uuid, ==, "u-1");
}

static void
test_message (void)
{
  g_autoptr(BurblePrivateChatEvent) odd =
    parse ("{\"type\": \"new-message\", \"username\": \"a\", \"sender_name\": \"b\","
           " \"message\": \"x\\u0000y\\ud800z\", \"message_id\": 1}");
  g_autoptr(BurblePrivateChatEvent) event =
    parse ("{\"type\": \"new-message\", \"session_key\": \"" KEY "\", \"username\": \"user_2\","
           " \"message\": \"hello \\u20ac <b>&\\n2nd line\", \"client_ref\": \"abc-1\","
           " \"created\": \"20.11.2026 23:43:43\", \"sender_name\": \"user_1\","
           " \"message_id\": 15}");
  g_autoptr(BurblePrivateChatEvent) number =
    parse ("{\"type\": \"new-message\", \"username\": \"user_2\", \"message\": [1, true],"
           " \"created\": \"yesterday\", \"sender_name\": \"user_1\", \"message_id\": 16}");

  g_assert_cmpint (event->channel, ==, BURBLE_PRIVATE_CHAT_NEW_MESSAGE);
  g_assert_cmpstr (event->username, ==, "user_2");
  g_assert_cmpstr (event->sender, ==, "user_1");
  g_assert_cmpstr (event->text, ==, "hello € <b>&\n2nd line");
  g_assert_cmpstr (event->client_ref, ==, "abc-1");
  g_assert_cmpint (event->message_id, ==, 15);
  g_assert_cmpint (event->date.time, ==, G_GINT64_CONSTANT (1795218223000000));
  /* Nothing of it is the credential of somebody. */
  g_assert_null (strstr (event->text, KEY));
  /* No text here can hold these; it comes once, and the rest of it is said all the same. */
  g_assert_cmpstr (odd->text, ==, "x\uFFFDy\uFFFDz");
  g_assert_cmpstr (number->text, ==, "[1,true]");
  g_assert_cmpint (number->date.time, ==, 0);
}

static void
test_no_events (void)
{
  static const char * const cases[] = {
    "", "{", "[]", "7", "\"new-message\"", "null", "{}", "{\"type\": 7}", "{\"type\": \"other\"}",
    "{\"type\": \"gone-online\"}", "{\"type\": \"gone-online\", \"usernames\": \"user_2\"}",
    "{\"type\": \"gone-offline\", \"username\": [\"user_2\"]}",
    "{\"type\": \"gone-offline\", \"username\": \"a/b\"}",
    "{\"type\": \"opponent-typing\"}",
    "{\"type\": \"opponent-read-message\", \"username\": \"a\", \"message_id\": {}}",
    "{\"type\": \"opponent-read-message\", \"username\": \"a\", \"message_id\": -1}",
    "{\"type\": \"opponent-read-message\", \"username\": \"a\", \"message_id\": 1.5}",
    "{\"type\": \"opponent-read-message\", \"username\": \"a\","
    " \"message_id\": \"99999999999999999999\"}",
    "{\"type\": \"users-changed\", \"value\": {}}",
    "{\"type\": \"new-message\", \"username\": \"a\", \"sender_name\": \"b\", \"message_id\": 1}",
    "{\"type\": \"new-message\", \"username\": \"a\", \"sender_name\": \"b\", \"message\": \"x\"}",
    "{\"type\": \"new-message\", \"username\": \"a\", \"message\": \"x\", \"message_id\": 1}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      if (burble_private_chat_event_parse (cases[i], strlen (cases[i]), &error) != NULL)
        g_error ("was taken: %s", cases[i]);
      g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
    }
}

static BurblePrivateChatWriter *
make_writer (void)
{
  BurblePrivateChatWriter *writer = burble_private_chat_writer_new (KEY, G_MAXINT64);

  burble_private_chat_writer_add_user (writer, "user_2");
  burble_private_chat_writer_add_dialog (writer, "user_2");
  burble_private_chat_writer_add_user (writer, "user_3");
  return writer;
}

#define assert_writes(expected, packet)                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr(GError) error_ = NULL;                                                               \
    GError **error = &error_;                                                                      \
    g_autofree char *packet_ = packet;                                                             \
    g_assert_no_error (error_);                                                                    \
    g_assert_cmpstr (packet_, ==, expected);                                                       \
  }                                                                                                \
  G_STMT_END

#define assert_harmful(packet)                                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr(GError) error_ = NULL;                                                               \
    GError **error = &error_;                                                                      \
    char *packet_ = packet;                                                                        \
    g_assert_null (packet_);                                                                       \
    g_assert_error (error_, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_HARMFUL);                         \
  }                                                                                                \
  G_STMT_END

#define HEAD(type) "{\"type\":\"" type "\",\"session_key\":\"" KEY "\""

static void
test_requests (void)
{
  g_autoptr(BurblePrivateChatWriter) w = make_writer ();

  assert_writes (HEAD ("online") "}", burble_private_chat_writer_online (w, error));
  assert_writes (HEAD ("offline") "}", burble_private_chat_writer_offline (w, error));
  assert_writes (HEAD ("check-online") ",\"username\":\"user_3\"}",
                 burble_private_chat_writer_check_online (w, "user_3", error));
  assert_writes (HEAD ("is-typing") ",\"username\":\"user_3\",\"typing\":true}",
                 burble_private_chat_writer_typing (w, "user_3", TRUE, error));
  assert_writes (HEAD ("read_message") ",\"username\":\"user_2\",\"message_id\":15}",
                 burble_private_chat_writer_read (w, "user_2", 15, error));
  assert_writes (HEAD ("new-message") ",\"username\":\"user_2\",\"message\":\"a\\n\\\"b\\\"\","
                 "\"client_ref\":\"r-1\"}",
                 burble_private_chat_writer_message (w, "user_2", "a\n\"b\"", "r-1", error));
  assert_writes ("wss://site:5002/" KEY "/user_2",
                 burble_private_chat_writer_socket (w, "wss://site:5002/", "user_2", error));
}

/* Each of these was seen to stop a real site, or would. */
static void
test_never_harms (void)
{
  g_autoptr(BurblePrivateChatWriter) w = make_writer ();
  g_autoptr(BurblePrivateChatWriter) dead =
    burble_private_chat_writer_new ("not a key", G_MAXINT64);
  g_autoptr(BurblePrivateChatWriter) none = burble_private_chat_writer_new (NULL, G_MAXINT64);
  g_autoptr(BurblePrivateChatWriter) old =
    burble_private_chat_writer_new (KEY, g_get_real_time () - 1);

  assert_harmful (burble_private_chat_writer_message (w, "nobody", "x", NULL, error));
  assert_harmful (burble_private_chat_writer_message (w, NULL, "x", NULL, error));
  assert_harmful (burble_private_chat_writer_message (w, "", "x", NULL, error));
  assert_harmful (burble_private_chat_writer_message (w, "user_3", "x", NULL, error));
  assert_harmful (burble_private_chat_writer_message (w, "user_2", "", NULL, error));
  assert_harmful (burble_private_chat_writer_message (w, "user_2", "\xed\xa0\x80", NULL, error));
  assert_harmful (burble_private_chat_writer_message (w, "user_2", "\xff", NULL, error));
  assert_harmful (burble_private_chat_writer_message (w, "user_2", "x", "\xff", error));
  assert_harmful (burble_private_chat_writer_read (w, "user_2", 0, error));
  assert_harmful (burble_private_chat_writer_read (w, "user_2", -1, error));
  assert_harmful (burble_private_chat_writer_read (w, "user_2", G_MAXINT64, error));
  assert_harmful (burble_private_chat_writer_read (w, "nobody", 1, error));
  assert_harmful (burble_private_chat_writer_typing (w, "nobody", TRUE, error));
  assert_harmful (burble_private_chat_writer_check_online (w, "nobody", error));
  assert_harmful (burble_private_chat_writer_socket (w, "ws://site/", "nobody", error));
  assert_harmful (burble_private_chat_writer_online (dead, error));
  assert_harmful (burble_private_chat_writer_online (none, error));
  assert_harmful (burble_private_chat_writer_online (old, error));
  g_assert_false (burble_private_chat_writer_is_live (old));

  burble_private_chat_writer_add_user (w, "zoë");
  burble_private_chat_writer_add_user (w, "a/b");
  burble_private_chat_writer_add_user (w, "..");
  assert_harmful (burble_private_chat_writer_socket (w, "ws://site/", "zoë", error));
  assert_harmful (burble_private_chat_writer_socket (w, "ws://site/", "a/b", error));
  assert_harmful (burble_private_chat_writer_socket (w, "ws://site/", "..", error));

  /* Somebody who was taken off the site. */
  burble_private_chat_writer_forget_users (w);
  burble_private_chat_writer_add_user (w, "user_3");
  assert_harmful (burble_private_chat_writer_message (w, "user_2", "x", NULL, error));
  assert_harmful (burble_private_chat_writer_typing (w, "user_2", TRUE, error));
  g_assert_true (burble_private_chat_writer_knows (w, "user_3"));

  g_assert_true (burble_private_chat_writer_has_key (w, KEY));
  g_assert_false (burble_private_chat_writer_has_key (w, "another"));
  g_assert_false (burble_private_chat_writer_has_key (w, NULL));
  burble_private_chat_writer_revoke (w);
  g_assert_false (burble_private_chat_writer_has_key (w, NULL));
  g_assert_false (burble_private_chat_writer_is_live (w));
  assert_harmful (burble_private_chat_writer_online (w, error));
  assert_harmful (burble_private_chat_writer_offline (w, error));
  assert_harmful (burble_private_chat_writer_check_online (w, "user_2", error));
  assert_harmful (burble_private_chat_writer_message (w, "user_2", "x", NULL, error));
  assert_harmful (burble_private_chat_writer_read (w, "user_2", 1, error));
  assert_harmful (burble_private_chat_writer_typing (w, "user_2", TRUE, error));
  assert_harmful (burble_private_chat_writer_socket (w, "ws://site/", "user_2", error));
}

static void
test_too_long (void)
{
  g_autoptr(BurblePrivateChatWriter) w = make_writer ();
  g_autofree char *fits = g_strnfill (1024 * 1024 - 200, 'x');
  g_autofree char *long_text = g_strnfill (1024 * 1024, 'x');
  g_autofree char *packet = burble_private_chat_writer_message (w, "user_2", fits, NULL, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (packet);
  g_assert_null (burble_private_chat_writer_message (w, "user_2", long_text, NULL, &error));
  g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE);
}

static BurblePrivateChatPage *
parse_page (const char *html)
{
  g_autoptr(GError) error = NULL;
  BurblePrivateChatPage *page = burble_private_chat_page_parse (html, strlen (html), &error);

  g_assert_no_error (error);
  return page;
}

static void
test_people (void)
{
  g_autoptr(BurblePrivateChatPage) page = parse_page (
    "<!DOCTYPE html><html><body><ul>"
    "<li><p>Zo&euml; &lt;Z&gt; </p><a class=\"btn btn-primary\" href=\"/dialogs/zoe\">Chat</a>"
    "<li><p></p><a class=\"btn\" href=\"/dialogs/bob%40x.org\">Chat with bob@x.org</a>"
    "<li><p>Twice</p><a class=\"btn\" href=\"/dialogs/zoe\">Chat with zoe</a>"
    "<li><a class=\"btn\" href=\"/dialogs/a%2Fb\">x</a><a class=\"btn\" href=\"/dialogs/\">x</a>"
    "<li><a class=\"btn\" href=\"/admin/\">x</a><a href=\"/dialogs/plain\">x</a>"
    "</ul>");
  const BurblePrivateChatPerson *zoe = NULL;
  const BurblePrivateChatPerson *bob = NULL;

  g_assert_cmpuint (page->people->len, ==, 2);
  zoe = page->people->pdata[0];
  bob = page->people->pdata[1];
  g_assert_cmpstr (zoe->username, ==, "zoe");
  g_assert_cmpstr (zoe->name, ==, "Zoë <Z>");
  g_assert_cmpstr (bob->username, ==, "bob@x.org");
  g_assert_null (bob->name);
  g_assert_false (page->has_history);
}

static const char dialog_page[] =
  "<html><head><title>x</title></head><body>"
  "<input id=\"owner_username\" type=\"hidden\" value=\"user_1\">"
  "<div class=\"user-list-div\"><ul>"
  "<li><a id=\"user-user_2\" class=\"x\" href=\"/dialogs/user_2\">user_2</a></li>"
  "<li><a id=\"user-user_3\" href=\"/dialogs/user_3\">user_3</a></li></ul></div>"
  "<div id=\"messages\" class=\"messages\">"
  "<div class=\"row msg-unread opponent\" data-id=\"4\"><p class=\"pull-right\">\n"
  "   <span class=\"username\">user_2:</span>\n   it&#x27;s &lt;b&gt; &amp; so\n2nd line\n"
  "   <span class=\"timestamp\">&ndash; <span data-livestamp=\"20.11.2026 23:43:44\">"
  "20.11.2026 23:43:44</span></span></p></div>"
  "<div class=\"row msg-read\" data-id=\"3\"><p class=\"pull-left\">"
  "<span class=\"username\">user_1:</span> hi <span class=\"timestamp\">"
  "<span data-livestamp=\"Nov. 20, 2026\">Nov. 20, 2026</span></span></p></div>"
  "<div class=\"row msg-read\" data-id=\"3\"><p class=\"pull-left\">"
  "<span class=\"username\">user_1:</span> again </p></div>"
  "<div class=\"row\" data-id=\"x\"><p class=\"pull-left\"></p></div>"
  "<div class=\"row\" data-id=\"9\"><p>nobody said it</p></div>"
  "</div><script>var session_key = 'secret'; var base_ws_server_path = \"ws://localhost:5002/\";"
  "</script></body></html>";

static void
test_dialog (void)
{
  g_autoptr(BurblePrivateChatPage) page = parse_page (dialog_page);
  const BurblePrivateChatPageMessage *own = NULL;
  const BurblePrivateChatPageMessage *theirs = NULL;

  g_assert_cmpstr (page->owner, ==, "user_1");
  g_assert_cmpstr (page->websocket, ==, "ws://localhost:5002/");
  g_assert_cmpuint (page->people->len, ==, 0);
  g_assert_cmpuint (page->dialogs->len, ==, 2);
  g_assert_cmpstr (((BurblePrivateChatPerson *) page->dialogs->pdata[1])->username, ==, "user_3");
  g_assert_true (page->has_history);
  g_assert_cmpuint (page->messages->len, ==, 2);
  own = page->messages->pdata[0];
  theirs = page->messages->pdata[1];
  g_assert_cmpint (own->id, ==, 3);
  g_assert_cmpstr (own->sender, ==, "user_1");
  g_assert_cmpstr (own->text, ==, "hi");
  g_assert_false (own->theirs);
  g_assert_true (own->read);
  g_assert_cmpstr (own->created, ==, "Nov. 20, 2026");
  g_assert_cmpint (own->date.time, ==, 0);
  g_assert_cmpint (theirs->id, ==, 4);
  g_assert_true (theirs->theirs);
  g_assert_false (theirs->read);
  g_assert_cmpstr (theirs->text, ==, "it's <b> & so\n2nd line");
  g_assert_cmpint (theirs->date.time, ==, G_GINT64_CONSTANT (1795218224000000));
}

/* One line to be shown, where it cannot be read. */
static void
test_dates_on_pages (void)
{
  static const char row[] =
    "<div id=messages><div class=row data-id=%d><p class=pull-left><span class=username>a:</span>x"
    "<span class=timestamp>%s</span></p></div></div>";
  g_autofree char *many = g_strnfill (1000, 'x');
  const struct
  {
    const char *stamp;
    const char *created;
  } cases[] = {
    { "&ndash; <span data-livestamp='20.11.2026 23:43:44'>just now</span>", "20.11.2026 23:43:44" },
    { "&ndash; <span>\n the other\n day </span>", "the other  day" },
    { "- 5 Nebelung", "5 Nebelung" },
    { "&ndash;", NULL },
    { "<span data-livestamp=''></span>", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *html = g_strdup_printf (row, 1, cases[i].stamp);
      g_autoptr(BurblePrivateChatPage) page = parse_page (html);
      const BurblePrivateChatPageMessage *message = page->messages->pdata[0];

      g_assert_cmpstr (message->created, ==, cases[i].created);
      g_assert_cmpint (message->date.time != 0, ==, i == 0);
    }
  {
    g_autofree char *html = g_strdup_printf (row, 1, many);
    g_autoptr(BurblePrivateChatPage) page = parse_page (html);

    g_assert_cmpuint (strlen (((BurblePrivateChatPageMessage *) page->messages->pdata[0])->created),
                      ==, 64);
  }
}

static void
test_zone (void)
{
  g_autoptr(BurblePrivateChatPage) east = parse_page (
    "<body class=' login'\n  data-admin-utc-offset=\"20700\"><form></form></body>");
  g_autoptr(BurblePrivateChatPage) west = parse_page ("<body data-admin-utc-offset='-3600'>x");
  g_autoptr(BurblePrivateChatPage) absurd = parse_page ("<body data-admin-utc-offset='999999'>x");
  g_autoptr(BurblePrivateChatPage) empty = parse_page ("<body data-admin-utc-offset=''>x");
  g_autoptr(BurblePrivateChatPage) none = parse_page (dialog_page);

  g_assert_true (east->has_zone && west->has_zone);
  g_assert_cmpint (east->zone, ==, 5 * G_TIME_SPAN_HOUR + 45 * G_TIME_SPAN_MINUTE);
  g_assert_cmpint (west->zone, ==, -G_TIME_SPAN_HOUR);
  g_assert_false (absurd->has_zone || empty->has_zone || none->has_zone);
}

static void
test_dates (void)
{
  static const struct
  {
    const char *text;
    const char *iso; /* NULL: not to be read */
    gboolean seconds;
  } cases[] = {
    { "20.11.2026 23:43:43", "2026-11-20T23:43:43Z", TRUE },
    { "20.11.2026 23:43", "2026-11-20T23:43:00Z", FALSE },
    { "1.2.2026, 03:04", "2026-02-01T03:04:00Z", FALSE },
    { "2026-11-20 23:43:43", "2026-11-20T23:43:43Z", TRUE },
    { "2026-11-20T23:43:43.123456", "2026-11-20T23:43:43Z", TRUE },
    { "2026-11-20 23:43", "2026-11-20T23:43:00Z", FALSE },
    { "Nov. 20, 2026, 11:43 p.m.", "2026-11-20T23:43:00Z", FALSE },
    { "Nov. 20, 2026, 11 p.m.", "2026-11-20T23:00:00Z", FALSE },
    { "March 3, 2026, 12:05 a.m.", "2026-03-03T00:05:00Z", FALSE },
    { "Sept. 3, 2026, 12:05 p.m.", "2026-09-03T12:05:00Z", FALSE },
    { "May 31, 2026, noon", "2026-05-31T12:00:00Z", FALSE },
    { "Feb. 28, 2026, midnight", "2026-02-28T00:00:00Z", FALSE },
    { "December 3, 2026, 4:05 PM", "2026-12-03T16:05:00Z", FALSE },
    { "Nov. 20, 2026 23:43:43", "2026-11-20T23:43:43Z", TRUE },
    { NULL }, { "" }, { " " }, { "Nov. 20, 2026" }, { "20.11.2026" }, { "20.11.2026 23" },
    { "20.13.2026 23:43:43" }, { "30.02.2026 23:43:43" }, { "20.11.2026 24:43:43" },
    { "20.11.2026 23:60:43" }, { "03/04/2026 23:43" }, { "20.11.26 23:43" },
    { "20.11.2026 23:43:43 CET" }, { "20.11.20260 23:43:43" }, { "20.11.2026 23:43:" },
    { "2026-11-20" }, { "2026-11-20T23:43:43Z" }, { "Nov. 20, 2026, 13:43 p.m." },
    { "Nov. 20, 2026, 0:43 a.m." }, { "Nov. 20, 2026, 11" }, { "Brumaire 2, 2026, noon" },
    { "1.1.1970 00:00" }, { "1.1.2999 00:00" }, { "vor 5 Minuten" }, { "20.11.2026 23:43:43." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BurblePrivateChatDate date = burble_private_chat_date_read (cases[i].text);
      g_autoptr(GDateTime) expected =
        cases[i].iso != NULL ? g_date_time_new_from_iso8601 (cases[i].iso, NULL) : NULL;

      if (expected == NULL && date.time != 0)
        g_error ("was read: %s", cases[i].text);
      if (expected == NULL)
        continue;
      if (date.time != g_date_time_to_unix_usec (expected))
        g_error ("was read otherwise: %s", cases[i].text);
      g_assert_cmpint (date.precision, ==,
                       (cases[i].seconds ? G_TIME_SPAN_SECOND : G_TIME_SPAN_MINUTE) - 1);
    }
}

static void
test_login_form (void)
{
  g_autoptr(BurblePrivateChatPage) page = parse_page (
    "<form method=post><input type='hidden' name='csrfmiddlewaretoken' value='abc123'>"
    "<p class=errornote>Please enter the correct username</p></form>");

  g_assert_cmpstr (page->csrf, ==, "abc123");
  g_assert_null (page->owner);
}

/* Bytes that are wrong, or were said on purpose, do not take the rest of the page with them. */
static void
test_odd_bytes (void)
{
  static const char html[] =
    "<div id=messages><div class=row data-id=1><p class=pull-left><span class=username>a:</span>"
    "x\0y\xffz\x1b</p></div>"
    "<div class=row data-id=2><p class=pull-left><span class=username>a:</span>next</p></div>"
    "</div>";
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatPage) page =
    burble_private_chat_page_parse (html, sizeof html - 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (page->messages->len, ==, 2);
  g_assert_cmpstr (((BurblePrivateChatPageMessage *) page->messages->pdata[0])->text, ==,
                   "x\uFFFDy\uFFFDz");
  g_assert_cmpstr (((BurblePrivateChatPageMessage *) page->messages->pdata[1])->text, ==, "next");
}

static void
test_hostile_pages (void)
{
  g_autoptr(GString) deep = g_string_new (NULL);
  g_autoptr(BurblePrivateChatPage) page = NULL;
  g_autoptr(GError) error = NULL;
  static const char * const cases[] = {
    "<", "<a", "</div>", "<!--", "<script>base_ws_server_path", "<script>base_ws_server_path = ",
    "<script>base_ws_server_path = 'ws://x", "<p><a class=btn href='/dialogs/%00'>",
    "<p><a class=btn href='/dialogs/%ff'>", "<input id=owner_username value='a b'>",
    "<div class=row data-id=99999999999999999999><p class=pull-left><span class=username>a:</span>",
    "<div class=row data-id=-1>", "<input id=owner_username>", "<div id=messages", "\xff\xfe\x01",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BurblePrivateChatPage) some =
        burble_private_chat_page_parse (cases[i], strlen (cases[i]), NULL);

      if (some == NULL)
        continue;
      g_assert_null (some->owner);
      g_assert_null (some->websocket);
      g_assert_cmpuint (some->people->len + some->dialogs->len + some->messages->len, ==, 0);
    }
  g_assert_null (burble_private_chat_page_parse ("", 0, &error));
  g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (deep, "<div class=row data-id=%u><span>", i + 1);
  page = burble_private_chat_page_parse (deep->str, deep->len, NULL);
  g_assert_true (page == NULL || page->messages->len == 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wire/private-chat/events", test_events);
  g_test_add_func ("/wire/private-chat/message-without-its-key", test_message);
  g_test_add_func ("/wire/private-chat/what-is-no-event", test_no_events);
  g_test_add_func ("/wire/private-chat/requests", test_requests);
  g_test_add_func ("/wire/private-chat/never-harms", test_never_harms);
  g_test_add_func ("/wire/private-chat/too-long", test_too_long);
  g_test_add_func ("/wire/private-chat/people", test_people);
  g_test_add_func ("/wire/private-chat/dialog", test_dialog);
  g_test_add_func ("/wire/private-chat/dates-on-pages", test_dates_on_pages);
  g_test_add_func ("/wire/private-chat/zone", test_zone);
  g_test_add_func ("/wire/private-chat/dates", test_dates);
  g_test_add_func ("/wire/private-chat/login-form", test_login_form);
  g_test_add_func ("/wire/private-chat/odd-bytes", test_odd_bytes);
  g_test_add_func ("/wire/private-chat/hostile-pages", test_hostile_pages);

  return g_test_run ();
}
