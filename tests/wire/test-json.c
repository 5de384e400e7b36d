/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>

#include <string.h>
#include <time.h>

#include "burble-frame.h"
#include "burble-json-private.h"
#include "burble-wire-error.h"

static JsonNode *
read_document (const char *text, gsize length, GError **error)
{
  return burble_json_parse (text, length, &burble_json_default_limits, error);
}

static gboolean
guard_document (const char *text, gsize length, GError **error)
{
  return burble_json_guard (text, length, &burble_json_default_limits, error);
}

typedef struct
{
  const char *name;
  const char *text;
} Case;

static const Case good[] = {
  { "number", "0" },
  { "negative-zero", "-0" },
  { "fraction", "-12.5e-3" },
  { "exponent", "1E+400" },
  { "long-number", "123456789012345678901234567890" },
  { "string", "\"a\"" },
  { "empty-string", "\"\"" },
  { "escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"" },
  { "escaped-backslash-before-u0000", "\"\\\\u0000\"" },
  { "brackets-in-string", "[\"]}[{,:\\\"]\"]" },
  { "words", "[true,false,null]" },
  { "empty-containers", "{\"a\":[],\"b\":{}}" },
  { "byte-order-mark", "\xef\xbb\xbf{}" }, /* RFC 8259 lets a reader skip it */
  { "spaces", " \t\r\n{ \"a\" : [ 1 , 2 ] } \n" },
  { "utf-8", "\"\xc3\xa9\xf0\x9f\x98\x80\"" },
  { "delete-character", "\"\x7f\"" },
  { "duplicate-names", "{\"a\":1,\"a\":2}" },
};

static const Case bad[] = {
  { "empty", "" },
  { "only-space", " \n" },
  { "two-values", "{} {}" },
  { "trailing-garbage", "{}x" },
  { "trailing-comma-object", "{\"a\":1,}" },
  { "trailing-comma-array", "[1,]" },
  { "leading-comma", "[,1]" },
  { "missing-comma", "[1 2]" },
  { "missing-colon", "{\"a\" 1}" },
  { "missing-value", "{\"a\":}" },
  { "name-only", "{\"a\"}" },
  { "name-not-a-string", "{a:1}" },
  { "number-as-name", "{1:1}" },
  { "single-quotes", "{'a':1}" },
  { "byte-order-mark-twice", "\xef\xbb\xbf\xef\xbb\xbf{}" },
  { "comment", "{}/* */" },
  { "comment-before", "// x\n{}" },
  { "assignment", "var x = {}" },
  { "open-object", "{\"a\":1" },
  { "open-array", "[1" },
  { "open-string", "\"a" },
  { "open-escape", "\"\\" },
  { "open-unicode-escape", "\"\\u12\"" },
  { "bad-unicode-escape", "\"\\u12g4\"" },
  { "bad-escape", "\"\\x41\"" },
  { "mismatched", "[}" },
  { "mismatched-object", "{]" },
  { "closed-twice", "[]]" },
  { "close-only", "}" },
  { "line-feed-in-string", "\"a\nb\"" },
  { "tab-in-string", "\"a\tb\"" },
  { "nul", "\"a\\u0000b\"" },
  { "nul-behind-escapes", "\"\\\\\\\"\\u0000\"" },
  { "nul-in-name", "{\"\\u0000\":1}" },
  { "lone-surrogate", "\"\\ud800\"" },
  { "lone-surrogate-before-letter", "\"\\ud800x\"" },
  { "surrogate-before-line-feed", "\"\\ud83d\\n\"" },
  { "surrogate-before-other-escape", "\"\\ud83d\\u0041\"" },
  { "high-surrogate-twice", "\"\\ud83d\\ud83d\"" },
  { "low-surrogate", "\"\\ude00\"" },
  { "surrogates-reversed", "\"\\ude00\\ud83d\"" },
  { "lone-surrogate-in-name", "{\"\\ud800\":1}" },
  { "leading-zero", "01" },
  { "plus", "+1" },
  { "minus-only", "-" },
  { "point-only", "." },
  { "no-digits-after-point", "1." },
  { "no-digits-before-point", ".5" },
  { "no-exponent", "1e" },
  { "sign-only-exponent", "1e+" },
  { "hex", "0x10" },
  { "nan", "NaN" },
  { "infinity", "Infinity" },
  { "minus-infinity", "-Infinity" },
  { "capital-word", "True" },
  { "short-word", "tru" },
  { "long-word", "nullx" },
  { "undefined", "undefined" },
  { "latin-1", "\"\xe9\"" },
  { "overlong", "\"\xc0\xaf\"" },
  { "surrogate-in-utf-8", "\"\xed\xa0\x80\"" },
  { "beyond-unicode", "\"\xf4\x90\x80\x80\"" },
  { "cut-utf-8", "\"\xe2\x82" },
  { "form-feed-space", "\f{}" },
  { "no-break-space", "\xc2\xa0{}" },
};

static void
test_good (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = read_document (test->text, strlen (test->text), &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
}

static void
assert_refused (const char *text, gsize length)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = read_document (text, length, &error);

  g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
  g_assert_null (node);
}

static void
test_bad (gconstpointer data)
{
  const Case *test = data;

  assert_refused (test->text, strlen (test->text));
}

static void
test_mend (void)
{
  static const struct
  {
    const char *text;
    const char *mended; /* NULL: nothing to mend */
  } cases[] = {
    { "", NULL },
    { "{\"a\":\"\\u00e9 \\ud83d\\ude00\"}", NULL },
    { "\"\\\\u0000\"", NULL },
    { "\"\\\\\\u0000\"", "\"\\\\\\ufffd\"" },
    { "\\u0000", NULL }, /* not in a string */
    { "\"\\\"\\u0000\"", "\"\\\"\\ufffd\"" },
    { "{\"\\u0000\":1}", "{\"\\ufffd\":1}" },
    { "\"\\uD800\"", "\"\\ufffd\"" },
    { "\"\\ud83d\\ud83d\\ude00\"", "\"\\ufffd\\ud83d\\ude00\"" },
    { "\"\\ude00\\ud83d\"", "\"\\ufffd\\ufffd\"" },
    { "\"\\ud83dx\"", "\"\\ufffdx\"" },
    { "\"\\u00", NULL },
    { "\"\\ud83d\\u", "\"\\ufffd\\u" },
    { "\"\\", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].text);
      /* Nothing behind it, so that reading too far is seen. */
      g_autofree char *text = g_memdup2 (cases[i].text, length);
      g_autofree char *mended = burble_json_mend (text != NULL ? text : "", length);

      g_test_message ("%s", cases[i].text);
      if (cases[i].mended == NULL)
        g_assert_null (mended);
      else
        g_assert_cmpmem (mended, length, cases[i].mended, strlen (cases[i].mended));
    }
}

