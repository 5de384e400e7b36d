/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-id"

#include "config.h"

#include "burble-gurgle-id.h"

#include <arpa/inet.h>
#include <string.h>

#include <stringprep.h>

#include "burble-wire-error.h"

/* One libidn profile may make a field longer; what it makes must fit the limit again. */
#define PREPARED_SIZE (4 * (BURBLE_GURGLE_ID_MAX_FIELD + 1))
/* Longer than any id of three full fields: refused before anything is copied. */
#define MAX_TEXT (3 * BURBLE_GURGLE_ID_MAX_FIELD + 16)
#define MAX_LABEL 63

struct _BurbleGurgleId
{
  BurbleGurgleScheme scheme;
  char *username;
  char *domain;
  char *terminal;
  char *bare;
  char *full; /* the same string as bare where there is no terminal */
};

G_DEFINE_BOXED_TYPE (BurbleGurgleId, burble_gurgle_id, burble_gurgle_id_ref, burble_gurgle_id_unref)

typedef enum
{
  FIELD_USERNAME,
  FIELD_DOMAIN,
  FIELD_TERMINAL,
} Field;

static const struct
{
  const char *label;
  const Stringprep_profile *profile;
  const char *forbidden; /* of ASCII, besides space and controls */
  gboolean fold;
} fields[] = {
  [FIELD_USERNAME] = { "user name", stringprep_xmpp_nodeprep, "\"&'/:<>@", TRUE },
  [FIELD_DOMAIN] = { "domain", stringprep_nameprep, "/@", TRUE },
  [FIELD_TERMINAL] = { "terminal", stringprep_xmpp_resourceprep, "", FALSE },
};

static const struct
{
  const char *prefix;
  gsize length;
} schemes[] = {
  [BURBLE_GURGLE_SCHEME_GRGL] = { "grgl:", 5 },
  [BURBLE_GURGLE_SCHEME_XMPP] = { "xmpp:", 5 },
};

static gboolean
fail (GError **error, const char *what, Field field)
{
  g_set_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_ID, "The %s %s", fields[field].label,
               what);
  return FALSE;
}

/* What the profiles do to ASCII is lower-casing and a list of forbidden characters; nearly every
 * id is ASCII, and libidn takes some microseconds each. */
static char *
prepare_ascii (const char *text, Field field, GError **error)
{
  for (const char *at = text; *at != '\0'; at++)
    if (*at <= ' ' || *at == 0x7f || strchr (fields[field].forbidden, *at) != NULL)
      {
        fail (error, "holds a character that is not allowed", field);
        return NULL;
      }
  return fields[field].fold ? g_ascii_strdown (text, -1) : g_strdup (text);
}

static gboolean
run_profile (char *buffer, Field field, GError **error)
{
  int result = stringprep (buffer, PREPARED_SIZE, STRINGPREP_NO_UNASSIGNED, fields[field].profile);

  if (result == STRINGPREP_OK)
    return TRUE;
  g_set_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_ID, "The %s is not allowed: %s",
               fields[field].label, stringprep_strerror (result));
  return FALSE;
}

static gboolean
check_characters (const char *text, Field field, GError **error)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isspace (c) || (c < 0x80 && strchr (fields[field].forbidden, (int) c) != NULL))
        return fail (error, "holds a character that is not allowed", field);
    }
  return TRUE;
}

static char *
prepare_unicode (const char *text, Field field, GError **error)
{
  g_autofree char *once = g_malloc (PREPARED_SIZE);
  g_autofree char *twice = g_malloc (PREPARED_SIZE);

  g_strlcpy (once, text, PREPARED_SIZE);
  if (!run_profile (once, field, error))
    return NULL;

  /* Equality of ids is equality of bytes, so preparing must be over after one time. */
  g_strlcpy (twice, once, PREPARED_SIZE);
  if (!run_profile (twice, field, error))
    return NULL;
  if (strcmp (once, twice) != 0)
    {
      fail (error, "has no stable form", field);
      return NULL;
    }
  if (!check_characters (once, field, error))
    return NULL;
  return g_strdup (once);
}

