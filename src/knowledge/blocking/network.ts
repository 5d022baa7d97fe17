/** Synchronous HTTP, sockets, mail, file transfer and remote shells. */
import { type Group, THREAD } from "./group.ts"

const VERBS = "{get,post,put,patch,delete,head,options,request}"
const HTTPX = "httpx.AsyncClient"

export const network: Group[] = [
  {
    kind: "http",
    instead: HTTPX,
    source: "https://requests.readthedocs.io/en/latest/user/advanced/#blocking-or-non-blocking",
    names: [
      `{requests,niquests,cloudscraper.CloudScraper(),cloudscraper.create_scraper()}.${VERBS}`,
      `{requests,niquests}.Session().${VERBS}`,
      "{requests,niquests}.Session().send",
    ],
  },
  {
    kind: "http",
    instead: HTTPX,
    certain: false,
    source: "https://requests.readthedocs.io/en/latest/user/advanced/#body-content-workflow",
    names: ["requests.Response().{iter_content,iter_lines}"],
  },
  {
    kind: "http",
    instead: HTTPX,
    source: "https://www.python-httpx.org/async/",
    names: [
      `httpx.{get,post,put,patch,delete,head,options,request,stream}`,
      `httpx.Client().{get,post,put,patch,delete,head,options,request,stream,send}`,
    ],
  },
  {
    // Gives its sockets back, and waits for nobody.
    kind: "http",
    instead: HTTPX,
    certain: false,
    source: "https://www.python-httpx.org/async/",
    names: ["httpx.Client().close", "requests.Session().close"],
  },
  {
    kind: "http",
    instead: HTTPX,
    source: "https://docs.python.org/3/library/urllib.request.html",
    names: ["urllib.request.{urlopen,urlretrieve}", "urllib.request.OpenerDirector().open"],
  },
  {
    kind: "http",
    instead: HTTPX,
    source: "https://docs.python.org/3/library/http.client.html",
    names: [
      "http.client.HTTPConnection().{connect,request,getresponse,send,endheaders}",
      "http.client.HTTPResponse().{read,readinto,readline,readlines}",
    ],
  },
  {
    kind: "http",
    instead: HTTPX,
    source: "https://urllib3.readthedocs.io/en/stable/reference/urllib3.poolmanager.html",
    names: [
      "urllib3.request",
      "urllib3.{PoolManager,ProxyManager,HTTPConnectionPool,HTTPSConnectionPool}().{request,urlopen,request_encode_body,request_encode_url}",
    ],
  },
  {
    kind: "http",
    instead: HTTPX,
    source: "http://pycurl.io/docs/latest/curlobject.html",
    names: ["pycurl.Curl().perform", "pycurl.Curl().perform_rb", "wget.download"],
  },
  {
    // It takes an address, or a document that is already here.
    kind: "http",
    instead: HTTPX,
    certain: false,
    source: "https://feedparser.readthedocs.io/en/latest/introduction/",
    names: ["feedparser.parse"],
  },
  {
    kind: "http",
    instead: HTTPX,
    source: "https://docs.python.org/3/library/xmlrpc.client.html",
    names: ["xmlrpc.client.ServerProxy().**"],
  },
  {
    kind: "http",
    instead: "zeep.AsyncClient",
    source: "https://docs.python-zeep.org/en/master/client.html",
    names: ["zeep.Client().service.*"],
  },
  {
    kind: "http",
    instead: "authlib.integrations.httpx_client.AsyncOAuth2Client",
    source: "https://docs.authlib.org/en/latest/client/oauth2.html",
    names: [
      "requests_oauthlib.OAuth2Session().{fetch_token,refresh_token}",
      "authlib.integrations.requests_client.OAuth2Session().{fetch_token,refresh_token,revoke_token,introspect_token}",
      "authlib.integrations.httpx_client.OAuth2Client().{fetch_token,refresh_token,revoke_token,introspect_token}",
    ],
  },
  {
    kind: "http",
    instead: THREAD,
    source: "https://pyjwt.readthedocs.io/en/stable/usage.html#retrieve-rsa-signing-keys-from-a-jwks-endpoint",
    names: ["jwt.PyJWKClient().{get_signing_key,get_signing_key_from_jwt,get_signing_keys,get_jwk_set,fetch_data}"],
  },
  {
    kind: "http",
    instead: THREAD,
    source: "https://github.com/yt-dlp/yt-dlp#embedding-yt-dlp",
    names: ["yt_dlp.YoutubeDL().{extract_info,download}"],
  },
  {
    kind: "socket",
    instead: "asyncio.open_connection or loop.getaddrinfo",
    source: "https://docs.python.org/3/library/socket.html",
    names: [
      "socket.{create_connection,getaddrinfo,gethostbyname,gethostbyname_ex,gethostbyaddr,getfqdn,getnameinfo}",
      "{socket.socket,ssl.SSLSocket}().{connect,accept,send,sendall,sendto,sendfile,recv,recvfrom,recv_into,recvmsg}",
      "ssl.SSLSocket().{do_handshake,read,write,unwrap}",
      "ssl.get_server_certificate",
      "select.select",
    ],
  },
  {
    kind: "socket",
    instead: "dns.asyncresolver.resolve",
    source: "https://dnspython.readthedocs.io/en/stable/async.html",
    names: ["dns.resolver.{resolve,query,resolve_address}", "dns.resolver.Resolver().{resolve,query,resolve_address}"],
  },
  {
    kind: "mail",
    instead: "aiosmtplib, or BackgroundTasks with a def function",
    source: "https://docs.python.org/3/library/smtplib.html",
    names: ["smtplib.{SMTP,SMTP_SSL}", "smtplib.SMTP().{connect,login,starttls,ehlo,helo,sendmail,send_message,quit,noop,verify}"],
  },
  {
    kind: "mail",
    instead: "aioimaplib",
    source: "https://docs.python.org/3/library/imaplib.html",
    names: ["imaplib.{IMAP4,IMAP4_SSL}", "imaplib.IMAP4().{login,logout,select,search,fetch,store,copy,append,expunge,uid,list,close}"],
  },
  {
    kind: "mail",
    instead: THREAD,
    source: "https://docs.python.org/3/library/poplib.html",
    names: ["poplib.{POP3,POP3_SSL}", "poplib.{POP3,POP3_SSL}().{user,pass_,stat,list,retr,dele,top,quit}"],
  },
  {
    kind: "mail",
    instead: "aiosmtplib, or BackgroundTasks with a def function",
    source: "https://github.com/kootenpv/yagmail",
    names: ["yagmail.SMTP().send"],
  },
  {
    kind: "mail",
    instead: "aiosmtplib, or BackgroundTasks with a def function",
    source: "https://python-emails.readthedocs.io/en/latest/",
    names: ["emails.{Message,html}().send"],
  },
  {
    kind: "mail",
    instead: THREAD,
    source: "https://github.com/sendgrid/sendgrid-python",
    names: ["sendgrid.SendGridAPIClient().send", "sendgrid.SendGridAPIClient().client.**.{get,post,put,patch,delete}"],
  },
  {
    kind: "socket",
    instead: "aioftp",
    source: "https://docs.python.org/3/library/ftplib.html",
    names: [
      "ftplib.{FTP,FTP_TLS}().{connect,login,cwd,nlst,dir,retrbinary,retrlines,storbinary,storlines,delete,rename,mkd,rmd,size,quit}",
    ],
  },
  {
    kind: "ssh",
    instead: "asyncssh",
    source: "https://docs.paramiko.org/en/stable/api/client.html",
    names: [
      "paramiko.SSHClient().{connect,exec_command,open_sftp,invoke_shell}",
      "paramiko.Transport().{connect,auth_password,auth_publickey,open_session}",
      "paramiko.SFTPClient().{get,put,getfo,putfo,open,listdir,listdir_attr,stat,mkdir,remove,rename,rmdir}",
    ],
  },
  {
    kind: "ssh",
    instead: "asyncssh",
    source: "https://docs.fabfile.org/en/latest/api/connection.html",
    names: ["fabric.Connection().{open,run,sudo,put,get,local}"],
  },
  {
    kind: "ssh",
    instead: "scrapli with its asyncssh transport",
    source: "https://ktbyers.github.io/netmiko/docs/netmiko/",
    names: ["netmiko.ConnectHandler", "netmiko.ConnectHandler().{send_command,send_config_set,disconnect}"],
  },
  {
    kind: "service",
    instead: "bonsai, or await asyncio.to_thread(...)",
    source: "https://ldap3.readthedocs.io/en/latest/connection.html",
    names: [
      "ldap3.Connection().{open,bind,unbind,rebind,search,add,modify,delete,compare,start_tls}",
      "ldap.initialize().{simple_bind_s,bind_s,search_s,unbind_s,start_tls_s}",
    ],
  },
]
