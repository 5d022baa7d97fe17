/** Work inside the process: files, archives, the processor. */
import { type Group, THREAD } from "./group.ts"

const PY = "https://docs.python.org/3/library/"
const FILES = "anyio.open_file or anyio.Path"
const DEF = "a def route or dependency, or await asyncio.to_thread(...)"

export const work: Group[] = [
  {
    kind: "file",
    instead: FILES,
    source: `${PY}functions.html#open`,
    names: [
      "builtins.open",
      "builtins.open().{read,readline,readlines,readinto,write,writelines,flush,truncate,__iter__}",
      "{io.open_code,codecs.open,fileinput.input,fileinput.FileInput}",
      "os.{open,read,write,fdopen,fsync,sendfile}",
    ],
  },
  {
    kind: "file",
    instead: FILES,
    source: `${PY}pathlib.html#reading-and-writing-files`,
    names: ["pathlib.Path().{open,read_text,read_bytes,write_text,write_bytes}"],
  },
  {
    kind: "file",
    instead: "await upload.read()",
    source: "https://fastapi.tiangolo.com/tutorial/request-files/#uploadfile",
    names: ["starlette.datastructures.UploadFile().file.{read,readline,readlines,write,__iter__}"],
  },
  {
    kind: "file",
    instead: THREAD,
    source: `${PY}shutil.html`,
    names: ["shutil.{copy,copy2,copyfile,copyfileobj,copytree,move,rmtree}"],
  },
  {
    kind: "file",
    instead: "anyio.TemporaryFile or aiofiles.tempfile",
    source: `${PY}tempfile.html`,
    names: ["tempfile.{NamedTemporaryFile,TemporaryFile}"],
  },
  {
    kind: "file",
    instead: FILES,
    certain: false,
    source: `${PY}tempfile.html`,
    names: ["tempfile.{SpooledTemporaryFile,TemporaryDirectory,mkstemp,mkdtemp,gettempdir}"],
  },
  {
    kind: "file",
    instead: THREAD,
    source: `${PY}configparser.html`,
    names: ["configparser.{ConfigParser,RawConfigParser}().read", "dotenv.{load_dotenv,dotenv_values}"],
  },
  {
    kind: "file",
    instead: FILES,
    certain: false,
    source: `${PY}os.html#files-and-directories`,
    names: [
      "os.{stat,lstat,listdir,scandir,walk,mkdir,makedirs,remove,unlink,rename,replace,rmdir,removedirs,link,symlink,readlink,chmod,chown,access,utime,truncate,getcwd,chdir}",
      "os.path.{exists,lexists,isfile,isdir,islink,ismount,getsize,getmtime,getatime,getctime,samefile,realpath,abspath,relpath}",
      "pathlib.Path().{exists,is_file,is_dir,is_symlink,is_mount,stat,lstat,iterdir,glob,rglob,walk,mkdir,unlink,rmdir,rename,replace,touch,chmod,resolve,readlink,samefile,owner,group,symlink_to,hardlink_to}",
      "glob.{glob,iglob}",
      "shutil.{disk_usage,which}",
      "importlib.import_module",
    ],
  },
  {
    kind: "archive",
    instead: THREAD,
    source: `${PY}archiving.html`,
    names: [
      "zipfile.ZipFile().{extract,extractall,read,write,writestr,testzip}",
      "tarfile.TarFile().{add,addfile,extract,extractall,extractfile,getmembers,getnames}",
      "{gzip,bz2,lzma}.open",
      "shutil.{make_archive,unpack_archive}",
    ],
  },
  {
    kind: "archive",
    instead: THREAD,
    certain: false,
    source: `${PY}zlib.html`,
    names: ["{gzip,bz2,lzma,zlib}.{compress,decompress}", "zipfile.ZipFile", "tarfile.open", "PIL.Image.open"],
  },
  { kind: "cpu", instead: DEF, source: "https://github.com/pyca/bcrypt", names: ["bcrypt.{hashpw,checkpw,kdf}"] },
  {
    kind: "cpu",
    instead: DEF,
    source: "https://passlib.readthedocs.io/en/stable/lib/passlib.context.html",
    names: [
      "passlib.context.CryptContext().{hash,verify,verify_and_update,encrypt}",
      "passlib.hash.{bcrypt,bcrypt_sha256,argon2,scrypt,pbkdf2_sha256,pbkdf2_sha512,sha256_crypt,sha512_crypt}.{hash,verify,encrypt}",
    ],
  },
  {
    kind: "cpu",
    instead: DEF,
    source: "https://argon2-cffi.readthedocs.io/en/stable/api.html",
    names: ["argon2.PasswordHasher().{hash,verify}"],
  },
  {
    kind: "cpu",
    instead: DEF,
    source: "https://frankie567.github.io/pwdlib/",
    names: ["pwdlib.PasswordHash().{hash,verify,verify_and_update}", "pwdlib.PasswordHash.recommended().{hash,verify,verify_and_update}"],
  },
  { kind: "cpu", instead: DEF, source: `${PY}hashlib.html#key-derivation`, names: ["hashlib.{pbkdf2_hmac,scrypt}"] },
  {
    kind: "cpu",
    instead: DEF,
    source: "https://werkzeug.palletsprojects.com/en/stable/utils/#module-werkzeug.security",
    names: ["werkzeug.security.{generate_password_hash,check_password_hash}"],
  },
  {
    kind: "cpu",
    instead: DEF,
    source: "https://cryptography.io/en/latest/hazmat/primitives/asymmetric/rsa/",
    names: ["cryptography.hazmat.primitives.asymmetric.{rsa,dsa}.generate_private_key"],
  },
  {
    kind: "cpu",
    instead: THREAD,
    source: "https://pandas.pydata.org/docs/reference/io.html",
    names: [
      "pandas.{read_csv,read_excel,read_json,read_parquet,read_sql,read_sql_query,read_sql_table,read_html,read_pickle,read_feather,read_xml}",
      "pandas.{DataFrame,read_csv,read_excel,read_sql}().{to_csv,to_excel,to_parquet,to_sql,to_json,to_pickle}",
      "polars.{read_csv,read_excel,read_json,read_parquet,read_database}",
      "polars.{scan_csv,scan_parquet,scan_ndjson}().collect",
      "polars.{scan_csv,scan_parquet,scan_ndjson}().**.collect",
      "pyarrow.parquet.{read_table,write_table}",
    ],
  },
  {
    kind: "cpu",
    instead: THREAD,
    source: "https://openpyxl.readthedocs.io/en/stable/",
    names: ["openpyxl.load_workbook", "openpyxl.{Workbook,load_workbook}().save"],
  },
  {
    kind: "cpu",
    instead: THREAD,
    source: "https://pillow.readthedocs.io/en/stable/reference/Image.html",
    names: [
      "PIL.Image.open().{load,resize,convert,save,thumbnail,rotate,crop}",
      "PIL.Image.Image().{load,resize,convert,save,thumbnail,rotate}",
    ],
  },
  {
    kind: "cpu",
    instead: THREAD,
    source: "https://docs.opencv.org/4.x/",
    names: ["cv2.{imread,imwrite,imdecode,imencode,resize}", "cv2.VideoCapture().read"],
  },
  {
    kind: "cpu",
    instead: THREAD,
    source: "https://pypdf.readthedocs.io/en/stable/",
    names: [
      "{pypdf,PyPDF2}.PdfReader",
      "pdfplumber.open",
      "{fitz,pymupdf}.open",
      "pytesseract.{image_to_string,image_to_data}",
      "weasyprint.HTML().write_pdf",
      "pdfkit.{from_string,from_url,from_file}",
      "docx.Document",
      "docx.Document().save",
    ],
  },
  {
    kind: "cpu",
    instead: THREAD,
    source: "https://pydub.com/",
    names: ["pydub.AudioSegment.{from_file,from_mp3,from_wav}", "librosa.load", "ffmpeg.run", "matplotlib.pyplot.savefig"],
  },
  {
    kind: "cpu",
    instead: `${THREAD} or a process pool`,
    source: "https://pytorch.org/docs/stable/generated/torch.load.html",
    names: [
      "torch.load",
      "joblib.{load,dump}",
      "numpy.{load,save,savez,loadtxt,genfromtxt}",
      "spacy.load",
      "nltk.download",
      "whisper.load_model",
      "whisper.load_model().transcribe",
      "sentence_transformers.SentenceTransformer().encode",
      "transformers.pipeline",
      "transformers.pipeline()",
    ],
  },
]
