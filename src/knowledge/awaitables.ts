/**
 * Library calls that give a coroutine: without `await` they do nothing.
 * Source: the libraries; `scripts/check-knowledge.py` asks `inspect.iscoroutinefunction`.
 */
import { canonical } from "./names.ts"
import { remembered } from "./remembered.ts"
import { asBase, settle } from "./results.ts"
import { table } from "./table.ts"

export const coroutines: readonly string[] = [
  "asyncio.{sleep,wait,wait_for,to_thread,open_connection,start_server,create_subprocess_exec,create_subprocess_shell}",
  "asyncio.{Event,Barrier}().wait",
  "asyncio.{Lock,Semaphore,BoundedSemaphore,Condition}().acquire",
  "asyncio.Queue().{get,put,join}",
  "anyio.{sleep,sleep_forever,run_process,open_process,open_file}",
  "anyio.to_thread.run_sync",
  "anyio.Path().{exists,is_file,is_dir,stat,mkdir,unlink,read_text,read_bytes,write_text,write_bytes,open,rename,resolve}",
  "trio.{aclose_forcefully,open_file,open_ssl_over_tcp_listeners,open_ssl_over_tcp_stream,open_tcp_listeners,open_tcp_stream,open_unix_socket,run_process,serve_listeners,serve_ssl_over_tcp,serve_tcp,sleep,sleep_forever,sleep_until}",
  "trio.lowlevel.{cancel_shielded_checkpoint,checkpoint,checkpoint_if_cancelled,open_process,permanently_detach_coroutine_object,reattach_detached_coroutine_object,temporarily_detach_coroutine_object,wait_readable,wait_task_rescheduled,wait_writable}",
  "starlette.concurrency.run_in_threadpool",
  "starlette.requests.Request().{body,json,is_disconnected}",
  "starlette.datastructures.UploadFile().{read,write,seek,close}",
  "starlette.websockets.WebSocket().{accept,close,send_text,send_json,send_bytes,receive_text,receive_json,receive_bytes}",
  "sqlalchemy.ext.asyncio.AsyncSession().{execute,scalar,scalars,stream,stream_scalars,get,get_one,commit,flush,refresh,rollback,close,delete,merge,run_sync,connection,invalidate,reset}",
  "sqlmodel.ext.asyncio.session.AsyncSession().exec",
  "sqlalchemy.ext.asyncio.AsyncConnection().{execute,scalar,scalars,exec_driver_sql,commit,rollback,close,run_sync}",
  "sqlalchemy.ext.asyncio.AsyncEngine().dispose",
  "httpx.AsyncClient().{get,post,put,patch,delete,head,options,request,send,aclose}",
  "httpx.Response().{aread,aclose}",
  "motor.motor_asyncio.AsyncIOMotorClient().**.{find_one,insert_one,insert_many,update_one,update_many,replace_one,delete_one,delete_many,count_documents,distinct,bulk_write,create_index,find_one_and_update}",
  "asyncpg.connection.Connection().{execute,executemany,fetch,fetchrow,fetchval,close}",
  "asyncpg.connect",
  "redis.asyncio.Redis().{get,set,setex,delete,exists,expire,incr,decr,ttl,hget,hset,hgetall,hdel,lpush,rpush,lpop,rpop,lrange,sadd,srem,smembers,publish,ping,keys,aclose}",
  "aiosmtplib.send",
  "asyncpg.pool.Pool().{execute,executemany,fetch,fetchrow,fetchval,close}",
]

const find = table(coroutines.map((name) => [name, true] as const))

/** Does calling this library function or method (no final `()`) give a coroutine? False also for what is not known. */
export const isCoroutine = remembered((name): boolean => {
  const dot = name.lastIndexOf(".")
  if (dot < 0) return false
  return asBase(canonical(settle(name.slice(0, dot)) + name.slice(dot))).some((spelling) => find(spelling) === true)
})
