/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>

#include <string.h>
#include <time.h>

#include "burble-gurgle-id.h"
#include "burble-gurgle-packet.h"

/*
 * What the wire takes of the server's 40 µs of CPU per delivered message, beside what JSON-GLib
 * alone takes: for reading, which is on top of it, and for writing, which has a small writer of its
 * own.
 * Prints processor time per operation.
 */

#define ROUNDS 5
#define ENTRIES 10000

static const char message[] =
  "{\"id\":17,\"cmd\":\"message\",\"messages\":[{\"id\":\"0b7cc0b2-6a6f-4b0e-9d0a-0f3f7ed2f2a1\","
  "\"timestamp\":1760000000.25,\"to\":\"grace@example.org\",\"text\":\"Hello Grace, are we still on "
  "for the review this afternoon?\"}]}";

static const char sent[] =
  "{\"id\":17,\"cmd\":\"sent\",\"success\":[\"0b7cc0b2-6a6f-4b0e-9d0a-0f3f7ed2f2a1\"],\"failure\":[]}";

typedef void (*Operation) (gpointer data);

static double
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1e6 + (double) time.tv_nsec / 1e3;
}

/* The best of some rounds: what disturbs a round only makes it longer. */
static double
measure (const char *name, guint times, Operation operation, gpointer data)
{
  double best = G_MAXDOUBLE;

  for (guint round = 0; round < ROUNDS; round++)
    {
      double start = now ();

      for (guint i = 0; i < times; i++)
        operation (data);
      best = MIN (best, (now () - start) / times);
    }
  g_print ("%-34s %10.2f us\n", name, best);
  return best;
}

static void
parse_with_json_glib (gpointer data)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  gsize size = 0;
  const char *text = g_bytes_get_data (data, &size);

  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_data (parser, text, (gssize) size, NULL))
    g_error ("JSON-GLib cannot read the packet");
}

/* A tree like @node, made of new nodes as a serializer would make them. */
static void
build (JsonBuilder *builder, JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      json_builder_begin_array (builder);
      for (guint i = 0; i < json_array_get_length (array); i++)
        build (builder, json_array_get_element (array, i));
      json_builder_end_array (builder);
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char *name = NULL;
      JsonNode *member = NULL;

      json_builder_begin_object (builder);
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &member))
        {
          json_builder_set_member_name (builder, name);
          build (builder, member);
        }
      json_builder_end_object (builder);
    }
  else
    {
      json_builder_add_value (builder, json_node_copy (node));
    }
}

static void
write_with_json_glib (gpointer data)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  build (builder, data);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
}

static void
parse_packet (gpointer data)
{
  g_autoptr(BurbleGurglePacket) packet = NULL;

  packet = burble_gurgle_packet_parse (data, BURBLE_GURGLE_DIALECT_0_1, NULL);
  if (packet == NULL || packet->type == BURBLE_GURGLE_INVALID)
    g_error ("the packet is not understood");
}

static void
serialize_packet (gpointer data)
{
  g_autoptr(GBytes) bytes = burble_gurgle_packet_serialize (data, BURBLE_GURGLE_DIALECT_0_1);
}

static void
parse_id (gpointer data)
{
  g_autoptr(BurbleGurgleId) id = burble_gurgle_id_parse (data, NULL);

  if (id == NULL)
    g_error ("the id is not understood");
}

static void
measure_packet (const char *name, GBytes *bytes, guint times)
{
  g_autoptr(BurbleGurglePacket) packet = NULL;
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;
  double json_glib;
  double own;

  g_print ("%s, %" G_GSIZE_FORMAT " bytes\n", name, g_bytes_get_size (bytes));
  packet = burble_gurgle_packet_parse (bytes, BURBLE_GURGLE_DIALECT_0_1, NULL);
  json_glib = measure ("read by JSON-GLib alone", times, parse_with_json_glib, bytes);
  own = measure ("parsed into a packet", times, parse_packet, bytes);
  g_print ("%-34s %10.2f times JSON-GLib's\n", "", own / json_glib);

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  root = json_from_string (text, NULL);
  json_glib = measure ("written by JsonBuilder, Generator", times, write_with_json_glib, root);
  own = measure ("serialized from a packet", times, serialize_packet, packet);
  g_print ("%-34s %10.2f times JSON-GLib's\n\n", "", own / json_glib);
}

static GBytes *
make_roster (void)
{
  g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_new (BURBLE_GURGLE_FLUSH_ROSTER);

  for (guint i = 0; i < ENTRIES; i++)
    {
      g_autofree char *from = g_strdup_printf ("user%u@example.org", i);
      BurbleGurgleRosterEntry *entry = burble_gurgle_roster_entry_new (from);

      entry->name = g_strdup ("Somebody of Somewhere");
      entry->has_subscription = TRUE;
      entry->subscription = BURBLE_GURGLE_SUBSCRIPTION_BOTH;
      g_ptr_array_add (entry->terminals,
                       burble_gurgle_terminal_new ("desk", BURBLE_GURGLE_STATUS_AVAILABLE, NULL));
      g_ptr_array_add (packet->roster.entries, entry);
    }
  return burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_1);
}

int
main (int argc, char **argv)
{
  g_autoptr(GBytes) message_bytes = g_bytes_new_static (message, strlen (message));
  g_autoptr(GBytes) sent_bytes = g_bytes_new_static (sent, strlen (sent));
  g_autoptr(GBytes) roster_bytes = make_roster ();
  static char ascii[] = "grace@example.org/desk";
  static char unicode[] = "gr\xc3\xa4" "ce@b\xc3\xbc" "cher.example";

  measure_packet ("message", message_bytes, 100000);
  measure_packet ("sent", sent_bytes, 100000);
  measure_packet ("roster of 10,000", roster_bytes, 5);
  measure ("id of ASCII: parse", 100000, parse_id, ascii);
  measure ("id beyond ASCII: parse", 10000, parse_id, unicode);
  return 0;
}
