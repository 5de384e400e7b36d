/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>

#include "burble-private-chat-place.h"

/* Where a site and its sockets are: by the address, by hand, by the page. */

static void
test_site (void)
{
  static const struct
  {
    const char *site;
    const char *host;
    guint16 port;
    gboolean plain;
    const char *uri; /* NULL: no place */
  } cases[] = {
    { "chat.example.org", NULL, 0, FALSE, "https://chat.example.org/" },
    { "chat.example.org", NULL, 0, TRUE, "http://chat.example.org/" },
    { "localhost:8000", NULL, 0, TRUE, "http://localhost:8000/" },
    { "chat.example.org/below", NULL, 0, FALSE, "https://chat.example.org/below/" },
    { "chat.example.org", "127.0.0.1", 0, FALSE, "https://127.0.0.1/" },
    { "chat.example.org", "127.0.0.1", 8443, FALSE, "https://127.0.0.1:8443/" },
    { "chat.example.org:8000", NULL, 8443, TRUE, "http://chat.example.org:8443/" },
    { "chat.example.org:8000", "::1", 0, TRUE, "http://[::1]:8000/" },
    { "", NULL, 0, FALSE, NULL },
    { "", "127.0.0.1", 8000, FALSE, NULL },
    { ":80", NULL, 0, FALSE, NULL },
    { "chat.example.org:x", NULL, 0, FALSE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(BurbleConnectionSettings) settings = burble_connection_settings_new ("a@b");
      g_autoptr(GUri) uri = NULL;
      g_autofree char *text = NULL;

      settings->host = g_strdup (cases[i].host);
      settings->port = cases[i].port;
      settings->plain = cases[i].plain;
      uri = burble_private_chat_find_site (settings, cases[i].site);
      text = uri != NULL ? g_uri_to_string (uri) : NULL;
      g_assert_cmpstr (text, ==, cases[i].uri);
    }
}

static void
test_sockets (void)
{
  static const struct
  {
    const char *base;
    const char *by_hand;
    const char *said;
    const char *uri;
    int code; /* where there is none */
  } cases[] = {
    /* What the page says, but for the "localhost" of the example. */
    { "http://site/", NULL, "ws://site:5002/", "ws://site:5002/" },
    { "http://site/", NULL, "ws://localhost:5002/", "ws://site:5002/" },
    { "http://site/", NULL, "ws://127.0.0.1:5002/", "ws://site:5002/" },
    { "http://site:8000/", NULL, "wss://chat.site/below", "wss://chat.site/below" },
    { "https://site/", NULL, "wss://chat.site:5002", "wss://chat.site:5002/" },
    /* It does not say, or nothing that is one. */
    { "http://site:8000/", NULL, NULL, "ws://site:5002/" },
    { "https://site/", NULL, NULL, "wss://site:5002/" },
    { "https://site/", NULL, "", "wss://site:5002/" },
    { "https://site/", NULL, "5002", "wss://site:5002/" },
    /* A key does not leave TLS. */
    { "https://site/", NULL, "ws://site:5002/", NULL, BURBLE_PROTOCOL_ERROR_UNSUPPORTED },
    { "https://site/", "ws://site:5002/", NULL, NULL, BURBLE_PROTOCOL_ERROR_UNSUPPORTED },
    { "http://site/", NULL, "http://site/", NULL, BURBLE_PROTOCOL_ERROR_BAD_DATA },
    /* By hand. */
    { "https://site/", "wss://other:99/ws", "wss://site:5002/", "wss://other:99/ws" },
    { "http://site/", "wss://other/ws", "ws://site:5002/", "wss://other/ws" },
    { "http://site/", "ws://localhost:7/", NULL, "ws://localhost:7/" },
    { "https://site:8443/", "/ws/", NULL, "wss://site:8443/ws/" },
    { "http://site/", "/ws", NULL, "ws://site/ws" },
    { "https://site/", "other:5002", NULL, "wss://other:5002/" },
    { "https://site/", "wss://user:secret@other/?a#b", NULL, "wss://other/" },
    { "https://site/", "ftp://other/", NULL, NULL, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS },
    { "https://site/", "wss://", NULL, NULL, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS },
    { "https://site/", "a b:c", NULL, NULL, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS },
    { "https://site/", "other:port", NULL, NULL, BURBLE_PROTOCOL_ERROR_BAD_ADDRESS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GUri) base = g_uri_parse (cases[i].base, SOUP_HTTP_URI_FLAGS, NULL);
      g_autoptr(GError) error = NULL;
      g_autofree char *uri =
        burble_private_chat_find_sockets (base, cases[i].by_hand, cases[i].said, &error);

      g_assert_cmpstr (uri, ==, cases[i].uri);
      if (cases[i].uri == NULL)
        g_assert_error (error, BURBLE_PROTOCOL_ERROR, cases[i].code);
      else
        g_assert_no_error (error);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/protocol/private-chat-place/site", test_site);
  g_test_add_func ("/protocol/private-chat-place/sockets", test_sockets);

  return g_test_run ();
}
