/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

/* Writes down which properties were notified, as "name display-name ". */
static inline void
notify_log_cb (GObject *object, GParamSpec *pspec, GString *log)
{
  g_string_append_printf (log, "%s ", pspec->name);
}

static inline void
notify_log_watch (gpointer object, GString *log)
{
  g_signal_connect (object, "notify", G_CALLBACK (notify_log_cb), log);
}

static inline char *
notify_log_sort (const char *words)
{
  g_auto(GStrv) list = g_strsplit (words, " ", -1);
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();

  for (guint i = 0; list[i] != NULL; i++)
    g_ptr_array_add (sorted, list[i]);
  g_ptr_array_sort_values (sorted, (GCompareFunc) g_strcmp0);
  g_ptr_array_add (sorted, NULL);
  return g_strjoinv (" ", (char **) sorted->pdata);
}

/* What was notified since the last look; in any order, since those held back together come in another. */
#define notify_log_assert(log, expected)                   \
  G_STMT_START                                             \
  {                                                        \
    g_autofree char *seen_ = notify_log_sort ((log)->str); \
    g_autofree char *wanted_ = notify_log_sort (expected); \
    g_assert_cmpstr (seen_, ==, wanted_);                  \
    g_string_truncate (log, 0);                            \
  }                                                        \
  G_STMT_END

/* Each property that can be read gives something by its name; each that can be written takes it back without a
 * notification, since nothing changed. */
static inline void
notify_log_check_properties (GObject *object)
{
  g_autoptr(GString) log = g_string_new (NULL);
  g_autofree GParamSpec **specs = NULL;
  guint count;
  gulong handler = g_signal_connect (object, "notify", G_CALLBACK (notify_log_cb), log);

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &count);
  g_assert_cmpuint (count, >, 0);
  for (guint i = 0; i < count; i++)
    {
      g_auto(GValue) value = G_VALUE_INIT;

      g_object_get_property (object, specs[i]->name, &value);
      if ((specs[i]->flags & G_PARAM_WRITABLE) && !(specs[i]->flags & G_PARAM_CONSTRUCT_ONLY))
        g_object_set_property (object, specs[i]->name, &value);
    }
  notify_log_assert (log, "");
  g_signal_handler_disconnect (object, handler);
}
