/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-storage"

#include "config.h"

#include "burble-sqlite-storage.h"

#include "burble-sqlite-ops.h"

/* Ops that nobody waits for may wait themselves, so that they share somebody's transaction. */
#define LAZY_DELAY_US (200 * G_TIME_SPAN_MILLISECOND)
#define MAX_BATCH 1000

struct _BurbleSqliteStorage
{
  GObject parent_instance;
  char *domain;
  BurbleSqliteWorker worker;
  GMainContext *context;
  GThread *thread;
  guint64 commits;

  GMutex mutex;
  GCond cond;
  /* under the mutex */
  GQueue queue; /* (element-type GTask) */
  guint n_strict;
  gint64 lazy_since;
  gboolean closing;
};

typedef struct
{
  BurbleSqliteRun run;
  gboolean writes;
  gboolean lazy;
} OpTraits;

static const OpTraits op_traits[] = {
  [BURBLE_STORAGE_ADD_ACCOUNT] = { burble_sqlite_add_account, TRUE, FALSE },
  [BURBLE_STORAGE_FIND_ACCOUNT] = { burble_sqlite_find_account, FALSE, FALSE },
  [BURBLE_STORAGE_LIST_ACCOUNTS] = { burble_sqlite_list_accounts, FALSE, FALSE },
  [BURBLE_STORAGE_SET_PASSWORD] = { burble_sqlite_set_password, TRUE, FALSE },
  [BURBLE_STORAGE_SET_DISABLED] = { burble_sqlite_set_disabled, TRUE, FALSE },
  [BURBLE_STORAGE_DELETE_ACCOUNT] = { burble_sqlite_delete_account, TRUE, FALSE },
  [BURBLE_STORAGE_PURGE_ACCOUNT] = { burble_sqlite_purge_account, TRUE, FALSE },
  [BURBLE_STORAGE_CHANGED_ACCOUNTS] = { burble_sqlite_changed_accounts, FALSE, FALSE },
  [BURBLE_STORAGE_OPEN_TERMINAL] = { burble_sqlite_open_terminal, TRUE, FALSE },
  [BURBLE_STORAGE_SAVE_TERMINALS] = { burble_sqlite_save_terminals, TRUE, TRUE },
  [BURBLE_STORAGE_LOAD_ROSTER] = { burble_sqlite_load_roster, FALSE, FALSE },
  [BURBLE_STORAGE_CHANGE_ROSTER] = { burble_sqlite_change_roster, TRUE, FALSE },
  [BURBLE_STORAGE_STORE_MESSAGES] = { burble_sqlite_store_messages, TRUE, FALSE },
  [BURBLE_STORAGE_FETCH_PENDING] = { burble_sqlite_fetch_pending, FALSE, FALSE },
  [BURBLE_STORAGE_FETCH_HISTORY] = { burble_sqlite_fetch_history, FALSE, FALSE },
  [BURBLE_STORAGE_RETARGET] = { burble_sqlite_retarget, TRUE, FALSE },
  [BURBLE_STORAGE_CLEAR_TARGET] = { burble_sqlite_clear_target, TRUE, TRUE },
  [BURBLE_STORAGE_STORE_RECEIPTS] = { burble_sqlite_store_receipts, TRUE, FALSE },
  [BURBLE_STORAGE_FETCH_RECEIPTS] = { burble_sqlite_fetch_receipts, FALSE, FALSE },
};

/* One op of a batch with what became of it. */
typedef struct
{
  GTask *task;
  BurbleStorageOp *op;
  GError *error;
} Job;

static void burble_sqlite_storage_iface_init (BurbleStorageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BurbleSqliteStorage, burble_sqlite_storage, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BURBLE_TYPE_STORAGE,
                                                      burble_sqlite_storage_iface_init))

static gboolean
begin (BurbleSqliteStorage *self,
       gboolean             writes,
       GError             **error)
{
  return burble_db_run (self->worker.db, error, writes ? "BEGIN IMMEDIATE" : "BEGIN", "");
}

