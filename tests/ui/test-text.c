/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "burble-text.h"
#include "burble-time.h"

static void
test_links (void)
{
  static const struct
  {
    const char *text;
    const char *markup;
  } cases[] = {
    { "plain", "plain" },
    { "a < b & c", "a &lt; b &amp; c" },
    { "see https://example.org/a.",
      "see <a href=\"https://example.org/a\">https://example.org/a</a>." },
    { "(https://example.org/x_(y))",
      "(<a href=\"https://example.org/x_(y)\">https://example.org/x_(y)</a>)" },
    { "https://a.org/?q=1&r=2, ok",
      "<a href=\"https://a.org/?q=1&amp;r=2\">https://a.org/?q=1&amp;r=2</a>, ok" },
    { "www.example.org!", "<a href=\"https://www.example.org\">www.example.org</a>!" },
    { "mailto:a@b.org", "<a href=\"mailto:a@b.org\">mailto:a@b.org</a>" },
    { "grgl:a@b.org", "<a href=\"grgl:a@b.org\">grgl:a@b.org</a>" },
    { "HTTPS://A.ORG", "<a href=\"HTTPS://A.ORG\">HTTPS://A.ORG</a>" },
    { "file:///etc/passwd", "file:///etc/passwd" },
    { "javascript:alert(1)", "javascript:alert(1)" },
    { "xhttps://a.org", "xhttps://a.org" },
    { "https://", "https://" },
    { "https://...", "https://..." },
    { "https://a.org/\"onclick=", "<a href=\"https://a.org/\">https://a.org/</a>&quot;onclick=" },
    { "https://a.org/<b>", "<a href=\"https://a.org/\">https://a.org/</a>&lt;b&gt;" },
    { "https://a.org/\xe2\x80\xaegro.live",
      "<a href=\"https://a.org/\">https://a.org/</a>\xe2\x80\xaegro.live" },
    { "http://a.org http://b.org",
      "<a href=\"http://a.org\">http://a.org</a> <a href=\"http://b.org\">http://b.org</a>" },
    { "", "" },
    { NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean cut = TRUE;
      g_autofree char *markup = burble_text_to_markup (cases[i].text, 1000, &cut);

      g_assert_cmpstr (markup, ==, cases[i].markup);
      g_assert_false (cut);
    }
}

static void
test_long_text_is_cut (void)
{
  g_autofree char *text = g_strnfill (2000000, 'h');
  gboolean cut = FALSE;
  g_autofree char *markup = burble_text_to_markup (text, BURBLE_TEXT_BUBBLE_MAX, &cut);

  g_assert_true (cut);
  g_assert_cmpuint (strlen (markup), <, BURBLE_TEXT_BUBBLE_MAX + 10);
  g_assert_true (g_str_has_suffix (markup, "…"));
}

static void
test_broken_text_does_no_harm (void)
{
  g_autofree char *markup = burble_text_to_markup ("caf\xe9 <b>\xff", 100, NULL);
  g_autofree char *line = burble_text_one_line ("ok \xff no", 100);

  g_assert_true (g_utf8_validate (markup, -1, NULL));
  g_assert_null (strstr (markup, "<b>"));
  g_assert_cmpstr (line, ==, "ok");
}

static void
test_one_line (void)
{
  g_autofree char *plain = burble_text_one_line ("  a\n\n b\tc  ", 100);
  g_autofree char *bidi = burble_text_one_line ("report\xe2\x80\xae" "fdp.exe", 100);
  g_autofree char *cut = burble_text_one_line ("abcdef", 3);

  g_assert_cmpstr (plain, ==, "a b c");
  g_assert_cmpstr (bidi, ==, "reportfdp.exe");
  g_assert_cmpstr (cut, ==, "abc…");
}

static void
test_schemes (void)
{
  static const char * const allowed[] = {
    "http://a", "HTTPS://a", "mailto:a@b", "grgl:a@b",
  };
  static const char * const refused[] = {
    "file:///a", "javascript:1", "data:text/html,a", "ftp://a", "smb://a", "a", "", "://",
    "httpx://a",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (allowed); i++)
    g_assert_true (burble_text_uri_allowed (allowed[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_false (burble_text_uri_allowed (refused[i]));
}

static void
test_emoji (void)
{
  g_assert_true (burble_text_is_emoji ("🎉"));
  g_assert_true (burble_text_is_emoji ("👩‍🚀 🎉"));
  g_assert_true (burble_text_is_emoji ("❤️"));
  g_assert_false (burble_text_is_emoji ("🎉🎉🎉🎉"));
  g_assert_false (burble_text_is_emoji ("ok 🎉"));
  g_assert_false (burble_text_is_emoji (""));
  g_assert_false (burble_text_is_emoji (NULL));
}

static void
test_times (void)
{
  /* Wednesday, 6 May 2026, 14:32 */
  const gint64 now = G_GINT64_CONSTANT (1778077920) * G_USEC_PER_SEC;
  const gint64 day = G_TIME_SPAN_DAY;
  static const struct
  {
    gint64 back;
    const char *short_time;
    const char *day;
  } cases[] = {
    { 0, "14:32", "Today" },
    { 14 * G_TIME_SPAN_HOUR, "00:32", "Today" },
    { 15 * G_TIME_SPAN_HOUR, "Yesterday", "Yesterday" },
    { 3 * G_TIME_SPAN_DAY, "Sun", "Sunday" },
    { 7 * G_TIME_SPAN_DAY, "29 Apr", "Wednesday, 29 April" },
    { 400 * G_TIME_SPAN_DAY, NULL, "1 April 2025" },
    { -2 * G_TIME_SPAN_HOUR, "16:32", "Today" }, /* a clock that runs ahead */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *short_time = burble_time_short (now - cases[i].back, now, TRUE);
      g_autofree char *line = burble_time_day (now - cases[i].back, now);

      if (cases[i].short_time != NULL)
        g_assert_cmpstr (short_time, ==, cases[i].short_time);
      g_assert_cmpstr (line, ==, cases[i].day);
    }
  {
    g_autofree char *twelve = burble_time_clock (now, FALSE);
    g_autofree char *none = burble_time_short (0, now, TRUE);

    g_assert_cmpstr (twelve, ==, "2:32 PM");
    g_assert_cmpstr (none, ==, "");
  }
  g_assert_true (burble_time_same_day (now, now - G_TIME_SPAN_HOUR));
  g_assert_false (burble_time_same_day (now, now - day));
}

static void
test_times_of_no_calendar_do_no_harm (void)
{
  g_autofree char *late = burble_time_day (G_MAXINT64, 0);
  g_autofree char *early = burble_time_short (G_MININT64, 0, TRUE);

  g_assert_nonnull (late);
  g_assert_nonnull (early);
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/text/links", test_links);
  g_test_add_func ("/ui/text/long-text-is-cut", test_long_text_is_cut);
  g_test_add_func ("/ui/text/broken-text-does-no-harm", test_broken_text_does_no_harm);
  g_test_add_func ("/ui/text/one-line", test_one_line);
  g_test_add_func ("/ui/text/schemes", test_schemes);
  g_test_add_func ("/ui/text/emoji", test_emoji);
  g_test_add_func ("/ui/time/as-people-say-it", test_times);
  g_test_add_func ("/ui/time/times-of-no-calendar-do-no-harm",
                   test_times_of_no_calendar_do_no_harm);
  return g_test_run ();
}
