/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * BurbleComposer:
 *
 * Where a message is written. Properties: placeholder, enter-sends (else Ctrl+Enter does),
 * check-spelling. Signals: "send" (const char *text), after
 * which the owner clears it when the text is safe; "edited" (): the text changed.
 */
#define BURBLE_TYPE_COMPOSER (burble_composer_get_type ())
G_DECLARE_FINAL_TYPE (BurbleComposer, burble_composer, BURBLE, COMPOSER, AdwBin)

#define BURBLE_COMPOSER_MAX_LINES 8

char *burble_composer_get_text (BurbleComposer *self);
void  burble_composer_set_text (BurbleComposer *self, const char *text);

G_END_DECLS
