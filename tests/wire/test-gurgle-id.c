/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include <string.h>

#include <stringprep.h>

#include "burble-gurgle-id.h"
#include "burble-wire-error.h"

typedef struct
{
  const char *text;
  const char *full; /* NULL: refused */
} Case;

/* The forms of section 1 and what preparation does to them. */
static const Case good[] = {
  { "ada@example.org", "ada@example.org" },
  { "grgl:ada@example.org", "ada@example.org" },
  { "GRGL:ada@example.org/desk", "ada@example.org/desk" },
  { "xmpp:ada@example.org/desk", "xmpp:ada@example.org/desk" },
  { "Xmpp:Ada@Example.ORG/Desk", "xmpp:ada@example.org/Desk" },
  { "ada@localhost", "ada@localhost" },
  { "ada@example.org.", "ada@example.org" },
  { "ada@my_host-2.lan", "ada@my_host-2.lan" },
  { "ada@127.0.0.1", "ada@127.0.0.1" },
  { "ada@::1", "ada@[::1]" },
  { "ada@[::1]/desk", "ada@[::1]/desk" },
  { "ada@[2001:DB8:0:0::0001]", "ada@[2001:db8::1]" },
  { "ada@[::ffff:127.0.0.1]", "ada@[::ffff:127.0.0.1]" },
  { "ada@example.org/a/b@c", "ada@example.org/a/b@c" },
  { "ada@example.org/grgl:x@y", "ada@example.org/grgl:x@y" },
  { "a.d+a=!$%*(){}|~`^[]\\;,-_#?@example.org", "a.d+a=!$%*(){}|~`^[]\\;,-_#?@example.org" },
  { "a%40b@example.org/c%2Fd", "a%40b@example.org/c%2Fd" },
  { "ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example" },
  /* case folding, compatibility forms, characters mapped to nothing */
  { "ADA@EXAMPLE.ORG/DESK", "ada@example.org/DESK" },
  { "\xc3\x84" "da@B\xc3\x9c" "cher.example", "\xc3\xa4" "da@b\xc3\xbc" "cher.example" },
  { "stra\xc3\x9f" "e@example.org", "strasse@example.org" },
  { "A\xcc\x88" "da@example.org/A\xcc\x88", "\xc3\xa4" "da@example.org/\xc3\x84" },
  { "\xef\xbc\xa1" "da@example.org", "ada@example.org" },
  { "a\xc2\xad" "da@example.org", "ada@example.org" },
  { "ada@example\xe3\x80\x82org", "ada@example.org" },
  { "ada@example\xef\xbc\x8eorg", "ada@example.org" },
  { "\xd7\x90\xd7\x91@example.org", "\xd7\x90\xd7\x91@example.org" },
  { "\xe6\xbc\xa2\xe5\xad\x97@\xe4\xbe\x8b.example",
    "\xe6\xbc\xa2\xe5\xad\x97@\xe4\xbe\x8b.example" },
};