static void
test_embedded_nul (void)
{
  assert_refused ("{}\0", 3);
  assert_refused ("{\"a\0\":1}", 8);
}

/* The text need not end in anything: each cut of a document is looked at in memory
 * that ends where it ends. */
static void
test_every_cut (void)
{
  static const char text[] = "{\"a\":[1.5e3,\"\\u00e9\\n\",true,null],\"b\":{\"c\":-0}}";

  for (gsize length = 0; length < sizeof text - 1; length++)
    {
      g_autofree char *cut = g_memdup2 (text, length);

      assert_refused (cut != NULL ? cut : "", length);
    }
}

static char *
nest (guint depth)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, i % 2 == 0 ? "{\"a\":" : "[");
  g_string_append (text, "0");
  for (guint i = depth; i > 0; i--)
    g_string_append_c (text, i % 2 == 1 ? '}' : ']');
  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  g_autofree char *allowed = nest (BURBLE_WIRE_MAX_DEPTH);
  g_autofree char *refused = nest (BURBLE_WIRE_MAX_DEPTH + 1);
  g_autofree char *absurd = g_strnfill (1000000, '[');
  g_autofree char *closed = g_strnfill (1000000, ']');
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = read_document (allowed, strlen (allowed), &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  assert_refused (refused, strlen (refused));
  assert_refused (absurd, strlen (absurd));
  assert_refused (closed, strlen (closed));
}

/* A list of @count times the same. */
static GString *
repeat (const char *open, const char *piece, guint count, const char *close)
{
  GString *text = g_string_new (open);

  for (guint i = 0; i < count; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      g_string_append (text, piece);
    }
  g_string_append (text, close);
  return text;
}

