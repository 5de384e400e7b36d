/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server under test: a process of its own, looked at from outside. */
typedef struct
{
  GSubprocess      *process;
  GDataInputStream *output;
  int               pid;
} BenchProcess;

/* Kernel figures, in bytes; @pss shares what is mapped by several processes among them. */
typedef struct
{
  gint64 rss;
  gint64 pss;
  gint64 private_dirty;
} BenchMemory;

BenchProcess *bench_process_start       (const char *const *argv);
/* The next line of its output that has @prefix, or the program ends with an error. */
char         *bench_process_wait_line   (BenchProcess      *self,
                                         const char        *prefix);
BenchMemory   bench_process_get_memory  (BenchProcess      *self);
/* User and system time of all its threads, in microseconds; the kernel counts in steps of 10 ms. */
gint64        bench_process_get_cpu     (BenchProcess      *self);
void          bench_process_stop        (BenchProcess      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchProcess, bench_process_stop)

G_END_DECLS