static const char * const bad[] = {
  "",
  "ada",
  "@",
  "ada@",
  "@example.org",
  "ada@/desk",
  "ada@example.org/",
  "example.org/ada@desk",
  "grgl:",
  "grgl:ada",
  "grgl:grgl:ada@example.org",
  "grgl://ada@example.org",
  "mailto:ada@example.org",
  "a@b@example.org",
  "ada@exam@ple.org",
  "a/da@example.org",
  /* whitespace */
  " ada@example.org",
  "ada@example.org ",
  "a da@example.org",
  "ada@exam ple.org",
  "ada@example.org/my desk",
  "ada@example.org/desk\n",
  "ada\t@example.org",
  "ada@example.org/my\xc2\xa0" "desk",
  "ada@example.org/my\xe3\x80\x80" "desk",
  "ada@example.org/my\xe2\x80\xa8" "desk",
  "ada@example.org\xe2\x80\x83",
  /* what nodeprep and controls forbid */
  "a\"da@example.org",
  "a&da@example.org",
  "a'da@example.org",
  "a:da@example.org",
  "a<da@example.org",
  "a>da@example.org",
  "a\x01" "da@example.org",
  "a\x7f" "da@example.org",
  "ada@example.org/\x1b[2J",
  "ada@exa\x07mple.org",
  "a\xef\xbc\xa0" "da@example.org", /* a full-width '@' becomes one */
  "ada@exam\xef\xbc\xa0ple.org",
  "ada@exam\xef\xbc\x8fple.org",
  "a\xef\xbc\x8f" "da@example.org",
  "\xc2\xad@example.org", /* nothing left */
  "ada@\xc2\xad",
  "ada@example.org/\xc2\xad",
  "\xd7\x90" "a@example.org", /* right-to-left and left-to-right mixed */
  "ada@example.org/\xe2\x80\xae" "evil",
  "ada@example.org/\xee\x80\x80", /* private use */
  "ada@example.org/\xef\xbf\xbe", /* no character */
  "\xf0\x9f\xa6\x86@example.org", /* unassigned in Unicode 3.2 */
  /* not UTF-8 */
  "a\xff@example.org",
  "ada@ex\xc3.org",
  "ada@example.org/\xed\xa0\x80",
  "a\xc0\xaf" "b@example.org",
  /* hosts and addresses */
  "ada@-example.org",
  "ada@example-.org",
  "ada@.example.org",
  "ada@example..org",
  "ada@.",
  "ada@..",
  "ada@exam!ple.org",
  "ada@exam%ple.org",
  "ada@256.1.1.1",
  "ada@1.2.3",
  "ada@1234",
  "ada@0x7f.1",
  "ada@01.02.03.04",
  "ada@example.org:40097",
  "ada@[::1",
  "ada@::1]",
  "ada@[[::1]]",
  "ada@[]",
  "ada@[example.org]",
  "ada@:",
  "ada@:::",
  "ada@1::2::3",
  "ada@fe80::1%eth0",
  "ada@[127.0.0.1]",
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(BurbleGurgleId) id = burble_gurgle_id_parse (good[i].text, &error);
      g_autoptr(BurbleGurgleId) again = NULL;

      g_test_message ("%s", good[i].text);
      g_assert_no_error (error);
      g_assert_cmpstr (burble_gurgle_id_get_full (id), ==, good[i].full);
      again = burble_gurgle_id_parse (burble_gurgle_id_get_full (id), &error);
      g_assert_no_error (error);
      g_assert_cmpstr (burble_gurgle_id_get_full (again), ==, good[i].full);
      g_assert_true (burble_gurgle_id_equal_bare (id, again));
    }
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(BurbleGurgleId) id = burble_gurgle_id_parse (bad[i], &error);
      g_autofree char *printable = g_strescape (bad[i], NULL);

      g_test_message ("%s", printable);
      g_assert_null (id);
      g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_ID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_fields (void)
{
  g_autoptr(BurbleGurgleId) id = burble_gurgle_id_parse ("grgl:Ada@[::1]/Desk", NULL);
  g_autoptr(BurbleGurgleId) bare = burble_gurgle_id_parse ("xmpp:ada@example.org", NULL);

  g_assert_cmpint (burble_gurgle_id_get_scheme (id), ==, BURBLE_GURGLE_SCHEME_GRGL);
  g_assert_cmpstr (burble_gurgle_id_get_username (id), ==, "ada");
  g_assert_cmpstr (burble_gurgle_id_get_domain (id), ==, "::1");
  g_assert_cmpstr (burble_gurgle_id_get_terminal (id), ==, "Desk");
  g_assert_cmpstr (burble_gurgle_id_get_bare (id), ==, "ada@[::1]");
  g_assert_cmpint (burble_gurgle_id_get_scheme (bare), ==, BURBLE_GURGLE_SCHEME_XMPP);
  g_assert_null (burble_gurgle_id_get_terminal (bare));
  g_assert_cmpstr (burble_gurgle_id_get_bare (bare), ==, "xmpp:ada@example.org");
  g_assert_cmpstr (burble_gurgle_id_get_full (bare), ==, "xmpp:ada@example.org");
}