/* The guard alone decides, before there is a node. */
static void
test_too_many_values (void)
{
  static const struct
  {
    const char *piece;
    guint weight;
  } pieces[] = { { "0", 1 }, { "{}", 2 }, { "[]", 2 }, { "\",\"", 1 }, { "[[],{}]", 5 } };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      /* The list itself is one; the last piece has no comma, but the document is counted. */
      guint most = (BURBLE_JSON_MAX_VALUES - 1) / pieces[i].weight;
      g_autoptr(GString) allowed = repeat ("[", pieces[i].piece, most, "]");
      g_autoptr(GString) refused = repeat ("[", pieces[i].piece, most + 1, "]");
      g_autoptr(GError) error = NULL;

      g_assert_true (guard_document (allowed->str, allowed->len, &error));
      g_assert_no_error (error);
      g_assert_false (guard_document (refused->str, refused->len, &error));
      g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
    }
}

/* The largest that passes, of what costs most. */
static void
test_largest_document (void)
{
  g_autoptr(GString) text = repeat ("[", "{\"a\":0}", BURBLE_JSON_MAX_VALUES / 2 - 1, "]");
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = read_document (text->str, text->len, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==,
                    BURBLE_JSON_MAX_VALUES / 2 - 1);
}

/* An object whose names all have one hash costs the square of their number. */
static void
test_too_many_members (void)
{
  for (guint extra = 0; extra < 2; extra++)
    {
      g_autoptr(GString) text = g_string_new ("[");
      g_autoptr(JsonNode) node = NULL;

      for (guint object = 0; object < 3; object++)
        {
          g_string_append (text, object > 0 ? ",{" : "{");
          for (guint i = 0; i < BURBLE_JSON_MAX_MEMBERS + (object == 2 ? extra : 0); i++)
            {
              g_string_append (text, i > 0 ? ",\"" : "\"");
              for (guint bit = 0; bit < 9; bit++)
                g_string_append (text, i >> bit & 1 ? "Ez" : "FY");
              g_string_append (text, ":\":{\"x\":[]}");
            }
          g_string_append_c (text, '}');
        }
      g_string_append_c (text, ']');
      node = read_document (text->str, text->len, NULL);
      g_assert_cmpint (node == NULL, ==, extra == 1);
    }
}

/* @count names that have one hash in GLib. */
static void
append_colliding_object (GString *text, guint count, const char *prefix)
{
  g_string_append_c (text, '{');
  for (guint i = 0; i < count; i++)
    {
      g_string_append_printf (text, "%s\"%s", i > 0 ? "," : "", prefix);
      for (guint bit = 0; bit < 9; bit++)
        g_string_append (text, i >> bit & 1 ? "Ez" : "FY");
      g_string_append (text, "\":0");
    }
  g_string_append_c (text, '}');
}

/* As many objects as there may be, of as many members as they may have. */
static GString *
make_dearest_request (const char *prefix)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < BURBLE_JSON_REQUEST_MAX_VALUES / (BURBLE_JSON_REQUEST_MAX_MEMBERS + 1); i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_colliding_object (text, BURBLE_JSON_REQUEST_MAX_MEMBERS, prefix);
    }
  g_string_append_c (text, ']');
  return text;
}

/* Milliseconds of processor time; the best of some, since what disturbs only makes it longer. */
static double
measure_request (const char *text, gsize length)
{
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = NULL;
      struct timespec start;
      struct timespec end;

      clock_gettime (CLOCK_THREAD_CPUTIME_ID, &start);
      node = burble_json_parse (text, length, &burble_json_request_limits, &error);
      g_assert_no_error (error);
      g_clear_pointer (&node, json_node_unref);
      clock_gettime (CLOCK_THREAD_CPUTIME_ID, &end);
      best = MIN (best, (double) (end.tv_sec - start.tv_sec) * 1e3 +
                        (double) (end.tv_nsec - start.tv_nsec) / 1e6);
    }
  return best;
}

