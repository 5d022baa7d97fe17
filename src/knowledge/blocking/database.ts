/** Synchronous database drivers, object mappers, caches and search engines. */
import { type Group, THREAD } from "./group.ts"

const MODEL = "https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html"
const CURSOR = "{execute,executemany,fetchone,fetchmany,fetchall}"

export const database: Group[] = [
  {
    kind: "database",
    instead: "sqlalchemy.ext.asyncio.AsyncSession",
    source: MODEL,
    names: [
      "sqlalchemy.orm.Session().{execute,scalar,scalars,get,get_one,commit,flush,refresh,rollback,merge,prepare,connection}",
      "sqlalchemy.orm.Session().{bulk_save_objects,bulk_insert_mappings,bulk_update_mappings}",
      "sqlalchemy.orm.Query().{all,first,one,one_or_none,scalar,count,get,update,delete,__iter__,__getitem__}",
    ],
  },
  {
    // `delete` may load what it cascades to, `close` returns the connection: seldom worth a word of their own.
    kind: "database",
    instead: "sqlalchemy.ext.asyncio.AsyncSession",
    certain: false,
    source: MODEL,
    names: ["sqlalchemy.orm.Session().{delete,close}"],
  },
  {
    kind: "database",
    instead: "sqlmodel.ext.asyncio.session.AsyncSession",
    source: "https://sqlmodel.tiangolo.com/tutorial/select/",
    names: ["sqlmodel.Session().exec"],
  },
  {
    kind: "database",
    instead: "sqlalchemy.ext.asyncio.AsyncEngine",
    source: MODEL,
    names: [
      "sqlalchemy.Engine().{connect,begin,raw_connection,execute}",
      "sqlalchemy.Connection().{execute,exec_driver_sql,scalar,scalars,commit,rollback}",
      "sqlalchemy.inspect().{get_table_names,get_columns,has_table,get_indexes,get_foreign_keys}",
    ],
  },
  {
    kind: "database",
    instead: "await connection.run_sync(metadata.create_all)",
    source: "https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#synopsis-core",
    names: ["{sqlalchemy.MetaData(),sqlmodel.SQLModel.metadata,sqlalchemy.orm.declarative_base().metadata}.{create_all,drop_all,reflect}"],
  },
  {
    kind: "database",
    instead: "asyncpg or psycopg.AsyncConnection",
    source: "https://www.psycopg.org/docs/module.html#psycopg2.connect",
    names: [
      "psycopg2.connect",
      "psycopg2.extensions.connection().{commit,rollback}",
      `psycopg2.extensions.cursor().${CURSOR}`,
      "psycopg2.extensions.cursor().{callproc,copy_from,copy_to,copy_expert,__iter__}",
      "psycopg2.extras.{execute_values,execute_batch}",
      "psycopg2.pool.{SimpleConnectionPool,ThreadedConnectionPool}().getconn",
    ],
  },
  {
    kind: "database",
    instead: "psycopg.AsyncConnection",
    source: "https://www.psycopg.org/psycopg3/docs/advanced/async.html",
    names: [
      "psycopg.connect",
      "psycopg.Connection.connect",
      "psycopg.Connection().{execute,commit,rollback}",
      `psycopg.Cursor().${CURSOR}`,
      "psycopg.Cursor().{copy,stream,__iter__}",
      "psycopg_pool.ConnectionPool().{connection,getconn,open,wait}",
    ],
  },
  {
    kind: "database",
    instead: "aiomysql or asyncmy",
    source: "https://pymysql.readthedocs.io/en/latest/modules/connections.html",
    names: [
      "pymysql.{connect,Connect}",
      "pymysql.connections.Connection().{commit,rollback,query,ping,begin}",
      `pymysql.cursors.Cursor().${CURSOR}`,
      "pymysql.cursors.Cursor().callproc",
      "{MySQLdb.connect,mysql.connector.connect,mariadb.connect}",
      "{MySQLdb,mysql.connector,mariadb}.connect().{commit,rollback}",
      `{MySQLdb,mysql.connector,mariadb}.connect().cursor().${CURSOR}`,
    ],
  },
  {
    kind: "database",
    instead: "aiosqlite",
    source: "https://docs.python.org/3/library/sqlite3.html",
    names: [
      "sqlite3.connect",
      "sqlite3.Connection().{execute,executemany,executescript,commit,rollback,backup}",
      `sqlite3.Cursor().${CURSOR}`,
      "sqlite3.Cursor().{executescript,__iter__}",
    ],
  },
  {
    kind: "database",
    instead: "aioodbc",
    source: "https://github.com/mkleehammer/pyodbc/wiki",
    names: [
      "{pyodbc,pymssql}.connect",
      "{pyodbc,pymssql}.connect().{execute,commit,rollback}",
      `{pyodbc,pymssql}.connect().cursor().${CURSOR}`,
    ],
  },
  {
    kind: "database",
    instead: "oracledb.connect_async",
    source: "https://python-oracledb.readthedocs.io/en/latest/user_guide/asyncio.html",
    names: [
      "{oracledb,cx_Oracle}.connect",
      "{oracledb,cx_Oracle}.connect().{commit,rollback}",
      `{oracledb,cx_Oracle}.connect().cursor().${CURSOR}`,
    ],
  },
  {
    kind: "database",
    instead: THREAD,
    source: "https://duckdb.org/docs/stable/clients/python/reference/",
    names: [
      "duckdb.{connect,sql,query,execute}",
      "duckdb.DuckDBPyConnection().{execute,executemany,sql,query,fetchone,fetchall,fetchdf,df}",
    ],
  },
  {
    kind: "database",
    instead: "clickhouse_connect.get_async_client",
    source: "https://clickhouse.com/docs/integrations/python",
    names: [
      "clickhouse_driver.Client().{execute,execute_iter,insert_dataframe,query_dataframe}",
      "clickhouse_connect.get_client",
      "clickhouse_connect.get_client().{query,query_df,command,insert,insert_df}",
    ],
  },
  {
    kind: "database",
    instead: THREAD,
    source: "https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-api",
    names: [
      "{snowflake.connector,databricks.sql,trino.dbapi,vertica_python}.connect",
      `{snowflake.connector,databricks.sql,trino.dbapi,vertica_python}.connect().cursor().${CURSOR}`,
    ],
  },
  {
    kind: "database",
    instead: "Session.execute_async, wrapped in a future",
    source: "https://docs.datastax.com/en/developer/python-driver/latest/api/cassandra/cluster/",
    names: ["cassandra.cluster.Cluster().connect", "cassandra.cluster.Cluster().connect().execute", "cassandra.cluster.Session().execute"],
  },
  {
    kind: "database",
    instead: "pymongo.AsyncMongoClient",
    source: "https://pymongo.readthedocs.io/en/stable/api/pymongo/collection.html",
    names: [
      "pymongo.collection.Collection().{find_one,find_one_and_update,find_one_and_replace,find_one_and_delete,insert_one,insert_many,update_one,update_many}",
      "pymongo.collection.Collection().{replace_one,delete_one,delete_many,aggregate,count_documents,estimated_document_count,distinct,bulk_write}",
      "pymongo.collection.Collection().{create_index,create_indexes,drop_index,drop_indexes,index_information,drop,rename}",
      "pymongo.database.Database().{command,aggregate,list_collection_names,list_collections,create_collection,drop_collection}",
      "pymongo.MongoClient().{server_info,list_database_names,list_databases,drop_database}",
      "pymongo.cursor.Cursor().{__iter__,__getitem__,next,to_list,distinct,explain}",
      "pymongo.command_cursor.CommandCursor().{__iter__,next,to_list}",
    ],
  },
  {
    kind: "database",
    instead: "gridfs.AsyncGridFS",
    source: "https://pymongo.readthedocs.io/en/stable/api/gridfs/",
    names: [
      "gridfs.GridFS().{put,get,get_last_version,get_version,find_one,delete,exists}",
      "gridfs.GridFSBucket().{open_download_stream,open_upload_stream,upload_from_stream,download_to_stream,delete}",
    ],
  },
  {
    kind: "database",
    instead: "neo4j.AsyncGraphDatabase",
    source: "https://neo4j.com/docs/api/python-driver/current/async_api.html",
    names: [
      "neo4j.Session().{run,execute_read,execute_write,read_transaction,write_transaction}",
      "neo4j.Driver().{execute_query,verify_connectivity}",
    ],
  },
  {
    kind: "database",
    instead: "influxdb_client.client.influxdb_client_async",
    source: "https://influxdb-client.readthedocs.io/en/stable/usage.html#how-to-use-asyncio",
    names: ["influxdb_client.InfluxDBClient().query_api().{query,query_stream,query_data_frame,query_raw}"],
  },
  {
    kind: "cache",
    instead: "redis.asyncio.Redis",
    source: "https://redis.readthedocs.io/en/stable/examples/asyncio_examples.html",
    names: [
      "redis.{Redis,RedisCluster}().{get,set,setex,setnx,psetex,mget,mset,msetnx,getset,getdel,getex,append,strlen,delete,unlink,exists,touch,expire,expireat,pexpire,ttl,pttl,persist,rename,type}",
      "redis.{Redis,RedisCluster}().{incr,incrby,incrbyfloat,decr,decrby,keys,scan,scan_iter,ping,info,dbsize,flushdb,flushall,publish,eval,evalsha,time,execute_command}",
      "redis.{Redis,RedisCluster}().{hget,hset,hsetnx,hmget,hmset,hgetall,hdel,hexists,hincrby,hkeys,hvals,hlen,hscan,hscan_iter}",
      "redis.{Redis,RedisCluster}().{lpush,rpush,lpop,rpop,blpop,brpop,lrange,llen,lrem,ltrim,lindex,lset,lmove,blmove}",
      "redis.{Redis,RedisCluster}().{sadd,srem,smembers,sismember,scard,spop,sinter,sunion,sdiff,sscan_iter}",
      "redis.{Redis,RedisCluster}().{zadd,zrem,zrange,zrevrange,zrangebyscore,zrevrangebyscore,zscore,zcard,zcount,zincrby,zrank,zremrangebyscore,zremrangebyrank}",
      "redis.{Redis,RedisCluster}().{xadd,xread,xreadgroup,xrange,xack,xlen,xdel,xtrim,pfadd,pfcount,geoadd,georadius,setbit,getbit,bitcount}",
      "redis.client.Pipeline().execute",
      "redis.lock.Lock().{acquire,release,extend,__enter__}",
      "redis.client.PubSub().{subscribe,psubscribe,unsubscribe,listen,get_message}",
    ],
  },
  {
    kind: "cache",
    instead: "aiomcache",
    source: "https://pymemcache.readthedocs.io/en/latest/apidoc/pymemcache.client.base.html",
    names: [
      "{pymemcache.client.base.Client,pymemcache.Client,memcache.Client,pylibmc.Client}().{get,set,add,replace,append,delete,incr,decr,touch,get_many,set_many,get_multi,set_multi,flush_all}",
    ],
  },
  {
    kind: "search",
    instead: "elasticsearch.AsyncElasticsearch",
    source: "https://elasticsearch-py.readthedocs.io/en/stable/async.html",
    names: [
      "elasticsearch.Elasticsearch().{search,msearch,get,mget,index,create,update,delete,bulk,count,exists,info,ping,scroll,update_by_query,delete_by_query,reindex}",
      "elasticsearch.Elasticsearch().{indices,cluster,cat,ingest,security,snapshot,tasks,nodes}.*",
      "elasticsearch.helpers.{bulk,scan,streaming_bulk,parallel_bulk,reindex}",
    ],
  },
  {
    kind: "search",
    instead: "opensearchpy.AsyncOpenSearch",
    source: "https://opensearch-project.github.io/opensearch-py/",
    names: [
      "opensearchpy.OpenSearch().{search,msearch,get,mget,index,create,update,delete,bulk,count,exists,info,ping,scroll,update_by_query,delete_by_query,reindex}",
      "opensearchpy.OpenSearch().{indices,cluster,cat,ingest,snapshot,tasks,nodes}.*",
      "opensearchpy.helpers.{bulk,scan,streaming_bulk,parallel_bulk}",
    ],
  },
  {
    kind: "search",
    instead: "AsyncClient of meilisearch_python_sdk",
    source: "https://github.com/meilisearch/meilisearch-python",
    names: [
      "meilisearch.Client().{create_index,delete_index,get_index,health}",
      "meilisearch.Client().index().{search,add_documents,update_documents,delete_document,delete_documents,get_document,get_documents}",
    ],
  },
  {
    kind: "search",
    instead: "qdrant_client.AsyncQdrantClient",
    source: "https://python-client.qdrant.tech/qdrant_client.async_qdrant_client",
    names: [
      "qdrant_client.QdrantClient().{query_points,search,scroll,retrieve,upsert,upload_points,upload_collection,delete,count,create_collection,delete_collection,collection_exists,get_collection,get_collections,set_payload}",
    ],
  },
  {
    kind: "search",
    instead: "pymilvus.AsyncMilvusClient",
    source: "https://milvus.io/api-reference/pymilvus/v2.5.x/About.md",
    names: ["pymilvus.MilvusClient().{search,query,insert,upsert,delete,get,create_collection,drop_collection,has_collection}"],
  },
  {
    kind: "search",
    instead: "chromadb.AsyncHttpClient",
    source: "https://docs.trychroma.com/reference/python/client",
    names: [
      "chromadb.HttpClient().{get_collection,create_collection,get_or_create_collection,delete_collection,list_collections,heartbeat}",
      "chromadb.HttpClient().{get_collection,get_or_create_collection,create_collection}().{add,query,get,upsert,update,delete,count}",
    ],
  },
  {
    kind: "search",
    instead: "pinecone.PineconeAsyncio",
    source: "https://sdk.pinecone.io/python/asyncio.html",
    names: [
      "pinecone.Pinecone().{list_indexes,create_index,delete_index,describe_index}",
      "pinecone.Pinecone().Index().{query,upsert,update,delete,fetch,describe_index_stats}",
    ],
  },
]
