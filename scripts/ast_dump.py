"""Prints what CPython's `ast` makes of each file named on stdin (one path per line), as one line of JSON per file.

The shape is that of `src/python/nodes.ts`, with UTF-16 offsets. `{"path": ..., "error": ...}` where Python gives up.
"""

import ast
import io
import json
import re
import sys
import threading
import tokenize
import warnings

BIGGEST = sys.float_info.max
TYPES = {str: "str", bytes: "bytes", int: "int", float: "float", complex: "complex", bool: "bool", type(None): "NoneType", type(...): "ellipsis"}
# Fields of `ast` that the nodes leave out on purpose.
SKIPPED = {"ctx", "type_comment", "type_ignores", "kind"}


def finite(number):
    try:
        return min(float(number), BIGGEST)
    except OverflowError:
        return BIGGEST


class Dump:
    def __init__(self, text):
        self.lines = re.split("(?<=\n)|(?<=\r)(?!\n)", text)
        self.starts = []
        at = 0
        for line in self.lines:
            self.starts.append(at)
            at += self.width(line)

    @staticmethod
    def width(text):
        return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2

    def offset(self, line, column):
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        base = self.starts[line - 1] if line <= len(self.starts) else 0
        if text.isascii():
            return base + column
        return base + self.width(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))

    def node(self, node):
        kind = type(node).__name__
        if kind == "Index":  # before 3.9
            return self.node(node.value)
        if kind == "ExtSlice":  # before 3.9
            return {"kind": "Tuple", "elts": [self.node(item) for item in node.dims]}
        found = {"kind": kind}
        if getattr(node, "end_lineno", None) is not None and hasattr(node, "lineno"):
            found["start"] = self.offset(node.lineno, node.col_offset)
            found["end"] = self.offset(node.end_lineno, node.end_col_offset)
        if kind == "Constant":
            value = node.value
            found["type"] = TYPES[type(value)]
            if isinstance(value, bytes):
                value = value.decode("latin-1")
            elif isinstance(value, complex):
                value = finite(value.imag)
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                value = finite(value)
            elif value is ...:
                value = None
            found["value"] = value
            return found
        if kind == "JoinedStr":  # 3.12 leaves empty texts at the ends of some format specifications
            node.values = [value for value in node.values if not (isinstance(value, ast.Constant) and value.value == "")]
        for name, value in ast.iter_fields(node):
            if name not in SKIPPED:
                found[name] = self.value(value)
        return found

    def value(self, value):
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, (ast.operator, ast.cmpop, ast.boolop, ast.unaryop)):
            return type(value).__name__
        if isinstance(value, ast.AST):
            return self.node(value)
        return value


def dump(path):
    try:
        with open(path, "rb") as file:
            data = file.read()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
        tree = ast.parse(data, path)
        return {"path": path, "tree": Dump(text).node(tree)}
    except Exception as error:
        return {"path": path, "error": f"{type(error).__name__}: {error}"}


def main():
    for line in sys.stdin:
        print(json.dumps(dump(line.rstrip("\n")), allow_nan=False), flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20_000)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
