/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BurbleNetError:
 * @BURBLE_NET_ERROR_CERTIFICATE: the server's identity could not be checked and no pin vouches for
 *   it; [method@Connector.get_certificate] tells what was shown
 * @BURBLE_NET_ERROR_QUEUE_FULL: the peer reads too slowly: the bounded send queue is full
 * @BURBLE_NET_ERROR_PLAIN_REFUSED: plain TCP was asked for to an address that is not loopback
 *   without the user having turned encryption off
 */
typedef enum
{
  BURBLE_NET_ERROR_CERTIFICATE,
  BURBLE_NET_ERROR_QUEUE_FULL,
  BURBLE_NET_ERROR_PLAIN_REFUSED,
} BurbleNetError;

#define BURBLE_NET_ERROR (burble_net_error_quark ())
GQuark burble_net_error_quark (void);

G_END_DECLS
