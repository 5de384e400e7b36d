/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "burble-cg-map.h"
#include "burble-cg-name.h"
#include "burble-cg-packet.h"
#include "burble-wire-error.h"

/* What is read of somebody can be asked for, or is refused by the writer: never half of each. */
static void
check_question (const BurbleCgPacket *packet, const BurbleCgRegistry *registry)
{
  BurbleCgPacket question = { .type = BURBLE_CG_USER, .username = packet->username,
                              .uuid = packet->uuid };
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) written = burble_cg_packet_write (&question, registry, &error);
  g_autoptr(BurbleCgPacket) again = NULL;

  fuzz_assert ((written == NULL) == (error != NULL));
  if (written == NULL)
    return;
  again = burble_cg_packet_parse (written, registry, NULL);
  fuzz_assert (again != NULL && again->type == BURBLE_CG_USER);
  fuzz_assert (packet->uuid == NULL ? g_strcmp0 (again->username, packet->username) == 0
                                    : g_strcmp0 (again->uuid, packet->uuid) == 0);
}

#ifdef FUZZ_BODY
/* The same bytes on a link that only asks. */
static void
check_pong (GBytes *body)
{
  g_autoptr(GBytes) frame = burble_cg_frame_write (65, body);
  g_autoptr(BurbleCgPacket) pong = NULL;
  BurbleCgRegistry registry;

  burble_cg_registry_init (&registry, TRUE);
  pong = burble_cg_packet_parse (frame, &registry, NULL);
  fuzz_assert (pong != NULL && pong->type == BURBLE_CG_PONG);
  if (pong->name != NULL)
    {
      g_autofree char *name = burble_cg_name_clean (pong->name);

      fuzz_assert (name == NULL || burble_cg_name_is_possible (name));
    }
}

static void
member_cb (const char *key, const char *text, gpointer user_data)
{
  fuzz_assert (g_utf8_validate (key, -1, NULL) && g_utf8_validate (text, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(GBytes) body = g_bytes_new_static (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleCgMap) map = burble_cg_map_parse (body, &error);

  fuzz_assert ((map == NULL) == (error != NULL));
  if (map != NULL)
    {
      burble_cg_map_foreach (map, member_cb, NULL);
      check_pong (body);
    }
  for (guint32 id = 1; map != NULL && id <= 68; id++)
    {
      BurbleCgRegistry registry;
      g_autoptr(GBytes) frame = burble_cg_frame_write (id, body);
      g_autoptr(BurbleCgPacket) packet = NULL;

      burble_cg_registry_init (&registry, FALSE);
      for (guint32 type = BURBLE_CG_VERSION_CHECK; type <= BURBLE_CG_MESSAGE; type++)
        registry.ids[type] = 64 + type - BURBLE_CG_VERSION_CHECK;
      packet = burble_cg_packet_parse (frame, &registry, NULL);
      fuzz_assert (packet != NULL || id == 3);
      if (packet != NULL && packet->type == BURBLE_CG_USER)
        check_question (packet, &registry);
    }
  return 0;
}
#else
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr(GBytes) payload = g_bytes_new_static (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleCgPacket) packet = NULL;
  BurbleCgRegistry registry;

  burble_cg_registry_init (&registry, FALSE);
  registry.ids[BURBLE_CG_AUTH] = 66;
  registry.ids[BURBLE_CG_USER] = 67;
  registry.ids[BURBLE_CG_MESSAGE] = 68;
  packet = burble_cg_packet_parse (payload, &registry, &error);
  fuzz_assert ((packet == NULL) == (error != NULL));
  fuzz_assert (error == NULL || error->domain == BURBLE_WIRE_ERROR);
  if (packet != NULL && packet->type == BURBLE_CG_USER)
    check_question (packet, &registry);
  return 0;
}
#endif
