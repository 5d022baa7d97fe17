/** Synchronous clients of services that are asked over HTTP, of directories, and of devices. */
import { type Group, THREAD } from "./group.ts"

export const clients: Group[] = [
  {
    kind: "http",
    instead: "httpx.AsyncClient",
    source: "https://mechanize.readthedocs.io/en/latest/browser_api.html",
    names: ["mechanize.Browser().{open,submit,follow_link,retrieve}", "grequests.{map,imap}"],
  },
  {
    kind: "http",
    instead: "zeep.AsyncClient",
    source: "https://suds.readthedocs.io/en/latest/",
    names: ["suds.client.Client", "suds.client.Client().service.*"],
  },
  {
    kind: "mail",
    instead: THREAD,
    source: "https://github.com/ikvk/imap_tools",
    names: ["imap_tools.{MailBox,MailBoxStartTls,MailBoxUnencrypted}().{login,fetch,uids,numbers,delete,copy,move,flag,append}"],
  },
  {
    kind: "mail",
    instead: "httpx.AsyncClient, or await asyncio.to_thread(...)",
    source: "https://github.com/mailjet/mailjet-apiv3-python",
    names: ["mailjet_rest.Client().*.{create,get,update,delete}"],
  },
  {
    kind: "ssh",
    instead: "asyncssh",
    source: "https://github.com/jbardin/scp.py",
    names: [
      "scp.SCPClient().{put,get,putfo}",
      "pysftp.Connection",
      "pysftp.Connection().{get,put,getfo,putfo,listdir,execute,remove,rename,makedirs}",
    ],
  },
  {
    kind: "subprocess",
    instead: "await asyncio.create_subprocess_exec(...)",
    source: "https://pexpect.readthedocs.io/en/stable/api/pexpect.html",
    names: ["pexpect.spawn().{expect,expect_exact,read,readline,wait}"],
  },
  {
    kind: "cloud",
    instead: THREAD,
    source: "https://docs.gspread.org/en/latest/api/client.html",
    names: ["gspread.{authorize,service_account}().{open,open_by_key,open_by_url,create,openall}"],
  },
  {
    kind: "cloud",
    instead: "the AsyncClient of the same package",
    source: "https://cloud.google.com/python/docs/reference",
    names: [
      "google.cloud.vision.ImageAnnotatorClient().{annotate_image,batch_annotate_images,text_detection,document_text_detection,label_detection,face_detection}",
      "google.cloud.speech.SpeechClient().{recognize,long_running_recognize}",
      "{google.cloud.translate,google.cloud.translate_v3}.TranslationServiceClient().{translate_text,detect_language}",
      "google.cloud.{pubsub,pubsub_v1}.PublisherClient().publish().result",
    ],
  },
  {
    kind: "cloud",
    instead: "azure.servicebus.aio",
    source: "https://learn.microsoft.com/python/api/overview/azure/servicebus-readme",
    names: [
      "azure.servicebus.ServiceBusClient().{get_queue_sender,get_topic_sender}().send_messages",
      "azure.servicebus.ServiceBusClient().{get_queue_receiver,get_subscription_receiver}().{receive_messages,complete_message}",
    ],
  },
  {
    kind: "cloud",
    instead: THREAD,
    source: "https://www.alibabacloud.com/help/en/oss/developer-reference/python",
    names: [
      "oss2.Bucket().{put_object,put_object_from_file,get_object,get_object_to_file,delete_object,object_exists,list_objects,copy_object,head_object}",
      "qcloud_cos.CosS3Client().{put_object,upload_file,get_object,delete_object,object_exists,list_objects,download_file,head_object}",
    ],
  },
  {
    kind: "cloud",
    instead: THREAD,
    source: "https://python-consul.readthedocs.io/en/latest/",
    names: ["consul.Consul().{kv,catalog,health,agent,session}.**"],
  },
  {
    kind: "search",
    instead: "PineconeAsyncio, weaviate.use_async_with_local, chromadb.AsyncHttpClient",
    source: "https://docs.pinecone.io/reference/python-sdk",
    names: [
      "pinecone.Pinecone().Index().{query,upsert,delete,fetch,update,describe_index_stats}",
      "pinecone.Pinecone().{create_index,delete_index,list_indexes,describe_index}",
      "chromadb.{Client,HttpClient}().{get_collection,create_collection,get_or_create_collection,delete_collection,list_collections,heartbeat}",
      "chromadb.{Client,HttpClient}().{get_collection,create_collection,get_or_create_collection}().{add,query,get,upsert,update,delete,count,peek}",
      "weaviate.{connect_to_local,connect_to_weaviate_cloud,connect_to_custom}",
    ],
  },
  {
    kind: "search",
    instead: "the asynchronous client of the same package",
    source: "https://typesense.org/docs/api/",
    names: ["typesense.Client().collections.**"],
  },
  {
    kind: "service",
    instead: THREAD,
    source: "https://atlassian-python-api.readthedocs.io/",
    names: [
      "atlassian.Confluence().{create_page,update_page,get_page_by_id,get_page_by_title,cql,attach_file,get_all_spaces}",
      "atlassian.Jira().{jql,issue,issue_create,create_issue,issue_add_comment,update_issue_field,projects,user}",
    ],
  },
  {
    kind: "service",
    instead: "httpx.AsyncClient",
    source: "https://github.com/lovvskillz/python-discord-webhook",
    names: ["discord_webhook.DiscordWebhook().{execute,edit,delete}"],
  },
  {
    kind: "service",
    instead: THREAD,
    source: "https://developer.paypal.com/braintree/docs/start/hello-server/python/",
    names: [
      "braintree.Transaction.{sale,create,find,refund,void,search}",
      "braintree.{Customer,PaymentMethod,Subscription}.{create,find,update}",
      "braintree.{Customer,PaymentMethod}.delete",
      "braintree.Subscription.cancel",
      "braintree.ClientToken.generate",
      "braintree.BraintreeGateway().{transaction,customer,payment_method,subscription,client_token}.{sale,create,find,update,delete,cancel,refund,void,generate,search}",
      "paypalrestsdk.Payment().{create,execute}",
      "paypalrestsdk.Payment.{find,all}",
    ],
  },
  {
    kind: "service",
    instead: THREAD,
    source: "https://auth0-python.readthedocs.io/en/latest/",
    names: ["auth0.authentication.GetToken().{client_credentials,login,authorization_code,refresh_token}"],
  },
  {
    kind: "service",
    instead: "httpx.AsyncClient, or a BufferedConsumer flushed in a thread",
    source: "https://mixpanel.github.io/mixpanel-python/",
    names: ["mixpanel.Mixpanel().{track,people_set,people_increment,import_data,alias}"],
  },
  {
    kind: "queue",
    instead: "aio_pika",
    source: "https://docs.celeryq.dev/projects/kombu/en/stable/reference/kombu.html",
    names: ["kombu.Producer().publish", "kombu.Connection().{connect,drain_events,ensure_connection}"],
  },
  {
    kind: "queue",
    instead: THREAD,
    source: "https://pulsar.apache.org/docs/client-libraries-python/",
    names: ["pulsar.Client().{create_producer,subscribe}", "pulsar.Client().create_producer().send", "pulsar.Client().subscribe().receive"],
  },
  {
    kind: "socket",
    instead: "zmq.asyncio",
    source: "https://pyzmq.readthedocs.io/en/latest/api/zmq.asyncio.html",
    names: ["{zmq.Socket,zmq.Context().socket}().{recv,recv_json,recv_string,recv_pyobj,recv_multipart,poll}"],
  },
  {
    kind: "service",
    instead: THREAD,
    source: "https://geoip2.readthedocs.io/en/latest/",
    names: ["geoip2.webservice.Client().{city,country,insights}", "whois.whois", "speedtest.Speedtest().{download,upload,get_best_server}"],
  },
  {
    kind: "wait",
    instead: "pyserial-asyncio",
    source: "https://pyserial.readthedocs.io/en/latest/pyserial_api.html",
    names: ["serial.Serial().{read,read_until,readline,readlines,read_all,write,flush}", "nmap.PortScanner().scan"],
  },
]