static char *
prepare_field (const char *text, Field field, GError **error)
{
  g_autofree char *prepared = NULL;
  gsize length = strlen (text);

  if (length == 0)
    {
      fail (error, "is empty", field);
      return NULL;
    }
  if (length > BURBLE_GURGLE_ID_MAX_FIELD)
    {
      fail (error, "is too long", field);
      return NULL;
    }
  if (!g_utf8_validate_len (text, length, NULL))
    {
      fail (error, "is not UTF-8", field);
      return NULL;
    }

  prepared = g_str_is_ascii (text) ? prepare_ascii (text, field, error)
                                   : prepare_unicode (text, field, error);
  if (prepared == NULL)
    return NULL;
  length = strlen (prepared);
  if (length == 0)
    {
      fail (error, "is empty after preparation", field);
      return NULL;
    }
  if (length > BURBLE_GURGLE_ID_MAX_FIELD)
    {
      fail (error, "is too long after preparation", field);
      return NULL;
    }
  return g_steal_pointer (&prepared);
}

/* Letters, digits and hyphens of ASCII (and '_', which real hosts have), anything nameprep lets
 * through of the rest. */
static gboolean
check_label (const char *label, gsize length)
{
  if (length == 0 || length > MAX_LABEL * 4 || label[0] == '-' || label[length - 1] == '-')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if ((guchar) label[i] < 0x80 && !g_ascii_isalnum (label[i])
        && label[i] != '-' && label[i] != '_')
      return FALSE;
  return length <= MAX_LABEL || g_utf8_strlen (label, (gssize) length) <= MAX_LABEL;
}

/* A name whose last label is a number would be taken for an address by some resolvers. */
static gboolean
ends_in_number (const char *domain)
{
  const char *last = strrchr (domain, '.');

  last = last != NULL ? last + 1 : domain;
  return last[strspn (last, "0123456789")] == '\0';
}

static char *
prepare_host (const char *text, GError **error)
{
  g_autofree char *domain = prepare_field (text, FIELD_DOMAIN, error);
  g_autoptr(GString) dotted = NULL;
  struct in_addr address;
  const char *label;
  const char *dot;

  if (domain == NULL)
    return NULL;

  /* The full stops of RFC 3490; nameprep leaves the ideographic one. */
  dotted = g_string_new (domain);
  g_string_replace (dotted, "\xe3\x80\x82", ".", 0);
  /* The root's dot says nothing: "example.org." is "example.org". */
  if (dotted->len > 1 && g_str_has_suffix (dotted->str, "."))
    g_string_truncate (dotted, dotted->len - 1);

  for (label = dotted->str; label != NULL; label = dot != NULL ? dot + 1 : NULL)
    {
      dot = strchr (label, '.');
      if (!check_label (label, dot != NULL ? (gsize) (dot - label) : strlen (label)))
        {
          fail (error, "is not a host name", FIELD_DOMAIN);
          return NULL;
        }
    }
  if (ends_in_number (dotted->str) && inet_pton (AF_INET, dotted->str, &address) != 1)
    {
      fail (error, "is not an address", FIELD_DOMAIN);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&dotted), FALSE);
}

static char *
prepare_ipv6 (const char *text, GError **error)
{
  g_autofree char *copy = NULL;
  char canonical[INET6_ADDRSTRLEN];
  struct in6_addr address;
  gsize length = strlen (text);

  if (length > 1 && text[0] == '[' && text[length - 1] == ']')
    copy = g_strndup (text + 1, length - 2);
  else
    copy = g_strdup (text);

  if (inet_pton (AF_INET6, copy, &address) != 1
      || inet_ntop (AF_INET6, &address, canonical, sizeof canonical) == NULL)
    {
      fail (error, "is not an address", FIELD_DOMAIN);
      return NULL;
    }
  return g_strdup (canonical);
}

static BurbleGurgleId *
make_id (BurbleGurgleScheme scheme, const char *username, const char *domain, const char *terminal,
         GError **error)
{
  g_autoptr(BurbleGurgleId) self = g_atomic_rc_box_new0 (BurbleGurgleId);
  gboolean ipv6 = strchr (domain, ':') != NULL;

  self->scheme = scheme;
  self->username = prepare_field (username, FIELD_USERNAME, error);
  if (self->username == NULL)
    return NULL;
  self->domain = ipv6 ? prepare_ipv6 (domain, error) : prepare_host (domain, error);
  if (self->domain == NULL)
    return NULL;
  if (terminal != NULL)
    {
      self->terminal = prepare_field (terminal, FIELD_TERMINAL, error);
      if (self->terminal == NULL)
        return NULL;
    }

  self->bare = g_strconcat (scheme == BURBLE_GURGLE_SCHEME_XMPP ? "xmpp:" : "", self->username,
                            ipv6 ? "@[" : "@", self->domain, ipv6 ? "]" : "", NULL);
  self->full = terminal != NULL ? g_strconcat (self->bare, "/", self->terminal, NULL) : self->bare;
  return g_steal_pointer (&self);
}

