/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store.h"

#include "burble-store-private.h"

/* Calls that share one commit, and with it one sync of the disk. */
#define MAX_GROUP 64
/* How long nobody must have asked for anything before chores are done, and between two of them. */
#define CHORES_AFTER (300 * G_TIME_SPAN_MILLISECOND)
#define CHORES_BETWEEN (20 * G_TIME_SPAN_MILLISECOND)

typedef enum
{
  CALL_OPEN,
  CALL_READ,
  CALL_WRITE,
  CALL_CLOSE,
  CALL_QUIT, /* the object is going away and nobody waits */
} CallType;

/* What the thread has. It never touches the object, which may be gone before it. */
typedef struct
{
  GAsyncQueue *queue; /* of BurbleStoreCall */
  char *path;
  BurbleDb *db;          /* NULL while not open */
  BurbleStoreCall *held; /* taken from the queue, but not part of the group before it */
} Worker;

struct _BurbleStore
{
  GObject parent_instance;

  Worker worker;
  GThread *thread; /* NULL while not open */
  gboolean closing;
};

G_DEFINE_FINAL_TYPE (BurbleStore, burble_store, G_TYPE_OBJECT)

static void
reset_results (BurbleStoreCall *call)
{
  g_clear_pointer (&call->list, g_ptr_array_unref);
  g_clear_pointer (&call->texts, g_strfreev);
  g_clear_pointer (&call->result_text, g_free);
  g_clear_error (&call->error);
  call->result = 0;
  call->result_time = 0;
}

/* On the caller's context. */
static gboolean
answer_cb (gpointer user_data)
{
  BurbleStoreCall *call = user_data;
  g_autoptr(GTask) task = g_steal_pointer (&call->task); /* which owns the call */
  BurbleStore *self = g_task_get_source_object (task);

  if (call->type == CALL_CLOSE)
    {
      g_clear_pointer (&self->thread, g_thread_join); /* it has come to its end */
      self->closing = FALSE;
    }
  if (call->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&call->error));
    }
  else
    {
      if (call->apply != NULL)
        call->apply (call);
      g_task_return_boolean (task, TRUE);
    }
  return G_SOURCE_REMOVE;
}

/* Not g_main_context_invoke(): that may run things on this thread. */
static void
answer (BurbleStoreCall *call)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  /* There may be many thousand, and the caller's thread is the one that draws. */
  g_clear_pointer (&call->contacts, g_ptr_array_unref);
  g_source_set_priority (source, g_task_get_priority (call->task));
  g_source_set_static_name (source, "burble-store answer");
  g_source_set_callback (source, answer_cb, call, NULL);
  g_source_attach (source, g_task_get_context (call->task));
}

/* A call cancelled before its turn is not made; one that was begun is reported as it went. */
static gboolean
may_run (Worker *worker, BurbleStoreCall *call)
{
  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (call->task), &call->error))
    return FALSE;
  if (worker->db != NULL)
    return TRUE;
  g_set_error_literal (&call->error, BURBLE_STORE_ERROR, BURBLE_STORE_ERROR_FAILED,
                       "The store is not open");
  return FALSE;
}

static void
run_read (Worker *worker, BurbleStoreCall *call)
{
  reset_results (call);
  if (may_run (worker, call))
    call->run (worker->db, call, &call->error);
  answer (call);
}

/* One call among others: when it fails, only its own changes are undone. */
static gboolean
run_inside (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  if (!burble_db_run (db, error, "SAVEPOINT call", ""))
    return FALSE;
  if (call->run (db, call, &call->error))
    return burble_db_run (db, error, "RELEASE call", "");
  if (burble_db_in_transaction (db))
    return burble_db_run (db, error, "ROLLBACK TO call", "") &&
           burble_db_run (db, error, "RELEASE call", "");
  g_propagate_error (error, g_error_copy (call->error));
  return FALSE;
}

/* FALSE: the transaction as a whole fell through and nothing was changed. */
static gboolean
try_group (Worker *worker, GPtrArray *calls, GError **error)
{
  gboolean ok = burble_db_begin (worker->db, error);

  for (guint i = 0; ok && i < calls->len; i++)
    {
      BurbleStoreCall *call = g_ptr_array_index (calls, i);

      reset_results (call);
      if (may_run (worker, call))
        ok = run_inside (worker->db, call, error);
    }
  if (ok && burble_db_commit (worker->db, error))
    return TRUE;
  burble_db_rollback (worker->db);
  return FALSE;
}