static void
test_schemes_differ (void)
{
  g_autoptr(BurbleGurgleId) grgl = burble_gurgle_id_parse ("grgl:ada@example.org", NULL);
  g_autoptr(BurbleGurgleId) none = burble_gurgle_id_parse ("ADA@example.org/x", NULL);
  g_autoptr(BurbleGurgleId) xmpp = burble_gurgle_id_parse ("xmpp:ada@example.org", NULL);

  g_assert_true (burble_gurgle_id_equal_bare (grgl, none));
  g_assert_false (burble_gurgle_id_equal_bare (grgl, xmpp));
}

static void
test_new (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurgleId) id = burble_gurgle_id_new ("Ada", "Example.org", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (burble_gurgle_id_get_full (id), ==, "ada@example.org");
  g_assert_null (burble_gurgle_id_new ("ada/x", "example.org", NULL, NULL));
  g_assert_null (burble_gurgle_id_new ("ada", "example.org/x", NULL, NULL));
  g_assert_null (burble_gurgle_id_new ("ada", "x@example.org", NULL, NULL));
  g_assert_null (burble_gurgle_id_new ("ada", "example.org", "", NULL));
  g_assert_null (burble_gurgle_id_new ("", "example.org", NULL, &error));
  g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_ID);
}

static void
test_with_terminal (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurgleId) id = burble_gurgle_id_parse ("xmpp:ada@example.org/a", NULL);
  g_autoptr(BurbleGurgleId) other = burble_gurgle_id_with_terminal (id, "b", &error);
  g_autoptr(BurbleGurgleId) bare = burble_gurgle_id_with_terminal (id, NULL, &error);

  g_assert_cmpstr (burble_gurgle_id_get_full (other), ==, "xmpp:ada@example.org/b");
  g_assert_cmpstr (burble_gurgle_id_get_full (bare), ==, "xmpp:ada@example.org");
  g_assert_null (burble_gurgle_id_with_terminal (id, "b c", &error));
  g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_ID);
}

static char *
fill (const char *piece, gsize bytes)
{
  GString *text = g_string_new (NULL);

  while (text->len + strlen (piece) <= bytes)
    g_string_append (text, piece);
  return g_string_free (text, FALSE);
}

static void
test_limits (void)
{
  g_autofree char *longest = fill ("a", BURBLE_GURGLE_ID_MAX_FIELD);
  g_autofree char *longer = fill ("a", BURBLE_GURGLE_ID_MAX_FIELD + 1);
  g_autofree char *label = fill ("a", 63);
  g_autofree char *long_label = fill ("a", 64);
  g_autofree char *domain = fill ("abc.", 1020);
  g_autofree char *long_domain = fill ("abc.", 1024);
  /* One character of three bytes that compatibility makes eighteen of, 33 bytes long. */
  g_autofree char *growing = fill ("\xef\xb7\xba", 900);
  g_autofree char *absurd = fill ("a", 5000000);
  g_autoptr(BurbleGurgleId) id = burble_gurgle_id_new (longest, domain, longest, NULL);
  g_autoptr(BurbleGurgleId) again = NULL;
  g_autoptr(BurbleGurgleId) labelled = burble_gurgle_id_new ("a", label, NULL, NULL);

  g_assert_nonnull (id);
  g_assert_nonnull (labelled);
  again = burble_gurgle_id_parse (burble_gurgle_id_get_full (id), NULL);
  g_assert_true (burble_gurgle_id_equal_bare (id, again));
  g_assert_null (burble_gurgle_id_new (longer, "b", NULL, NULL));
  g_assert_null (burble_gurgle_id_new ("a", "b", longer, NULL));
  g_assert_null (burble_gurgle_id_new ("a", long_domain, NULL, NULL));
  g_assert_null (burble_gurgle_id_new ("a", long_label, NULL, NULL));
  g_assert_null (burble_gurgle_id_new (growing, "b", NULL, NULL));
  g_assert_null (burble_gurgle_id_new ("a", "b", growing, NULL));
  g_assert_null (burble_gurgle_id_parse (absurd, NULL));
  g_assert_null (burble_gurgle_id_parse_uri (absurd, NULL));
}

