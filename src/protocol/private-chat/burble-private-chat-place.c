/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-place"

#include "config.h"

#include "burble-private-chat-place.h"

#include <libsoup/soup.h>
#include <string.h>

/*
 * Where a site is, and where its sockets are: a program of their own, on another port and maybe on
 * another machine.
 */

#define DEFAULT_SOCKET_PORT 5002

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  return address != NULL ? g_inet_address_get_is_loopback (address)
                         : g_ascii_strcasecmp (host, "localhost") == 0;
}

static GUri *
parse (const char *text)
{
  g_autoptr(GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0'
         ? g_steal_pointer (&uri) : NULL;
}

GUri *
burble_private_chat_find_site (const BurbleConnectionSettings *settings, const char *site)
{
  g_autofree char *text = NULL;
  g_autoptr(GUri) automatic = NULL;

  text = g_strconcat (settings->plain ? "http://" : "https://", site,
                      g_str_has_suffix (site, "/") ? "" : "/", NULL);
  automatic = parse (text);
  if (automatic == NULL || (settings->host == NULL && settings->port == 0))
    return g_steal_pointer (&automatic);
  return g_uri_build (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (automatic), NULL,
                      settings->host != NULL ? settings->host : g_uri_get_host (automatic),
                      settings->port != 0 ? settings->port : g_uri_get_port (automatic), "/",
                      NULL, NULL);
}

static char *
build (const char *scheme, const char *host, int port, const char *path)
{
  g_autoptr(GUri) uri = g_uri_build (SOUP_HTTP_URI_FLAGS, scheme, NULL, host, port,
                                     *path != '\0' ? path : "/", NULL, NULL);

  return g_uri_to_string (uri);
}

/* "/chat/", "chat.example.org:5002", or all of it. */
static GUri *
parse_by_hand (GUri *base, const char *scheme, const char *by_hand)
{
  g_autofree char *text = NULL;

  if (*by_hand == '/')
    text = build (scheme, g_uri_get_host (base), g_uri_get_port (base), by_hand);
  else if (strstr (by_hand, "://") != NULL)
    text = g_strdup (by_hand);
  else
    text = g_strconcat (scheme, "://", by_hand, NULL);
  return parse (text);
}

/**
 * burble_private_chat_find_sockets:
 * @base: where the site is
 * @by_hand: (nullable): where somebody says that they are
 * @said: (nullable): where a page of the site says that they are
 * @error: return location for a %BURBLE_PROTOCOL_ERROR
 *
 * What somebody set by hand goes before what the page says, and that before the usual port. Never
 * out of TLS, for the session key goes there; and what a page says not to our own machine for a
 * site elsewhere: the example's says "localhost" wherever it runs.
 *
 * Returns: (transfer full): the address of the sockets
 */
char *
burble_private_chat_find_sockets (GUri *base, const char *by_hand, const char *said, GError **error)
{
  gboolean secure = g_strcmp0 (g_uri_get_scheme (base), "https") == 0;
  const char *usual = secure ? "wss" : "ws";
  g_autoptr(GUri) uri = NULL;
  const char *scheme = NULL;
  const char *host = NULL;

  if (by_hand != NULL)
    uri = parse_by_hand (base, usual, by_hand);
  else if (said != NULL)
    uri = parse (said);
  if (uri == NULL && by_hand == NULL)
    return build (usual, g_uri_get_host (base), DEFAULT_SOCKET_PORT, "/");
  scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  if (g_strcmp0 (scheme, "wss") != 0 && g_strcmp0 (scheme, "ws") != 0)
    {
      g_set_error_literal (error, BURBLE_PROTOCOL_ERROR,
                           by_hand != NULL ? BURBLE_PROTOCOL_ERROR_BAD_ADDRESS
                                           : BURBLE_PROTOCOL_ERROR_BAD_DATA,
                           "Not an address of sockets");
      return NULL;
    }
  if (secure && g_strcmp0 (scheme, "wss") != 0)
    {
      g_set_error_literal (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED,
                           "The site's sockets are not encrypted");
      return NULL;
    }
  host = g_uri_get_host (uri);
  if (by_hand == NULL && is_loopback (host))
    host = g_uri_get_host (base);
  return build (scheme, host, g_uri_get_port (uri), g_uri_get_path (uri));
}
