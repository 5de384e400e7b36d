/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BURBLE_STATUS_OFFLINE,
  BURBLE_STATUS_AVAILABLE,
  BURBLE_STATUS_AWAY,
  BURBLE_STATUS_DND,
  BURBLE_STATUS_INVISIBLE, /* own only */
  BURBLE_STATUS_UNKNOWN,
} BurbleStatus;

typedef enum
{
  BURBLE_SUBSCRIPTION_NONE,
  BURBLE_SUBSCRIPTION_TO,   /* we see them */
  BURBLE_SUBSCRIPTION_FROM, /* they see us */
  BURBLE_SUBSCRIPTION_BOTH,
} BurbleSubscription;

typedef enum
{
  BURBLE_CONTACT_PEER,
  BURBLE_CONTACT_ROOM,
} BurbleContactKind;

/* What of a contact's presence is worth a notification. Stored as integers: never renumber. */
typedef enum
{
  BURBLE_NOTIFY_NEVER   = 0,
  BURBLE_NOTIFY_ONLINE  = 1, /* coming online */
  BURBLE_NOTIFY_CHANGES = 2, /* each change of status */
} BurbleNotifyStatus;

/* Stored as integers: never renumber. */
typedef enum
{
  BURBLE_MESSAGE_RECEIVED  = 0, /* incoming */
  BURBLE_MESSAGE_WAITING   = 1, /* in the outbox */
  BURBLE_MESSAGE_SENT      = 2,
  BURBLE_MESSAGE_DELIVERED = 3,
  BURBLE_MESSAGE_READ      = 4,
  BURBLE_MESSAGE_FAILED    = 5,
} BurbleMessageState;

/* How an account stands. */
typedef enum
{
  BURBLE_ACCOUNT_OFFLINE,       /* by the user's wish, or disabled */
  BURBLE_ACCOUNT_CONNECTING,
  BURBLE_ACCOUNT_ONLINE,
  BURBLE_ACCOUNT_WAITING,       /* lost; will try again by itself */
  BURBLE_ACCOUNT_NEEDS_PASSWORD,
  BURBLE_ACCOUNT_NEEDS_CERTIFICATE,
  BURBLE_ACCOUNT_FAILED,        /* will not try by itself; error text says why */
} BurbleAccountState;

/* What the connection of an account can do; the window shows nothing that is not in here. */
typedef enum
{
  BURBLE_FEATURE_NONE        = 0,
  BURBLE_FEATURE_ROSTER      = 1 << 0,
  BURBLE_FEATURE_ROSTER_EDIT = 1 << 1,
  BURBLE_FEATURE_PRESENCE    = 1 << 2, /* publish own status */
  BURBLE_FEATURE_MOOD        = 1 << 3,
  BURBLE_FEATURE_MESSAGES    = 1 << 4,
  BURBLE_FEATURE_TYPING      = 1 << 5,
  BURBLE_FEATURE_RECEIPTS    = 1 << 6,
  BURBLE_FEATURE_HISTORY     = 1 << 7,
  BURBLE_FEATURE_DIRECTORY   = 1 << 8, /* look people up */
  BURBLE_FEATURE_CARBONS     = 1 << 9,
  BURBLE_FEATURE_ROOMS       = 1 << 10,
  BURBLE_FEATURE_FILES       = 1 << 11,
  BURBLE_FEATURE_REGISTER    = 1 << 12,
  BURBLE_FEATURE_PEOPLE      = 1 << 13, /* list who is there */
  BURBLE_FEATURE_REQUESTS    = 1 << 14, /* whoever is added has to agree */
} BurbleFeatures;

G_END_DECLS