static void
run_alone (Worker *worker, BurbleStoreCall *call)
{
  g_autoptr(GPtrArray) one = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (one, call);
  if (!try_group (worker, one, &error))
    {
      g_clear_error (&call->error);
      call->error = g_steal_pointer (&error);
    }
}

/* Takes the writes that wait along with `first`: a sync serves them all. */
static void
run_writes (Worker *worker, BurbleStoreCall *first)
{
  g_autoptr(GPtrArray) calls = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (calls, first);
  while (worker->held == NULL && calls->len < MAX_GROUP)
    {
      BurbleStoreCall *call = g_async_queue_try_pop (worker->queue);

      if (call == NULL)
        break;
      if (call->type == CALL_WRITE)
        g_ptr_array_add (calls, call);
      else
        worker->held = call;
    }

  if (worker->db == NULL)
    {
      for (guint i = 0; i < calls->len; i++)
        may_run (worker, g_ptr_array_index (calls, i));
    }
  else if (calls->len == 1)
    {
      run_alone (worker, first);
    }
  else if (!try_group (worker, calls, &error))
    {
      /* One of them may be to blame; the others shall not suffer for it. */
      g_debug ("A group of %u calls fell through: %s", calls->len, error->message);
      for (guint i = 0; i < calls->len; i++)
        run_alone (worker, g_ptr_array_index (calls, i));
    }

  for (guint i = 0; i < calls->len; i++)
    answer (g_ptr_array_index (calls, i));
  if (worker->db != NULL)
    burble_db_limit_log (worker->db);
}

static void
run_open (Worker *worker, BurbleStoreCall *call)
{
  if (worker->db != NULL)
    g_set_error_literal (&call->error, BURBLE_STORE_ERROR, BURBLE_STORE_ERROR_FAILED,
                         "The store is open already");
  else if (!g_cancellable_set_error_if_cancelled (g_task_get_cancellable (call->task),
                                                  &call->error))
    worker->db = burble_db_open (worker->path, &call->error);
  answer (call);
}

static BurbleStoreCall *
next_call (Worker *worker)
{
  BurbleStoreCall *call = NULL;
  guint64 wait = CHORES_AFTER;

  if (worker->held != NULL)
    return g_steal_pointer (&worker->held);

  while (worker->db != NULL && burble_db_has_chores (worker->db))
    {
      call = g_async_queue_timeout_pop (worker->queue, wait);
      if (call != NULL)
        return call;
      burble_db_do_chores (worker->db);
      wait = CHORES_BETWEEN;
    }
  return g_async_queue_pop (worker->queue);
}

static gpointer
worker_thread (gpointer data)
{
  Worker *worker = data;

  while (TRUE)
    {
      BurbleStoreCall *call = next_call (worker);
      CallType type = call->type;

      switch (type)
        {
        case CALL_OPEN:
          run_open (worker, call);
          break;
        case CALL_READ:
          run_read (worker, call);
          break;
        case CALL_WRITE:
          run_writes (worker, call);
          break;
        case CALL_CLOSE:
        case CALL_QUIT:
        default:
          g_clear_pointer (&worker->db, burble_db_close);
          if (type == CALL_CLOSE)
            answer (call);
          else
            burble_store_call_free (call);
          return NULL;
        }
    }
}

static void
submit (BurbleStore *self, gpointer tag, CallType type, BurbleStoreCall *call,
        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE); /* what was done is done: see may_run() */
  g_task_set_task_data (task, call, (GDestroyNotify) burble_store_call_free);
  call->type = type;
  if (self->thread == NULL || self->closing)
    {
      g_task_return_new_error_literal (task, BURBLE_STORE_ERROR, BURBLE_STORE_ERROR_FAILED,
                                       "The store is not open");
      return;
    }
  call->task = g_steal_pointer (&task);
  g_async_queue_push (self->worker.queue, call);
}

