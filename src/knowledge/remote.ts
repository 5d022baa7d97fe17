/**
 * Values that somebody else's machine wrote: the body of an answer, what a language model said. Whoever runs that
 * machine, or sits on the way to it, decides what the text is.
 *
 * Sources: the reference pages of each client library.
 */
import { type Row, table } from "./table.ts"

const VERBS = "{get,post,put,patch,delete,options,request}"
const TEXTS = "{text,content,body,json()}"

const rows: Row<true>[] = [
  [`{requests,httpx}.${VERBS}().${TEXTS}`, true],
  [`{requests.Session(),httpx.Client(),httpx.AsyncClient()}.${VERBS}().${TEXTS}`, true],
  [`{requests,httpx}.Response().${TEXTS}`, true],
  [`aiohttp.ClientSession().${VERBS}().{text(),read(),json()}`, true],
  ["aiohttp.{ClientResponse,client_reqrep.ClientResponse}().{text(),read(),json()}", true],
  ["urllib.request.urlopen().read()", true],
  ["urllib3.{request,PoolManager().request}().data", true],
  ["boto3.client().**.read()", true],
  ["{openai.OpenAI,openai.AsyncOpenAI,openai.AzureOpenAI,openai.AsyncAzureOpenAI}().chat.completions.create().**", true],
  ["{openai.OpenAI,openai.AsyncOpenAI,openai.AzureOpenAI,openai.AsyncAzureOpenAI}().responses.create().output_text", true],
  ["{anthropic.Anthropic,anthropic.AsyncAnthropic}().messages.create().**", true],
  ["litellm.{completion,acompletion}().**", true],
  ["ollama.{chat,generate}()[]", true],
]

const find = table(rows)

/** Methods of texts and bytes: what they give is still the same text, or a part of it. */
const OF_TEXT = /(\.(decode|strip|lstrip|rstrip|replace|removeprefix|removesuffix|split|encode)\(\)|\[\])+$/

/** Is this text that came over the network? The name is the value's: `requests.get().text`. */
export const isRemoteText = (name: string): boolean => find(name) === true || find(name.replace(OF_TEXT, "")) === true
