/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-demo-world.h"

G_BEGIN_DECLS

gboolean burble_demo_story_tell (BurbleDemoWorld  *world,
                                 GError          **error);

G_END_DECLS
