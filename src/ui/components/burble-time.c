/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-time"

#include "config.h"

#include "burble-time.h"

#include <langinfo.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

static GDateTime *
local (gint64 time)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc_usec (time);

  if (utc == NULL)
    utc = g_date_time_new_from_unix_utc (0);
  return g_date_time_to_local (utc);
}

static int
days_between (GDateTime *earlier, GDateTime *later)
{
  GDate from, to;

  g_date_clear (&from, 1);
  g_date_clear (&to, 1);
  g_date_set_dmy (&from, g_date_time_get_day_of_month (earlier), g_date_time_get_month (earlier),
                  g_date_time_get_year (earlier));
  g_date_set_dmy (&to, g_date_time_get_day_of_month (later), g_date_time_get_month (later),
                  g_date_time_get_year (later));
  return g_date_days_between (&from, &to);
}

static gboolean
ask_for_24h (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, "org.gnome.desktop.interface", TRUE);
  if (schema != NULL && g_settings_schema_has_key (schema, "clock-format"))
    {
      g_autoptr(GSettings) settings = g_settings_new ("org.gnome.desktop.interface");
      g_autofree char *format = g_settings_get_string (settings, "clock-format");

      return g_strcmp0 (format, "12h") != 0;
    }
  return *nl_langinfo (T_FMT_AMPM) == '\0' || *nl_langinfo (AM_STR) == '\0';
}

char *
burble_time_clock (gint64 time, gboolean use_24h)
{
  g_autoptr(GDateTime) date = local (time);

  /* Translators: time of day, 24 h and 12 h; see g_date_time_format() */
  return g_date_time_format (date, use_24h ? _("%H:%M") : _("%-I:%M %p"));
}

/**
 * burble_time_prefers_24h:
 *
 * What the desktop says; without one that says anything, what the locale says. Asked once: each
 * row of a list wants to know.
 */
gboolean
burble_time_prefers_24h (void)
{
  static gsize answer = 0;

  if (g_once_init_enter (&answer))
    g_once_init_leave (&answer, ask_for_24h () ? 1 : 2);
  return answer == 1;
}

/**
 * burble_time_short:
 *
 * For a list: the time today, “Yesterday”, the weekday of the last week, the date.
 *
 * Returns: (transfer full): "" for time 0
 */
char *
burble_time_short (gint64 time, gint64 now, gboolean use_24h)
{
  g_autoptr(GDateTime) date = local (time);
  g_autoptr(GDateTime) today = local (now);
  int days = days_between (date, today);

  if (time == 0)
    return g_strdup ("");
  if (days <= 0)
    return burble_time_clock (time, use_24h);
  if (days == 1)
    return g_strdup (_("Yesterday"));
  if (days < 7)
    return g_date_time_format (date, "%a");
  if (g_date_time_get_year (date) == g_date_time_get_year (today))
    /* Translators: day and short month, as “4 May” */
    return g_date_time_format (date, _("%-e %b"));
  return g_date_time_format (date, "%x");
}

/**
 * burble_time_day:
 *
 * For the line between two days of a chat.
 *
 * Returns: (transfer full):
 */
char *
burble_time_day (gint64 time, gint64 now)
{
  g_autoptr(GDateTime) date = local (time);
  g_autoptr(GDateTime) today = local (now);
  int days = days_between (date, today);

  if (days <= 0)
    return g_strdup (_("Today"));
  if (days == 1)
    return g_strdup (_("Yesterday"));
  if (days < 7)
    return g_date_time_format (date, "%A");
  if (g_date_time_get_year (date) == g_date_time_get_year (today))
    /* Translators: weekday, day and month, as “Monday, 4 May” */
    return g_date_time_format (date, _("%A, %-e %B"));
  /* Translators: day, month and year, as “4 May 2024” */
  return g_date_time_format (date, _("%-e %B %Y"));
}

char *
burble_time_full (gint64 time, gboolean use_24h)
{
  g_autoptr(GDateTime) date = local (time);

  return g_date_time_format (date, use_24h ? _("%A, %-e %B %Y, %H:%M:%S")
                             : _("%A, %-e %B %Y, %-I:%M:%S %p"));
}

gboolean
burble_time_same_day (gint64 one, gint64 other)
{
  g_autoptr(GDateTime) first = local (one);
  g_autoptr(GDateTime) second = local (other);

  return days_between (first, second) == 0;
}
