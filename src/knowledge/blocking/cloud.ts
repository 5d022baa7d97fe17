/** Synchronous clients of clouds and of what runs in them. */
import { type Group, THREAD } from "./group.ts"

const GOOGLE = "https://cloud.google.com/python/docs/reference"

export const cloud: Group[] = [
  {
    kind: "cloud",
    instead: "aioboto3, or await asyncio.to_thread(...)",
    source: "https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html",
    names: ["boto3.client().*", "boto3.client().{get_paginator().paginate().__iter__,get_waiter().wait}"],
  },
  {
    kind: "cloud",
    instead: "aioboto3, or await asyncio.to_thread(...)",
    source: "https://boto3.amazonaws.com/v1/documentation/api/latest/guide/resources.html",
    names: [
      "boto3.resource().Table().{get_item,put_item,update_item,delete_item,query,scan}",
      "boto3.resource().{Bucket,Object,ObjectSummary}().{put,get,delete,load,copy,copy_from,create,upload_file,upload_fileobj,download_file,download_fileobj,put_object,delete_objects}",
      "boto3.resource().Bucket().objects.{all,filter,limit}().{__iter__,delete}",
      "boto3.resource().{Queue,get_queue_by_name}().{send_message,send_messages,receive_messages}",
      "boto3.resource().{get_queue_by_name,create_bucket,create_table}",
    ],
  },
  {
    kind: "cloud",
    instead: "aioboto3",
    certain: false,
    source: "https://boto3.amazonaws.com/v1/documentation/api/latest/guide/session.html",
    names: [
      "boto3.{client,resource}",
      "boto3.Session().{client,resource}",
      "boto3.client().{generate_presigned_url,generate_presigned_post}",
    ],
  },
  {
    kind: "cloud",
    instead: "gcloud-aio-storage, or await asyncio.to_thread(...)",
    source: `${GOOGLE}/storage/latest`,
    names: [
      "google.cloud.storage.Client().{get_bucket,lookup_bucket,create_bucket,list_buckets,list_blobs,download_blob_to_file}",
      "google.cloud.storage.Client().**.{upload_from_string,upload_from_file,upload_from_filename,download_as_bytes,download_as_string,download_as_text,download_to_file,download_to_filename,delete,exists,reload,patch,make_public,get_blob,list_blobs,delete_blob,delete_blobs,copy_blob,rename_blob,rewrite,compose}",
    ],
  },
  {
    kind: "cloud",
    instead: THREAD,
    source: `${GOOGLE}/bigquery/latest`,
    names: [
      "google.cloud.bigquery.Client().{query_and_wait,query,insert_rows_json,insert_rows,load_table_from_json,load_table_from_file,load_table_from_dataframe,get_table,create_table,delete_table,list_tables,list_rows}",
      "google.cloud.bigquery.Client().{query,load_table_from_json,load_table_from_file,load_table_from_dataframe}().{result,to_dataframe}",
    ],
  },
  {
    kind: "cloud",
    instead: "google.cloud.firestore.AsyncClient",
    source: `${GOOGLE}/firestore/latest`,
    names: ["{google.cloud.firestore.Client(),firebase_admin.firestore.client()}.**.{get,set,add,update,delete,create,stream,commit}"],
  },
  {
    kind: "cloud",
    instead: "the AsyncClient of the same package",
    source: `${GOOGLE}/secretmanager/latest`,
    names: [
      "google.cloud.secretmanager.SecretManagerServiceClient().{access_secret_version,create_secret,add_secret_version,get_secret,list_secrets,delete_secret}",
      "google.cloud.tasks_v2.CloudTasksClient().{create_task,delete_task,get_task,list_tasks}",
    ],
  },
  {
    kind: "cloud",
    instead: THREAD,
    source: "https://googleapis.github.io/google-api-python-client/docs/start.html",
    names: ["googleapiclient.discovery.build().**.{execute,next_chunk}", "googleapiclient.http.HttpRequest().execute"],
  },
  {
    kind: "http",
    instead: THREAD,
    source: "https://googleapis.dev/python/google-auth/latest/reference/google.oauth2.id_token.html",
    names: ["google.oauth2.id_token.{verify_oauth2_token,verify_token,verify_firebase_token,fetch_id_token}"],
  },
  {
    kind: "cloud",
    instead: THREAD,
    source: "https://firebase.google.com/docs/reference/admin/python",
    names: [
      "firebase_admin.auth.{get_user,get_user_by_email,create_user,update_user,delete_user,set_custom_user_claims,revoke_refresh_tokens,list_users}",
      "firebase_admin.db.reference().{get,set,push,update,delete,transaction}",
      "firebase_admin.db.reference().child().{get,set,push,update,delete,transaction}",
      "firebase_admin.messaging.{send,send_each,send_each_for_multicast,send_multicast,subscribe_to_topic}",
    ],
  },
  {
    kind: "cloud",
    instead: "azure.storage.blob.aio.BlobServiceClient",
    source: "https://learn.microsoft.com/python/api/overview/azure/storage-blob-readme#async-clients",
    names: [
      "azure.storage.blob.{BlobServiceClient,ContainerClient,BlobClient}().**.{upload_blob,download_blob,delete_blob,list_blobs,create_container,delete_container,get_blob_properties,exists,readall}",
      "azure.storage.blob.{BlobServiceClient,ContainerClient,BlobClient}().{upload_blob,download_blob,delete_blob,list_blobs,create_container,delete_container,get_blob_properties,exists}",
    ],
  },
  {
    kind: "cloud",
    instead: "azure.identity.aio",
    source: "https://learn.microsoft.com/python/api/overview/azure/identity-readme#async-credentials",
    names: ["azure.identity.{DefaultAzureCredential,ClientSecretCredential,ManagedIdentityCredential}().get_token"],
  },
  {
    kind: "cloud",
    instead: THREAD,
    source: "https://msal-python.readthedocs.io/en/latest/",
    names: [
      "msal.{ConfidentialClientApplication,PublicClientApplication}().{acquire_token_for_client,acquire_token_by_authorization_code,acquire_token_by_refresh_token,acquire_token_on_behalf_of,acquire_token_silent,acquire_token_by_username_password,acquire_token_by_auth_code_flow}",
    ],
  },
  {
    kind: "cloud",
    instead: "miniopy-async, or await asyncio.to_thread(...)",
    source: "https://min.io/docs/minio/linux/developers/python/API.html",
    names: [
      "minio.Minio().{put_object,get_object,fput_object,fget_object,remove_object,remove_objects,stat_object,copy_object,compose_object,list_objects,list_buckets,bucket_exists,make_bucket,remove_bucket,set_bucket_policy,get_bucket_policy}",
    ],
  },
  {
    kind: "cloud",
    instead: THREAD,
    source: "https://cloudinary.com/documentation/image_upload_api_reference",
    names: ["cloudinary.uploader.{upload,destroy,rename,explicit,upload_large}", "cloudinary.api.{resource,resources,delete_resources}"],
  },
  {
    kind: "cloud",
    instead: "kubernetes_asyncio",
    unless: { keyword: "async_req", is: true },
    source: "https://github.com/kubernetes-client/python",
    names: [
      "kubernetes.client.{CoreV1Api,AppsV1Api,BatchV1Api,NetworkingV1Api,CustomObjectsApi,RbacAuthorizationV1Api}().*",
      "kubernetes.watch.Watch().stream",
      "kubernetes.stream.stream",
    ],
  },
  {
    kind: "cloud",
    instead: "aiodocker",
    source: "https://docker-py.readthedocs.io/en/stable/client.html",
    names: [
      "docker.DockerClient().{containers,images,volumes,networks}.{run,create,get,list,prune,pull,push,build,remove,search}",
      "docker.DockerClient().{info,ping,version,login,df,events}",
      "docker.DockerClient().containers.{run,create,get}().{start,stop,kill,remove,restart,wait,logs,exec_run,reload,stats,put_archive,get_archive}",
    ],
  },
  {
    kind: "cloud",
    instead: THREAD,
    source: "https://python-hvac.org/en/stable/usage/secrets_engines/kv_v2.html",
    names: [
      "hvac.Client().{read,write,list,delete,is_authenticated}",
      "hvac.Client().secrets.**.{read_secret,read_secret_version,create_or_update_secret,list_secrets}",
    ],
  },
]

/** Rows of the lists above that a wildcard catches and that do not wait. */
export const harmless: string[] = [
  "boto3.client().{get_paginator,get_waiter,can_paginate,close}",
  "kubernetes.client.{CoreV1Api,AppsV1Api,BatchV1Api,NetworkingV1Api,CustomObjectsApi,RbacAuthorizationV1Api}().api_client",
  "slack_sdk.WebClient().{token,headers}",
]
