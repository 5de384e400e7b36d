/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-date"

#include "config.h"

#include "burble-private-chat-date.h"

#include <string.h>

/*
 * Dates as sites write them: "20.11.2026 23:43:43" as in the example, "2026-11-20 23:43", and
 * "Nov. 20, 2026, 11:43 p.m.", which Django writes unless it is told otherwise. What could be read
 * in two ways ("03/04/2026") is not read at all.
 */

#define MAX_YEAR 2100

typedef struct
{
  const char *at;
  gboolean bad;
} Scanner;

static gboolean
accept (Scanner *self, const char *word)
{
  gsize length = strlen (word);

  if (self->bad || g_ascii_strncasecmp (self->at, word, length) != 0)
    return FALSE;
  self->at += length;
  return TRUE;
}

static void
expect (Scanner *self, const char *word)
{
  if (!accept (self, word))
    self->bad = TRUE;
}

static int
read_number (Scanner *self, guint min, guint max)
{
  int number = 0;
  guint digits = 0;

  while (!self->bad && digits < max && g_ascii_isdigit (*self->at))
    {
      number = number * 10 + (*self->at++ - '0');
      digits++;
    }
  if (digits < min)
    self->bad = TRUE;
  return number;
}

/* "Sept." and "September": the first letters tell them all apart. */
static int
read_month (Scanner *self)
{
  static const char * const months[] = { "jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec" };

  for (gsize i = 0; i < G_N_ELEMENTS (months); i++)
    if (accept (self, months[i]))
      {
        while (g_ascii_isalpha (*self->at))
          self->at++;
        accept (self, ".");
        return (int) i + 1;
      }
  self->bad = TRUE;
  return 0;
}

typedef struct
{
  int hour;
  int minute;
  int second;
  gint64 precision;
} Clock;

/* The twelve hours of one half of the day. */
static int
read_half (Scanner *self, int hour, int noon)
{
  if (hour < 1 || hour > 12)
    self->bad = TRUE;
  return hour % 12 + noon;
}

static void
read_clock (Scanner *self, Clock *clock)
{
  gboolean has_minute = FALSE;

  clock->precision = G_TIME_SPAN_MINUTE;
  if (accept (self, "midnight"))
    return;
  if (accept (self, "noon"))
    {
      clock->hour = 12;
      return;
    }
  clock->hour = read_number (self, 1, 2);
  has_minute = accept (self, ":");
  if (has_minute)
    clock->minute = read_number (self, 2, 2);
  if (has_minute && accept (self, ":"))
    {
      clock->second = read_number (self, 2, 2);
      clock->precision = G_TIME_SPAN_SECOND;
      if (accept (self, "."))
        read_number (self, 1, 9);
    }
  if (accept (self, " a.m.") || accept (self, " am"))
    clock->hour = read_half (self, clock->hour, 0);
  else if (accept (self, " p.m.") || accept (self, " pm"))
    clock->hour = read_half (self, clock->hour, 12);
  else if (!has_minute)
    self->bad = TRUE;
}

/**
 * burble_private_chat_date_read:
 * @text: (nullable): a date as a site writes it
 *
 * Returns: what it says, with time 0 where it cannot be read
 */
BurblePrivateChatDate
burble_private_chat_date_read (const char *text)
{
  BurblePrivateChatDate date = { 0, 0 };
  Scanner scanner = { text, text == NULL };
  Clock clock = { 0 };
  int year = 0;
  int month = 0;
  int day = 0;
  g_autoptr(GDateTime) time = NULL;

  if (text == NULL)
    return date;
  if (strspn (text, "0123456789") == 4)
    {
      year = read_number (&scanner, 4, 4);
      expect (&scanner, "-");
      month = read_number (&scanner, 2, 2);
      expect (&scanner, "-");
      day = read_number (&scanner, 2, 2);
      if (!accept (&scanner, "T"))
        expect (&scanner, " ");
    }
  else if (g_ascii_isdigit (*text))
    {
      day = read_number (&scanner, 1, 2);
      expect (&scanner, ".");
      month = read_number (&scanner, 1, 2);
      expect (&scanner, ".");
      year = read_number (&scanner, 4, 4);
      accept (&scanner, ",");
      expect (&scanner, " ");
    }
  else
    {
      month = read_month (&scanner);
      expect (&scanner, " ");
      day = read_number (&scanner, 1, 2);
      expect (&scanner, ", ");
      year = read_number (&scanner, 4, 4);
      accept (&scanner, ",");
      expect (&scanner, " ");
    }
  read_clock (&scanner, &clock);
  if (scanner.bad || *scanner.at != '\0' || year < 1971 || year > MAX_YEAR)
    return date;
  time = g_date_time_new_utc (year, month, day, clock.hour, clock.minute, clock.second);
  if (time == NULL)
    return date;
  date.time = g_date_time_to_unix_usec (time);
  date.precision = clock.precision - 1;
  return date;
}
