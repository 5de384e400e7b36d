/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What one packet can make JSON-GLib allocate: up to 300 bytes for each bracket and comma, so some
 * 150 MiB. A roster entry takes about ten of these. */
#define BURBLE_JSON_MAX_VALUES  (512u * 1024u)
/* Of one object; objects of ours have twenty, but for terminals, which are the names of theirs. */
#define BURBLE_JSON_MAX_MEMBERS 256u
/* A name can be a terminal in JSON's longest spelling. */
#define BURBLE_JSON_MAX_NAME (6u * 1024u)

/* The same for what a server lets its clients send: it reads all of them on one thread. Fifty
 * messages of thirty attachments each fit; what is allowed costs a few milliseconds at the worst,
 * names chosen for their hash included. */
#define BURBLE_JSON_REQUEST_MAX_VALUES  (8u * 1024u)
#define BURBLE_JSON_REQUEST_MAX_MEMBERS 24u
#define BURBLE_JSON_REQUEST_MAX_NAME    48u

typedef struct
{
  guint values;
  guint members; /* of one object */
  guint name;    /* bytes of a member's name as it is written */
} BurbleJsonLimits;

extern const BurbleJsonLimits burble_json_default_limits;
extern const BurbleJsonLimits burble_json_request_limits;

/*
 * The reader: JSON-GLib, with limits in front of it (burble_json_guard) and functions behind it
 * that take any node a peer may have sent.
 *
 * Two things are not read although their packet could be in part: U+0000 and half of a surrogate
 * pair, both as escapes in a string; no string of ours can hold them. Who cannot refuse a packet
 * for that (it would come again for ever) mends it first. An integer beyond
 * 64 bits is only wrong where it is read: JSON-GLib makes it the nearest integer, G_MAXINT64 or
 * G_MININT64, and these two are never accepted.
 */
JsonNode   *burble_json_parse        (const char             *text,
                                      gsize                   length,
                                      const BurbleJsonLimits *limits,
                                      GError                **error);
char       *burble_json_mend         (const char             *text,
                                      gsize                   length);
gboolean    burble_json_guard        (const char             *text,
                                      gsize                   length,
                                      const BurbleJsonLimits *limits,
                                      GError                **error);
JsonNode   *burble_json_get_member   (JsonNode   *object,
                                      const char *name);
const char *burble_json_get_string   (JsonNode   *node);
char       *burble_json_dup_text     (JsonNode   *node);
GBytes     *burble_json_dup_base64   (JsonNode   *node);
gboolean    burble_json_is_boolean   (JsonNode   *node);
gboolean    burble_json_is_number    (JsonNode   *node);
gboolean    burble_json_get_integer  (JsonNode   *node,
                                      gint64     *integer);
gboolean    burble_json_get_decimal  (JsonNode   *node,
                                      gint64      scale,
                                      gint64      maximum,
                                      gint64     *result);

/* The writer: a GString that knows by its last character whether a comma is due. JsonBuilder and
 * JsonGenerator take ten times as long (tests/bench/wire-bench). */
void     burble_json_write_name      (GString          *out,
                                      const char       *name);
void     burble_json_write_open      (GString          *out,
                                      char              bracket);
void     burble_json_write_close     (GString          *out,
                                      char              bracket);
void     burble_json_write_string    (GString          *out,
                                      const char       *string);
void     burble_json_write_integer   (GString          *out,
                                      gint64            integer);
void     burble_json_write_boolean   (GString          *out,
                                      gboolean          boolean);
void     burble_json_write_null      (GString          *out);
void     burble_json_write_raw       (GString          *out,
                                      const char       *json);
void     burble_json_write_base64    (GString          *out,
                                      GBytes           *bytes);

G_END_DECLS