static void
burble_store_finalize (GObject *object)
{
  BurbleStore *self = BURBLE_STORE (object);

  /* Calls keep the object alive, so none is left: this is quick unless nobody closed the store. */
  if (self->thread != NULL)
    {
      BurbleStoreCall *quit = burble_store_call_new ();

      quit->type = CALL_QUIT;
      g_async_queue_push (self->worker.queue, quit);
      g_thread_join (self->thread);
    }
  g_async_queue_unref (self->worker.queue);
  g_free (self->worker.path);

  G_OBJECT_CLASS (burble_store_parent_class)->finalize (object);
}

static void
burble_store_class_init (BurbleStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = burble_store_finalize;
}

static void
burble_store_init (BurbleStore *self)
{
  self->worker.queue = g_async_queue_new ();
}

/**
 * burble_store_new:
 * @path: where the file is or shall be; its folder is made when needed
 *
 * Returns: (transfer full): a store that is not open yet
 */
BurbleStore *
burble_store_new (const char *path)
{
  BurbleStore *self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (BURBLE_TYPE_STORE, NULL);
  self->worker.path = g_strdup (path);
  return self;
}

/**
 * burble_store_open_async:
 * @self: a store
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is open
 * @user_data: for @callback
 *
 * Opens the file, makes it when there is none, and brings an older one up to date. Calls may be
 * made at once; they wait their turn.
 */
void
burble_store_open_async (BurbleStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));

  if (self->thread == NULL)
    self->thread = g_thread_new ("burble-store", worker_thread, &self->worker);
  submit (self, burble_store_open_async, CALL_OPEN, burble_store_call_new (),
          cancellable, callback, user_data);
}

gboolean
burble_store_open_finish (BurbleStore *self, GAsyncResult *result, GError **error)
{
  return burble_store_done_finish (self, result, error);
}

/**
 * burble_store_close_async:
 * @self: a store
 * @cancellable: (nullable): ignored: closing is not something to stop half-way
 * @callback: (scope async): called when the file is closed
 * @user_data: for @callback
 *
 * Finishes what was asked before. Later calls fail until the store is opened again.
 */
void
burble_store_close_async (BurbleStore *self, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BURBLE_IS_STORE (self));

  if (self->thread == NULL)
    {
      g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

      g_task_set_source_tag (task, burble_store_close_async);
      g_task_return_boolean (task, TRUE);
      return;
    }
  submit (self, burble_store_close_async, CALL_CLOSE, burble_store_call_new (),
          NULL, callback, user_data);
  self->closing = TRUE;
}

gboolean
burble_store_close_finish (BurbleStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * burble_store_done_finish:
 * @self: a store
 * @result: the result of one of the calls that return just success
 * @error: return location for an error
 *
 * Returns: whether it was done, and is on disk
 */
gboolean
burble_store_done_finish (BurbleStore *self, GAsyncResult *result, GError **error)
{
  return burble_store_propagate (self, result, error) != NULL;
}

/**
 * burble_store_list_finish:
 * @self: a store
 * @result: the result of one of the calls that return a list
 * @error: return location for an error
 *
 * Returns: (transfer full): the objects
 */
GPtrArray *
burble_store_list_finish (BurbleStore *self, GAsyncResult *result, GError **error)
{
  BurbleStoreCall *call = burble_store_propagate (self, result, error);

  if (call == NULL)
    return NULL;
  g_return_val_if_fail (call->list != NULL, NULL);
  return g_steal_pointer (&call->list);
}

void
burble_store_read (BurbleStore *self, gpointer tag, BurbleStoreCall *call, BurbleStoreRun run,
                   BurbleStoreApply apply, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  call->run = run;
  call->apply = apply;
  submit (self, tag, CALL_READ, call, cancellable, callback, user_data);
}

void
burble_store_write (BurbleStore *self, gpointer tag, BurbleStoreCall *call, BurbleStoreRun run,
                    BurbleStoreApply apply, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  call->run = run;
  call->apply = apply;
  submit (self, tag, CALL_WRITE, call, cancellable, callback, user_data);
}

BurbleStoreCall *
burble_store_propagate (BurbleStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return g_task_get_task_data (G_TASK (result));
}

static gboolean
execute_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  return burble_db_execute (db, call->text, error);
}

void
burble_store_execute_async (BurbleStore *self, const char *sql, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  BurbleStoreCall *call = burble_store_call_new ();

  call->text = g_strdup (sql);
  burble_store_write (self, burble_store_execute_async, call, execute_run, NULL,
                      cancellable, callback, user_data);
}
