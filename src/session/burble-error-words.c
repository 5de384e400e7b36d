/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-error-words"

#include "config.h"

#include "burble-error-words.h"

#include <gio/gio.h>

#include "burble-protocol-types.h"
#include "burble-secrets.h"
#include "burble-store.h"

static const char *
protocol_word (BurbleProtocolError code)
{
  switch (code)
    {
    case BURBLE_PROTOCOL_ERROR_PASSWORD:
      return "password";
    case BURBLE_PROTOCOL_ERROR_DISABLED:
      return "disabled";
    case BURBLE_PROTOCOL_ERROR_CERTIFICATE:
      return "certificate";
    case BURBLE_PROTOCOL_ERROR_UNSUPPORTED:
      return "unsupported";
    case BURBLE_PROTOCOL_ERROR_TIMED_OUT:
      return "timed-out";
    case BURBLE_PROTOCOL_ERROR_NOT_CONNECTED:
      return "not-connected";
    case BURBLE_PROTOCOL_ERROR_REFUSED:
      return "refused";
    case BURBLE_PROTOCOL_ERROR_KILLED:
      return "killed";
    case BURBLE_PROTOCOL_ERROR_EXISTS:
      return "exists";
    case BURBLE_PROTOCOL_ERROR_REGISTRATION_CLOSED:
      return "registration-closed";
    case BURBLE_PROTOCOL_ERROR_BAD_PASSWORD:
      return "bad-password";
    case BURBLE_PROTOCOL_ERROR_BAD_ADDRESS:
      return "bad-address";
    case BURBLE_PROTOCOL_ERROR_THROTTLED:
      return "throttled";
    case BURBLE_PROTOCOL_ERROR_BAD_DATA:
      return "bad-data";
    case BURBLE_PROTOCOL_ERROR_REPLACED:
      return "replaced";
    case BURBLE_PROTOCOL_ERROR_UNENCRYPTED:
      return "unencrypted";
    default:
      return "unknown";
    }
}

static const struct
{
  int code;
  const char *word;
} io_words[] = {
  { G_IO_ERROR_TIMED_OUT, "timed-out" },
  { G_IO_ERROR_CANCELLED, "cancelled" },
  { G_IO_ERROR_NOT_CONNECTED, "not-connected" },
  { G_IO_ERROR_HOST_NOT_FOUND, "name-not-found" },
  { G_IO_ERROR_EXISTS, "exists" },
  { G_IO_ERROR_NOT_SUPPORTED, "unsupported" },
  { G_IO_ERROR_INVALID_ARGUMENT, "bad-address" },
  { G_IO_ERROR_INVALID_DATA, "bad-data" },
  { G_IO_ERROR_NO_SPACE, "disk" },
};

/**
 * burble_session_error_word:
 * @error: (nullable): what went wrong, of any layer
 *
 * Returns: (transfer none): its word in the vocabulary that burble-session.h lists, never %NULL
 */
const char *
burble_session_error_word (const GError *error)
{
  if (error == NULL)
    return "unknown";
  if (error->domain == BURBLE_PROTOCOL_ERROR)
    return protocol_word (error->code);
  if (error->domain == BURBLE_STORE_ERROR)
    return "disk";
  if (error->domain == BURBLE_SECRETS_ERROR)
    return "keyring";
  if (error->domain == G_RESOLVER_ERROR)
    return error->code == G_RESOLVER_ERROR_TEMPORARY_FAILURE ? "unreachable" : "name-not-found";
  if (error->domain == G_TLS_ERROR)
    return error->code == G_TLS_ERROR_BAD_CERTIFICATE ? "certificate" : "unreachable";
  if (error->domain == G_IO_ERROR)
    {
      for (guint i = 0; i < G_N_ELEMENTS (io_words); i++)
        {
          if (io_words[i].code == error->code)
            return io_words[i].word;
        }
      return "unreachable";
    }
  return "unknown";
}

/**
 * burble_error_detail:
 * @error: (nullable): what went wrong
 *
 * Returns: (transfer none) (nullable): the sentence of the server, where it is one; the sentences
 *   of libraries are not for people
 */
const char *
burble_error_detail (const GError *error)
{
  if (error == NULL || error->domain != BURBLE_PROTOCOL_ERROR || error->message == NULL
      || *error->message == '\0')
    return NULL;
  return error->message;
}
