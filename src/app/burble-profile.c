/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-profile"

#define G_SETTINGS_ENABLE_BACKEND

#include "config.h"

#include "burble-profile.h"

#include <errno.h>

#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>

#define STORE_NAME "burble.db"

struct _BurbleProfile
{
  GObject parent_instance;

  char *directory;
  gboolean temporary;
  gboolean remove;
  BurbleStore *store;
  BurbleSecrets *secrets;
  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (BurbleProfile, burble_profile, G_TYPE_OBJECT)

static void
remove_directory (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_DIR) && !g_file_test (file, G_FILE_TEST_IS_SYMLINK))
        remove_directory (file);
      else
        g_unlink (file);
    }
  g_rmdir (path);
}

static void
burble_profile_dispose (GObject *object)
{
  BurbleProfile *self = BURBLE_PROFILE (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->secrets);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (burble_profile_parent_class)->dispose (object);
}

static void
burble_profile_finalize (GObject *object)
{
  BurbleProfile *self = BURBLE_PROFILE (object);

  if (self->remove)
    remove_directory (self->directory);
  g_clear_pointer (&self->directory, g_free);
  G_OBJECT_CLASS (burble_profile_parent_class)->finalize (object);
}

static void
burble_profile_class_init (BurbleProfileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_profile_dispose;
  object_class->finalize = burble_profile_finalize;
}

static void
burble_profile_init (BurbleProfile *self)
{
}

/**
 * burble_profile_new:
 * Returns: (transfer full): the user's own profile; its folder is made when the store is asked for
 */
BurbleProfile *
burble_profile_new (void)
{
  BurbleProfile *self = g_object_new (BURBLE_TYPE_PROFILE, NULL);

  self->directory = g_build_filename (g_get_user_data_dir (), "burble", NULL);
  return self;
}

/**
 * burble_profile_new_temporary:
 * @directory: (nullable): a folder to use and to leave there; %NULL makes one, which goes with the
 *   profile
 * @error: return location for an error of g_dir_make_tmp()
 *
 * Returns: (transfer full) (nullable): a profile with passwords and settings in memory
 */
BurbleProfile *
burble_profile_new_temporary (const char *directory, GError **error)
{
  g_autoptr(BurbleProfile) self = g_object_new (BURBLE_TYPE_PROFILE, NULL);

  self->temporary = TRUE;
  if (directory != NULL)
    {
      self->directory = g_strdup (directory);
      return g_steal_pointer (&self);
    }
  self->directory = g_dir_make_tmp ("burble-XXXXXX", error);
  if (self->directory == NULL)
    return NULL;
  self->remove = TRUE;
  return g_steal_pointer (&self);
}

/**
 * burble_profile_get_store:
 * @self: a profile
 *
 * Returns: (transfer none): the store, made at the first call; opening it is the session's business
 */
BurbleStore *
burble_profile_get_store (BurbleProfile *self)
{
  g_return_val_if_fail (BURBLE_IS_PROFILE (self), NULL);

  if (self->store == NULL)
    {
      g_autofree char *path = g_build_filename (self->directory, STORE_NAME, NULL);

      if (g_mkdir_with_parents (self->directory, 0700) != 0)
        g_warning ("%s cannot be made: %s", self->directory, g_strerror (errno));
      self->store = burble_store_new (path);
    }
  return self->store;
}

/**
 * burble_profile_get_secrets:
 * @self: a profile
 *
 * Returns: (transfer none): the keyring, or memory for a temporary profile; made at the first call
 */
BurbleSecrets *
burble_profile_get_secrets (BurbleProfile *self)
{
  g_return_val_if_fail (BURBLE_IS_PROFILE (self), NULL);

  if (self->secrets == NULL)
    self->secrets = self->temporary ? burble_secrets_new_memory () : burble_secrets_new ();
  return self->secrets;
}

/**
 * burble_profile_get_settings:
 * @self: a profile
 *
 * Returns: (transfer none): the settings, in memory for a temporary profile; made at the first call
 */
GSettings *
burble_profile_get_settings (BurbleProfile *self)
{
  g_return_val_if_fail (BURBLE_IS_PROFILE (self), NULL);

  if (self->settings == NULL && self->temporary)
    {
      g_autoptr(GSettingsBackend) backend = g_memory_settings_backend_new ();

      self->settings = g_settings_new_with_backend (BURBLE_APP_ID, backend);
    }
  else if (self->settings == NULL)
    {
      self->settings = g_settings_new (BURBLE_APP_ID);
    }
  return self->settings;
}
