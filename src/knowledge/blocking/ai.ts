/** Synchronous clients of language models. */
import type { Group } from "./group.ts"

const LANGCHAIN = "{invoke,batch,stream,predict,predict_messages,generate,generate_prompt,embed_query,embed_documents}"

export const ai: Group[] = [
  {
    kind: "ai",
    instead: "openai.AsyncOpenAI",
    source: "https://github.com/openai/openai-python#async-usage",
    names: [
      "openai.OpenAI().**.{create,parse,stream,retrieve,update,list,delete,cancel,generate,edit,content,create_and_poll,submit_tool_outputs,upload_and_poll}",
      "openai.{ChatCompletion,Completion,Embedding,Image,Audio,Moderation}.{create,transcribe,translate}",
      "openai.{chat.completions,completions,embeddings,moderations,responses,audio.transcriptions,audio.speech}.create",
      "openai.images.{generate,edit}",
    ],
  },
  {
    kind: "ai",
    instead: "anthropic.AsyncAnthropic",
    source: "https://github.com/anthropics/anthropic-sdk-python#async-usage",
    names: [
      "anthropic.{Anthropic,AnthropicBedrock,AnthropicVertex}().**.{create,stream,parse,count_tokens,retrieve,list,delete,cancel,results}",
    ],
  },
  {
    kind: "ai",
    instead: "groq.AsyncGroq",
    source: "https://github.com/groq/groq-python#async-usage",
    names: ["groq.Groq().**.{create,retrieve,list,delete}"],
  },
  {
    kind: "ai",
    instead: "its _async twin",
    source: "https://github.com/mistralai/client-python",
    names: ["{mistralai,mistralai.client}.Mistral().**.{complete,stream,create,process,parse,list,retrieve,upload,delete}"],
  },
  {
    kind: "ai",
    instead: "cohere.AsyncClient",
    source: "https://github.com/cohere-ai/cohere-python",
    names: ["cohere.{Client,ClientV2}().{chat,chat_stream,generate,generate_stream,embed,rerank,classify,summarize,tokenize}"],
  },
  {
    kind: "ai",
    instead: "together.AsyncTogether",
    source: "https://github.com/togethercomputer/together-python",
    names: ["together.Together().**.{create,generate,list,retrieve}"],
  },
  {
    kind: "ai",
    instead: "generate_content_async",
    source: "https://ai.google.dev/api/python/google/generativeai/GenerativeModel",
    names: [
      "{google.generativeai,vertexai.generative_models}.GenerativeModel().{generate_content,count_tokens,start_chat().send_message}",
      "google.generativeai.{embed_content,upload_file,list_models}",
    ],
  },
  {
    kind: "ai",
    instead: "google.genai.Client().aio",
    source: "https://googleapis.github.io/python-genai/",
    names: [
      "google.genai.Client().{models,files,chats,caches,batches}.{generate_content,generate_content_stream,generate_images,embed_content,count_tokens,list,get,create,upload,delete,download}",
    ],
  },
  {
    kind: "ai",
    instead: "replicate.async_run",
    source: "https://github.com/replicate/replicate-python#async",
    names: ["replicate.{run,stream}", "replicate.Client().run", "replicate.predictions.{create,get,list}"],
  },
  {
    kind: "ai",
    instead: "ollama.AsyncClient",
    source: "https://github.com/ollama/ollama-python#async-client",
    names: [
      "ollama.{chat,generate,embed,embeddings,pull,push,create,list,show,delete}",
      "ollama.Client().{chat,generate,embed,embeddings,pull,push,create,list,show,delete}",
    ],
  },
  {
    kind: "ai",
    instead: "litellm.acompletion and its kin",
    source: "https://docs.litellm.ai/docs/completion/stream#async-completion",
    names: [
      "litellm.{completion,text_completion,embedding,image_generation,transcription,rerank,moderation,responses}",
      "litellm.main.{completion,embedding}",
    ],
  },
  {
    kind: "ai",
    instead: "huggingface_hub.AsyncInferenceClient, or await asyncio.to_thread(...)",
    source: "https://huggingface.co/docs/huggingface_hub/guides/inference#async-client",
    names: [
      "huggingface_hub.InferenceClient().{chat_completion,text_generation,feature_extraction,text_to_image,summarization,translation,automatic_speech_recognition}",
      "huggingface_hub.{hf_hub_download,snapshot_download,login,whoami,list_models}",
    ],
  },
  {
    kind: "ai",
    instead: "ainvoke, astream, abatch",
    source: "https://python.langchain.com/docs/concepts/async/",
    names: [
      `{langchain_openai,langchain_anthropic,langchain_google_genai,langchain_google_vertexai,langchain_groq,langchain_ollama,langchain_mistralai,langchain_cohere,langchain_aws}.**.${LANGCHAIN}`,
      `langchain_community.{chat_models,llms,embeddings}.**.${LANGCHAIN}`,
      `langchain.{chat_models,llms}.**.${LANGCHAIN}`,
      "langchain.chains.**.{invoke,run,batch,stream,predict,apply,call}",
    ],
  },
  {
    kind: "ai",
    instead: "elevenlabs.client.AsyncElevenLabs",
    source: "https://github.com/elevenlabs/elevenlabs-python#async-client",
    names: ["elevenlabs.client.ElevenLabs().**.{convert,generate,get_all,search,create,get,delete}"],
  },
]