/* One that passes keeps everybody else on a server waiting for as long as it takes to read. */
static void
test_dearest_request (void)
{
  g_autofree char *prefix = g_strnfill (BURBLE_JSON_REQUEST_MAX_NAME - 19, 'x');
  g_autoptr(GString) short_names = make_dearest_request ("");
  g_autoptr(GString) long_names = make_dearest_request (prefix);
  g_autoptr(GString) objects = repeat ("[", "{\"a\":0}", BURBLE_JSON_REQUEST_MAX_VALUES / 2 - 1, "]");
  const GString *const requests[] = { short_names, long_names, objects };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      double milliseconds = measure_request (requests[i]->str, requests[i]->len);

      g_test_message ("%" G_GSIZE_FORMAT " bytes in %.2f ms", requests[i]->len, milliseconds);
#if !defined (__SANITIZE_ADDRESS__) && !defined (__SANITIZE_THREAD__)
      /* Here it is 7; slow machines have some room. Without the limits it was 1700. */
      g_assert_cmpfloat (milliseconds, <, 30);
#endif
    }
}

/* A server takes less from its clients than they take from it. */
static void
test_request_limits (void)
{
  g_autofree char *name = g_strnfill (BURBLE_JSON_REQUEST_MAX_NAME, 'x');
  g_autofree char *long_name = g_strdup_printf ("{\"%s\":0}", name);
  g_autoptr(GString) members = g_string_new (NULL);
  g_autoptr(GString) values = repeat ("[", "0", BURBLE_JSON_REQUEST_MAX_VALUES, "]");
  const char *refused[3] = { long_name, NULL, values->str };

  append_colliding_object (members, BURBLE_JSON_REQUEST_MAX_MEMBERS + 1, "");
  refused[1] = members->str;
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_true (guard_document (refused[i], strlen (refused[i]), NULL));
      g_assert_false (burble_json_guard (refused[i], strlen (refused[i]),
                                         &burble_json_request_limits, &error));
      g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
    }
}

static JsonNode *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = read_document (text, strlen (text), &error);

  g_assert_no_error (error);
  return node;
}

static void
test_members (void)
{
  g_autoptr(JsonNode) root = NULL;
  JsonNode *a;

  root = parse ("{\"a\":{\"b\":1,\"c\":[2,3]},\"b\":\"x\",\"\\u0062c\":4,\"b\":\"y\"}");
  a = burble_json_get_member (root, "a");
  g_assert_nonnull (burble_json_get_member (a, "c"));
  g_assert_null (burble_json_get_member (burble_json_get_member (a, "c"), "b"));
  g_assert_null (burble_json_get_member (burble_json_get_member (a, "b"), "b"));
  g_assert_cmpstr (burble_json_get_string (burble_json_get_member (root, "b")), ==, "y");
  g_assert_null (burble_json_get_member (root, "c"));
  g_assert_nonnull (burble_json_get_member (root, "bc"));
  g_assert_null (burble_json_get_member (root, ""));
}

typedef struct
{
  const char *text;
  const char *expected; /* NULL: no string */
} StringCase;

static const StringCase strings[] = {
  { "\"\"", "" },
  { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
  { "\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00z\"", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z" },
  { "\"\\u0001\\u007f\"", "\x01\x7f" },
  { "\"\\uffff\\udbff\\udfff\"", "\xef\xbf\xbf\xf4\x8f\xbf\xbf" },
  { "true", NULL },
  { "null", NULL },
  { "[\"a\"]", NULL },
  { "{\"a\":\"b\"}", NULL },
  { "12", NULL },
};

static void
test_strings (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      g_autoptr(JsonNode) node = parse (strings[i].text);

      g_assert_cmpstr (burble_json_get_string (node), ==, strings[i].expected);
    }
}

typedef struct
{
  const char *text;
  gboolean ok;
  gint64 expected;
} NumberCase;

static const NumberCase integers[] = {
  { "0", TRUE, 0 },
  { "-0", TRUE, 0 },
  { "9223372036854775806", TRUE, G_MAXINT64 - 1 },
  { "-9223372036854775807", TRUE, -G_MAXINT64 },
  { "9223372036854775807", FALSE, 0 }, /* what larger ones become */
  { "-9223372036854775808", FALSE, 0 },
  { "9223372036854775808", FALSE, 0 },
  { "-9223372036854775809", FALSE, 0 },
  { "18446744073709551616", FALSE, 0 },
  { "18446744073709551617", FALSE, 0 },
  { "99999999999999999999999999", FALSE, 0 },
  { "1.0", FALSE, 0 },
  { "1e3", FALSE, 0 },
  { "\"1\"", FALSE, 0 },
  { "true", FALSE, 0 },
  { "[]", FALSE, 0 },
};

/* In units of 1/1000, up to 5000. */
static const NumberCase decimals[] = {
  { "0", TRUE, 0 },
  { "1", TRUE, 1000 },
  { "1.5", TRUE, 1500 },
  { "1.2344", TRUE, 1234 },
  { "1.2346", TRUE, 1235 },
  { "1.9999999999", TRUE, 2000 },
  { "15e-1", TRUE, 1500 },
  { "0.0015E+3", TRUE, 1500 },
  { "1e-400", TRUE, 0 },
  { "5", TRUE, 5000 },
  { "5.0004", TRUE, 5000 },
  { "5.0006", FALSE, 0 },
  { "6", FALSE, 0 },
  { "-1", FALSE, 0 },
  { "1e308", FALSE, 0 },
  { "1e400", FALSE, 0 },
  { "-1e400", FALSE, 0 },
  { "99999999999999999999999999999999", FALSE, 0 },
  { "-99999999999999999999999999999999", FALSE, 0 },
  { "true", FALSE, 0 },
  { "\"1\"", FALSE, 0 },
  { "[1]", FALSE, 0 },
};

static void
test_integers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (integers); i++)
    {
      g_autoptr(JsonNode) node = parse (integers[i].text);
      gint64 value = 0;

      g_test_message ("%s", integers[i].text);
      g_assert_cmpint (burble_json_get_integer (node, &value), ==, integers[i].ok);
      if (integers[i].ok)
        g_assert_cmpint (value, ==, integers[i].expected);
    }
}

