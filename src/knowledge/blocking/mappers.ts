/** Object mappers and drivers of which few projects have more than one, and which have no asynchronous session of their own. */
import { type Group, THREAD } from "./group.ts"

const DBAPI = "{execute,executemany,fetchone,fetchmany,fetchall}"

export const mappers: Group[] = [
  {
    kind: "database",
    instead: "peewee-async, or await asyncio.to_thread(...)",
    source: "https://docs.peewee-orm.com/en/latest/peewee/querying.html",
    names: [
      "peewee.Model.{get,get_or_none,get_by_id,get_or_create,create,bulk_create,bulk_update,set_by_id,delete_by_id,create_table,drop_table}",
      "peewee.Model().{save,delete_instance}",
      "peewee.ModelRaw().execute",
      "peewee.ModelSelect().{execute,get,get_or_none,first,count,exists,scalar,scalars,__iter__}",
      "peewee.{ModelInsert,ModelUpdate,ModelDelete}().execute",
      "peewee.{SqliteDatabase,PostgresqlDatabase,MySQLDatabase}().{connect,execute,execute_sql,create_tables,drop_tables}",
    ],
  },
  {
    kind: "database",
    instead: "Beanie, or await asyncio.to_thread(...)",
    source: "https://docs.mongoengine.org/guide/querying.html",
    names: [
      "mongoengine.QuerySet().{first,get,count,delete,update,update_one,insert,create,aggregate,scalar,__iter__}",
      "mongoengine.Document().{save,delete,update,modify,reload}",
    ],
  },
  {
    kind: "database",
    instead: "aioboto3, or await asyncio.to_thread(...)",
    source: "https://pynamodb.readthedocs.io/en/stable/api.html",
    names: [
      "pynamodb.models.Model.{get,count,exists,create_table,delete_table,describe_table}",
      "pynamodb.models.Model.{query,scan,batch_get}().__iter__",
      "pynamodb.models.Model().{save,delete,update,refresh}",
    ],
  },
  {
    kind: "database",
    instead: THREAD,
    source: "https://peps.python.org/pep-0249/",
    names: [
      "{pg8000,pg8000.dbapi,pyhive.hive,pyhive.presto,ibm_db}.connect",
      `{pg8000,pg8000.dbapi,pyhive.hive,pyhive.presto}.connect().cursor().${DBAPI}`,
      "{pg8000,pg8000.dbapi}.connect().{commit,rollback}",
    ],
  },
  {
    kind: "database",
    instead: "sqlalchemy.ext.asyncio",
    source: "https://dataset.readthedocs.io/en/latest/api.html",
    names: [
      "records.Database().{query,bulk_query,get_connection}",
      "dataset.connect",
      "dataset.connect().{query,commit,rollback,load_table,create_table}",
    ],
  },
  {
    kind: "database",
    instead: "influxdb_client.client.influxdb_client_async",
    source: "https://influxdb-python.readthedocs.io/en/latest/api-documentation.html",
    names: ["influxdb.InfluxDBClient().{query,write,write_points,ping,get_list_database,create_database}"],
  },
  {
    kind: "database",
    instead: "the aio transport of gremlinpython",
    source: "https://tinkerpop.apache.org/docs/current/reference/#gremlin-python",
    names: ["gremlin_python.driver.client.Client().submit", "py2neo.Graph().{run,evaluate,query,merge,create}"],
  },
]
