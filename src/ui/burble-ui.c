/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui"

#include "config.h"

#include "burble-ui.h"

#include "burble-ui-resources.h"

void
burble_ui_init (void)
{
  /* By name: a static library's resources are linked only if something asks for them. */
  g_resources_register (burble_ui_get_resource ());
}
