/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-server-config.h"

#include <gio/gio.h>
#include <sodium.h>

#define FILE_NAME "burble-server.ini"

static const char preamble[] =
  " burble-server. Change what you like and restart.\n"
  " Other keys, with their defaults:\n"
  " [server] plain=false register=false directory=false\n"
  "   directory: whoever is signed in may see the names of all who are there and not invisible\n"
  " [tls] certificate=certificate.pem key=key.pem\n"
  " [passwords] operations=2 memory-kib=65536 max-failures=5\n"
  " [limits] unauthenticated=2000 roster=10000 database-mib=0 timestamp-tolerance=300\n"
  "   packets=100 packets-burst=10000 kib=1024 kib-burst=65536\n"
  " [timeouts] auth=10 stuck=30 idle=90 answer=20";

char *
burble_server_default_data_dir (void)
{
  const char *state = g_getenv ("STATE_DIRECTORY");

  if (state != NULL && *state != '\0')
    return g_strdup (state);
  return g_build_filename (g_get_user_data_dir (), "burble-server", NULL);
}

BurbleServerConfig *
burble_server_config_new (const char *data_dir,
                          const char *domain)
{
  BurbleServerConfig *self = g_new0 (BurbleServerConfig, 1);

  self->data_dir = g_strdup (data_dir);
  self->domain = g_strdup (domain);
  /* A server for this machine only is not reachable from elsewhere unless told to be. */
  self->listen = g_strdup (g_strcmp0 (domain, "localhost") == 0 ? "127.0.0.1" : "::");
  self->port = BURBLE_SERVER_DEFAULT_PORT;
  self->certificate = g_strdup ("certificate.pem");
  self->key = g_strdup ("key.pem");
  self->operations = crypto_pwhash_OPSLIMIT_INTERACTIVE;
  self->memory_kib = crypto_pwhash_MEMLIMIT_INTERACTIVE / 1024;
  self->max_failures = 5;
  self->max_unauthenticated = 2000;
  self->max_roster = 10000;
  self->rate_packets = 100;
  /* Somebody who was offline for long sends 5,000 messages at once, and acknowledges as many. */
  self->burst_packets = 10000;
  self->rate_kib = 1024;
  self->burst_kib = 64 * 1024;
  self->timestamp_tolerance = 300;
  self->auth_timeout = 10;
  self->stuck_timeout = 30;
  self->idle_timeout = 90;
  self->answer_timeout = 20;
  return self;
}

void
burble_server_config_free (BurbleServerConfig *self)
{
  g_free (self->data_dir);
  g_free (self->domain);
  g_free (self->listen);
  g_free (self->certificate);
  g_free (self->key);
  g_free (self);
}

static void
load_string (GKeyFile   *file,
             const char *group,
             const char *key,
             char      **value)
{
  g_autofree char *text = g_key_file_get_string (file, group, key, NULL);

  if (text != NULL)
    g_set_str (value, g_strstrip (text));
}

static gboolean
load_number (GKeyFile   *file,
             const char *group,
             const char *key,
             guint64     maximum,
             guint64    *value,
             GError    **error)
{
  g_autofree char *text = g_key_file_get_string (file, group, key, NULL);

  if (text == NULL)
    return TRUE;
  if (g_ascii_string_to_unsigned (g_strstrip (text), 10, 0, maximum, value, NULL))
    return TRUE;
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
               "%s: [%s] %s: “%s” is not a number up to %" G_GUINT64_FORMAT, FILE_NAME, group, key,
               text, maximum);
  return FALSE;
}

static gboolean
load_uint (GKeyFile   *file,
           const char *group,
           const char *key,
           guint      *value,
           GError    **error)
{
  guint64 number = *value;

  if (!load_number (file, group, key, G_MAXINT, &number, error))
    return FALSE;
  *value = (guint) number;
  return TRUE;
}

static gboolean
load_boolean (GKeyFile   *file,
              const char *group,
              const char *key,
              gboolean   *value,
              GError    **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean loaded = g_key_file_get_boolean (file, group, key, &local_error);

  if (local_error == NULL)
    {
      *value = loaded;
      return TRUE;
    }
  if (!g_error_matches (local_error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
load_all (BurbleServerConfig *self,
          GKeyFile           *file,
          GError            **error)
{
  guint64 port = self->port;

  load_string (file, "server", "listen", &self->listen);
  load_string (file, "tls", "certificate", &self->certificate);
  load_string (file, "tls", "key", &self->key);
  if (!load_number (file, "server", "port", G_MAXUINT16, &port, error))
    return FALSE;
  self->port = (guint16) port;
  return load_boolean (file, "server", "plain", &self->plain, error) &&
         load_boolean (file, "server", "register", &self->register_, error) &&
         load_boolean (file, "server", "directory", &self->directory, error) &&
         load_number (file, "passwords", "operations", 1000, &self->operations, error) &&
         load_number (file, "passwords", "memory-kib", 4 * 1024 * 1024, &self->memory_kib, error) &&
         load_uint (file, "passwords", "max-failures", &self->max_failures, error) &&
         load_uint (file, "limits", "unauthenticated", &self->max_unauthenticated, error) &&
         load_uint (file, "limits", "roster", &self->max_roster, error) &&
         load_number (file, "limits", "database-mib", G_MAXUINT32, &self->max_database_mib,
                      error) &&
         load_uint (file, "limits", "packets", &self->rate_packets, error) &&
         load_uint (file, "limits", "packets-burst", &self->burst_packets, error) &&
         load_uint (file, "limits", "kib", &self->rate_kib, error) &&
         load_uint (file, "limits", "kib-burst", &self->burst_kib, error) &&
         load_uint (file, "limits", "timestamp-tolerance", &self->timestamp_tolerance, error) &&
         load_uint (file, "timeouts", "auth", &self->auth_timeout, error) &&
         load_uint (file, "timeouts", "stuck", &self->stuck_timeout, error) &&
         load_uint (file, "timeouts", "idle", &self->idle_timeout, error) &&
         load_uint (file, "timeouts", "answer", &self->answer_timeout, error);
}

BurbleServerConfig *
burble_server_config_load (const char *data_dir,
                           GError    **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(BurbleServerConfig) self = NULL;
  g_autofree char *path = g_build_filename (data_dir, FILE_NAME, NULL);
  g_autofree char *domain = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    return NULL;
  domain = g_key_file_get_string (file, "server", "domain", error);
  if (domain == NULL)
    return NULL;
  self = burble_server_config_new (data_dir, g_strstrip (domain));
  if (!load_all (self, file, error))
    return NULL;
  self->operations = MAX (self->operations, crypto_pwhash_OPSLIMIT_MIN);
  self->memory_kib = MAX (self->memory_kib, crypto_pwhash_MEMLIMIT_MIN / 1024);
  return g_steal_pointer (&self);
}

gboolean
burble_server_config_save (const BurbleServerConfig *self,
                           GError                  **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *path = g_build_filename (self->data_dir, FILE_NAME, NULL);

  g_key_file_set_string (file, "server", "domain", self->domain);
  g_key_file_set_string (file, "server", "listen", self->listen);
  g_key_file_set_uint64 (file, "server", "port", self->port);
  g_key_file_set_comment (file, NULL, NULL, preamble, NULL);
  return g_key_file_save_to_file (file, path, error);
}

char *
burble_server_config_get_path (const BurbleServerConfig *self,
                               const char               *name)
{
  if (g_path_is_absolute (name))
    return g_strdup (name);
  return g_build_filename (self->data_dir, name, NULL);
}
