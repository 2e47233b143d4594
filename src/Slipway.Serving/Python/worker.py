"""Loads one model and predicts, for the process that started it. Needs nothing but Python 3.9 and the model's libraries.

A message in either direction is a length of 4 bytes (little-endian), a letter, and so many bytes. In: L load, P predict.
Out: H what this Python is, D loaded, A an answer as JSON, M the model failed, X the model can't be loaded.
A prediction is a JSON header, as long as the 4 bytes in front of it say, and the raw values of its arrays.
"""

import base64
import ctypes
import datetime
import importlib
import importlib.util
import json
import math
import os
import resource
import struct
import sys
import threading
import time

PACKAGES = {
    "sklearn": ("python3-sklearn", "scikit-learn"),
    "torch": ("python3-torch", "torch"),
    "pandas": ("python3-pandas", "pandas"),
    "numpy": ("python3-numpy", "numpy"),
    "scipy": ("python3-scipy", "scipy"),
    "joblib": ("python3-joblib", "joblib"),
    "cloudpickle": ("python3-cloudpickle", "cloudpickle"),
    "mlflow": (None, "mlflow"),
}
DTYPES = {"float64", "float32", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "bool"}
SYSTEM = [
    *("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/dev/urandom", "/dev/zero"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/self", "/sys/devices/system/cpu", "/sys/devices/system/node"),
]
CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000


class CantLoad(Exception):
    """Says what to do about it."""


# --- confinement: before anything of the model is read


def limit(kind, value):
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def confine(settings):
    if settings["memory"]:
        limit(resource.RLIMIT_AS, settings["memory"])
    limit(resource.RLIMIT_CORE, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(38, 1, 0, 0, 0)  # no new privileges
    apart = settings["apart"] and libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) == 0
    files = settings["apart"] and Landlock(libc).restrict([*SYSTEM, *sys.path, sys.prefix, sys.base_prefix, *settings["read"]], ["/dev/null", *settings["write"]])
    return {"apart": apart, "files": files}


class Landlock:
    """Takes all files away but those that are listed; the kernel keeps it up, for threads and children too."""

    CREATE, ADD, RESTRICT = 444, 445, 446
    EXECUTE, WRITE, READ, LIST = 1, 2, 4, 8
    READING = EXECUTE | READ | LIST
    TRUNCATE = 1 << 14
    ALL = (1 << 13) - 1
    OF_FILES = EXECUTE | WRITE | READ | TRUNCATE

    def __init__(self, libc):
        self.libc = libc

    def restrict(self, read, write):
        version = self.libc.syscall(self.CREATE, None, 0, 1)
        if version < 1:
            return False
        everything = self.ALL | (self.TRUNCATE if version >= 3 else 0)
        handled = struct.pack("=Q", everything)
        rules = self.libc.syscall(self.CREATE, handled, ctypes.c_size_t(len(handled)), 0)
        if rules < 0:
            return False
        try:
            for path in read:
                self.add(rules, path, self.READING)
            for path in write:
                self.add(rules, path, everything)
            return self.libc.syscall(self.RESTRICT, rules, 0) == 0
        finally:
            os.close(rules)

    def add(self, rules, path, rights):
        try:
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return
        if not os.path.isdir(path):
            rights &= self.OF_FILES
        self.libc.syscall(self.ADD, rules, 1, struct.pack("=Qi", rights, opened), 0)
        os.close(opened)


def leave_with(parent):
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


# --- the pipe


class Pipe:
    def __init__(self):
        # What the model prints must not come between the messages.
        self.input = os.fdopen(os.dup(0), "rb")
        self.output = os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)

    def read(self):
        head = self.input.read(5)
        if len(head) < 5:
            sys.exit(0)
        length, letter = struct.unpack("<Ic", head)
        return letter, self.input.read(length)

    def write(self, letter, value):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.output.write(struct.pack("<Ic", len(body), letter) + body)
        self.output.flush()


def said(error):
    return f"{type(error).__name__}: {error}"[:4000]


# --- loading


def how_to_install(error, requirements):
    name = (error.name or "").split(".")[0]
    debian, pip = PACKAGES.get(name, (None, name))
    pip = requirements.get(name, pip)
    ways = ([f"apt install {debian}"] if debian else []) + [f"{sys.executable} -m pip install {pip}"]
    return f"The model needs '{error.name}', which {sys.executable} has not: {' or '.join(ways)}. ({error})"


