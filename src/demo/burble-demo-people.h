/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-demo-world.h"

G_BEGIN_DECLS

gboolean burble_demo_people_sign_in        (BurbleDemoWorld  *world,
                                            GError          **error);
gboolean burble_demo_people_meet           (BurbleDemoWorld  *world,
                                            GError          **error);
gboolean burble_demo_people_befriend_guest (BurbleDemoWorld  *world,
                                            GError          **error);

G_END_DECLS