static void
test_decimals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (decimals); i++)
    {
      g_autoptr(JsonNode) node = parse (decimals[i].text);
      gint64 value = 0;

      g_test_message ("%s", decimals[i].text);
      g_assert_cmpint (burble_json_get_decimal (node, 1000, 5000, &value), ==, decimals[i].ok);
      if (decimals[i].ok)
        g_assert_cmpint (value, ==, decimals[i].expected);
    }
}

static const StringCase texts[] = {
  { "{ \"a\" : [ 1, -2.50, true , null ] }", "{\"a\":[1,-2.5,true,null]}" },
  { "\"\\u00e9\\n\"", "\"\xc3\xa9\\n\"" },
  { "1e2", "100.0" },
  { "9223372036854775806", "9223372036854775806" },
  { "9223372036854775808", NULL },
  { "[[{\"a\":-99999999999999999999}]]", NULL },
  { "[1,1e400]", NULL },
};

static void
test_texts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(JsonNode) node = parse (texts[i].text);
      g_autofree char *text = burble_json_dup_text (node);

      g_assert_cmpstr (text, ==, texts[i].expected);
    }
}

typedef struct
{
  const char *text;
  const char *bytes; /* NULL: refused */
} BlobCase;

static const BlobCase blobs[] = {
  { "\"\"", "" },
  { "\"TWFu\"", "Man" },
  { "\"TWE=\"", "Ma" },
  { "\"TQ==\"", "M" },
  { "\"TWE\"", "Ma" },
  { "\"TQ\"", "M" },
  { "\"\\u0054Q==\"", "M" },
  { "\"Pz8\\/\"", "???" },
  { "\"T\"", NULL },
  { "\"TWFuT\"", NULL },
  { "\"TW=u\"", NULL },
  { "\"T===\"", NULL },
  { "\"====\"", NULL },
  { "\"=\"", NULL },
  { "\"TWFu \"", NULL },
  { "\"TW Fu\"", NULL },
  { "\"TWF\\n\"", NULL },
  { "\"TW-_\"", NULL },
  { "\"TWFu====\"", NULL },
  { "\"TQ=\"", NULL },
  { "\"TQ==TQ==\"", NULL },
  { "\"T\xc3\xa9u\"", NULL },
  { "12", NULL },
};

static void
test_blobs (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (blobs); i++)
    {
      g_autoptr(JsonNode) node = parse (blobs[i].text);
      g_autoptr(GBytes) bytes = burble_json_dup_base64 (node);

      g_test_message ("%s", blobs[i].text);
      g_assert_cmpint (bytes != NULL, ==, blobs[i].bytes != NULL);
      if (bytes != NULL)
        g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), blobs[i].bytes,
                         strlen (blobs[i].bytes));
    }
}

