/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-packet"

#include "config.h"

#include "burble-gurgle-packet-private.h"

/* Gurgle, section 5: profile. */

static void
clear_profile (BurbleGurglePacket *packet)
{
  g_free (packet->profile.name);
  g_free (packet->profile.bio);
  g_free (packet->profile.avatar);
}

static gboolean
parse_profile (BurbleGurglePacket *packet, BurbleGurgleReader *reader)
{
  return burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "name"), "name",
                                    &packet->profile.name)
         && burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "bio"), "bio",
                                       &packet->profile.bio)
         && burble_gurgle_read_string (reader, burble_gurgle_read_argument (reader, "avatar"),
                                       "avatar", &packet->profile.avatar);
}

static void
serialize_profile (const BurbleGurglePacket *packet, BurbleGurgleWriter *writer)
{
  burble_gurgle_write_string_argument (writer, "name", packet->profile.name);
  burble_gurgle_write_string_argument (writer, "bio", packet->profile.bio);
  burble_gurgle_write_string_argument (writer, "avatar", packet->profile.avatar);
}

const BurbleGurglePacketClass burble_gurgle_profile_class = {
  .command = "profile",
  .feature = BURBLE_GURGLE_FEATURE_PROFILE,
  .clear = clear_profile,
  .parse = parse_profile,
  .serialize = serialize_profile,
};