/**
 * burble_gurgle_id_new:
 * @username: the user name
 * @domain: host name, IPv4 literal or IPv6 literal, the latter with or without brackets
 * @terminal: (nullable): the terminal, for a full id
 * @error: return location for %BURBLE_WIRE_ERROR_BAD_ID
 *
 * Prepares the fields and makes an id of them. Nothing is ever cut or left out to make a field
 * fit.
 *
 * Returns: (transfer full): the id, or %NULL
 */
BurbleGurgleId *
burble_gurgle_id_new (const char *username, const char *domain, const char *terminal,
                      GError **error)
{
  g_return_val_if_fail (username != NULL, NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  return make_id (BURBLE_GURGLE_SCHEME_GRGL, username, domain, terminal, error);
}

static const char *
skip_scheme (const char *text, BurbleGurgleScheme *scheme)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strncasecmp (text, schemes[i].prefix, schemes[i].length) == 0)
      {
        *scheme = (BurbleGurgleScheme) i;
        return text + schemes[i].length;
      }
  return text;
}

/* Splits at the first '/' and, before it, at the first '@': a terminal may hold both. */
static gboolean
split (const char *text, char **username, char **domain, char **terminal)
{
  const char *slash = strchr (text, '/');
  const char *end = slash != NULL ? slash : text + strlen (text);
  const char *at = memchr (text, '@', (gsize) (end - text));

  if (at == NULL)
    return FALSE;
  *username = g_strndup (text, (gsize) (at - text));
  *domain = g_strndup (at + 1, (gsize) (end - at - 1));
  *terminal = slash != NULL ? g_strdup (slash + 1) : NULL;
  return TRUE;
}

static gboolean
check_text (const char *text, gsize limit, GError **error)
{
  if (strnlen (text, limit + 1) <= limit)
    return TRUE;
  g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_ID, "The id is too long");
  return FALSE;
}

/**
 * burble_gurgle_id_parse:
 * @text: an id as a person or a packet writes it
 * @error: return location for %BURBLE_WIRE_ERROR_BAD_ID
 *
 * Reads `[grgl:]username@domain[/terminal]` or `xmpp:node@domain[/resource]`. Nothing is
 * percent-decoded: `%` is a character like any other in an id. For an address that was handed
 * over as a URI, see [func@GurgleId.parse_uri].
 *
 * Returns: (transfer full): the id, or %NULL
 */
BurbleGurgleId *
burble_gurgle_id_parse (const char *text, GError **error)
{
  g_autofree char *username = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *terminal = NULL;
  BurbleGurgleScheme scheme = BURBLE_GURGLE_SCHEME_GRGL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!check_text (text, MAX_TEXT, error))
    return NULL;
  if (!split (skip_scheme (text, &scheme), &username, &domain, &terminal))
    {
      g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_ID,
                           "An id looks like name@domain");
      return NULL;
    }
  return make_id (scheme, username, domain, terminal, error);
}

static gboolean
decode_field (char **field)
{
  g_autofree char *encoded = g_steal_pointer (field);

  /* Also refuses "%00" and what decodes to something that is not UTF-8. */
  *field = g_uri_unescape_string (encoded, NULL);
  return *field != NULL && g_utf8_validate (*field, -1, NULL);
}

/**
 * burble_gurgle_id_parse_uri:
 * @uri: a `grgl:` or `xmpp:` URI, as the desktop hands it over
 * @error: return location for %BURBLE_WIRE_ERROR_BAD_ID
 *
 * Like [func@GurgleId.parse], but the scheme must be there, a query or fragment is ignored, and
 * the fields are percent-decoded after they were told apart, so `%2F` never starts a terminal.
 *
 * Returns: (transfer full): the id, or %NULL
 */
