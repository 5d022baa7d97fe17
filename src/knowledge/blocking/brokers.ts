/** Synchronous clients of brokers and of other services. */
import { type Group, THREAD } from "./group.ts"

const CRUD = "{get,list,create,update,patch,delete}"

export const brokers: Group[] = [
  {
    kind: "queue",
    instead: "a route of its own that asks for the task's state",
    source: "https://docs.celeryq.dev/en/stable/reference/celery.result.html",
    names: [
      "celery.Celery().control.inspect().*",
      "celery.result.AsyncResult().{get,wait,collect}",
      "celery.result.GroupResult().{get,join}",
    ],
  },
  {
    kind: "queue",
    instead: THREAD,
    certain: false,
    source: "https://docs.celeryq.dev/en/stable/userguide/calling.html",
    names: [
      "celery.Celery().send_task",
      "celery.Celery().task().{delay,apply_async}",
      "celery.Celery().control.*",
      "celery.shared_task().{delay,apply_async}",
    ],
  },
  {
    kind: "queue",
    instead: "arq, or await asyncio.to_thread(...)",
    source: "https://python-rq.org/docs/",
    names: ["rq.Queue().{enqueue,enqueue_in,enqueue_at,enqueue_many,fetch_job,empty}"],
  },
  {
    kind: "queue",
    instead: "aio_pika",
    source: "https://pika.readthedocs.io/en/stable/modules/adapters/blocking.html",
    names: [
      "pika.BlockingConnection",
      "pika.BlockingConnection().{channel,close,process_data_events,sleep}",
      "pika.BlockingConnection().channel().{queue_declare,exchange_declare,queue_bind,basic_publish,basic_get,basic_ack,start_consuming,consume,close}",
    ],
  },
  {
    kind: "queue",
    instead: "aiokafka",
    source: "https://kafka-python.readthedocs.io/en/master/apidoc/KafkaProducer.html",
    names: [
      "kafka.{KafkaProducer,KafkaConsumer}",
      "kafka.KafkaProducer().{flush,close,partitions_for}",
      "kafka.KafkaProducer().send().get",
      "kafka.KafkaConsumer().{poll,commit,__iter__}",
    ],
  },
  {
    kind: "queue",
    instead: "aiokafka",
    source: "https://docs.confluent.io/platform/current/clients/confluent-kafka-python/html/index.html",
    names: ["confluent_kafka.Producer().flush", "confluent_kafka.Consumer().{poll,consume,commit}"],
  },
  {
    kind: "queue",
    instead: "aiomqtt",
    source: "https://eclipse.dev/paho/files/paho.mqtt.python/html/helpers.html",
    names: ["paho.mqtt.publish.{single,multiple}", "paho.mqtt.client.Client().{connect,loop_forever}"],
  },
  {
    kind: "service",
    instead: "the _async methods of stripe",
    source: "https://github.com/stripe/stripe-python#async",
    names: [
      "stripe.**.{create,retrieve,modify,update,list,delete,search,cancel,confirm,capture,pay,finalize_invoice,void_invoice,send_invoice,attach,detach,create_preview,upcoming,auto_paging_iter,expire,list_line_items}",
    ],
  },
  {
    kind: "service",
    instead: "create_async with AsyncTwilioHttpClient",
    source: "https://github.com/twilio/twilio-python#asynchronous-api-requests",
    names: ["twilio.rest.Client().**.{create,fetch,update,delete,list,stream}"],
  },
  {
    kind: "service",
    instead: "slack_sdk.web.async_client.AsyncWebClient",
    source: "https://tools.slack.dev/python-slack-sdk/web/#async",
    names: ["slack_sdk.WebClient().*", "slack_sdk.webhook.WebhookClient().{send,send_dict}"],
  },
  {
    kind: "service",
    instead: "gidgethub, or await asyncio.to_thread(...)",
    source: "https://pygithub.readthedocs.io/en/stable/github.html",
    names: [
      "github.Github().{get_repo,get_user,get_organization,get_rate_limit,search_repositories,search_issues,search_code,search_users}",
      "github.Github().**.{get_contents,get_repos,get_issue,get_issues,get_pull,get_pulls,get_commits,get_branch,create_issue,create_pull,create_file,update_file,delete_file,create_repo}",
    ],
  },
  {
    kind: "service",
    instead: "gitlab.Gitlab in a thread",
    source: "https://python-gitlab.readthedocs.io/en/stable/",
    names: [`gitlab.Gitlab().{projects,groups,users,issues}.${CRUD}`, "gitlab.Gitlab().auth"],
  },
  {
    kind: "service",
    instead: THREAD,
    source: "https://jira.readthedocs.io/api.html",
    names: ["jira.JIRA", "jira.JIRA().{issue,search_issues,create_issue,add_comment,projects,project,transition_issue,myself,user,fields}"],
  },
  {
    kind: "service",
    instead: "notion_client.AsyncClient",
    source: "https://github.com/ramnes/notion-sdk-py",
    names: ["notion_client.Client().**.{query,retrieve,create,update,list,append,delete}", "notion_client.Client().search"],
  },
  {
    kind: "service",
    instead: "aiogram, or telebot.async_telebot.AsyncTeleBot",
    source: "https://pytba.readthedocs.io/en/latest/sync_version/",
    names: ["telebot.TeleBot().{send_message,send_photo,send_document,reply_to,polling,infinity_polling,set_webhook,process_new_updates}"],
  },
  {
    kind: "service",
    instead: THREAD,
    source: "https://simple-salesforce.readthedocs.io/en/latest/",
    names: ["simple_salesforce.Salesforce", "simple_salesforce.Salesforce().{query,query_all,search,restful,apexecute}"],
  },
  {
    kind: "service",
    instead: THREAD,
    source: "https://razorpay.com/docs/payments/server-integration/python/",
    names: [
      "razorpay.Client().{order,payment,refund,customer,subscription,invoice,payment_link}.{create,fetch,all,capture,refund,edit,cancel}",
    ],
  },
  {
    kind: "service",
    instead: "supabase.acreate_client",
    source: "https://supabase.com/docs/reference/python/introduction",
    names: [
      "supabase.Client().**.execute",
      "supabase.Client().auth.{sign_up,sign_in_with_password,sign_in_with_otp,sign_out,get_user,get_session,refresh_session,update_user,reset_password_for_email,verify_otp,exchange_code_for_session}",
      "supabase.Client().auth.admin.*",
      "supabase.Client().storage.**.{upload,download,remove,list,move,copy,create_signed_url}",
    ],
  },
  {
    kind: "service",
    instead: "its a_ twin",
    source: "https://python-keycloak.readthedocs.io/en/latest/",
    names: [
      "keycloak.KeycloakOpenID().{token,refresh_token,userinfo,introspect,logout,public_key,well_known,exchange_token,certs}",
      "keycloak.KeycloakAdmin().{create_user,get_user,get_users,update_user,delete_user,get_user_id,set_user_password,send_verify_email}",
    ],
  },
  {
    kind: "service",
    instead: THREAD,
    source: "https://geopy.readthedocs.io/en/stable/#async-mode",
    names: ["geopy.geocoders.{Nominatim,GoogleV3,Photon,Bing}().{geocode,reverse}"],
  },
]