static void
test_blob_of_all_bytes (void)
{
  guint8 data[256];

  for (guint i = 0; i < sizeof data; i++)
    data[i] = (guint8) i;
  for (gsize size = 0; size <= sizeof data; size++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new (data, size);
      g_autoptr(GBytes) again = NULL;
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(JsonNode) node = NULL;

      burble_json_write_base64 (out, bytes);
      node = parse (out->str);
      again = burble_json_dup_base64 (node);
      g_assert_true (g_bytes_equal (bytes, again));
    }
}

/* What the writer makes of each character, a reader that is not ours must understand. */
static void
test_writer_agrees_with_json_glib (void)
{
  for (gunichar c = 1; c < 0x11000; c++)
    {
      char text[16] = "a";
      int length = 1;
      g_autoptr(GString) out = NULL;
      g_autoptr(JsonNode) node = NULL;

      if (c >= 0xd800 && c < 0xe000)
        continue;
      length += g_unichar_to_utf8 (c, text + length);
      text[length] = '\0';
      out = g_string_new (NULL);
      burble_json_write_open (out, '[');
      burble_json_write_string (out, text);
      burble_json_write_close (out, ']');
      node = json_from_string (out->str, NULL);
      g_assert_nonnull (node);
      g_assert_cmpstr (json_array_get_string_element (json_node_get_array (node), 0), ==, text);
    }
}

static void
test_writer (void)
{
  g_autoptr(GString) out = g_string_new (NULL);

  burble_json_write_open (out, '{');
  burble_json_write_name (out, "a");
  burble_json_write_open (out, '[');
  burble_json_write_integer (out, G_MININT64);
  burble_json_write_integer (out, 0);
  burble_json_write_null (out);
  burble_json_write_string (out, "{[:");
  burble_json_write_boolean (out, TRUE);
  burble_json_write_open (out, '{');
  burble_json_write_close (out, '}');
  burble_json_write_close (out, ']');
  burble_json_write_name (out, "b");
  burble_json_write_string (out, NULL);
  burble_json_write_name (out, "c");
  burble_json_write_string (out, "not \xff UTF-8");
  burble_json_write_close (out, '}');
  g_assert_cmpstr (out->str, ==,
                   "{\"a\":[-9223372036854775808,0,null,\"{[:\",true,{}],\"b\":null,"
                   "\"c\":\"not \xef\xbf\xbd UTF-8\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wire/json/accepts/%s", good[i].name);

      g_test_add_data_func (path, &good[i], test_good);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wire/json/refuses/%s", bad[i].name);

      g_test_add_data_func (path, &bad[i], test_bad);
    }
  g_test_add_func ("/wire/json/mends-what-no-string-holds", test_mend);
  g_test_add_func ("/wire/json/refuses/embedded-nul", test_embedded_nul);
  g_test_add_func ("/wire/json/refuses/every-cut-of-a-document", test_every_cut);
  g_test_add_func ("/wire/json/refuses/more-depth-than-the-limit", test_depth);
  g_test_add_func ("/wire/json/refuses/too-many-values", test_too_many_values);
  g_test_add_func ("/wire/json/refuses/too-many-members", test_too_many_members);
  g_test_add_func ("/wire/json/refuses/more-than-a-client-needs", test_request_limits);
  g_test_add_func ("/wire/json/accepts/the-dearest-request-in-little-time", test_dearest_request);
  g_test_add_func ("/wire/json/accepts/the-largest-document", test_largest_document);
  g_test_add_func ("/wire/json/finds-members", test_members);
  g_test_add_func ("/wire/json/decodes-strings", test_strings);
  g_test_add_func ("/wire/json/reads-integers-exactly", test_integers);
  g_test_add_func ("/wire/json/reads-decimals-in-range", test_decimals);
  g_test_add_func ("/wire/json/gives-values-back-as-text", test_texts);
  g_test_add_func ("/wire/json/decodes-base64-strictly", test_blobs);
  g_test_add_func ("/wire/json/base64-of-every-length-reads-back", test_blob_of_all_bytes);
  g_test_add_func ("/wire/json/writer-agrees-with-json-glib", test_writer_agrees_with_json_glib);
  g_test_add_func ("/wire/json/writer-places-commas", test_writer);
  return g_test_run ();
}