BurbleGurgleId *
burble_gurgle_id_parse_uri (const char *uri, GError **error)
{
  g_autofree char *plain = NULL;
  g_autofree char *username = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *terminal = NULL;
  BurbleGurgleScheme scheme = BURBLE_GURGLE_SCHEME_GRGL;
  const char *rest;

  g_return_val_if_fail (uri != NULL, NULL);

  /* Each byte may be written as three. */
  if (!check_text (uri, 3 * MAX_TEXT, error))
    return NULL;
  plain = g_strndup (uri, strcspn (uri, "?#"));
  rest = skip_scheme (plain, &scheme);
  if (rest == plain || !split (rest, &username, &domain, &terminal) || !decode_field (&username)
      || !decode_field (&domain) || (terminal != NULL && !decode_field (&terminal)))
    {
      g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_ID,
                           "An address looks like grgl:name@domain");
      return NULL;
    }
  return make_id (scheme, username, domain, terminal, error);
}

BurbleGurgleId *
burble_gurgle_id_ref (BurbleGurgleId *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
clear_id (gpointer data)
{
  BurbleGurgleId *self = data;

  if (self->full != self->bare)
    g_free (self->full);
  g_free (self->bare);
  g_free (self->terminal);
  g_free (self->domain);
  g_free (self->username);
}

void
burble_gurgle_id_unref (BurbleGurgleId *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear_id);
}

BurbleGurgleScheme
burble_gurgle_id_get_scheme (const BurbleGurgleId *self)
{
  g_return_val_if_fail (self != NULL, BURBLE_GURGLE_SCHEME_GRGL);

  return self->scheme;
}

const char *
burble_gurgle_id_get_username (const BurbleGurgleId *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->username;
}

/**
 * burble_gurgle_id_get_domain:
 * @self: an id
 *
 * Returns: the prepared domain as a resolver takes it: an IPv6 literal is without the brackets that
 *   it has in the bare and in the full id
 */
const char *
burble_gurgle_id_get_domain (const BurbleGurgleId *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->domain;
}

/**
 * burble_gurgle_id_get_terminal:
 * @self: an id
 *
 * Returns: (nullable): the part behind the `/`, %NULL for a bare id
 */
const char *
burble_gurgle_id_get_terminal (const BurbleGurgleId *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->terminal;
}

/**
 * burble_gurgle_id_get_bare:
 * @self: an id
 *
 * Returns: `username@domain`, by which users are compared and stored (Gurgle, section 1); an XMPP
 *   id keeps its `xmpp:` in front. Owned by the id.
 */
const char *
burble_gurgle_id_get_bare (const BurbleGurgleId *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->bare;
}

/**
 * burble_gurgle_id_get_full:
 * @self: an id
 *
 * Returns: `username@domain/terminal`, or the bare id where there is no terminal. Owned by the id.
 */
const char *
burble_gurgle_id_get_full (const BurbleGurgleId *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->full;
}

/**
 * burble_gurgle_id_to_uri:
 * @self: an id
 *
 * Returns: (transfer full): the id as a URI, scheme in front, with everything percent-encoded that
 *   a URI may not hold as it is; [func@GurgleId.parse_uri] is the way back
 */
char *
burble_gurgle_id_to_uri (const BurbleGurgleId *self)
{
  g_autofree char *username = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *terminal = NULL;
  gboolean ipv6;

  g_return_val_if_fail (self != NULL, NULL);

  ipv6 = strchr (self->domain, ':') != NULL;
  username = g_uri_escape_string (self->username, NULL, FALSE);
  domain = g_uri_escape_string (self->domain, ":", FALSE);
  if (self->terminal != NULL)
    terminal = g_uri_escape_string (self->terminal, NULL, FALSE);
  return g_strconcat (schemes[self->scheme].prefix, username, ipv6 ? "@[" : "@", domain,
                      ipv6 ? "]" : "", terminal != NULL ? "/" : "", terminal, NULL);
}

/**
 * burble_gurgle_id_with_terminal:
 * @self: an id
 * @terminal: (nullable): the terminal, or %NULL for the bare id
 * @error: return location for %BURBLE_WIRE_ERROR_BAD_ID
 *
 * Returns: (transfer full): the same user at @terminal, or %NULL
 */
BurbleGurgleId *
burble_gurgle_id_with_terminal (const BurbleGurgleId *self, const char *terminal, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return make_id (self->scheme, self->username, self->domain, terminal, error);
}

/**
 * burble_gurgle_id_equal_bare:
 * @a: an id
 * @b: another id
 *
 * Returns: whether both name the same user, at whatever terminals (Gurgle, section 1). Ids are
 *   prepared when they are made, so this compares bytes.
 */
gboolean
burble_gurgle_id_equal_bare (const BurbleGurgleId *a, const BurbleGurgleId *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return strcmp (a->bare, b->bare) == 0;
}