/* The short way for ASCII must do what libidn does, for every character of it. */
static void
test_ascii_agrees_with_libidn (void)
{
  for (int c = 1; c < 0x80; c++)
    {
      char username[8] = { 'x', (char) c, 'x', '\0' };
      char terminal[8] = { 'x', (char) c, 'x', '\0' };
      g_autoptr(BurbleGurgleId) node = burble_gurgle_id_new (username, "b", NULL, NULL);
      g_autoptr(BurbleGurgleId) resource = burble_gurgle_id_new ("a", "b", terminal, NULL);
      int node_result = stringprep_xmpp_nodeprep (username, sizeof username);
      int resource_result = stringprep_xmpp_resourceprep (terminal, sizeof terminal);

      g_test_message ("0x%02x", c);
      g_assert_cmpint (node != NULL, ==, node_result == STRINGPREP_OK);
      if (node != NULL)
        g_assert_cmpstr (burble_gurgle_id_get_username (node), ==, username);
      /* A space is fine for resourceprep; no field of ours holds one. */
      g_assert_cmpint (resource != NULL, ==, resource_result == STRINGPREP_OK && c != ' ');
      if (resource != NULL)
        g_assert_cmpstr (burble_gurgle_id_get_terminal (resource), ==, terminal);
    }
}

typedef struct
{
  const char *id;
  const char *uri;
} UriCase;

static const UriCase uris[] = {
  { "ada@example.org", "grgl:ada@example.org" },
  { "xmpp:ada@example.org/desk", "xmpp:ada@example.org/desk" },
  { "ada@[::1]", "grgl:ada@[::1]" },
  { "a%41@b/50%", "grgl:a%2541@b/50%25" },
  { "a?#@b/?#", "grgl:a%3F%23@b/%3F%23" },
  { "ada@example.org/a/b@c", "grgl:ada@example.org/a%2Fb%40c" },
  { "\xc3\xa4@b\xc3\xbc.example", "grgl:%C3%A4@b%C3%BC.example" },
};

static void
test_uri (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(BurbleGurgleId) id = burble_gurgle_id_parse (uris[i].id, &error);
      g_autofree char *uri = NULL;
      g_autoptr(BurbleGurgleId) again = NULL;

      g_assert_no_error (error);
      uri = burble_gurgle_id_to_uri (id);
      g_assert_cmpstr (uri, ==, uris[i].uri);
      again = burble_gurgle_id_parse_uri (uri, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (burble_gurgle_id_get_full (again), ==, burble_gurgle_id_get_full (id));
    }
}

static void
test_uri_parts (void)
{
  static const char * const refused[] = {
    "ada@example.org",
    "",
    "grgl:",
    "grgl:?ada@example.org",
    "grgl:ada%40example.org",
    "grgl:a%00da@example.org",
    "grgl:a%FFda@example.org",
    "grgl:a%2@example.org",
    "grgl:a%zz@example.org",
    "grgl:a%20da@example.org",
    "grgl:a%2Fda@example.org",
    "grgl://example.org/ada",
    "https://ada@example.org",
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurgleId) id = NULL;

  id = burble_gurgle_id_parse_uri ("GRGL:%C3%84da@example.org/a%2Fb?message#x", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (burble_gurgle_id_get_full (id), ==, "\xc3\xa4" "da@example.org/a/b");
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_test_message ("%s", refused[i]);
      g_clear_error (&error);
      g_assert_null (burble_gurgle_id_parse_uri (refused[i], &error));
      g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_ID);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/wire/gurgle/id/prepares", test_good);
  g_test_add_func ("/wire/gurgle/id/refuses", test_bad);
  g_test_add_func ("/wire/gurgle/id/tells-its-fields", test_fields);
  g_test_add_func ("/wire/gurgle/id/keeps-schemes-apart", test_schemes_differ);
  g_test_add_func ("/wire/gurgle/id/made-of-fields", test_new);
  g_test_add_func ("/wire/gurgle/id/with-terminal", test_with_terminal);
  g_test_add_func ("/wire/gurgle/id/limits", test_limits);
  g_test_add_func ("/wire/gurgle/id/ascii-agrees-with-libidn", test_ascii_agrees_with_libidn);
  g_test_add_func ("/wire/gurgle/id/uri-reads-back", test_uri);
  g_test_add_func ("/wire/gurgle/id/uri-parts", test_uri_parts);
  return g_test_run ();
}