static gboolean
commit (BurbleSqliteStorage *self,
        gboolean             writes,
        GError             **error)
{
  if (!burble_db_run (self->worker.db, error, "COMMIT", ""))
    return FALSE;
  if (writes)
    __atomic_add_fetch (&self->commits, 1, __ATOMIC_RELAXED);
  return TRUE;
}

static void
roll_back (BurbleSqliteStorage *self)
{
  burble_db_exec (self->worker.db, "ROLLBACK", NULL);
  g_hash_table_remove_all (self->worker.last_seqs);
}

static gboolean
is_failure (const GError *error)
{
  return error != NULL &&
         !g_error_matches (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_EXISTS) &&
         !g_error_matches (error, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_NOT_FOUND);
}

static gboolean
run_together (BurbleSqliteStorage *self,
              Job                 *jobs,
              guint                n_jobs,
              GError             **error)
{
  gboolean writes = FALSE;

  for (guint i = 0; i < n_jobs; i++)
    writes |= op_traits[jobs[i].op->type].writes;

  if (!begin (self, writes, error))
    return FALSE;
  for (guint i = 0; i < n_jobs; i++)
    {
      g_clear_error (&jobs[i].error);
      op_traits[jobs[i].op->type].run (&self->worker, jobs[i].op, &jobs[i].error);
      if (is_failure (jobs[i].error))
        {
          g_propagate_error (error, g_steal_pointer (&jobs[i].error));
          roll_back (self);
          return FALSE;
        }
    }
  if (commit (self, writes, error))
    return TRUE;
  roll_back (self);
  return FALSE;
}

static void
run_alone (BurbleSqliteStorage *self,
           Job                 *job)
{
  g_autoptr(GError) error = NULL;

  if (run_together (self, job, 1, &error))
    return;
  g_clear_error (&job->error);
  job->error = g_steal_pointer (&error);
}

/* Where one op of a batch fails, the others must not suffer: each gets a transaction of its own. */
static void
run_batch (BurbleSqliteStorage *self,
           Job                 *jobs,
           guint                n_jobs)
{
  g_autoptr(GError) error = NULL;

  if (run_together (self, jobs, n_jobs, &error))
    return;
  g_warning ("A transaction of %u requests failed: %s", n_jobs, error->message);
  if (n_jobs == 1)
    {
      g_clear_error (&jobs[0].error);
      jobs[0].error = g_steal_pointer (&error);
      return;
    }
  for (guint i = 0; i < n_jobs; i++)
    run_alone (self, &jobs[i]);
}

static gboolean
answer_cb (gpointer user_data)
{
  GArray *jobs = user_data;

  for (guint i = 0; i < jobs->len; i++)
    {
      Job *job = &g_array_index (jobs, Job, i);

      if (job->error != NULL)
        g_task_return_error (job->task, g_steal_pointer (&job->error));
      else
        g_task_return_boolean (job->task, TRUE);
    }
  return G_SOURCE_REMOVE;
}

static void
job_clear (gpointer data)
{
  Job *job = data;

  g_clear_error (&job->error);
  g_clear_object (&job->task);
}

/* Not g_main_context_invoke(): that may call back in this thread while nobody iterates. */
static void
answer (BurbleSqliteStorage *self,
        GArray              *jobs)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "storage answers");
  g_source_set_callback (source, answer_cb, jobs, (GDestroyNotify) g_array_unref);
  g_source_attach (source, self->context);
}

/* Called with the mutex held; returns NULL when closing and nothing is left. */
static GArray *
take_batch (BurbleSqliteStorage *self)
{
  GArray *jobs = NULL;

  while (!self->closing && self->n_strict == 0)
    {
      if (g_queue_is_empty (&self->queue))
        g_cond_wait (&self->cond, &self->mutex);
      else if (!g_cond_wait_until (&self->cond, &self->mutex, self->lazy_since + LAZY_DELAY_US))
        break;
    }
  if (g_queue_is_empty (&self->queue))
    return NULL;

  jobs = g_array_new (FALSE, TRUE, sizeof (Job));
  g_array_set_clear_func (jobs, job_clear);
  while (jobs->len < MAX_BATCH && !g_queue_is_empty (&self->queue))
    {
      GTask *task = g_queue_pop_head (&self->queue);
      Job job = { task, g_task_get_task_data (task), NULL };

      if (!op_traits[job.op->type].lazy)
        self->n_strict--;
      g_array_append_val (jobs, job);
    }
  self->lazy_since = g_get_monotonic_time ();
  return jobs;
}

