/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "burble-gurgle-packet.h"
#include "burble-wire-error.h"

/* FUZZ_DIALECT is 0_1 or 0_2: one target each. */
#define DIALECT G_PASTE (BURBLE_GURGLE_DIALECT_, FUZZ_DIALECT)

/* An invalid packet is written as the refusal of it. */
static BurbleGurglePacketType
type_once_written (const BurbleGurglePacket *packet)
{
  return packet->type == BURBLE_GURGLE_INVALID ? BURBLE_GURGLE_ERROR_RESULT : packet->type;
}

/* What is understood in full is understood alike by who would do with a part. */
static void
check_kindly (GBytes *bytes, const BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurglePacket) part = burble_gurgle_packet_parse_kindly (bytes, DIALECT, NULL);

  fuzz_assert (part != NULL);
  fuzz_assert (part->dropped == NULL || part->dropped->count >= part->dropped->ids->len);
  if (packet->type == BURBLE_GURGLE_INVALID)
    return;
  fuzz_assert (part->type == packet->type && part->dropped == NULL);
}

/* What we write we understand, and write again in the same way. */
static void
check_packet (const BurbleGurglePacket *packet, BurbleGurgleDialect dialect)
{
  g_autoptr(GBytes) written = burble_gurgle_packet_serialize (packet, dialect);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurglePacket) again = burble_gurgle_packet_parse (written, dialect, &error);
  g_autoptr(GBytes) rewritten = NULL;

  fuzz_assert (error == NULL);
  fuzz_assert (again->type == type_once_written (packet));
  fuzz_assert (again->has_id == packet->has_id && again->id == packet->id);
  rewritten = burble_gurgle_packet_serialize (again, dialect);
  if (!g_bytes_equal (written, rewritten))
    g_printerr ("%.*s\n%.*s\n", (int) g_bytes_get_size (written),
                (const char *) g_bytes_get_data (written, NULL), (int) g_bytes_get_size (rewritten),
                (const char *) g_bytes_get_data (rewritten, NULL));
  fuzz_assert (g_bytes_equal (written, rewritten));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_parse (bytes, DIALECT, &error);

  fuzz_assert ((packet == NULL) == (error != NULL));
  if (packet == NULL)
    {
      fuzz_assert (g_error_matches (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET));
      return 0;
    }
  fuzz_assert (packet->type != BURBLE_GURGLE_INVALID || packet->invalid.problem != NULL);
  check_kindly (bytes, packet);
  check_packet (packet, BURBLE_GURGLE_DIALECT_0_1);
  check_packet (packet, BURBLE_GURGLE_DIALECT_0_2);
  return 0;
}