def unpickle(path, form):
    if form == "Torch":
        import torch

        arguments = {"map_location": "cpu"}
        if "weights_only" in torch.load.__code__.co_varnames:
            arguments["weights_only"] = False
        return torch.load(path, **arguments)
    if form == "Joblib":
        import joblib

        if tuple(int(part) for part in joblib.__version__.split(".")[:2]) < (1, 2):
            raise CantLoad(f"The model was written by joblib with arrays in it, which joblib {joblib.__version__} may read otherwise than it was checked: install joblib 1.2 or newer.")
        return joblib.load(path)
    import pickle

    with open(path, "rb") as file:
        return pickle.load(file)


class NoArtifacts(dict):
    def __missing__(self, name):
        raise KeyError(f"artifact '{name}': a model with artifacts is loaded by MLflow, which this Python has not")


class Context:
    def __init__(self):
        self.artifacts = NoArtifacts()
        self.model_config = {}


class Predictor:
    """A loaded object with a method that predicts."""

    def __init__(self, model, name):
        self.call = getattr(model, name, None)
        if not callable(self.call):
            raise CantLoad(f"The model is a {type(model).__name__}, which has no method '{name}'.")

    def __call__(self, data, params):
        return self.call(data)


class PythonModel:
    """MLflow's python_model: predict(context, data, params), or fewer of them."""

    def __init__(self, model):
        self.call = model.predict
        code = getattr(self.call, "__func__", self.call).__code__
        self.names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        self.context = Context()
        if callable(getattr(model, "load_context", None)):
            model.load_context(self.context)

    def __call__(self, data, params):
        arguments = {"params": params} if "params" in self.names else {}
        return self.call(self.context, data, **arguments) if "context" in self.names else self.call(data, **arguments)


class Network:
    """A torch.nn.Module. A data frame in gives a data frame out, as in MLflow."""

    def __init__(self, model):
        import torch

        if not isinstance(model, torch.nn.Module):
            raise CantLoad(f"The model is a {type(model).__name__} and no torch.nn.Module: save the module itself, not its state.")
        self.torch, self.model = torch, model.eval()

    def __call__(self, data, params):
        import numpy

        frame = hasattr(data, "columns")
        values = data.to_numpy(dtype="float32") if frame else numpy.asarray(data)
        with self.torch.no_grad():
            output = self.model(self.torch.from_numpy(values))
        if not isinstance(output, self.torch.Tensor):
            raise TypeError(f"the model answered a {type(output).__name__}, not a tensor")
        output = output.numpy()
        if not frame:
            return output
        import pandas

        return pandas.DataFrame(output, index=data.index)


class ByMlflow:
    def __init__(self, folder):
        import mlflow.pyfunc

        self.model = mlflow.pyfunc.load_model(folder)

    def __call__(self, data, params):
        return self.model.predict(data, params=params) if params else self.model.predict(data)


def load(plan):
    way = plan["way"]
    if way == "Mlflow":
        return ByMlflow(plan["path"])
    model = unpickle(plan["path"], plan["form"])
    if way == "PythonModel":
        return PythonModel(model)
    if way == "Network" or type(model).__module__.startswith("torch."):
        return Network(model)
    return Predictor(model, plan["method"])


# --- what goes in


def array(field, values, at):
    kind, shape = field["type"], field["shape"]
    if kind in DTYPES:
        length = field["bytes"]
        return numeric(kind, shape, values[at : at + length]), at + length
    items = field["values"]
    if kind == "bytes":
        items = [None if item is None else base64.b64decode(item) for item in items]
    if numpy is None:
        return nest(items, shape), at
    if kind == "time":
        return numpy.array([item or "NaT" for item in items], dtype="datetime64[ns]").reshape(shape), at
    made = numpy.empty(len(items), dtype=object)
    made[:] = items
    return made.reshape(shape), at


def numeric(kind, shape, values):
    if numpy is not None:
        return numpy.frombuffer(values, dtype=kind).reshape(shape).copy()
    codes = {"float64": "d", "float32": "f", "int64": "q", "int32": "i", "int16": "h", "int8": "b", "uint64": "Q", "uint32": "I", "uint16": "H", "uint8": "B", "bool": "?"}
    return nest(memoryview(values).cast(codes[kind]).tolist(), shape)