static gpointer
worker_main (gpointer user_data)
{
  BurbleSqliteStorage *self = user_data;

  for (;;)
    {
      GArray *jobs = NULL;

      g_mutex_lock (&self->mutex);
      jobs = take_batch (self);
      g_mutex_unlock (&self->mutex);
      if (jobs == NULL)
        return NULL;
      run_batch (self, &g_array_index (jobs, Job, 0), jobs->len);
      answer (self, jobs);
    }
}

static void
burble_sqlite_storage_submit (BurbleStorage   *storage,
                              BurbleStorageOp *op,
                              GTask           *task)
{
  BurbleSqliteStorage *self = BURBLE_SQLITE_STORAGE (storage);

  g_mutex_lock (&self->mutex);
  if (self->closing)
    {
      g_mutex_unlock (&self->mutex);
      g_task_return_new_error_literal (task, BURBLE_STORAGE_ERROR, BURBLE_STORAGE_ERROR_FAILED,
                                       "The storage is closed");
      g_object_unref (task);
      return;
    }
  if (g_queue_is_empty (&self->queue))
    {
      self->lazy_since = g_get_monotonic_time ();
      g_cond_signal (&self->cond);
    }
  g_queue_push_tail (&self->queue, task);
  if (!op_traits[op->type].lazy && self->n_strict++ == 0)
    g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static void
burble_sqlite_storage_iface_init (BurbleStorageInterface *iface)
{
  iface->submit = burble_sqlite_storage_submit;
}

void
burble_sqlite_storage_close (BurbleSqliteStorage *self)
{
  g_return_if_fail (BURBLE_IS_SQLITE_STORAGE (self));

  g_mutex_lock (&self->mutex);
  self->closing = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_pointer (&self->worker.db, burble_db_close);
}

guint64
burble_sqlite_storage_get_commits (BurbleSqliteStorage *self)
{
  g_return_val_if_fail (BURBLE_IS_SQLITE_STORAGE (self), 0);

  return __atomic_load_n (&self->commits, __ATOMIC_RELAXED);
}

static void
burble_sqlite_storage_finalize (GObject *object)
{
  BurbleSqliteStorage *self = BURBLE_SQLITE_STORAGE (object);

  burble_sqlite_storage_close (self);
  g_clear_pointer (&self->worker.last_seqs, g_hash_table_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->domain, g_free);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  G_OBJECT_CLASS (burble_sqlite_storage_parent_class)->finalize (object);
}

static void
burble_sqlite_storage_class_init (BurbleSqliteStorageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = burble_sqlite_storage_finalize;
}

static void
burble_sqlite_storage_init (BurbleSqliteStorage *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  g_queue_init (&self->queue);
}

/**
 * burble_sqlite_storage_new:
 * @path: the database file
 * @domain: the domain of all ids in it
 * @max_bytes: size the database may grow to; 0: no bound
 * @error: return location
 *
 * Opens (and makes, and migrates) the database. This blocks: it is for the start of a program.
 */
BurbleSqliteStorage *
burble_sqlite_storage_new (const char *path,
                           const char *domain,
                           guint64     max_bytes,
                           GError    **error)
{
  g_autoptr(BurbleSqliteStorage) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (domain != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_SQLITE_STORAGE, NULL);
  self->domain = g_strdup (domain);
  self->context = g_main_context_ref_thread_default ();
  self->worker.domain = self->domain;
  self->worker.last_seqs = g_hash_table_new (NULL, NULL);
  self->worker.db = burble_db_open (path, max_bytes, error);
  if (self->worker.db == NULL || !burble_sqlite_clean_up (&self->worker, error))
    return NULL;
  self->thread = g_thread_new ("storage", worker_main, self);
  return g_steal_pointer (&self);
}