def nest(items, shape):
    if not shape:
        return items[0]
    for side in reversed(shape[1:]):
        items = [items[i : i + side] for i in range(0, len(items), side)]
    return items


def decode(body):
    length = struct.unpack("<I", body[:4])[0]
    header = json.loads(body[4 : 4 + length])
    if header["form"] == "json":
        return header["value"], header["params"]
    arrays, at = [], 4 + length
    for field in header["fields"]:
        made, at = array(field, body, at)
        arrays.append(made)
    if header["form"] == "tensor":
        return arrays[0], header["params"]
    names = [field["name"] for field in header["fields"]]
    if header["form"] == "table":
        return table(names, arrays, header), header["params"]
    return dict(zip(names, arrays)), header["params"]


def table(names, columns, header):
    names = names if header["named"] else list(range(len(names)))
    if pandas is not None:
        frame = pandas.DataFrame(dict(enumerate(columns)), index=range(header["rows"]))
        frame.columns = names
        return frame
    if numpy is not None and all(column.dtype != object for column in columns):
        return numpy.stack(columns, axis=1)
    return dict(zip(names, columns))


# --- what comes out


def plain(value):
    """The value in what JSON has: no NaN, dates as ISO text, bytes as base64."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return base64.encodebytes(value).decode()
    if isinstance(value, (datetime.date, datetime.time)):
        return None if value != value else value.isoformat()
    return plain_of_library(value)


def plain_of_library(value):
    if pandas is not None:
        if isinstance(value, pandas.Series):
            value = pandas.DataFrame(value)
        if isinstance(value, pandas.DataFrame):
            return plain(value.to_dict(orient="records"))
        if value is pandas.NaT or value is getattr(pandas, "NA", None):
            return None
    if numpy is not None:
        if isinstance(value, numpy.ndarray):
            return plain_array(value)
        if isinstance(value, (numpy.datetime64, numpy.timedelta64)):
            return None if numpy.isnat(value) else str(value)
        if isinstance(value, numpy.generic):
            return plain(value.item())
    if hasattr(value, "detach") and hasattr(value, "numpy"):
        return plain(value.detach().cpu().numpy())
    if hasattr(value, "toarray"):
        return plain(value.toarray())
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    raise TypeError(f"the model answered a {type(value).__module__}.{type(value).__name__}, which JSON has nothing for")


def plain_array(value):
    if value.dtype.kind in "Mm":
        texts = numpy.datetime_as_string(value) if value.dtype.kind == "M" else value.astype(str)
        return numpy.where(numpy.isnat(value), None, texts.astype(object)).tolist()
    if value.dtype.kind in "biuU" or (value.dtype.kind == "f" and numpy.isfinite(value).all()):
        return value.tolist()
    return plain(value.tolist())


def optional(name):
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


numpy = pandas = None


def serve(pipe):
    global numpy, pandas
    letter, body = pipe.read()
    plan = json.loads(body)
    try:
        numpy, pandas = optional("numpy"), optional("pandas")
        sys.path[:0] = plan["code"]
        model = load(plan)
    except ModuleNotFoundError as error:
        pipe.write(b"X", how_to_install(error, plan["requirements"]).encode())
        return
    except CantLoad as error:
        pipe.write(b"X", str(error).encode())
        return
    except BaseException as error:
        pipe.write(b"X", f"The model can't be loaded by {sys.executable} {sys.version.split()[0]}: {said(error)}".encode())
        return
    pipe.write(b"D", {})
    while True:
        letter, body = pipe.read()
        try:
            data, params = decode(body)
            answer = json.dumps(plain(model(data, params)), allow_nan=False, separators=(",", ":")).encode()
        except Exception as error:
            pipe.write(b"M", said(error).encode())
            continue
        pipe.write(b"A", answer)


def main():
    settings = json.loads(sys.argv[1])
    pipe = Pipe()
    confined = confine(settings)
    threading.Thread(target=leave_with, args=(os.getppid(),), daemon=True).start()
    has_mlflow = importlib.util.find_spec("mlflow") is not None
    pipe.write(b"H", {"version": sys.version.split()[0], "mlflow": has_mlflow, **confined})
    serve(pipe)


main()
